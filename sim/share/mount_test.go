package share_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"net/netip"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/netstack/wire"
	"ipwsim/sim/share"
	"ipwsim/sim/share/nas"
)

// What one node wrote is there for the other.
func TestTwoNodesSeeOneShare(t *testing.T) {
	l := newLab(t)
	l.a.do(func(s share.FS) { require.NoError(t, s.Create("a", []byte("from a"))) })
	l.b.do(func(s share.FS) {
		data, err := s.ReadFile("a")
		require.NoError(t, err)
		require.Equal(t, "from a", string(data))
	})
}

// Of two nodes that take the same files from a queue at once, each file goes to one.
func TestTwoNodesTakeFromOneQueue(t *testing.T) {
	l := newLab(t)
	const files = 50
	for _, dir := range []string{"queue", "a", "b"} {
		require.NoError(t, l.disk.Mkdir(dir))
	}
	for i := range files {
		require.NoError(t, l.disk.Create(fmt.Sprintf("queue/%02d", i), []byte{byte(i)}))
	}
	taken, ended := 0, 0
	for which, n := range []*node{l.a, l.b} {
		n.Go("take", func() {
			defer func() { ended++ }()
			for i := range files {
				name := fmt.Sprintf("%02d", i^which) // else one would always be first
				if err := n.Rename("queue/"+name, n.Host().Name()+"/"+name); err == nil {
					taken++
				} else {
					require.ErrorIs(t, err, fs.ErrNotExist)
				}
			}
		})
	}
	l.Run(time.Minute)
	require.Equal(t, 2, ended)
	require.Equal(t, files, taken)
	for _, dir := range []string{"a", "b"} {
		all, err := l.disk.ReadDir(dir)
		require.NoError(t, err)
		require.NotEmpty(t, all, "both got some")
	}
}

// Many goroutines of a node share its one connection.
func TestServicesOfANodeShareAConnection(t *testing.T) {
	l := newLab(t)
	const services = 20
	done := 0
	for i := range services {
		l.a.Go(fmt.Sprint("service", i), func() {
			name := fmt.Sprint("file", i)
			require.NoError(t, l.a.Create(name, []byte(name)))
			data, err := l.a.ReadFile(name)
			require.NoError(t, err)
			require.Equal(t, name, string(data))
			done++
		})
	}
	l.Run(time.Minute)
	require.Equal(t, services, done)
}

// C3: LocalSystem has no right on the share. The service goes on, and nothing works.
func TestLocalSystemIsDenied(t *testing.T) {
	l := newLab(t)
	for _, account := range []string{"LocalSystem", "", `NODE\node$`} {
		n := l.node("denied-"+fmt.Sprint(len(account)), "10.0.0.5/24", account)
		n.do(func(s share.FS) {
			for range 2 {
				_, err := s.ReadDir(".")
				require.ErrorIs(t, err, fs.ErrPermission)
				require.ErrorIs(t, s.Create("x", nil), fs.ErrPermission)
			}
		})
		n.PowerOff()
	}
	l.disk.SetAccounts("administrator", "postmaster")
	l.a.do(func(s share.FS) { require.NoError(t, s.Create("x", nil)) })
}

// A server takes its time, whoever asks.
func TestLatency(t *testing.T) {
	l := newLab(t)
	stat := func(s share.FS) { _, err := s.Stat("."); require.NoError(t, err) }
	l.a.do(stat)
	require.Less(t, l.a.do(stat), 2*time.Millisecond)
	l.disk.SetLatency(30 * time.Millisecond)
	took := l.a.do(stat)
	require.GreaterOrEqual(t, took, 30*time.Millisecond)
	require.Less(t, took, 35*time.Millisecond)
}

func TestReadOnly(t *testing.T) {
	l := newLab(t)
	l.a.do(func(s share.FS) {
		require.NoError(t, s.Create("a", []byte("x")))
		l.disk.SetReadOnly(true)
		require.ErrorIs(t, s.Create("b", nil), share.ErrReadOnly)
		require.ErrorIs(t, s.Rename("a", "b"), share.ErrReadOnly)
		require.ErrorIs(t, s.Remove("a"), share.ErrReadOnly)
		require.ErrorIs(t, s.Mkdir("d"), share.ErrReadOnly)
		_, err := s.ReadFile("a")
		require.NoError(t, err)
		l.disk.SetReadOnly(false)
		require.NoError(t, s.Create("b", []byte("x")))
	})
}

// A full share takes no more, and does again when there is room.
func TestFull(t *testing.T) {
	l := newLab(t)
	l.disk.SetCapacity(100)
	l.a.do(func(s share.FS) {
		require.NoError(t, s.Create("a", make([]byte, 80)))
		require.ErrorIs(t, s.Create("b", make([]byte, 30)), share.ErrFull)
		_, err := s.Stat("b")
		require.ErrorIs(t, err, fs.ErrNotExist)
		require.NoError(t, s.Remove("a"))
		require.NoError(t, s.Create("c", make([]byte, 100)))
	})
}

