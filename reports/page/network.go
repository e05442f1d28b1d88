package page

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"ipwsim/reports/chart"
	"ipwsim/reports/lanes"
	"ipwsim/reports/words"
	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

// network is the pictures of a run's network and what was done to it.
type network struct {
	Pictures []chart.Picture
	Struck   []struck
	Broken   bool // something is broken at the end
	Mended   bool // something was broken for a time
}

// struck is a fault that lasts, or several of the same words, under the number that pictures have for it.
type struck struct {
	N          int
	When, Text string
	Line       string // of the scenario
	Left       int    // more of them, not told singly
	faults     []*finding.Fault
}

// mostClients is how many clients are drawn singly.
const mostClients = 12

// network draws who was where before the first fault and at the end.
func (t *teller) network() *network {
	n := &network{Struck: t.struck()}
	end := t.run.Trace.End
	if len(t.header().Cables) == 0 {
		return nil
	}
	if len(t.Facts.Faults) > 0 {
		first := t.Facts.Faults[0].At
		before := t.drawing(first-1, nil)
		n.Pictures = append(n.Pictures, before.Draw(t.Say("page.net-before", t.Say("in-seconds", words.Shortly(first)))))
	}
	after := t.drawing(end, n.Struck)
	for _, d := range after.Devices {
		n.mark(d.Mark)
	}
	for _, w := range after.Wires {
		n.mark(w.Mark)
	}
	n.Pictures = append(n.Pictures, after.Draw(t.Say("page.net-after", t.Say("in-seconds", words.Shortly(end)))))
	return n
}

func (n *network) mark(m chart.Mark) {
	n.Broken = n.Broken || m.Broken
	n.Mended = n.Mended || m.Numbers != "" && !m.Broken
}

// struck are the faults that last, those of the same words as one.
func (t *teller) struck() (all []struck) {
	const mostTimes = 4
	for i := range t.Facts.Faults {
		f := &t.Facts.Faults[i]
		if !f.Lasts() {
			continue
		}
		k := slices.IndexFunc(all, func(s struck) bool { return s.Line == f.Line() })
		if k < 0 {
			k = len(all)
			all = append(all, struck{N: k + 1, Text: t.Did(f), Line: f.Line()})
		}
		s := &all[k]
		s.faults = append(s.faults, f)
		switch {
		case len(s.faults) > mostTimes:
			s.Left++
		case s.When != "":
			s.When += t.Say("comma") + t.lasted(f)
		default:
			s.When = t.lasted(f)
		}
	}
	for i := range all {
		if s := &all[i]; s.Left > 0 {
			s.When += t.Say("comma") + t.Say("page.net-more", s.Left)
		}
	}
	return all
}

// lasted is from when to when a fault was in force.
func (t *teller) lasted(f *finding.Fault) string {
	from := t.Say("in-seconds", words.Shortly(f.At))
	if f.Open {
		return t.Say("page.net-on", from)
	}
	return t.Say("page.net-span", from, t.Say("in-seconds", words.Shortly(f.Until)))
}

// drawing is the network as it was at a time, with the marks of faults. Very many clients at one switch are one
// device.
func (t *teller) drawing(at time.Duration, faults []struck) *chart.Network {
	h := t.header()
	n := new(chart.Network)
	add := func(d chart.Device) { n.Devices = append(n.Devices, d) }
	for _, x := range h.Nodes {
		d := chart.Device{ID: x.Role, Name: x.Role, Kind: chart.Server, Below: x.Address.Addr().String(), Chips: t.holds(x.Role, at)}
		d.Mark.Word = t.state(x.Role, at)
		add(d)
	}
	for _, x := range h.Others {
		kind := chart.Outside
		if x.Name == "share" {
			kind = chart.Storage
		}
		add(chart.Device{ID: x.Name, Name: x.Name, Kind: kind, Below: x.Address.Addr().String()})
	}
	ids := map[string]string{} // of clients that are drawn with others
	if len(h.Clients) <= mostClients {
		for _, x := range h.Clients {
			add(chart.Device{ID: x.Name, Name: x.Name, Kind: chart.Client, Below: x.Address.Addr().String(), Chips: t.gets(x.Name, at)})
		}
	} else {
		ids = t.gather(n, at)
	}
	for _, x := range h.Routers {
		add(chart.Device{ID: x.Name, Name: x.Name, Kind: chart.Router})
	}
	for _, c := range t.laid(at) {
		w := chart.Wire{A: c.A, B: c.B, Mark: marked(faults, func(x trace.Touch) bool { return ofCable(x.Part) && x.Of == c.Name })}
		for _, end := range []*string{&w.A, &w.B} {
			if id := ids[*end]; id != "" {
				*end = id
			}
			if !slices.ContainsFunc(n.Devices, func(d chart.Device) bool { return d.ID == *end }) {
				add(chart.Device{ID: *end, Name: *end, Kind: chart.Switch})
			}
		}
		n.Join(w)
	}
	for i := range n.Devices {
		d := &n.Devices[i]
		m := marked(faults, func(x trace.Touch) bool {
			return !ofCable(x.Part) && x.Of == d.ID || x.Part == trace.DiskPart && d.Kind == chart.Storage
		})
		d.Mark.Numbers, d.Mark.Broken = m.Numbers, m.Broken
	}
	return n
}

