package audit

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"

	"ipwsim/sim/audited"
)

// stratum is what the draws of one fault say, and how often a year it happens.
type stratum struct {
	rate   float64
	values []float64
	open   bool // some of them are lower bounds
}

// halves are the stratum's draws with clients as they are written, and as they are assumed, where some are: that is no
// chance.
func (p *plan) halves(s stratum) []stratum {
	if !p.either {
		return []stratum{s}
	}
	all := []stratum{{rate: s.rate / 2, open: s.open}, {rate: s.rate / 2, open: s.open}}
	for k, v := range s.values {
		all[k%2].values = append(all[k%2].values, v)
	}
	return all
}

// confidence is that of every interval: 95 %.
const confidence = 0.95

// estimate is the year's sum of rate times mean, with its interval by Student's t, as Welch has it for strata of unlike
// spread. Strata of one draw say nothing of theirs: there are none.
func estimate(all []stratum) (e audited.Estimate) {
	spread, freedom := 0.0, 0.0
	for _, s := range all {
		n, m, square := float64(len(s.values)), mean(s.values), 0.0
		e.Value += s.rate * m
		e.AtLeast = e.AtLeast || s.open && s.rate > 0
		for _, v := range s.values {
			square += (v - m) * (v - m)
		}
		if n < 2 || square == 0 {
			continue
		}
		part := s.rate * s.rate * square / (n - 1) / n
		spread += part
		freedom += part * part / (n - 1)
	}
	e.Low, e.High = e.Value, e.Value
	if spread > 0 {
		t := distuv.StudentsT{Sigma: 1, Nu: spread * spread / freedom}
		margin := t.Quantile(1-(1-confidence)/2) * math.Sqrt(spread)
		e.Low, e.High = e.Value-margin, e.Value+margin
	}
	return e
}

// costing is estimate of a time without mail, which is never below 0: an interval that reaches below is cut off there, and
// is one of 95 % still. What lies beyond two faults alone, and a gain, may be below.
func costing(all []stratum) audited.Estimate {
	e := estimate(all)
	e.Low = max(e.Low, 0)
	return e
}

func mean(values []float64) (m float64) {
	for _, v := range values {
		m += v / float64(len(values))
	}
	return m
}
