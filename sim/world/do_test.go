package world_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/cluster"
	"ipwsim/sim/trace"
	"ipwsim/sim/verb"
	"ipwsim/sim/world"
)

// effects has a row for each fault: what comes before it, what it does to a settled cluster, what is
// seen of it within a minute, and what it says when it is done again at once.
var effects = []struct {
	before, fault, after string
	seen                 func(r trace.Record) bool
	again                string
}{
	{"", "unplug active", "", link("active", false), "the cable is unplugged already"},
	{"unplug active", "plug active", "", link("active", true), "the cable is plugged in already"},
	{"", "flap active 5s", "", link("active", true), "the cable is unplugged already"},
	{"", "move-port active to sw1", "", moved, ""},
	{"ping; wait", "move-port active to sw1 without notice", "", stray, ""},
	{"ping; wait", "cut active active", "", pinged(trace.TimedOut), "the cable is so already"},
	{"cut active sw1; ping; wait", "mend active", "", pinged(trace.Replied), "the cable is so already"},
	{"ping; wait", "impair client loss 100% from client", "", pinged(trace.TimedOut), "the cable is so already"},
	{"", "kill-mail active", "connect", connected(trace.NotConnected), "the mail services of active: nothing to kill; the fault changes nothing"},
	{"kill-mail active", "start-mail active", "wait; connect", connected(trace.Greeted), "the mail services of active: nothing to start; the fault changes nothing"},
	{"", "kill-mail active EPSTRS", "connect", connected(trace.NotConnected), "EPSTRS of active: nothing to kill; the fault changes nothing"},
	{"kill-mail active", "start-mail active EPSTRS", "wait; connect", connected(trace.Greeted), "EPSTRS of active: nothing to start; the fault changes nothing"},
	{"", "stop-mail active EPSTRS", "connect", connected(trace.NotConnected), "EPSTRS of active: nothing to stop; the fault changes nothing"},
	{"", "disk full", "send", refused(452), "the disk is so already"},
	{"", "disk read-only", "send", refused(451), "the disk is so already"},
	{"disk lying; send; wait; share-crash", "share-boot", "wait; send", refused(250), "the share is on already"},
	{"", "disk lying", "send", refused(250), "the disk is so already"},
	{"", "share-crash", "send", refused(451), "the share is off already"},
	{"", "share-crash create 1", "send", refused(451), ""},
	{"", "share-slow 2s", "send", refused(250), "the share is so already"},
	{"share-slow 30s", "share-slow ok", "wait; send", refused(250), "the share is so already"},
	{"", "share-session active", "send", refused(451), "active has no session with the share; the fault changes nothing"},
	{"", "share-account changed", "send", refused(451), "the account is so already"},
	{"share-account changed", "share-account ok", "send", refused(250), "the account is so already"},
	{"disk full", "disk ok", "send", refused(250), "the disk is so already"},
	{"", "outside outside refuses", "send outside", bounced, "outside does so already"},
	{"", "power-off sw1", "", link("client", false), "sw1 is off already"},
	{"power-off sw1", "power-on sw1", "", link("client", true), "sw1 is on already"},
	{"rule drop icmp echo; ping; wait", "unrule drop icmp echo", "", pinged(trace.Replied), "no such rule is in force"},
	{"", "claim printer 192.168.10.202", "", neighbor("client", "02-00-00-06-00-01"), ""},
	{"usurp printer 192.168.10.202; wait", "leave printer 192.168.10.202", "", state("printer", trace.Absent), "printer does so already"},
	{"", "usurp printer 192.168.10.202", "", state("printer", trace.Preferred), "printer does so already"},
	{"unplug active", "probe printer 192.168.10.202", "plug active", state("active", trace.Preferred), ""},
	{"", "answer printer all", "flap active 1s", state("active", trace.Duplicate), "printer does so already"},
	{"answer printer all", "unanswer printer all", "flap active 1s", state("active", trace.Preferred), "printer does so already"},
	{"", "shutdown active", "", service(trace.Stopped), "active is stopping; the fault changes nothing"},
	{"", "power-off active", "", in(trace.Off), "active is off; the fault changes nothing"},
	{"power-off active", "power-on active", "", in(trace.Booting), "active is booting; the fault changes nothing"},
	{"", "freeze active", "", in(trace.Frozen), "active is frozen; the fault changes nothing"},
	{"freeze active", "resume active", "", in(trace.On), "active is on, IPWCS running; the fault changes nothing"},
	{"", "stop-service active", "", service(trace.Stopped), "active is on, IPWCS stopping; the fault changes nothing"},
	{"stop-service active; wait", "start-service active", "", service(trace.Running), "active is on, IPWCS running; the fault changes nothing"},
	{"", "kill-service active", "", died, "active is on, IPWCS stopped; the fault changes nothing"},
	{"power-off active; power-on active; wait; wait; wait; wait; wait", "deny-logon active", "wait", noted(7038), "active is set so already"},
	{"deny-logon active; stop-service active; wait", "grant-logon active", "start-service active", service(trace.Running), "active is set so already"},
	{"", "delete-address active", "", address(trace.Absent), "active is on, IPWCS running, and 192.168.10.202 is absent on it; the fault changes nothing"},
	{"", "add-address standby", "", address(trace.Duplicate), "standby is on, IPWCS running, and 192.168.10.202 is tentative on it; the fault changes nothing"},
	{"", "registry active Interval 10", "stop-service active; wait; start-service active", read(10 * time.Second), "active is set so already"},
	{"", "clock active -30s", "", stepped, ""},
	{"", "clock active 2% fast", "", drifts, "active is set so already"},
	{"", "team-failover active", "", card, ""},
	{"", "rename-interface active Team 1", "stop-service active", command(1), "active is set so already"},
	{"ping", "block-echo active", "", pinged(trace.TimedOut), "active is set so already"},
	{"block-echo active; ping; wait", "allow-echo active", "", pinged(trace.Replied), "active is set so already"},
	{"", "block-echo client", "", firewall(trace.EchoRule, true), "client is set so already"},
	{"ping", "network active public", "", pinged(trace.TimedOut), "active is set so already"},
	{"network standby public", "network standby domain", "", asked(trace.NotHeld), "standby is set so already"},
	{"", "block-pipe standby", "", failed("error 53"), "standby is set so already"},
	{"block-pipe standby; wait; wait", "allow-pipe standby", "", asked(trace.NotHeld), "standby is set so already"},
	{"", "deny-pipe standby", "", failed("error 5: access denied"), "standby is set so already"},
	{"deny-pipe standby", "grant-pipe standby", "", asked(trace.NotHeld), "standby is set so already"},
	{"", "netsh active fail", "stop-service active", command(1), "active is set so already"},
	{"", "netsh standby lie", "stop-service standby", command(0), "standby is set so already"},
	{"netsh active fail", "netsh active ok", "stop-service active", command(0), "active is set so already"},
}

