package windows

import (
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/trace"
)

// The checksums of those of priority 100 and of 0.
const (
	checksumOf100 = 0xf2f4
	checksumOf0   = 0x56f5
)

// advert is one of 192.168.10.200 with that priority (RFC 5798, 5.2).
func advert(priority byte, checksum uint16) []byte {
	return []byte{0x31, 51, priority, 1, 0, 100, byte(checksum >> 8), byte(checksum), 192, 168, 10, 202}
}

// talking is a lab in which both watchers are the test's.
func talking(t *testing.T) (*lab, *overheard, *overheard) {
	l := newPortHost(t, deaf{}).lab
	l.skip()
	return l, l.active.service.ears, l.standby.service.ears
}

// adverts are what the trace has of the node's.
func (l *lab) adverts(n *Node) (all []trace.Adverts) {
	n.TellPolls()
	for _, r := range l.env.Trace.Records[l.seen:] {
		if b, is := r.Body.(trace.Adverts); is && r.Host == n.Name() {
			all = append(all, b)
		}
	}
	return all
}

// V1, P10: advertisements at one pace and of one content are one record, of who sends and of who hears them; another
// content begins another.
func TestP10_AdvertsAreToldInRuns(t *testing.T) {
	l, sends, hears := talking(t)
	hears.Join(func(netip.Addr, []byte) {})
	start := l.s.Now()
	for range 10 {
		sends.Advertise(advert(100, checksumOf100))
		l.run(s)
	}
	sends.Advertise(advert(0, checksumOf0))
	l.run(s)
	one := trace.Adverts{N: 10, First: start, Last: start + 9*s, Router: 51, Priority: 100, Advert: s, VIPs: []netip.Addr{vip}}
	last := one
	last.N, last.First, last.Last, last.Priority = 1, start+10*s, start+10*s, 0
	require.Equal(t, []trace.Adverts{one, last}, l.adverts(l.active))
	heard := l.adverts(l.standby)
	require.Len(t, heard, 2)
	require.Equal(t, l.active.Address().Addr(), heard[0].From)
	require.Equal(t, 10, heard[0].N)
	require.Equal(t, 9*s, heard[0].Last-heard[0].First)
	require.Equal(t, 0, heard[1].Priority)
}

// Another pace begins another record, as an announcement does between two.
func TestP10_AdvertsBetweenOthersAreTold(t *testing.T) {
	l, sends, _ := talking(t)
	for _, pause := range []time.Duration{s, s, 2 * s} {
		sends.Advertise(advert(100, checksumOf100))
		l.run(pause)
	}
	sends.Announce(vip)
	sends.Advertise(advert(100, checksumOf100))
	var n []int
	for _, a := range l.adverts(l.active) {
		n = append(n, a.N)
	}
	require.Equal(t, []int{3, 1}, n)
}

// V1: what is no advertisement, or is damaged, is told as that.
func TestV1_ADamagedAdvertIsTold(t *testing.T) {
	own := netip.MustParseAddr("192.168.10.200")
	good := advert(100, checksumOf100)
	require.False(t, readAdvert(own, good).Damaged)
	for i := range good {
		bad := append([]byte{}, good...)
		bad[i] ^= 0x40
		require.True(t, readAdvert(own, bad).Damaged, "byte %d", i)
	}
	require.True(t, readAdvert(own, good[:11]).Damaged)
	require.True(t, readAdvert(own, nil).Damaged)
	require.True(t, readAdvert(vip, good).Damaged, "another sender")
}
