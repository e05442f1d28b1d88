package windows

import (
	"encoding/binary"
	"io"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"ipwsim/core"
	"ipwsim/netstack/host"
	"ipwsim/sim/trace"
)

// call asks over the pipe from any machine and waits for what comes of it.
func (l *lab) call(from *Machine, to netip.Addr, request string) (answer string, took time.Duration, err error) {
	l.t.Helper()
	start, ended := l.s.Now(), false
	from.Host().Domain().Go("test", func() {
		answer, err = callPipe(from.Host(), to, request)
		took, ended = l.s.Now()-start, true
	})
	l.run(30 * s)
	require.True(l.t, ended, "W15: every request ends")
	return answer, took, err
}

// slaveHolds is a lab in which the slave holds the VIP, the master being off.
func slaveHolds(t *testing.T) *lab {
	l := newLab(t)
	l.standby.Start()
	l.run(80 * s)
	require.Equal(t, trace.Preferred, l.standby.AddressState(vip))
	l.skip()
	return l
}

func TestW15_TheThreeAnswers(t *testing.T) {
	l := slaveHolds(t)
	ask := func(as core.Balance) string {
		answer, took, err := l.call(l.client.Machine, l.standby.Address().Addr(), releaseRequest(vip, as))
		require.NoError(t, err)
		require.Less(t, took, 2*s, "W15: at once, or when netsh has done its work")
		return answer
	}
	require.Equal(t, "refused", ask(core.Slave), "W15: only a master may ask")
	require.Equal(t, trace.Preferred, l.standby.AddressState(vip))
	require.Equal(t, "released", ask(core.Master), "W15: released")
	require.Equal(t, trace.Absent, l.standby.AddressState(vip), "W15: released means that it is gone")
	require.Equal(t, "not held", ask(core.Master), "W15: not held")
}

// What the asker sees when there is no answer to be had, and after how long.
func TestW15_Failures(t *testing.T) {
	for _, c := range []struct {
		name string
		do   func(l *lab)
		want error
		took time.Duration
	}{
		{"service stopped", func(l *lab) { l.standby.StopService(); l.run(s) }, errNoPipe, 0},
		{"access denied", func(l *lab) { l.standby.DenyPipe(true) }, errDenied, 0},
		{"the firewall drops it", func(l *lab) { l.standby.BlockPipe(true) }, errHostDown, 21 * s},
		{"host down", func(l *lab) { l.standby.PowerOff() }, errHostDown, 21 * s},
		{"host down for long", func(l *lab) { l.standby.PowerOff(); l.run(10 * time.Minute) }, errHostDown, 21 * s},
		{"its cable pulled", func(l *lab) { l.cables["standby"].SetPlugged(false) }, errHostDown, 21 * s},
		{"our cable pulled", func(l *lab) { l.cables["client"].SetPlugged(false) }, errHostDown, 21 * s},
		{"frozen", func(l *lab) { l.standby.Freeze() }, errHostDown, 21 * s},
		{"it freezes in mid-request", func(l *lab) { l.s.After(100*ms, func() { l.standby.Freeze() }) }, errSilent, 10 * s},
		{"it loses power in mid-request", func(l *lab) { l.s.After(100*ms, func() { l.standby.PowerOff() }) }, errSilent, 10 * s},
		{"its cable is pulled in mid-request", func(l *lab) { l.s.After(100*ms, func() { l.cables["standby"].SetPlugged(false) }) }, errSilent, 10 * s},
	} {
		l := slaveHolds(t)
		c.do(l)
		_, took, err := l.call(l.client.Machine, l.standby.Address().Addr(), releaseRequest(vip, core.Master))
		require.Equal(t, c.want, err, "W15: %s", c.name)
		require.InDelta(t, c.took.Seconds(), took.Seconds(), 0.01, "W15: %s", c.name)
	}
}

func TestW15_SettingsOfThePipeCanBeTakenBack(t *testing.T) {
	l := slaveHolds(t)
	for _, set := range []func(bool) bool{l.standby.DenyPipe, l.standby.BlockPipe} {
		require.True(t, set(true))
		require.False(t, set(true), "a fault that changes nothing says false")
		require.True(t, set(false))
		require.False(t, set(false))
	}
	answer, _, err := l.call(l.client.Machine, l.standby.Address().Addr(), releaseRequest(vip, core.Slave))
	require.NoError(t, err)
	require.Equal(t, "refused", answer)
}

