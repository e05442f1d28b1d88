package windows

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/core"
	"ipwsim/sim/trace"
)

// W5: release everything, open the pipe, check each VIP once, then the monitoring interval. W7: the VIP
// is not taken at once but 30-40 s later. W8: event 100 when it is added.
func TestW5_W7_W8_Start(t *testing.T) {
	l := newLab(t)
	l.active.Start()
	l.run(time.Minute)
	require.Equal(t, []string{
		"service start pending", "releasing W5", "service running",
		"netsh interface ip delete exit 1", // not found is fine
		"arp -d exit 0",
		"polling W5",
		"taking W12",
		"netsh interface ip add exit 0", "event 100",
		"held W8",
	}, l.story("active", "service", "watch", "command", "event"), "W5, W8: the order of a start")
	at := l.when(l.active, trace.Event{Source: "IPWCS", ID: 100, Text: "LogicalIP Add address 192.168.10.202"})
	require.Len(t, at, 1, "W8: event 100 once")
	checked := 3550 * ms
	require.GreaterOrEqual(t, at[0]-checked, 30*s, "W7: a free VIP is not taken at once")
	require.LessOrEqual(t, at[0]-checked, 40*s, "W7: about 30-40 s later")
}

// when is the times at which the machine recorded the body.
func (l *lab) when(n *Node, b trace.Body) (at []time.Duration) {
	for _, r := range l.env.Trace.Records[l.seen:] {
		if r.Host == n.Name() && r.Body == b {
			at = append(at, r.At)
		}
	}
	return at
}

// W6: a stop releases everything as the start does, and closes the pipe.
func TestW6_Stop(t *testing.T) {
	l := settled(t)
	require.True(t, l.active.StopService())
	require.False(t, l.active.StopService(), "a service that stops cannot be stopped")
	require.False(t, l.active.StartService(), "a service that stops cannot be started")
	l.run(s)
	require.Equal(t, []string{
		"service stop pending", "releasing W6",
		"192.168.10.202 absent", "netsh interface ip delete exit 0", "arp -d exit 0",
		"service stopped",
	}, l.story("active", "service", "watch", "command", "address"), "W6: the order of a stop")
	require.Nil(t, l.active.pipe.handler, "W6: the pipe is closed")
	require.False(t, l.active.StopService(), "a stopped service cannot be stopped")
	require.Equal(t, "on, IPWCS stopped", l.active.Status())
}

// A stopped watcher is gone: it neither polls nor hears of anything.
func TestW6_NothingRunsAfterTheStop(t *testing.T) {
	l := settled(t)
	l.standby.StopService()
	l.run(s)
	l.skip()
	l.active.PowerOff()
	l.cables["standby"].SetPlugged(false)
	l.run(s)
	l.cables["standby"].SetPlugged(true)
	l.run(10 * time.Minute)
	require.Empty(t, l.story("standby", "watch", "command", "log", "pipe", "service"), "W6: stopped is stopped")
	require.Equal(t, []string{"event 4202"}, l.story("standby", "event"), "H15: Windows' own, of the cable")
	require.Empty(t, l.standby.Host().NIC().Addresses()[1:], "P6: no VIP is left")
}

// P6: a stop at any moment of the watcher's life leaves no VIP, whatever netsh was about.
func TestP6_StopAtAnyMoment(t *testing.T) {
	for at := 2 * s; at < 45*s; at += 173 * ms {
		l := newLab(t)
		l.active.Start()
		l.run(at)
		stopped := l.active.StopService()
		require.Equal(t, at >= 3*s, stopped, "the service starts at 3 s")
		l.run(2 * s)
		if stopped {
			require.Len(t, l.active.Host().NIC().Addresses(), 1, "P6: stopped at %v, an address is left", at)
			require.Equal(t, "on, IPWCS stopped", l.active.Status(), "P6: stopped at %v", at)
		}
	}
}

func TestW5_RestartIsALifeOfItsOwn(t *testing.T) {
	l := newLab(t)
	l.active.Start()
	l.run(time.Minute)
	require.False(t, l.active.StartService(), "a service that runs cannot be started")
	first := l.active.service
	l.active.StopService()
	l.run(s)
	l.skip()
	require.True(t, l.active.StartService())
	require.NotSame(t, first, l.active.service)
	require.False(t, l.active.StartService())
	l.run(time.Minute)
	require.Equal(t, []string{
		"service start pending", "releasing W5", "service running", "polling W5", "taking W12", "event 100", "held W8",
	}, l.story("active", "service", "watch", "event"), "W5: a restart begins anew")
	require.Equal(t, trace.Preferred, l.active.AddressState(vip))
}