// Without a server, operations fail in bounded time, those that wait with the first; when it is back
// they work again.
func TestUnplugged(t *testing.T) {
	l := newLab(t)
	stat := func(s share.FS) { _, err := s.Stat("."); require.NoError(t, err) }
	failed := func(s share.FS) { _, err := s.Stat("."); require.ErrorIs(t, err, share.ErrUnreachable) }
	l.a.do(stat)
	l.server.Cable.SetPlugged(false)
	waited := 0
	for range 10 {
		l.a.Go("more", func() { failed(l.a); waited++ })
	}
	require.Equal(t, 21*time.Second, l.a.do(failed), "no answer")
	l.Run(0)
	require.Equal(t, 10, waited)
	require.Equal(t, 21*time.Second, l.a.do(failed), "no connection")
	l.server.Cable.SetPlugged(true)
	l.Run(time.Minute)
	l.a.do(stat)
}

func TestNobodyServes(t *testing.T) {
	l := newLab(t)
	m := l.Machine("c", "10.0.0.3/24")
	n := &node{m, share.NewMount(m, netip.AddrPortFrom(serverAt.Addr(), 445), "Administrator"), l}
	require.Less(t, n.do(func(s share.FS) {
		_, err := s.Stat(".")
		require.ErrorIs(t, err, share.ErrUnreachable)
	}), time.Second, "refused at once")
}

// An idle connection is given up by the client before the server does, so nothing fails.
func TestIdleConnectionIsMadeAnew(t *testing.T) {
	l := newLab(t)
	for _, pause := range []time.Duration{0, 9 * time.Minute, 9 * time.Minute, 9 * time.Minute, 11 * time.Minute, 16 * time.Minute, 24 * time.Hour} {
		l.Run(pause)
		l.a.do(func(s share.FS) { _, err := s.Stat("."); require.NoError(t, err, "after %v", pause) })
	}
}

// What no message can hold is refused, and harms no other operation.
func TestTooLarge(t *testing.T) {
	l := newLab(t)
	l.a.do(func(s share.FS) {
		require.ErrorIs(t, s.Create("a", make([]byte, nas.Limit)), fs.ErrInvalid)
		require.NoError(t, s.Create("b", nil))
		all, err := s.ReadDir(".")
		require.NoError(t, err)
		require.Len(t, all, 1)
	})
}

// A large file goes over a slow line: a part of it must go within 21 s, not all of it.
func TestALargeFileOverASlowLine(t *testing.T) {
	l := newLab(t)
	for _, d := range []wire.Direction{wire.AToB, wire.BToA} {
		require.NoError(t, l.server.Cable.Impair(d, wire.Impairment{Latency: 1500 * time.Millisecond}))
	}
	want := make([]byte, 2<<20)
	took := l.a.do(func(s share.FS) {
		require.NoError(t, s.Create("a", want))
		data, err := s.ReadFile("a")
		require.NoError(t, err)
		require.True(t, bytes.Equal(want, data))
	})
	require.Greater(t, took, 42*time.Second)
}

// A mount that ended with its machine may still be closed.
func TestClosedAfterTheEnd(t *testing.T) {
	l := newLab(t)
	l.a.do(func(s share.FS) { require.NoError(t, s.Create("a", nil)) })
	l.a.PowerOff()
	l.Run(time.Second)
	require.NoError(t, l.a.Close())
	l.Run(time.Second)
	l.b.do(func(s share.FS) { _, err := s.Stat("a"); require.NoError(t, err) })
}

func TestClosedMount(t *testing.T) {
	l := newLab(t)
	l.a.do(func(s share.FS) {
		require.NoError(t, s.Create("a", nil))
		require.NoError(t, l.a.Close())
		_, err := s.Stat("a")
		require.ErrorIs(t, err, share.ErrUnreachable)
	})
}

// The same seed gives the same frames, at the same times, on any number of processors.
func TestMountIsDeterministic(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	sums := map[uint64]bool{}
	for _, procs := range []int{1, 1, 2, 8} {
		runtime.GOMAXPROCS(procs)
		l := newLab(t)
		h := l.hash()
		for _, n := range []*node{l.a, l.b} {
			for i := range 4 {
				n.Go(fmt.Sprint("writer", i), func() {
					for j := range 5 {
						name := fmt.Sprint(n.Host().Name(), i, j)
						require.NoError(t, n.Create(name, make([]byte, 5000*j*i)))
						_ = n.Rename(name, fmt.Sprint("same", i, j))
						_, _ = n.ReadDir(".")
					}
				})
			}
		}
		l.Run(40 * time.Millisecond)
		l.server.Cable.SetPlugged(false)
		l.Run(time.Second)
		l.server.Cable.SetPlugged(true)
		l.Run(time.Minute)
		sums[h.Sum64()] = true
		all, err := l.disk.ReadDir(".")
		require.NoError(t, err)
		require.Len(t, all, 40)
	}
	require.Len(t, sums, 1)
}
