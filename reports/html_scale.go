package reports

import (
	"math"
	"strconv"
	"strings"
)

// scale places values on an axis of a drawing, from low to high.
type scale struct {
	low, high float64 // values
	from, to  float64 // places
	log       bool
}

// scaleOf covers all values: from 0, or where they spread too far for that, in powers of ten.
func scaleOf(values []float64, from, to float64) scale {
	s := scale{high: 1, from: from, to: to}
	least := math.Inf(1)
	for i, v := range values {
		if i == 0 {
			s.high = v
		}
		s.high = max(s.high, v)
		if v > 0 {
			least = min(least, v)
		}
	}
	if !(s.high > 0) {
		s.high = 1
	}
	if s.high > 50*least {
		s.log, s.low = true, math.Pow(10, math.Floor(math.Log10(least)))
		s.high = math.Pow(10, math.Ceil(math.Log10(s.high)))
	}
	return s
}

// at is the place of a value; what lies outside is put at the end.
func (s scale) at(v float64) float64 {
	share := (v - s.low) / (s.high - s.low)
	if s.log {
		share = (math.Log10(max(v, s.low)) - math.Log10(s.low)) / (math.Log10(s.high) - math.Log10(s.low))
	}
	return s.from + (s.to-s.from)*min(1, max(0, share))
}

// ticks are round values on the axis, about so many.
func (s scale) ticks(n int) (all []float64) {
	if s.log {
		low, high := int(math.Round(math.Log10(s.low))), int(math.Round(math.Log10(s.high)))
		step := max(1, (high-low+n-1)/n)
		for e := low; e <= high; e += step {
			all = append(all, math.Pow(10, float64(e)))
		}
		return all
	}
	step := roundStep((s.high - s.low) / float64(n))
	for i := math.Ceil(s.low / step); i*step <= s.high*(1+1e-9); i++ {
		all = append(all, i*step)
	}
	return all
}

// roundStep is the least of 1, 2, 5, 10 and so on that is no less than v.
func roundStep(v float64) float64 {
	unit := math.Pow(10, math.Floor(math.Log10(v)))
	for _, k := range []float64{1, 2, 5} {
		if k*unit >= v*(1-1e-9) {
			return k * unit
		}
	}
	return 10 * unit
}

// tickText is a value on an axis.
func tickText(v float64) string {
	if v != 0 && (v < 1e-3 || v >= 1e6) {
		return strings.Replace(strconv.FormatFloat(v, 'e', -1, 64), "e-0", "e-", 1)
	}
	return strconv.FormatFloat(v, 'g', 6, 64)
}

// coord is a place in a drawing, to a tenth.
func coord(v float64) string {
	return strings.TrimSuffix(strconv.FormatFloat(v, 'f', 1, 64), ".0")
}
