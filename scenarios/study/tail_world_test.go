package study

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/studied"
	"ipwsim/sim/trace"
	"ipwsim/sim/world"
)

// Exact counting agrees with naive sampling of the whole simulation, with ARP, address detection and the
// pipe, on cables so bad that the rare comes often: within 4 standard deviations and 10 % for ARP, which
// counts for something where most polls are lost. Two nodes have the VIP at most as often as said.
func TestTail_TheWholeWorld(t *testing.T) {
	for _, c := range []struct {
		loss, interval, timeout string
		hours                   time.Duration
	}{
		{"12%", "6", "2", 4},
		{"20%", "5", "1", 3},
	} {
		p := planOf(t, 1, []string{"loss", c.loss}, []string{"interval", c.interval}, []string{"ping-timeout", c.timeout})
		taken, split := p.cells[0].polls().takes()
		part := float64(c.hours*time.Hour) / float64(studied.Year)
		n, both := sampled(&p.cells[0], c.hours*time.Hour)
		t.Logf("loss %s: %.0f of 100 polls are missed; %d takes, %.0f expected; %d split, at most %.0f expected",
			c.loss, 100*p.cells[0].polls().miss, n, taken*part, both, split*part)
		require.InDelta(t, taken*part, n, 4*math.Sqrt(taken*part)+0.1*taken*part, "loss %s", c.loss)
		require.LessOrEqual(t, float64(both), split*part+3*math.Sqrt(split*part), "loss %s", c.loss)
		require.Positive(t, both, "loss %s", c.loss)
	}
}

// sampled counts how often the standby takes the VIP, and how often it comes to hold it.
func sampled(c *Cell, length time.Duration) (taken, held int) {
	w := world.New(c.blueprint, world.Options{Seed: 7})
	defer w.Close()
	w.Settle()
	w.RunUntil(length)
	for r := range w.Trace().All() {
		if b, ok := r.Body.(trace.Watch); ok && r.At > 0 && r.Host == "standby" {
			switch b.State {
			case trace.Taking:
				taken++
			case trace.Held:
				held++
			}
		}
	}
	return taken, held
}
