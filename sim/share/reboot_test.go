package share_test

import (
	"io/fs"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/netstack/wire"
	"ipwsim/sim/share"
)

// reboot takes the server's power and boots it again, as a new machine with the old disk.
func (l *lab) reboot() {
	l.server.PowerOff()
	l.disk.Crash()
	l.server = l.Machine("nas-again", "10.0.0.9/24")
	serveOn(l.server, l.disk)
	l.Run(2 * time.Minute) // neighbours forget the old MAC
}

// A mount outlives its server: the operation that finds the connection dead fails, the next ones work.
func TestServerReboots(t *testing.T) {
	l := newLab(t)
	l.a.do(func(s share.FS) { require.NoError(t, s.Create("a", []byte("kept"))) })
	l.reboot()
	l.a.do(func(s share.FS) {
		_, err := s.Stat("a")
		require.ErrorIs(t, err, share.ErrUnreachable, "the connection is dead")
		data, err := s.ReadFile("a")
		require.NoError(t, err)
		require.Equal(t, "kept", string(data))
	})
}

// When the answer to a Rename is lost, it may have been done: who asks again gets fs.ErrNotExist.
func TestLostAnswer(t *testing.T) {
	l := newLab(t)
	l.a.do(func(s share.FS) { require.NoError(t, s.Create("a", nil)) })
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

// What a node has sent in part, when it loses its power, makes no file.
func TestNodeLosesItsPower(t *testing.T) {
	l := newLab(t)
	l.a.do(func(s share.FS) { _, err := s.Stat("."); require.NoError(t, err) })
	sent := 0
	l.Network().AddTap(func(_ time.Duration, c *wire.Cable, b []byte) {
		if c == l.a.Cable {
			sent += len(b)
		}
	})
	l.a.Go("write", func() { _ = l.a.Create("large", make([]byte, 1_000_000)) })
	for sent < 100_000 {
		l.Run(10 * time.Microsecond)
	}
	require.Less(t, sent, 900_000)
	l.a.PowerOff()
	l.Run(time.Hour)
	all, err := l.disk.ReadDir(".")
	require.NoError(t, err)
	require.Empty(t, all)
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
	l.a.do(func(s share.FS) { require.NoError(t, s.Create("a", nil)) })
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