// laid are the cables as they lay at a time.
func (t *teller) laid(at time.Duration) []trace.Cable {
	cables := slices.Clone(t.header().Cables)
	for r := range t.run.Trace.All() {
		b, is := r.Body.(trace.Moved)
		for i := range cables {
			if is && r.At <= at && cables[i].Name == b.Cable {
				cables[i].B = b.Switch
			}
		}
	}
	return cables
}

// gather adds a device for the clients at each switch, with how many get what, and tells which client is in which.
func (t *teller) gather(n *chart.Network, at time.Duration) map[string]string {
	ids := map[string]string{}
	groups := map[string][]trace.Client{}
	var order []string
	for _, x := range t.header().Clients {
		id := "\x00"
		for _, c := range t.laid(at) {
			if c.A == x.Name || c.B == x.Name {
				id += strings.TrimPrefix(c.A+c.B, x.Name) // no name of a device begins so
			}
		}
		if groups[id] == nil {
			order = append(order, id)
		}
		groups[id] = append(groups[id], x)
		ids[x.Name] = id
	}
	for _, id := range order {
		d := chart.Device{ID: id, Name: t.Say("page.net-clients", len(groups[id])), Kind: chart.Clients}
		var addresses []netip.Addr
		for _, x := range groups[id] {
			addresses = append(addresses, x.Address.Addr())
			d.Chips = append(d.Chips, t.gets(x.Name, at)...)
		}
		d.Below = fmt.Sprint(slices.MinFunc(addresses, netip.Addr.Compare), " – ", slices.MaxFunc(addresses, netip.Addr.Compare))
		d.Chips = counted(d.Chips)
		n.Devices = append(n.Devices, d)
	}
	return ids
}

// ofCable says whether the part is of a cable, not of a machine.
func ofCable(p trace.Part) bool {
	return p == trace.LinkPart || p == trace.CutPart || p == trace.QualityPart || p == trace.PortPart
}

// marked is what faults did to something.
func marked(faults []struck, touches func(trace.Touch) bool) (m chart.Mark) {
	var numbers []string
	for _, s := range faults {
		hit := false
		for _, f := range s.faults {
			if slices.ContainsFunc(f.Touches, touches) {
				hit = true
				m.Broken = m.Broken || f.Open
			}
		}
		if hit {
			numbers = append(numbers, strconv.Itoa(s.N))
		}
	}
	if len(numbers) > 3 {
		numbers = append(numbers[:3], "…")
	}
	m.Numbers = strings.Join(numbers, ",")
	return m
}

// holds are the VIPs that the node has at the time.
func (t *teller) holds(node string, at time.Duration) (all []chart.Chip) {
	for _, x := range t.Facts.Holdings {
		if x.Node == node && x.State != trace.Absent && within(x.From, x.To, at) {
			chip := chart.Chip{Class: classOf(lanes.State(x.State)), Text: x.VIP.String()}
			if x.State != trace.Preferred {
				chip.Text += " " + lanes.Name(t.Lang, lanes.State(x.State))
			}
			all = append(all, chip)
		}
	}
	return all
}

// within says whether a stretch holds the time, its end included: the end of a run has nothing behind it.
func within(from, to, at time.Duration) bool { return from <= at && at <= to }

// gets is what the client gets of each VIP that it uses at the time.
func (t *teller) gets(client string, at time.Duration) (all []chart.Chip) {
	for i := range t.Facts.Uses {
		u := &t.Facts.Uses[i]
		if u.Client != client {
			continue
		}
		chip := t.answer(u, at)
		if len(t.header().VIPs) > 1 {
			chip.Text = u.VIP.String() + " " + chip.Text
		}
		all = append(all, chip)
	}
	return all
}

// answer is who answers the client at the time.
func (t *teller) answer(u *finding.Use, at time.Duration) chart.Chip {
	if u.Never || at < u.Since {
		return chart.Chip{Class: "quiet", Text: lanes.Name(t.Lang, lanes.Unused)}
	}
	for _, s := range u.Answered {
		if within(s.From, s.To, at) {
			return chart.Chip{Class: "quiet", Text: "→ " + t.list(s.By)}
		}
	}
	return chart.Chip{Class: "away", Text: lanes.Name(t.Lang, lanes.Silent)}
}

// state is what keeps a machine from its work at the time, in a word; "" when nothing does.
func (t *teller) state(host string, at time.Duration) string {
	power, service := trace.On, trace.Running
	for r := range t.run.Trace.All() {
		if r.At > at || r.Host != host {
			continue
		}
		switch b := r.Body.(type) {
		case trace.Power:
			power = b.State
		case trace.Service:
			service = b.State
		}
	}
	switch {
	case power != trace.On:
		return lanes.Name(t.Lang, lanes.State(power))
	case service == trace.Stopped:
		return t.Say("page.net-no-watcher")
	}
	return ""
}

// counted puts equal chips together.
func counted(all []chart.Chip) (out []chart.Chip) {
	count := map[chart.Chip]int{}
	for _, c := range all {
		if count[c] == 0 {
			out = append(out, c)
		}
		count[c]++
	}
	for i, c := range out {
		out[i].Text = fmt.Sprint(count[c], " × ", c.Text)
	}
	return out
}
