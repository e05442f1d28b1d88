package settings

import (
	"net/netip"
	"slices"
)

// checkService wants the VIP to be answered, and what else is listed to make sense (M2, M3).
func (c *checker) checkService(s *serviceFiles) {
	for _, row := range s.binds {
		c.checkBind(s, row)
		c.checkSSL(s, row)
	}
	for _, row := range s.hidden {
		c.checkHidden(s, row)
	}
	for _, vip := range c.VIPs {
		if !s.bound(vip) {
			c.warnf(place{file: s.bindFile}, "%s does not listen on the VIP %s, so nobody reaches it there (M2); expected a line with it or %s", s.name, vip, anyAddress)
		}
	}
	if s == &c.n.smtp && c.atVIPs(s) && !slices.ContainsFunc(s.binds, func(b BindRow) bool {
		return b.Port == smtpPort && !b.SSL && (len(c.VIPs) == 0 || b.Address.IsUnspecified() || c.isVIP(b.Address))
	}) {
		c.warnf(place{file: s.bindFile}, "no line has port %d at the VIP, so other servers cannot send to %s (M1); expected one", smtpPort, s.name)
	}
	c.checkStep16(s)
}

// SSLAt says whether clients speak SSL at the port from the first byte; known is false for a port where some may.
func SSLAt(port uint16) (ssl, known bool) {
	switch port {
	case 465, 993, 995:
		return true, true
	case smtpPort, submissionPort, pop3Port, imapPort:
		return false, true
	}
	return false, false
}

// checkSSL wants SSL where clients expect it, and only there.
func (c *checker) checkSSL(s *serviceFiles, row BindRow) {
	switch ssl, known := SSLAt(row.Port); {
	case !known || ssl == row.SSL:
	case ssl:
		c.warnf(place{s.bindFile, row.Line}, "clients speak SSL to port %d, and without * behind it %s does not; expected %d*", row.Port, s.name, row.Port)
	default:
		c.warnf(place{s.bindFile, row.Line}, "clients of port %d ask for SSL first, and with * behind it %s speaks it at once; expected %d", row.Port, s.name, row.Port)
	}
}

// checkBind wants addresses that this node has or may get.
func (c *checker) checkBind(s *serviceFiles, row BindRow) {
	a := row.Address
	switch {
	case a == c.real && a.IsValid() && s.hides(a) && c.atVIPs(s):
		c.warnf(place{s.bindFile, row.Line}, "%s is hidden from %s, so nobody gets in at port %d there (M3); expected %s or %s", a, s.name, row.Port, anyAddress, c.vips())
	case a.IsUnspecified() || a.IsLoopback() || a == c.real || c.isVIP(a) || len(c.VIPs) == 0:
	case c.isReal(a):
		c.warnf(place{s.bindFile, row.Line}, "%s is the real address of the other node, so %s never gets to listen on it (M2); expected %s or %s", a, s.name, anyAddress, c.vips())
	case c.real.IsValid():
		c.warnf(place{s.bindFile, row.Line}, "%s is an address that this node never has, so %s never gets to listen on it (M2); expected %s or %s", a, s.name, anyAddress, c.vips())
	}
}

// checkHidden wants real addresses of this node hidden, nothing else.
func (c *checker) checkHidden(s *serviceFiles, row HiddenRow) {
	a, at := row.Address, place{s.hiddenFile, row.Line}
	switch {
	case c.isVIP(a):
		c.warnf(at, "%s is a VIP, and hidden from it %s is out of reach for every client (M3); expected the node's real address", a, s.name)
	case c.real.IsValid() && a != c.real && !a.IsLoopback():
		c.warnf(at, "%s is not an address of this node, so the line hides nothing (M3); expected %s", a, c.real)
	}
}

// checkStep16 finds a real address that is answered though the operator set out to hide it: the
// step is the operator's choice, but not half of it.
func (c *checker) checkStep16(s *serviceFiles) {
	if !c.real.IsValid() || !s.bound(c.real) || s.hides(c.real) {
		return
	}
	for _, other := range c.n.listening() {
		if other.hiddenFile == "" {
			continue
		}
		at := place{file: c.n.Folder}
		if s.hiddenFile != "" {
			at.file = s.hiddenFile
		}
		c.warnf(at, "%s answers on the node's real address %s, though there is %s (M3); expected the address hidden from this service too",
			s.name, c.real, other.hiddenFile)
		return
	}
}

// atVIPs says whether the service listens on every VIP, at some port.
func (c *checker) atVIPs(s *serviceFiles) bool {
	return !slices.ContainsFunc(c.VIPs, func(vip netip.Addr) bool { return !s.bound(vip) })
}

// bound says whether the service listens on the address, as far as its list goes.
func (s *serviceFiles) bound(a netip.Addr) bool {
	return slices.ContainsFunc(s.binds, func(b BindRow) bool { return b.Address.IsUnspecified() || b.Address == a })
}

func (s *serviceFiles) hides(a netip.Addr) bool {
	return slices.ContainsFunc(s.hidden, func(h HiddenRow) bool { return h.Address == a })
}

// checkPorts finds binds that are in each other's way: the one that comes second does not get it.
func (c *checker) checkPorts() {
	type taken struct {
		BindRow
		by *serviceFiles
	}
	var all []taken
	for _, s := range c.n.listening() {
		for _, row := range s.binds {
			for _, t := range all {
				if row.overlaps(t.Bind) {
					c.warnf(place{s.bindFile, row.Line}, "`%s` of %s is in the way of `%s` of %s, so one of them does not get to listen (M2); expected ports that differ", row.Bind, s.name, t.Bind, t.by.name)
				}
			}
			all = append(all, taken{row, s})
		}
	}
}

func (b Bind) overlaps(o Bind) bool {
	return b.Port == o.Port && (b.Address == o.Address || b.Address.IsUnspecified() || o.Address.IsUnspecified())
}
