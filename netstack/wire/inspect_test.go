package wire

import (
	"encoding/binary"
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var (
	vip   = netip.MustParseAddr("192.168.10.202")
	other = netip.MustParseAddr("192.168.10.1")
	none  = netip.IPv4Unspecified()
)

// arpFrame is an ARP message of a station, to all.
func arpFrame(n *Network, op uint16, from MAC, sender, target netip.Addr) *Frame {
	f := n.NewFrame(60)
	clear(f.B)
	copy(f.B[0:6], Broadcast[:])
	copy(f.B[6:12], from[:])
	binary.BigEndian.PutUint16(f.B[12:], TypeARP)
	b := f.B[HeaderLen:]
	copy(b, arpHeader)
	binary.BigEndian.PutUint16(b[6:], op)
	copy(b[8:14], from[:])
	copy(b[14:18], sender.AsSlice())
	copy(b[24:28], target.AsSlice())
	return f
}

// A switch that inspects ARP lets pass only what is bound; a moved VIP never gets through.
func TestInspection(t *testing.T) {
	m1, m2 := MAC{2, 0, 0, 0, 0, 1}, MAC{2, 0, 0, 0, 0, 2}
	for _, c := range []struct {
		name     string
		bindings []Binding
		frame    func(*Network) *Frame
		trusted  bool
		passes   bool
	}{
		{"bound", []Binding{{vip, m1}}, func(n *Network) *Frame { return arpFrame(n, 1, m1, vip, other) }, false, true},
		{"bound to another", []Binding{{vip, m2}}, func(n *Network) *Frame { return arpFrame(n, 2, m1, vip, vip) }, false, false},
		{"bound to both", []Binding{{vip, m2}, {vip, m1}}, func(n *Network) *Frame { return arpFrame(n, 2, m1, vip, vip) }, false, true},
		{"unknown", nil, func(n *Network) *Frame { return arpFrame(n, 1, m1, vip, other) }, false, false},
		{"unknown on a trusted port", nil, func(n *Network) *Frame { return arpFrame(n, 1, m1, vip, other) }, true, true},
		{"probe", nil, func(n *Network) *Frame { return arpFrame(n, 1, m1, none, vip) }, false, true},
		{"malformed", []Binding{{vip, m1}}, func(n *Network) *Frame {
			f := arpFrame(n, 1, m1, vip, other)
			f.B[HeaderLen+4] = 8
			return f
		}, false, false},
		{"not ARP", nil, func(n *Network) *Frame {
			f := arpFrame(n, 1, m1, vip, other)
			binary.BigEndian.PutUint16(f.B[12:], TypeIPv4)
			return f
		}, false, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, net, st := bench(2)
			_, dropped := sightings(net)
			in := net.Cables()[0].ends[1]
			in.sw.Inspect(c.bindings)
			in.Trusted = c.trusted
			st[0].port.Send(c.frame(net))
			s.RunUntil(time.Second)
			require.Equal(t, c.passes, len(st[1].got) == 1)
			require.Equal(t, c.passes, in.sw.InspectionDropped() == 0)
			require.Equal(t, c.passes, in.Counters().Discarded == 0)
			require.Equal(t, c.passes, len(*dropped) == 0)
		})
	}
}

func TestInspectionCanBeChangedAndStopped(t *testing.T) {
	s, net, st := bench(2)
	sw := net.Cables()[0].ends[1].sw
	say := func() int {
		before := len(st[1].got)
		st[0].port.Send(arpFrame(net, 1, st[0].mac, vip, other))
		s.RunUntil(s.Now() + time.Second)
		return len(st[1].got) - before
	}
	sw.Inspect(nil)
	require.Zero(t, say())
	sw.Inspect([]Binding{{vip, st[0].mac}})
	require.Equal(t, 1, say())
	require.Equal(t, uint64(1), sw.InspectionDropped(), "the count goes on when the table changes")
	sw.StopInspecting()
	require.Equal(t, 1, say())
	require.Zero(t, sw.InspectionDropped())
}
