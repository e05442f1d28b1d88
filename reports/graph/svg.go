package graph

import (
	"embed"
	"fmt"
	"html/template"
	"io"
	"strings"
	"sync"

	"ipwsim/reports/chart"
	"ipwsim/reports/words"
)

//go:embed graph.svg
var file embed.FS

var drawing = sync.OnceValue(func() *template.Template {
	t := template.Must(template.New("").ParseFS(chart.Drawings, "network.html"))
	return template.Must(t.ParseFS(file, "graph.svg"))
})

// Sizes of a drawing that stands alone.
const (
	margin     = 16
	headHeight = 24
	lineHeight = 20
)

// sheet is a drawing that stands alone: pictures side by side, and below them what was done.
type sheet struct {
	Lang, Title   string
	Width, Height int
	Parts         []part
	Lines         []chart.PictureLine
}

type part struct {
	X, Y, W, H, HeadY int
	Picture           chart.Picture
}

// SVG writes the views as one file that needs nothing else, with what was done below them.
func SVG(w io.Writer, l words.Lang, title string, views []View, struck []Deed) error {
	s := sheet{Lang: l.Code(), Title: title, Width: margin}
	for _, v := range views {
		p := v.Network.Draw(v.Title)
		wide, high := p.Size()
		s.Parts = append(s.Parts, part{X: s.Width, Y: margin + headHeight, W: wide, H: high, HeadY: margin + 14, Picture: p})
		s.Width += wide + margin
		s.Height = max(s.Height, margin+headHeight+high+margin)
	}
	for _, d := range struck {
		s.Lines = append(s.Lines, chart.PictureLine{Text: fmt.Sprint(d.N, "  ", d.Text, "  ", d.When), X: margin, Y: s.Height + 14})
		s.Height += lineHeight
	}
	if len(struck) > 0 {
		s.Height += margin
	}
	var b strings.Builder
	if err := drawing().ExecuteTemplate(&b, "svg", s); err != nil {
		return err
	}
	for line := range strings.Lines(b.String()) {
		if _, err := fmt.Fprintln(w, words.Safe(strings.TrimSuffix(line, "\n"))); err != nil {
			return err
		}
	}
	return nil
}
