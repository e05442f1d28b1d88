package search

import (
	"context"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/scenarios"
	"ipwsim/scenarios/script"
	"ipwsim/sim/cluster"
	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
	"ipwsim/sim/verb"
)

func shipped(name string) (fs.FS, error) { return fs.Sub(scenarios.Clusters(), name) }

// A verb that nothing draws is never tried.
func TestAllVerbsAreDrawn(t *testing.T) {
	drawn := map[string]bool{}
	eachDrawn(t, 1500, func(_ World, _ *place, faults []Fault) {
		for _, f := range faults {
			drawn[f.Verb] = true
		}
	})
	for _, v := range verb.All {
		require.True(t, drawn[v.Name], "nothing draws %q", v.Name)
	}
	require.Len(t, drawn, len(verb.All))
}

// Letters to people of one name in two domains are drawn, and to somebody beside nobody, each in one transaction: where no
// cluster has such people, no letter is for them.
func TestNamesakesAreDrawn(t *testing.T) {
	both, nobody := 0, 0
	eachDrawn(t, 2500, func(w World, p *place, faults []Fault) {
		two := w.Mail && w.Rare.Domains
		require.Equal(t, two, len(p.namesakes) > 0)
		for _, f := range faults {
			if !strings.Contains(f.Rest, " each ") {
				continue
			}
			for _, letter := range []struct {
				to    []string
				count *int
			}{{p.namesakes, &both}, {[]string{"nobody@example.com"}, &nobody}} {
				if two && !slices.ContainsFunc(letter.to, func(to string) bool { return !strings.Contains(f.Rest, to) }) {
					*letter.count++
				}
			}
		}
	})
	require.Greater(t, both, 5)
	require.Greater(t, nobody, 5)
}

// undrawn are the keys of cluster.toml that no world is drawn with, and why.
var undrawn = map[string]string{
	"seed": "a case has its own", "start": "wall clocks decide nothing", "windows_language": "words only", "either_mask": "check and audits read it, no run does",
	"mac": "a cloned one is a fault of every rule at once", "capacity": "disk full is drawn", "from": "impair draws it", "to": "impair draws it",
	"administrators":      "an account has its rights or has them not, and deny-logon and deny-pipe are drawn",
	"task_file":           "a name only",
	"task_arguments":      "a batch that is drawn has its addresses in its lines",
	"task_unelevated":     "what a batch heals that empties no cache hangs on who is in it, and no rule promises it",
	"request_is_conflict": "with it every client that asks for a VIP takes it from its taker",
	"mail_blocked":        "mail at a closed port is nobody's to demand, and no watcher's matter",
	"duplicate":           "impair draws it", "reorder": "impair draws it", "jitter": "impair draws it", "hold": "impair draws it",
}

var keyLine = regexp.MustCompile(`(?m)^# (?:  )?([a-z][a-z_0-9]*)   *\S`)

// A key of cluster.toml that nothing draws is never tried: those that shipped clusters explain, but for settings of ARP
// caches, which shipped profiles have each in another way.
func TestAllKeysAreDrawn(t *testing.T) {
	explained := func(name string) string {
		text, err := fs.ReadFile(scenarios.Clusters(), name+"/cluster.toml")
		require.NoError(t, err)
		before, rest, found := strings.Cut(string(text), "#   age ")
		if _, after, _ := strings.Cut(rest, "# [[switch]]"); found {
			return before + after
		}
		return before
	}
	drawn := map[string]bool{}
	for i := range 1500 {
		w := drawWorld(1, i)
		for _, line := range strings.Split(w.toml(), "\n") {
			key, _, _ := strings.Cut(line, " = ")
			drawn[key] = true
		}
	}
	keys := keyLine.FindAllStringSubmatch(explained("guide")+explained("mail"), -1)
	require.Greater(t, len(keys), 50)
	for _, k := range keys {
		require.NotEqual(t, drawn[k[1]], undrawn[k[1]] != "", "%q is drawn, or there is a reason", k[1])
	}
}

