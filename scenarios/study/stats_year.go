package study

import (
	"fmt"
	"time"
)

// Rates are what the operator says of his year.
type Rates struct {
	Faults  float64       `json:"faults_per_year"`  // of the holder of the VIP, of the study's kind
	Repair  time.Duration `json:"repair"`           // from a fault until the master is back; nanoseconds
	Freezes float64       `json:"freezes_per_year"` // of the VIP's holder, which then goes on
	Frozen  time.Duration `json:"freeze_time"`      // how long each; nanoseconds
}

// DefaultRates are those that the user does not give.
var DefaultRates = Rates{Faults: 4, Repair: time.Hour, Frozen: 10 * time.Second}

// Check says what is wrong with the rates.
func (r Rates) Check() error {
	switch {
	case !(r.Faults >= 0 && r.Faults <= 1e6):
		return fmt.Errorf("--faults-per-year: found %v, expected 0 to 1000000", r.Faults)
	case r.Repair < 0 || r.Repair > year:
		return fmt.Errorf("--repair: found %s, expected 0s to 8760h", r.Repair)
	case !(r.Freezes >= 0 && r.Freezes <= 1e6):
		return fmt.Errorf("--freezes-per-year: found %v, expected 0 to 1000000", r.Freezes)
	case r.Frozen < 0 || r.Frozen > 24*time.Hour:
		return fmt.Errorf("--freeze-time: found %s, expected 0s to 24h", r.Frozen)
	}
	return nil
}

// String is the rates in words.
func (r Rates) String() string {
	return fmt.Sprintf("%g faults a year, the master away for %s each; %g freezes a year of %s", r.Faults, short(r.Repair), r.Freezes, short(r.Frozen))
}

// False is how often a year the watcher takes a healthy VIP.
type False struct {
	Miss   float64 `json:"poll_loss"`     // probability that a poll of a healthy VIP is missed
	Misses int     `json:"misses"`        // so many polls in a row make it free
	Loss   float64 `json:"by_loss"`       // a year, by lost polls
	Freeze float64 `json:"by_freezes"`    // a year, because the holder was frozen
	PerOne float64 `json:"of_a_freeze"`   // probability that a freeze is taken for a fault
	Split  float64 `json:"split_at_most"` // of Loss, a year: address detection was lost too, two nodes had the VIP
}

// Sum is a year's, of both causes.
func (f False) Sum() float64 { return f.Loss + f.Freeze }

func (c *Cell) falseTakes(r Rates) False {
	p := c.polls()
	f := False{Miss: p.miss, Misses: p.misses(p.interval), PerOne: p.frozen(r.Frozen)}
	f.Loss, f.Split = p.takes()
	f.Freeze = r.Freezes * f.PerOne
	return f
}

// Outage is how many seconds a year a client waits.
type Outage struct {
	Faults  float64 `json:"faults"`             // failover, and the silence of failback
	Margin  float64 `json:"margin"`             // Faults is known to so much, with 95 %
	Release float64 `json:"release"`            // release cycles while the master is away (W18)
	Open    bool    `json:"at_least,omitempty"` // some runs had no answer: a lower bound

	OneCycle float64 `json:"of_a_release"` // how long a release cycle's outage is, in the mean
}

// Sum is a year's, of both.
func (o Outage) Sum() float64 { return o.Faults + o.Release }

func (c *Cell) outage(rows []Row, r Rates) Outage {
	over, silent := sampleOf(rows, failoverOf).times(), sampleOf(rows, silentOf).times()
	var o Outage
	for _, t := range []Times{over, silent} {
		if t.Mean != nil {
			o.Faults += r.Faults * t.Mean.Seconds
			o.Margin += r.Faults * t.Margin
			o.Open = o.Open || t.Mean.AtLeast
		}
	}
	if c.cycles() {
		hold, gone := c.releaseCycle()
		o.OneCycle = gone.Seconds()
		o.Release = r.Faults * goneWithin(r.Repair, hold, gone).Seconds()
	}
	return o
}

// releaseCycle is how long a slave holds the VIP, and how long it is then gone, while the master is away: two
// intervals (W13, W18), and the time to add the address.
func (c *Cell) releaseCycle() (hold, gone time.Duration) {
	n := c.slave()
	p := c.polls()
	return n.Settings.ReleaseCycle() + p.netsh, p.countdown(2*p.interval) + p.netsh + n.Server.Tentative()
}

// goneWithin is how much of a time the VIP is gone, when it is held and gone in turn.
func goneWithin(length, hold, gone time.Duration) time.Duration {
	cycles := length / (hold + gone)
	rest := length % (hold + gone)
	return cycles*gone + max(0, rest-hold)
}
