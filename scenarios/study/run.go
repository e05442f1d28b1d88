// Package study answers what-if questions by many runs: how long clients wait, how often the standby takes over for
// nothing, and what that costs a year, for each setting of timers and network. It gives data; reports put it into
// words.
package study

import (
	"cmp"
	"math"
	"slices"
	"time"

	"ipwsim/core/diag"
	"ipwsim/netstack/vtime"
	"ipwsim/scenarios/check"
	"ipwsim/scenarios/facts"
	"ipwsim/sim/cluster"
	"ipwsim/sim/finding"
	"ipwsim/sim/studied"
	"ipwsim/sim/trace"
	"ipwsim/sim/verb"
	"ipwsim/sim/world"
)

// gap is the least time from the VIPs' being answered again to the return of the node that was lost.
const gap = 2 * time.Second

// look is how much virtual time passes between two looks at whether the question is answered.
const look = time.Second

// begin is the verb of each fault, and back the one that ends it.
var (
	begin = map[studied.Fault]string{studied.Unplug: "unplug", studied.Shutdown: "shutdown", studied.Power: "power-off", studied.Freeze: "freeze"}
	back  = map[studied.Fault]string{studied.Unplug: "plug", studied.Shutdown: "power-on", studied.Power: "power-on", studied.Freeze: "resume"}
)

// run is a run under way.
type run struct {
	cell   *Cell
	w      *world.World
	reader *facts.Reader
	read   int          // records that the reader has
	facts  *facts.Facts // the last that were asked for
	judged []int        // the uses whose waits count, by their place among Facts.Uses
	lost   string
}

// Run runs the cell with the seed: a function of its arguments alone. The holder is lost at a phase that is uniform
// over the cycle of polls and intervals, or at the plan's, and comes back, at another such phase, after another node
// has answered every client that it answered. Each client that is not idle pings each VIP all the time; the row has
// the longest failover and the longest failback of any of them. The run ends when all are answered by the master
// again, or when the cell's horizon has passed without an answer. A world that was halted (vtime.Scheduler.Err) is an error.
func Run(c *Cell, seed uint64) (studied.Row, error) {
	phase, rest := phasesOf(c, seed)
	row, r := playAt(c, seed, phase, rest, facts.NewWaits)
	return row, r.halted(seed)
}

// halted is why the world was halted in the midst of it, which leaves nothing to measure; nil: it was not.
func (r *run) halted(seed uint64) error {
	if err := r.w.Err(); err != nil {
		return diag.Errorf("cell %d, seed %d: %w", r.cell.Index, seed, err)
	}
	return nil
}

// phasesOf are the moments of a seed's fault, and of its end after the failover.
func phasesOf(c *Cell, seed uint64) (phase, rest time.Duration) {
	if c.phase > 0 {
		return c.phase, 0
	}
	phases := vtime.Stream(seed, "study/phases")
	return c.scaled(phases.Float64()), c.scaled(phases.Float64())
}

// scaled makes a phase of 0 to 1 one of the cell: its cycle is the Interval, rounded up to whole polls.
func (c *Cell) scaled(u float64) time.Duration {
	n, poll := c.cycle()
	return time.Duration(u * float64(time.Duration(n)*poll))
}

// cycle is how many polls an Interval is, and how long one is; with VRRP the advertisements that a backup misses.
func (c *Cell) cycle() (n int, poll time.Duration) {
	if s := c.slave(); s.Watcher.Kind == cluster.VRRP {
		return 3, s.Watcher.VRRP.Advert
	}
	return int((c.Interval + c.PingTimeout - 1) / c.PingTimeout), c.PingTimeout
}

// Replay is Run with all that is found in it, of a world that was halted as far as it came.
func Replay(c *Cell, seed uint64) *finding.Run {
	phase, rest := phasesOf(c, seed)
	return replay(c, seed, phase, rest)
}

// ReplayWorst is the cell's worst case with all that is found in it.
func ReplayWorst(c *Cell, w studied.Worst) *finding.Run {
	return replay(c.fixed(w.Netsh), w.Seed, w.Phase, 0)
}

func replay(c *Cell, seed uint64, phase, rest time.Duration) *finding.Run {
	row, r := playAt(c, seed, phase, rest, facts.NewReader)
	t := r.w.Trace()
	f := r.reader.Close(t.End)
	for i := range f.Faults {
		f.Faults[i].Said = verb.Said(f.Faults[i].Fault)
	}
	bound := c.Bound()
	e := finding.Expectation{
		Text: "expect failover 0s.." + short(bound), What: "failover", Client: row.FailoverClient, Band: finding.Band{Most: bound},
		OK:   !row.FailoverOpen && row.Failover <= bound.Seconds(),
		Seen: []finding.Note{{Kind: "seen.none", Text: "failover"}},
	}
	if o := r.worstOver(f, phase); o != nil {
		e.VIP = o.VIP
		e.Seen = []finding.Note{{Kind: "seen.time", Client: o.Client, VIP: o.VIP, Time: o.Length(), Open: o.Open}}
	}
	return &finding.Run{
		Scenario: t.Header.Scenario, Played: finding.Played{Seed: seed, Trace: t}, Facts: f.Facts, Results: check.All(f),
		Expectations: []finding.Expectation{e},
	}
}

