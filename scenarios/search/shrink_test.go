package search

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/trace"
)

// shrunk is a case made small that fails where is says so, of a run with that trace, and how many cases were tried.
func shrunk(t *testing.T, c Case, run func(*Case) (*trace.Trace, bool)) (small Case, tries int) {
	g := &ground{shipped}
	replan := func(c Case) (Case, error) {
		p, err := g.place(c.World)
		if err != nil {
			return c, err
		}
		return c.planned(p, c.Pull > 0), nil
	}
	c, err := replan(c)
	require.NoError(t, err)
	small = shrink(c, replan, func(c *Case) (*trace.Trace, bool) {
		tries++
		return run(c)
	})
	return small, tries
}

func sec(n float64) time.Duration { return time.Duration(n * float64(time.Second)) }

// has says whether the case has such a fault.
func (c *Case) has(verb, rest string) bool {
	return slices.ContainsFunc(c.Faults, func(f Fault) bool { return f.Verb == verb && f.Rest == rest })
}

// withMail is a world with mail and so many clients.
func withMail(clients int) World {
	w := plain(1)
	w.Mail = true
	w.Clients = slices.Repeat(w.Clients, clients)
	return w
}

// A fault that does nothing but put the healing off is not needed, for it can be put off by itself; and who is healed in
// time need not be mended before.
func TestHealingIsPutOff(t *testing.T) {
	c := Case{World: plain(1), Faults: []Fault{{sec(20), "unplug", "active"}, {sec(25), "plug", "standby"}, {sec(40), "freeze", "standby"}}}
	small, _ := shrunk(t, c, func(c *Case) (*trace.Trace, bool) { return nil, c.has("unplug", "active") && c.HealAt >= sec(30) })
	require.Equal(t, []Fault{{sec(20), "unplug", "active"}}, small.Faults)
	require.GreaterOrEqual(t, small.HealAt, sec(30))

	small, _ = shrunk(t, c, func(c *Case) (*trace.Trace, bool) {
		return nil, c.has("unplug", "active") && (c.has("plug", "standby") || c.HealAt == sec(25))
	})
	require.Len(t, small.Faults, 1, "what the healing does at that time")

	small, _ = shrunk(t, c, func(c *Case) (*trace.Trace, bool) { return nil, c.has("unplug", "active") })
	require.Zero(t, small.Hold, "and no longer than it must be")
}

// What the third client did the first can do.
func TestClientsAreJoined(t *testing.T) {
	c := Case{World: withMail(3), Faults: []Fault{{sec(1), "send", "client3 a@example.com b@example.com"}, {sec(2), "send", "client2 c@example.com client3@example.com"}}}
	there := func(c *Case) bool {
		return !slices.ContainsFunc(c.Faults, func(f Fault) bool {
			who, _, _ := strings.Cut(f.Rest, " ")
			return who > clientName(len(c.World.Clients)-1)
		})
	}
	small, _ := shrunk(t, c, func(c *Case) (*trace.Trace, bool) { return nil, len(c.Faults) == 2 && c.World.Mail && there(c) })
	require.Len(t, small.World.Clients, 1)
	require.True(t, small.has("send", "client1 a@example.com b@example.com"))
	require.True(t, small.has("send", "client1 c@example.com client3@example.com"))
}

// slowMail is a run whose mail is the slower the more is sent: a copy leaves the queue later, and the power must be cut just
// then.
func slowMail(of *Case) (*trace.Trace, bool) {
	at := sec(10)
	for _, f := range of.Faults {
		if f.Verb == "send" {
			at += sec(1.7)
		}
	}
	run := &trace.Trace{}
	run.Add(at-sec(1), "client", trace.MailSend{})
	run.Add(at, "share", trace.MailFile{Do: trace.FileRemoved, File: "queue/1"})
	cut := func(f Fault) bool { return f.Verb == "power-off" && at-sec(0.1) < f.At && f.At < at+sec(0.1) }
	return run, of.has("send", "client1 a@example.com b@example.com") && slices.ContainsFunc(of.Faults, cut)
}

