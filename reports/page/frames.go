package page

import (
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"ipwsim/reports/chart"
	"ipwsim/reports/words"
	"ipwsim/sim/finding"
)

// frames are the sequence diagrams of a page.
type frames struct {
	Windows []window
	Arrows  []arrow // that the rows use
	Left    string  // what is left out
	Again   string  // the command that makes the captures, where there are none
}

// window is a sequence diagram: the frames of a stretch of time.
type window struct {
	from, to time.Duration
	ID       string // its anchor
	Short    string // its number
	Title    string
	Open     bool // unfolded from the start
	Stations []station
	Rows     []frame
}

// station is a station's column of the diagram.
type station struct{ X, Name string }

// frame is one row, or a note.
type frame struct {
	At, Text    string
	Strong      bool
	Arrow       string // its drawing's anchor
	Lost        string // why, where it did not arrive
	Place, Href string // in the captures: the sender's, with the capture's address or ""
	Then        string // where it arrived
	Note        string // instead of a frame
}

// arrow is how frames are drawn that go the same way, in percent.
type arrow struct {
	ID, From, X1, X2 string
	Dots             []string
	Cast, Lost       bool
}

const (
	windowGap   = 2 * time.Second // calm that parts two windows
	windowMost  = 30 * time.Second
	mostWindows = 40
	mostRows    = 60  // of a window
	allRows     = 360 // of a page, shared by the windows
)

// frames parts the frames where it was calm, and shortens the parts. The captures have them all.
func (t *teller) frames() (f frames) {
	parts := parted(t.run.Frames)
	if cut := t.run.FramesCut; cut > 0 {
		f.Left = t.Say("page.frames-cut", t.Stamp(cut))
	}
	if len(parts) > mostWindows && !t.opt.Full {
		f.Left = t.Say("page.frames-cut", t.Stamp(parts[mostWindows][0].At))
		parts = parts[:mostWindows]
	}
	most := min(mostRows, allRows/max(1, len(parts)))
	if t.opt.Full {
		most = len(t.run.Frames)
	}
	drawn := map[string]string{}
	for i, part := range parts {
		f.Windows = append(f.Windows, t.window(part, most, i+1, &f, drawn))
	}
	if t.run.Captures == "" && t.run.Rerun != "" {
		f.Again = t.run.Rerun + " --pcap captures"
	}
	return f
}

// parted are the frames in parts with calm between them, from virtual time 0 on.
func parted(all []finding.Frame) (parts [][]finding.Frame) {
	for i := 0; i < len(all); {
		j := i + 1
		for j < len(all) && all[j].At-all[j-1].At < windowGap && all[j].At-all[i].At < windowMost {
			j++
		}
		if all[j-1].At >= 0 {
			parts = append(parts, all[i:j])
		}
		i = j
	}
	return parts
}

func (t *teller) window(all []finding.Frame, most, n int, f *frames, drawn map[string]string) window {
	w := window{from: all[0].At, to: all[len(all)-1].At, ID: fmt.Sprint("w", n), Short: fmt.Sprint(n)}
	w.Title = t.Say("page.window-title", n, t.Stamp(w.from), t.Stamp(w.to))
	var faults []string
	for i := range t.Facts.Faults {
		if x := &t.Facts.Faults[i]; x.At >= w.from && x.At <= w.to {
			faults = append(faults, x.Line())
		}
	}
	if len(faults) > 0 {
		w.Open = true
		w.Title += t.Say("page.window-fault", t.list(faults))
	}
	shown := calmer(all, most)
	names := t.stations(shown)
	for i, name := range names {
		w.Stations = append(w.Stations, station{chart.Percent((float64(i) + 0.5) / float64(len(names))), name})
	}
	for _, x := range shown {
		row := frame{At: strconv.FormatFloat(x.At.Seconds(), 'f', 3, 64), Text: x.Text, Strong: x.Kind == "probe" || x.Kind == "announce"}
		row.Lost = t.lost(x)
		row.Arrow = f.arrow(x, names, drawn)
		row.Place, row.Href, row.Then = t.places(x)
		w.Rows = append(w.Rows, row)
	}
	if left := len(all) - len(shown); left > 0 {
		w.Rows = append(w.Rows, frame{Note: t.Say("page.frames-left", left)})
	}
	return w
}

