// Package chart draws: values on axes, labels that find room, lanes over time, networks. It knows numbers and texts,
// not what they are about.
package chart

import (
	"embed"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Templates draw a Chart as "chart" and a Picture as "picture"; a page that shows charts has "patterns" once.
//
//go:embed chart.html network.html
var Templates embed.FS

// Drawings are those of them that draw a Picture, for pages without charts; they have "devices" once.
//
//go:embed network.html
var Drawings embed.FS

var (
	// CSS is the style of charts. Pages with charts have NetworkCSS too.
	//go:embed chart.css
	CSS string
	// NetworkCSS is the style of pictures.
	//go:embed network.css
	NetworkCSS string
	// JS is the script of charts: zoom, a cursor, and the states under it.
	//go:embed chart.js
	JS string
)

// Chart is lanes over one axis of time. Everything in it is placed in shares of the axis, so that the browser zooms
// by stretching the whole.
type Chart struct {
	To     float64 // the axis' end in seconds; it begins at 0
	Ticks  []Tick
	Bands  string // a path of what is shaded behind all lanes
	Groups []Group
	Legend []Entry

	used []string // classes that were drawn
}

// Tick is a number on an axis.
type Tick struct{ X, Text, Anchor string }

// Group is lanes under one title.
type Group struct {
	Title string
	Note  string
	Lanes []Lane
}

// Entry of a legend. Sign is that of a class drawn as dots.
type Entry struct {
	Class, Name string
	Form        Form
	Sign        Sign
}

// Sign is the shape of a dot, so that its colour need not tell it from others.
type Sign string

// The signs.
const (
	Disc     Sign = "dot"
	Square   Sign = "square"
	Triangle Sign = "triangle"
	Ring     Sign = "ring"
	Diamond  Sign = "diamond"
	Cross    Sign = "cross"
	Plus     Sign = "plus"
	Bolt     Sign = "bolt"
)

// Form is how a class is drawn.
type Form string

// The forms.
const (
	BoxForm  Form = "box"
	MarkForm Form = "mark"
	BandForm Form = "band"
)

// New is an empty chart from 0 to the end.
func New(end time.Duration) *Chart {
	c := &Chart{To: max(end.Seconds(), 0.001)}
	s := Scale{High: c.To, To: 1}
	for _, at := range s.Ticks(7) {
		t := Tick{Percent(s.At(at)), TickText(at), "middle"}
		switch {
		case at == 0:
			t.Anchor = "start"
		case at > 0.95*c.To:
			t.Anchor = "end"
		}
		c.Ticks = append(c.Ticks, t)
	}
	return c
}

// Percent is a share of the axis, to a millionth of it.
func Percent(share float64) string {
	s := strconv.FormatFloat(share*100, 'f', 4, 64)
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
}

// Add adds a group of lanes, if there is anything in it.
func (c *Chart) Add(g Group) {
	if len(g.Lanes) > 0 || g.Note != "" && g.Title == "" {
		c.Groups = append(c.Groups, g)
	}
}

// Shade shades a stretch behind all lanes.
func (c *Chart) Shade(from, to time.Duration) {
	if a, b, ok := c.share(from, to); ok && b > a {
		c.Bands += "M" + unit(a) + " 0H" + unit(b) + "V1H" + unit(a) + "z"
		c.use("band")
	}
}

// Explain makes the legend: of the entries those that were drawn.
func (c *Chart) Explain(all []Entry) {
	for _, e := range all {
		if slices.Contains(c.used, e.Class) {
			c.Legend = append(c.Legend, e)
		}
	}
}

func (c *Chart) use(class string) {
	if !slices.Contains(c.used, class) {
		c.used = append(c.used, class)
	}
}

// share is a stretch in shares of the axis; what lies outside is cut off, and false if that is all.
func (c *Chart) share(from, to time.Duration) (a, b float64, ok bool) {
	a, b = max(from.Seconds(), 0)/c.To, min(to.Seconds(), c.To)/c.To
	return a, b, a <= 1 && b >= 0 && b >= a
}

// units are what paths count the axis in: each draws into a box of its own that is stretched.
const units = 1_000_000

func unit(share float64) string { return strconv.Itoa(int(share*units + 0.5)) }
