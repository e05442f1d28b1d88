package world_test

import (
	"encoding/binary"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/netstack/wire"
	"ipwsim/sim/cluster"
	"ipwsim/sim/trace"
)

// W11: who finds its address gone polls for it like anybody; the VIP is back after an interval.
func TestH18_DeletedAddressIsTakenAnew(t *testing.T) {
	for seed := range uint64(20) {
		w := settled(t, shipped(t, "guide", nil), seed)
		play(t, w, "ping; delete-address active")
		require.Empty(t, holders(w, vip))
		run(w, time.Millisecond)
		watch := seenSince[trace.Watch](w.Trace().Records, cluster.Active, 0)
		require.Equal(t, []trace.Watch{{VIP: vip, State: trace.Polling, Why: "gone", Rule: "W11"}}, watch)
		run(w, 70*time.Second)
		require.Equal(t, []string{cluster.Active}, holders(w, vip))
	}
}

// Added to the slave while the master holds it, the VIP turns out a duplicate, and its watcher, which polls, lets it be;
// with the master off it is held, and given back as any other.
func TestH18_AddedAddress(t *testing.T) {
	w := settled(t, shipped(t, "guide", nil), 1)
	play(t, w, "add-address standby")
	run(w, 10*time.Second)
	require.Equal(t, []string{cluster.Active}, holders(w, vip))
	w = settled(t, shipped(t, "guide", nil), 1)
	play(t, w, "power-off active; add-address standby")
	run(w, 10*time.Second)
	require.Equal(t, []string{cluster.Standby}, holders(w, vip), "found usable, whoever added it (W19)")
}

// With another name netsh finds nothing; what is left on the interface stays there.
func TestH18_RenamedInterface(t *testing.T) {
	exits := func(name string) (all []int) {
		w := settled(t, shipped(t, "guide", nil), 1)
		play(t, w, "rename-interface active "+name+"; stop-service active")
		run(w, 10*time.Second)
		for _, c := range seenSince[trace.Command](w.Trace().Records, cluster.Active, 0) {
			if c.Does == trace.DeleteAddress {
				all = append(all, c.Exit)
				require.Equal(t, c.Exit != 0, c.Missing)
			}
		}
		return all
	}
	require.Equal(t, []int{1}, exits("イーサネット 2"))
	require.Equal(t, []int{1}, exits("ethernet"))
}

// With the other card's MAC the node is heard of only by those whom it sends something; an announcement reaches all.
func TestH18_TeamFailover(t *testing.T) {
	for announces, want := range map[string]trace.PingOutcome{"false": trace.TimedOut, "true": trace.Replied} {
		w := settled(t, shipped(t, "guide", toml(t, "guide", `mac = "00-15-5d-0a-0b-c8"`,
			"team = [\"00-15-5d-0a-0b-c8\", \"00-15-5d-0a-0b-d8\"]\nteam_announces = "+announces, `profile = "windows-modern"`, `profile = "windows-xp"`)), 1)
		play(t, w, "ping; soon; team-failover active")
		before := w.Now() + 5*time.Second // what was under way has timed out
		run(w, 20*time.Second)
		require.Equal(t, []string{cluster.Active}, holders(w, vip))
		for _, line := range seenSince[trace.PingLine](w.Trace().Records, "client", before) {
			require.Equal(t, want, line.Outcome, "announces: "+announces)
		}
	}
}

