package study

import (
	"math"
	"net/netip"
	"slices"
	"time"

	"ipwsim/scenarios/check"
	"ipwsim/sim/fault"
	"ipwsim/sim/trace"
	"ipwsim/sim/world"
)

// gap is the least time from the VIP's being answered again to the return of the node that was lost.
const gap = 2 * time.Second

// look is how much virtual time passes between two looks at whether the question is answered.
const look = time.Second

// back is what ends each fault.
var back = map[Fault]fault.Kind{
	Unplug: fault.Plug, Shutdown: fault.PowerOn, Power: fault.PowerOn, Freeze: fault.Resume,
}

var begin = map[Fault]fault.Kind{
	Unplug: fault.Unplug, Shutdown: fault.Shutdown, Power: fault.PowerOff, Freeze: fault.Freeze,
}

// run is a run under way.
type run struct {
	cell *Cell
	w    *world.World
	seen int // records looked at
}

// Run runs the cell with the seed: a function of its arguments alone. The holder is lost at a phase that
// is uniform over the cycle of polls and intervals, and comes back, at another such phase, after another
// node has answered the client; the first client, which pings all the time, and the first VIP count. The
// run ends when the master answers again, or when the cell's horizon has passed without an answer.
func Run(c *Cell, seed uint64) Row {
	row, _ := play(c, seed)
	return row
}

// Replay is Run with the trace, for a transcript.
func Replay(c *Cell, seed uint64) (Row, *trace.Trace) { return play(c, seed) }

// ReplayAt is a run that ends with the failover, whose fault comes at the phase and in which each netsh
// command of the node that takes over takes the same time, with the trace.
func ReplayAt(c *Cell, seed uint64, phase, netsh time.Duration) (Row, *trace.Trace) {
	return playAt(c.fixed(netsh), seed, phase, 0)
}

func play(c *Cell, seed uint64) (Row, *trace.Trace) {
	phase, rest := phasesOf(c, seed)
	return playAt(c, seed, phase, rest)
}

// playAt has the fault at the phase, and its end at rest after the failover and a gap.
func playAt(c *Cell, seed uint64, phase, rest time.Duration) (Row, *trace.Trace) {
	row := Row{Cell: c.Index, Seed: seed, Return: math.NaN(), Failover: math.NaN(), Failback: math.NaN(), Silent: math.NaN()}
	row.Phase = phase.Seconds()

	r := &run{cell: c, w: world.New(c.blueprint, world.Options{Scenario: "study", Seed: seed})}
	defer r.w.Close()
	r.w.Settle()
	if err := r.w.Ping(r.client(), r.w.VIPs()[0]); err != nil {
		panic("study: a cluster's own client: " + err.Error())
	}
	r.w.RunUntil(phase)
	if lost := r.lose(phase); lost != "" {
		if at := r.failover(&row, lost, phase); at != 0 && !row.FailoverOpen && !c.failoverOnly {
			r.failback(&row, lost, at+gap+rest)
		}
	}
	row.dual(r.w.Trace(), r.w.VIPs()[0])
	return row, r.w.Trace()
}

// scaled makes a phase of 0 to 1 one of the cell: its cycle is the Interval, rounded up to whole polls.
func (c *Cell) scaled(u float64) time.Duration {
	polls := (c.Interval + c.PingTimeout - 1) / c.PingTimeout
	return time.Duration(u * float64(polls*c.PingTimeout))
}

func (r *run) client() string { return r.cell.blueprint.Clients[0].Name }

// lose does the fault to the VIP's holder and returns its role; "" when nobody holds it.
func (r *run) lose(at time.Duration) string {
	if r.w.Do(fault.Fault{Kind: begin[r.cell.Fault], Target: world.Holder}) != nil {
		return ""
	}
	records := r.w.Trace().Records
	for i := len(records) - 1; records[i].At == at; i-- {
		if f, ok := records[i].Body.(trace.Fault); ok {
			return f.Args[0]
		}
	}
	return ""
}

// failover runs until another node answers the client and returns when; 0 for no failover.
func (r *run) failover(row *Row, lost string, from time.Duration) time.Duration {
	var found *check.Parts
	r.until(from+r.cell.Horizon, func() bool { return r.heldBy(lost, false) }, func(t *trace.Trace) bool {
		found = nil
		for _, p := range check.Breakdown(t) {
			if _, is := check.FailoverOf(p.Outage); is && p.From >= from && p.Client == r.client() && p.VIP == r.w.VIPs()[0] {
				found = &p
				break
			}
		}
		return found != nil && !found.Open
	})
	if found == nil {
		return 0
	}
	row.Failover, row.FailoverOpen = found.Length().Seconds(), found.Open
	row.parts(found)
	return found.To
}

