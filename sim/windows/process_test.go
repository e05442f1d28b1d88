package windows

import (
	"io"
	"net"
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/trace"
)

// echoService is a program on the active node that answers what it reads, until it ends; the returned
// pointer says how its parts ended.
func echoService(t *testing.T, p *Process, at netip.AddrPort) *[]string {
	ended := &[]string{}
	p.Go("listen", func() {
		l, err := p.Listen(at)
		require.NoError(t, err)
		for {
			c, err := l.Accept()
			if err != nil {
				*ended = append(*ended, "listener")
				return
			}
			go func() {
				_, _ = io.Copy(c, c)
				*ended = append(*ended, "connection")
				_ = c.Close()
			}()
		}
	})
	p.Go("sleep", func() {
		require.False(t, p.Sleep(time.Hour))
		*ended = append(*ended, "sleeper")
	})
	p.Go("wait", func() {
		wait, _ := p.Waiter()
		require.False(t, wait())
		*ended = append(*ended, "waiter")
	})
	return ended
}

// A killed process, as one whose machine loses power, leaves nothing: its listener is gone, its
// connections are reset, its waits end, and its port can be used again.
func TestProcessEnds(t *testing.T) {
	at := netip.MustParseAddrPort("192.168.10.200:25")
	for name, end := range map[string]func(l *lab, p *Process){
		"killed":   func(_ *lab, p *Process) { p.Kill(); p.Kill() },
		"no power": func(l *lab, _ *Process) { l.active.PowerOff() },
	} {
		t.Run(name, func(t *testing.T) {
			l := newLab(t)
			l.active.Start()
			l.run(5 * s)
			p := l.active.StartProcess("echo")
			ended := echoService(t, p, at)
			client := l.client.StartProcess("telnet")
			var said string
			var failed error
			client.Go("talk", func() {
				c, err := client.Dial(netip.Addr{}, at, time.Minute)
				require.NoError(t, err)
				_, _ = c.Write([]byte("hello"))
				b := make([]byte, 5)
				_, _ = io.ReadFull(c, b)
				said = string(b)
				_ = c.SetReadDeadline(client.Now().Add(time.Minute))
				_, failed = c.Read(b)
				_ = c.Close()
			})
			l.run(s)
			require.Equal(t, "hello", said)
			end(l, p)
			l.run(2 * time.Minute)
			require.ElementsMatch(t, []string{"listener", "connection", "sleeper", "waiter"}, *ended)
			require.Error(t, failed)
			p.Record(trace.Log{Text: "from beyond"})
			require.NotContains(t, l.env.Trace.Records, trace.Record{At: l.s.Now(), Host: "active", Body: trace.Log{Text: "from beyond"}})
			_, err := p.Listen(at)
			require.ErrorIs(t, err, net.ErrClosed)
			if name == "killed" {
				again := l.active.StartProcess("echo 2")
				again.Go("listen", func() {
					_, err := again.Listen(at)
					require.NoError(t, err)
				})
				l.run(s)
			}
		})
	}
}

// FIELD-FACTS: a TCP connect to a host that is not there gives up at 21 s; to one that refuses, at once.
func TestProcessDials(t *testing.T) {
	l := newLab(t)
	l.active.Start()
	l.run(5 * s)
	p := l.client.StartProcess("telnet")
	dial := func(to string) (took time.Duration) {
		p.Go("dial", func() {
			start := p.Now()
			_, err := p.Dial(netip.Addr{}, netip.MustParseAddrPort(to), time.Hour)
			require.Error(t, err)
			took = p.Now().Sub(start)
		})
		l.run(time.Minute)
		return took
	}
	require.Equal(t, 21*s, dial("192.168.10.77:25"))
	require.Less(t, dial("192.168.10.200:25"), 10*ms)
	require.True(t, l.active.StartProcess("a").Holds(netip.MustParseAddr("192.168.10.200")))
	require.False(t, p.Holds(vip))
	require.Nil(t, l.standby.StartProcess("without power"))
}
