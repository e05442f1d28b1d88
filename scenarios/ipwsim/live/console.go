package live

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	terminal "golang.org/x/term"

	"ipwsim/core/diag"
	"ipwsim/reports/term"
	"ipwsim/scenarios/ipwsim/cli"
	"ipwsim/scenarios/ipwsim/lookup"
	"ipwsim/sim/cluster"
	"ipwsim/sim/console"
	"ipwsim/sim/says"
	"ipwsim/sim/trace"
	"ipwsim/sim/verb"
	"ipwsim/sim/world"
)

// ConsoleCommand is `ipwsim console`.
func ConsoleCommand(lang *cli.Lang) *cobra.Command {
	var windows string
	var seed uint64
	var cold bool
	c := &cobra.Command{
		Use:   "console CLUSTER",
		Short: "Type commands on a cluster's machines by hand, in virtual time",
		Long: `console runs a cluster (a folder, or a shipped one) and lets you type at the
command prompts of its nodes and clients what an administrator types. Virtual
time passes by what commands take, and by wait. A line is

  a command     typed at the prompt of the machine in the prompt
  standby>      go to that machine; standby> arp -a types there
  wait 30s      let so much time pass
  !unplug active   a fault, or what people do: see ipwsim help verbs
  ^C            Ctrl-C, for ping -t and ipwcs -debug
  exit          the end, as the end of the input and Ctrl-C

Commands are ` + wrapped(console.Commands()) + `.

Exit status: 0 ended, 2 could not run.`,
		Example: `  ipwsim console guide
  ipwsim console ./our-cluster --windows ja
  printf 'ipconfig /all\n!unplug active\nwait 45s\nstandby> ipconfig /all\n' |
      ipwsim console guide`,
		Annotations: map[string]string{cli.EndsByInterrupt: "yes"},
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return diag.Errorf("found %d clusters, expected one: a folder or a shipped cluster; shipped are %s",
					len(args), strings.Join(lookup.Shipped(), ", "))
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			bp, err := readCluster("", args[0], c.ErrOrStderr(), lang.Lang)
			if err != nil {
				return err
			}
			switch l := says.Language(windows); l {
			case "":
			case says.English, says.Japanese:
				bp.Language = l
			default:
				return diag.Errorf("--windows: found %q, expected en or ja", windows)
			}
			if !c.Flags().Changed("seed") {
				seed = bp.Seed
			}
			w := world.New(bp, world.Options{Scenario: "console", Seed: seed, Cold: cold})
			defer w.Close()
			w.Settle()
			return newPrompt(w, bp, lang.Page(c.OutOrStdout()), c.InOrStdin(), c.OutOrStdout()).run(c.Context())
		},
	}
	c.Flags().StringVar(&windows, "windows", "", "`LANG` of every Windows, en or ja; else as the cluster says")
	c.Flags().Uint64Var(&seed, "seed", 0, "seed of all randomness, not the cluster's `N`")
	c.Flags().BoolVar(&cold, "cold", false, "begin with nodes that have no power")
	return c
}

// wrapped are words in lines that fit below the others.
func wrapped(all []string) string {
	text, column := "", len("Commands are ")
	for i, word := range all {
		if i > 0 {
			word = ", " + word
		}
		if column += len(word); column > 76 {
			word, column = strings.Replace(word, ", ", ",\n", 1), len(word)
		}
		text += word
	}
	return text
}

// prompt is a dialogue with the machines of a world.
type prompt struct {
	*world.World
	name     string // of the cluster
	machines []string
	at       string // the machine that is typed at
	opt      term.Options
	in       io.Reader
	out      *bufio.Writer
	echo     bool // what was read is not on the screen
	shown    int  // records of the trace
}

func newPrompt(w *world.World, bp *cluster.Blueprint, opt term.Options, in io.Reader, out io.Writer) *prompt {
	p := &prompt{World: w, name: bp.Name, at: cluster.Active, opt: opt, in: in, out: bufio.NewWriter(out), shown: w.Trace().Len()}
	for _, n := range bp.Nodes {
		p.machines = append(p.machines, n.Role)
	}
	for _, c := range bp.Clients {
		p.machines = append(p.machines, c.Name)
	}
	f, isFile := in.(*os.File)
	p.echo = !isFile || !terminal.IsTerminal(int(f.Fd()))
	return p
}

