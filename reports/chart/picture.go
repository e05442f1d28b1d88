package chart

import (
	"fmt"

	"ipwsim/reports/term"
)

// Picture is a network drawn for a narrow page: a row a device, and below each switch what hangs from it.
type Picture struct {
	Title  string
	Height int
	Rows   []PictureRow
}

// PictureRow is a device where it is drawn. Places are from the picture's left and top.
type PictureRow struct {
	Branch
	Shown   string // its name, as much as there is room for
	X, Y    int    // of its sign
	Bus     int    // where its wire comes from
	Down    int    // how far its own bus reaches down; 0: nothing hangs from it
	Chips   []PictureWord
	Numbers []PictureWord
}

// PictureWord is a word in a box.
type PictureWord struct {
	Class, Text string
	Broken      bool
	X, Y, W     int
}

// Sizes of a picture: it fits a phone without being shrunk.
const (
	pictureWidth = 360
	indentMost   = 30  // of what hangs from something
	depthMost    = 150 // of a whole tree
	signWidth    = 22
	chipStep     = 22
	nameWidth    = 8.3 // of a letter of a name
	chipLetter   = 7.2 // of a chip's text
	smallWidth   = 6.5 // of what is below a name
	lineHeight   = 12  // of that
)

// Draw draws the network.
func (n *Network) Draw(title string) Picture {
	p := Picture{Title: title, Height: 2}
	tree := n.Tree()
	indent := indentMost
	for _, b := range tree {
		indent = min(indent, depthMost/max(1, b.Depth))
	}
	for _, b := range tree {
		r := PictureRow{Branch: b, X: 2 + b.Depth*indent, Y: p.Height}
		r.Bus = r.X - indent + signWidth/2
		p.Height += r.words()
		p.Rows = append(p.Rows, r)
	}
	for i := range p.Rows {
		for _, below := range p.Rows[i+1:] {
			if below.Depth <= p.Rows[i].Depth {
				break
			}
			if below.Depth == p.Rows[i].Depth+1 {
				p.Rows[i].Down = below.Middle()
			}
		}
	}
	return p
}

// words places the row's chips at the right, or below its texts where those reach so far, and its numbers on what they
// are about; and tells the row's height.
func (r *PictureRow) words() (height int) {
	height = 28
	if r.Below != "" || r.Mark.Word != "" {
		height += lineHeight
	}
	wide := 0
	for _, c := range r.Branch.Chips {
		wide = max(wide, chipWidth(c))
	}
	r.Shown = term.Cut(r.Name, int(float64(pictureWidth-r.Text())/nameWidth))
	top := r.Y + 1
	if r.Text()+r.textWidth() > pictureWidth-wide-4 {
		top = r.Y + height - 5
	}
	for i, c := range r.Branch.Chips {
		w := chipWidth(c)
		r.Chips = append(r.Chips, PictureWord{Class: c.Class, Text: c.Text, X: pictureWidth - w - 1, Y: top + i*chipStep, W: w})
	}
	if n := len(r.Chips); n > 0 {
		height = max(height, top-r.Y+n*chipStep+5)
	}
	put := func(m Mark, middle int) {
		if m.Numbers == "" {
			return
		}
		word := PictureWord{Text: m.Numbers, Broken: m.Broken, Y: r.Middle() - 8}
		if m.Broken {
			word.Text = "✗" + word.Text
		}
		word.W = 8 + 7*term.Columns(word.Text)
		word.X = max(0, middle-word.W/2)
		r.Numbers = append(r.Numbers, word)
	}
	put(r.Wire, (r.Bus+r.X)/2)
	put(r.Mark, r.Text()+int(nameWidth*float64(term.Columns(r.Shown)))+16)
	return height
}

func chipWidth(c Chip) int { return 14 + int(chipLetter*float64(term.Columns(c.Text))) }

// textWidth is how far the row's name, with room for numbers behind it, and what is below it reach.
func (r *PictureRow) textWidth() int {
	name := nameWidth * float64(term.Columns(r.Shown))
	if r.Mark.Numbers != "" {
		name += 20 + 7*float64(term.Columns(r.Mark.Numbers))
	}
	return int(max(name, smallWidth*float64(term.Columns(r.Below+" "+r.Mark.Word))))
}

// Middle is the height of the row's wire.
func (r PictureRow) Middle() int { return r.Y + signWidth/2 }

// Text is where the row's texts begin, at the left.
func (r PictureRow) Text() int { return r.X + signWidth + 8 }

// Foot is where the row's bus begins, under its sign.
func (r PictureRow) Foot() int { return r.Y + signWidth }

// BusX is where the row's own bus runs.
func (r PictureRow) BusX() int { return r.X + signWidth/2 }

// NameY and BelowY are the base lines of the row's texts.
func (r PictureRow) NameY() int { return r.Y + 15 }

// BelowY is that of the second line.
func (r PictureRow) BelowY() int { return r.Y + 30 }

// Middle and Base place the word in its box.
func (w PictureWord) Middle() int { return w.X + w.W/2 }

// Base is the base line.
func (w PictureWord) Base() int {
	if w.Class != "" {
		return w.Y + 14
	}
	return w.Y + 12
}

// Box is the picture's view box.
func (p Picture) Box() string { return fmt.Sprintf("0 0 %d %d", pictureWidth, p.Height) }
