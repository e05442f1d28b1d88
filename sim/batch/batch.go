// Package batch reads arpclear.bat, the batch file that makes clients learn the VIP's new owner (H11), as people have
// it: what of it matters here is played in its order, and the rest is told.
package batch

import (
	"fmt"
	"net/netip"
	"strings"
	"time"
)

// Batch is what a batch file does, in its order.
type Batch struct {
	Commands []Command
	End      int       // the line that ends or halts it, of which nothing behind is done; 0: it goes on to its last line
	Halts    bool      // at End it does not end, but waits for ever for a key that nobody presses
	By       Start     // how it is started
	Never    []Command // pings that it never comes to: behind End, or where a goto goes past
	Called   []Called  // of Play: the batch files that it comes to, in that order
	Missing  []Called  // likewise, of those that are not known
}

// Command is one thing that a batch does: a ping, a wait, a test, its end, or else the emptying of the ARP cache.
type Command struct {
	File  string        // another batch file that it stands in; "": the batch itself
	Line  int           // in the file, from 1
	Ping  *Ping         // nil: something else
	Wait  time.Duration // whole seconds that pass; 0: something else
	Netsh bool          // the cache is emptied by netsh, not by `arp -d`
	Test  *Test         // nil: something else
	End   bool          // the batch ends
	Halt  bool          // the batch halts, in a branch
}

// Test leaves the next commands out, unless the one before ended so.
type Test struct {
	Failed bool // with an exit status other than 0; else with 0
	Never  bool // they are left out whatever became of it: an `else`
	Skip   int  // how many, at least 1 unless Never
}

// Ping is one call of ping.exe (H9).
type Ping struct {
	Count   int // -n: echo requests to send, 1 to MaxCount; Windows' own 4 when the line has none; 0: -t
	Target  netip.Addr
	Source  netip.Addr    // -S: the address to send from; the zero Addr when the line has none
	Timeout time.Duration // -w: whole milliseconds; 0: Windows' own
	Apart   bool          // `start` is before it: the batch does not wait for it
	Found   bool          // `| find "TTL"` behind it: it ends well if there was an answer, which an unreachable is not
}

// Shortest is how long the batch takes where everybody answers at once; ends is false if it never does. What a test leaves
// out does not count.
func (b Batch) Shortest() (takes time.Duration, ends bool) {
	skip := 0
	for _, c := range b.Commands {
		switch {
		case skip > 0:
			skip--
		case c.Test != nil:
			skip = c.Test.Skip
		case c.End, c.Halt:
			return takes, c.End
		case c.Ping != nil && c.Ping.Apart:
		case c.Ping != nil && c.Ping.Count == 0:
			return takes, false
		case c.Ping != nil:
			takes += time.Duration(c.Ping.Count-1) * time.Second
		default:
			takes += c.Wait
		}
	}
	return takes, !b.Halts
}

// Flush is the first of its commands that empties the ARP cache, if any does.
func (b Batch) Flush() (c Command, found bool) {
	for _, c := range b.Commands {
		if c.Ping == nil && c.Wait == 0 && c.Test == nil && !c.End && !c.Halt {
			return c, true
		}
	}
	return c, false
}

// HaltsAt are the lines at which it may wait for ever.
func (b Batch) HaltsAt() (all []int) {
	for _, c := range b.Commands {
		if c.Halt {
			all = append(all, c.Line)
		}
	}
	if b.Halts {
		all = append(all, b.End)
	}
	return all
}

// String is the command line as Windows has it.
func (c Command) String() string {
	switch {
	case c.Ping != nil:
		return c.Ping.String()
	case c.Wait > 0:
		return fmt.Sprintf("timeout /t %d /nobreak", c.Wait/time.Second)
	case c.End:
		return "exit /b"
	case c.Halt:
		return "pause"
	case c.Test != nil && c.Test.Failed:
		return "if errorlevel 1"
	case c.Test != nil:
		return "if not errorlevel 1"
	case c.Netsh:
		return "netsh interface ip delete arpcache"
	}
	return "arp -d"
}

func (p *Ping) String() string {
	line := fmt.Sprintf("ping -n %d", p.Count)
	if p.Count == 0 {
		line = "ping -t"
	}
	if p.Apart {
		line = "start /b " + line
	}
	if p.Timeout > 0 {
		line += fmt.Sprintf(" -w %d", p.Timeout/time.Millisecond)
	}
	line += " " + p.Target.String()
	if p.Source.IsValid() {
		line += " -S " + p.Source.String()
	}
	if p.Found {
		line += ` | find "TTL"`
	}
	return line
}

// Format is the batch as a file, ASCII with CRLF, without comments but where other files begin: those are named. Parse reads
// the same commands from it.
func (b Batch) Format() []byte {
	var s strings.Builder
	format(&s, b.Commands, new(string))
	if b.Halts {
		s.WriteString("pause\r\n")
	}
	return []byte(s.String())
}

// format writes them; file is the one that the line before is from.
func format(s *strings.Builder, all []Command, file *string) {
	for i := 0; i < len(all); i++ {
		c := all[i]
		if c.File != *file {
			*file = c.File
			fmt.Fprintf(s, "rem %s\r\n", c.File)
		}
		if c.Test == nil {
			s.WriteString(c.String() + "\r\n")
			continue
		}
		then, other := all[i+1:i+1+c.Test.Skip], []Command(nil)
		i += c.Test.Skip
		if last := len(then) - 1; last >= 0 && then[last].Test != nil && then[last].Test.Never {
			n := then[last].Test.Skip
			then, other = then[:last], all[i+1:i+1+n]
			i += n
		}
		s.WriteString(c.String() + " (\r\n")
		format(s, then, file)
		if len(other) > 0 {
			s.WriteString(") else (\r\n")
			format(s, other, file)
		}
		s.WriteString(")\r\n")
	}
}
