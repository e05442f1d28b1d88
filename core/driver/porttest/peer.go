package porttest

import (
	"net/netip"
	"time"

	"ipwsim/core"
	"ipwsim/core/driver"
)

var peerContracts = []Contract{
	{"ask", "the peer's answer comes back once", askAnswered},
	{"ask-in-vain", "a peer that cannot or does not answer is NoAnswer, once, within AskLimit", askInVain},
	{"ask-for-two", "requests for two VIPs do not wait for each other", askForTwo},
	{"asked", "a request of the peer is handed over as it is, and its answer goes back", peerAsks},
	{"asked-answered-at-once", "a request may be answered before its handler returns", peerAsksAnsweredAtOnce},
	{"asked-closed", "without an open pipe nobody is asked, and the peer gets no answer", peerAsksClosed},
}

func (b *bench) ask(vip netip.Addr) {
	b.call("Ask", func() {
		b.ports.Peer.Ask(b.host.Peer(), vip, core.Master, func(a core.Answer) { b.hear("%v %v", vip, a) })
	})
}

// answer is what is heard at the end of ask.
func (b *bench) answer(vip netip.Addr, a core.Answer) string { return vip.String() + " " + a.String() }

func (b *bench) setPeer(p Peer) bool {
	can := b.host.SetPeer(p)
	if !can {
		b.t.Logf("a peer that %v cannot be had here: not checked", p)
	}
	return can
}

func askAnswered(t TB, h Harness) {
	for p, want := range []core.Answer{Releases: core.Released, HoldsNot: core.NotHeld, Refuses: core.Refused} {
		b := newBench(t, h)
		if b.setPeer(Peer(p)) {
			b.askAndWant(want)
		}
	}
}

func askInVain(t TB, h Harness) {
	for p := Down; p <= Silent; p++ {
		b := newBench(t, h)
		if b.setPeer(p) {
			b.askAndWant(core.NoAnswer)
		}
	}
}

func (b *bench) askAndWant(want core.Answer) {
	b.t.Helper()
	vip := b.host.Free()
	b.ask(vip)
	b.wait(driver.AskLimit, b.answer(vip, want))
	b.wantOnce(b.answer(vip, want))
	for a := core.Released; a <= core.NoAnswer; a++ {
		if a != want {
			b.wantNever(b.answer(vip, a))
		}
	}
}

func askForTwo(t TB, h Harness) {
	b := newBench(t, h)
	if !b.setPeer(HoldsNot) {
		return
	}
	b.ask(b.host.Free())
	b.ask(b.host.Taken())
	free, taken := b.answer(b.host.Free(), core.NotHeld), b.answer(b.host.Taken(), core.NotHeld)
	b.wait(driver.AskLimit, free)
	b.wait(driver.AskLimit, taken)
	b.wantOnce(free, taken)
}

// open opens the pipe; what is asked is heard and answered after a while, or at once.
func (b *bench) open(a core.Answer, after time.Duration) *pending {
	p := &pending{}
	b.call("Open", func() {
		b.ports.Peer.Open(func(vip netip.Addr, from core.Balance, answer func(core.Answer)) {
			b.hear("asked for %v by a %v", vip, from)
			if after == 0 {
				answer(a)
				return
			}
			p.answer = func() { answer(a) }
		})
	})
	return p
}

// pending is a request that waits for its answer.
type pending struct{ answer func() }

func (b *bench) peerAsks(as core.Balance) {
	b.host.PeerAsks(b.host.Free(), as, func(a core.Answer) { b.heard = append(b.heard, "peer was told "+a.String()) })
}

func peerAsks(t TB, h Harness) {
	for _, as := range []core.Balance{core.Master, core.Slave} {
		b := newBench(t, h)
		p := b.open(core.Released, quiet)
		b.peerAsks(as)
		request := "asked for " + b.host.Free().String() + " by a " + as.String()
		if !b.wait(commandLimit, request) {
			return
		}
		b.host.Advance(quiet)
		p.answer()
		b.wait(commandLimit, "peer was told released")
		b.wantOnce(request, "peer was told released")
	}
}

func peerAsksAnsweredAtOnce(t TB, h Harness) {
	b := newBench(t, h)
	b.open(core.Refused, 0)
	b.peerAsks(core.Slave)
	b.wait(commandLimit, "peer was told refused")
	b.wantOnce("peer was told refused")
}

func peerAsksClosed(t TB, h Harness) {
	b := newBench(t, h)
	b.peerAsks(core.Master)
	b.wait(driver.AskLimit, "peer was told no answer")

	b.heard = nil
	b.open(core.Released, 0)
	b.call("Close", b.ports.Peer.Close)
	b.peerAsks(core.Master)
	b.wait(driver.AskLimit, "peer was told no answer")
	b.wantNever("peer was told released", "asked for "+b.host.Free().String()+" by a master")
}
