package verb

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/cluster"
	"ipwsim/sim/trace"
	"ipwsim/sim/world"
)

// settled is a shipped cluster at time 0.
func settled(t *testing.T, name string) *world.World {
	clusters := os.DirFS("../../scenarios/testdata/clusters")
	toml, err := fs.ReadFile(clusters, name+"/cluster.toml")
	require.NoError(t, err)
	bp, problems := cluster.Load(cluster.Overlay(clusters, map[string][]byte{name + "/cluster.toml": teamed(toml)}), name)
	require.NoError(t, problems.Err())
	w := world.New(bp, world.Options{Seed: 1})
	t.Cleanup(w.Close)
	w.Settle()
	return w
}

// teamed gives the active node a team of two cards.
func teamed(toml []byte) []byte {
	return bytes.Replace(toml, []byte("[node.active]\n"), []byte("[node.active]\nteam = ['02-00-00-00-00-01', '02-00-00-00-00-0a']\n"), 1)
}

// clusterFor is the shipped cluster that has what a story speaks of.
func clusterFor(story string) string {
	if strings.Contains(story, "printer") {
		return "strangers"
	}
	return "mail"
}

func do(t *testing.T, w *world.World, text string) Done {
	c, err := Parse(strings.Fields(text))
	require.NoError(t, err)
	done, err := c.Do(w)
	require.NoError(t, err, text)
	return done
}

// play does what the script says; a duration lets so much time pass.
func play(t *testing.T, w *world.World, script string) {
	for step := range strings.SplitSeq(script, ";") {
		step = strings.TrimSpace(step)
		if d, err := time.ParseDuration(step); err == nil {
			w.RunUntil(w.Now() + d)
		} else if step != "" {
			do(t, w, step)
		}
	}
}

// touching are the faults with what they touch: the parts of which things, and of a cable which ends.
var touching = []struct{ before, fault, touches string }{
	{"", "unplug active", "link of active"},
	{"unplug active", "plug active", "link of active"},
	{"", "flap active 1s", "link of active"},
	{"", "move-port active to sw1", "port of active, cut of active active, cut of active sw1, quality of active active, quality of active sw1"},
	{"", "cut active sw1", "cut of active sw1"},
	{"cut active sw1", "mend active", "cut of active active, cut of active sw1"},
	{"", "impair active loss 5%", "quality of active active, quality of active sw1"},
	{"", "impair active loss 5% from sw1", "quality of active sw1"},
	{"", "rule drop arp from active", "frames of drop arp from active"},
	{"rule drop arp from active", "unrule drop arp from active", "frames of drop arp from active"},
	{"", "power-off sw1", "power of sw1"},
	{"power-off sw1", "power-on sw1", "power of sw1"},
	{"", "shutdown active", "power of active, run of active, watcher of active, mail of active"},
	{"", "power-off active", "power of active, run of active, watcher of active, mail of active"},
	{"power-off active", "power-on active", "power of active, run of active, watcher of active, mail of active"},
	{"", "freeze active", "run of active"},
	{"freeze active", "resume active", "run of active"},
	{"", "stop-service active", "watcher of active"},
	{"stop-service active; 20s", "start-service active", "watcher of active"},
	{"", "kill-service active", "watcher of active"},
	{"", "delete-address active", "address of active 192.168.10.202"},
	{"", "add-address standby 192.168.10.203", "address of standby 192.168.10.203"},
	{"", "registry active Interval 10", "value of active Interval"},
	{"", "clock active +1h0m0s", "clock of active"},
	{"", "clock active 0.5% slow", "pace of active"},
	{"clock active 2% fast", "clock active right", "pace of active"},
	{"", "team-failover active", "card of active"},
	{"", "rename-interface active イーサネット 2", "name of active"},
	{"", "deny-logon active", "logon of active"},
	{"deny-logon active", "grant-logon active", "logon of active"},
	{"", "netsh active fail", "netsh of active"},
	{"", "block-echo client", "echo of client"},
	{"block-echo client", "allow-echo client", "echo of client"},
	{"", "network active public", "profile of active"},
	{"", "block-pipe active", "pipe of active firewall"},
	{"block-pipe active", "allow-pipe active", "pipe of active firewall"},
	{"", "deny-pipe active", "pipe of active account"},
	{"deny-pipe active", "grant-pipe active", "pipe of active account"},
	{"", "kill-mail active", "mail of active"},
	{"kill-mail active", "start-mail active", "mail of active"},
	{"", "stop-mail active EPSTRS", "mail of active EPSTRS"},
	{"", "kill-mail active EPSTRS", "mail of active EPSTRS"},
	{"kill-mail active", "start-mail active EPSTDS", "mail of active EPSTDS"},
	{"", "claim printer 192.168.10.202", "stranger of printer 192.168.10.202"},
	{"", "probe printer 192.168.10.202", "stranger of printer 192.168.10.202"},
	{"", "usurp printer 192.168.10.202", "stranger of printer 192.168.10.202"},
	{"usurp printer vip", "leave printer 192.168.10.202", "stranger of printer 192.168.10.202"},
	{"", "answer printer all", "stranger of printer all"},
	{"answer printer all", "unanswer printer all", "stranger of printer all"},
	{"", "disk full", "disk of "},
	{"", "share-crash", "disk of share power"},
	{"", "share-crash rename 2", "disk of share power"},
	{"share-crash", "share-boot", "disk of share power"},
	{"", "share-slow 1s", "disk of share latency"},
	{"", "share-session active", "disk of active session"},
	{"", "share-account changed", "disk of share account"},
	{"", "outside outside refuses", "outside of outside"},
}

