package reports

import "slices"

// Labels of a drawing are in a font of fixed width.
const (
	labelLetter = 6.7 // wide
	labelLine   = 13  // high
	pointRadius = 6
)

// labels finds room for texts beside points, so that none covers another or a point.
type labels struct {
	left, top, right, bottom float64
	taken                    []area
}

type area struct{ left, top, right, bottom float64 }

// labelSpot is where a text goes: its baseline, and whether it is off its point.
type labelSpot struct {
	x, y   float64
	anchor string
	off    bool
}

func newLabels(left, top, right, bottom float64) *labels {
	return &labels{left: left, top: top, right: right, bottom: bottom}
}

// block keeps a point free.
func (l *labels) block(x, y float64) {
	l.taken = append(l.taken, area{x - pointRadius, y - pointRadius, x + pointRadius, y + pointRadius})
}

// put takes the nearest free place on a side of the point; false when there is none.
func (l *labels) put(x, y float64, text string) (labelSpot, bool) {
	width := labelLetter * float64(columns(safe(text)))
	for up := range 14 {
		for _, sign := range []float64{-1, 1} {
			base := y + 4 + sign*float64(up)*labelLine
			for _, s := range []labelSpot{{x + pointRadius + 3, base, "start", up > 0}, {x - pointRadius - 3, base, "end", up > 0}} {
				a := area{s.x, s.y - labelLine + 3, s.x + width, s.y + 3}
				if s.anchor == "end" {
					a.left, a.right = s.x-width, s.x
				}
				if l.free(a) {
					l.taken = append(l.taken, a)
					return s, true
				}
			}
		}
	}
	return labelSpot{}, false
}

func (l *labels) free(a area) bool {
	if a.left < l.left || a.right > l.right || a.top < l.top || a.bottom > l.bottom {
		return false
	}
	return !slices.ContainsFunc(l.taken, func(b area) bool {
		return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
	})
}
