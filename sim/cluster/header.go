package cluster

import (
	"net/netip"
	"slices"
	"strings"
	"time"

	"ipwsim/core"
	"ipwsim/netstack/policy"
	"ipwsim/sim/batch"
	"ipwsim/sim/trace"
)

// Header is the fixed part of a run's trace. The cable of a machine has the machine's name, a
// trunk the names of its switches, a router's those of both: "active", "pc1", "sw1-sw2", "core1-sw1".
func Header(bp *Blueprint, scenario string, seed uint64) trace.Header {
	h := trace.Header{Version: trace.Version, Scenario: scenario, Cluster: bp.Name, Seed: seed, Epoch: bp.Start, Cables: bp.Cables(), Watcher: trace.IPWatcher}
	for i, n := range bp.Nodes {
		one := headerNode(n)
		one.Watcher, one.Master = n.promise(), n.Outranks(bp.Peer(&n))
		if one.Watcher != nil {
			h.Watcher = one.Watcher.Kind
		}
		if bp.Mail != nil {
			d := bp.Mail.Nodes[i].Delivery
			one.LogicalIP, one.RetryFor = d.LogicalIP, d.RetryFor
		}
		if vips := inOrder(n.Entries); !slices.Equal(vips, bp.VIPs) {
			one.VIPs = vips
		}
		h.Nodes = append(h.Nodes, one)
	}
	for _, vip := range bp.VIPs {
		h.VIPs = append(h.VIPs, trace.VIP{Address: vip})
	}
	for _, c := range bp.Clients {
		h.Clients = append(h.Clients, trace.Client{
			Name: c.Name, Address: c.Address, MAC: c.MAC, Gateway: c.Gateway, Profile: c.Profile.Name,
			Idle: c.Idle, Holds: c.Profile.Holds(), Fixed: c.Profile.Age > 0,
		})
	}
	for _, r := range bp.Routers {
		router := trace.Router{Name: r.Name, Profile: r.Profile.Name, Holds: r.Profile.Holds(), Fixed: r.Profile.Age > 0, ProxyARP: r.ProxyARP.Any()}
		for _, i := range r.Interfaces {
			router.Interfaces = append(router.Interfaces, trace.RouterInterface{Cable: r.Cable(i), Address: i.Address, MAC: i.MAC})
		}
		for _, x := range r.Routes {
			router.Routes = append(router.Routes, trace.Route(x))
		}
		h.Routers = append(h.Routers, router)
	}
	for _, s := range bp.Strangers {
		h.Others = append(h.Others, trace.Other{Name: s.Name, What: trace.Stranger, Address: s.Address, MAC: s.MAC})
	}
	if m := bp.Mail; m != nil {
		h.Others = append(h.Others, trace.Other{Name: ShareName, What: "share", Address: m.Share.Address, MAC: m.Share.MAC})
		for _, o := range m.Outside {
			h.Others = append(h.Others, trace.Other{Name: o.Name, What: "mail server outside", Address: o.Address, MAC: o.MAC})
		}
	}
	h.Twins = twins(&h)
	for _, s := range bp.Switches {
		if !s.PortFast {
			h.Waits = append(h.Waits, s.Name)
		}
		if s.Tracks || s.Suppresses || s.BlockUnknown {
			h.Snoops = append(h.Snoops, trace.Snoop{
				Switch: s.Name, MAC: s.MAC, Tracks: s.Tracks, Delay: s.TrackDelay, Suppresses: s.Suppresses, Blocks: s.BlockUnknown,
			})
		}
		if s.Bindings != nil {
			h.Inspections = append(h.Inspections, trace.Inspection{Switch: s.Name, Bindings: s.Bindings})
		}
	}
	return h
}