func TestEveryFaultTouchesSomething(t *testing.T) {
	shown := map[string]bool{}
	for _, c := range touching {
		w := settled(t, clusterFor(c.fault))
		play(t, w, c.before)
		f := do(t, w, c.fault).Fault
		require.NotNil(t, f, c.fault)
		var touches []string
		for _, p := range f.Touches {
			touches = append(touches, strings.TrimSuffix(fmt.Sprintf("%s of %s %s", p.Part, p.Of, p.End), " "))
		}
		require.Equal(t, c.touches, strings.Join(touches, ", "), c.fault)
		require.Equal(t, c.fault, f.Line())
		shown[f.Verb] = true
	}
	for _, v := range All {
		require.True(t, v.Fault == nil || shown[v.Name], "the fault %q has no row in touching", v.Name)
	}
}

// Which faults are in force at the end of a story: those that take away, until what gives back touches all
// that they touched.
func TestWhatGivesBackEndsWhatTookAway(t *testing.T) {
	for story, want := range map[string]string{
		"unplug active":                                                 "unplug active",
		"unplug active; plug active":                                    "",
		"unplug active; plug active; unplug active":                     "unplug active",
		"unplug active; unplug standby; plug standby":                   "unplug active",
		"flap active 5s; 1s":                                            "flap active 5s",
		"flap active 5s; 6s":                                            "",
		"flap active 5s; 1s; plug active; 10s":                          "",
		"cut active active; cut active sw1":                             "cut active active, cut active sw1",
		"cut active active; cut active sw1; mend active":                "",
		"cut active active; cut standby sw1; mend active":               "cut standby sw1",
		"impair active loss 5%; impair active none from sw1":            "impair active loss 5%",
		"impair active loss 5%; impair active none":                     "",
		"impair active loss 5% from sw1; impair active none from sw1":   "",
		"impair active loss 5% from sw1; impair active loss 6%":         "impair active loss 6%",
		"cut active sw1; impair active loss 5%; mend active":            "impair active loss 5%",
		"freeze active":                                                 "freeze active",
		"freeze active; resume active":                                  "",
		"freeze active; power-off active":                               "power-off active",
		"freeze active; power-off active; power-on active":              "",
		"stop-service active; 20s; start-service active":                "",
		"stop-service active; 20s; power-off active; power-on active":   "",
		"shutdown active; 20s; power-on active":                         "",
		"shutdown active; power-off active":                             "power-off active",
		"netsh active fail; netsh active lie":                           "netsh active lie",
		"netsh active fail; netsh active lie; netsh active ok":          "",
		"netsh active fail; netsh standby lie; netsh active ok":         "netsh standby lie",
		"block-echo active; power-off active; power-on active":          "block-echo active",
		"block-echo active; allow-echo active":                          "",
		"block-pipe active; deny-pipe active; allow-pipe active":        "deny-pipe active",
		"block-pipe active; deny-pipe active; grant-pipe active":        "block-pipe active",
		"kill-mail active; start-mail active":                           "",
		"kill-mail active EPSTRS; start-mail active EPSTRS":             "",
		"kill-mail active EPSTRS; start-mail active":                    "",
		"kill-mail active EPSTRS; kill-mail active EPSTDS":              "kill-mail active EPSTRS, kill-mail active EPSTDS",
		"kill-mail active EPSTRS; power-off active; power-on active":    "",
		"kill-mail active; start-mail active EPSTRS":                    "kill-mail active",
		"kill-service active; start-service active":                     "",
		"kill-service active; deny-logon active; start-service active":  "kill-service active, deny-logon active",
		"stop-mail active; deny-logon active; start-mail active":        "stop-mail active, deny-logon active",
		"network active public; network active domain":                  "",
		"delete-address active":                                         "",
		"rename-interface active a; rename-interface active b":          "rename-interface active b",
		"rename-interface active a; rename-interface active イーサネット":     "",
		"kill-mail active; power-off active; power-on active":           "",
		"disk full; disk read-only":                                     "disk read-only",
		"disk full; disk ok":                                            "",
		"outside outside refuses; outside outside takes":                "",
		"rule drop arp from active; rule drop arp from standby":         "rule drop arp from active, rule drop arp from standby",
		"unplug active; unplug standby; plug active; power-off standby": "unplug standby, power-off standby",
		"rule for 5s drop arp; 1s":                                      "rule for 5s drop arp",
		"rule for 5s drop arp; 6s":                                      "",
		"rule for 5s drop arp; 1s; unrule; 10s":                         "",
		"rule drop arp; rule drop icmp; unrule":                         "rule drop arp",
		"rule drop arp; rule drop icmp; unrule 1":                       "rule drop icmp",
		"rule drop arp; rule drop icmp; unrule drop arp; unrule":        "",
		"usurp printer vip; answer printer all; leave printer vip":      "answer printer all",
		"claim printer vip":                                             "",
		"answer printer vip; unanswer printer 192.168.10.202":           "",
		"power-off sw1; unplug active":                                  "power-off sw1, unplug active",
		"power-off sw1; power-on sw1":                                   "",
	} {
		w := settled(t, clusterFor(story))
		play(t, w, story)
		require.Equal(t, want, strings.Join(inForce(w.Trace()), ", "), story)
	}
}

