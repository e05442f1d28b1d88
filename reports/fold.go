package reports

// item is a line of a listing, of theirs or a note of ours.
type item struct {
	class string // lines of one class next to each other can be folded
	note  bool   // ours, not part of what was printed
	lead  string // stands before the text; more lines of it are indented to its width
	text  string
	value int64 // for the words of a fold: milliseconds of a reply
}

// fold shortens each run of one class to its first and last lines, with a note between them that
// says what is missing.
func (p *page) fold(all []item, keep int, missing func(run []item) string) []item {
	if p.full {
		return all
	}
	var out []item
	for i := 0; i < len(all); {
		j := i
		for j < len(all) && all[j].class == all[i].class {
			j++
		}
		out = append(out, foldRun(all[i:j], keep, missing)...)
		i = j
	}
	return out
}

// foldRun folds where that saves lines.
func foldRun(run []item, keep int, missing func(run []item) string) []item {
	if len(run) <= 2*keep+1 {
		return run
	}
	hidden := run[keep : len(run)-keep]
	out := append([]item{}, run[:keep]...)
	out = append(out, item{note: true, text: missing(hidden)})
	return append(out, run[len(run)-keep:]...)
}

// shorten folds a listing that is still long as a whole.
func (p *page) shorten(all []item) []item {
	const most = 30
	if p.full {
		return all
	}
	return foldRun(all, most, func(run []item) string { return p.say(moreLines, len(run)) })
}

// items writes a listing; what is theirs stands as it was printed.
func (p *page) items(all []item) {
	for _, it := range all {
		switch {
		case it.note:
			p.para(noteStyle, it.lead, it.text)
		case it.lead != "":
			p.para(plain, it.lead, it.text)
		default:
			p.line(plain, it.text)
		}
	}
}