// failback ends the fault at a time and runs until the master answers the client again. A machine that
// was frozen never lost its network, so it has no failback: the run ends when one node holds the VIP.
func (r *run) failback(row *Row, lost string, at time.Duration) {
	r.w.RunUntil(at)
	for r.cell.Fault == Shutdown && !r.off(lost) { // it has other VIPs to release
		at += look
		r.w.RunUntil(at)
	}
	row.Return = at.Seconds()
	if err := r.w.Do(fault.Fault{Kind: back[r.cell.Fault], Target: lost}); err != nil {
		panic("study: the end of its own fault: " + err.Error())
	}
	if r.cell.Fault == Freeze {
		one := func() bool { return r.heldBy(lost, true) != r.heldBy(lost, false) }
		r.until(at+r.cell.Horizon, one, func(*trace.Trace) bool { return true })
		return
	}
	var found *check.Failback
	r.until(at+r.boot()+r.cell.Horizon, func() bool { return r.heldBy(lost, true) }, func(t *trace.Trace) bool {
		found = nil
		for _, f := range check.Failbacks(t) {
			if f.From >= at && f.Client == r.client() && f.VIP == r.w.VIPs()[0] {
				found = &f
				break
			}
		}
		return found != nil && !found.Open
	})
	if found != nil {
		row.Failback, row.FailbackOpen, row.Silent = found.Length().Seconds(), found.Open, found.Silent.Seconds()
	}
}

// off says whether the machine has no power.
func (r *run) off(role string) bool {
	for _, one := range slices.Backward(r.w.Trace().Records) {
		if p, ok := one.Body.(trace.Power); ok && one.Host == role {
			return p.State == trace.Off
		}
	}
	return true
}

// boot is how long the machine takes to have its network back.
func (r *run) boot() time.Duration {
	if r.cell.Fault == Unplug || r.cell.Fault == Freeze {
		return 0
	}
	return max(r.cell.blueprint.Nodes[0].Boot, r.cell.blueprint.Nodes[1].Boot)
}

// until runs to the end, or until answered says that the question is. It is put when there is news and
// what it needs is so now: the answer itself costs a look through the whole trace.
func (r *run) until(end time.Duration, needs func() bool, answered func(*trace.Trace) bool) {
	done := false
	for r.w.Now() < end && !done {
		r.w.RunUntil(min(end, r.w.Now()+look))
		done = needs() && r.news() && answered(r.w.Trace())
	}
	if !done {
		answered(r.w.Trace()) // and what there is, is open
	}
}

// news says whether a record since the last time may have changed who answers.
func (r *run) news() bool {
	t := r.w.Trace()
	fresh := t.Records[r.seen:]
	r.seen = len(t.Records)
	return slices.ContainsFunc(fresh, func(one trace.Record) bool {
		switch one.Body.(type) {
		case trace.PingStart, trace.PingLine, trace.PingEnd, trace.Log, trace.Command, trace.Event, trace.Task, trace.Pipe:
			return false
		}
		return true
	})
}

// heldBy says whether the node, or with is false the other one, holds the VIP.
func (r *run) heldBy(role string, is bool) bool {
	for _, n := range r.cell.blueprint.Nodes {
		if (n.Role == role) == is && r.w.Holds(n.Role, r.w.VIPs()[0]) {
			return true
		}
	}
	return false
}

func (row *Row) parts(p *check.Parts) {
	row.ClientDown, row.Counting = p.ClientDown.Seconds(), p.Counting.Seconds()
	row.OutOfReach, row.Tentative = p.OutOfReach.Seconds(), p.Tentative.Seconds()
	row.Blocked, row.WrongCache = p.Blocked.Seconds(), p.WrongCache.Seconds()
	row.RouterCache, row.WayBack = p.RouterCache.Seconds(), p.WayBack.Seconds()
}

// dual sums the time in which both nodes held the VIP, from time 0 on.
func (row *Row) dual(t *trace.Trace, vip netip.Addr) {
	for _, d := range check.DualHolders(t) {
		if d.VIP == vip {
			row.Dual += max(0, d.To-max(0, d.From)).Seconds()
		}
	}
}