// run reads lines until the input or the context ends.
func (p *prompt) run(ctx context.Context) error {
	lines := make(chan string)
	var unread error // once lines is closed
	go func() {
		defer close(lines)
		s := bufio.NewScanner(p.in)
		defer func() {
			if s.Err() != nil {
				unread = diag.Errorf("what is typed ends here: %w", s.Err())
			}
		}()
		for s.Scan() {
			select {
			case lines <- s.Text():
			case <-ctx.Done():
				return
			}
		}
	}()
	if err := p.head(); err != nil {
		return err
	}
	for {
		fmt.Fprint(p.out, p.lead())
		if err := p.out.Flush(); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			fmt.Fprintln(p.out)
			return p.out.Flush()
		case line, more := <-lines:
			if p.echo || !more {
				fmt.Fprintln(p.out, line)
			}
			if !more {
				return errors.Join(p.out.Flush(), unread)
			}
			if !p.line(ctx, strings.TrimSpace(line)) || p.Err() != nil {
				return errors.Join(p.out.Flush(), p.Err())
			}
		}
	}
}

// lead is what stands before what is typed.
func (p *prompt) lead() string {
	if c, err := p.Console(p.at); err == nil && c.State() == console.Asking && c.Prompt() != "" {
		return c.Prompt()
	}
	return p.at + "> "
}

// head says what can be typed.
func (p *prompt) head() error {
	page := term.New(p.opt)
	page.Para(term.Note, "", p.opt.Lang.Say("console.head", p.name))
	return page.Flush(p.out)
}

func (p *prompt) say(key string, args ...any) { fmt.Fprintln(p.out, p.opt.Lang.Say(key, args...)) }

// line does what a line says; false ends.
func (p *prompt) line(ctx context.Context, line string) bool {
	machine, command, elsewhere := strings.Cut(line, ">")
	switch words := strings.Fields(line); {
	case line == "exit" || line == "quit":
		return false
	case line == "?":
		_ = p.head() // run sees that nothing can be written
	case len(words) == 2 && words[0] == "wait":
		p.wait(ctx, words[1])
	case strings.HasPrefix(line, "!"):
		p.do(strings.Fields(line[1:]))
	case elsewhere && slices.Contains(p.machines, machine):
		p.at = machine
		if command = strings.TrimSpace(command); command != "" {
			p.typed(ctx, command)
		}
	case elsewhere && !strings.ContainsAny(machine, " \t"):
		p.say("console.no-machine", machine, strings.Join(p.machines, ", "))
	case line != "" || p.asking():
		p.typed(ctx, line)
	}
	return true
}

func (p *prompt) asking() bool {
	c, err := p.Console(p.at)
	return err == nil && c.State() == console.Asking
}

// do does what a verb says, at once.
func (p *prompt) do(words []string) {
	call, err := verb.Parse(words)
	if err == nil {
		_, err = call.Do(p.World)
	}
	if err != nil {
		p.say("console.failed", err)
	}
	p.show()
}

// longest is how much time may pass at once.
const longest = 24 * time.Hour

func (p *prompt) wait(ctx context.Context, word string) {
	d, err := time.ParseDuration(word)
	if err != nil || d < 0 || d > longest {
		p.say("console.bad-wait", word)
		return
	}
	p.pass(ctx, d, func() bool { return false })
	p.say("console.now", fmt.Sprintf("%.3f s", p.Now().Seconds()), p.clock())
}

// clock is the simulated wall clock.
func (p *prompt) clock() string { return p.Trace().Header.Epoch.Add(p.Now()).Format(time.DateTime) }

// pace is how closely the end of a command is watched for.
const pace = 10 * time.Millisecond

// pass lets time pass, until enough has or something is so.
func (p *prompt) pass(ctx context.Context, d time.Duration, until func() bool) {
	for end, next := p.Now()+d, p.Now(); next <= end && ctx.Err() == nil && p.Err() == nil; next = min(end, next+pace) {
		p.RunUntil(next)
		p.show()
		if until() || next == end {
			return
		}
	}
}

// settling is what passes after a command that goes on, or asks for more: its first words.
const settling = time.Second

// typed types the line and lets pass what the command takes.
func (p *prompt) typed(ctx context.Context, line string) {
	c, err := p.Console(p.at)
	if err == nil {
		err = c.Type(line)
	}
	if err != nil {
		p.say("console.failed", err)
		return
	}
	p.pass(ctx, longest, func() bool { return c.State() != console.Working || c.Machine.Power() != trace.On })
	if state := c.State(); state == console.Asking || state == console.Open {
		p.pass(ctx, settling, func() bool { return c.State() == console.Idle })
	}
	if c.State() == console.Open {
		p.say("console.open", p.at)
	}
}

// show prints what the machines have printed since, but what was typed here.
func (p *prompt) show() {
	for r := range p.Trace().From(p.shown) {
		p.shown++
		switch b := r.Body.(type) {
		case trace.Fault:
			p.say("console.now", fmt.Sprintf("%.3f s", r.At.Seconds()), b.Line())
		case trace.Console:
			if b.Typed != "" && r.Host == p.at {
				continue
			}
			lead := ""
			if r.Host != p.at {
				lead = r.Host + "| "
			}
			fmt.Fprintln(p.out, lead+b.Text+b.Typed)
		}
	}
}