// A firewall that is shut on the pipe from the start is drawn, and the cycle is waited for that gives the VIP back then: a
// search that did not wait would object.
func TestAShutPipeIsDrawn(t *testing.T) {
	drawn := 0
	for i := range 500 {
		if w := drawWorld(1, i); w.Nodes[0].PipeBlocked || w.Nodes[1].PipeBlocked {
			drawn++
		}
	}
	require.Positive(t, drawn)

	s := &searcher{ground: ground{shipped}, task: Task{Seed: 1}, ctx: context.Background()}
	w := plain(7)
	w.Nodes[1].PipeBlocked = true
	p, err := s.place(w)
	require.NoError(t, err)
	faults := []Fault{{time.Second, "unplug", "active"}, {time.Minute, "plug", "active"}}
	play := func() *Failure {
		c := newCase(w, p, faults, true)
		_, f, err := s.play(&c, p)
		require.NoError(t, err)
		return f
	}
	require.Nil(t, play())
	p.cycle = 0
	require.Equal(t, "expect holder active", play().Kind)
}

// What somebody typed on a frozen machine is done as it wakes, and is undone all the same.
func TestTypedInItsSleep(t *testing.T) {
	s := &searcher{ground: ground{shipped}, task: Task{Seed: 1}, ctx: context.Background()}
	w := plain(7)
	w.Nodes[1].PipeBlocked = true
	p, err := s.place(w)
	require.NoError(t, err)
	c := newCase(w, p, []Fault{
		{20 * time.Second, "freeze", "standby"},
		{30 * time.Second, "type", `standby reg add HKLM\SOFTWARE\EPOST\IPWCS /v Interval /t REG_DWORD /d 8 /f`},
	}, true)
	_, f, err := s.play(&c, p)
	require.NoError(t, err)
	require.Nil(t, f)
}

// What is drawn can be read as a scenario, whatever is left out of it, and to leave a fault out shifts nothing else.
func TestCasesAreScenarios(t *testing.T) {
	g := &ground{shipped}
	for i := range 30 {
		w := drawWorld(2, i)
		p, err := g.place(w)
		require.NoError(t, err)
		c := newCase(w, p, drawFaults(drawing{tape(2, i, faultTape), p}), true)
		s, problems := script.Parse("x.txtar", []byte(c.text(p, "A case")))
		require.NoError(t, problems.Err(), c.text(p, "A case"))
		require.NoError(t, s.Check(t.Context(), shipped).Err())
		for _, simplify := range simpler {
			less := w.clone()
			simplify(&less)
			_, err := g.place(less)
			require.NoError(t, err)
		}
	}
}

// Any cluster can be searched, whatever its parts are called, with a mail server or without.
func TestAnyClusterCanBeSearched(t *testing.T) {
	entries, err := fs.ReadDir(scenarios.Clusters(), ".")
	require.NoError(t, err)
	for _, e := range entries {
		r, err := Search(context.Background(), shipped, Task{Seed: 3, Cases: 4, Cluster: e.Name()})
		require.NoError(t, err, e.Name())
		require.Empty(t, r.Stories, e.Name())
	}
	alone := func(string) (fs.FS, error) { // no server outside, and names of its own
		base, err := fs.Sub(scenarios.Clusters(), "mail")
		require.NoError(t, err)
		files := map[string][]byte{}
		toml, err := fs.ReadFile(base, "cluster.toml")
		require.NoError(t, err)
		text, _, _ := strings.Cut(string(toml), "[[outside]]\nname")
		files["cluster.toml"] = []byte(strings.NewReplacer(`"sw1"`, `"attic"`, `"client"`, `"reception"`, `"イーサネット"`, `"Local Area 2"`).Replace(text))
		for i, role := range []string{"active", "standby"} {
			files[role+"/ipwatch.dat"] = fmt.Appendf(nil, "-c=\\\\hvt162EPST1%d -i=192.168.10.202 -f=Local Area 2\n", 2-i)
		}
		return cluster.Overlay(base, files), nil
	}
	r, err := Search(context.Background(), alone, Task{Seed: 3, Cases: 8, Cluster: "ours"})
	require.NoError(t, err)
	require.Empty(t, r.Stories)
}

