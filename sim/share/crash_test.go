package share_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"ipwsim/sim/share"
	"ipwsim/sim/share/sharetest"
)

// write adds a file without syncing it.
func write(t require.TestingT, s share.FS, name, data string) share.File {
	f, err := s.Create(name)
	require.NoError(t, err)
	_, err = f.Write([]byte(data))
	require.NoError(t, err)
	return f
}

// What a crash of the server leaves (M6): what was synced, and every name that was answered.
func TestCrash(t *testing.T) {
	d := share.NewDisk(clock)
	require.NoError(t, d.Mkdir("folder"))
	sharetest.Put(t, d, "synced", []byte("all of it"))
	half := write(t, d, "half", "synced")
	require.NoError(t, half.Sync())
	_, err := half.Write([]byte(", and not"))
	require.NoError(t, err)
	require.NoError(t, write(t, d, "unsynced", "lost").Close())
	require.NoError(t, write(t, d, "renamed", "lost").Close())
	require.NoError(t, d.Rename("renamed", "folder/renamed"))
	sharetest.Put(t, d, "removed", []byte("x"))
	require.NoError(t, d.Remove("removed"))

	d.Crash()
	for name, want := range map[string]string{"synced": "all of it", "half": "synced", "folder/renamed": ""} { // order: each for itself
		data, err := d.ReadFile(name)
		require.NoError(t, err, name)
		require.Equal(t, want, string(data), name)
	}
	for _, name := range []string{"unsynced", "renamed", "removed"} {
		_, err := d.Stat(name)
		require.ErrorIs(t, err, fs.ErrNotExist, name)
	}
	_, err = half.Write([]byte("x"))
	require.ErrorIs(t, err, fs.ErrClosed, "opened before the crash")
}

// deliver writes messages as EPSTRS does, and says which were acknowledged.
func deliver(s share.FS, from string, acked map[string]bool) {
	for i := 0; ; i++ {
		name := fmt.Sprint(from, i)
		f, err := s.Create("tmp/" + name)
		if err != nil {
			return
		}
		defer f.Close()
		if _, err := f.Write(message(name)); err != nil {
			return
		}
		if f.Sync() != nil || s.Rename("tmp/"+name, "queue/"+name) != nil {
			return
		}
		acked[name] = true
	}
}

func message(name string) []byte { return bytes.Repeat([]byte(name+"\n"), 1000+500*len(name)%7) }

// intact fails unless every acknowledged message is in the queue, and every message there is whole.
func intact(t require.TestingT, d *share.Disk, acked map[string]bool) error {
	all, err := d.ReadDir("queue")
	require.NoError(t, err)
	found := map[string]bool{}
	for _, i := range all {
		data, err := d.ReadFile("queue/" + i.Name)
		require.NoError(t, err)
		if !bytes.Equal(message(i.Name), data) {
			return fmt.Errorf("%s has %d bytes of %d", i.Name, len(data), len(message(i.Name)))
		}
		found[i.Name] = true
	}
	for name := range acked { // order: the first one missing is as good as any
		if !found[name] {
			return fmt.Errorf("%s was acknowledged and is gone", name)
		}
	}
	return nil
}

// crashAt lets two nodes write, takes one node's power at a time, then the server's.
func crashAt(t *testing.T, node, server time.Duration, lying bool) (acked int, err error) {
	l := newLab(t)
	defer l.Close()
	l.disk.SetLyingSync(lying)
	require.NoError(t, l.disk.Mkdir("tmp"))
	require.NoError(t, l.disk.Mkdir("queue"))
	answered := map[string]bool{}
	l.a.Go("deliver", func() { deliver(l.a, "a", answered) })
	l.b.Go("deliver", func() { deliver(l.b, "b", answered) })
	l.Run(node)
	l.a.PowerOff()
	if err := intact(t, l.disk, answered); err != nil {
		return 0, err
	}
	l.Run(server)
	l.server.PowerOff()
	l.disk.Crash()
	l.Run(time.Minute)
	return len(answered), intact(t, l.disk, answered)
}

