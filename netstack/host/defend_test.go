package host

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/netstack/policy"
	"ipwsim/netstack/wire"
)

// The systems that H15 tells apart: Windows 2003, and later ones with and without a defence.
var (
	dad2003   = DADPolicy{Announcements: 1, AnswerIsConflict: true, Answers: true, Defend: policy.Announce, DefendInterval: 10 * time.Second}
	dadLater  = DADPolicy{Probes: 3, Interval: time.Second, Announcements: 1, Answers: true, DefendInterval: 10 * time.Second}
	dadDefend = DADPolicy{Probes: 3, Interval: time.Second, Announcements: 1, Answers: true, Defend: policy.Announce, DefendInterval: 10 * time.Second}
)

// duel is two hosts of which the first has the VIP for a minute. What they hear of each other is in log.
type duel struct {
	*lan
	owner, newcomer *Host
}

func newDuel(t *testing.T, owner, newcomer DADPolicy) duel {
	l := newLAN(t)
	system := func(dad DADPolicy) func(*Config) {
		return func(cfg *Config) {
			cfg.DAD = dad
			name := cfg.Name
			cfg.OnConflict = func(ip netip.Addr, with wire.MAC, owner bool) {
				id := map[bool]int{true: 4199, false: 4198}[owner]
				l.log = append(l.log, fmt.Sprintf("%v %s %d %v %d", l.s.Now(), name, id, ip, with[5]))
			}
		}
	}
	d := duel{lan: l, owner: l.add(vip+"/24", system(owner)), newcomer: l.add("192.168.10.2/24", system(newcomer))}
	l.run(time.Minute)
	l.log, l.arps = nil, nil
	return d
}

// H15: Windows 2003 has a new address at once and announces it. The owner answers, and announces too: the newcomer's
// is Duplicate, and both write the other's MAC into their logs.
func TestH15_2003Against2003(t *testing.T) {
	d := newDuel(t, dad2003, dad2003)
	d.newcomer.NIC().Add(vipPrefix)
	d.run(10 * time.Second)
	require.Equal(t, []string{
		"1m0s h2 announce 192.168.10.202", "1m0.0002s h1 reply 192.168.10.202", "1m0.0002s h1 announce 192.168.10.202",
	}, d.arps)
	require.Equal(t, []string{
		"1m0s h2 192.168.10.202 tentative", "1m0s h2 192.168.10.202 preferred",
		"1m0.0002s h1 4199 192.168.10.202 2",
		"1m0.0004s h2 192.168.10.202 duplicate",
		"1m0.0004s h2 4198 192.168.10.202 1",
	}, d.log)
	require.Equal(t, Preferred, d.owner.NIC().State(vipAddr))
}

// H15: an owner without a defence answers, and that is all.
func TestH15_2003AgainstLater(t *testing.T) {
	d := newDuel(t, dadLater, dad2003)
	d.newcomer.NIC().Add(vipPrefix)
	d.run(10 * time.Second)
	require.Equal(t, Duplicate, d.newcomer.NIC().State(vipAddr))
	require.Len(t, d.arps, 2, "the announcement and its answer")
}

// H15: a later Windows finds out by its probes; the owner answers the first, and writes 4199 once.
func TestH15_LaterAgainstLater(t *testing.T) {
	for name, owner := range map[string]DADPolicy{"none": dadLater, "announce": dadDefend} {
		d := newDuel(t, owner, dadLater)
		d.newcomer.NIC().Add(vipPrefix)
		d.run(10 * time.Second)
		require.Equal(t, []string{
			"1m0s h2 192.168.10.202 tentative",
			"1m0.0002s h1 4199 192.168.10.202 2",
			"1m0.0004s h2 192.168.10.202 duplicate",
			"1m0.0004s h2 4198 192.168.10.202 1",
		}, d.log, name)
		require.Equal(t, []string{"1m0s h2 probe 192.168.10.202", "1m0.0002s h1 reply 0.0.0.0"}, d.arps, "no announcement: %s", name)
	}
}

// H15, RFC 5227, 2.4: an owner that hears its address claimed announces it, at most once in 10 s, so that a third
// host's entry is right again; one without a defence leaves it wrong. Either takes note of a claim once in 10 s.
func TestH15_AnOwnerDefends(t *testing.T) {
	for _, c := range []struct {
		owner     DADPolicy
		believed  byte // of whom a third host believes the address
		announced int
	}{{dadDefend, 1, 2}, {dadLater, 2, 0}} {
		d := newDuel(t, c.owner, dadLater)
		third := d.add("192.168.10.3/24")
		d.run(5 * time.Second)
		d.echoes(third, vip, 1)
		d.log, d.arps = nil, nil
		for _, wait := range []time.Duration{5 * time.Second, 6 * time.Second, time.Second} {
			d.newcomer.NIC().Announce(vipAddr)
			d.run(wait)
		}
		mac, _ := third.NIC().Neighbor(vipAddr)
		require.Equal(t, c.believed, mac[5])
		announced := slices.DeleteFunc(d.arps, func(a string) bool { return !strings.Contains(a, " h1 announce ") })
		require.Len(t, announced, c.announced)
		require.Len(t, d.log, 2, "%v", d.log)
	}
}

// H15: an ordinary request for a tentative address is a conflict where the setting says so.
func TestH15_AFalseConflict(t *testing.T) {
	for is, want := range map[bool]AddressState{false: Preferred, true: Duplicate} {
		l := newLAN(t)
		asker := l.add("192.168.10.1/24")
		h := l.add("192.168.10.2/24", func(cfg *Config) { cfg.DAD.RequestIsConflict = is })
		l.run(5 * time.Second)
		h.NIC().Add(vipPrefix)
		l.run(500 * time.Millisecond)
		asker.NewPinger(vipAddr, netip.Addr{}, 128, 32, PingHandler{}).Send(1)
		l.run(5 * time.Second)
		require.Equal(t, want, h.NIC().State(vipAddr))
	}
}
