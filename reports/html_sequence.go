package reports

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"ipwsim/sim/trace"
)

// frameWindow is a sequence diagram: the frames of a stretch of time.
type frameWindow struct {
	from, to time.Duration
	ID       string // its anchor
	Title    string
	Short    string
	Open     bool // shown from the start
	Stations []station
	Rows     []frameRow
}

// station is a station's column of the diagram.
type station struct{ X, W, Centre, Name string }

// frameRow is one frame in the diagram.
type frameRow struct {
	ID, At, Kind, Text string
	Note               string // instead of a frame
	From, X1, X2       string // the sender and the arrow, in percent
	Lost               string // why, where it did not arrive
	Dots               []string
	Cast               bool
	Places             []placeLink
	Spoken             string // the arrow in words
}

// placeLink is a frame's place in a capture.
type placeLink struct {
	Href, File string
	Number     int
}

const (
	windowGap   = 2 * time.Second // calm that parts two windows
	mostWindows = 40
	mostRows    = 60
)

// frameWindows parts the frames where it was calm.
func frameWindows(l lang, r Result) []frameWindow {
	var all []frameWindow
	for i := 0; i < len(r.Frames) && len(all) < mostWindows; {
		j := i + 1
		for j < len(r.Frames) && r.Frames[j].At-r.Frames[j-1].At < windowGap && r.Frames[j].At-r.Frames[i].At < 30*time.Second {
			j++
		}
		all = append(all, newWindow(l, r, r.Frames[i:j], len(all)+1))
		i = j
	}
	return all
}

func newWindow(l lang, r Result, frames []Frame, n int) frameWindow {
	w := frameWindow{from: frames[0].At, to: frames[len(frames)-1].At, ID: fmt.Sprint("w", n), Open: false}
	w.Short = fmt.Sprint(n)
	w.Title = l.say(htmlWindowTitle, n, l.stamp(w.from), l.stamp(w.to))
	for _, rec := range r.Trace.Records {
		if f, ok := rec.Body.(trace.Fault); ok && rec.At >= w.from && rec.At <= w.to {
			w.Title += l.say(htmlWindowFault, faultText(f))
			w.Open = true
		}
	}
	shown, left := calmer(frames)
	names := stationsOf(r.Trace.Header, shown)
	for i, name := range names {
		each := 1 / float64(len(names))
		w.Stations = append(w.Stations, station{percent(float64(i) * each), percent(each), percent((float64(i) + 0.5) * each), name})
	}
	for i, f := range shown {
		w.Rows = append(w.Rows, frameRowOf(l, r, f, names, fmt.Sprintf("%s-%d", w.ID, i+1)))
	}
	if left > 0 {
		w.Rows = append(w.Rows, frameRow{Note: l.say(htmlFramesLeft, left)})
	}
	return w
}

// calmer shortens a long diagram: echoes that arrived, bare acknowledgements and the share's go first,
// from the middle, then what is last.
func calmer(frames []Frame) (shown []Frame, left int) {
	over := len(frames) - mostRows
	for i, f := range frames {
		calm := len(f.Reached) > 0 && (f.Kind == "echo-request" || f.Kind == "echo-reply" || f.Kind == "share" || strings.HasSuffix(f.Text, ": ACK"))
		if over > 0 && calm && i >= 8 && i < len(frames)-8 {
			over--
			continue
		}
		shown = append(shown, f)
	}
	if len(shown) > 2*mostRows {
		shown = shown[:2*mostRows]
	}
	return shown, len(frames) - len(shown)
}

// stationsOf are those that take part, in the header's order.
func stationsOf(h trace.Header, frames []Frame) []string {
	var order, all []string
	for _, c := range h.Clients {
		order = append(order, c.Name)
	}
	for _, x := range h.Routers {
		order = append(order, x.Name)
	}
	for _, n := range h.Nodes {
		order = append(order, n.Role)
	}
	part := map[string]bool{}
	for _, f := range frames {
		part[f.From], part[f.To] = true, true
		for _, a := range f.Reached {
			part[a.Station] = true
		}
	}
	for _, name := range order {
		if part[name] && !slices.Contains(all, name) {
			all = append(all, name)
		}
	}
	for _, f := range frames {
		if !slices.Contains(all, f.From) {
			all = append(all, f.From)
		}
	}
	return all
}

func frameRowOf(l lang, r Result, f Frame, names []string, id string) frameRow {
	row := frameRow{ID: id, At: l.stamp(f.At), Kind: f.Kind, Text: f.Text, Cast: f.Cast, Lost: f.Lost}
	n := float64(len(names))
	centre := func(name string) float64 { return (float64(slices.Index(names, name)) + 0.5) / n }
	from := centre(f.From)
	left, to := from, from
	switch {
	case len(f.Reached) > 0:
		for _, a := range f.Reached {
			if x := centre(a.Station); slices.Contains(names, a.Station) {
				row.Dots = append(row.Dots, percent(x))
				left, to = min(left, x), max(to, x)
			}
		}
		if !f.Cast && left < from {
			left, to = from, left
		}
	case slices.Contains(names, f.To):
		to = from + (centre(f.To)-from)*0.7
	case from > 0.5:
		to = from - 0.35/n
	default:
		to = from + 0.35/n
	}
	if len(f.Reached) == 0 && row.Lost == "" {
		row.Lost = l.say(htmlNotArrived)
	}
	row.From, row.X1, row.X2 = percent(from), percent(left), percent(to)
	row.Spoken = l.spoken(f)
	row.Places = append(row.Places, placeOf(r, f.File, f.Number))
	for _, a := range f.Reached {
		row.Places = append(row.Places, placeOf(r, a.File, a.Number))
	}
	return row
}

// spoken is the arrow for those who do not see it.
func (l lang) spoken(f Frame) string {
	to := f.To
	if f.Cast || to == "" {
		to = l.say(htmlAll)
	}
	return f.From + " → " + to
}

func placeOf(r Result, file string, number int) placeLink {
	p := placeLink{File: file, Number: number}
	if r.Captures != "" {
		p.Href = path.Join(r.Captures, file)
	}
	return p
}
