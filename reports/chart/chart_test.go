package chart

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// Labels that found room cover neither each other nor a point.
func TestLabelsDoNotMeet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := NewLabels(0, 0, 300, 200)
		n := rapid.IntRange(1, 30).Draw(t, "points")
		at := make([][2]float64, n)
		for i := range at {
			at[i] = [2]float64{rapid.Float64Range(10, 290).Draw(t, "x"), rapid.Float64Range(10, 190).Draw(t, "y")}
			l.Block(at[i][0], at[i][1])
		}
		for i := range at {
			l.Put(at[i][0], at[i][1], "30s / 3s")
		}
		for i, a := range l.taken {
			for j, b := range l.taken[:i] {
				if i < n && j < n {
					continue // points may
				}
				require.False(t, a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom)
			}
		}
	})
}

func TestScales(t *testing.T) {
	s := ScaleOf([]float64{3, 40}, 0, 100)
	require.False(t, s.Log)
	require.InDelta(t, 50, s.At(20), 1e-9)
	require.InDelta(t, 100, s.At(99), 1e-9, "what lies outside is put at the end")
	require.Equal(t, []float64{0, 10, 20, 30, 40}, s.Ticks(5))
	s = ScaleOf([]float64{0.3, 400}, 0, 100)
	require.True(t, s.Log)
	require.Equal(t, []float64{0.1, 1, 10, 100, 1000}, s.Ticks(5))
	require.InDelta(t, 50, s.At(10), 1e-9)
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Float64Range(0, 1e9), 0, 9).Draw(t, "values")
		s := ScaleOf(values, 10, 90)
		for _, v := range values {
			require.False(t, math.IsNaN(s.At(v)))
			require.True(t, s.At(v) >= 10 && s.At(v) <= 90)
		}
		require.LessOrEqual(t, len(s.Ticks(7)), 12)
	})
	require.Equal(t, "1e-7", TickText(1e-7))
	require.Equal(t, "12.5", Coord(12.46))
}

func seconds(s float64) time.Duration { return time.Duration(s * 1e9) }

func TestAnAxisFitsAnyRun(t *testing.T) {
	for _, end := range []float64{1e-9, 0.3, 1, 59, 3600, 1e6, 9.2e9} {
		c := New(seconds(end))
		require.NotEmpty(t, c.Ticks)
		require.LessOrEqual(t, len(c.Ticks), 10)
		require.Equal(t, "0", c.Ticks[0].X)
	}
}

// pieces are the ends and the numbers of a path in steps.
func pieces(t require.TestingT, p Path) (ends []float64, n []int) {
	for _, m := range regexp.MustCompile(`H(\d+)`).FindAllStringSubmatch(p.D, -1) {
		x, err := strconv.Atoi(m[1])
		require.NoError(t, err)
		ends = append(ends, float64(x)/units)
	}
	for _, s := range strings.Fields(p.N) {
		x, err := strconv.Atoi(s)
		require.NoError(t, err)
		n = append(n, x)
	}
	require.Len(t, n, len(ends))
	require.InDelta(t, 1, ends[len(ends)-1], 1e-9)
	return ends, n
}

// Very many moments become columns: none is left out, a rare one can be seen, and a gap stays a gap.
func TestVeryManyMoments(t *testing.T) {
	c := New(seconds(100_000))
	var all []Moment
	for i := range 100_000 {
		if i >= 40_000 && i < 60_000 {
			continue
		}
		m := Moment{At: seconds(float64(i)), Class: "reply", Name: "reply"}
		if i == 33_333 {
			m.Class, m.Name = "lost", "timed out"
		}
		all = append(all, m)
	}
	lane := c.Marks("x", all)
	require.Len(t, lane.Paths, 2)
	lost, reply := lane.Paths[0], lane.Paths[1]
	require.Equal(t, "lost", lost.Class, "it stands behind and above")
	sum := func(p Path) (sum int) {
		ends, n := pieces(t, p)
		from := 0.0
		for i, x := range n {
			sum += x
			if x > 0 {
				require.True(t, ends[i] <= 0.4001 || from >= 0.5999, "a bar in the gap")
			}
			from = ends[i]
		}
		return sum
	}
	require.Equal(t, 1, sum(lost))
	require.Equal(t, 79_999, sum(reply))
	require.Less(t, len(reply.D)+len(reply.N)+len(lost.D), 6000)
	require.Equal(t, []string{"reply", "lost"}, c.used)

	few := c.Marks("x", all[:100])
	require.Equal(t, 100, strings.Count(few.Paths[0].D, "M"))
	require.Empty(t, few.Paths[0].N)
	require.Len(t, c.Dots("x", all[:mostDots]).Dots, mostDots)
	require.Empty(t, c.Dots("x", all[:mostDots+1]).Dots)
}

