package page

import (
	"ipwsim/reports/chart"
	"ipwsim/reports/graph"
)

// network is the pictures of a run's network and what was done to it.
type network struct {
	Pictures []chart.Picture
	Struck   []graph.Deed
	Broken   bool // something was broken in one of them
	Mended   bool // something had been
}

// network draws who was where before the first fault, in the longest silence and at the end.
func (t *teller) network() *network {
	views := graph.Views(t.Lang, t.run)
	if views == nil {
		return nil
	}
	n := &network{Struck: graph.Struck(t.Lang, t.run)}
	for _, v := range views {
		n.Pictures = append(n.Pictures, v.Network.Draw(v.Title))
		for _, d := range v.Network.Devices {
			n.mark(d.Mark)
		}
		for _, w := range v.Network.Wires {
			n.mark(w.Mark)
		}
	}
	return n
}

func (n *network) mark(m chart.Mark) {
	n.Broken = n.Broken || m.Numbers != "" && m.Broken
	n.Mended = n.Mended || m.Numbers != "" && !m.Broken
}
