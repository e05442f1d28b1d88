package cluster

import (
	"cmp"
	"net/netip"
	"slices"
)

// Route is a router's way to a subnet that it is not in itself.
type Route struct {
	Prefix netip.Prefix
	Via    netip.Addr // a neighbour router's address, in a subnet of both
}

// Converge gives each router its routes, as a routing protocol that counts hops does once it has
// settled: to every subnet that some router is in, by the fewest routers. A subnet that no way
// leads to gets none. Routes are in the order of their prefixes.
//
// Inferred: of ways equally long the one by the lowest address of a neighbour is taken, and routes
// do not change during a run, for a pulled cable neither.
func Converge(routers []Router) {
	for i := range routers {
		routers[i].Routes = nil
	}
	for _, subnet := range subnets(routers) {
		hops := hopsTo(subnet, routers)
		for i := range routers {
			if via, ok := nextHop(i, routers, hops); ok {
				routers[i].Routes = append(routers[i].Routes, Route{subnet, via})
			}
		}
	}
}

// subnets are those that a router is in, sorted.
func subnets(routers []Router) (all []netip.Prefix) {
	for _, r := range routers {
		for _, i := range r.Interfaces {
			all = append(all, i.Address.Masked())
		}
	}
	slices.SortFunc(all, func(a, b netip.Prefix) int {
		return cmp.Or(a.Addr().Compare(b.Addr()), cmp.Compare(a.Bits(), b.Bits()))
	})
	return slices.Compact(all)
}

// hopsTo counts, for each router, the routers on its shortest way to the subnet: 0 in it, -1 when
// there is none.
func hopsTo(subnet netip.Prefix, routers []Router) []int {
	hops := make([]int, len(routers))
	var reached []int
	for i, r := range routers {
		hops[i] = -1
		if r.in(subnet) {
			hops[i] = 0
			reached = append(reached, i)
		}
	}
	for ; len(reached) > 0; reached = reached[1:] { // grows while it is walked, the nearest first
		from := reached[0]
		for i := range routers {
			if hops[i] < 0 && routers[i].meets(&routers[from]) {
				hops[i] = hops[from] + 1
				reached = append(reached, i)
			}
		}
	}
	return hops
}

// nextHop is the lowest address of a neighbour that is one hop nearer than the router.
func nextHop(router int, routers []Router, hops []int) (via netip.Addr, ok bool) {
	if hops[router] <= 0 {
		return via, false
	}
	for i, neighbor := range routers {
		if hops[i] != hops[router]-1 {
			continue
		}
		for _, itf := range neighbor.Interfaces {
			if a := itf.Address.Addr(); routers[router].in(itf.Address.Masked()) && (!ok || a.Less(via)) {
				via, ok = a, true
			}
		}
	}
	return via, ok
}

// in says whether the router has an interface in the subnet.
func (r *Router) in(subnet netip.Prefix) bool {
	return slices.ContainsFunc(r.Interfaces, func(i RouterInterface) bool { return i.Address.Masked() == subnet })
}

// meets says whether the routers have a subnet in common.
func (r *Router) meets(o *Router) bool {
	return slices.ContainsFunc(o.Interfaces, func(i RouterInterface) bool { return r.in(i.Address.Masked()) })
}

// reaches says whether the router sends packets for the subnet anywhere.
func (r *Router) reaches(subnet netip.Prefix) bool {
	return r.in(subnet) || slices.ContainsFunc(r.Routes, func(x Route) bool { return x.Prefix == subnet })
}
