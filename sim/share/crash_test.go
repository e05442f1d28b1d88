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
)

// What a crash of the server leaves (M6): every file, whole, and every name that was answered.
func TestCrash(t *testing.T) {
	d := share.NewDisk(clock)
	require.NoError(t, d.Mkdir("folder"))
	require.NoError(t, d.Create("a", []byte("all of it")))
	require.NoError(t, d.Create("renamed", []byte("all of it")))
	require.NoError(t, d.Rename("renamed", "folder/renamed"))
	require.NoError(t, d.Create("removed", []byte("x")))
	require.NoError(t, d.Remove("removed"))
	d.SetLyingSync(true)
	require.NoError(t, d.Create("lost", []byte("x")))
	require.NoError(t, d.Create("hollow", []byte("x")))
	require.NoError(t, d.Rename("hollow", "folder/hollow"))

	d.Crash()
	for name, want := range map[string]string{"a": "all of it", "folder/renamed": "all of it", "folder/hollow": ""} { // order: each for itself
		data, err := d.ReadFile(name)
		require.NoError(t, err, name)
		require.Equal(t, want, string(data), name)
	}
	for _, name := range []string{"renamed", "removed", "lost", "hollow"} {
		_, err := d.Stat(name)
		require.ErrorIs(t, err, fs.ErrNotExist, name)
	}
}

// deliver writes messages as EPSTRS does, and says which were acknowledged.
func deliver(s share.FS, from string, acked map[string]bool) {
	for i := 0; ; i++ {
		name := fmt.Sprint(from, i)
		if s.Create("tmp/"+name, message(name)) != nil || s.Rename("tmp/"+name, "queue/"+name) != nil {
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

// After a crash the disk holds what a naive model says is durable, and its space is what is there.
func TestCrashAgreesWithModel(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		d := share.NewDisk(clock)
		type file struct {
			data          string
			synced, named bool
		}
		files := map[string]*file{}
		names := rapid.SampledFrom([]string{"a", "b", "c", "d"})
		create := func(lying bool) func(*rapid.T) {
			return func(r *rapid.T) {
				name, data := names.Draw(r, "name"), rapid.StringN(0, 3, -1).Draw(r, "data")
				d.SetLyingSync(lying)
				if d.Create(name, []byte(data)) == nil {
					files[name] = &file{data, !lying, !lying}
				}
				d.SetLyingSync(false)
			}
		}
		r.Repeat(map[string]func(*rapid.T){
			"create":          create(false),
			"create, lyingly": create(true),
			"rename": func(r *rapid.T) {
				from, to := names.Draw(r, "from"), names.Draw(r, "to")
				if d.Rename(from, to) == nil {
					files[from].named = true
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
					if !f.synced {
						f.data = ""
					}
					if !f.named {
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
				require.ErrorIs(r, d.Create("probe", []byte("xx")), share.ErrFull)
				require.NoError(r, d.Create("probe", []byte("x")), "there is just one byte left")
				require.NoError(r, d.Remove("probe"))
				d.SetCapacity(0)
			},
		})
	})
}