// Where it matters at which moment a fault hits, what is left out moves that moment: the fault is aimed at it anew.
func TestFaultsAreAimedAnew(t *testing.T) {
	c := Case{World: withMail(1)}
	for _, to := range []string{"b", "c", "d", "e"} {
		c.Faults = append(c.Faults, Fault{sec(1), "send", "client1 a@example.com " + to + "@example.com"})
	}
	c.Faults = append(c.Faults, Fault{sec(16.85), "power-off", "holder"})
	_, fails := slowMail(&c)
	require.True(t, fails)
	small, tries := shrunk(t, c, slowMail)
	require.LessOrEqual(t, len(small.Faults), few)
	require.Less(t, tries, 100)

	blind, _ := shrunk(t, c, func(c *Case) (*trace.Trace, bool) { _, fails := slowMail(c); return nil, fails })
	require.Len(t, blind.Faults, 5, "who does not see what happens cannot aim")
}

// A crash at the n-th file comes at an earlier one where less is sent.
func TestACrashIsAimedAnew(t *testing.T) {
	c := Case{World: withMail(1)}
	for i := range 6 {
		c.Faults = append(c.Faults, Fault{sec(1), "send", fmt.Sprintf("client1 a@example.com b%d@example.com", i)})
	}
	c.Faults = append(c.Faults, Fault{sec(2), "share-crash", "remove 6"})
	small, _ := shrunk(t, c, func(c *Case) (*trace.Trace, bool) {
		return &trace.Trace{}, c.has("share-crash", fmt.Sprint("remove ", len(c.Faults)-1)) && len(c.Faults) > 1
	})
	require.Len(t, small.Faults, few)
	require.True(t, small.has("share-crash", "remove 3"))
}

// The nearest moments come first, at most so many, and none twice.
func TestShifts(t *testing.T) {
	of := func(at ...float64) *trace.Trace {
		t := &trace.Trace{}
		for _, one := range at {
			t.Add(sec(one), "share", trace.MailFile{Do: trace.FileRemoved, File: "queue/1"})
			t.Add(sec(one), "active", trace.Power{})
		}
		return t
	}
	require.Equal(t, []time.Duration{sec(-1), sec(2), sec(-4)}, shifts(of(10, 13), of(9, 12), sec(11)), "before it at 10 s, behind it at 13 s")
	require.Empty(t, shifts(of(10), of(10), sec(11)), "it is where it was")
	require.Empty(t, shifts(of(10), of(9), sec(30)), "nothing was near")
	many := of()
	for i := range 100 {
		many.Add(sec(float64(i)/4), "share", trace.MailFile{Do: trace.FileRemoved, File: "queue/1"})
	}
	require.Len(t, shifts(of(10), many, sec(11)), mostShifts)
}

// No failure costs more than so many cases, whatever it is, and the same one always the same.
func TestTriesAreBounded(t *testing.T) {
	c := Case{World: drawWorld(1, 0)}
	for i := range 40 {
		c.Faults = append(c.Faults, Fault{sec(float64(i) + 0.123), "power-off", "holder"})
	}
	whole := func(of *Case) (*trace.Trace, bool) {
		run, _ := slowMail(of)
		return run, len(of.Faults) == len(c.Faults)
	}
	first, tries := shrunk(t, c, whole)
	require.Equal(t, mostTries, tries)
	second, again := shrunk(t, c, whole)
	require.Equal(t, first, second)
	require.Equal(t, tries, again)
}

// A cluster of somebody's own stays as it is.
func TestOwnClustersAreNotShrunk(t *testing.T) {
	c := Case{World: World{Cluster: "mail", Seed: 7, Ties: true}, Faults: []Fault{{sec(5), "freeze", "active"}, {sec(6), "disk", "full"}}}
	small, _ := shrunk(t, c, func(c *Case) (*trace.Trace, bool) { return nil, c.has("disk", "full") })
	require.Equal(t, World{Cluster: "mail", Seed: 1}, small.World)
	require.Len(t, small.Faults, 1)
}
