package share_test

import (
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/share"
)

// What a node had open that died in the middle of an operation stays open at the server for a while: nobody else may
// read, move or remove it. A node that lives closes what it opens, and one whose operation was over has nothing open.
func TestHandlesOfADeadNode(t *testing.T) {
	for _, c := range []struct {
		handles time.Duration
		dies    bool
		held    bool
	}{{time.Minute, true, true}, {time.Minute, false, false}, {0, true, false}} {
		l := newLab(t)
		dead := false
		l.disk.SetHandles(c.handles, func(ip netip.Addr) bool { return !dead || ip != netip.MustParseAddr("10.0.0.1") })
		l.a.do(func(s share.FS) { require.NoError(t, s.Create("a", []byte("x"))) })
		l.b.do(func(s share.FS) { _, err := s.ReadFile("a"); require.NoError(t, err, "closed") })
		l.disk.SetLatency(10 * time.Millisecond)
		l.a.Go("read", func() { _, _ = l.a.ReadFile("a") })
		l.Run(5 * time.Millisecond)
		if c.dies {
			l.a.PowerOff()
			dead = true
		}
		l.Run(time.Second)
		tries := func() (errs []error) {
			l.b.do(func(s share.FS) {
				_, err := s.ReadFile("a")
				errs = []error{err, s.Rename("a", "b")}
			})
			return errs
		}
		if c.held {
			for _, err := range tries() {
				require.ErrorIs(t, err, share.ErrInUse)
			}
			l.Run(time.Minute)
		}
		for _, err := range tries() {
			require.NoError(t, err)
		}
	}
}
