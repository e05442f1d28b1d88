package world

import (
	"net/netip"
	"time"

	"ipwsim/core/diag"
	"ipwsim/sim/share"
	"ipwsim/sim/trace"
)

// serveShare starts the server of the share's machine, which was just booted.
func (m *mailServer) serveShare() {
	p := m.nas.StartProcess("server")
	p.Go("listen", func() {
		if l, err := p.Listen(netip.AddrPortFrom(netip.IPv4Unspecified(), share.Port)); err == nil {
			_ = share.Serve(p, l, m.disk)
		}
	})
}

// AnyOperation counts the operations on the share of whichever kind.
const AnyOperation = "any"

// CrashShare takes the power of the share's machine: at once with n = 0, else when its server has done n operations of
// that name (or AnyOperation) from now on, before it answers the last of them. What was answered is on the disk, unless
// that lies.
func (w *World) CrashShare(operation string, n int) error {
	m := w.mail
	switch {
	case m == nil:
		return ErrNoMail
	case m.nas.Power() != trace.On:
		return diag.Errorf("the share is off already")
	case n == 0:
		m.crash()
		return nil
	}
	m.disk.OnDone(func(op string) bool {
		if operation == AnyOperation || op == operation {
			n--
		}
		if n == 0 {
			m.crash()
		}
		return n == 0
	})
	return nil
}

func (m *mailServer) crash() {
	m.disk.OnDone(nil)
	m.nas.PowerOff()
	m.disk.Crash()
}

// BootShare switches the share's machine on again. Inferred: it serves at once, as if the time of its boot were over.
func (w *World) BootShare() error {
	m := w.mail
	switch {
	case m == nil:
		return ErrNoMail
	case m.nas.Power() == trace.On:
		return diag.Errorf("the share is on already")
	}
	m.nas.Start()
	m.serveShare()
	return nil
}

// SlowShare is how long each operation takes from now on; 0: as the cluster has it.
func (w *World) SlowShare(each time.Duration) error {
	m := w.mail
	if m == nil {
		return ErrNoMail
	}
	if each == 0 {
		each = m.bp.Share.Latency
	}
	if each == m.latency {
		return diag.Errorf("the share is so already")
	}
	m.latency = each
	m.disk.SetLatency(each)
	return nil
}

// DropSession makes the share forget the node's sessions without telling it.
func (w *World) DropSession(role string) error {
	if w.mail == nil {
		return ErrNoMail
	}
	n, err := w.Node(role)
	if err != nil {
		return err
	}
	from := []netip.Addr{n.Address().Addr()}
	for _, ip := range w.vips {
		if holds(n, ip) {
			from = append(from, ip)
		}
	}
	if !w.mail.disk.Drop(from...) {
		return diag.Errorf("%s has no session with the share; the fault changes nothing", role)
	}
	return nil
}

// admit says whom the share lets in (C3).
func (m *mailServer) admit() {
	m.disk.SetAccounts(append(m.world.bp.Administrators.Names(), "Administrator")...)
}

// DenyShare changes the password of the account that may use the share, so that nobody may, or back.
func (w *World) DenyShare(deny bool) error {
	m := w.mail
	switch {
	case m == nil:
		return ErrNoMail
	case m.denied == deny:
		return diag.Errorf("the account is so already")
	}
	m.denied = deny
	if deny {
		m.disk.SetAccounts()
	} else {
		m.admit()
	}
	return nil
}

// runsAt says whether the address is not a node's that is off or frozen.
func (w *World) runsAt(ip netip.Addr) bool {
	for _, n := range w.nodes {
		if n.Address().Addr() == ip {
			return n.Power() == trace.On || n.Power() == trace.Stopping
		}
	}
	return true
}