// M6: whenever a node or the server loses its power, what was acknowledged is there, and nothing that
// is there is half a message.
func TestAcknowledgedSurvives(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		node := time.Duration(rapid.IntRange(0, 30_000).Draw(r, "node's end, µs")) * time.Microsecond
		server := time.Duration(rapid.IntRange(0, 30_000).Draw(r, "server's end, µs later")) * time.Microsecond
		_, err := crashAt(t, node, server, false)
		require.NoError(r, err)
	})
	acked, err := crashAt(t, 20*time.Millisecond, 20*time.Millisecond, false)
	require.NoError(t, err)
	require.Greater(t, acked, 4, "the test writes something")
}

// A server that acknowledges before it flushes is caught.
func TestLyingSyncIsCaught(t *testing.T) {
	_, err := crashAt(t, 20*time.Millisecond, 20*time.Millisecond, true)
	require.ErrorContains(t, err, " has 0 bytes of ")
}

// A writer that moves its file before it has synced it is caught.
func TestRenameBeforeSyncIsCaught(t *testing.T) {
	d := share.NewDisk(clock)
	require.NoError(t, d.Mkdir("queue"))
	f := write(t, d, "m", string(message("m")))
	require.NoError(t, d.Rename("m", "queue/m"))
	require.NoError(t, f.Sync())
	acked := map[string]bool{"m": true}
	require.NoError(t, intact(t, d, acked))
	d = share.NewDisk(clock)
	require.NoError(t, d.Mkdir("queue"))
	write(t, d, "m", string(message("m")))
	require.NoError(t, d.Rename("m", "queue/m"))
	d.Crash()
	require.Error(t, intact(t, d, nil))
}

// After a crash the disk holds what a naive model says is durable, and its space is what is there.
func TestCrashAgreesWithModel(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		d := share.NewDisk(clock)
		type file struct {
			data    string
			synced  string
			durable bool
			open    share.File
		}
		files := map[string]*file{}
		names := rapid.SampledFrom([]string{"a", "b", "c", "d"})
		open := func(r *rapid.T) *file {
			if f := files[names.Draw(r, "name")]; f != nil && f.open != nil {
				return f
			}
			return nil
		}
		r.Repeat(map[string]func(*rapid.T){
			"create": func(r *rapid.T) {
				name := names.Draw(r, "name")
				if f, err := d.Create(name); err == nil {
					files[name] = &file{open: f}
				}
			},
			"write": func(r *rapid.T) {
				if f := open(r); f != nil {
					f.data += "x"
					_, err := f.open.Write([]byte("x"))
					require.NoError(r, err)
				}
			},
			"sync": func(r *rapid.T) {
				if f := open(r); f != nil {
					f.synced, f.durable = f.data, true
					require.NoError(r, f.open.Sync())
				}
			},
			"rename": func(r *rapid.T) {
				from, to := names.Draw(r, "from"), names.Draw(r, "to")
				if d.Rename(from, to) == nil {
					files[from].durable = true
					files[to] = files[from]
					delete(files, from)
				}
			},
			"remove": func(r *rapid.T) {
				name := names.Draw(r, "name")
				if d.Remove(name) == nil {
					delete(files, name)
				}
			},
			"crash": func(r *rapid.T) {
				d.Crash()
				for name, f := range files { // order: each for itself
					f.data, f.open = f.synced, nil
					if !f.durable {
						delete(files, name)
					}
				}
			},
			"": func(r *rapid.T) {
				all, err := d.ReadDir(".")
				require.NoError(r, err)
				require.Len(r, all, len(files))
				sum := 0
				for name, f := range files { // order: each for itself
					data, err := d.ReadFile(name)
					require.NoError(r, err)
					require.Equal(r, f.data, string(data))
					sum += len(data)
				}
				d.SetCapacity(int64(sum) + 1)
				probe, err := d.Create("probe")
				require.NoError(r, err)
				_, err = probe.Write([]byte("xx"))
				require.ErrorIs(r, err, share.ErrFull)
				_, err = probe.Write([]byte("x"))
				require.NoError(r, err, "there is just one byte left")
				require.NoError(r, d.Remove("probe"))
				d.SetCapacity(0)
			},
		})
	})
}