// twins are the machines that share a MAC with another one, in the header's order.
func twins(h *trace.Header) (names []string) {
	of := map[trace.MAC][]string{}
	var macs []trace.MAC
	claim := func(name string, mac trace.MAC) {
		macs = append(macs, mac)
		of[mac] = append(of[mac], name)
	}
	for _, n := range h.Nodes {
		claim(n.Role, n.MAC)
	}
	for _, c := range h.Clients {
		claim(c.Name, c.MAC)
	}
	for _, o := range h.Others {
		claim(o.Name, o.MAC)
	}
	for _, r := range h.Routers {
		for _, i := range r.Interfaces {
			claim(r.Name, i.MAC)
		}
	}
	for _, mac := range macs {
		if len(of[mac]) > 1 {
			names = append(names, of[mac]...)
			delete(of, mac)
		}
	}
	return names
}

func headerNode(n Node) trace.Node {
	pings, rest := cure(n)
	_, flushes := n.Batch.Flush()
	return trace.Node{
		Role: n.Role, Name: n.Name, Address: n.Address, MAC: n.MAC,
		Gateway: n.Gateway, Interface: n.Interface, Table: otherName(n), Team: n.Team, Profile: n.Server.Name,

		Interval:    n.Settings.Interval,
		PingTimeout: n.Settings.PingTimeout,
		ReleaseTime: n.Settings.ReleaseCycle(),
		Again:       n.Settings.AnnounceAgain,

		NetshMin: n.NetshMin, NetshMax: n.NetshMax,
		DAD:     n.Server.Tentative(),
		Notices: n.Server.DefendInterval,
		Tries:   tries(n.Server.TCP),
		Doubts:  n.Server.AnswerIsConflict,
		Startup: trace.Startup(n.Startup),

		PublicAfterBoot: n.PublicAfterBoot, PublicAfterLink: n.PublicAfterLink,
		Tasks: taskStarts(n), Cure: pings, CureRest: rest, CureKeep: flushes && n.TaskUnelevated,
	}
}

// taskStarts are what starts the node's batch.
func taskStarts(n Node) (all []trace.TaskStart) {
	for _, t := range n.Tasks {
		s := trace.TaskStart{Trigger: trace.TriggerStartup, After: t.After, Every: t.Every, For: t.For}
		if t.On == OnEvent100 {
			s.Trigger = trace.TriggerEvent(trace.Watcher, core.EventAdded)
		}
		all = append(all, s)
	}
	return all
}

// tries are when it tries to reach who does not answer, and the end.
func tries(p policy.TCP) (all []time.Duration) {
	for n := range p.SYNs {
		all = append(all, p.SYN(n))
	}
	return append(all, p.Connect())
}

// inOrder are the VIPs of a table.
func inOrder(entries []core.Entry) (vips []netip.Addr) {
	for _, e := range entries {
		vips = append(vips, e.VIP)
	}
	return vips
}

// otherName is the name of an interface in the node's table that is not its interface's; "" when there is none.
func otherName(n Node) string {
	for _, e := range n.Entries {
		if !strings.EqualFold(e.Interface, n.Interface) {
			return e.Interface
		}
	}
	return ""
}

// cure is what the node's batch pings when the VIP was added, and what it waits behind that.
func cure(n Node) (all []trace.CurePing, rest time.Duration) {
	tasks := n.Starts(OnEvent100)
	if len(tasks) == 0 {
		return nil, 0
	}
	wait, halts, passed := tasks[0].After, n.Batch.Halts, time.Duration(0)
	for _, c := range n.Batch.Commands {
		halts = halts || c.Halt
		passed += c.Wait
		if wait += c.Wait; c.Ping == nil { // of branches, both count
			continue
		}
		if n.TaskLimit > 0 && passed >= n.TaskLimit { // its task is ended before
			return all, n.TaskLimit
		}
		count := c.Ping.Count
		switch {
		case c.Ping.Apart:
			count = 1 // those behind it do not wait
		case count == 0:
			count = batch.MaxCount // -t, which never ends
		}
		passed += time.Duration(count-1) * time.Second // or more, where nobody answers
		all = append(all, trace.CurePing{Target: c.Ping.Target, Source: c.Ping.Source, Count: count, After: wait})
		wait = 0
	}
	if halts {
		wait = trace.CureHalts
	}
	return all, wait
}
