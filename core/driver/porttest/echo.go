package porttest

import (
	"net/netip"
	"time"
)

var echoContracts = []Contract{
	{"echo-answered", "an echo request that is answered in time calls back once", echoAnswered},
	{"echo-unanswered", "an echo request to an address nobody has never calls back", echoUnanswered},
	{"echo-told-apart", "the answer to one request is not taken for another's", echoToldApart},
	{"echo-without-link", "an echo request that cannot be sent never calls back", echoWithoutLink},
}

const echoTimeout = 3 * time.Second

func (b *bench) echo(vip netip.Addr, name string) {
	b.call("Echo", func() { b.ports.Prober.Echo(vip, echoTimeout, func() { b.hear("%s", name) }) })
}

func echoAnswered(t TB, h Harness) {
	b := newBench(t, h)
	for _, name := range []string{"first", "second"} {
		b.echo(b.host.Taken(), name)
		b.wait(echoTimeout, name)
	}
	b.wantOnce("first", "second")
}

func echoUnanswered(t TB, h Harness) {
	b := newBench(t, h)
	b.echo(b.host.Free(), "answered")
	b.host.Advance(2 * echoTimeout)
	b.wantNever("answered")
}

func echoToldApart(t TB, h Harness) {
	b := newBench(t, h)
	b.echo(b.host.Taken(), "taken")
	b.echo(b.host.Free(), "free")
	b.wait(echoTimeout, "taken")
	b.wantOnce("taken")
	b.wantNever("free")
}

func echoWithoutLink(t TB, h Harness) {
	b := newBench(t, h)
	b.host.Unplug()
	b.host.Advance(quiet)
	b.echo(b.host.Taken(), "answered")
	b.host.Advance(echoTimeout)
	b.wantNever("answered")
}
