package naive

import (
	"slices"
	"strings"
	"time"

	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

// deed is EPSTDS of a node having dealt with a letter, by the k-th record, and when it last was free to.
type deed struct {
	k      int
	at     time.Duration
	node   *trace.Node
	letter *letter
	did    finding.Doing
	last   time.Duration
	woke   time.Duration // when the machine last went on before
	gone   time.Duration // when what it sent had left the queue; longAgo: it had not, or that is not asked
}

// barred are the deeds of nodes without the address in their LogicalIP, or that have just stood still, and what was sent though
// it was gone, which nothing explains.
func (r *Run) barred(all []*letter) (out []finding.Unheld) {
	for k := range r.t.Records {
		d := r.deed(k, all)
		if d == nil {
			continue
		}
		if gone := r.leftQueue(d, all); d.last == d.at || r.late(d) {
			if d.gone, d.last = gone, min(d.last, gone); gone != longAgo && !r.late(d) {
				out = append(out, finding.Unheld{At: d.at, Node: d.node.Role, To: d.letter.To, Name: d.letter.Name(), Address: d.node.LogicalIP, Did: d.did, Last: d.last, Gone: gone})
			}
			continue
		}
		u := finding.Unheld{At: d.at, Node: d.node.Role, To: d.letter.To, Name: d.letter.Name(), Address: d.node.LogicalIP, Did: d.did, Last: d.last}
		if free(r.after(k), d.node) {
			u.Thawed = d.woke
		}
		out = append(out, u)
	}
	return out
}

// deed is what the k-th record tells of; nil if of no deed.
func (r *Run) deed(k int, all []*letter) *deed {
	rec := r.t.Records[k]
	d := &deed{k: k, at: rec.At}
	own := func(by trace.MailFile) { d.node = r.ownerOf(by) }
	first := func(is func(*letter) bool) {
		for _, l := range all {
			if d.letter == nil && l.record < k && is(l) {
				d.letter = l
			}
		}
	}
	named := func(id, to string) func(*letter) bool {
		return func(l *letter) bool { return l.ID == id && strings.EqualFold(l.To, to) }
	}
	switch b := rec.Body.(type) {
	case trace.MailTaken:
		d.did = finding.Sent
		own(trace.MailFile{Peer: b.Peer})
		first(named(b.ID, b.To))
	case trace.MailBounce:
		d.did, d.node = finding.GivenUp, r.h.Node(rec.Host)
		first(named(b.ID, b.To))
	case trace.MailFile:
		own(b)
		mine := func(l *letter) bool { return l.calls(k, b.File) }
		switch report := slices.IndexFunc(all, func(l *letter) bool { return l.record == k && l.on != nil }); {
		case report >= 0:
			d.did, d.letter = finding.GivenUp, all[report].on
		case b.Do == trace.FileMoved && isQueue(b.File) && strings.Contains("/"+strings.ToLower(b.To), "/inbox/"):
			d.did = finding.Boxed
			first(mine)
		}
	}
	if d.letter == nil || d.node == nil {
		return nil
	}
	d.last, d.woke, d.gone = d.at, longAgo, longAgo
	if d.node.LogicalIP.IsValid() && !r.set(k, d.node.Role) { // else it may do what it likes
		d.last = r.lastFree(d)
	}
	for _, t := range r.thaws(d.node.Role, k) {
		d.woke = t.to
	}
	return d
}

// ownerOf is the node whose own address asked; nil for none. What a VIP asks is of who has it.
func (r *Run) ownerOf(b trace.MailFile) *trace.Node {
	for _, n := range r.nodes {
		if n.Address.Addr() == b.Peer.Addr() {
			return n
		}
	}
	return nil
}

// set says whether somebody has set the node's LogicalIP before the k-th record.
func (r *Run) set(k int, role string) bool {
	return slices.ContainsFunc(r.t.Records[:k], func(rec trace.Record) bool {
		f, ok := rec.Body.(trace.Fault)
		return ok && slices.ContainsFunc(f.Touches, func(t trace.Touch) bool {
			return t.Of == role && t.Part == trace.ValuePart && strings.EqualFold(t.End, "LogicalIP")
		})
	})
}

// free says whether the node has its LogicalIP, and goes on.
func free(s *state, n *trace.Node) bool {
	m := s.machines[n.Role]
	return m.addresses[n.LogicalIP] == trace.Preferred && m.power != trace.Off && m.power != trace.Frozen
}

// lastFree is when the node's EPSTDS was last free to do it: mostly then.
func (r *Run) lastFree(d *deed) time.Duration {
	role := d.node.Role
	able := func(s *state, k int) bool {
		return free(s, d.node) && (d.did == finding.Boxed || r.t.Records[k].At >= r.rest(role, k))
	}
	if able(r.after(d.k), d.k) {
		return d.at
	}
	last, s := longAgo, newState(r.h)
	for k, rec := range r.t.Records[:d.k] {
		if (rec.Host == role || rec.Host == "") && able(s, k) { // by no others does it change
			last = rec.At
		}
		s.apply(rec, r.asked[k])
	}
	return last
}

// thaw is a machine having stood still from a time to a time, when the i-th record says that it goes on.
type thaw struct {
	from, to time.Duration
	i        int
}

// thaws are those of the machine before the k-th record.
func (r *Run) thaws(role string, k int) (all []thaw) {
	var since *time.Duration
	for i, rec := range r.t.Records[:k] {
		b, ok := rec.Body.(trace.Power)
		switch {
		case !ok || rec.Host != role:
		case b.State == trace.Frozen && since == nil:
			since = &rec.At
		case b.State == trace.Frozen:
		default:
			if since != nil && b.State != trace.Off {
				all = append(all, thaw{*since, rec.At, i})
			}
			since = nil
		}
	}
	return all
}

// rest is until when EPSTDS sends nothing, as far as the records before the k-th say: one that had been at work, on a
// machine whose clock is right, and is the same still.
func (r *Run) rest(role string, k int) time.Duration {
	thaws := r.thaws(role, k)
	for _, rec := range r.t.Records[:k] {
		switch rec.Body.(type) {
		case trace.Clock, trace.Drift:
			if rec.Host == role {
				return longAgo
			}
		}
	}
	for _, t := range slices.Backward(thaws) {
		begun := slices.ContainsFunc(r.t.Records[t.i:k], func(rec trace.Record) bool { return begins(role, rec) })
		if t.to-t.from > 10*time.Second && !begun && r.spoke(role, t.i) {
			return t.to + 30*time.Second
		}
	}
	return longAgo
}

// begins says whether EPSTDS of the node may be another one from the record on.
func begins(role string, rec trace.Record) bool {
	switch b := rec.Body.(type) {
	case trace.Power:
		return rec.Host == role && b.State == trace.Off
	case trace.Fault:
		return slices.ContainsFunc(b.Touches, func(t trace.Touch) bool { return t.Of == role && t.Part == trace.MailPart })
	}
	return false
}

// spoke says whether EPSTDS of the node, the same as at the k-th record, has said something before it.
func (r *Run) spoke(role string, k int) bool {
	for _, rec := range slices.Backward(r.t.Records[:k]) {
		switch rec.Body.(type) {
		case trace.MailDeliver, trace.MailRelay, trace.MailRetry, trace.MailBounce:
			if rec.Host == role {
				return true
			}
		}
		if begins(role, rec) {
			return false
		}
	}
	return false
}

// late says whether the deed was decided in time and took long, as the network or the share was.
func (r *Run) late(d *deed) bool {
	oneWay, trips := r.slowness(d), r.trips(d)
	due := d.last + latency + time.Duration(2*trips+3)*oneWay
	if d.gone != longAgo { // the share's word comes, and the rest goes: the message but for its first part, and the dot
		due = d.last + latency + time.Duration(2*trips)*oneWay
	} else if d.did != finding.Sent {
		due += time.Second + 50*(d.letter.Accepted-r.written(d.letter)) // requests of the node, one after the other
	}
	tries := time.Minute + 64*oneWay // TCP's (H14)
	switch {
	case d.at <= due:
		return true
	case d.at > max(d.last, d.woke)+tries+(due-d.last):
		return false
	}
	guessed := trips > 1 && oneWay >= 500*time.Millisecond // TCP takes for lost what is answered after its first second
	return guessed || r.obstructed(d, trips > 1, max(d.letter.Accepted, d.last-tries), due)
}

// trips are how often the letter's size makes its sender wait for the receiver: after ten segments, twenty, and so on.
func (r *Run) trips(d *deed) int {
	for _, rec := range slices.Backward(r.t.Records[:d.k]) {
		if b, ok := rec.Body.(trace.MailAccept); ok && b.ID == d.letter.ID && b.Size > 0 {
			n := 1
			for segments := 14600; b.Size >= segments; segments *= 2 {
				n++
			}
			return n
		}
	}
	return 8
}

// onWay says whether a device is one of the two, or passes on what they send.
func (r *Run) onWay(d *deed, name string) bool {
	for _, n := range r.nodes {
		if n.Role == name {
			return n == d.node
		}
	}
	aside := slices.ContainsFunc(r.h.Clients, func(c trace.Client) bool { return c.Name == name }) ||
		slices.ContainsFunc(r.h.Others, func(o trace.Other) bool { return o.Name == name })
	asked := d.gone != longAgo && slices.ContainsFunc(r.h.Others, func(o trace.Other) bool { return o.Name == name && o.What == "share" })
	return !aside || asked || name == r.t.Records[d.k].Host
}

func (r *Run) cableOnWay(d *deed, cable string) bool {
	return slices.ContainsFunc(r.h.Cables, func(c trace.Cable) bool { return c.Name == cable && r.onWay(d, c.A) && r.onWay(d, c.B) })
}

// slowness is what the cables between the two added to a frame's time, at the most, from when there was a letter.
func (r *Run) slowness(d *deed) (sum time.Duration) {
	for _, c := range r.h.Cables {
		worst := time.Duration(0)
		for k, rec := range r.t.Records[:d.k] {
			b, ok := rec.Body.(trace.Impairment)
			if ok && rec.At < d.at && b.Cable == c.Name && r.cableOnWay(d, b.Cable) && r.impairedUntil(k, b) >= d.letter.Accepted {
				worst = max(worst, b.Delay)
			}
		}
		sum += worst
	}
	return sum
}

// impairedUntil is when another impairment follows that of the k-th record.
func (r *Run) impairedUntil(k int, b trace.Impairment) time.Duration {
	for _, rec := range r.t.Records[k+1:] {
		if next, ok := rec.Body.(trace.Impairment); ok && next.Cable == b.Cable && next.From == b.From {
			return rec.At
		}
	}
	return r.t.End
}

// obstructed says whether there was something in the way of the deed, from a time to a time.
func (r *Run) obstructed(d *deed, long bool, from, to time.Duration) bool {
	if long || d.did != finding.Sent || d.gone != longAgo { // a short one is gone at once
		for _, t := range r.stills(d) {
			if t.from <= to && from <= t.to {
				return true
			}
		}
	}
	for _, n := range r.noises() {
		if n.kind != "why.noise" && n.from <= to && from <= n.to {
			return true
		}
	}
	for k, rec := range r.t.Records {
		switch b := rec.Body.(type) {
		case trace.Impairment:
			if (b.Cut || b.Loss > 0) && r.cableOnWay(d, b.Cable) && rec.At <= to && from <= r.impairedUntil(k, b) {
				return true
			}
		case trace.PortState:
			if b.State != trace.Forwarding && r.cableOnWay(d, b.Cable) && rec.At <= to && from <= r.portUntil(k, b) {
				return true
			}
		}
	}
	for _, x := range r.after(len(r.t.Records)).faults {
		if x.At <= to && (x.Open || from <= x.Until) && slices.ContainsFunc(x.Touches, func(t trace.Touch) bool { return r.obstructs(d, t) }) {
			return true
		}
	}
	return false
}

func (r *Run) portUntil(k int, b trace.PortState) time.Duration {
	for _, rec := range r.t.Records[k+1:] {
		if next, ok := rec.Body.(trace.PortState); ok && next.Cable == b.Cable && next.Switch == b.Switch {
			return rec.At
		}
	}
	return r.t.End
}

// stills are when the deed's node stood still before.
func (r *Run) stills(d *deed) []thaw {
	all, frozen := r.thaws(d.node.Role, d.k), longAgo
	for _, rec := range r.t.Records[:d.k] {
		b, ok := rec.Body.(trace.Power)
		switch {
		case !ok || rec.Host != d.node.Role:
		case b.State != trace.Frozen:
			if frozen != longAgo && b.State == trace.Off {
				all = append(all, thaw{from: frozen, to: rec.At})
			}
			frozen = longAgo
		case frozen == longAgo:
			frozen = rec.At
		}
	}
	if frozen != longAgo {
		all = append(all, thaw{from: frozen, to: r.t.End})
	}
	return all
}

func (r *Run) obstructs(d *deed, t trace.Touch) bool {
	switch t.Part {
	case trace.FramesPart, trace.StrangerPart:
		return true
	case trace.LinkPart, trace.CutPart, trace.PortPart:
		return r.cableOnWay(d, t.Of)
	case trace.PowerPart, trace.CardPart:
		return r.onWay(d, t.Of)
	case trace.RunPart:
		return t.Of == r.t.Records[d.k].Host
	}
	return t.Part == trace.DiskPart && (d.did != finding.Sent || d.gone != longAgo)
}
