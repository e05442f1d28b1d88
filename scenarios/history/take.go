package history

import (
	"fmt"
	"math"

	"ipwsim/sim/studied"
)

// SamplesOf are the samples of a scenario under seeds of this night: "cable-pull failover", "cable-pull failback" and
// "cable-pull silence", each seed with its longest time.
func SamplesOf(s *studied.Seeds) (all []Sample) {
	for i := range s.Figures {
		f := &s.Figures[i]
		if f.Client != "" { // one of those that the first is the worst of
			continue
		}
		one := Sample{Name: fmt.Sprint(s.Scenario, " ", f.Name), Unit: Seconds}
		for _, t := range f.Times {
			if t.AtLeast {
				t.Seconds = math.Inf(1)
			}
			one.Values = append(one.Values, t.Seconds)
		}
		all = append(all, one)
	}
	return all
}