// The same task has the same result, and what it shows is judged. The sound tree has no failure in the cases that a test
// has time for.
func TestASearchIsTheSameEachTime(t *testing.T) {
	task := Task{Seed: 5, Shard: 3, Cases: 20}
	a, err := Search(context.Background(), shipped, task)
	require.NoError(t, err)
	b, err := Search(context.Background(), shipped, task)
	require.NoError(t, err)
	require.Equal(t, a, b)
	require.Equal(t, 20, a.Cases)
	require.Equal(t, 1, a.Twice)
	require.NotEmpty(t, a.Probes)
	for _, s := range a.Stories {
		t.Errorf("%+v\n%s", s.Failure, s.Text)
	}
}

// A story fails by itself, in the way that the search saw, and says so.
func TestAStoryFailsByItself(t *testing.T) {
	s := &searcher{ground: ground{shipped}, task: Task{Seed: 1}, ctx: context.Background()}
	w := plain(7)
	w.Trunk, w.Nodes[1].SecondSwitch, w.VIPs = true, true, 2
	p, err := s.place(w)
	require.NoError(t, err)
	c := newCase(w, p, []Fault{
		{1, "clock", "active +1h"}, {2_300_000_000, "type", "active ipwcs -debug"}, {5_123_000_000, "deny-logon", "standby"}, {6_000_000_000, "move-port", "client1 to sw2"},
	}, false)
	c.Heals = nil // a broken twin of the healing: IPWCS of the standby never starts again
	c.Faults = append(c.Faults, Fault{9_777_000_000, "kill-service", "active"}, Fault{9_888_000_000, "kill-service", "standby"}, Fault{10_000_000_000, "power-off", "active"})
	_, f, err := s.play(&c, p)
	require.NoError(t, err)
	require.NotNil(t, f)
	story, err := s.story(0, c)
	require.NoError(t, err)
	parsed, problems := script.Parse("story.txtar", []byte(story.Text))
	require.NoError(t, problems.Err())
	run, err := script.Run(context.Background(), parsed, script.Options{Cluster: shipped})
	require.NoError(t, err)
	require.Equal(t, finding.Bad, run.Outcome())
	require.True(t, failureOf(run, false).same(story.Failure))
	require.True(t, strings.HasPrefix(story.Text, "# Found by the search: "))
	require.Contains(t, s.storyOf(0, &c, p, run, &Failure{Kind: "expect holder active"}).Text, "\nexpect ")
	p3 := s.storyOf(0, &c, p, run, &Failure{Check: "P3"}).Text
	require.NotContains(t, p3, "\nexpect ", "A check's story demands nothing that its fault alone would not give.")
	require.Contains(t, p3, "\nallow P1 P2 P4 P5 P6 P7 P8 P9 P10 P11\nallow P3 until ", "And no other check has a say in it.")
}

// What a demand wants back once all is well is healed in its story too, or it would fail whatever the program does. A
// check's story needs no more than what fails it.
func TestAStoryHealsWhatItDemands(t *testing.T) {
	c := Case{Heals: []Fault{{Verb: "share-slow", Rest: "ok"}, {Verb: "allow-pipe", Rest: "active"}}}
	play := func(f Failure) func(c *Case) (*finding.Run, *Failure, error) {
		return func(c *Case) (*finding.Run, *Failure, error) { // the pipe was never shut
			slow := !slices.ContainsFunc(c.Heals, func(h Fault) bool { return h.Verb == "share-slow" })
			return &finding.Run{Played: finding.Played{Trace: &trace.Trace{Header: trace.Header{Scenario: fmt.Sprint(slow)}}}}, &f, nil
		}
	}
	for _, of := range []struct {
		failure Failure
		left    []Fault
	}{{Failure{Kind: "expect mail queued 0"}, c.Heals[:1]}, {Failure{Check: "P3"}, []Fault{}}} {
		run, _, err := play(of.failure)(&c)
		require.NoError(t, err)
		less, err := needed(c, run, &of.failure, play(of.failure))
		require.NoError(t, err)
		require.Equal(t, of.left, less.Heals)

		mailed := Case{Mailed: true, Settled: time.Minute, End: time.Hour}
		less, err = needed(mailed, run, &of.failure, play(of.failure))
		require.NoError(t, err)
		require.Equal(t, of.failure.Check == "", less.Mailed, "nor is a letter sent that no check fails by")
	}
}
