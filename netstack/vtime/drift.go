package vtime

import "time"

// million is what a drift is a part of.
const million = 1_000_000

// drift is a machine's clock that runs fast, or slow where ppm is negative, by so many millionths since a time.
type drift struct {
	ppm         int64
	since, then time.Duration // virtual time, and what the machine's clock counted then
}

// own is what the machine's clock counts at a virtual time since the drift began.
func (c drift) own(now time.Duration) time.Duration {
	e := now - c.since
	return c.then + e + e/million*time.Duration(c.ppm) + e%million*time.Duration(c.ppm)/million
}

// world is the virtual time that passes from now on until the machine's clock has counted the delay.
func (c drift) world(now, delay time.Duration) time.Duration {
	if c.ppm == 0 || delay <= 0 {
		return delay
	}
	w := scaled(delay, million, million+c.ppm)
	for c.own(now+w)-c.own(now) < delay {
		w++
	}
	return w
}

// scaled is the time by so many of so many.
func scaled(d time.Duration, many, of int64) time.Duration {
	return d/time.Duration(of)*time.Duration(many) + d%time.Duration(of)*time.Duration(many)/time.Duration(of)
}

// SetDrift has the machine's clock run fast from now on, or slow where ppm is negative, by so many millionths; 0: right
// again, and as far ahead as it is. All that the machine waits for goes by its clock, what it waits for already too. What
// others do, frames on their way among it, goes by virtual time.
func (d *Domain) SetDrift(ppm int64) {
	s := d.s
	s.mu.Lock()
	defer s.mu.Unlock()
	old := d.drift.ppm
	d.drift = drift{ppm: ppm, since: s.now, then: d.drift.own(s.now)}
	for _, ev := range s.events {
		if ev.domain == d {
			ev.at = s.now + scaled(ev.at-s.now, million+old, million+ppm)
			ev.lot = s.lot(ev.domain.lane, ev.at)
		}
	}
	s.events.mend()
}
