package search

import (
	"slices"
	"strings"
)

// simpler are the ways to make the world simpler, the boldest first.
func (w *World) simpler() []func(*World) {
	if w.Cluster != "" {
		return asItIs
	}
	return simpler
}

// asItIs are those of a cluster as it is: of it there is nothing to make simpler.
var asItIs = []func(*World){
	func(w *World) { w.Ties = false },
	func(w *World) { w.Seed = 1 },
}

// simpler are those of a drawn one.
var simpler = []func(*World){
	func(w *World) { *w = plain(w.Seed) },
	func(w *World) { // all but the settings
		p := plain(w.Seed)
		p.Interval, p.PingTimeout, p.ReleaseTime, p.Balance, p.Mail, p.VRRP = w.Interval, w.PingTimeout, w.ReleaseTime, w.Balance, w.Mail, w.VRRP
		p.Rare.Domains, p.Rare.Each = w.Rare.Domains, w.Rare.Each
		if p.Rare.Each {
			p.VIPs = 2
		}
		*w = p
	},
	func(w *World) { w.Rare.Masks = Masks{} },
	func(w *World) { w.Rare = Rarities{} },
	func(w *World) { w.Rare = Rarities{Masks: w.Rare.Masks, VRRP: w.Rare.VRRP} },
	func(w *World) { w.Rare = Rarities{Domains: w.Rare.Domains, Each: w.Rare.Each, VRRP: w.Rare.VRRP} },
	func(w *World) { w.Rare.Domains = false },
	func(w *World) { w.Rare.Each = false },
	func(w *World) { w.Rare.VRRP = Rank{} },
	func(w *World) { w.Rare.Masks.Nodes[0] = 0 },
	func(w *World) { w.Rare.Masks.Nodes[1] = 0 },
	func(w *World) { w.Rare.Masks.Stranger = 0 },
	func(w *World) { w.Rare.Nodes[0] = RareNode{} },
	func(w *World) { w.Rare.Nodes[1] = RareNode{} },
	func(w *World) { w.Rare = Rarities{Nodes: w.Rare.Nodes, Masks: w.Rare.Masks, VRRP: w.Rare.VRRP} },
	func(w *World) { w.Ties = false },
	func(w *World) { w.Cold = false },
	func(w *World) { w.Mail = false },
	func(w *World) { w.Lossy = false },
	func(w *World) { w.VRRP = false },
	func(w *World) { w.Again = false },
	func(w *World) { w.Stranger = nil },
	func(w *World) {
		w.Offices, w.Routers = 0, nil
		for i := range w.Clients {
			w.Clients[i].Office = 0
		}
	},
	(*World).joinSwitches,
	func(w *World) { w.VIPs = 1; w.dropCures() },
	func(w *World) { w.VIPs = min(w.VIPs, 2); w.dropCures() },
	func(w *World) { w.Clients = w.Clients[:1]; w.dropCures() },
	func(w *World) { w.Clients = w.Clients[len(w.Clients)-1:]; w.dropCures() },
	(*World).dropCures,
	func(w *World) { w.Switches = [2]Switch{} },
	func(w *World) { w.Balance = [2]int{0, 1} },
	func(w *World) { w.ReleaseTime = 60 },
	func(w *World) { w.PingTimeout = 3 },
	func(w *World) { w.Interval = 30 },
	func(w *World) { w.Nodes[0] = w.Nodes[0].simple() },
	func(w *World) { w.Nodes[1] = w.Nodes[1].simple() },
	func(w *World) { w.Nodes[0].Team = false },
	func(w *World) { w.Nodes[1].Team = false },
	func(w *World) { w.Nodes[0].PublicAfterBoot, w.Nodes[0].PublicAfterLink = 0, 0 },
	func(w *World) { w.Nodes[1].PublicAfterBoot, w.Nodes[1].PublicAfterLink = 0, 0 },
	func(w *World) {
		for i, c := range w.Clients {
			w.Clients[i] = Client{Profile: "windows-modern", Office: c.Office, SecondSwitch: c.SecondSwitch}
		}
	},
	func(w *World) { w.Seed = 1 },
}

// joinSwitches has all that was behind the second switch at the first.
func (w *World) joinSwitches() {
	w.Trunk = false
	for i := range w.Nodes {
		w.Nodes[i].SecondSwitch = false
	}
	for i := range w.Clients {
		w.Clients[i].SecondSwitch = false
	}
	if w.Stranger != nil {
		w.Stranger.SecondSwitch = false
	}
}

// joinClients leaves so many. The first of them does what those did who are gone, and is made as that one of all is.
func (c *Case) joinClients(left, as int) {
	c.World = c.World.clone()
	c.World.Clients[0] = c.World.Clients[as]
	c.Faults = slices.Clone(c.Faults)
	for i := range c.Faults {
		words := strings.Split(c.Faults[i].Rest, " ")
		for k, word := range words {
			for gone := left; gone < len(c.World.Clients); gone++ {
				if word == clientName(gone) {
					words[k] = clientName(0)
				}
			}
		}
		c.Faults[i].Rest = strings.Join(words, " ")
	}
	c.World.Clients = c.World.Clients[:left]
	c.World.dropCures()
}

func (w *World) dropCures() {
	for i := range w.Nodes {
		w.Nodes[i].Cure = nil
	}
}

// simple is the guide's node, where it is.
func (n Node) simple() Node {
	simple := plain(0).Nodes[0]
	simple.SecondSwitch, simple.Team = n.SecondSwitch, n.Team
	return simple
}

// clone is the world for somebody who changes it.
func (w World) clone() World {
	w.Routers, w.Clients = slices.Clone(w.Routers), slices.Clone(w.Clients)
	if w.Stranger != nil {
		s := *w.Stranger
		w.Stranger = &s
	}
	return w
}