// playAt has the fault at the phase, and its end at rest after the failover and a gap, and is read as it goes.
func playAt(c *Cell, seed uint64, phase, rest time.Duration, read func(*trace.Header) *facts.Reader) (studied.Row, *run) {
	row := studied.Unmeasured(c.Index, seed, phase)
	r := &run{cell: c, w: world.New(c.blueprint, world.Options{Scenario: "study", Seed: seed})}
	defer r.w.Close()
	r.reader = read(&r.w.Trace().Header)
	r.w.Settle()
	asked := r.ask()
	r.w.RunUntil(phase)
	if r.lose(asked) {
		if at := r.failover(&row, phase); at != 0 && !row.FailoverOpen && !c.failoverOnly {
			r.failback(&row, at+gap+rest)
		}
	}
	row.Dual = r.dual(r.known())
	r.w.TellPolls()
	r.feed()
	return row, r
}

// ask starts a ping of every VIP on every client whose waits count, and returns these uses.
func (r *run) ask() (uses []int) {
	for i, c := range r.cell.blueprint.Clients {
		for v, vip := range r.w.VIPs() {
			named := (r.cell.client == c.Name || r.cell.client == "" && !c.Idle) && (!r.cell.vip.IsValid() || r.cell.vip == vip)
			if !named {
				continue
			}
			if err := r.w.Ping(c.Name, vip); err != nil {
				panic("study: a cluster's own client: " + err.Error())
			}
			uses = append(uses, i*len(r.w.VIPs())+v)
		}
	}
	return uses
}

// vip is the place of a use's VIP.
func (r *run) vip(use int) int { return use % len(r.w.VIPs()) }

// lose does the fault to the node that holds the VIP, the first of those asked for. The uses that it alone answered
// are judged; false when there is none.
func (r *run) lose(asked []int) bool {
	for _, n := range r.cell.blueprint.Nodes {
		if r.lost == "" && r.w.Holds(n.Role, r.w.VIPs()[r.vip(asked[0])]) {
			r.lost = n.Role
		}
	}
	for _, use := range asked {
		if by := r.answering(use); r.lost != "" && len(by) == 1 && by[0] == r.lost {
			r.judged = append(r.judged, use)
		}
	}
	if len(r.judged) > 0 {
		r.do(begin[r.cell.Fault])
	}
	return len(r.judged) > 0
}

// do does the verb to the node that is lost.
func (r *run) do(name string) {
	call, err := verb.Parse([]string{name, r.lost})
	if err == nil {
		_, err = call.Do(r.w)
	}
	if err != nil {
		panic("study: its own fault: " + err.Error())
	}
}

// feed gives the reader what is new.
func (r *run) feed() {
	for rec := range r.w.Trace().From(r.read) {
		r.reader.Read(rec)
		r.read++
	}
}

// answering is who answers the use now.
func (r *run) answering(use int) []string {
	r.feed()
	return r.reader.Answering(r.w.Now(), use)
}

// known is what is known now.
func (r *run) known() *facts.Facts {
	if r.facts == nil || r.facts.End < r.w.Now() {
		r.feed()
		r.facts = r.reader.Facts(r.w.Now())
	}
	return r.facts
}

// until runs to the end, or until something is so.
func (r *run) until(end time.Duration, so func() bool) {
	for r.w.Now() < end && r.w.Err() == nil && !so() {
		r.w.RunUntil(min(end, r.w.Now()+look))
	}
}

// judgedAreAnswered says whether the uses that are judged are all answered by the lost node, or by the other one.
func (r *run) judgedAreAnswered(byLost bool) bool {
	return !slices.ContainsFunc(r.judged, func(use int) bool {
		return !slices.ContainsFunc(r.answering(use), func(role string) bool { return (role == r.lost) == byLost })
	})
}

// failover runs until another node answers every client and returns when it did; 0 for no failover.
func (r *run) failover(row *studied.Row, from time.Duration) (at time.Duration) {
	r.until(from+r.cell.Horizon, func() bool { return r.judgedAreAnswered(false) })
	for _, o := range r.overs(r.known(), from) {
		at = max(at, o.To)
	}
	if worst := r.worstOver(r.known(), from); worst != nil {
		row.Over(worst)
	}
	return at
}