// The port of the watcher: answers and failures as the watcher and the trace have them.
func TestW15_AskAsTheWatcherDoes(t *testing.T) {
	for _, c := range []struct {
		name, peer string
		as         core.Balance
		do         func(l *lab)
		want       core.Answer
		told       string
	}{
		{"released", `\\standby`, core.Master, func(*lab) {}, core.Released, "released after 501ms"},
		{"not held", `\\standby`, core.Master, (*lab).restartStandby, core.NotHeld, "not held after 1ms"},
		{"refused", `\\standby`, core.Slave, func(*lab) {}, core.Refused, "refused after 1ms"},
		{"unknown peer", `\\nobody`, core.Master, func(*lab) {}, core.NoAnswer, "error 53: the network path was not found after 0s"},
		{"service stopped", `\\standby`, core.Master, func(l *lab) { l.standby.StopService(); l.run(s) }, core.NoAnswer, "error 2: the pipe does not exist after 1ms"},
		{"access denied", `\\standby`, core.Master, func(l *lab) { l.standby.DenyPipe(true) }, core.NoAnswer, "error 5: access denied after 1ms"},
	} {
		l := slaveHolds(t)
		c.do(l)
		l.active.Start()
		l.run(3200 * ms) // its watcher does not poll yet, so it asks nothing by itself
		l.skip()
		var got []core.Answer
		l.active.service.Ask(c.peer, vip, c.as, func(a core.Answer) { got = append(got, a) })
		require.Empty(t, got, "W15: %s: never told from within Ask", c.name)
		for range 40 {
			l.run(20 * ms)
		}
		require.Equal(t, []core.Answer{c.want}, got, "W15: %s", c.name)
		require.Equal(t, []string{c.told}, l.story("active", "pipe")[:1], "W15: %s", c.name)
	}
}

// restartStandby makes the slave's watcher release the VIP and begin again.
func (l *lab) restartStandby() {
	l.standby.StopService()
	l.run(s)
	l.standby.StartService()
	l.run(s)
}

// raw sends bytes to the slave's port 445 and returns all that comes back until the connection ends.
func (l *lab) raw(b []byte, close bool) (answer []byte, took time.Duration) {
	l.t.Helper()
	start, ended := l.s.Now(), false
	h := l.client.Host()
	h.Domain().Go("test", func() {
		conn, err := h.Dial(netip.Addr{}, netip.AddrPortFrom(l.standby.Address().Addr(), pipePort), s)
		require.NoError(l.t, err)
		_, err = conn.Write(b)
		require.NoError(l.t, err)
		if close {
			conn.Close()
		} else {
			answer, _ = io.ReadAll(conn)
			conn.Close()
		}
		took, ended = l.s.Now()-start, true
	})
	l.run(time.Minute)
	require.True(l.t, ended, "the server ends every connection")
	return answer, took
}

func framed(text string) []byte {
	return append(binary.BigEndian.AppendUint32(nil, uint32(len(text))), text...)
}

