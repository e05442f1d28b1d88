package graph

import (
	"cmp"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"ipwsim/reports/chart"
	"ipwsim/reports/lanes"
	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

// saying is what a chip is to say of a VIP.
type saying struct {
	vip   netip.Addr
	class string
	text  string
}

// holds are the VIPs that the node has, or in a plan is to have.
func (a *artist) holds(n *trace.Node) []chart.Chip {
	var all []saying
	if a.f == nil {
		masters := slices.ContainsFunc(a.h.Nodes, func(n trace.Node) bool { return n.Master })
		for _, v := range a.h.VIPs {
			if n.Keeps(v.Address) && (n.Master || !masters) {
				all = append(all, saying{v.Address, "held", ""})
			}
		}
		return a.chips(all, "VIP", true)
	}
	for _, x := range a.f.Holdings {
		if x.Node != n.Role || x.State == trace.Absent || !within(x.From, x.To, a.at) {
			continue
		}
		s := saying{vip: x.VIP, class: "held"}
		if x.State != trace.Preferred {
			s.text = lanes.Name(a.Lang, lanes.State(x.State))
			s.class = map[trace.AddressState]string{trace.Tentative: "tentative", trace.Duplicate: "bad"}[x.State]
		}
		all = append(all, s)
	}
	return a.chips(all, "VIP", true)
}

// within says whether a stretch holds the time, its end included: the end of a run has nothing behind it.
func within(from, to, at time.Duration) bool { return from <= at && at <= to }

// uses are the facts of each client's uses, by client.
func (a *artist) uses() map[string][]*finding.Use {
	all := map[string][]*finding.Use{}
	for i := range a.f.Uses {
		u := &a.f.Uses[i]
		all[u.Client] = append(all[u.Client], u)
	}
	return all
}

// gets is what a client gets of each VIP that it uses.
func (a *artist) gets(uses []*finding.Use) []chart.Chip {
	var all []saying
	for _, u := range uses {
		s := saying{vip: u.VIP, class: "away", text: lanes.Name(a.Lang, lanes.Silent)}
		if u.Never || a.at < u.Since {
			s.class, s.text = "quiet", lanes.Name(a.Lang, lanes.Unused)
		}
		for _, x := range u.Answered {
			if within(x.From, x.To, a.at) && s.class == "away" {
				s.class, s.text = "quiet", "→ "+strings.Join(x.By, a.Say("comma"))
			}
		}
		all = append(all, s)
	}
	return a.chips(all, "", len(a.h.VIPs) > 1)
}

// misled are the VIPs for which the host's ARP cache leads past the holder.
func (a *artist) misled(host string) []chart.Chip {
	if a.f == nil {
		return nil
	}
	var all []saying
	for _, b := range a.f.Beliefs {
		if b.Host != host || !slices.ContainsFunc(b.Wrong, func(w finding.Span) bool { return within(w.From, w.To, a.at) }) {
			continue
		}
		all = append(all, saying{b.VIP, "bad", a.Say("net.misled", cmp.Or(b.Whose, b.MAC.String()))})
	}
	return a.chips(all, "", len(a.h.VIPs) > 1)
}

// chips are what is said, like of several VIPs once, those that are as many first. With addresses the VIPs are named.
func (a *artist) chips(all []saying, lead string, addresses bool) (chips []chart.Chip) {
	type like struct{ class, text string }
	vips := map[like][]netip.Addr{}
	var order []like
	for _, s := range all {
		k := like{s.class, s.text}
		if vips[k] == nil {
			order = append(order, k)
		}
		vips[k] = append(vips[k], s.vip)
	}
	for _, k := range order {
		c := chart.Chip{Class: k.class, Lead: lead, Text: k.text}
		if addresses {
			c.Text = strings.TrimSpace(Addresses(vips[k]) + " " + k.text)
		}
		chips = append(chips, c)
	}
	return chips
}

// Addresses names addresses shortly: three or more that follow each other by the first and the end of the last.
func Addresses(all []netip.Addr) string {
	all = slices.Clone(all)
	slices.SortFunc(all, netip.Addr.Compare)
	var parts []string
	for i := 0; i < len(all); {
		end := i + 1
		for end < len(all) && all[end] == all[end-1].Next() && sameNet(all[i], all[end]) {
			end++
		}
		if end-i < 3 {
			end = i + 1
			parts = append(parts, all[i].String())
		} else {
			parts = append(parts, all[i].String()+"-"+strconv.Itoa(int(all[end-1].As4()[3])))
		}
		i = end
	}
	return strings.Join(parts, ", ")
}

// sameNet says whether two addresses of IPv4 differ in their last number only.
func sameNet(a, b netip.Addr) bool {
	return a.Is4() && b.Is4() && netip.PrefixFrom(a, 24).Masked().Contains(b)
}
