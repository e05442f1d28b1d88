package audit

import (
	"cmp"
	"context"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"ipwsim/scenarios/facts"
	"ipwsim/scenarios/script"
	"ipwsim/sim/audited"
	"ipwsim/sim/cluster"
	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

// job is a run to be done: a scenario, less its end, and the ends that are tried until all is whole.
type job struct {
	World int             `json:"world"` // place in the brief's
	Text  string          `json:"text"`
	From  time.Duration   `json:"from"` // what came before does not count
	Ends  []time.Duration `json:"ends"`
	Mail  *mailPlan       `json:"mail,omitempty"`

	Probed bool `json:"probed,omitempty"` // mail programs say when there is no mail
}

// outcome is what a run came to.
type outcome struct {
	Uses     []use              `json:"uses"`
	Parts    []audited.PartCost `json:"parts,omitempty"` // of the mean of the uses
	Echo     float64            `json:"echo,omitempty"`
	Switches float64            `json:"switches,omitempty"`
	Away     float64            `json:"away,omitempty"` // the standby had the VIPs, seconds, in the mean of them
	Whole    float64            `json:"whole"`          // from From until all was whole, seconds
	End      time.Duration      `json:"end"`            // of the run that shows it
	Open     bool               `json:"open,omitempty"` // it was not, at the last end
	Mail     *audited.MailCost  `json:"mail,omitempty"`
	Left     bool               `json:"left,omitempty"` // the active node had none of the VIPs when mail began
	Older    []older            `json:"older,omitempty"`
}

// use is what one client had of one VIP.
type use struct {
	Client  string  `json:"client"`
	VIP     string  `json:"vip"`
	Silent  float64 `json:"silent,omitempty"` // seconds without mail
	Longest float64 `json:"longest,omitempty"`
	Open    bool    `json:"open,omitempty"`
}

// mean is the silence of all uses, in the mean.
func (o *outcome) mean() (sum float64) {
	for _, u := range o.Uses {
		sum += u.Silent / float64(len(o.Uses))
	}
	return sum
}

// mostEvents is how busy a run may be: far more than hours of the largest clusters are.
const mostEvents = 200_000_000

// play runs the job in the cluster of the files, until all is whole.
func (j *job) play(ctx context.Context, f files) (o *outcome, err error) {
	last := j.Ends[len(j.Ends)-1]
	s, problems := script.Parse("audit.txtar", fmt.Appendf(nil, "# A run of an audit\n%send %v\n", j.Text, last))
	if err := problems.Err(); err != nil {
		return nil, err
	}
	seen := func(t *trace.Trace, end time.Duration) *outcome {
		t.End = end
		o := j.outcome(&finding.Run{Played: finding.Played{Trace: t}, Facts: facts.Read(t).Facts})
		o.End = end
		return o
	}
	first := j.Ends[0]
	if j.calm() {
		first = min(first, j.From)
	}
	err = script.Look(ctx, s, script.Options{Cluster: f.find, Most: mostEvents}, first, func(bp *cluster.Blueprint, t *trace.Trace) (next time.Duration) {
		now := t.End
		if slices.Contains(j.Ends, now) {
			if o = seen(t, now); !o.Open || now == last {
				return 0
			}
		}
		next = j.Ends[slices.IndexFunc(j.Ends, func(end time.Duration) bool { return end > now })]
		switch rest, ever := rests(bp, t, last); {
		case !ever || !j.quick():
		case rest > now:
			next = min(next, rest)
		default: // what is open stays so
			if o = seen(t, last); o.Open || next == last {
				return 0
			}
		}
		return next
	})
	return o, err
}

// quick says whether the run may be over once it has come to rest: nobody is at work on mail.
func (j *job) quick() bool { return j.Mail == nil && !j.Probed }

// calm says whether nothing happens in the run.
func (j *job) calm() bool { return j.quick() && !strings.Contains(j.Text, "\nat ") }

// outcome is what the run came to.
func (j *job) outcome(r *finding.Run) *outcome {
	o := &outcome{}
	f := r.Facts
	whole := j.From
	downs := j.downs(r)
	parts := map[finding.Obstacle]float64{}
	n := 0
	for _, u := range f.Uses {
		if !u.Never {
			n++
		}
	}
	for i := range f.Uses {
		if f.Uses[i].Never {
			continue
		}
		one := use{Client: f.Uses[i].Client, VIP: f.Uses[i].VIP.String()}
		for k := range f.Uses[i].Outages {
			x := &f.Uses[i].Outages[k]
			if x.To <= j.From {
				continue
			}
			was := j.before(x)
			if was != "" {
				before := map[finding.Obstacle]float64{}
				silent, _ := j.silence(r, x, before, n, func(what finding.Obstacle) bool { return what == was })
				if silent > 0 {
					o.Older = append(o.Older, older{len(o.Uses), silent, x.Open, inOrderOf(before)})
				}
			}
			silent, echo := j.silence(r, x, parts, n, func(what finding.Obstacle) bool { return what != was })
			one.Silent, one.Longest = one.Silent+silent, max(one.Longest, silent)
			o.Echo += echo / float64(n)
			if silent > 0 {
				one.Open = one.Open || x.Open
				whole = max(whole, x.To)
			}
		}
		if len(f.Uses[i].Answered) == 0 && !held(f, f.Uses[i].VIP) {
			o.Older = append(o.Older, j.neverThere(f.End, len(o.Uses), n))
		}
		for _, x := range without(downs[f.Uses[i].VIP], f.Uses[i].Outages) {
			one.Silent, one.Longest = one.Silent+x.Length().Seconds(), max(one.Longest, x.Length().Seconds())
			parts[finding.NoMail] += x.Length().Seconds() / float64(n)
			one.Open = one.Open || x.To == f.End
			whole = max(whole, x.To)
		}
		o.Open = o.Open || one.Open
		o.Uses = append(o.Uses, one)
	}
	o.Parts = inOrderOf(parts)
	since := j.holdings(r, o)
	o.Whole = (max(whole, since) - j.From).Seconds()
	if m := f.Mail; m != nil && j.Mail != nil {
		o.Mail = j.Mail.cost(m)
		o.Left = !slices.ContainsFunc(f.Holdings, func(h finding.Holding) bool {
			return h.Node == r.Trace.Header.Nodes[0].Role && h.State == trace.Preferred && h.From <= j.Mail.From && j.Mail.From < h.To
		})
	}
	return o
}

// silence is how much of an outage is without mail, from From on, and how much of it ping alone was kept out. A firewall
// that is closed for ping costs mail nothing: what costs is the ARP entry that leads the client elsewhere meanwhile.
// Only what counts does.
func (j *job) silence(r *finding.Run, x *finding.Outage, parts map[finding.Obstacle]float64, uses int, counts func(finding.Obstacle) bool) (silent, echo float64) {
	add := func(what finding.Obstacle, length time.Duration) {
		silent += length.Seconds()
		parts[what] += length.Seconds() / float64(uses)
	}
	at := x.From
	for _, p := range x.Parts {
		from, to := max(at, j.From), max(at+p.Time, j.From)
		at += p.Time
		if !counts(p.What) {
			continue
		}
		pings := min(p.Pings, to-from)
		echo += pings.Seconds()
		if rest := to - from - pings; rest > 0 {
			what := p.What
			if what == finding.Blocked || what == finding.Filtered {
				what = cmp.Or(misled(r, x, from, to), what)
			}
			add(what, rest)
		}
	}
	return silent, echo
}

// misled is whether an ARP entry of the client, or of a router on its way, led it past the VIP's holder: the one that did
// for longest; "" for none.
func misled(r *finding.Run, x *finding.Outage, from, to time.Duration) (what finding.Obstacle) {
	long := time.Duration(0)
	h := &r.Trace.Header
	far := false
	for _, c := range h.Clients {
		far = far || c.Name == x.Client && !c.Address.Contains(x.VIP)
	}
	for _, b := range r.Facts.Beliefs {
		router := slices.ContainsFunc(h.Routers, func(r trace.Router) bool { return r.Name == b.Host })
		if b.VIP != x.VIP || b.Host != x.Client && !(far && router) {
			continue
		}
		sum := time.Duration(0)
		for _, s := range b.Wrong {
			sum += s.Overlap(from, to)
		}
		if sum > long {
			long, what = sum, finding.WrongCache
			if router {
				what = finding.RouterCache
			}
		}
	}
	return what
}

// holdings tells how often VIPs moved, how long the standby had them, and from when on the one master had all of them: it
// had not at the end, where the outcome is then open.
func (j *job) holdings(r *finding.Run, o *outcome) (since time.Duration) {
	h := &r.Trace.Header
	master := ""
	for _, n := range h.Nodes {
		if n.Master {
			if master != "" {
				return 0 // two: neither gives back to the other
			}
			master = n.Role
		}
	}
	for _, v := range h.VIPs {
		from, back := j.vip(r, o, v.Address, master)
		since = max(since, from)
		o.Open = o.Open || !back && master != ""
	}
	return since
}

// vip is from when on the master had the VIP to the end; false: it had not.
func (j *job) vip(r *finding.Run, o *outcome, vip netip.Addr, master string) (since time.Duration, back bool) {
	vips := float64(len(r.Trace.Header.VIPs))
	had := ""
	var all []finding.Holding
	for _, x := range r.Facts.Holdings {
		if x.VIP == vip && x.State == trace.Preferred {
			all = append(all, x)
		}
	}
	slices.SortStableFunc(all, func(a, b finding.Holding) int { return int(a.From - b.From) })
	for _, x := range all {
		if had != "" && x.Node != had && x.From > j.From {
			o.Switches += 1 / vips
		}
		had = x.Node
		if x.Node == cluster.Standby {
			o.Away += (max(x.To, j.From) - max(x.From, j.From)).Seconds() / vips
		}
		if x.Node == master && x.To >= r.Facts.End {
			since, back = x.From, true
		}
	}
	return since, back
}