// Garbage at the pipe is refused or cut off; it neither releases anything nor brings the server down.
func TestW15_Garbage(t *testing.T) {
	refused := string(framed("refused"))
	l := slaveHolds(t)
	for _, c := range []struct {
		name, sent, want string
		took             time.Duration
	}{
		{"an empty message", "\x00\x00\x00\x00", refused, 0},
		{"no words", string(framed("   ")), refused, 0},
		{"another pipe", string(framed(`\pipe\other release 192.168.10.202 as master`)), refused, 0},
		{"another request", string(framed(`\pipe\ipwcs take 192.168.10.202 as master`)), refused, 0},
		{"a word too many", string(framed(`\pipe\ipwcs release 192.168.10.202 as master now`)), refused, 0},
		{"an unknown role", string(framed(`\pipe\ipwcs release 192.168.10.202 as emperor`)), refused, 0},
		{"no address", string(framed(`\pipe\ipwcs release 192.168.10 as master`)), refused, 0},
		{"an IPv6 address", string(framed(`\pipe\ipwcs release ::ffff:192.168.10.202 as master`)), refused, 0},
		{"an address of no entry", string(framed(`\pipe\ipwcs release 192.168.10.203 as master`)), refused, 0},
		{"bytes", string(framed("\x00\xff\xfe\r\n\x1b[31m")), refused, 0},
		{"the longest message", string(framed(strings.Repeat("x", maxMessage))), refused, 0},
		{"one byte more", string(framed(strings.Repeat("x", maxMessage+1))), "", 0},
		{"4 GB announced", "\xff\xff\xff\xff", "", 0},
		{"another protocol", "GET / HTTP/1.1\r\nHost: x\r\n\r\n", "", 0},
		{"less than announced", "\x00\x00\x00\x10\\pipe", "", 2 * pipeRead},
		{"half a length", "\x00\x00", "", 2 * pipeRead},
		{"nothing at all", "", "", 2 * pipeRead},
	} {
		got, took := l.raw([]byte(c.sent), false)
		require.Equal(t, c.want, string(got), "W15: %s is refused or cut off", c.name)
		require.InDelta(t, c.took.Seconds(), took.Seconds(), 0.01, "W15: %s", c.name)
		l.raw([]byte(c.sent), true) // and gone before the answer
	}
	require.Equal(t, trace.Preferred, l.standby.AddressState(vip), "W15: garbage releases nothing")
	require.Empty(t, l.standby.pipe.calls)
	answer, _, err := l.call(l.client.Machine, l.standby.Address().Addr(), releaseRequest(vip, core.Master))
	require.NoError(t, err, "the pipe still works")
	require.Equal(t, "released", answer)
}

// Whatever the bytes, the connection ends and the pipe works on.
func TestW15_AnyBytes(t *testing.T) {
	l := slaveHolds(t)
	rapid.Check(t, func(t *rapid.T) {
		sent := rapid.OneOf(rapid.SliceOf(rapid.Byte()), rapid.Custom(func(t *rapid.T) []byte {
			return framed(rapid.String().Draw(t, "text"))
		})).Draw(t, "sent")
		got, took := l.raw(sent, false)
		require.Contains(t, []string{"", string(framed("refused"))}, string(got), "W15: refused or cut off")
		require.LessOrEqual(t, took, 2*pipeRead+s)
	})
	require.Equal(t, trace.Preferred, l.standby.AddressState(vip))
}

// What answers at the peer's port need not be a watcher.
func TestW15_GarbageAsAnAnswer(t *testing.T) {
	for sent, want := range map[string]string{
		"":                             "no answer",
		"\xff\xff\xff\xff":             "no answer",
		"HTTP/1.1 400 Bad Request\r\n": "no answer",
		string(framed("")):             "unknown answer ",
		string(framed("released?")):    "unknown answer released?",
		string(framed("Released")):     "unknown answer Released",
		string(framed("released")):     "released",
	} {
		l := newLab(t)
		l.active.Start()
		l.run(3200 * ms)
		l.skip()
		serveOnce(t, l.client.Host(), sent)
		l.env.Resolve = func(string) (netip.Addr, bool) { return l.client.Address().Addr(), true }
		l.active.service.Ask(`\\client`, vip, core.Master, func(core.Answer) {})
		l.run(s)
		require.Equal(t, []string{want + " after 1ms"}, l.story("active", "pipe"), "W15: the answer %q", sent)
	}
}

// serveOnce answers each connection to port 445 with the bytes.
func serveOnce(t *testing.T, h *host.Host, sent string) {
	h.Domain().Go("server", func() {
		l, err := h.Listen(netip.AddrPortFrom(netip.IPv4Unspecified(), pipePort))
		require.NoError(t, err)
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func(conn net.Conn) {
				defer conn.Close()
				_, _ = readMessage(conn)
				_, _ = io.WriteString(conn, sent)
			}(conn)
		}
	})
}

func TestW15_RequestsReadBack(t *testing.T) {
	for _, as := range []core.Balance{core.Master, core.Slave} {
		ip, from, ok := parseRelease(releaseRequest(vip, as))
		require.True(t, ok)
		require.Equal(t, vip, ip)
		require.Equal(t, as, from)
	}
}
