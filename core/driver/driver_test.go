package driver_test

import (
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/core"
	"ipwsim/core/driver"
	"ipwsim/core/driver/porttest"
	"ipwsim/core/vrrp"
)

// start starts a watcher of the fake's free address on a fake host.
func start(b core.Balance) (*driver.Driver, *fake) {
	f := newFake(nil)
	d := f.drive(b, f.broken)
	d.Start()
	return d, f
}

func (f *fake) drive(b core.Balance, p driver.Ports) *driver.Driver {
	set := core.DefaultSettings()
	set.Balance = b
	set.LogEnabled = true
	d := driver.New(core.New(set, []core.Entry{{Peer: `\\peer`, VIP: free, Interface: iface}}), p)
	f.in = d
	return d
}

// W5, W7, W8, W6: a whole life on a host.
func TestLife(t *testing.T) {
	d, f := start(core.Master)
	f.Advance(2 * commandTime)
	require.NotNil(t, f.asked, "W5: the pipe is open when the start has released everything")
	f.Advance(35 * time.Second)
	require.Equal(t, core.Preferred, f.addresses[free], "W7: a free VIP is taken after 30-40 s")
	require.Equal(t, []string{"LogicalIP Add address 192.168.10.202"}, f.events, "W8")
	require.Contains(t, f.lines, "IP released all.", "W10")

	stopped := 0
	d.Stop(func() { stopped++ })
	d.Stop(func() { stopped++ })
	require.Zero(t, stopped, "W6: the commands take their time")
	f.Advance(2 * commandTime)
	require.Equal(t, 2, stopped, "W6: everybody who asked is told")
	require.Equal(t, core.Absent, f.addresses[free], "W6: no address is left behind")
	require.Nil(t, f.asked, "W6: the pipe is closed")
	d.Stop(func() { stopped++ })
	require.Equal(t, 3, stopped, "W6: a stopped watcher is stopped")
	require.Equal(t, []string{
		"releasing W5",
		"polling W5",
		"taking W12",
		"held W8",
		"releasing W6",
	}, f.states)
	f.Advance(time.Hour)
	require.Empty(t, f.agenda, "nothing goes on after the stop")
}

// W15: a request goes to the machine, the answer comes back when the release is done.
func TestPeerAsks(t *testing.T) {
	_, f := start(core.Slave)
	f.Advance(70 * time.Second)
	require.Equal(t, core.Preferred, f.addresses[free])
	var answers []core.Answer
	f.PeerAsks(free, core.Master, func(a core.Answer) { answers = append(answers, a) })
	f.PeerAsks(free, core.Slave, func(a core.Answer) { answers = append(answers, a) })
	f.Advance(commandTime / 2)
	require.Equal(t, []core.Answer{core.Refused}, answers)
	f.Advance(commandTime)
	require.Equal(t, []core.Answer{core.Refused, core.Released}, answers)
	require.Equal(t, core.Absent, f.addresses[free])
}

// W16: the peer is asked for a VIP that another host answers for, and it is taken when released.
func TestAsksThePeer(t *testing.T) {
	f := newFake(nil)
	f.peer = porttest.Releases
	ports := f.broken
	released := false
	ports.Prober = prober{f, func(_ netip.Addr, answered func()) {
		if !released {
			f.after(latency, answered)
		}
	}}
	ports.Peer = peer{fake: f, ask: func(vip netip.Addr, answer func(core.Answer)) {
		released = true
		f.Ask("", vip, core.Master, answer)
	}}
	f.drive(core.Master, ports).Start()
	f.Advance(10 * time.Second)
	require.Equal(t, core.Preferred, f.addresses[free], "W16: taken at once, no interval is waited for")
}

// NetworkUp goes to the machine.
func TestNetworkUp(t *testing.T) {
	_, f := start(core.Master)
	f.Advance(40 * time.Second)
	asked := 0
	f.peer = porttest.HoldsNot
	f.Unplug()
	f.Advance(time.Second)
	f.Plug()
	f.Advance(dadTime)
	for _, l := range f.lines {
		if l == `Ask \\peer to release 192.168.10.202.` {
			asked++
		}
	}
	require.Equal(t, 1, asked, "W17: at once with the network")
}