// To announce is the work of Windows: a frozen machine whose team's other card takes over announces nothing, and nobody
// learns that card's MAC before it runs again.
func TestH7_AFrozenMachinesTeamIsSilent(t *testing.T) {
	other := trace.MAC{0x00, 0x15, 0x5d, 0x0a, 0x0b, 0xd8}
	for faults, heard := range map[string]bool{"team-failover active": true, "freeze active; team-failover active": false} {
		w := settled(t, shipped(t, "guide", toml(t, "guide", `mac = "00-15-5d-0a-0b-c8"`,
			"team = [\"00-15-5d-0a-0b-c8\", \"00-15-5d-0a-0b-d8\"]\nteam_announces = true")), 1)
		play(t, w, "ping; soon; "+faults)
		run(w, 5*time.Second)
		learned := func() bool {
			return slices.ContainsFunc(seenSince[trace.Neighbor](w.Trace().Records, "client", 0), func(n trace.Neighbor) bool { return n.MAC == other })
		}
		require.Equal(t, heard, learned(), faults)
		if !heard {
			play(t, w, "resume active")
			run(w, 20*time.Second)
			require.True(t, learned(), "then it speaks as that card")
		}
	}
}

// Nothing gets in: no echo request, no connection to the mail services or the pipe; what the node asks for does.
func TestH16_PublicNetwork(t *testing.T) {
	w := settled(t, shipped(t, "mail", nil), 1)
	play(t, w, "network active public; ping; connect; wait; wait; wait")
	require.Equal(t, []string{cluster.Active}, holders(w, vip), "nobody else gets it: it is defended (H3)")
	for _, line := range seenSince[trace.PingLine](w.Trace().Records, "client", 0) {
		require.Equal(t, trace.TimedOut, line.Outcome)
	}
	require.Equal(t, trace.NotConnected, seenSince[trace.Connect](w.Trace().Records, "client", 0)[0].Outcome)
	for _, asked := range seenSince[trace.Pipe](w.Trace().Records, cluster.Active, 0) {
		require.Equal(t, trace.NotHeld, asked.Answer)
	}
	play(t, w, "network active domain; ping; connect; wait")
	require.Equal(t, trace.Greeted, seenSince[trace.Connect](w.Trace().Records, "client", 0)[1].Outcome)
}

// By DNS a name leads to each address that the machine has registered in turn; what a machine without power has
// registered stays.
func TestH16_NamesByDNS(t *testing.T) {
	for keys, want := range map[string][]string{
		`names = "netbios"`: {"", "", "", ""},
		`names = "dns"`:     {"192.168.10.202 refused", "", "192.168.10.202 refused", ""},
	} {
		w := settled(t, shipped(t, "guide", toml(t, "guide", "seed = 1\n", keys+"\n")), 1)
		play(t, w, "unplug active; wait; wait; wait; power-off standby; plug active; wait")
		from := w.Now() + 10*time.Second
		run(w, 4*time.Minute)
		require.Equal(t, []string{cluster.Active}, holders(w, vip))
		var led []string
		for _, p := range seenSince[trace.Pipe](w.Trace().Records, cluster.Active, from) {
			if p.Led.IsValid() {
				led = append(led, fmt.Sprint(p.Led, " ", p.Answer))
			} else {
				led = append(led, "")
			}
		}
		require.Subset(t, want, led[:4], keys)
		require.Equal(t, len(want) > 0 && want[0] != "", slices.Contains(led, "192.168.10.202 refused"), keys)
	}
}

func TestH16_PublicAfterBoot(t *testing.T) {
	w := settled(t, shipped(t, "guide", toml(t, "guide", `boot = "2m"`, "boot = \"1m\"\npublic_after_boot = \"90s\"")), 1)
	play(t, w, "power-off active; power-on active")
	run(w, 5*time.Minute)
	var said []string
	for _, r := range w.Trace().Records {
		if b, is := r.Body.(trace.Firewall); is {
			said = append(said, fmt.Sprint(r.At, " ", b.Rule, " ", b.Blocked))
		}
	}
	require.Equal(t, []string{"1m0s inbound true", "2m30s inbound false"}, said)
}