// inForce are the faults of the trace that are not over.
func inForce(tr *trace.Trace) (lines []string) {
	var open []trace.Fault
	over := func(ids ...int) {
		for _, id := range ids {
			for i := range open {
				if open[i].ID == id {
					open = append(open[:i:i], open[i+1:]...)
					break
				}
			}
		}
	}
	for _, r := range tr.Records {
		switch b := r.Body.(type) {
		case trace.Fault:
			over(b.Ends...)
			if b.Lasts() {
				open = append(open, b)
			}
		case trace.Over:
			over(b.Fault)
		}
	}
	for _, f := range open {
		lines = append(lines, f.Line())
	}
	return lines
}

// A dynamic role is whoever has it, in the place of the target and of an end.
func TestDynamicRolesAreResolved(t *testing.T) {
	for text, want := range map[string]string{
		"unplug holder":                        "unplug active",
		"cut holder holder":                    "cut active active",
		"impair other loss 5% from other":      "impair standby loss 5% from standby",
		"block-echo client":                    "block-echo client",
		"rule drop icmp echo on active nth 10": "rule drop icmp echo on active nth 10",
	} {
		require.Equal(t, want, do(t, settled(t, "guide"), text).Fault.Line())
	}
	w := settled(t, "guide")
	play(t, w, "unplug active; unplug standby; 10s")
	play(t, w, "power-off active; power-off standby")
	c, _ := Parse(strings.Fields("plug holder"))
	_, err := c.Do(w)
	require.EqualError(t, err, "plug holder: no node holds 192.168.10.202")
}

// What people do is no fault: it is on record as what it is.
func TestWhatPeopleDoIsNoFault(t *testing.T) {
	w := settled(t, "mail")
	for _, text := range []string{
		"ping client vip", "ping client 192.168.10.200", "connect client 192.168.10.202:25",
		"send client tanaka@example.com suzuki@example.com every 5s count 2", "read client pop3 suzuki every 5s", "read client imap suzuki keep",
	} {
		require.Zero(t, do(t, w, text), text)
	}
	w.RunUntil(time.Minute)
	kinds := map[string]int{}
	for _, r := range w.Trace().Records {
		kinds[r.Body.Kind()]++
	}
	require.Zero(t, kinds["fault"])
	require.Equal(t, 2, kinds["ping-start"])
	require.Equal(t, 1, kinds["connect"])
	require.Equal(t, 2, kinds["mail-send"])
	require.Equal(t, 2, kinds["mail-fetch"], "what one program keeps or deletes before the other has looked")
	require.Positive(t, kinds["mail-poll"])
}

// A rule says how often it was met, now that it is in force.
func TestRuleIsActive(t *testing.T) {
	w := settled(t, "guide")
	done := do(t, w, "rule drop icmp echo from client")
	require.NotNil(t, done.Rule)
	require.Zero(t, done.Rule.Hits())
	w.RunUntil(time.Minute)
	require.Positive(t, done.Rule.Hits(), "the client uses the VIP by habit")
	require.Nil(t, do(t, w, "unplug active").Rule)
}