// A port that calls back from within is survived: events wait until the actions before are done.
func TestPortsThatCallBackFromWithin(t *testing.T) {
	f := newFake(nil)
	ports := f.broken
	ports.Prober = prober{f, func(_ netip.Addr, answered func()) {}}
	ports.Addresses = addresses{fake: f,
		add: func(vip netip.Addr, done func(int, string)) {
			f.set(vip, core.Tentative)
			f.set(vip, core.Preferred)
			done(0, "")
		},
		del:   func(vip netip.Addr, done func(int, string)) { f.set(vip, core.Absent); done(0, "") },
		flush: func(done func(int, string)) { done(0, "") },
	}
	ports.Clock = clock{fake: f, wake: func(at time.Duration) {
		if f.Wake(at); at <= f.now {
			f.in.Wake()
		}
	}}
	d := f.drive(core.Master, ports)
	d.Start()
	f.Advance(31 * time.Second)
	require.Equal(t, []string{
		"releasing W5",
		"polling W5",
		"taking W12",
		"held W8",
	}, f.states)
	stopped := false
	d.Stop(func() { stopped = true })
	require.True(t, stopped)
	require.Equal(t, core.Absent, f.addresses[free])
}

// The timer is set once a deadline, not once an event.
func TestTimerIsSetOnceADeadline(t *testing.T) {
	_, f := start(core.Slave)
	f.Advance(2 * commandTime)
	before := f.timers
	for range 10 {
		f.in.AddressChanged(taken, core.Preferred)
	}
	require.Equal(t, before, f.timers)
}

// V1, V2, V4: the ports are those of another watcher, too.
func TestAnotherMachine(t *testing.T) {
	f := newFake(nil)
	var heard []byte
	f.peerHears = func(_ netip.Addr, packet []byte) { heard = append(heard, packet[2]) }
	set := vrrp.DefaultSettings()
	set.Own = own
	d := driver.New(vrrp.New(set, []core.Entry{{Peer: `\\peer`, VIP: free, Interface: iface}}), f.broken)
	f.in = d
	d.Start()
	f.Advance(10 * time.Second)
	require.Equal(t, core.Preferred, f.addresses[free], "nobody is heard")
	require.Equal(t, []byte{100, 100, 100, 100, 100, 100}, heard, "since 4.1 s")
	f.PeerAdvertises([]byte{0x31, 51, 200, 0, 0, 100, 0x5a, 0x6b}, 255)
	f.Advance(time.Second)
	require.Equal(t, core.Absent, f.addresses[free], "V3: outranked")
	f.Advance(10 * time.Second)
	require.Equal(t, core.Preferred, f.addresses[free])
	stopped := false
	d.Stop(func() { stopped = true })
	f.Advance(time.Second)
	require.True(t, stopped)
	require.Zero(t, heard[len(heard)-1], "V4")
	require.Nil(t, f.heard, "it listens no more")
}

// Log and Observer may be left out.
func TestWithoutLogAndObserver(t *testing.T) {
	f := newFake(nil)
	ports := f.broken
	ports.Log, ports.Observer = nil, nil
	f.drive(core.Master, ports).Start()
	f.Advance(time.Minute)
	require.Equal(t, core.Preferred, f.addresses[free])
}

// W10: the stamp of the log.
func TestW10_Stamp(t *testing.T) {
	at := time.Date(2025, time.February, 7, 16, 19, 27, 999, time.FixedZone("JST", 9*3600))
	require.Equal(t, "[07/Feb/2025:16:19:27]", driver.Stamp(at))
}

func BenchmarkPoll(b *testing.B) {
	f := newFake(nil)
	ports := f.broken
	ports.Prober = prober{f, func(_ netip.Addr, answered func()) { f.after(latency, answered) }}
	ports.Log = nil
	f.drive(core.Slave, ports).Start()
	f.Advance(2 * commandTime)
	b.ReportAllocs()
	for b.Loop() {
		f.Advance(3 * time.Second)
	}
}
