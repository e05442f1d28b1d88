package audit

import (
	"math/rand/v2"
	"slices"

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

// resamples of the bootstrap, and how much of them lies below the 95 % interval.
const (
	resamples = 1000
	oneTail   = 0.025
)

// estimate is the year's sum of rate times mean, with its interval by bootstrap within each stratum, always with the same
// chance.
func estimate(all []stratum) (e audited.Estimate) {
	for _, s := range all {
		e.Value += s.rate * mean(s.values)
		e.AtLeast = e.AtLeast || s.open && s.rate > 0
	}
	random := rand.New(rand.NewPCG(1, uint64(len(all))))
	sums := make([]float64, resamples)
	for i := range sums {
		for _, s := range all {
			if n := len(s.values); n > 0 {
				sum := 0.0
				for range n {
					sum += s.values[random.IntN(n)]
				}
				sums[i] += s.rate * sum / float64(n)
			}
		}
	}
	slices.Sort(sums)
	e.Low, e.High = sums[int(oneTail*resamples)], sums[resamples-1-int(oneTail*resamples)]
	return e
}

func mean(values []float64) (m float64) {
	for _, v := range values {
		m += v / float64(len(values))
	}
	return m
}
