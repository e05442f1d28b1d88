package chart

import (
	"math"
	"strconv"
	"strings"
)

// Scale places values on an axis of a drawing.
type Scale struct {
	Low, High float64 // values
	From, To  float64 // their places
	Log       bool    // in powers of ten; Low is not 0 then
}

// ScaleOf covers all values: from 0, or where they spread too far for that, in powers of ten.
func ScaleOf(values []float64, from, to float64) Scale {
	s := Scale{High: 1, From: from, To: to}
	least := math.Inf(1)
	for i, v := range values {
		if i == 0 {
			s.High = v
		}
		s.High = max(s.High, v)
		if v > 0 {
			least = min(least, v)
		}
	}
	if !(s.High > 0) {
		s.High = 1
	}
	if s.High > 50*least {
		s.Log, s.Low = true, math.Pow(10, math.Floor(math.Log10(least)))
		s.High = math.Pow(10, math.Ceil(math.Log10(s.High)))
	}
	return s
}

// At is the place of a value; what lies outside is put at the end.
func (s Scale) At(v float64) float64 {
	share := (v - s.Low) / (s.High - s.Low)
	if s.Log {
		share = (math.Log10(max(v, s.Low)) - math.Log10(s.Low)) / (math.Log10(s.High) - math.Log10(s.Low))
	}
	return s.From + (s.To-s.From)*min(1, max(0, share))
}

// Ticks are round values on the axis, about so many.
func (s Scale) Ticks(n int) (all []float64) {
	if s.Log {
		low, high := int(math.Round(math.Log10(s.Low))), int(math.Round(math.Log10(s.High)))
		step := max(1, (high-low+n-1)/n)
		for e := low; e <= high; e += step {
			all = append(all, math.Pow(10, float64(e)))
		}
		return all
	}
	step := roundStep((s.High - s.Low) / float64(n))
	for i := math.Ceil(s.Low / step); i*step <= s.High*(1+1e-9); i++ {
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

// TickText is a value on an axis.
func TickText(v float64) string {
	if v != 0 && (v < 1e-3 || v >= 1e6) {
		return strings.Replace(strconv.FormatFloat(v, 'e', -1, 64), "e-0", "e-", 1)
	}
	return strconv.FormatFloat(v, 'g', 6, 64)
}

// Coord is a place in a drawing, to a tenth.
func Coord(v float64) string {
	return strings.TrimSuffix(strconv.FormatFloat(v, 'f', 1, 64), ".0")
}
