package chart

import (
	"fmt"
	"strings"

	"ipwsim/reports/term"
)

// Picture is a network drawn: each switch or router is a bar, from which machines hang as cards, and more bars below
// them. It is so narrow that a phone shows it unshrunk.
type Picture struct {
	Title  string
	Height int
	Rows   []PictureRow
	Wires  []PictureWire
}

// PictureRow is a device where it is drawn: a bar, or a card. Places are from the picture's left and top.
type PictureRow struct {
	Branch
	Bar        bool
	Shown      string // its name, as much as there is room for
	X, Y, W, H int
	Chips      []PictureWord
	Numbers    []PictureWord
}

// PictureWord is words in a box.
type PictureWord struct {
	Class      string
	Lines      []PictureLine
	Broken     bool
	X, Y, W, H int
}

// PictureLine is a line of text by its base line.
type PictureLine struct {
	Text string
	X, Y int
}

// PictureWire is what joins devices, as a path.
type PictureWire struct {
	D      string
	Broken bool
}

// Sizes of a picture.
const (
	pictureWidth = 360
	indentMost   = 28  // of a bar below another one
	depthMost    = 140 // of all bars below each other
	gutter       = 30  // left of a card: its wire
	columnLeast  = 156 // of a gutter and a card
	columnMost   = 3
	edge         = 8 // of a card's text
	gap          = 8 // between cards
	barHeight    = 28
	signWidth    = 22
	nameWidth    = 9.2 // of a letter of a name
	chipLetter   = 7.6 // of a chip's text
	smallWidth   = 7   // of what is below a name
	lineHeight   = 16
)

// Draw draws the network.
func (n *Network) Draw(title string) Picture {
	d := drawing{Picture: Picture{Title: title, Height: 1}, tree: n.Tree(), indent: indentMost}
	for _, b := range d.tree {
		d.indent = min(d.indent, depthMost/max(1, b.Depth))
	}
	for i := 0; i < len(d.tree); i = d.end(i) {
		if d.bar(i) {
			d.hang(i, 1)
			continue
		}
		d.cards([]int{i}, 1, 1)
	}
	return d.Picture
}

// drawing is a picture being drawn.
type drawing struct {
	Picture
	tree   []Branch
	indent int
}

// end is behind the branch and all that hangs from it.
func (d *drawing) end(i int) int {
	end := i + 1
	for end < len(d.tree) && d.tree[end].Depth > d.tree[i].Depth {
		end++
	}
	return end
}

// bar says whether the branch is drawn as a bar.
func (d *drawing) bar(i int) bool {
	b := &d.tree[i]
	return !b.Again && (b.Kind.joins() || d.end(i) > i+1)
}

// hang draws a bar and what hangs from it: cards side by side, then those that need the whole width, then bars.
func (d *drawing) hang(i, x int) {
	wide := pictureWidth - 1 - x
	bar := d.put(d.tree[i], true, x, wide)
	foot, trunk := bar.Y+barHeight, x+edge
	d.Height = max(d.Height, bar.Y+bar.H)
	var near, whole, bars []int
	columns := min(columnMost, max(1, wide/columnLeast))
	for k := i + 1; k < d.end(i); k++ {
		switch {
		case d.tree[k].Depth != d.tree[i].Depth+1:
		case d.bar(k):
			bars = append(bars, k)
		case cardWidth(&d.tree[k]) > wide/columns-gutter:
			whole = append(whole, k)
		default:
			near = append(near, k)
		}
	}
	down := make([]int, columns)
	d.hangAll(near, x, columns, foot, down)
	d.hangAll(whole, x, 1, foot, down)
	for _, k := range bars {
		d.Height += gap
		down[0] = d.Height + barHeight/2
		d.join(&d.tree[k].Wire, trunk, x+d.indent, down[0])
		d.hang(k, x+d.indent)
	}
	for c, to := range down {
		if to > 0 {
			d.Wires = append(d.Wires, PictureWire{D: fmt.Sprintf("M%d %dV%d", trunk+c*(wide/columns), foot, to)})
		}
	}
}

// hangAll draws cards in so many columns with their wires, and notes how far down each column's trunk reaches.
func (d *drawing) hangAll(all []int, x, columns, foot int, down []int) {
	wide := (pictureWidth - 1 - x) / columns
	for len(all) > 0 {
		row := all[:min(columns, len(all))]
		all = all[len(row):]
		d.Height += gap
		for c, y := range d.cards(row, x+gutter, columns) {
			down[c] = y
			left := x + c*wide
			d.join(&d.tree[row[c]].Wire, left+edge, left+gutter, y)
		}
	}
}

// cards draws a row of cards from x on, and tells the heights of their wires.
func (d *drawing) cards(row []int, x, columns int) (wires []int) {
	wide := (pictureWidth - 1 - x + gutter) / columns
	if columns == 1 {
		wide = pictureWidth - 1 - x
	}
	top, foot := d.Height, d.Height
	for c, i := range row {
		d.Height = top
		w := wide
		if columns > 1 {
			w = wide - gutter - gap/2
		}
		card := d.put(d.tree[i], false, x+c*wide, w)
		foot = max(foot, card.Y+card.H)
		wires = append(wires, card.Y+edge+signWidth/2)
	}
	d.Height = foot + 1
	return wires
}

// join draws the wire to a device, and the numbers of what was done to it on it.
func (d *drawing) join(m *Mark, from, to, y int) {
	d.Wires = append(d.Wires, PictureWire{fmt.Sprintf("M%d %dH%d", from, y, to), m.Broken})
	if m.Numbers == "" {
		return
	}
	// The device is drawn before a card's wire, and after a bar's: the number is the picture's own.
	word := number(*m, y-8)
	word.place((from+to)/2 - word.W/2)
	d.Rows = append(d.Rows, PictureRow{Numbers: []PictureWord{word}})
}

