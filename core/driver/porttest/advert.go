package porttest

import (
	"net/netip"
	"time"
)

var advertContracts = []Contract{
	{"advert-sent", "what is advertised arrives at the peer once, as it is, from the host's own address", advertSent},
	{"advert-heard", "what the peer advertises is heard once, as it is, with the peer's address", advertHeard},
	{"advert-own", "a host does not hear what it advertises itself", advertOwn},
	{"advert-foreign", "a packet that a router may have passed on is not heard", advertForeign},
	{"advert-left", "before Join and after Leave nothing is heard", advertLeft},
	{"advert-without-link", "what is advertised without link is lost, and does not go out later", advertWithoutLink},
}

// The TTL of what comes from the same segment, and of what a router has passed on.
const (
	sameSegment = 255
	passedOn    = 254
)

// advertises says whether the host's ports have adverts; those that have none keep every contract about them.
func (b *bench) advertises() bool {
	if b.ports.Adverts == nil {
		b.t.Logf("there are no adverts: not checked")
		return false
	}
	b.host.PeerHears(func(from netip.Addr, packet []byte) {
		b.heard = append(b.heard, "peer heard "+string(packet)+" from "+from.String())
	})
	return true
}

func (b *bench) advertise(packet string) {
	b.call("Advertise", func() { b.ports.Adverts.Advertise([]byte(packet)) })
}

func (b *bench) join() {
	b.call("Join", func() {
		b.ports.Adverts.Join(func(from netip.Addr, packet []byte) { b.hear("heard %s from %v", packet, from) })
	})
}

func advertSent(t TB, h Harness) {
	b := newBench(t, h)
	if !b.advertises() {
		return
	}
	from := " from " + b.host.Address().String()
	for _, packet := range []string{"one", "another"} {
		b.advertise(packet)
		b.wait(time.Second, "peer heard "+packet+from)
	}
	b.wantOnce("peer heard one"+from, "peer heard another"+from)
}

func advertHeard(t TB, h Harness) {
	b := newBench(t, h)
	if !b.advertises() {
		return
	}
	b.join()
	want := "heard packet from " + b.host.PeerAddress().String()
	b.host.PeerAdvertises([]byte("packet"), sameSegment)
	b.wait(time.Second, want)
	b.wantOnce(want)
}

func advertOwn(t TB, h Harness) {
	b := newBench(t, h)
	if !b.advertises() {
		return
	}
	b.join()
	b.advertise("packet")
	b.host.Advance(quiet)
	b.wantNever("heard packet from " + b.host.Address().String())
}

func advertForeign(t TB, h Harness) {
	b := newBench(t, h)
	if !b.advertises() {
		return
	}
	b.join()
	b.host.PeerAdvertises([]byte("packet"), passedOn)
	b.host.Advance(quiet)
	b.wantNever("heard packet from " + b.host.PeerAddress().String())
}

func advertLeft(t TB, h Harness) {
	b := newBench(t, h)
	if !b.advertises() {
		return
	}
	b.host.PeerAdvertises([]byte("early"), sameSegment)
	b.host.Advance(quiet)
	b.join()
	b.call("Leave", b.ports.Adverts.Leave)
	b.host.PeerAdvertises([]byte("late"), sameSegment)
	b.host.Advance(quiet)
	from := " from " + b.host.PeerAddress().String()
	b.wantNever("heard early"+from, "heard late"+from)
}

func advertWithoutLink(t TB, h Harness) {
	b := newBench(t, h)
	if !b.advertises() {
		return
	}
	b.host.Unplug()
	b.host.Advance(quiet)
	b.advertise("packet")
	b.host.Advance(quiet)
	b.host.Plug()
	b.host.Advance(usableLimit)
	b.wantNever("peer heard packet from " + b.host.Address().String())
}