func link(cable string, up bool) func(trace.Record) bool {
	return func(r trace.Record) bool { return r.Body == trace.Link{Cable: cable, Up: up} }
}

// neighbor is a host's ARP entry leading to the MAC.
func neighbor(host, mac string) func(trace.Record) bool {
	return func(r trace.Record) bool {
		b, ok := r.Body.(trace.Neighbor)
		return ok && r.Host == host && b.IP == vip && b.MAC.String() == mac
	}
}

// state is the VIP coming to be in the state on the host.
func state(host string, s trace.AddressState) func(trace.Record) bool {
	return func(r trace.Record) bool {
		b, ok := r.Body.(trace.Address)
		return ok && r.Host == host && b.IP == vip && b.State == s
	}
}

func in(s trace.PowerState) func(trace.Record) bool {
	return func(r trace.Record) bool { return r.Body == trace.Power{State: s} }
}

func service(state trace.ServiceState) func(trace.Record) bool {
	return func(r trace.Record) bool { return r.Body == trace.Service{Name: trace.Watcher, State: state} }
}

func died(r trace.Record) bool {
	return r.Body == trace.Service{Name: trace.Watcher, State: trace.Stopped, Killed: true}
}

func noted(event int) func(trace.Record) bool {
	return func(r trace.Record) bool { b, ok := r.Body.(trace.Event); return ok && b.ID == event }
}

func address(s trace.AddressState) func(trace.Record) bool {
	return func(r trace.Record) bool { b, ok := r.Body.(trace.Address); return ok && b.IP == vip && b.State == s }
}

func stepped(r trace.Record) bool { return r.Body == trace.Clock{Step: -30 * time.Second} }

func moved(r trace.Record) bool { return r.Body == trace.Moved{Cable: cluster.Active, Switch: "sw1"} }

func stray(r trace.Record) bool { b, ok := r.Body.(trace.Astray); return ok && !b.Over }

func drifts(r trace.Record) bool { return r.Body == trace.Drift{PPM: 20_000} }

func card(r trace.Record) bool { _, ok := r.Body.(trace.Card); return ok }

