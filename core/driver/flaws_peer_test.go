package driver_test

import (
	"net/netip"

	"ipwsim/core"
	"ipwsim/core/driver/porttest"
)

var peerTwins = []twin{
	{"ask", "an answer comes twice", func(f *fake) {
		f.broken.Peer = peer{fake: f, ask: func(vip netip.Addr, answer func(core.Answer)) {
			f.Ask("", vip, core.Master, func(a core.Answer) { answer(a); answer(a) })
		}}
	}},
	{"ask", "it answers from within", func(f *fake) {
		f.broken.Peer = peer{fake: f, ask: func(_ netip.Addr, answer func(core.Answer)) { answer(core.Released) }}
	}},
	{"ask", "refused is taken for not held", func(f *fake) {
		f.broken.Peer = peer{fake: f, ask: func(vip netip.Addr, answer func(core.Answer)) {
			f.Ask("", vip, core.Master, func(a core.Answer) {
				if a == core.Refused {
					a = core.NotHeld
				}
				answer(a)
			})
		}}
	}},
	{"ask-in-vain", "a silent peer is waited for for ever", func(f *fake) {
		f.broken.Peer = peer{fake: f, ask: func(vip netip.Addr, answer func(core.Answer)) {
			if f.peer != porttest.Silent {
				f.Ask("", vip, core.Master, answer)
			}
		}}
	}},
	{"ask-in-vain", "a denial is taken for a refusal", func(f *fake) {
		f.broken.Peer = peer{fake: f, ask: func(vip netip.Addr, answer func(core.Answer)) {
			f.Ask("", vip, core.Master, func(a core.Answer) {
				if f.peer == porttest.Denies {
					a = core.Refused
				}
				answer(a)
			})
		}}
	}},
	{"ask-for-two", "the second request is dropped", func(f *fake) {
		busy := false
		f.broken.Peer = peer{fake: f, ask: func(vip netip.Addr, answer func(core.Answer)) {
			if !busy {
				busy = true
				f.Ask("", vip, core.Master, answer)
			}
		}}
	}},
	{"asked", "everybody is a master", func(f *fake) {
		f.broken.Peer = peer{fake: f, open: func(asked func(netip.Addr, core.Balance, func(core.Answer))) {
			f.Open(func(vip netip.Addr, _ core.Balance, answer func(core.Answer)) { asked(vip, core.Master, answer) })
		}}
	}},
	{"asked", "a late answer is lost", func(f *fake) {
		f.broken.Peer = peer{fake: f, open: func(asked func(netip.Addr, core.Balance, func(core.Answer))) {
			f.Open(func(vip netip.Addr, from core.Balance, answer func(core.Answer)) {
				start := f.now
				asked(vip, from, func(a core.Answer) {
					if f.now == start {
						answer(a)
					}
				})
			})
		}}
	}},
	{"asked-answered-at-once", "an answer from within is lost", func(f *fake) {
		f.broken.Peer = peer{fake: f, open: func(asked func(netip.Addr, core.Balance, func(core.Answer))) {
			f.Open(func(vip netip.Addr, from core.Balance, answer func(core.Answer)) {
				start := f.now
				asked(vip, from, func(a core.Answer) {
					if f.now != start {
						answer(a)
					}
				})
			})
		}}
	}},
	{"asked-closed", "a closed pipe answers", func(f *fake) {
		f.broken.Peer = peer{fake: f, close: func() {}}
	}},
}
