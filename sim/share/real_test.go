package share_test

import (
	"net"
	"net/netip"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/share"
	"ipwsim/sim/share/sharetest"
)

// realHost is this computer, in real time.
type realHost struct{}

func (realHost) Now() time.Time             { return time.Now() }          // wall clock: real time
func (realHost) Sleep(d time.Duration) bool { time.Sleep(d); return true } // wall clock: real time
func (realHost) Go(_ string, f func())      { go f() }
func (realHost) Dial(_ netip.Addr, to netip.AddrPort, timeout time.Duration) (net.Conn, error) {
	return net.DialTimeout("tcp", to.String(), timeout)
}

func (realHost) Waiter() (func() bool, func()) {
	woken := make(chan struct{}, 1)
	return func() bool { <-woken; return true }, func() {
		select {
		case woken <- struct{}{}:
		default:
		}
	}
}

// listen opens a port of this computer, and returns it with a mount of what is served there.
func listen(t testing.TB) (net.Listener, *share.Mount) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	m := share.NewMount(realHost{}, netip.MustParseAddrPort(l.Addr().String()), "Administrator")
	t.Cleanup(func() { _ = m.Close(); _ = l.Close() })
	return l, m
}

// The same code in real time.
func TestRealMountIsAShare(t *testing.T) {
	sharetest.Run(t, func(t *testing.T) share.FS {
		l, m := listen(t)
		go func() { _ = share.Serve(realHost{}, l, share.NewDisk(clock)) }()
		return m
	})
}

// In real time goroutines are parallel: of all who move one file one succeeds.
func TestParallelUse(t *testing.T) {
	l, m := listen(t)
	d := share.NewDisk(clock)
	go func() { _ = share.Serve(realHost{}, l, d) }()
	other := share.NewMount(realHost{}, netip.MustParseAddrPort(l.Addr().String()), "Administrator")
	defer other.Close()
	require.NoError(t, d.Create("a", []byte("x")))
	won := make(chan string, 20)
	var all sync.WaitGroup
	for i, s := range []share.FS{m, other, m, other, d, m, other, m, other, d} {
		all.Go(func() {
			to := string(rune('b' + i))
			if s.Rename("a", to) == nil {
				won <- to
			}
			require.NoError(t, s.Create("own-"+to, []byte(to)))
		})
	}
	all.Wait()
	require.Len(t, won, 1)
	data, err := m.ReadFile(<-won)
	require.NoError(t, err)
	require.Equal(t, "x", string(data))
}
