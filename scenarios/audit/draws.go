package audit

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"ipwsim/sim/audited"
	"ipwsim/sim/cluster"
)

// draw is all chance of a run: when the faults come, how long they last, and the seed of the world.
type draw struct {
	faults  []fault
	at      []time.Duration // of each
	mended  []time.Duration
	seed    uint64
	k       int
	probes  []string // what mail programs do meanwhile; nil: nothing, for it is played without mail
	assumed bool     // the clients whose kind no file tells are taken for the other kind
}

// stream is the chance of one run, by its name: what else is played, and in which order, makes no difference.
func stream(seed uint64, name string, k int) *rand.Rand {
	h := fnv.New64a()
	fmt.Fprintf(h, "%s#%d", name, k)
	return rand.New(rand.NewPCG(seed, h.Sum64()))
}

// The first fault comes at a moment of a minute, which is twice the usual interval, when the cluster has been quiet for
// this long: a run begins as if the machines had just started, with their batches under way (H10).
const (
	lead     = 20 * time.Second
	startups = 15 * time.Minute // from the start until the last batch of that trigger begins
	spread   = time.Minute
)

// quiet is how long a run goes on before the first fault: until no batch is under way, neither as the cluster is nor under
// any change.
func (p *plan) quiet() time.Duration {
	most := lead
	for _, bp := range append([]*cluster.Blueprint{p.bp}, p.tryable()...) {
		for i := range bp.Nodes {
			most = max(most, lead+underWay(&bp.Nodes[i]))
		}
	}
	return most
}

// tryable are the clusters of the changes that are not refused.
func (p *plan) tryable() (all []*cluster.Blueprint) {
	for _, c := range p.candidates {
		if c.bp != nil {
			all = append(all, c.bp)
		}
	}
	return all
}

// underWay is until when the node's batches of the start may be under way.
func underWay(n *cluster.Node) (until time.Duration) {
	for _, c := range n.Batch.Commands {
		until += c.Wait
		if c.Ping != nil {
			until += time.Duration(c.Ping.Count) * time.Second
		}
	}
	switch {
	case until == 0 || len(n.Tasks) == 0:
		return 0
	case len(n.Starts(cluster.AtStartup)) > 0:
		until += startups
	}
	return min(until, time.Hour)
}

// single draws the k-th run of a fault.
func (p *plan) single(f fault, k int) draw {
	r := stream(p.seed, string(f.Name), k)
	d := draw{faults: []fault{f}, k: k, assumed: p.either && k%2 == 1}
	d.seed = r.Uint64()
	at := p.lead + upTo(r, spread)
	d.at, d.mended = []time.Duration{at}, []time.Duration{at + lasting(r, f)}
	if f.Kind.OfMail() {
		d.probes = p.probes(max(0, at-probesBefore))
	}
	return d
}

// pair draws the k-th run of two faults: the second comes while the first lasts, or within a minute after it. Each is the
// first in every second run; with what clients are it makes four kinds of draws.
func (p *plan) pair(a, b fault, k int) draw {
	r := stream(p.seed, string(a.Name)+"+"+string(b.Name), k)
	if k/2%2 == 1 {
		a, b = b, a
	}
	d := draw{faults: []fault{a, b}, k: k, assumed: p.either && k%2 == 1}
	d.seed = r.Uint64()
	first := p.lead + upTo(r, spread)
	length := lasting(r, a)
	second := first + upTo(r, length+spread)
	d.at = []time.Duration{first, second}
	d.mended = []time.Duration{first + length, second + lasting(r, b)}
	return d
}

// upTo draws a time below the most, in whole milliseconds.
func upTo(r *rand.Rand, most time.Duration) time.Duration {
	return time.Duration(r.Int64N(max(1, int64(most/time.Millisecond)))) * time.Millisecond
}

// lasting draws how long a fault lasts: half to one and a half times its mean. A calm time is as long as it is.
func lasting(r *rand.Rand, f fault) time.Duration {
	if f.Kind == audited.Calm {
		return f.Lasts
	}
	return f.Lasts/2 + upTo(r, f.Lasts)
}

// over is when the last fault is mended.
func (d *draw) over() (last time.Duration) {
	for _, t := range d.mended {
		last = max(last, t)
	}
	return last
}

// text is the run as a scenario, less its end.
func (d *draw) text(opening string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%sseed %d\n", opening, d.seed)
	for _, line := range d.probes {
		b.WriteString(line + "\n")
	}
	type step struct {
		at   time.Duration
		line string
	}
	var all []step
	for i, f := range d.faults {
		for _, line := range f.begin {
			all = append(all, step{d.at[i], line})
		}
		for _, line := range f.end {
			all = append(all, step{d.mended[i], line})
		}
	}
	slices.SortStableFunc(all, func(a, b step) int { return cmp.Compare(a.at, b.at) })
	for _, s := range all {
		fmt.Fprintf(&b, "at %v try %s\n", s.at, s.line)
	}
	return b.String()
}

// ends are the ends of the run that are tried, one after the other, until all is whole: after a switch and back, after the
// slave's release cycle (W18), and after an hour, for caches that remember.
func (d *draw) ends(bp *cluster.Blueprint) (all []time.Duration) {
	if d.faults[0].Kind == audited.Calm {
		return []time.Duration{d.over()}
	}
	var interval, cycle, boot time.Duration
	for _, n := range bp.Nodes {
		interval, boot = max(interval, n.Settings.Interval+n.Settings.PingTimeout), max(boot, n.Boot+n.PublicAfterBoot)
		cycle = max(cycle, n.Settings.ReleaseCycle())
	}
	for _, f := range d.faults {
		if !strings.Contains(strings.Join(f.end, " "), "power-on") {
			continue
		}
		interval += boot
		break
	}
	over := d.over()
	after := []time.Duration{2*interval + time.Minute, min(2*interval+cycle+2*time.Minute, 2*time.Hour), longestWait}
	for _, a := range after {
		if end := (over + a).Truncate(time.Second); len(all) == 0 || end > all[len(all)-1] {
			all = append(all, end)
		}
	}
	return all
}

// longestWait is how long a run goes on after its last fault for what a cache remembers: who waits longer has waited at
// least so long.
const longestWait = time.Hour
