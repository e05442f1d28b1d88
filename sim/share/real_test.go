package share_test

import (
	"io"
	"io/fs"
	"math"
	"net"
	"net/netip"
	"sync"
	"testing"
	"time"

	"github.com/hugelgupf/p9/fsimpl/localfs"
	"github.com/hugelgupf/p9/linux"
	"github.com/hugelgupf/p9/p9"
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
	sharetest.Put(t, d, "a", []byte("x"))
	won := make(chan string, 20)
	var all sync.WaitGroup
	for i, s := range []share.FS{m, other, m, other, d, m, other, m, other, d} {
		all.Go(func() {
			to := string(rune('b' + i))
			if s.Rename("a", to) == nil {
				won <- to
			}
			sharetest.Put(t, s, "own-"+to, []byte(to))
		})
	}
	all.Wait()
	require.Len(t, won, 1)
	data, err := m.ReadFile(<-won)
	require.NoError(t, err)
	require.Equal(t, "x", string(data))
}

// Our client, against another implementation's server.
func TestMountOfAnotherServer(t *testing.T) {
	l, m := listen(t)
	go func() { _ = p9.NewServer(localfs.Attacher(t.TempDir())).Serve(l) }()
	require.NoError(t, m.Mkdir("tmp"))
	require.NoError(t, m.Mkdir("queue"))
	want := make([]byte, 150_000)
	sharetest.Put(t, m, "tmp/a", want)
	require.NoError(t, m.Rename("tmp/a", "queue/a"))
	data, err := m.ReadFile("queue/a")
	require.NoError(t, err)
	require.Equal(t, want, data)
	all, err := m.ReadDir("queue")
	require.NoError(t, err)
	require.Equal(t, []share.Info{{Name: "a", Size: 150_000, ModTime: all[0].ModTime}}, all)
	_, err = m.Stat("tmp/a")
	require.ErrorIs(t, err, fs.ErrNotExist)
	require.ErrorContains(t, m.Remove("queue/a"), "9P error 38", "that server cannot remove (ENOSYS)")
}

// Our server, with another implementation's client.
func TestServerForAnotherClient(t *testing.T) {
	l, m := listen(t)
	d := share.NewDisk(clock)
	d.SetAccounts("Administrator", "") // that client sends no name
	go func() { _ = share.Serve(realHost{}, l, d) }()
	conn, err := net.Dial("tcp", l.Addr().String())
	require.NoError(t, err)
	c, err := p9.NewClient(conn)
	require.NoError(t, err)
	defer c.Close()
	root, err := c.Attach("")
	require.NoError(t, err)
	defer root.Close()

	_, err = root.Mkdir("d", 0o755, p9.NoUID, p9.NoGID)
	require.NoError(t, err)
	_, dir, err := root.Walk([]string{"d"})
	require.NoError(t, err)
	defer dir.Close()
	_, f, err := root.Walk(nil)
	require.NoError(t, err)
	_, _, _, err = f.Create("a", p9.WriteOnly, 0o644, p9.NoUID, p9.NoGID)
	require.NoError(t, err)
	want := make([]byte, 150_000)
	n, err := f.WriteAt(want, 0)
	require.NoError(t, err)
	require.Len(t, want, n)
	_, err = f.WriteAt([]byte("x"), 5)
	require.ErrorIs(t, err, linux.EINVAL, "files are written from front to back")
	require.NoError(t, f.FSync())
	require.NoError(t, f.Close())
	require.NoError(t, root.RenameAt("a", dir, "b"))
	data, err := m.ReadFile("d/b")
	require.NoError(t, err)
	require.Equal(t, want, data)

	_, f, err = dir.Walk([]string{"b"})
	require.NoError(t, err)
	_, valid, attr, err := f.GetAttr(p9.AttrMaskAll)
	require.NoError(t, err)
	require.True(t, valid.Size && valid.Mode && valid.MTime)
	require.EqualValues(t, len(want), attr.Size)
	require.EqualValues(t, clock().Unix(), attr.MTimeSeconds)
	_, _, err = f.Open(p9.ReadOnly)
	require.NoError(t, err)
	got := make([]byte, len(want)+1)
	n, err = f.ReadAt(got, 0)
	require.NoError(t, err)
	require.Positive(t, n)
	_, err = f.ReadAt(got, math.MaxInt64)
	require.ErrorIs(t, err, io.EOF)
	require.NoError(t, f.Close())

	_, _, err = dir.Open(p9.ReadOnly)
	require.NoError(t, err)
	entries, err := dir.Readdir(0, 10_000)
	require.NoError(t, err)
	require.Len(t, entries, 1)
	require.Equal(t, "b", entries[0].Name)
	require.ErrorIs(t, root.UnlinkAt("d", 0), linux.EISDIR)
	require.ErrorIs(t, root.UnlinkAt("d", 0x200), linux.EEXIST, "not empty")
	qids, _, err := root.Walk([]string{"d", "..", ".."})
	require.NoError(t, err)
	require.Len(t, qids, 1, "no way leads up: the walk ends after d")
	_, _, err = root.Walk([]string{"nothing"})
	require.ErrorIs(t, err, linux.ENOENT)
	_, err = dir.Mkdir("x", 0o755, p9.NoUID, p9.NoGID)
	require.NoError(t, err)
}
