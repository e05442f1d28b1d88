package term

// Item is a line of a listing, of theirs or a note of ours.
type Item struct {
	Class string // lines of one class next to each other can be folded
	Note  bool   // ours, not part of what was printed
	Lead  string // stands before the text; more lines of it are indented to its width
	Text  string
	Value int64 // for the words of a fold: milliseconds of a reply
}

// Fold shortens each run of one class to its first and last lines, with a note between them that
// says what is missing.
func (p *Page) Fold(all []Item, keep int, missing func(run []Item) string) []Item {
	if p.Full {
		return all
	}
	var out []Item
	for i := 0; i < len(all); {
		j := i
		for j < len(all) && all[j].Class == all[i].Class {
			j++
		}
		out = append(out, foldRun(all[i:j], keep, missing)...)
		i = j
	}
	return out
}

// foldRun folds where that saves lines.
func foldRun(run []Item, keep int, missing func(run []Item) string) []Item {
	if len(run) <= 2*keep+1 {
		return run
	}
	hidden := run[keep : len(run)-keep]
	out := append([]Item{}, run[:keep]...)
	out = append(out, Item{Note: true, Text: missing(hidden)})
	return append(out, run[len(run)-keep:]...)
}

// Shorten folds a listing that is still long as a whole.
func (p *Page) Shorten(all []Item) []Item {
	const most = 30
	if p.Full {
		return all
	}
	return foldRun(all, most, func(run []Item) string { return p.lang.Say("more-lines", len(run)) })
}

// Items writes a listing; what is theirs stands as it was printed.
func (p *Page) Items(all []Item) {
	for _, it := range all {
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
