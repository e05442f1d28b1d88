package share_test

import (
	"io/fs"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/share"
	"ipwsim/sim/share/sharetest"
)

// reboot takes the server's power and boots it again, as a new machine with the old disk.
func (l *lab) reboot() {
	l.server.PowerOff()
	l.disk.Crash()
	l.server = l.Machine("nas-again", "10.0.0.9/24")
	serveOn(l.server, l.disk)
	l.Run(2 * time.Minute) // neighbours forget the old MAC
}

// A mount outlives its server: the operation under way fails, the next ones work, and the files that
// were open are lost.
func TestServerReboots(t *testing.T) {
	l := newLab(t)
	var open, untouched share.File
	l.a.do(func(s share.FS) {
		sharetest.Put(t, s, "a", []byte("kept"))
		open, untouched = write(t, s, "open", "x"), write(t, s, "untouched", "x")
	})
	l.reboot()
	l.a.do(func(s share.FS) {
		require.ErrorIs(t, open.Sync(), share.ErrUnreachable, "the connection is dead")
		data, err := s.ReadFile("a")
		require.NoError(t, err)
		require.Equal(t, "kept", string(data))
		require.ErrorIs(t, untouched.Sync(), share.ErrUnreachable, "a new connection knows nothing of the file")
		require.ErrorIs(t, open.Sync(), share.ErrUnreachable)
		require.ErrorIs(t, open.Close(), share.ErrUnreachable)
		require.ErrorIs(t, open.Close(), fs.ErrClosed)
		_, err = s.Stat("open")
		require.ErrorIs(t, err, fs.ErrNotExist, "made, never synced")
	})
}

// When the answer to a Rename is lost, it may have been done: who asks again gets fs.ErrNotExist.
func TestLostAnswer(t *testing.T) {
	l := newLab(t)
	l.a.do(func(s share.FS) { sharetest.Put(t, s, "a", nil) })
	l.disk.SetLatency(10 * time.Millisecond)
	l.a.Go("pull", func() {
		l.a.Sleep(5 * time.Millisecond) // the request has come, the answer has not left
		l.server.Cable.SetPlugged(false)
	})
	require.Equal(t, 21*time.Second, l.a.do(func(s share.FS) {
		require.ErrorIs(t, s.Rename("a", "b"), share.ErrUnreachable)
	}))
	l.server.Cable.SetPlugged(true)
	l.Run(time.Minute)
	l.a.do(func(s share.FS) {
		require.ErrorIs(t, s.Rename("a", "b"), fs.ErrNotExist)
		_, err := s.Stat("b")
		require.NoError(t, err)
	})
}

// What a node wrote and did not sync may be lost with its power, even while the server lives.
func TestNodeLosesItsPower(t *testing.T) {
	l := newLab(t)
	l.a.do(func(s share.FS) {
		f, err := s.Create("kept back")
		require.NoError(t, err)
		_, err = f.Write([]byte("small"))
		require.NoError(t, err)
	})
	l.a.PowerOff()
	l.Run(time.Hour)
	data, err := l.disk.ReadFile("kept back")
	require.NoError(t, err)
	require.Empty(t, data)
}

// A server that is slower than a client's patience is as good as none.
func TestTooSlow(t *testing.T) {
	l := newLab(t)
	stat := func(s share.FS) { _, err := s.Stat("."); require.NoError(t, err) }
	l.a.do(stat)
	l.disk.SetLatency(30 * time.Second)
	require.Equal(t, 21*time.Second, l.a.do(func(s share.FS) {
		_, err := s.Stat(".")
		require.ErrorIs(t, err, share.ErrUnreachable)
	}))
	l.disk.SetLatency(0)
	l.Run(time.Minute)
	l.a.do(stat)
}

// A request that was given up is not done later, when the cable is back: it would not be the client's
// wish any more.
func TestGivenUpIsNotDoneLater(t *testing.T) {
	l := newLab(t)
	l.a.do(func(s share.FS) { sharetest.Put(t, s, "a", nil) })
	l.server.Cable.SetPlugged(false)
	l.a.do(func(s share.FS) { require.ErrorIs(t, s.Rename("a", "b"), share.ErrUnreachable) })
	l.server.Cable.SetPlugged(true)
	l.Run(time.Hour)
	_, err := l.disk.Stat("a")
	require.NoError(t, err)
}

// A node frozen in the middle of its work (H7) goes on where it was, or is told that it was too long.
func TestFrozenNode(t *testing.T) {
	for _, frozen := range []time.Duration{time.Second, time.Minute, time.Hour} {
		l := newLab(t)
		domain := l.a.Host().Domain()
		l.Run(time.Second)
		l.disk.SetLatency(time.Millisecond)
		var err error
		ended := false
		l.a.Go("work", func() {
			_, err = l.a.Stat(".")
			ended = true
		})
		l.Run(2 * time.Millisecond)
		domain.Freeze()
		l.Run(frozen)
		require.False(t, ended)
		domain.Thaw()
		l.Run(time.Minute)
		require.True(t, ended)
		if err != nil {
			require.ErrorIs(t, err, share.ErrUnreachable)
			require.Greater(t, frozen, 21*time.Second)
		}
		l.a.do(func(s share.FS) { _, err := s.Stat("."); require.NoError(t, err) })
	}
}