// A VIP that a failed stop left behind is there when the service starts again: the watcher must know,
// or it would poll its own address.
func TestW5_StartFindsWhatAFailedStopLeft(t *testing.T) {
	l := settled(t)
	l.active.SetNetsh(NetshFails)
	l.active.StopService()
	l.run(s)
	require.Equal(t, trace.Preferred, l.active.AddressState(vip), "H2: the delete failed")
	l.skip()
	l.active.StartService()
	l.run(10 * s)
	require.Equal(t, []string{"releasing W5", "held W19"}, l.story("active", "watch"), "W19: usable on the interface")
}

// A question that is out when its service stops has no end: the process is gone.
func TestW6_StopWithAQuestionOut(t *testing.T) {
	for _, restart := range []bool{false, true} {
		l := settled(t)
		l.standby.PowerOff()
		l.run(20 * s) // W17 asks at 67.05 s, for 21 s
		l.skip()
		l.active.StopService()
		l.run(s)
		if restart {
			l.active.StartService()
		}
		l.run(15 * s)
		require.Empty(t, l.story("active", "pipe"), "W6: nobody is there to hear of the question's end")
	}
}

// W15, W6: a request that finds the service stopping is answered when the VIP is out; one that the
// watcher cannot answer any more is cut off.
func TestW6_StopWhileThePeersRequestWaits(t *testing.T) {
	for _, c := range []struct {
		name string
		stop time.Duration // after the request
		want string
	}{
		{"before its release ends", 200 * ms, "released"},
		{"as it comes", 0, "released"},
	} {
		l := slaveHolds(t)
		l.s.After(c.stop, func() { l.standby.StopService() })
		answer, took, err := l.call(l.client.Machine, l.standby.Address().Addr(), releaseRequest(vip, core.Master))
		require.NoError(t, err, c.name)
		require.Equal(t, c.want, answer, "W15: stopped %s", c.name)
		require.Less(t, took, 2*s)
		require.Equal(t, "on, IPWCS stopped", l.standby.Status())
	}
	l := slaveHolds(t)
	l.standby.pipe.handler = func(string, func(string)) {} // a watcher that never answers
	l.s.After(s, func() { l.standby.StopService() })
	_, took, err := l.call(l.client.Machine, l.standby.Address().Addr(), releaseRequest(vip, core.Master))
	require.Equal(t, errSilent, err)
	require.InDelta(t, 1.55, took.Seconds(), 0.01, "W6: who waits at a pipe that closes is cut off")
	require.Empty(t, l.standby.pipe.calls)
}

// W10: with LogEnabled the log has the lines of the guide's transcript; without, none.
func TestW10_Log(t *testing.T) {
	l := newLab(t, func(c *NodeConfig) { c.Settings.LogEnabled = c.Role == "active" })
	l.active.Start()
	l.standby.Start()
	l.run(40 * s)
	l.active.StopService()
	l.run(s)
	lines := l.story("active", "log")
	var found []string
	for _, want := range []string{
		"E-POST IP Watcher (1.15) x64",
		"IP released all.",
		`netsh interface ip delete address "イーサネット" addr=192.168.10.202`,
		textNotFound.en,
		"end code is 0",
		"arp -d",
		"ConnectNamedPipe(hPipe = 000000f4)",
		"Check IP addr 192.168.10.202",
		`netsh interface ip add address "イーサネット" addr=192.168.10.202`,
		"end code is 0",
		"Service Stoped.",
		"end code is 2",
		"cleanup",
		"CloseHandle(hPipe = 000000f4)",
	} {
		if i := slices.Index(lines, want); i >= 0 {
			found, lines = append(found, want), lines[i+1:]
			continue
		}
		require.Fail(t, "W10: the log lacks a line or has it elsewhere", "%q after %q", want, found)
	}
	require.Empty(t, l.story("standby", "log"), "W3: LogEnabled = 0 writes no log")
}

// W8: each take is one entry of the event log, conflicts included.
func TestW8_OneEventATake(t *testing.T) {
	l := settled(t)
	for range 3 {
		l.cables["active"].SetPlugged(false)
		l.run(time.Minute)
		l.cables["active"].SetPlugged(true)
		l.run(time.Minute)
	}
	for _, n := range []*Node{l.active, l.standby} {
		takes, added := 0, 0
		for _, line := range l.story(n.Name(), "watch", "event") {
			switch line {
			case "taking W12", "taking W16":
				takes++
			case "event 100":
				added++
			}
		}
		require.Equal(t, 3, takes, "%s takes the VIP with each pull", n.Name())
		require.Equal(t, takes, added, "W8: event 100 once a take by %s", n.Name())
	}
}
