package windows

import (
	"net/netip"
	"testing"
	"time"

	"ipwsim/core"
	"ipwsim/core/driver"
	"ipwsim/core/driver/porttest"
)

// TestPorts_KeepTheContract runs the suite that every adapter must pass on those of a simulated node.
func TestPorts_KeepTheContract(t *testing.T) {
	porttest.Run(t, func(_ porttest.TB, in driver.Inputs) porttest.Host { return newPortHost(t, in) })
}

// portHost is the lab's master with the test in the watcher's place; the slave is its peer, the
// client the other host.
type portHost struct{ *lab }

func newPortHost(t *testing.T, in driver.Inputs) portHost {
	l := newLab(t)
	for _, n := range []*Node{l.active, l.standby} {
		n.Start()
		n.service = newService(n) // so that none starts by itself
		n.service.in = deaf{}
	}
	l.run(4 * s)
	l.active.service.in = in
	return portHost{l}
}

// deaf hears of nothing.
type deaf struct{}

func (deaf) Wake()                                        {}
func (deaf) AddressChanged(netip.Addr, core.AddressState) {}
func (deaf) NetworkUp(string)                             {}
func (deaf) NetworkDown(string)                           {}

func (h portHost) Ports() driver.Ports     { return h.active.service.ports() }
func (h portHost) Advance(d time.Duration) { h.run(d) }
func (h portHost) Interface() string       { return iface }
func (h portHost) Free() netip.Addr        { return vip }
func (h portHost) Taken() netip.Addr       { return h.client.Address().Addr() }
func (h portHost) Unplug()                 { h.cables["active"].SetPlugged(false) }
func (h portHost) Plug()                   { h.cables["active"].SetPlugged(true) }
func (h portHost) Peer() string            { return `\\standby` }
func (h portHost) Address() netip.Addr     { return h.active.Address().Addr() }
func (h portHost) PeerAddress() netip.Addr { return h.standby.Address().Addr() }

func (h portHost) PeerHears(heard func(netip.Addr, []byte)) { h.standby.service.Join(heard) }

func (h portHost) PeerAdvertises(packet []byte, ttl uint8) {
	h.standby.host.NIC().SendGroup(advertProtocol, advertGroup, ttl, packet)
}

func (h portHost) SetPeer(p porttest.Peer) bool {
	answer := func(text string) func(string, func(string)) {
		return func(_ string, reply func(string)) { reply(text) }
	}
	pipe := h.standby.pipe
	switch p {
	case porttest.Releases:
		pipe.handler = answer("released")
	case porttest.HoldsNot:
		pipe.handler = answer("not held")
	case porttest.Refuses:
		pipe.handler = answer("refused")
	case porttest.Down:
		h.standby.PowerOff()
	case porttest.NoWatcher:
		pipe.handler = nil
	case porttest.Denies:
		pipe.handler = answer("released")
		h.standby.DenyPipe(true)
	case porttest.Silent:
		pipe.handler = func(string, func(string)) {}
	}
	return true
}

func (h portHost) PeerAsks(vip netip.Addr, as core.Balance, answered func(core.Answer)) {
	h.standby.service.Ask(`\\active`, vip, as, answered)
}