// From outside: with the hypervisor's notice a client loses nothing. Without it, it hears nothing until the node sends
// something that way, to probe an ARP entry of its own or to answer for one. No address is detected anew.
func TestN10_MovedToAnotherPort(t *testing.T) {
	lost := map[string]int{}
	for seed := range uint64(20) {
		for how, notices := range map[string]int{"": 1, " without notice": 0} {
			w := settled(t, shipped(t, "guide", nil), seed)
			play(t, w, "ping; soon")
			before := w.Now()
			w.Network().AddTap(func(_ time.Duration, c *wire.Cable, b []byte) {
				if binary.BigEndian.Uint16(b[12:]) == wire.TypeRARP && c.Name() == "client" {
					notices--
				}
			})
			play(t, w, "move-port active to sw1"+how)
			run(w, 60*time.Second)
			require.Zero(t, notices, "the switch floods it, once")
			require.Equal(t, []string{cluster.Active}, holders(w, vip))
			require.Empty(t, seenSince[trace.Address](w.Trace().Records, cluster.Active, before), "nothing changes on the node")
			lines := seenSince[trace.PingLine](w.Trace().Records, "client", before)
			for _, l := range lines {
				if l.Outcome == trace.TimedOut {
					lost[how]++
				}
			}
			require.Equal(t, trace.Replied, lines[len(lines)-1].Outcome, how)
		}
	}
	require.Zero(t, lost[""])
	require.Greater(t, lost[" without notice"], 20, "more than one each time")
}

// From outside: a watcher whose clock is slow takes its peer's VIP that much later, its polls come that much apart, and so
// do the stamps in its log; everything else is as it was.
func TestH18_SlowClock(t *testing.T) {
	type measured struct{ taken, poll time.Duration }
	var all []measured
	for _, clock := range []string{"", "clock standby 2% slow; ", "clock standby 2% fast; "} {
		w := settled(t, shipped(t, "guide", toml(t, "guide", `netsh = ["0.2s", "1s"]`, `netsh = ["0.5s", "0.5s"]`)), 3)
		var polls []time.Duration
		w.Network().AddTap(func(at time.Duration, c *wire.Cable, b []byte) {
			if c.Name() == cluster.Standby && wire.MAC(b[6:12]) == wire.MAC(w.Trace().Header.Node(cluster.Standby).MAC) && b[13] == 6 && b[0] == 0xff {
				polls = append(polls, at)
			}
		})
		play(t, w, clock+"power-off active")
		lost := w.Now()
		polls = nil
		run(w, time.Minute)
		m := measured{poll: polls[3] - polls[0]}
		for _, r := range w.Trace().Records {
			if r.At > lost && r.Host == cluster.Standby && r.Body == (trace.Address{IP: vip, State: trace.Preferred}) {
				m.taken = r.At - lost
			}
		}
		all = append(all, m)
	}
	right, slow, fast := all[0], all[1], all[2]
	require.InDelta(t, 1/0.98, slow.poll.Seconds()/right.poll.Seconds(), 0.001)
	require.InDelta(t, 1/1.02, fast.poll.Seconds()/right.poll.Seconds(), 0.001)
	require.Greater(t, slow.taken, right.taken+500*time.Millisecond)
	require.Less(t, fast.taken, right.taken-500*time.Millisecond)
}

// A link that returns is judged anew where the setting says so, as long from the last return; one that is up at a boot is not.
func TestH16_PublicAfterLink(t *testing.T) {
	w := settled(t, shipped(t, "guide", toml(t, "guide", `boot = "2m"`, "boot = \"1m\"\npublic_after_link = \"15s\"")), 1)
	play(t, w, "flap active 5s")
	run(w, 10*time.Second) // 5 s after its return
	play(t, w, "flap active 2s")
	run(w, time.Minute)
	play(t, w, "power-off active; power-on active")
	run(w, 5*time.Minute)
	var said []string
	for _, r := range w.Trace().Records {
		if b, is := r.Body.(trace.Firewall); is {
			said = append(said, fmt.Sprint(r.At, " ", r.Host, " ", b.Rule, " ", b.Blocked))
		}
	}
	require.Equal(t, []string{"5s active inbound true", "27s active inbound false"}, said)
}
