package audit

import (
	"cmp"
	"net/netip"
	"slices"

	"ipwsim/sim/batch"
	"ipwsim/sim/cluster"
)

// turn is a ping and what empties the cache for it, or what belongs to no ping.
type turn []batch.Command

// ping is the turn's; nil: it has none.
func (t turn) ping() *batch.Ping { return t[len(t)-1].Ping }

// turns parts a batch. Where the cache is emptied right before each ping that goes where its ping goes; else once is for all
// the pings up to the next time, and stays where it is.
func turns(all []batch.Command) (parts []turn) {
	each := true
	for i, c := range all {
		each = each && (c.Ping == nil || i > 0 && all[i-1].Ping == nil)
	}
	for _, c := range all {
		if last := len(parts) - 1; each && last >= 0 && parts[last].ping() == nil {
			parts[last] = append(parts[last], c)
		} else {
			parts = append(parts, turn{c})
		}
	}
	return parts
}

// rank is who needs a ping first: routers, then clients that hear no announcement, then the other clients, then the rest.
func (p *plan) rank(to netip.Addr) int {
	i := slices.IndexFunc(p.bp.Clients, func(c cluster.Client) bool { return c.Address.Addr() == to })
	switch {
	case i >= 0:
		return 1 + need(p.bp.Clients[i])
	case slices.Contains(p.targets(), to):
		return 0
	}
	return 3
}

// inOrder has the batch ping who needs it first, from each VIP. A ping of who has been asked already, as one more behind the
// same router, is done last: it is not dropped. Which VIP is whose turn stays as it is.
func (p *plan) inOrder(d *draft, n *cluster.Node) (lines []batch.Command) {
	type ranked struct {
		turn
		rank int
	}
	parts := turns(n.Batch.Commands)
	waiting, asked := map[netip.Addr][]ranked{}, map[[2]netip.Addr]bool{}
	for _, t := range parts {
		if g := t.ping(); g != nil {
			to := p.behind(g.Target)
			r := ranked{t, p.rank(to)}
			if key := [2]netip.Addr{to, g.Source}; asked[key] {
				r.rank = 3
			} else {
				asked[key] = true
			}
			waiting[g.Source] = append(waiting[g.Source], r)
		}
	}
	for _, all := range waiting { // order: each is sorted for itself
		slices.SortStableFunc(all, func(a, b ranked) int { return cmp.Compare(a.rank, b.rank) })
	}
	var order []string
	for _, t := range parts {
		if g := t.ping(); g != nil {
			t, waiting[g.Source] = waiting[g.Source][0].turn, waiting[g.Source][1:]
			order = append(order, p.nameOf(t.ping().Target))
		}
		lines = append(lines, t...)
	}
	if !same(lines, n.Batch.Commands) {
		d.To = also(d.To, order)
	}
	return lines
}

// same says whether both do the same in the same order.
func same(a, b []batch.Command) bool {
	return slices.EqualFunc(a, b, func(a, b batch.Command) bool { return a.String() == b.String() })
}
