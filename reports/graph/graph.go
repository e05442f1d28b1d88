// Package graph makes pictures of networks: of a cluster as it is meant to be, and of a run at a moment: who holds which
// VIP, what is broken, whose ARP cache is wrong, and who gets an answer. They are drawn as SVG, or written as text.
package graph

import (
	"slices"
	"strings"
	"time"

	"ipwsim/reports/chart"
	"ipwsim/reports/words"
	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

// View is a network with what to call it.
type View struct {
	Title   string
	At      time.Duration // of a run: the moment that it shows
	Network *chart.Network
}

// Views show a run before its first fault, in the middle of its longest silence, and at its end. Without a fault, or a
// silence that ends, there are fewer; without cables in its trace there is none.
func Views(l words.Lang, r *finding.Run) (all []View) {
	if r.Trace == nil || len(r.Trace.Header.Cables) == 0 {
		return nil
	}
	add := func(key string, at, said time.Duration) {
		all = append(all, View{l.Say(key, l.Say("in-seconds", words.Shortly(said))), at, At(l, r, at)})
	}
	if len(r.Facts.Faults) > 0 {
		first := r.Facts.Faults[0].At
		add("net.before", first-1, first)
	}
	if o := r.Facts.Worst(); o != nil && !o.Open {
		at := o.From + o.Length()/2
		add("net.worst", at, at)
	}
	add("net.after", r.Trace.End, r.Trace.End)
	return all
}

// Moment shows a run at a time, which is not after its end.
func Moment(l words.Lang, r *finding.Run, at time.Duration) View {
	return View{l.Say("net.at", l.Say("in-seconds", words.Shortly(at))), at, At(l, r, at)}
}

// Plan shows a cluster as its files have it: a VIP stands with the node that is to have it.
func Plan(l words.Lang, h *trace.Header) View {
	return View{Title: l.Say("net.plan", h.Cluster), Network: (&artist{Lang: l, h: h, scene: planned(h)}).network()}
}

// At is a run's network at a time.
func At(l words.Lang, r *finding.Run, at time.Duration) *chart.Network {
	a := &artist{Lang: l, h: &r.Trace.Header, scene: sceneOf(r.Trace, at), f: r.Facts, at: at, struck: Struck(l, r)}
	return a.network()
}

// artist makes one network of a header, and of a run's facts at a time.
type artist struct {
	words.Lang
	*scene
	h      *trace.Header
	f      *finding.Facts // nil: of a plan
	at     time.Duration
	struck []Deed
}

func (a *artist) network() *chart.Network {
	n := new(chart.Network)
	for _, x := range a.h.Nodes {
		d := chart.Device{ID: x.Role, Name: x.Role, Kind: chart.Server, Below: below(&x), Chips: a.holds(&x)}
		d.Chips = append(d.Chips, a.role(&x)...)
		n.Devices = append(n.Devices, a.marked(d))
	}
	for _, x := range a.h.Others {
		kind := chart.Outside
		if x.Name == "share" {
			kind = chart.Storage
		}
		n.Devices = append(n.Devices, a.marked(chart.Device{ID: x.Name, Name: x.Name, Kind: kind, Below: x.Address.Addr().String()}))
	}
	drawn := a.clients(n)
	for _, x := range a.h.Routers {
		d := chart.Device{ID: x.Name, Name: x.Name, Kind: chart.Router, Below: x.Profile, Chips: a.misled(x.Name)}
		n.Devices = append(n.Devices, a.marked(d))
	}
	known := map[string]bool{}
	for _, d := range n.Devices {
		known[d.ID] = true
	}
	for _, c := range a.cables {
		w := chart.Wire{A: c.A, B: c.B, Mark: a.wire(c.Name)}
		for _, end := range []*string{&w.A, &w.B} {
			if id := drawn[*end]; id != "" {
				*end = id
			}
			if !known[*end] {
				known[*end] = true
				n.Devices = append(n.Devices, a.marked(chart.Device{ID: *end, Name: *end, Kind: chart.Switch}))
			}
		}
		n.Join(w)
	}
	return n
}

// below is what stands under a node's role: its address, and the machine's name, by which people know it.
func below(n *trace.Node) string {
	if n.Name == "" || strings.EqualFold(n.Name, n.Role) {
		return n.Address.Addr().String()
	}
	return n.Address.Addr().String() + " " + n.Name
}

// marked is the device with what was done to it, and the state that keeps it from work.
func (a *artist) marked(d chart.Device) chart.Device {
	d.Mark = a.mark(func(x trace.Touch) bool {
		return !ofCable(x.Part) && x.Of == d.ID || x.Part == trace.DiskPart && d.Kind == chart.Storage
	})
	d.Mark.Word = a.state(d.ID)
	return d
}

// wire is what was done to a cable, and what it does not do now.
func (a *artist) wire(cable string) chart.Mark {
	m := a.mark(func(x trace.Touch) bool { return ofCable(x.Part) && x.Of == cable })
	if a.blocked[cable] {
		m.Word = a.Say("lost.spanning-tree")
	}
	m.Broken = m.Broken || a.down[cable] || m.Word != ""
	return m
}

// role is what a node of a plan is.
func (a *artist) role(n *trace.Node) []chart.Chip {
	if a.f != nil || n.Watcher != nil {
		return nil
	}
	key := "net.slave"
	if n.Master {
		key = "net.master"
	}
	return []chart.Chip{{Class: "quiet", Text: a.Say(key)}}
}

// ofCable says whether the part is of a cable, not of a machine.
func ofCable(p trace.Part) bool {
	return slices.Contains([]trace.Part{trace.LinkPart, trace.CutPart, trace.QualityPart, trace.PortPart}, p)
}
