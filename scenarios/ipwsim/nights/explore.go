package nights

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"ipwsim/core"
	"ipwsim/core/diag"
	"ipwsim/core/disk"
	"ipwsim/reports/term"
	"ipwsim/scenarios/explore"
	"ipwsim/scenarios/ipwsim/cli"
)

// exploreFlags are the flags of `ipwsim explore`.
type exploreFlags struct {
	lang                            *cli.Lang
	depth, interval, timeout, cycle int
	vips, states                    int
	balance, netsh, file            string
	time                            time.Duration
}

// ExploreCommand is `ipwsim explore`.
func ExploreCommand(lang *cli.Lang) *cobra.Command {
	f := exploreFlags{lang: lang}
	c := &cobra.Command{
		Use:   "explore",
		Short: "Try all that can happen to two watchers, up to a bound",
		Long: `explore has two real watchers on hosts and a network that are as plain as can
be, starts both nodes, and follows every way in which at most so many things
depart from the plain course: a cable, the network, the pipe, ping, power, the
service, a freeze; a command fails, lies or hangs; a poll is lost or answered
late; a stranger claims the VIP. Each can come just before, at and just after
whatever happens, and what is due at one moment comes in every order. A state
that was there before is not followed again, so "holds" holds for all of them:
P2, P3, P4, P6, one command at a time, every request answered once.

What breaks is shown by the shortest way, as a scenario for ipwsim run.

Exit status: 0 it holds to the bound, 1 it breaks, 2 not explored to the end.`,
		Example: `  ipwsim explore                                the defaults, two departures
  ipwsim explore --interval 10 --depth 3        half a minute
  ipwsim explore --interval 3 --ping-timeout 5 -o broken.txtar`,
		Args: cli.NothingMore,
		RunE: func(c *cobra.Command, _ []string) error { return f.run(c) },
	}
	fl := c.Flags()
	whole := func(p *int, name string, value int, least, most uint64, usage string) {
		fl.IntVar(p, name, value, usage)
		fl.Lookup(name).Value = cli.Number{Value: fl.Lookup(name).Value, Least: least, Most: most}
	}
	whole(&f.depth, "depth", 2, 0, 20, "departures `N`, tried one by one up to it")
	whole(&f.interval, "interval", 30, 1, 3600, "Interval of both nodes, `S` seconds")
	whole(&f.timeout, "ping-timeout", 3, 1, 3600, "PingTimeout of both nodes, `S` seconds")
	whole(&f.cycle, "release-time", 60, 1, 100_000, "ReleaseTime of both nodes, `N` intervals")
	whole(&f.vips, "vips", 1, 1, 2, "virtual addresses `N`, 1 or 2")
	whole(&f.states, "states", 5, 1, 1000, "remember `N` million states, 250 MB each")
	fl.StringVar(&f.balance, "balance", "0,1", "Balance of the nodes, `N,N`")
	fl.StringVar(&f.netsh, "netsh", "1s", "what netsh takes, `TIME` or TIME,TIME")
	fl.DurationVar(&f.time, "for", 0, "virtual `TIME` of one way at most; 0: to its end")
	fl.StringVarP(&f.file, "out", "o", "", "write what breaks to this `FILE`, not to the output")
	return c
}

func (f *exploreFlags) run(c *cobra.Command) error {
	one, err := f.cluster()
	if err != nil {
		return err
	}
	if err := cli.Free(cli.File("-o", f.file)); err != nil {
		return err
	}
	bar := cli.NewMeter(c.ErrOrStderr(), f.lang.Lang)
	bound := explore.Bound{Departures: f.depth, Time: f.time, States: f.states * 1_000_000}
	bound.Progress = func(r explore.Result) {
		bar.Tell(func(time.Duration) string { return bar.Say("progress.explored", r.Departures, r.States, r.Transitions) })
	}
	got, err := explore.Explore(c.Context(), one, bound)
	bar.End()
	if err != nil {
		return err
	}
	if err := f.print(c.OutOrStdout(), one, got); err != nil {
		return err
	}
	switch {
	case got.Broken != nil:
		return cli.ErrFindings
	case got.CutBy == explore.CutByInterrupted:
		return cli.ErrInterrupted
	case got.CutBy == explore.CutByStates:
		return diag.Errorf("--states: %d million were not enough for %d departures", f.states, f.depth)
	case !got.Complete:
		return diag.Errorf("--for: some ways are longer than %v", f.time)
	}
	return nil
}

// cluster is the case that the flags describe.
func (f *exploreFlags) cluster() (explore.Case, error) {
	one := explore.Case{VIPs: f.vips}
	var roles [2]int
	if n, err := fmt.Sscanf(f.balance, "%d,%d", &roles[0], &roles[1]); n != 2 || err != nil || f.balance != fmt.Sprintf("%d,%d", roles[0]&1, roles[1]&1) {
		return one, diag.Errorf("--balance: found %q, expected 0,1 or 1,0 or 0,0 or 1,1", f.balance)
	}
	times := strings.Split(f.netsh, ",")
	for i := range one.Nodes {
		took, err := time.ParseDuration(times[min(i, len(times)-1)])
		if err != nil || len(times) > 2 || took < time.Millisecond || took > time.Minute || took%time.Millisecond != 0 {
			return one, diag.Errorf("--netsh: found %q, expected one time or two from 1ms to 1m, as 1s or 200ms,1s", f.netsh)
		}
		one.Netsh[i] = took
		one.Nodes[i] = core.Settings{
			Interval: time.Duration(f.interval) * time.Second, PingTimeout: time.Duration(f.timeout) * time.Second,
			ReleaseTime: f.cycle, Balance: core.Balance(roles[i]),
		}
	}
	return one, nil
}

// print says what came of it, and shows or writes what breaks.
func (f *exploreFlags) print(w io.Writer, one explore.Case, got explore.Result) error {
	p := term.New(f.lang.Page(w))
	switch b := got.Broken; {
	case b != nil:
		p.Para(term.Bad, "", f.lang.Say("explore.broken", b.Rule, f.lang.Phrase(b.What.Phrase()), len(b.Trail), f.lang.Seconds(b.At)))
	case got.Complete:
		p.Para(term.Good, "", f.lang.Say("explore.holds", got.Departures))
	default:
		p.Para(term.Bad, "", f.lang.Say("explore.cut", got.Departures))
	}
	p.Para(term.Plain, "", f.lang.Say("explore.counts", got.States, got.Transitions))
	if got.Longest.Return > 0 {
		p.Para(term.Plain, "", f.lang.Say("explore.return", f.lang.Seconds(got.Longest.Return), f.lang.Seconds(got.Longest.MayReturn)))
	}
	if got.Longest.Dual > 0 {
		p.Para(term.Plain, "", f.lang.Say("explore.dual", f.lang.Seconds(got.Longest.Dual)))
	}
	if err := p.Flush(w); err != nil || got.Broken == nil {
		return err
	}
	story := got.Broken.Scenario(one)
	if f.file != "" {
		return disk.Write(f.file, func(to io.Writer) error {
			_, err := to.Write(story)
			return err
		})
	}
	_, err := fmt.Fprintf(w, "\n%s", story)
	return err
}
