package frames

import (
	"encoding/binary"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/netstack/vtime"
	"ipwsim/netstack/wire"
	"ipwsim/sim/trace"
)

// segment is a TCP segment from node 2 to node 1 between two ports; n tells frames apart.
func segment(src, dst uint16, n int) []byte {
	b := make([]byte, wire.HeaderLen+44)
	b[5], b[11] = 1, 2
	binary.BigEndian.PutUint16(b[12:], 0x0800)
	b[wire.HeaderLen], b[wire.HeaderLen+9] = 0x45, 6
	binary.BigEndian.PutUint16(b[wire.HeaderLen+20:], src)
	binary.BigEndian.PutUint16(b[wire.HeaderLen+22:], dst)
	binary.BigEndian.PutUint32(b[wire.HeaderLen+24:], uint32(n))
	return b
}

func TestWhatIsACrowd(t *testing.T) {
	with := func(i int, v byte) []byte {
		b := segment(50000, 25, 0)
		b[i] = v
		return b
	}
	for _, c := range []struct {
		name  string
		frame []byte
		want  Kind
	}{
		{"SMTP", segment(50000, 25, 0), Mail},
		{"SMTP's answer", segment(25, 50000, 0), Mail},
		{"POP3", segment(50000, 110, 0), Mail},
		{"IMAP", segment(50000, 143, 0), Mail},
		{"the share", segment(50000, 1021, 0), Share},
		{"the watchers' pipe", segment(50000, 445, 0), ""},
		{"UDP", with(wire.HeaderLen+9, 17), ""},
		{"ARP", with(13, 6), ""},
		{"cut short", segment(50000, 25, 0)[:wire.HeaderLen+19], ""},
		{"cut within a longer header", with(wire.HeaderLen, 0x4f)[:wire.HeaderLen+40], ""},
		{"nothing", nil, ""},
	} {
		require.Equal(t, c.want, crowded(c.frame), c.name)
	}
}

// Of each crowd the last before a moment and the first after it are kept, of other frames all.
func TestACrowdIsThinnedAtAMoment(t *testing.T) {
	const sent = 100
	for _, c := range []struct {
		name string
		port uint16
		most int
	}{
		{"mail", 25, mostOf[Mail]}, {"share", 1021, mostOf[Share]}, {"the watchers' pipe", 445, sent},
	} {
		history := &trace.Trace{Header: trace.Header{Nodes: []trace.Node{{Role: "active", MAC: trace.MAC{5: 1}}, {Role: "standby", MAC: trace.MAC{5: 2}}}}}
		r := Record(wire.NewNetwork(vtime.NewScheduler(0, time.Time{})), history)
		at := func(i int) time.Duration { return 10*time.Second + time.Duration(i)*time.Millisecond }
		send := func(from, to int) {
			for i := from; i < to; i++ {
				r.catchUp()
				r.sent(at(i), "standby", Place{"standby", i}, segment(50000, c.port, i))
			}
		}
		numbers := func() (all []int) {
			for _, s := range r.kept {
				all = append(all, s.Sent.Number)
			}
			return all
		}
		span := func(from, to int) (all []int) {
			for i := from; i < to; i++ {
				all = append(all, i)
			}
			return all
		}
		send(0, sent)
		require.Empty(t, r.kept, "no moment yet")
		history.Add(at(sent), "", trace.Fault{Verb: "unplug", Args: []string{"active"}})
		send(sent, 2*sent)
		want := span(sent-c.most, sent+c.most)
		require.Equal(t, want, numbers(), c.name)

		history.Add(at(2*sent), "", trace.Fault{Verb: "plug", Args: []string{"active"}})
		send(2*sent, 3*sent)
		require.Equal(t, append(want, span(2*sent, 2*sent+c.most)...), numbers(), "%s: the next moment counts anew", c.name)
		require.Len(t, r.latest, len(r.kept), "%s: what is not kept is let go", c.name)
	}
}
