package chart

import (
	"slices"

	"ipwsim/reports/term"
)

// Labels of a drawing are in a font of fixed width.
const (
	labelLetter = 6.7 // wide
	labelLine   = 13  // high
	pointRadius = 6
)

// Labels finds room for texts beside points, so that none covers another or a point.
type Labels struct {
	left, top, right, bottom float64
	taken                    []area
}

type area struct{ left, top, right, bottom float64 }

// Spot is where a text goes: its baseline, and whether it is off its point.
type Spot struct {
	X, Y   float64
	Anchor string
	Off    bool
}

// NewLabels has the room within these edges.
func NewLabels(left, top, right, bottom float64) *Labels {
	return &Labels{left: left, top: top, right: right, bottom: bottom}
}

// Block keeps a point free.
func (l *Labels) Block(x, y float64) {
	l.taken = append(l.taken, area{x - pointRadius, y - pointRadius, x + pointRadius, y + pointRadius})
}

// Put takes the nearest free place on a side of the point; false when there is none.
func (l *Labels) Put(x, y float64, text string) (Spot, bool) {
	width := labelLetter * float64(term.Columns(text))
	for up := range 14 {
		for _, sign := range []float64{-1, 1} {
			base := y + 4 + sign*float64(up)*labelLine
			for _, s := range []Spot{{x + pointRadius + 3, base, "start", up > 0}, {x - pointRadius - 3, base, "end", up > 0}} {
				a := area{s.X, s.Y - labelLine + 3, s.X + width, s.Y + 3}
				if s.Anchor == "end" {
					a.left, a.right = s.X-width, s.X
				}
				if l.free(a) {
					l.taken = append(l.taken, a)
					return s, true
				}
			}
		}
	}
	return Spot{}, false
}

func (l *Labels) free(a area) bool {
	if a.left < l.left || a.right > l.right || a.top < l.top || a.bottom > l.bottom {
		return false
	}
	return !slices.ContainsFunc(l.taken, func(b area) bool {
		return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
	})
}