// number is the mark in a box at a height.
func number(m Mark, y int) PictureWord {
	text := m.Numbers
	if m.Broken {
		text = "✗" + text
	}
	return PictureWord{Lines: []PictureLine{{Text: text}}, Broken: m.Broken, Y: y, W: 8 + 7*term.Columns(text), H: 16}
}

// place puts a word's box there.
func (w *PictureWord) place(x int) {
	w.X = max(0, x)
	base := w.Y + (w.H-(lineHeight-1)*(len(w.Lines)-1))/2 + 4
	for i := range w.Lines {
		w.Lines[i].X, w.Lines[i].Y = w.X+w.W/2, base+i*(lineHeight-1)
	}
}

// cardWidth is how wide a card must be for its name and what is below it.
func cardWidth(b *Branch) int {
	name := signWidth + 6 + nameWidth*float64(term.Columns(b.Name))
	if b.Mark.Numbers != "" {
		name += 20 + 7*float64(term.Columns(b.Mark.Numbers))
	}
	return 2*edge + max(int(name), smallWidth*term.Columns(b.Below))
}

// put draws the device with its words at the picture's foot.
func (d *drawing) put(b Branch, bar bool, x, wide int) PictureRow {
	r := PictureRow{Branch: b, Bar: bar, X: x, Y: d.Height, W: wide, H: barHeight}
	beside := 0
	if bar {
		beside = smallWidth * term.Columns(r.second())
	}
	r.Shown = term.Cut(b.Name, max(4, int(float64(wide-2*edge-signWidth-8-beside)/nameWidth)))
	if b.Mark.Numbers != "" {
		word := number(b.Mark, r.Y+6)
		word.place(r.Text() + int(nameWidth*float64(term.Columns(r.Shown))) + 6)
		r.Numbers = append(r.Numbers, word)
	}
	if !bar {
		if r.H += 8; r.second() != "" {
			r.H += lineHeight
		}
	}
	r.chips()
	d.Rows = append(d.Rows, r)
	return r
}

// chips places the device's chips: at the right of a card with so much room, else flowing below the texts, beside each
// other while there is room. A long one has several lines.
func (r *PictureRow) chips() {
	words, widest := r.chipWords()
	if len(words) == 0 {
		return
	}
	left, right := r.X+edge-2, r.X+r.W-edge+2
	x, y, high, foot := left, r.Y+r.H-4, 0, 5
	if r.Bar {
		y = r.Y + r.H + 2
	} else if beside := r.X + cardWidth(&r.Branch) + smallWidth*term.Columns(r.Mark.Word); beside+widest < right {
		left, y = right-widest, r.Y+edge
		x, foot = left, edge
	}
	for _, word := range words {
		if x+word.W > right && high > 0 {
			x, y, high = left, y+high+3, 0
		}
		word.Y = y
		word.place(x)
		x, high = x+word.W+4, max(high, word.H)
		r.Chips = append(r.Chips, word)
	}
	r.H = max(r.H, y+high+foot-r.Y)
}

// chipWords are the chips with their sizes, and how wide the widest is.
func (r *PictureRow) chipWords() (all []PictureWord, widest int) {
	for _, c := range r.Branch.Chips {
		word := PictureWord{Class: c.Class}
		for _, l := range term.Wrap(c.Text, max(8, int(float64(r.W-2*edge-6)/chipLetter))) {
			word.Lines = append(word.Lines, PictureLine{Text: l})
			word.W = max(word.W, 10+int(chipLetter*float64(term.Columns(l))))
		}
		word.H = 4 + (lineHeight-1)*len(word.Lines)
		widest = max(widest, word.W)
		all = append(all, word)
	}
	return all, widest
}

// Holds says whether one of its chips says so.
func (r *PictureRow) Holds() bool {
	for _, c := range r.Chips {
		if c.Class == "held" {
			return true
		}
	}
	return false
}

// Box is how high its box is: chips stand below a bar, and in a card.
func (r *PictureRow) Box() int {
	if r.Bar {
		return barHeight
	}
	return r.H
}

// second is what stands below the device's name, or behind that of a bar.
func (r *PictureRow) second() string { return strings.TrimSpace(r.Below + " " + r.Mark.Word) }

// Sign is where the device's sign stands, from the top.
func (r *PictureRow) Sign() int { return r.Y + r.top() - 1 }

// SignX is the same from the left.
func (r *PictureRow) SignX() int { return r.X + edge - 2 }

func (r *PictureRow) top() int {
	if r.Bar {
		return 4
	}
	return edge
}

// Text is where the device's name begins.
func (r *PictureRow) Text() int { return r.X + edge + signWidth + 6 }

// NameY is its base line.
func (r *PictureRow) NameY() int { return r.Y + r.top() + 15 }

// BelowX is where the second text begins: it ends there in a bar.
func (r *PictureRow) BelowX() int {
	if r.Bar {
		return r.X + r.W - edge
	}
	return r.X + edge
}

// BelowY is its base line.
func (r *PictureRow) BelowY() int {
	if r.Bar {
		return r.NameY()
	}
	return r.NameY() + lineHeight + 4
}

// Size is the picture's, in pixels where it is not shrunk.
func (p Picture) Size() (wide, high int) { return pictureWidth, p.Height + 2 }

// Box is the picture's view box.
func (p Picture) Box() string { return fmt.Sprintf("0 0 %d %d", pictureWidth, p.Height+2) }
