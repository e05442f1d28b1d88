package search

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// drawnCases are the cases of seed 1 that eachDrawn has shown, for all tests that look at them.
var drawnCases []drawnCase

type drawnCase struct {
	World
	*place
	faults []Fault
}

// eachDrawn shows the cases of seed 1 as they are drawn.
func eachDrawn(t *testing.T, cases int, show func(w World, p *place, faults []Fault)) {
	for i := range cases {
		if i == len(drawnCases) {
			w := drawWorld(1, i)
			p, err := (&ground{shipped}).place(w)
			require.NoError(t, err)
			faults := drawFaults(drawing{tape(1, i, faultTape), p})
			sortFaults(faults)
			drawnCases = append(drawnCases, drawnCase{w, p, faults})
		}
		d := &drawnCases[i]
		show(d.World, d.place, d.faults)
	}
}

// Windows counts a service's deaths anew so long after the last of them, not after the first (H17): the two differ only
// where three come, each soon after the one before, and the third not soon after the first.
func TestDeathsInARowAreDrawn(t *testing.T) {
	drawn := 0
	eachDrawn(t, 1500, func(w World, p *place, faults []Fault) {
		for i, role := range p.nodes {
			forget := w.Rare.Nodes[i].Forget
			if forget == 0 || !slices.Contains(p.risen, role) {
				continue
			}
			var at []time.Duration
			for _, f := range faults {
				if f.Verb == "kill-service" && f.Rest == role {
					at = append(at, f.At)
				}
			}
			for k := 2; k < len(at); k++ {
				if at[k-1]-at[k-2] < forget && at[k]-at[k-1] < forget && at[k]-at[k-2] >= forget {
					drawn++
					break
				}
			}
		}
	})
	require.Greater(t, drawn, 5)
}

// A boot ends the count of a service's deaths (H17): the one after it is the first again, though that before it is not forgotten.
func TestADeathBeforeABootIsDrawn(t *testing.T) {
	drawn := 0
	eachDrawn(t, 1500, func(w World, p *place, faults []Fault) {
		for i, role := range p.nodes {
			died, booted := time.Duration(0), false
			for _, f := range faults {
				switch steps := w.Rare.Nodes[i].Recovery; {
				case f.Rest != role || len(steps) < 2 || steps[0] == steps[1]:
				case f.Verb == "power-on":
					booted = died > 0
				case f.Verb == "kill-service" && booted && f.At-died < w.Rare.Nodes[i].Forget:
					drawn, booted = drawn+1, false
				case f.Verb == "kill-service":
					died, booted = f.At, false
				}
			}
		}
	})
	require.Greater(t, drawn, 8)
}

// A node dies at work on a share that keeps its files open, for longer than the other one takes to come to them (C3).
func TestFilesAreLeftOpen(t *testing.T) {
	drawn := 0
	eachDrawn(t, 1500, func(w World, p *place, faults []Fault) {
		require.Equal(t, w.Mail && w.Rare.Handles > 0, p.opens)
		slow := slices.ContainsFunc(faults, func(f Fault) bool { return f.Verb == "share-slow" && f.Rest != "ok" })
		dies := slices.ContainsFunc(faults, func(f Fault) bool { return f.Verb == "power-off" && f.Rest == "holder" })
		if w.Rare.Handles >= time.Minute && slow && dies {
			drawn++
		}
	})
	require.Greater(t, drawn, 10)
}

// Mail works on both nodes, with a VIP each, and what goes to others is slow, so that one has a copy in its hands while the other
// takes it out of the queue (M4).
func TestMailOnBothNodesIsDrawn(t *testing.T) {
	drawn := 0
	eachDrawn(t, 1500, func(w World, p *place, faults []Fault) {
		require.Equal(t, w.Rare.Each, p.each)
		slow := slices.ContainsFunc(faults, func(f Fault) bool { return f.Verb == "impair" && f.Rest == "outside latency 130ms" })
		if p.each && slow {
			drawn++
			require.Equal(t, [2]int{}, w.Balance)
			require.Contains(t, string(w.files()["standby/mail/services.reg"]), p.vips[1])
			require.NotEqual(t, w.files()["active/ipwatch.dat"], w.files()["standby/ipwatch.dat"])
		}
	})
	require.Greater(t, drawn, 8)
}

// A switch that blocks frames for the unknown loses nobody who speaks, so its cluster must come to rest; one that learns
// from data alone besides loses who says nothing but ARP (N8).
func TestASwitchThatBlocksTheUnknownKnowsWhoSpeaks(t *testing.T) {
	sound, hopeless := 0, 0
	eachDrawn(t, 1500, func(w World, p *place, _ []Fault) {
		s := w.Switches[0]
		switch {
		case !s.BlockUnknown || s.Inspection || s.Tracking:
		case s.DataOnly:
			hopeless++
			require.Contains(t, p.hopeless, "keeps frames from them (N8)")
		case !strings.Contains(p.hopeless, "(N8)"):
			sound++
		}
	})
	require.InDelta(t, 60, sound, 30, "some 4 %")
	require.Positive(t, hopeless)

	w := plain(1)
	w.Switches[0].BlockUnknown = true
	p, err := (&ground{shipped}).place(w)
	require.NoError(t, err)
	require.Empty(t, p.hopeless)
	w.Switches[0].DataOnly = true
	p, err = (&ground{shipped}).place(w)
	require.NoError(t, err)
	require.NotEmpty(t, p.hopeless)
}

// A crash is the same one whenever it comes: when it did is told beside what it is.
func TestACrashIsTheSameAtAnyTime(t *testing.T) {
	crash := func(text string) Failure { return *crashOf(errors.New(text + "\ngoroutine 7")) }
	a := crash("more than 1000000 things happen at 28.468493186s of virtual time, and no end of them")
	b := crash("more than 1000000 things happen at 1h2m3s of virtual time, and no end of them")
	require.True(t, a.same(b))
	require.Equal(t, "more than 1000000 things happen at T of virtual time, and no end of them", a.Kind)
	require.Equal(t, 28468493186*time.Nanosecond, a.At)
	require.Equal(t, time.Hour+2*time.Minute+3*time.Second, b.At)

	c := crash("runtime error: index out of range [5] with length 3")
	require.Equal(t, Failure{Check: Crash, Kind: "runtime error: index out of range [5] with length 3"}, c)
	require.False(t, a.same(c))
}
