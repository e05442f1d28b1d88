package porttest

import "ipwsim/core"

var linkContracts = []Contract{
	{"link-loss", "losing the link deletes no address", linkLoss},
	{"link-down", "with the link lost the network is reported down, once", linkDown},
	{"link-back", "with the link back the network is reported up, when echo requests can be sent", linkBack},
	{"link-back-address", "with the link back a held address is Preferred again", linkBackAddress},
}

func linkLoss(t TB, h Harness) {
	b := newBench(t, h)
	if !b.hold() {
		return
	}
	b.host.Unplug()
	b.host.Advance(quiet)
	b.wantNever(b.is(b.host.Free(), core.Absent), b.is(b.host.Free(), core.Duplicate))
}

func linkDown(t TB, h Harness) {
	b := newBench(t, h)
	b.host.Unplug()
	down := "network down on " + b.host.Interface()
	b.wait(commandLimit, down)
	b.wantOnce(down)
}

func linkBack(t TB, h Harness) {
	b := newBench(t, h)
	b.host.Unplug()
	b.host.Advance(quiet)
	b.heard = nil
	b.host.Plug()
	up := "network up on " + b.host.Interface()
	if b.wait(usableLimit, up) {
		b.echo(b.host.Taken(), "answered")
		b.wait(echoTimeout, "answered")
		b.wantOnce(up, "answered")
	}
}

// linkBackAddress lets a host that keeps an address Preferred without a link do so (H1).
func linkBackAddress(t TB, h Harness) {
	b := newBench(t, h)
	if !b.hold() {
		return
	}
	b.heard = nil
	b.host.Unplug()
	b.host.Advance(quiet)
	wentAway := b.count(b.is(b.host.Free(), core.Tentative)) > 0
	b.host.Plug()
	if wentAway {
		b.wait(usableLimit, b.is(b.host.Free(), core.Preferred))
	}
	b.wantNever(b.is(b.host.Free(), core.Absent), b.is(b.host.Free(), core.Duplicate))
}