func firewall(rule trace.FirewallRule, blocked bool) func(trace.Record) bool {
	return func(r trace.Record) bool { return r.Body == trace.Firewall{Rule: rule, Blocked: blocked} }
}

func pinged(o trace.PingOutcome) func(trace.Record) bool {
	return func(r trace.Record) bool { b, ok := r.Body.(trace.PingLine); return ok && b.Outcome == o }
}

func asked(a trace.PipeAnswer) func(trace.Record) bool {
	return func(r trace.Record) bool { b, ok := r.Body.(trace.Pipe); return ok && b.Answer == a && b.Error == "" }
}

// failed is a request that came to nothing, with Windows' words.
func failed(why string) func(trace.Record) bool {
	return func(r trace.Record) bool {
		b, ok := r.Body.(trace.Pipe)
		return ok && b.Answer == trace.NoAnswer && strings.HasPrefix(b.Error, why)
	}
}

func connected(o trace.ConnectOutcome) func(trace.Record) bool {
	return func(r trace.Record) bool { b, ok := r.Body.(trace.Connect); return ok && b.Outcome == o }
}

// refused is a client that was told so: 250 is no refusal.
func refused(code int) func(trace.Record) bool {
	return func(r trace.Record) bool { b, ok := r.Body.(trace.MailSend); return ok && b.Code == code }
}

func bounced(r trace.Record) bool { _, ok := r.Body.(trace.MailBounce); return ok }

func command(exit int) func(trace.Record) bool {
	return func(r trace.Record) bool {
		b, ok := r.Body.(trace.Command)
		return ok && b.Does == trace.DeleteAddress && b.IP == vip && strings.HasPrefix(b.Line, "netsh interface ip delete") && b.Exit == exit
	}
}

func TestEveryFaultDoesWhatItSays(t *testing.T) {
	bp := shipped(t, "guide", toml(t, "guide", `mac = "00-15-5d-0a-0b-c8"`, `team = ["00-15-5d-0a-0b-c8", "00-15-5d-0a-0b-d8"]`))
	withMail, withPrinter := shipped(t, "mail", nil), shipped(t, "strangers", nil)
	shown := map[string]bool{}
	for _, row := range effects {
		t.Run(row.fault, func(t *testing.T) {
			w := settled(t, bp, 1)
			if strings.Contains(row.fault, "printer") {
				w = settled(t, withPrinter, 1)
			} else if errors.Is(do(settled(t, bp, 1), row.fault), world.ErrNoMail) {
				w = settled(t, withMail, 1)
			}
			play(t, w, row.before)
			run(w, time.Second)
			before := len(w.Trace().Records)
			require.NoError(t, do(w, row.fault))
			r := w.Trace().Records[before]
			require.IsType(t, trace.Fault{}, r.Body, "the fault stands in the trace before what it does")
			require.Equal(t, row.fault, r.Body.(trace.Fault).Line())
			require.Equal(t, w.Now(), r.At)
			shown[r.Body.(trace.Fault).Verb] = true
			if row.again != "" { // what can be done again and again says nothing
				require.EqualError(t, do(w, row.fault), row.fault+": "+row.again, "a fault that touches nothing is an error")
			}
			play(t, w, row.after)
			run(w, time.Minute)
			seen := false
			for _, r := range w.Trace().Records[before+1:] {
				seen = seen || row.seen(r)
			}
			require.True(t, seen, "nothing is seen of the fault")
		})
	}
	for _, v := range verb.All {
		require.True(t, v.Fault == nil || v.Name == "rule" || shown[v.Name], "the fault %q has no row in effects", v.Name)
	}
}

func TestFaultsThatNameNothing(t *testing.T) {
	w := settled(t, shipped(t, "guide", nil), 1)
	for text, want := range map[string]string{
		"unplug sw1":         `no cable is named "sw1"`,
		"cut sw1 active":     `no cable is named "sw1"`,
		"cut active client":  `wire: cable active: found "client", expected one of its ends: active or sw1`,
		"impair active none": "the cable is so already",
		"unplug vip":         `no cable is named "vip"`,
		"freeze client":      `no node is named "client"`,
		"power-on nobody":    `no node is named "nobody"`,
		"block-echo nobody":  `no machine is named "nobody"`,
		"allow-echo client":  "client is set so already",
	} {
		require.EqualError(t, do(w, text), text+": "+want)
	}
	for text, want := range map[string]string{ // of a dynamic role it is said who that is now
		"plug holder":          "plug active: the cable is plugged in already",
		"start-service holder": "start-service active: active is on, IPWCS running; the fault changes nothing",
		"resume other":         "resume standby: standby is on, IPWCS running; the fault changes nothing",
		"netsh other ok":       "netsh standby ok: standby is set so already",
		"grant-pipe holder":    "grant-pipe active: active is set so already",
	} {
		require.EqualError(t, do(w, text), want)
	}
}