// Very many stretches become columns of which each shows what part of its time is of which class.
func TestVeryManyStretches(t *testing.T) {
	c := New(seconds(24_000))
	var all []Span
	for i := range 2400 { // 7 s answered, 3 s not
		at := seconds(float64(10 * i))
		all = append(all, Span{From: at, To: at + seconds(7), Class: "good", Name: "answered"}, Span{From: at + seconds(7), To: at + seconds(10), Class: "away", Name: "silent"})
	}
	lane := c.Spans("x", all)
	require.Empty(t, lane.Boxes)
	require.Len(t, lane.Paths, 2)
	require.Equal(t, "M0 100V0H1000000V100z", lane.Paths[0].D, "equal columns are one")
	require.Equal(t, "30", lane.Paths[0].N)
	require.Equal(t, "silent", lane.Paths[0].Name)
	require.Equal(t, "M0 100V30H1000000V100z", lane.Paths[1].D)
	require.Equal(t, "%", lane.Paths[1].Unit)

	all[100].Class, all[100].Name = "bad", "a second"
	paths := c.Spans("x", all).Paths
	require.Len(t, paths, 3, "what is there at all can be seen")
	rapid.Check(t, func(t *rapid.T) {
		var all []Span
		at := time.Duration(0)
		for range rapid.IntRange(mostBoxes+1, 3*mostBoxes).Draw(t, "n") {
			to := at + time.Duration(rapid.Int64Range(0, int64(seconds(90))).Draw(t, "d"))
			all = append(all, Span{From: at, To: to, Class: rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "class")})
			at = to
		}
		for _, p := range New(at).timed(all) {
			_, n := pieces(t, p)
			for _, x := range n {
				require.True(t, x >= 0 && x <= 100)
			}
		}
	})
}

// What overlaps is stacked, and what has no length has room for its text.
func TestStacks(t *testing.T) {
	c := New(seconds(100))
	lane := c.Stacked("faults", []Span{
		{From: seconds(10), To: seconds(60), Name: "unplug"}, {From: seconds(20), To: seconds(20), Name: "a"}, {From: seconds(21), To: seconds(90), Name: "b"},
		{From: seconds(80), To: seconds(80), Name: "plug"}, {From: seconds(200), To: seconds(210), Name: "outside"},
	})
	require.Len(t, lane.Boxes, 4)
	rows := []int{0, 21, 42, 0}
	for i, b := range lane.Boxes {
		require.Equal(t, rows[i], b.Y, b.Text)
	}
	require.Equal(t, "16", lane.Boxes[1].W)
	require.True(t, lane.Boxes[1].Once)
	require.Equal(t, 6+3*21, lane.Height)
}

func TestALegendHasWhatWasDrawn(t *testing.T) {
	c := New(seconds(10))
	c.Spans("x", []Span{{From: 0, To: seconds(5), Class: "held"}})
	c.Shade(seconds(1), seconds(2))
	c.Explain([]Entry{{Class: "away", Name: "no answer"}, {Class: "held", Name: "held"}, {Class: "band", Name: "fault", Form: BandForm}})
	require.Equal(t, []string{"held", "fault"}, []string{c.Legend[0].Name, c.Legend[1].Name})
	require.Equal(t, "M100000 0H200000V1H100000z", c.Bands)
}

func devices(kinds map[string]Kind, names ...string) (all []Device) {
	for _, n := range names {
		all = append(all, Device{ID: n, Name: n, Kind: kinds[n]})
	}
	return all
}

func outline(n *Network) (all []string) {
	for _, b := range n.Tree() {
		line := strings.Repeat("-", b.Depth) + b.Name
		if b.Again {
			line += " again"
		}
		all = append(all, line)
	}
	return all
}

