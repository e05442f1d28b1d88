package driver_test

import (
	"net/netip"
	"time"
)

var advertTwins = []twin{
	{"advert-sent", "it goes out twice", func(f *fake) {
		f.broken.Adverts = adverts{fake: f, advertise: func(packet []byte) { f.Advertise(packet); f.Advertise(packet) }}
	}},
	{"advert-sent", "it comes from another address", func(f *fake) {
		f.broken.Adverts = adverts{fake: f, advertise: func(packet []byte) {
			f.after(latency, func() { f.peerHears(free, packet) })
		}}
	}},
	{"advert-heard", "it is cut short", func(f *fake) {
		f.broken.Adverts = adverts{fake: f, join: func(heard func(netip.Addr, []byte)) {
			f.Join(func(from netip.Addr, packet []byte) { heard(from, packet[:2]) })
		}}
	}},
	{"advert-heard", "nobody sent it", func(f *fake) {
		f.broken.Adverts = adverts{fake: f, join: func(heard func(netip.Addr, []byte)) {
			f.Join(func(_ netip.Addr, packet []byte) { heard(netip.Addr{}, packet) })
		}}
	}},
	{"advert-own", "it hears itself", func(f *fake) {
		f.broken.Adverts = adverts{fake: f, advertise: func(packet []byte) {
			f.Advertise(packet)
			f.after(latency, func() { f.heard(own, packet) })
		}}
	}},
	{"advert-foreign", "it hears other segments", func(f *fake) { f.anyTTL = true }},
	{"advert-left", "it hears before it is told to", func(f *fake) {
		kept := []byte(nil)
		f.heard = func(_ netip.Addr, packet []byte) { kept = packet }
		f.broken.Adverts = adverts{fake: f, join: func(heard func(netip.Addr, []byte)) {
			f.after(latency, func() { heard(other, kept) })
			f.Join(heard)
		}}
	}},
	{"advert-left", "it never stops", func(f *fake) {
		f.broken.Adverts = adverts{fake: f, leave: func() {}}
	}},
	{"advert-without-link", "it waits for the link", func(f *fake) {
		f.broken.Adverts = adverts{fake: f, advertise: func(packet []byte) {
			f.after(10*time.Second, func() { f.Advertise(packet) })
		}}
	}},
}
