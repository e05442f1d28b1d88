package search

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/scenarios/script"
)

// whole is a cluster that has all that plots speak of.
func whole(t *testing.T) (World, *place) {
	w := plain(1)
	w.Mail, w.Trunk, w.VIPs, w.Nodes[0].PublicAfterBoot = true, true, 2, 15*time.Second
	w.Clients = append(w.Clients, Client{Profile: "ad-client", SecondSwitch: true})
	w.Switches[1].SlowPort = true
	w.Rare.Nodes[1].Recovery = []time.Duration{0, time.Second}
	p, err := (&ground{shipped}).place(w)
	require.NoError(t, err)
	return w, p
}

var open = regexp.MustCompile(`\b[A-Z]{3,}\b`)

// Each plot says what scenarios can do, and leaves nothing open. A cluster that lacks what one speaks of is spared it.
func TestPlotsAreOfScenarios(t *testing.T) {
	_, p := whole(t)
	d := drawing{tape(1, 1, faultTape), p}
	var all []Fault
	for i, p := range slices.Concat(plots, mailPlots) {
		text := p.of
		for range 4 {
			for _, f := range d.plot(text, i >= len(plots)) {
				require.NotRegexp(t, open, strings.ReplaceAll(f.Rest, "EPSTDS", ""), text)
				all = append(all, f)
			}
		}
	}
	sortFaults(all)
	var b strings.Builder
	for _, f := range all {
		fmt.Fprintf(&b, "at %v try %s %s\n", f.At, f.Verb, f.Rest)
	}
	_, problems := script.Parse("x.txtar", []byte("cluster mail\n"+b.String()+"end 10h\n"))
	require.NoError(t, problems.Err())

	bare, err := (&ground{shipped}).place(plain(1))
	require.NoError(t, err)
	d.place = bare
	for range 300 {
		require.NotRegexp(t, `SECOND|HELD|AGED|RISEN|JUDGED|AFAR|SERVER`, d.choose(false, ""))
	}
}

// "wait" is at least so long, "and" at that very moment, "within" at any before that.
func TestAPlotKeepsItsTimes(t *testing.T) {
	_, p := whole(t)
	d := drawing{tape(1, 2, faultTape), p}
	late := 0
	for range 200 {
		all := d.plot("freeze NODE; wait 10s; within 5s resume NODE; wait 1s; and unplug NODE; wait 7s; plug NODE", false)
		require.Len(t, all, 4)
		moment := all[1].At - all[0].At - 10*time.Second
		require.True(t, moment >= 0 && moment < 5*time.Second, moment)
		require.Equal(t, time.Second, all[2].At-all[1].At)
		require.GreaterOrEqual(t, all[3].At-all[2].At, 7*time.Second)
		if moment > 4*time.Second {
			late++
		}
	}
	require.InDelta(t, 40, late, 20)
}

// What a switch, a cable or a firewall still keeps from a client, or an EPSTDS does not send, is not well: broken twins of
// the healing.
func TestAllIsWellForClientsAndOthers(t *testing.T) {
	s := &searcher{ground: ground{shipped}, task: Task{Seed: 1}, ctx: context.Background()}
	fails := func(w World, fault Fault) string {
		p, err := s.place(w)
		require.NoError(t, err)
		c := newCase(w, p, []Fault{fault}, false)
		_, f, err := s.play(&c, p)
		require.NoError(t, err)
		require.Nil(t, f)
		c.Heals = nil
		_, f, err = s.play(&c, p)
		require.NoError(t, err)
		require.NotNil(t, f)
		return f.Kind
	}
	require.Equal(t, "expect answered client1", fails(plain(7), Fault{time.Second, "block-echo", "active"}))
	mail := plain(7)
	mail.Mail = true
	require.Equal(t, "expect mail queued 0", fails(mail, Fault{time.Second, "outside", "outside defers"}))
}

// A client that uses no VIP by itself has no answer that could be demanded.
func TestIdleClientsAreNotAskedFor(t *testing.T) {
	s := &searcher{ground: ground{shipped}, task: Task{Seed: 1}, ctx: context.Background()}
	w := plain(7)
	w.Clients = append(w.Clients, w.Clients[0])
	for idle, times := range map[bool]int{false: 2, true: 1} {
		w.Clients[1].Idle = idle
		p, err := s.place(w)
		require.NoError(t, err)
		c := newCase(w, p, []Fault{{time.Second, "block-echo", "active"}}, false)
		require.Equal(t, times, strings.Count(c.demands(p), "expect answered "), "idle: %v", idle)
	}
}
