// Package console is a command prompt on a simulated Windows: what an administrator types on a machine, and what
// Windows and the product print (H19). What its commands do they do to the machine itself; it keeps no state of the
// world.
package console

import (
	"embed"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"ipwsim/core/diag"
	"ipwsim/netstack/host"
	"ipwsim/sim/says"
	"ipwsim/sim/trace"
	"ipwsim/sim/windows"
)

// Manual has the page of the manual about the prompt, in both languages.
//
//go:embed *.md
var Manual embed.FS

// Env is the machine and what of its world its commands show or change.
type Env struct {
	Machine   *windows.Machine
	Node      *windows.Node // nil: a client, on which the product is not installed
	Computer  string        // its name
	Interface string        // Windows' name of its interface
	Gateway   netip.Addr    // the zero Addr: none
	Language  says.Language

	Wall     func() time.Time
	Record   func(trace.Console)                        // a line that stands on the screen
	Fault    func(f trace.Fault, act func() bool) error // do what the verb of a fault says, to this machine
	Resolve  func(name string) (netip.Addr, bool)       // the address behind a computer's name
	Registry func() []Key                               // what of the registry is known
	Files    func() []windows.File                      // below the product's folder

	Mail func() []MailService // the node's, that are installed

	// ReadValue gives a registry value's name and data as the product writes them; SetValue changes it.
	ReadValue func(name, data string) (string, string, error)
	SetValue  func(name, data string) error
}

// Interrupt is Ctrl-C, typed.
const Interrupt = "^C"

// Console is a command prompt. Lines that are typed while a command runs wait, for the command to read or for its end.
type Console struct {
	Env
	host   *host.Host // of the boot it was opened in
	folder string
	job    *job // that has not ended; nil: none
	ahead  []string
	opened int // processes
}

// job is a command that has not ended.
type job struct {
	asks      string            // what stands before the cursor
	secret    bool              // what is typed is shown as stars
	open      bool              // it does not end by itself
	quiet     bool              // Ctrl-C shows when the command says so
	read      func(line string) // takes the next line; nil: it reads none now
	interrupt func()            // Ctrl-C; nil: the command ends
}

// New opens a console on the machine.
func New(e Env) *Console { return &Console{Env: e} }

// The folders that a console opens in.
const userFolder = `C:\Users\user`

// Prompt is what stands before the cursor.
func (c *Console) Prompt() string {
	if c.job != nil {
		return c.job.asks
	}
	return c.folder + ">"
}

// State is what a console does.
type State int

// The states: a prompt stands there; a command wants a line typed; a command is at work; a command goes on until
// Ctrl-C.
const (
	Idle State = iota
	Asking
	Working
	Open
)

// State says what the console does.
func (c *Console) State() State {
	switch {
	case len(c.ahead) > 0 && (c.job == nil || !c.job.open):
		return Working
	case c.job == nil:
		return Idle
	case c.job.read != nil:
		return Asking
	case c.job.open:
		return Open
	}
	return Working
}

// errNoPower is what typing on a machine that is off comes to.
var errNoPower = diag.Errorf("the machine does not run: nobody can type on it")

// Type types a line, with Enter; Interrupt is Ctrl-C.
func (c *Console) Type(line string) error {
	h := c.Machine.Host()
	if h == nil {
		return diag.Errorf("%s: %w", c.Machine.Name(), errNoPower)
	}
	if c.host != h {
		c.host, c.job, c.ahead, c.folder = h, nil, nil, userFolder
		if c.Node != nil {
			c.folder = windows.ProductFolder
		}
	}
	c.ahead = append(c.ahead, strings.TrimRight(line, "\r\n"))
	c.later(c.pump)
	return nil
}

// later does something on the machine's own time: a frozen one waits.
func (c *Console) later(f func()) { c.host.Domain().After(0, f) }

// after is a pause of a command.
func (c *Console) after(d time.Duration, f func()) { c.host.Domain().After(d, f) }

// pump takes the lines that can be taken now. Ctrl-C does not wait for a command that is at work.
func (c *Console) pump() {
	for len(c.ahead) > 0 {
		i := 0
		if c.job != nil && c.job.read == nil {
			i = slices.Index(c.ahead, Interrupt)
		}
		if i < 0 {
			return
		}
		line := c.ahead[i]
		c.ahead = slices.Delete(c.ahead, i, i+1)
		c.take(line)
	}
}

func (c *Console) take(line string) {
	switch {
	case line == Interrupt:
		c.interrupt()
	case c.job == nil:
		c.Record(trace.Console{Text: c.Prompt(), Typed: line})
		c.run(line)
	default:
		read := c.job.read
		shown := line
		if c.job.secret {
			shown = strings.Repeat("*", len(line))
		}
		c.Record(trace.Console{Text: c.job.asks, Typed: shown})
		c.job.read, c.job.asks, c.job.secret = nil, "", false
		read(line)
	}
}

// interrupt is Ctrl-C: what runs ends, or does what it does then.
func (c *Console) interrupt() {
	if c.job == nil || !c.job.quiet {
		c.Record(trace.Console{Typed: Interrupt})
	}
	switch {
	case c.job == nil:
	case c.job.interrupt != nil:
		c.job.interrupt()
	default:
		c.end()
	}
}

// begin makes the command one that goes on; interrupt may be nil.
func (c *Console) begin(interrupt func()) *job {
	c.job = &job{interrupt: interrupt}
	return c.job
}

// ask makes the command wait for a line.
func (c *Console) ask(prompt string, read func(line string)) {
	c.job.asks, c.job.read = prompt, read
}

// end ends the command: the prompt comes back after an empty line.
func (c *Console) end() {
	c.job = nil
	c.print("")
	c.later(c.pump)
}

// print prints lines.
func (c *Console) print(text string) {
	for _, line := range strings.Split(strings.TrimSuffix(strings.ReplaceAll(text, "\r\n", "\n"), "\n"), "\n") {
		c.Record(trace.Console{Text: line})
	}
}

func (c *Console) printf(form string, args ...any) { c.print(fmt.Sprintf(form, args...)) }

// in is the text of this Windows.
func (c *Console) in(en, ja string) string { return c.Language.In(en, ja) }
