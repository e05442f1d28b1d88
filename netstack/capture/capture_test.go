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

// A capture whose name is a file's has all cables: an interface each, in the order of names, and the frames in the order
// in which they were sent.
func TestAllCablesInOneFile(t *testing.T) {
	s, n, _ := network()
	var ports []*wire.Port
	for _, name := range []string{"zebra", "ape"} {
		ports = append(ports, wire.NewPort(name, sink{}))
		n.Connect(name, ports[len(ports)-1], wire.NewPort("far "+name, sink{}), time.Millisecond, nil)
	}
	path := filepath.Join(t.TempDir(), "all.pcapng")
	require.True(t, OneFile(path))
	d, err := Start(n, path, epoch, func(cable string, _ []byte) string { return "on " + cable })
	require.NoError(t, err)
	for i, port := range []int{0, 1, 1, 0} {
		s.RunUntil(time.Duration(i) * time.Second)
		f := n.NewFrame(60)
		clear(f.B)
		ports[port].Send(f)
	}
	require.NoError(t, d.Close())

	data, err := os.ReadFile(path)
	require.NoError(t, err)
	var got []string
	for _, x := range readStrictly(t, data) {
		got = append(got, x.iface+" "+x.comment+" "+x.at.Sub(epoch).String())
	}
	require.Equal(t, []string{"zebra on zebra 0s", "ape on ape 1s", "ape on ape 2s", "zebra on zebra 3s"}, got)
	require.Equal(t, []string{"active", "ape", "standby", "zebra"}, interfaces(t, path))
}

// interfaces are the names of a file's interfaces.
func interfaces(t *testing.T, path string) (names []string) {
	f, err := os.Open(path)
	require.NoError(t, err)
	defer f.Close()
	r, err := pcapgo.NewNgReader(f, pcapgo.DefaultNgReaderOptions)
	require.NoError(t, err)
	for err == nil { // it finds them as it reads
		_, _, err = r.ReadPacketData()
	}
	for i := range r.NInterfaces() {
		one, err := r.Interface(i)
		require.NoError(t, err)
		names = append(names, one.Name)
	}
	return names
}

func TestNamesOfOneFile(t *testing.T) {
	for path, want := range map[string]bool{"a.pcapng": true, "x/y.PCAPNG": true, "captures": false, "a.pcapng/sub": false, "a.pcap": false, "pcapng": false} {
		require.Equal(t, want, OneFile(path), path)
	}
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
	require.NoError(t, d.files[0].f.File.Close()) // nothing can be written any more
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
