package windows

import (
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/says"
	"ipwsim/sim/trace"
)

// ended is what a command said.
type ended struct {
	exit   int
	output string
}

// command runs a command of the machine to its end.
func (l *lab) command(run func(done func(exit int, output string))) (got ended, took time.Duration) {
	l.t.Helper()
	start, calls := l.s.Now(), 0
	run(func(exit int, output string) {
		calls++
		got, took = ended{exit, output}, l.s.Now()-start
	})
	require.Zero(l.t, calls, "H2: a command takes time; its end is never told from within its start")
	l.run(time.Minute)
	require.Equal(l.t, 1, calls, "H2: a command ends once")
	return got, took
}

// idle is a lab whose master is on, with its service stopped.
func idle(t *testing.T, change ...func(*NodeConfig)) *lab {
	l := newLab(t, change...)
	l.active.Start()
	l.run(10 * s)
	require.True(t, l.active.StopService())
	l.run(10 * s)
	l.skip()
	return l
}

func netshTimes(t *testing.T, seed uint64, n int) (times []time.Duration) {
	l := idle(t)
	l.env.Seed = seed
	l.active.commands = newCommands(l.active.Machine, 200*ms, s)
	for range n {
		_, took := l.command(func(done func(int, string)) { l.active.commands.Delete(iface, vip, done) })
		times = append(times, took)
	}
	for i, r := range l.env.Trace.Records[l.seen:] {
		require.Equal(t, times[i], r.Body.(trace.Command).Took, "H2: the trace has the time a command took")
	}
	return times
}

func TestH2_NetshTakesItsTime(t *testing.T) {
	const n = 1000
	times := netshTimes(t, 1, n)
	var quarters [4]int
	for _, took := range times {
		require.GreaterOrEqual(t, took, 200*ms, "H2: netsh takes 0.2-1 s")
		require.LessOrEqual(t, took, s, "H2: netsh takes 0.2-1 s")
		quarters[min(3, (took-200*ms)/(200*ms))]++
	}
	for i, q := range quarters {
		require.InDelta(t, n/4, q, n/16, "H2: uniform: a quarter of the commands in quarter %d of the range", i+1)
	}
}

func TestH2_NetshTimesAreTheSeeds(t *testing.T) {
	require.Equal(t, netshTimes(t, 1, 20), netshTimes(t, 1, 20))
	require.NotEqual(t, netshTimes(t, 1, 20), netshTimes(t, 2, 20))
}

// H2: an address that no host can have is no interface's (RFC 1122); a subnet of two addresses has no others (RFC 3021).
func TestH2_OnlyHostsAddresses(t *testing.T) {
	for prefix, want := range map[string]bool{
		"0.0.0.0/24": false, "127.0.0.1/8": false, "224.0.0.1/24": false, "255.255.255.255/24": false, "240.0.0.1/24": false,
		"192.168.10.0/24": false, "192.168.10.255/24": false, "192.168.10.254/24": true, "192.168.10.0/16": true,
		"192.168.10.3/30": false, "192.168.10.2/30": true, "192.168.10.2/31": true, "192.168.10.3/31": true, "192.168.10.0/32": true,
	} {
		require.Equal(t, want, IsHosts(netip.MustParsePrefix(prefix)), prefix)
	}
	for _, bad := range []string{"255.255.255.255", "192.168.10.255"} {
		ip := netip.MustParseAddr(bad)
		l := idle(t)
		got, _ := l.command(func(done func(int, string)) { l.active.commands.Add(iface, ip, done) })
		require.Equal(t, ended{1, textParameter.in("")}, got)
		require.False(t, l.active.AddAddress(ip))
		require.Equal(t, []netip.Prefix{l.active.Address()}, l.active.Host().NIC().Addresses())
	}
}