// overs are the failovers since the fault, one for each use.
func (r *run) overs(f *facts.Facts, from time.Duration) (all []*finding.Outage) {
	for _, use := range r.judged {
		for i := range f.Uses[use].Outages {
			if o := &f.Uses[use].Outages[i]; o.Kind == finding.FailoverKind && o.From >= from {
				all = append(all, o)
				break
			}
		}
	}
	return all
}

// worstOver is the longest of the failovers; nil: none.
func (r *run) worstOver(f *facts.Facts, from time.Duration) *finding.Outage {
	return longest(r.overs(f, from), func(o *finding.Outage) (time.Duration, bool, [2]string) {
		return o.Length(), o.Open, [2]string{o.Client, o.VIP.String()}
	})
}

// longest is one without an end, or else the longest; of those alike the first by name. nil: none.
func longest[T any](all []*T, of func(*T) (length time.Duration, open bool, name [2]string)) (worst *T) {
	rank := map[bool]int{true: 1}
	for _, one := range all {
		if worst == nil {
			worst = one
			continue
		}
		a, openA, nameA := of(one)
		b, openB, nameB := of(worst)
		if cmp.Or(rank[openA]-rank[openB], cmp.Compare(a, b), slices.Compare(nameB[:], nameA[:])) > 0 {
			worst = one
		}
	}
	return worst
}

// failback ends the fault at a time and runs until the master answers every client again. Only a master has its VIPs
// back, and a machine that was frozen never lost its network: the run then ends when one node holds each VIP.
func (r *run) failback(row *studied.Row, at time.Duration) {
	r.w.RunUntil(at)
	for r.cell.Fault == studied.Shutdown && !r.off() && r.w.Err() == nil { // it has other VIPs to release
		at += look
		r.w.RunUntil(at)
	}
	row.Return = at.Seconds()
	r.do(back[r.cell.Fault])
	if r.cell.Fault == studied.Freeze {
		r.until(at+r.cell.Horizon, r.settled)
		return
	}
	h := &r.w.Trace().Header
	if !h.Node(r.lost).Master || !slices.ContainsFunc(h.Nodes, func(n trace.Node) bool { return !n.Master }) {
		return
	}
	r.until(at+r.boot()+r.cell.Horizon, func() bool { return r.judgedAreAnswered(true) })
	f := r.known()
	var all []*finding.Failback
	for i := range f.Failbacks {
		b := &f.Failbacks[i]
		judged := slices.ContainsFunc(r.judged, func(use int) bool { return f.Uses[use].Client == b.Client && f.Uses[use].VIP == b.VIP })
		if judged && b.From >= at {
			all = append(all, b)
		}
	}
	worst := longest(all, func(b *finding.Failback) (time.Duration, bool, [2]string) {
		return b.Length(), b.Open, [2]string{b.Client, b.VIP.String()}
	})
	if worst != nil {
		row.Back(worst, silenceOf(f, worst))
	}
}

// silenceOf is what a failback's silence is made of.
func silenceOf(f *facts.Facts, b *finding.Failback) (parts []finding.Part) {
	for i := range f.Pairs {
		if f.Pairs[i].Use.Client != b.Client || f.Pairs[i].Use.VIP != b.VIP {
			continue
		}
		for _, s := range f.Pairs[i].Silent {
			if d := min(s.To, b.To) - max(s.From, b.From); d > 0 {
				parts = append(parts, finding.Part{What: s.What, Time: d})
			}
		}
	}
	return parts
}

// off says whether the lost machine has no power.
func (r *run) off() bool {
	n, err := r.w.Node(r.lost)
	return err == nil && n.Power() == trace.Off
}

// boot is how long the machine takes to have its network back.
func (r *run) boot() time.Duration {
	if r.cell.Fault == studied.Unplug || r.cell.Fault == studied.Freeze {
		return 0
	}
	return max(r.cell.blueprint.Nodes[0].Boot, r.cell.blueprint.Nodes[1].Boot)
}

// settled says whether one node holds each VIP.
func (r *run) settled() bool {
	for _, vip := range r.w.VIPs() {
		if r.w.Holds(r.cell.blueprint.Nodes[0].Role, vip) == r.w.Holds(r.cell.blueprint.Nodes[1].Role, vip) {
			return false
		}
	}
	return true
}

// dual is how long both nodes held one of the VIPs that are asked for, from time 0 on.
func (r *run) dual(f *facts.Facts) float64 {
	sums := make([]time.Duration, len(r.w.VIPs()))
	for _, d := range f.Duals {
		if !r.cell.vip.IsValid() || d.VIP == r.cell.vip {
			sums[slices.Index(r.w.VIPs(), d.VIP)] += max(0, d.To-max(0, d.From))
		}
	}
	return slices.Max(sums).Seconds()
}

// nothing says whether a row has no failover.
func nothing(row *studied.Row) bool { return math.IsNaN(row.Failover) }
