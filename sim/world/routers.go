package world

import (
	"net/netip"

	"ipwsim/netstack/host"
	"ipwsim/sim/cluster"
	"ipwsim/sim/router"
)

// buildRouter builds an L3 switch and plugs it in.
//
// Inferred: it runs from the start, and no fault takes its power; its cables can be pulled.
func (w *World) buildRouter(r cluster.Router) {
	cfg := router.Config{Name: r.Name, Seed: w.env.Seed, Neighbor: r.Profile.Policy, Record: w.env.Record}
	for _, i := range r.Interfaces {
		cfg.Interfaces = append(cfg.Interfaces, router.Interface{Address: i.Address, MAC: i.MAC})
	}
	for _, x := range r.Routes {
		cfg.Routes = append(cfg.Routes, router.Route(x))
	}
	if proxy := r.ProxyARP; proxy.Any() {
		cfg.ProxyARP = func(n *host.NIC, ip netip.Addr) bool {
			return proxy.Names(ip) || proxy.Routed && n.RoutesElsewhere(ip)
		}
	}
	built := router.New(w.net, cfg)
	for n, i := range r.Interfaces {
		w.plug(r.Cable(i), built.Port(n), i.Switch)
	}
	w.routers = append(w.routers, built)
	built.Start()
}
