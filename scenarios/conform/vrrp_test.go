package conform_test

import (
	"net/netip"
	"time"

	"ipwsim/sim/trace"
)

// adverts are advertisements that the node sends, or else hears.
func adverts(sent bool) func(trace.Body) bool {
	return func(b trace.Body) bool { a, is := b.(trace.Adverts); return is && a.From.IsValid() != sent }
}

// of are those that it sends of that priority.
func of(priority int) func(trace.Body) bool {
	return func(b trace.Body) bool { return adverts(true)(b) && b.(trace.Adverts).Priority == priority }
}

// saying changes advertisements.
func saying(f func(a *trace.Adverts)) func(trace.Body) trace.Body {
	return func(b trace.Body) trace.Body { a := b.(trace.Adverts); f(&a); return a }
}

// spoiledRouters are likewise of VRRP. In vrrp-stop the active node, master since -15.3 s, stops at 20 s and starts again at
// 40 s; in vrrp-cable-pull it loses its link at 20.3 s and has it back at 40 s.
var spoiledRouters = []spoilt{
	{"p10.v-start", "vrrp-stop", "active", func(s *spoiler) { s.drop(s.find(-time.Hour, "active", begins(trace.DeleteAddress))) }},
	{"p10.v-early", "vrrp-stop", "active", func(s *spoiler) {
		i := s.find(-time.Hour, "active", begins(trace.DeleteAddress))
		s.add(s.Records[i].At, "active", trace.Port{Call: trace.AdvertsJoined})
	}},
	{"p10.v-join", "vrrp-stop", "active", func(s *spoiler) { s.drop(s.find(-time.Hour, "active", port(trace.AdvertsJoined))) }},
	{"p10.v-astray", "vrrp-stop", "active", func(s *spoiler) { // it asks its peer
		s.behind("active", -11*sec, port(trace.Announced), trace.Port{Call: trace.PeerAsked, VIP: vip})
	}},
	{"p10.v-advert", "vrrp-stop", "active", func(s *spoiler) {
		s.change(s.find(20*sec, "active", of(100)), saying(func(a *trace.Adverts) { a.N, a.Last = a.N-1, a.Last-sec }))
	}},
	{"p10.v-advert", "vrrp-stop", "active", func(s *spoiler) { // the last comes too late
		s.change(s.find(20*sec, "active", of(100)), saying(func(a *trace.Adverts) { a.N, a.First = 1, a.Last+time.Millisecond; a.Last = a.First }))
	}},
	{"p10.v-adverts", "vrrp-stop", "active", func(s *spoiler) {
		s.change(s.find(20*sec, "active", of(100)), saying(func(a *trace.Adverts) { a.N++ }))
	}},
	{"p10.v-content", "vrrp-stop", "active", func(s *spoiler) {
		s.change(s.find(-time.Hour, "active", adverts(true)), saying(func(a *trace.Adverts) { a.Router++ }))
	}},
	{"p10.v-content", "vrrp-stop", "active", func(s *spoiler) {
		s.change(s.find(-time.Hour, "active", adverts(true)), saying(func(a *trace.Adverts) { a.VIPs = nil }))
	}},
	{"p10.v-content", "vrrp-stop", "active", func(s *spoiler) {
		s.change(s.find(-time.Hour, "active", adverts(true)), saying(func(a *trace.Adverts) { a.Damaged = true }))
	}},
	{"p10.v-priority", "vrrp-stop", "active", func(s *spoiler) { // since it has added the VIP
		s.change(s.find(-11*sec, "active", adverts(true)), saying(func(a *trace.Adverts) { a.Priority = 1 }))
	}},
	{"p10.v-master", "vrrp-cable-pull", "standby", func(s *spoiler) { s.drop(s.find(20*sec, "standby", adverts(true))) }},
	{"p10.v-master", "vrrp-cable-pull", "standby", func(s *spoiler) { // what it heeds is none of its router's
		s.change(s.find(20*sec, "standby", adverts(false)), saying(func(a *trace.Adverts) { a.Router++ }))
	}},
	{"p10.v-master", "vrrp-cable-pull", "active", func(s *spoiler) { // it heeds a lower priority
		s.drop(s.find(40*sec, "active", of(100)))
	}},
	{"p10.v-masters", "vrrp-cable-pull", "standby", func(s *spoiler) { // too early by some of its skew time
		s.change(s.find(20*sec, "standby", adverts(true)), saying(func(a *trace.Adverts) {
			a.First, a.Last = a.First-100*time.Millisecond, a.Last-100*time.Millisecond
		}))
	}},
	{"p10.v-masters", "vrrp-cable-pull", "active", func(s *spoiler) { // it does not heed an equal priority of a higher address
		s.change(s.find(40*sec, "active", adverts(false)), saying(func(a *trace.Adverts) { a.Priority = 100 }))
	}},
	{"p10.v-add", "vrrp-cable-pull", "standby", func(s *spoiler) { s.delay(s.find(20*sec, "standby", begins(trace.AddAddress)), time.Millisecond) }},
	{"p10.v-adds", "vrrp-cable-pull", "standby", func(s *spoiler) { s.again(s.find(20*sec, "standby", begins(trace.AddAddress))) }},
	{"p10.v-announce", "vrrp-cable-pull", "standby", func(s *spoiler) { s.drop(s.find(20*sec, "standby", port(trace.Announced))) }},
	{"p10.v-announce", "vrrp-cable-pull", "standby", func(s *spoiler) { s.drop(s.find(25*sec, "standby", port(trace.Announced))) }},
	{"p10.v-announces", "vrrp-cable-pull", "standby", func(s *spoiler) { s.again(s.find(20*sec, "standby", port(trace.Announced))) }},
	{"p10.v-lower", "vrrp-split", "active", func(s *spoiler) {
		s.drop(s.find(60*sec, "active", func(b trace.Body) bool { return of(100)(b) && b.(trace.Adverts).First > 60*sec }))
	}},
	{"p10.v-lower-announce", "vrrp-split", "active", func(s *spoiler) { s.drop(s.find(60*sec, "active", port(trace.Announced))) }},
	{"p10.v-outranked", "vrrp-cable-pull", "standby", func(s *spoiler) { s.drop(s.find(40*sec, "standby", begins(trace.DeleteAddress))) }},
	{"p10.v-stop", "vrrp-stop", "active", func(s *spoiler) { s.drop(s.find(20*sec, "active", begins(trace.DeleteAddress))) }},
	{"p10.v-after", "vrrp-stop", "active", func(s *spoiler) { s.add(20*sec, "active", trace.Port{Call: trace.AdvertsJoined}) }},
	{"p10.v-resign", "vrrp-stop", "active", func(s *spoiler) { s.drop(s.find(20*sec, "active", of(0))) }},
	{"p10.v-after", "vrrp-stop", "active", func(s *spoiler) { // it resigns before its VIP is deleted
		i := s.find(20*sec, "active", of(0))
		resigns := s.Records[i].Body.(trace.Adverts)
		s.drop(i)
		resigns.First, resigns.Last = 20*sec, 20*sec
		s.add(20*sec, "active", resigns)
	}},
	{"p10.v-resigned", "vrrp-stop", "standby", func(s *spoiler) { s.drop(s.find(20*sec, "standby", adverts(true))) }},
	{"p10.v-resigned-told", "vrrp-stop", "active", func(s *spoiler) {
		at := s.Records[s.find(-11*sec, "active", port(trace.Announced))].At
		s.add(at, "active", trace.Adverts{From: peer, N: 1, First: at, Last: at, Router: 51, Advert: sec, VIPs: []netip.Addr{vip}})
	}},
	{"p10.v-end", "vrrp-stop", "active", func(s *spoiler) { s.drop(s.find(20*sec, "active", port(trace.AdvertsLeft))) }},
	{"p10.v-ends", "vrrp-stop", "active", func(s *spoiler) {
		s.add(20*sec, "active", trace.Service{Name: trace.Watcher, State: trace.Stopped})
	}},
	{"p10.v-link", "vrrp-cable-pull", "active", func(s *spoiler) { s.drop(s.find(20*sec, "active", begins(trace.DeleteAddress))) }},
	{"p10.v-failed", "vrrp-add-fails", "active", func(s *spoiler) { s.drop(s.find(43*sec, "active", of(0))) }},
	{"p10.v-failed-kept", "testdata/second-add-fails.txtar", "active", func(s *spoiler) {
		i := s.find(31*sec, "active", of(0))
		s.drop(s.find(s.Records[i].At, "active", begins(trace.DeleteAddress)))
	}},
	{"p10.v-again", "vrrp-windows", "active", func(s *spoiler) { s.drop(s.find(60*sec, "active", begins(trace.DeleteAddress))) }},
	{"p10.v-found", "vrrp-stop", "standby", func(s *spoiler) { // added by hand
		s.behind("standby", 20*sec, adverts(false), trace.Port{Call: trace.AddressTold, VIP: vip, State: trace.Preferred})
	}},
	{"p10.v-deletes", "vrrp-cable-pull", "standby", func(s *spoiler) {
		s.behind("standby", 20*sec, port(trace.Announced), trace.Port{Call: trace.CommandBegins, VIP: vip, ID: 3, Does: trace.DeleteAddress})
	}},
	{"p10.event", "vrrp-cable-pull", "standby", func(s *spoiler) { s.drop(s.find(20*sec, "standby", event)) }},
}

// peer is the standby's address.
var peer = netip.MustParseAddr("192.168.10.201")

// behind puts a record at the time of the first one that is so.
func (s *spoiler) behind(node string, from time.Duration, so func(trace.Body) bool, b trace.Body) {
	s.add(s.Records[s.find(from, node, so)].At, node, b)
}
