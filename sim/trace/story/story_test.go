package story

import (
	"bytes"
	"io/fs"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/core"
	"ipwsim/sim/cluster"
	"ipwsim/sim/trace"
	"ipwsim/sim/verb"
	"ipwsim/sim/world"
)

// faults is a story with every fault.
const faults = `unplug active; plug active; flap active 2s; cut active sw1; cut active active; mend active
	move-port active to sw1; impair active loss 5% from sw1; impair active loss 6%; impair active none; rule drop arp from active; unrule drop arp from active; power-off sw1; power-on sw1
	stop-service active; wait; start-service active; kill-service active; start-service active; clock active +1s; team-failover active; add-address active; delete-address active; rename-interface active a; rename-interface active b; registry active Interval 10
	deny-logon active; grant-logon active; netsh active fail; netsh active ok
	block-echo client; allow-echo client; network active public; network active domain; block-pipe active; deny-pipe active; allow-pipe active; grant-pipe active
	kill-mail active; start-mail active; kill-mail active EPSTRS; start-mail active EPSTRS; stop-mail active; start-mail active; disk full; disk ok; disk lying; disk ok; share-slow 300ms; share-slow ok; share-account changed; share-account ok; share-session active; share-crash rename 9; share-crash; share-boot; outside outside silent; outside outside takes
	freeze active; resume active; freeze active; power-off active; power-on active; shutdown standby; wait; power-on standby; clock active 2% fast; clock active right`

// strangersFaults is one with those of a station outside the cluster.
const strangersFaults = `claim printer 192.168.10.202; probe printer 192.168.10.202; usurp printer 192.168.10.202
	leave printer 192.168.10.202; answer printer all; unanswer printer all`

// A story's faults are what a world records of the same ones: their numbers, what they touch and end.
func TestFaultsAreThoseOfAWorld(t *testing.T) {
	told := map[string]bool{}
	for name, faults := range map[string]string{"mail": faults, "strangers": strangersFaults} {
		clusters := os.DirFS("../../../scenarios/testdata/clusters")
		toml, err := fs.ReadFile(clusters, name+"/cluster.toml")
		require.NoError(t, err)
		team := bytes.Replace(toml, []byte("[node.active]\n"), []byte("[node.active]\nteam = ['02-00-00-00-00-01', '02-00-00-00-00-0a']\n"), 1)
		bp, problems := cluster.Load(cluster.Overlay(clusters, map[string][]byte{name + "/cluster.toml": team}), name)
		require.NoError(t, problems.Err())
		w := world.New(bp, world.Options{Seed: 1})
		w.Settle()
		tellAndDo(t, w, faults, told)
		w.Close()
	}
	for _, v := range verb.All {
		require.True(t, v.Fault == nil || told[v.Name], "the stories above are without %s", v.Name)
	}
}

// tellAndDo does the faults in a world, tells them in a story, and compares.
func tellAndDo(t *testing.T, w *world.World, faults string, told map[string]bool) {
	s := &Story{Header: &w.Trace().Header}
	for text := range strings.FieldsFuncSeq(faults, func(r rune) bool { return r == ';' || r == '\n' }) {
		if text = strings.TrimSpace(text); text == "wait" {
			w.RunUntil(w.Now() + 20*time.Second)
			continue
		}
		c, err := verb.Parse(strings.Fields(text))
		require.NoError(t, err)
		s.At(w.Now().Seconds())
		if c.Arg == nil {
			s.Fault(c.Name, c.Target)
		} else {
			s.Fault(c.Name, c.Target, c.Arg.String())
		}
		done, err := c.Do(w)
		require.NoError(t, err, text)
		told[done.Fault.Verb] = true
		w.RunUntil(w.Now() + 3*time.Second)
	}
	require.Equal(t, only(w.Trace()), only(s.End(w.Now().Seconds())))
}

// only are the faults and their ends.
func only(tr *trace.Trace) (all []trace.Body) {
	for _, r := range tr.Records {
		switch r.Body.(type) {
		case trace.Fault, trace.Over:
			all = append(all, r.Body)
		}
	}
	return all
}

func TestReasonsAreTheWatchers(t *testing.T) {
	for why, rule := range Rules {
		require.Equal(t, core.Reason(why).Rule(), rule, "%q", why)
	}
}

func TestAStoryIsPutInOrder(t *testing.T) {
	s := Bare().At(5).Fault("plug", "active").At(3).Link("active", false).At(1).Fault("unplug", "active").Fault("flap", "standby", "1s")
	tr := s.End(10)
	require.Equal(t, []trace.Body{
		trace.Fault{ID: 1, Verb: "unplug", Target: "active", Breaks: true, Touches: []trace.Touch{{Part: trace.LinkPart, Of: "active"}}},
		trace.Fault{ID: 2, Verb: "flap", Target: "standby", Setting: "1s", For: time.Second, Touches: []trace.Touch{{Part: trace.LinkPart, Of: "standby"}}},
		trace.Over{Fault: 2},
		trace.Fault{ID: 3, Verb: "plug", Target: "active", Touches: []trace.Touch{{Part: trace.LinkPart, Of: "active"}}, Ends: []int{1}},
	}, only(tr))
	require.Equal(t, Seconds(2), tr.Records[2].At, "a flap is over by itself")
	require.Equal(t, tr, s.End(10), "a story can be told again")
	require.Equal(t, Seconds(10), tr.End)
	require.Equal(t, tr.Records[:4], s.End(4).Records, "what is told of later times is left out")
}

// The client of the guide's cluster uses the VIP before time 0, so that its outages count.
func TestTheGuidesClientUsesTheVIP(t *testing.T) {
	for name, s := range map[string]*Story{"guide": Guide(), "routed": Routed(), "chained": Chained(3)} {
		used := false
		for _, r := range s.End(0).Records {
			u, is := r.Body.(trace.Use)
			used = used || is && r.Host == "pc" && u.VIP == VIP
		}
		require.True(t, used, name)
	}
}

// Traces that are written by hand can be written to disk.
func TestStoriesSurviveTheDisk(t *testing.T) {
	for _, tr := range []*trace.Trace{ComesBack(7), FailsOver(34), SplitBrain(31), FailsOverBehind(34, 600).End(1000), Chained(2).End(100)} {
		var b strings.Builder
		require.NoError(t, tr.Write(&b))
		back, err := trace.Read(strings.NewReader(b.String()))
		require.NoError(t, err)
		require.Equal(t, tr.Records, back.Records)
	}
}
