package world

import (
	"net/netip"
	"time"

	"ipwsim/netstack/host"
	"ipwsim/netstack/wire"
	"ipwsim/sim/cluster"
	"ipwsim/sim/router"
)

// addRouter builds an L3 switch and plugs it in.
//
// Inferred: it runs from the start, and no fault takes its power; its cables can be pulled.
func (w *World) addRouter(r cluster.Router, switches map[string]*wire.Switch, latency time.Duration) {
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
		w.connect(r.Cable(i), built.Port(n), w.port(switches[i.Switch], r.Cable(i)), latency)
	}
	w.routers = append(w.routers, built)
	built.Start()
}
