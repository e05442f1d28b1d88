package world

import (
	"net/netip"
	"slices"
	"time"

	"ipwsim/core/diag"
	"ipwsim/netstack/wire"
	"ipwsim/sim/trace"
	"ipwsim/sim/windows"
)

// The dynamic roles: whoever has a VIP at that moment, and whoever has not.
const (
	Holder = "holder"
	Other  = "other"
)

// Do does something to the world and records it as the fault, with its number and the faults that are over
// with it. What changes nothing (the cable is out already, no such machine) is an error: a scenario that
// does it tests less than it says. After an error nothing has happened: act looks before it does anything.
func (w *World) Do(f trace.Fault, act func(trace.Fault) error) (trace.Fault, error) {
	open, records := slices.Clone(w.open), len(w.trace.Records)
	w.faults++
	f.ID = w.faults
	w.open = slices.DeleteFunc(w.open, func(o trace.Fault) bool {
		over := o.Mends(f)
		if over {
			f.Ends = append(f.Ends, o.ID)
		}
		return over
	})
	if f.Lasts() {
		w.open = append(w.open, f)
	}
	w.env.Record("", f)
	if err := act(f); err != nil {
		w.faults, w.open = w.faults-1, open
		w.trace.Cut(records)
		return f, diag.Errorf("%s: %w", f.Line(), err)
	}
	return f, nil
}

// Over ends the fault after its time, by undo, unless another one has ended it before.
func (w *World) Over(f trace.Fault, undo func()) {
	w.s.After(f.For, func() {
		still := slices.IndexFunc(w.open, func(o trace.Fault) bool { return o.ID == f.ID })
		if still < 0 {
			return
		}
		w.open = slices.Delete(w.open, still, still+1)
		w.env.Record("", trace.Over{Fault: f.ID})
		undo()
	})
}

// recovered ends the faults that Windows itself mends: all that they touch is among the parts.
func (w *World) recovered(parts ...trace.Touch) {
	w.open = slices.DeleteFunc(w.open, func(o trace.Fault) bool {
		over := o.Within(parts)
		if over {
			w.env.Record("", trace.Over{Fault: o.ID})
		}
		return over
	})
}

// Who finds the node behind a dynamic role, by the first VIP; any other name is itself.
func (w *World) Who(name string) (string, error) {
	if name != Holder && name != Other {
		return name, nil
	}
	for i, n := range w.nodes {
		if holds(n, w.vips[0]) {
			if name == Holder {
				return n.Name(), nil
			}
			return w.nodes[1-i].Name(), nil
		}
	}
	return "", diag.Errorf("no node holds %v", w.vips[0])
}

// Holds says whether the node holds the VIP now. False for a name that is no node's.
func (w *World) Holds(role string, vip netip.Addr) bool {
	n, err := w.Node(role)
	return err == nil && holds(n, vip)
}

func holds(n *windows.Node, vip netip.Addr) bool {
	return n.AddressState(vip) == trace.Preferred
}

// Node is the cluster's machine of the role.
func (w *World) Node(role string) (*windows.Node, error) {
	for _, n := range w.nodes {
		if n.Name() == role {
			return n, nil
		}
	}
	return nil, diag.Errorf("no node is named %q", role)
}

// Machine is a node or a client.
func (w *World) Machine(name string) (*windows.Machine, error) {
	if c, err := w.Client(name); err == nil {
		return c.Machine, nil
	}
	if n, err := w.Node(name); err == nil {
		return n.Machine, nil
	}
	return nil, diag.Errorf("no machine is named %q", name)
}

// Plug pulls the cable or plugs it in.
func (w *World) Plug(cable string, in bool) error {
	c, ok := w.cables[cable]
	if !ok {
		return diag.Errorf("no cable is named %q", cable)
	}
	switch {
	case c.Plugged() && in:
		return diag.Errorf("the cable is plugged in already")
	case !c.Plugged() && !in:
		return diag.Errorf("the cable is unplugged already")
	}
	c.SetPlugged(in)
	return nil
}

// Disturb changes what the cable does to what one of its ends sends, or both when from is "" (N1). What
// changes nothing is an error.
func (w *World) Disturb(cable, from string, change func(*wire.Impairment)) error {
	c, ok := w.cables[cable]
	if !ok {
		return diag.Errorf("no cable is named %q", cable)
	}
	directions := []wire.Direction{wire.AToB, wire.BToA}
	if from != "" {
		d, err := c.DirectionFrom(from)
		if err != nil {
			return err
		}
		directions = []wire.Direction{d}
	}
	changed := false
	for _, d := range directions {
		before := c.Impairment(d)
		after := before
		change(&after)
		if after == before {
			continue
		}
		changed = true
		if err := c.Impair(d, after); err != nil {
			return err
		}
		w.env.Record("", trace.Impairment{
			Cable: c.Name(), From: c.Sender(d), Cut: after.Cut, Loss: after.Loss, Duplicate: after.Duplicate,
			Delay: after.Latency + after.Jitter + after.Hold,
		})
	}
	if !changed {
		return diag.Errorf("the cable is so already")
	}
	return nil
}

// Ends are the names of what the cable joins.
func (w *World) Ends(cable string) (a, b string) {
	if c := w.cables[cable]; c != nil {
		return c.Sender(wire.AToB), c.Sender(wire.BToA)
	}
	return "", ""
}

// AddRule puts a rule on frames in force from now on.
func (w *World) AddRule(r wire.Rule) (*wire.ActiveRule, error) {
	active, err := w.net.AddRule(r)
	if err != nil {
		return nil, err
	}
	w.rules = append(w.rules, active)
	w.env.Record("", trace.Rule{
		Text: r.String(), Verdict: trace.RuleVerdict(r.Verdict.Action), Delay: r.Verdict.Delay,
		Some:  r.First > 0 || r.Nth > 0 || r.Every > 0,
		Cable: r.Cable, From: r.From, To: r.To,
		Type: r.EtherType, Protocol: string(r.Protocol), Form: string(r.Form), Port: max(r.DstPort, r.Port), Src: r.Src, Dst: r.Dst,
	})
	return active, nil
}

// RuleInForce is the rule of that number among all that the run has had, counted from 1, or for 0 the latest that is
// in force. It is an error when there is none, or when it is over.
func (w *World) RuleInForce(number int) (wire.Rule, error) {
	switch {
	case number > len(w.rules):
		return wire.Rule{}, diag.Errorf("found rule %d, expected at most %d: so many there have been", number, len(w.rules))
	case number > 0 && !w.rules[number-1].InForce():
		return wire.Rule{}, diag.Errorf("rule %d is over already", number)
	case number > 0:
		return w.rules[number-1].Rule(), nil
	}
	for _, r := range slices.Backward(w.rules) {
		if r.InForce() {
			return r.Rule(), nil
		}
	}
	return wire.Rule{}, diag.Errorf("no rule is in force")
}

// EndRule takes all rules that say the same out of force. It is an error when there is none.
func (w *World) EndRule(rule wire.Rule) error {
	ended := false
	for _, r := range w.rules {
		if r.Rule() == rule && r.InForce() {
			r.Remove()
			ended = true
		}
	}
	if !ended {
		return diag.Errorf("no such rule is in force")
	}
	w.env.Record("", trace.RuleOver{Text: rule.String()})
	return nil
}

// After does something later, unless the world ends before.
func (w *World) After(d time.Duration, do func()) { w.s.After(d, do) }
