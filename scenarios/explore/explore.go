// Package explore tries out everything that can happen to two watchers, up to a bound. The watchers are the real ones,
// core.Machine; hosts and network between them are as plain as can be: an echo is answered or not, the pipe works or not,
// an address is tentative for the time of its detection, a command ends, fails, lies or hangs. From a start of both nodes
// on, each way in which at most so many things depart from the plain course is followed until it leads to a state that was
// there before. What holds then holds for all of them, however often; what does not is shown by the shortest way to it.
package explore

import (
	"context"
	"time"

	"ipwsim/core"
	"ipwsim/core/diag"
)

// Watcher is what is explored: core.Machine, or one that does something else. A clone goes on by itself; see
// core.Machine.AppendState for what the state is.
type Watcher interface {
	Step(now time.Duration, ev core.Event) []core.Action
	Deadline() (time.Duration, bool)
	Clone() Watcher
	AppendState(b []byte, now time.Duration) []byte
}

// Case is a cluster to explore.
type Case struct {
	Nodes [2]core.Settings // of the active node and the standby
	Netsh [2]time.Duration // what netsh takes on each (H2); whole milliseconds
	VIPs  int              // 1 or 2

	// New makes a node's watcher; nil: core's.
	New func(core.Settings, []core.Entry) Watcher
}

// Bound says how far to go.
type Bound struct {
	Departures int           // things that happen against the plain course, in one way: a cable pulled, a poll lost
	Time       time.Duration // virtual, of one way; 0: until it meets a state that was there before
	States     int           // the most to remember, about 250 bytes each; 0: five million

	Progress func(Result) // called now and then; may be nil
}

// Result is what came of it.
type Result struct {
	Departures  int   // explored to this many
	States      int   // different ones, at the last number of departures
	Transitions int64 // events and departures, in all
	Complete    bool  // every way was followed to its end; else a bound cut some
	CutBy       Cut   // which one
	Broken      *Break

	Longest Longest
}

// Cut is the bound that ended an exploration early.
type Cut string

// The bounds.
const (
	CutByTime        Cut = "time"
	CutByStates      Cut = "states"
	CutByInterrupted Cut = "interrupt"
)

// Longest are the longest times seen.
type Longest struct {
	Return, MayReturn time.Duration // all was whole, and the slave still had the VIP, or nobody (P2)
	Dual              time.Duration // both held the VIP in a whole network (P3)
}

// Break is a rule broken, and the shortest way to it.
type Break struct {
	Rule  string // "P3", ...
	What  What
	Limit time.Duration // how long it may last; 0: never
	At    time.Duration
	Node  int // whose fault it is; -1: nobody's alone
	VIP   int
	Tied  bool // it takes a certain order of what is due at one moment
	Trail []Departure
	Log   []Line // what happened on the way
}

// defaultStates is 1.3 GB.
const defaultStates = 5_000_000

// Explore explores the case with no departure, then with one more at a time: the first break has the fewest, and of those
// with as many it is the soonest. An interrupt is no error: the result says so.
func Explore(ctx context.Context, c Case, b Bound) (Result, error) {
	if c.VIPs < 1 || c.VIPs > maxVIPs {
		return Result{}, diag.Errorf("found %d VIPs, expected 1 to %d", c.VIPs, maxVIPs)
	}
	if b.States == 0 {
		b.States = defaultStates
	}
	if c.New == nil {
		c.New = newMachine
	}
	x := &explorer{ctx: ctx, c: newRules(c), bound: b}
	for n := 0; n <= b.Departures; n++ {
		x.explore(n)
		if x.result.Broken != nil || x.ended() {
			break
		}
	}
	return x.result, nil
}

// machine is core.Machine as a Watcher.
type machine struct{ *core.Machine }

func newMachine(s core.Settings, entries []core.Entry) Watcher { return machine{core.New(s, entries)} }

func (m machine) Clone() Watcher { return machine{m.Machine.Clone()} }
