package conform

import "ipwsim/sim/trace"

// wants is the command that a VIP needs, "" for none: a master has all on its interface, who is none has none of them (V8).
func (r *vrrp) wants(v *address) trace.CommandKind {
	is := v.state != trace.Absent && v.state != ""
	switch {
	case r.part == master && !is:
		return trace.AddAddress
	case r.part == master && v.state == trace.Duplicate,
		r.part != master && is && !v.tried,
		v.unswept && r.life != running:
		return trace.DeleteAddress
	}
	return ""
}

// follows is what follows at once from what is known: whether the VIPs are held, and the next command. With none left a
// start or a stop goes on.
func (r *vrrp) follows() {
	for _, v := range r.vips {
		switch {
		case r.part != master || v.state == trace.Absent || v.state == trace.Duplicate:
			v.held = false
		case v.state == trace.Preferred && !v.held:
			v.held, r.failed = true, false
			r.announces(v, announceLate)
		}
	}
	if r.runs != nil {
		r.next = nil
		return
	}
	next := r.first()
	if was := r.next; was == nil || next == nil || was.of != next.of || was.does != next.does {
		r.next, r.since = next, r.now
	}
	switch {
	case next != nil:
	case r.life == starting:
		r.started()
	case r.life == stopping:
		r.stopped()
	}
}

// first is the first command, in the table's order, that can begin. A stop waits for nothing (V8).
func (r *vrrp) first() *order {
	for _, v := range r.vips {
		if does := r.wants(v); does != "" && (v.retry <= r.now || r.life == stopping) {
			return &order{does, v, r.unkept(v, does)}
		}
	}
	return nil
}

// unkept is the rule that is not kept if the command does not run.
func (r *vrrp) unkept(v *address, does trace.CommandKind) *statement {
	switch {
	case r.life == starting:
		return vrrpStart
	case r.life == stopping:
		return vrrpStop
	case v.retry != -never:
		return againLate
	case does == trace.AddAddress:
		return addLate
	}
	return r.left
}

// begins is a command having begun: the one that is to.
func (r *vrrp) begins(p trace.Port) {
	switch {
	case r.next != nil && p.Does == r.next.does && p.VIP == r.next.of.ip:
		r.runs, r.next, r.id = r.next, nil, p.ID
	case r.next != nil:
		r.breach(r.next.rule, r.next.of.ip, r.now)
	case r.life != running:
		r.breach(r.inLife(nil), p.VIP, r.now)
	case p.Does == trace.AddAddress && r.part == backup:
		r.breach(masterAstray, p.VIP, r.now)
	case p.Does == trace.AddAddress:
		r.breach(addAstray, p.VIP, r.now)
	default:
		r.breach(deleteAstray, p.VIP, r.now)
	}
}

// ends is the end of the command that runs.
func (r *vrrp) ends(p trace.Port) {
	if r.runs == nil || p.ID != r.id {
		return
	}
	c := r.runs
	r.runs = nil
	if c.does == trace.AddAddress {
		r.addEnds(c.of, p.Exit)
		return
	}
	c.of.unswept, c.of.tried = false, r.life == stopping
	if c.of.state != trace.Absent && c.of.state != "" {
		c.of.retry = later(r.now, r.set.Advert)
	}
}

// addEnds is the end of an add, with event 100 if it succeeded (V1, W8). The interface has an advert's time to say so (V6).
func (r *vrrp) addEnds(v *address, exit int) {
	if exit == 0 {
		r.owes(debt{event: true, ip: v.ip}, eventMissing)
	}
	v.unswept = r.life == stopping && exit == 0
	switch {
	case r.part != master || v.state != trace.Absent && v.state != "":
	case exit != 0:
		r.givesWay(v)
	default:
		v.added, v.retry = true, later(r.now, r.set.Advert)
	}
}

// givesWay is V6: the add has failed, or did nothing.
func (r *vrrp) givesWay(v *address) {
	r.failed = true
	r.owes(debt{call: advertised, ip: v.ip}, failedUntold)
	r.listens(failedKept)
}

// addressIs is what the interface says of a VIP. A duplicate one is let be for an advert (V6).
func (r *vrrp) addressIs(v *address, s trace.AddressState) {
	if v == nil {
		return
	}
	v.state, v.added, v.retry = s, false, -never
	if s == trace.Duplicate {
		v.retry = later(r.now, r.set.Advert)
	}
}

// announces owes an announcement, and another one later (V2).
func (r *vrrp) announces(v *address, rule *statement) {
	r.owes(debt{call: trace.Announced, ip: v.ip}, rule)
	v.again = later(r.now, announcesAgain)
}