// H2: netsh works, fails, or reports success and does nothing; what is there already and what is not
// there are failures of their own.
func TestH2_NetshModes(t *testing.T) {
	for _, c := range []struct {
		mode        NetshMode
		there       bool // the address is configured before
		add, delete ended
		afterAdd    bool // it is configured after the add
		afterDelete bool
	}{
		{mode: NetshWorks, add: ended{0, textDone.in("")}, afterAdd: true, delete: ended{1, textNotFound.in("")}},
		{mode: NetshWorks, there: true, add: ended{1, textExists.in("")}, afterAdd: true, delete: ended{0, textDone.in("")}},
		{mode: NetshFails, add: ended{1, textFailed.in("")}, delete: ended{1, textFailed.in("")}},
		{mode: NetshFails, there: true, add: ended{1, textFailed.in("")}, afterAdd: true, delete: ended{1, textFailed.in("")}, afterDelete: true},
		{mode: NetshLies, add: ended{0, textDone.in("")}, delete: ended{0, textDone.in("")}},
		{mode: NetshLies, there: true, add: ended{0, textDone.in("")}, afterAdd: true, delete: ended{0, textDone.in("")}, afterDelete: true},
	} {
		prepare := func() *lab {
			l := idle(t)
			if c.there {
				l.command(func(done func(int, string)) { l.active.commands.Add(iface, vip, done) })
			}
			require.Equal(t, c.mode != NetshWorks, l.active.SetNetsh(c.mode), "a fault that changes nothing says false")
			return l
		}
		configured := func(l *lab) []bool {
			return []bool{l.active.AddressState(vip) != trace.Absent, len(l.active.stored) == 2}
		}
		l := prepare()
		got, _ := l.command(func(done func(int, string)) { l.active.commands.Add(iface, vip, done) })
		require.Equal(t, c.add, got, "H2: add, netsh %s, there already: %v", c.mode, c.there)
		require.Equal(t, []bool{c.afterAdd, c.afterAdd}, configured(l), "H2: add, netsh %s, there already: %v", c.mode, c.there)

		l = prepare()
		got, _ = l.command(func(done func(int, string)) { l.active.commands.Delete(iface, vip, done) })
		require.Equal(t, c.delete, got, "H2: delete, netsh %s, there before: %v", c.mode, c.there)
		require.Equal(t, []bool{c.afterDelete, c.afterDelete}, configured(l), "H2: delete, netsh %s, there before: %v", c.mode, c.there)
	}
}

// H2: netsh speaks the language of its Windows.
func TestH2_NetshSpeaksJapanese(t *testing.T) {
	l := idle(t)
	l.env.Language = says.Japanese
	got, _ := l.command(func(done func(int, string)) { l.active.commands.Delete(iface, vip, done) })
	require.Equal(t, ended{1, "要素が見つかりません。\r\n\r\n"}, got)
}

// The table has no mask: the address gets the interface's own.
func TestH2_AddedAddressHasTheInterfacesMask(t *testing.T) {
	l := idle(t)
	l.command(func(done func(int, string)) { l.active.commands.Add(iface, vip, done) })
	require.Equal(t, []netip.Prefix{l.active.Address(), netip.PrefixFrom(vip, 24)}, l.active.Host().NIC().Addresses())
}

// H20, H18: in another subnet it gets that of its class, whoever adds it: no mask is given then either.
func TestH20_AddedAddressOfAnotherSubnetHasItsClass(t *testing.T) {
	for name, add := range map[string]func(*lab){
		"netsh":  func(l *lab) { l.command(func(done func(int, string)) { l.active.commands.Add(iface, vip, done) }) },
		"a hand": func(l *lab) { require.True(t, l.active.AddAddress(vip)) },
	} {
		l := idle(t, func(c *NodeConfig) { c.Address = netip.PrefixFrom(c.Address.Addr(), 32) })
		require.Equal(t, 32, l.active.Address().Bits())
		add(l)
		require.Equal(t, []netip.Prefix{l.active.Address(), netip.PrefixFrom(vip, 24)}, l.active.Host().NIC().Addresses(), name)
	}
}

func TestW5_ArpDEmptiesTheCache(t *testing.T) {
	l := idle(t)
	l.active.Ping(l.client.Address().Addr(), netip.Addr{}, 1, nil)
	l.run(100 * ms)
	l.skip()
	start := l.s.Now()
	got, took := l.command(l.active.commands.FlushARP)
	require.Equal(t, ended{}, got)
	require.Equal(t, arpTime, took)
	first := l.env.Trace.Records[l.seen]
	require.Equal(t, trace.Record{At: start + arpTime, Host: "active", Body: trace.Neighbor{
		IP: l.client.Address().Addr(), State: trace.Removed,
	}}, first, "W5: `arp -d` empties the cache")
}

// H7: a command of a frozen machine ends after the thaw, and took that long.
func TestH7_CommandOfAFrozenMachineWaits(t *testing.T) {
	l := idle(t)
	l.active.commands.Delete(iface, vip, func(int, string) {})
	l.active.Freeze()
	l.run(time.Minute)
	require.Empty(t, l.story("active", "command"), "H7: nothing runs")
	l.active.Resume()
	l.run(0)
	last := l.env.Trace.Records[len(l.env.Trace.Records)-1]
	require.Equal(t, time.Minute, last.Body.(trace.Command).Took, "H7: the time went by for the command too")
}

// H6: a command that the power takes away has neither effect nor end.
func TestH6_CommandOfADeadMachineIsGone(t *testing.T) {
	l := idle(t)
	l.active.commands.Add(iface, vip, func(int, string) { t.Error("H6: a dead machine's command has ended") })
	l.active.PowerOff()
	l.run(time.Minute)
	require.Empty(t, l.story("active", "command"))
	require.Len(t, l.active.stored, 1, "H6: nothing was stored")
}