// A trunk is a cable like any other, of its own name.
func TestN1_TrunkIsACable(t *testing.T) {
	w := settled(t, shipped(t, "two-switch", nil), 1)
	require.NoError(t, do(w, "unplug sw1-sw2"))
	require.EqualError(t, do(w, "unplug sw1-sw2"), "unplug sw1-sw2: the cable is unplugged already")
	run(w, 50*time.Second)
	require.Equal(t, []string{cluster.Active, cluster.Standby}, holders(w, vip), "a split network has two holders")
	require.NoError(t, do(w, "plug sw1-sw2"))
	run(w, 40*time.Second)
	require.Equal(t, []string{cluster.Active}, holders(w, vip), "W17: the master's question ends the split brain")
}

func TestDynamicRoles(t *testing.T) {
	w := settled(t, shipped(t, "guide", nil), 1)
	targets := func() (all []string) {
		for _, r := range w.Trace().Records {
			if b, ok := r.Body.(trace.Fault); ok {
				all = append(all, b.Target)
			}
		}
		return all
	}
	require.NoError(t, do(w, "block-echo other"))
	require.NoError(t, do(w, "allow-echo other"))
	require.NoError(t, do(w, "power-off holder"))
	require.EqualError(t, do(w, "power-off holder"), "power-off holder: no node holds 192.168.10.202")
	require.EqualError(t, do(w, "power-on other"), "power-on other: no node holds 192.168.10.202")
	run(w, time.Minute)
	require.NoError(t, do(w, "flap holder 1s"))
	run(w, 10*time.Second)
	require.NoError(t, do(w, "power-on other"))
	require.Equal(t, []string{"standby", "standby", "active", "standby", "active"}, targets(),
		"the trace names the machine, not the role: who holds the VIP now")
}

// A flap mends what it broke, and nothing that was broken since.
func TestFlapLeavesLaterFaultsAlone(t *testing.T) {
	for _, c := range []struct {
		meanwhile string
		up        bool
	}{
		{"", true},
		{"plug active", true},
		{"plug active; unplug active", false},
		{"plug active; unplug active; plug active", true},
		{"plug active; flap active 1h", false},
	} {
		w := settled(t, shipped(t, "guide", nil), 1)
		require.NoError(t, do(w, "flap active 10s"))
		run(w, time.Second)
		play(t, w, c.meanwhile)
		run(w, time.Minute)
		up := false
		for _, r := range w.Trace().Records {
			if b, ok := r.Body.(trace.Link); ok && b.Cable == "active" {
				up = b.Up
			}
		}
		require.Equal(t, c.up, up, "the cable after %q during the flap", c.meanwhile)
	}
}

// Faults are numbered from 1, and each says which of the earlier ones are over with it.
func TestFaultsAreNumberedAndEnd(t *testing.T) {
	w := settled(t, shipped(t, "guide", nil), 1)
	play(t, w, "freeze active; cut standby standby; cut standby sw1; mend standby; power-off active; flap standby 1s; wait")
	var said []string
	for _, r := range w.Trace().Records {
		switch b := r.Body.(type) {
		case trace.Fault:
			said = append(said, fmt.Sprint(b.ID, " ", b.Line(), " ends ", b.Ends))
		case trace.Over:
			said = append(said, fmt.Sprint(r.At, " over ", b.Fault))
		}
	}
	require.Equal(t, []string{
		"1 freeze active ends []", "2 cut standby standby ends []", "3 cut standby sw1 ends []",
		"4 mend standby ends [2 3]", "5 power-off active ends [1]", "6 flap standby 1s ends []", "1s over 6",
	}, said)
}

// Faults at a machine that is off are what it finds when it is on again.
func TestFaultsWithoutPower(t *testing.T) {
	w := settled(t, shipped(t, "guide", nil), 1)
	play(t, w, "power-off active; block-echo active; block-pipe active; deny-pipe active; netsh active lie; unplug active; plug active")
	require.NoError(t, do(w, "power-on active"))
	run(w, 5*time.Minute)
	require.Equal(t, trace.On, power(w, "active"))
}

func read(interval time.Duration) func(trace.Record) bool {
	return func(r trace.Record) bool { b, ok := r.Body.(trace.Config); return ok && b.Interval == interval }
}
