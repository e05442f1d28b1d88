package facts

import (
	"net/netip"
	"slices"
	"time"

	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

// conflict notes an address that became Duplicate.
func (r *Reader) conflict(h *host, at time.Duration, b trace.Address) {
	c := finding.Clash{At: at, Host: h.name, IP: b.IP}
	c.By, c.Whose = r.claimant(b.Owner, b.IP)
	c.Fault = r.ofStranger(c.Whose, b.IP)
	r.clashes = append(r.clashes, c)
}

// ofStranger is the latest that a stranger was made to say of the address, whether or not it is over.
func (r *Reader) ofStranger(name string, ip netip.Addr) int {
	return r.behind([]trace.Touch{{Part: trace.StrangerPart, Of: name, End: ip.String()}, {Part: trace.StrangerPart, Of: name, End: "all"}}, true)
}

// claimant is who the MAC belongs to that an address was found with. Where a switch answers for others, a node that has
// the address no more has said nothing (N8).
func (r *Reader) claimant(mac trace.MAC, ip netip.Addr) (by finding.Claimant, whose string) {
	h := r.model.header
	if mac.IsZero() {
		return finding.NobodyClaims, ""
	}
	for _, s := range h.Snoops {
		if s.MAC == mac {
			return finding.TrackerClaims, s.Switch
		}
	}
	for _, x := range h.Routers {
		if slices.ContainsFunc(x.Interfaces, func(i trace.RouterInterface) bool { return i.MAC == mac }) {
			return finding.ProxyClaims, x.Name
		}
	}
	for _, o := range r.model.nodes {
		if o.mac != mac && !slices.Contains(o.node.Team, mac) {
			continue
		}
		if i := slices.IndexFunc(h.Snoops, func(s trace.Snoop) bool { return s.Suppresses }); i >= 0 && !o.has(ip) {
			return finding.SwitchClaims, h.Snoops[i].Switch
		}
		return finding.NodeClaims, o.name
	}
	for _, o := range h.Others {
		if o.MAC == mac {
			return finding.StrangerClaims, o.Name
		}
	}
	for _, c := range h.Clients {
		if c.MAC == mac {
			return finding.StrangerClaims, c.Name
		}
	}
	return finding.NobodyClaims, ""
}

// has says whether the address is the host's, usable or about to be.
func (h *host) has(ip netip.Addr) bool {
	state := h.ownState
	if i := slices.Index(h.vips, ip); i >= 0 {
		state = h.states[i]
	} else if ip != h.own {
		return false
	}
	return h.runs() && (state == trace.Preferred || state == trace.Tentative)
}

// foreignCause is the cause that a MAC stands for which is no node's, if it is one.
func (r *Reader) foreignCause(mac trace.MAC, ip netip.Addr) (c finding.Cause, ok bool) {
	by, whose := r.claimant(mac, ip)
	return finding.Cause{Kind: finding.CauseKind(by), At: r.at, Node: whose, Fault: r.ofStranger(whose, ip)}, by.Foreign()
}

// lastConflict is the MAC that the host last found the address with.
func (r *Reader) lastConflict(host string, ip netip.Addr) *finding.Clash {
	for i := len(r.clashes) - 1; i >= 0; i-- {
		if c := &r.clashes[i]; c.Host == host && c.IP == ip {
			return c
		}
	}
	return nil
}
