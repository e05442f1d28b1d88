package world_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/cluster"
	"ipwsim/sim/fault"
	"ipwsim/sim/trace"
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
	{"ping; wait", "cut active active", "", pinged(trace.TimedOut), "the cable is so already"},
	{"cut active sw1; ping; wait", "mend active", "", pinged(trace.Replied), "the cable is so already"},
	{"ping; wait", "impair client loss 100% from client", "", pinged(trace.TimedOut), "the cable is so already"},
	{"", "kill-mail active", "connect", connected(trace.NotConnected), "the mail services of active do not run; the fault changes nothing"},
	{"kill-mail active", "start-mail active", "wait; connect", connected(trace.Greeted), "the mail services of active run already, or the machine does not; the fault changes nothing"},
	{"", "disk full", "send", refused(452), "the disk is so already"},
	{"", "disk read-only", "send", refused(451), "the disk is so already"},
	{"disk full", "disk ok", "send", refused(250), "the disk is so already"},
	{"", "outside outside refuses", "send outside", bounced, "outside does so already"},
	{"", "shutdown active", "", service("stopped"), "active is stopping; the fault changes nothing"},
	{"", "power-off active", "", in(trace.Off), "active is off; the fault changes nothing"},
	{"power-off active", "power-on active", "", in(trace.Booting), "active is booting; the fault changes nothing"},
	{"", "freeze active", "", in(trace.Frozen), "active is frozen; the fault changes nothing"},
	{"freeze active", "resume active", "", in(trace.On), "active is on, IPWCS running; the fault changes nothing"},
	{"", "stop-service active", "", service("stopped"), "active is on, IPWCS stopping; the fault changes nothing"},
	{"stop-service active; wait", "start-service active", "", service("running"), "active is on, IPWCS running; the fault changes nothing"},
	{"ping", "block-echo active", "", pinged(trace.TimedOut), "active is set so already"},
	{"block-echo active; ping; wait", "allow-echo active", "", pinged(trace.Replied), "active is set so already"},
	{"", "block-echo client", "", firewall("echo", true), "client is set so already"},
	{"", "block-pipe standby", "", asked("error 53"), "standby is set so already"},
	{"block-pipe standby; wait; wait", "allow-pipe standby", "", asked("not held"), "standby is set so already"},
	{"", "deny-pipe standby", "", asked("error 5: access denied"), "standby is set so already"},
	{"deny-pipe standby", "grant-pipe standby", "", asked("not held"), "standby is set so already"},
	{"", "netsh active fail", "stop-service active", command(1), "active is set so already"},
	{"", "netsh standby lie", "stop-service standby", command(0), "standby is set so already"},
	{"netsh active fail", "netsh active ok", "stop-service active", command(0), "active is set so already"},
}

func link(cable string, up bool) func(trace.Record) bool {
	return func(r trace.Record) bool { return r.Body == trace.Link{Cable: cable, Up: up} }
}

func in(s trace.PowerState) func(trace.Record) bool {
	return func(r trace.Record) bool { return r.Body == trace.Power{State: s} }
}

func service(state string) func(trace.Record) bool {
	return func(r trace.Record) bool { return r.Body == trace.Service{Name: "IPWCS", State: state} }
}

func firewall(rule string, blocked bool) func(trace.Record) bool {
	return func(r trace.Record) bool { return r.Body == trace.Firewall{Rule: rule, Blocked: blocked} }
}

func pinged(o trace.PingOutcome) func(trace.Record) bool {
	return func(r trace.Record) bool { b, ok := r.Body.(trace.PingLine); return ok && b.Outcome == o }
}

func asked(answer string) func(trace.Record) bool {
	return func(r trace.Record) bool {
		b, ok := r.Body.(trace.Pipe)
		return ok && strings.HasPrefix(b.Answer, answer)
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
		return ok && strings.HasPrefix(b.Line, "netsh interface ip delete") && b.Exit == exit
	}
}

func TestEveryFaultDoesWhatItSays(t *testing.T) {
	bp, withMail := shipped(t, "guide", nil), shipped(t, "mail", nil)
	shown := map[fault.Kind]bool{}
	for _, row := range effects {
		t.Run(row.fault, func(t *testing.T) {
			w := settled(t, bp, 1)
			if errors.Is(do(settled(t, bp, 1), row.fault), world.ErrNoMail) {
				w = settled(t, withMail, 1)
			}
			play(t, w, row.before)
			run(w, time.Second)
			before := len(w.Trace().Records)
			require.NoError(t, do(w, row.fault))
			words := strings.Fields(row.fault)
			shown[fault.Kind(words[0])] = true
			require.Equal(t, trace.Record{At: w.Now(), Body: trace.Fault{Verb: words[0], Args: words[1:]}},
				w.Trace().Records[before], "the fault stands in the trace before what it does")
			require.EqualError(t, do(w, row.fault), row.fault+": "+row.again, "a fault that touches nothing is an error")
			play(t, w, row.after)
			run(w, time.Minute)
			seen := false
			for _, r := range w.Trace().Records[before+1:] {
				seen = seen || row.seen(r)
			}
			require.True(t, seen, "nothing is seen of the fault")
		})
	}
	for _, v := range fault.Verbs {
		require.True(t, shown[v.Kind], "the fault %q has no row in effects", v.Kind)
	}
}

func TestFaultsThatNameNothing(t *testing.T) {
	w := settled(t, shipped(t, "guide", nil), 1)
	for text, want := range map[string]string{
		"unplug sw1":           `no cable is named "sw1"`,
		"cut sw1 active":       `no cable is named "sw1"`,
		"cut active client":    `wire: cable active: found "client", expected one of its ends: active or sw1`,
		"impair active none":   "the cable is so already",
		"unplug vip":           `no cable is named "vip"`,
		"freeze client":        `no node is named "client"`,
		"power-on nobody":      `no node is named "nobody"`,
		"block-echo nobody":    `no machine is named "nobody"`,
		"plug holder":          "the cable is plugged in already",
		"start-service holder": "active is on, IPWCS running; the fault changes nothing",
		"allow-echo client":    "client is set so already",
		"resume other":         "standby is on, IPWCS running; the fault changes nothing",
		"netsh other ok":       "standby is set so already",
		"grant-pipe holder":    "active is set so already",
	} {
		require.EqualError(t, do(w, text), text+": "+want)
	}
	require.EqualError(t, w.Do(fault.Fault{Kind: "explode", Target: "active"}), `unknown fault "explode"`)
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
				all = append(all, b.Args[0])
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
	require.Equal(t, []string{"standby", "standby", "active", "standby", "standby", "active"}, targets(),
		"the trace names the machine, not the role: who holds the VIP now, and a flap's plug too")
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

// Faults at a machine that is off are what it finds when it is on again.
func TestFaultsWithoutPower(t *testing.T) {
	w := settled(t, shipped(t, "guide", nil), 1)
	play(t, w, "power-off active; block-echo active; block-pipe active; deny-pipe active; netsh active lie; unplug active; plug active")
	require.NoError(t, do(w, "power-on active"))
	run(w, 5*time.Minute)
	require.Equal(t, trace.On, power(w, "active"))
}
