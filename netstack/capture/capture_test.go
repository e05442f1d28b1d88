package capture

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/gopacket/pcapgo"
	"github.com/stretchr/testify/require"

	"ipwsim/netstack/vtime"
	"ipwsim/netstack/wire"
)

var epoch = time.Date(2025, 2, 7, 16, 19, 27, 0, time.UTC)

type sink struct{}

func (sink) Receive(_ *wire.Port, f *wire.Frame) { f.Free() }
func (sink) LinkChanged(*wire.Port, bool)        {}

func network() (*vtime.Scheduler, *wire.Network, *wire.Port) {
	s := vtime.NewScheduler(0, epoch)
	n := wire.NewNetwork(s)
	a := wire.NewPort("a", sink{})
	n.Connect("active", a, wire.NewPort("b", sink{}), time.Millisecond, nil)
	n.Connect("standby", wire.NewPort("c", sink{}), wire.NewPort("d", sink{}), time.Millisecond, nil)
	return s, n, a
}

func TestEachCableHasItsFileWithVirtualTimes(t *testing.T) {
	s, n, port := network()
	dir := filepath.Join(t.TempDir(), "new", "folder")
	d, err := Start(n, dir, epoch, nil)
	require.NoError(t, err)
	for i := range 3 {
		s.RunUntil(time.Duration(i)*time.Second + 1)
		f := n.NewFrame(60)
		clear(f.B)
		port.Send(f)
	}
	require.NoError(t, d.Close())

	require.Equal(t, []time.Time{epoch.Add(1), epoch.Add(time.Second + 1), epoch.Add(2*time.Second + 1)},
		times(t, filepath.Join(dir, "active.pcapng")))
	require.Empty(t, times(t, filepath.Join(dir, "standby.pcapng")), "a silent cable has a file too")
}

// Frames go to the disk as they come: a capture of a month is not held.
func TestFramesAreNotHeld(t *testing.T) {
	_, n, port := network()
	dir := t.TempDir()
	d, err := Start(n, dir, epoch, func(string, []byte) string { return "a comment" })
	require.NoError(t, err)
	const frames, size = 20_000, 1000
	for range frames {
		f := n.NewFrame(size)
		clear(f.B)
		port.Send(f)
	}
	begun, err := filepath.Glob(filepath.Join(dir, "active.pcapng.*"))
	require.NoError(t, err)
	require.Len(t, begun, 1)
	info, err := os.Stat(begun[0])
	require.NoError(t, err)
	require.Greater(t, info.Size(), int64(frames*size-10*size))
	require.NoError(t, d.Close())
}

func times(t *testing.T, path string) []time.Time {
	f, err := os.Open(path)
	require.NoError(t, err)
	defer f.Close()
	r, err := pcapgo.NewNgReader(f, pcapgo.DefaultNgReaderOptions)
	require.NoError(t, err)
	var all []time.Time
	for {
		b, info, err := r.ReadPacketData()
		if err != nil {
			return all
		}
		require.Len(t, b, 60)
		all = append(all, info.Timestamp.UTC())
	}
}

func TestFolderThatCannotBeMade(t *testing.T) {
	_, n, _ := network()
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o644))
	_, err := Start(n, filepath.Join(file, "sub"), epoch, nil)
	require.Error(t, err)
}

// Captures are whole or as they were: after an error in one there is none of the run's.
func TestNoHalfCaptures(t *testing.T) {
	s, n, port := network()
	dir := t.TempDir()
	old := filepath.Join(dir, "active.pcapng")
	require.NoError(t, os.WriteFile(old, []byte("as it was"), 0o666))
	d, err := Start(n, dir, epoch, nil)
	require.NoError(t, err)
	require.NoError(t, d.order[0].f.File.Close()) // nothing can be written any more
	for i := range 100 {
		s.RunUntil(time.Duration(i) * time.Second)
		f := n.NewFrame(60)
		clear(f.B)
		port.Send(f)
	}
	require.ErrorIs(t, d.Close(), os.ErrClosed)
	kept, err := os.ReadFile(old)
	require.NoError(t, err)
	require.Equal(t, "as it was", string(kept))
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, left, 1)
}