// calmer shortens a long diagram: echoes that arrived, bare acknowledgements and the share's go first, from the
// middle, then what is last.
func calmer(all []finding.Frame, most int) (shown []finding.Frame) {
	ends := min(8, most/4)
	over := len(all) - most
	for i, f := range all {
		calm := len(f.Reached) > 0 && (f.Kind == "echo-request" || f.Kind == "echo-reply" || f.Kind == "share" || strings.HasSuffix(f.Text, ": ACK"))
		if over > 0 && calm && i >= ends && i < len(all)-ends {
			over--
			continue
		}
		shown = append(shown, f)
	}
	return shown[:min(len(shown), most*3/2)]
}

// stations are those that take part, in the header's order.
func (t *teller) stations(all []finding.Frame) []string {
	part := map[string]bool{}
	for _, f := range all {
		part[f.From], part[f.To] = true, true
		for _, a := range f.Reached {
			part[a.Station] = true
		}
	}
	var names []string
	put := func(name string) {
		if part[name] && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	h := t.header()
	for _, c := range h.Clients {
		put(c.Name)
	}
	for _, x := range h.Routers {
		put(x.Name)
	}
	for _, n := range h.Nodes {
		put(n.Role)
	}
	for _, f := range all {
		put(f.From)
	}
	return names
}

// lost says why a frame did not arrive, and on which cable; "" for one that did.
func (t *teller) lost(f finding.Frame) string {
	why, cable, ok := strings.Cut(f.Lost, ", cable ")
	if key := "lost." + strings.ToLower(strings.ReplaceAll(why, " ", "-")); ok && words.Has(key) {
		return t.Say("page.lost-on", t.Say(key), cable)
	}
	if f.Lost == "" && len(f.Reached) == 0 {
		return t.Say("page.not-arrived")
	}
	return f.Lost
}

// arrow is the anchor of the drawing of a frame, which is made once for all that go the same way.
func (f *frames) arrow(x finding.Frame, names []string, drawn map[string]string) string {
	n := float64(len(names))
	centre := func(name string) float64 { return (float64(slices.Index(names, name)) + 0.5) / n }
	a := arrow{Cast: x.Cast, Lost: len(x.Reached) == 0 || x.Lost != ""}
	from := centre(x.From)
	left, to := from, from
	switch {
	case len(x.Reached) > 0:
		for _, r := range x.Reached {
			if at := centre(r.Station); slices.Contains(names, r.Station) {
				if a.Cast {
					a.Dots = append(a.Dots, chart.Percent(at))
				}
				left, to = min(left, at), max(to, at)
			}
		}
		if !a.Cast && left < from {
			left, to = from, left
		}
	case slices.Contains(names, x.To):
		to = from + (centre(x.To)-from)*0.7
	case from > 0.5:
		to = from - 0.35/n
	default:
		to = from + 0.35/n
	}
	slices.Sort(a.Dots)
	a.From, a.X1, a.X2 = chart.Percent(from), chart.Percent(left), chart.Percent(to)
	key := fmt.Sprint(a)
	if drawn[key] == "" {
		a.ID = fmt.Sprint("a", len(f.Arrows))
		drawn[key] = a.ID
		f.Arrows = append(f.Arrows, a)
	}
	return drawn[key]
}

// places are where the captures have a frame.
func (t *teller) places(f finding.Frame) (place, href, then string) {
	if t.run.Captures != "" {
		href = path.Join(t.run.Captures, f.Sent.Cable+".pcapng")
	}
	var all []string
	for _, a := range f.Reached {
		all = append(all, spot(a.Place))
	}
	return spot(f.Sent), href, strings.Join(all, ", ")
}

func spot(p finding.Place) string { return fmt.Sprint(p.Cable, " ", p.Number) }
