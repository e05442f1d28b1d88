package term

import (
	"iter"
	"slices"
)

// Item is a line of a listing, of theirs or a note of ours.
type Item struct {
	Class string // lines of one class next to each other can be folded
	Note  bool   // ours, not part of what was printed
	Lead  string // stands before the text; more lines of it are indented to its width
	Text  string
	Value int64 // for the words of a fold: milliseconds of a reply
}

// Hidden is what a fold hides: so many lines from one of that class on, with values from Least to Most.
type Hidden struct {
	Class       string
	Lines       int
	Least, Most int64
}

func (h *Hidden) add(it Item) {
	if h.Lines == 0 {
		*h = Hidden{it.Class, 0, it.Value, it.Value}
	}
	h.Lines++
	h.Least, h.Most = min(h.Least, it.Value), max(h.Most, it.Value)
}

// Fold shortens each run of one class to its first and last lines, with a note between them that
// says what is missing. What is hidden is not held.
func (p *Page) Fold(all iter.Seq[Item], keep int, missing func(Hidden) string) iter.Seq[Item] {
	return p.fold(all, keep, missing, func(a, b Item) bool { return a.Class == b.Class })
}

// Shorten folds a listing that is still long as a whole.
func (p *Page) Shorten(all iter.Seq[Item]) iter.Seq[Item] {
	const most = 30
	return p.fold(all, most, func(h Hidden) string { return p.lang.Say("more-lines", h.Lines) }, func(Item, Item) bool { return true })
}

func (p *Page) fold(all iter.Seq[Item], keep int, missing func(Hidden) string, alike func(a, b Item) bool) iter.Seq[Item] {
	if p.Full {
		return all
	}
	return func(yield func(Item) bool) {
		var run []Item // without what is hidden
		var hidden Hidden
		end := func() bool {
			if hidden.Lines > 0 {
				hidden.add(run[keep])
				run[keep] = Item{Note: true, Text: missing(hidden)}
			}
			for _, it := range run {
				if !yield(it) {
					return false
				}
			}
			run, hidden = run[:0], Hidden{}
			return true
		}
		for it := range all {
			if len(run) > 0 && !alike(run[0], it) && !end() {
				return
			}
			if run = append(run, it); len(run) > 2*keep+1 { // to fold one line saves none
				hidden.add(run[keep])
				run = slices.Delete(run, keep, keep+1)
			}
		}
		end()
	}
}

// Items writes a listing; what is theirs stands as it was printed.
func (p *Page) Items(all iter.Seq[Item]) {
	for it := range all {
		switch {
		case it.Note:
			p.Para(Note, it.Lead, it.Text)
		case it.Lead != "":
			p.Para(Plain, it.Lead, it.Text)
		default:
			p.Line(Plain, it.Text)
		}
	}
}