// A network is a tree from its middle; wires that close a circle, and what is not joined, are not lost.
func TestTrees(t *testing.T) {
	kinds := map[string]Kind{"sw1": Switch, "sw2": Switch, "sw3": Switch, "r": Router, "a": Server, "b": Server, "c": Client}
	n := &Network{Devices: devices(kinds, "a", "b", "c", "r", "sw1", "sw2", "sw3")}
	for _, w := range [][2]string{{"a", "sw1"}, {"b", "sw2"}, {"c", "sw3"}, {"sw1", "sw2"}, {"sw2", "sw3"}} {
		n.Join(Wire{A: w[0], B: w[1]})
	}
	require.Equal(t, []string{"sw2", "-b", "-sw1", "--a", "-sw3", "--c", "r"}, outline(n))
	n.Join(Wire{A: "sw3", B: "sw1", Mark: Mark{Numbers: "1", Broken: true}})
	require.Equal(t, []string{"sw1", "-a", "-sw2", "--b", "--sw3", "---c", "-sw3 again", "r"}, outline(n))
	require.Equal(t, []string{"a"}, outline(&Network{Devices: devices(kinds, "a"), Wires: []Wire{{A: "a", B: "nobody"}}}))
	require.Empty(t, outline(&Network{}))

	n.Join(Wire{A: "sw3", B: "sw1", Mark: Mark{Numbers: "2"}})
	require.Len(t, n.Wires, 6)
	require.Equal(t, Mark{Numbers: "…", Broken: true}, n.Wires[5].Mark, "wires with the same ends are one")
}

// Nothing in a picture leaves it, whatever the names.
func TestPicturesFit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := &Network{}
		count := rapid.IntRange(1, 12).Draw(t, "devices")
		for i := range count {
			d := Device{ID: strconv.Itoa(i), Name: rapid.StringN(0, 40, -1).Draw(t, "name"), Kind: rapid.SampledFrom([]Kind{Switch, Router, Server, Client}).Draw(t, "kind"), Below: "192.168.10.200"}
			for range rapid.IntRange(0, 3).Draw(t, "chips") {
				d.Chips = append(d.Chips, Chip{Class: "held", Text: "192.168.10.202"})
			}
			n.Devices = append(n.Devices, d)
			if i > 0 {
				n.Join(Wire{A: d.ID, B: strconv.Itoa(rapid.IntRange(0, i-1).Draw(t, "to"))})
			}
		}
		p := n.Draw("x")
		require.Empty(t, astray(p))
		drawn := map[string]bool{}
		for _, r := range p.Rows {
			drawn[r.ID] = true
		}
		for _, d := range n.Devices {
			require.True(t, drawn[d.ID], d.Name)
		}
	})
}

// astray is what leaves the picture, or lies on something else.
func astray(p Picture) (all []string) {
	type box struct{ x, y, w, h int }
	var boxes []box
	inside := func(what string, b, in box) {
		if b.x < in.x || b.y < in.y || b.x+b.w > in.x+in.w || b.y+b.h > in.y+in.h {
			all = append(all, fmt.Sprint(what, b, " leaves ", in))
		}
	}
	for _, r := range p.Rows {
		if r.Shown == "" && r.ID == "" {
			continue // numbers on a wire
		}
		b := box{r.X, r.Y, r.W, r.H}
		inside(r.Name, b, box{0, 0, pictureWidth, p.Height + 1})
		for _, c := range r.Chips {
			inside("chip of "+r.Name, box{c.X, c.Y, c.W, c.H}, b)
		}
		for _, o := range boxes {
			if b.x < o.x+o.w && o.x < b.x+b.w && b.y < o.y+o.h && o.y < b.y+b.h {
				all = append(all, fmt.Sprint(r.Name, b, " lies on ", o))
			}
		}
		boxes = append(boxes, b)
	}
	return all
}

// The test of pictures sees what is wrong with one.
func TestABrokenPictureIsSeen(t *testing.T) {
	two := PictureRow{Branch: Branch{Device: Device{ID: "a"}}, X: 1, Y: 1, W: 50, H: 20}
	require.Empty(t, astray(Picture{Height: 30, Rows: []PictureRow{two}}))
	require.Len(t, astray(Picture{Height: 30, Rows: []PictureRow{two, two}}), 1, "on each other")
	require.Len(t, astray(Picture{Height: 10, Rows: []PictureRow{two}}), 1, "outside")
	two.Chips = []PictureWord{{X: 30, Y: 5, W: 40, H: 5}}
	require.Len(t, astray(Picture{Height: 30, Rows: []PictureRow{two}}), 1, "a chip outside its card")
}
