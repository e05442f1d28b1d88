// Package edit changes the files of a cluster as a person would who is told which lines to change: each change is made by
// edits of lines, and those are told. It knows nothing of why.
package edit

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"ipwsim/core/text"
	"ipwsim/sim/audited"
	"ipwsim/sim/batch"
)

// Batch is the batch file of that name with other commands: by edits of its lines. It says false where a line does more than
// one thing, or one thing takes more than a line: the file that is made is then one of its own, which the edits do not tell.
func Batch(name string, data []byte, has batch.Batch, all []batch.Command) (made []byte, edits []audited.Edit, told bool) {
	want := batch.Batch{Commands: all, Halts: has.Halts}.Format()
	does := func(data []byte) bool {
		got, _ := has.By.Parse(name, data)
		return bytes.Equal(got.Format(), want)
	}
	lines := linesOf(name, data)
	edits = recounted(name, lines, has.Commands, all)
	if made = edited(data, edits); does(made) {
		return made, edits, true
	}
	edits = differences(name, lines, has, all)
	if made = edited(data, edits); does(made) {
		return made, edits, true
	}
	return want, edits, false
}

// Line is that line of the file, from 1, as an editor shows it, without what stands around it; "": there is none.
func Line(name string, data []byte, nth int) string {
	if all := linesOf(name, data); nth <= len(all) {
		return all[nth-1]
	}
	return ""
}

// linesOf are the lines as an editor shows them, without what stands around them.
func linesOf(name string, data []byte) (all []string) {
	lines, _ := text.Decode(name, data, text.Detect(data))
	for _, line := range lines {
		all = append(all, strings.TrimSpace(line.Text))
	}
	return all
}

// countOption is how often a ping asks, in a line.
var countOption = regexp.MustCompile(`(?i)([ \t][-/]n[ \t]+)\d+`)

// recounted are the lines with another count for each ping that has another one, else as they are, loops too; nil where
// more is changed than counts.
func recounted(name string, lines []string, old, new []batch.Command) (all []audited.Edit) {
	if len(old) != len(new) {
		return nil
	}
	for i, c := range new {
		switch was := old[i]; {
		case c.String() == was.String(), len(all) > 0 && all[len(all)-1].Line == was.Line:
		case c.Ping == nil || was.Ping == nil:
			return nil
		default:
			line := lines[was.Line-1]
			all = append(all, audited.Edit{File: name, Line: was.Line, Old: line, New: countOption.ReplaceAllString(line, fmt.Sprintf("${1}%d", c.Ping.Count))})
		}
	}
	return all
}

// pingOf is the ping of a line, and behind it what its output is led into.
var pingOf = regexp.MustCompile(`(?i)\bping(?:\.exe)?[ \t][^|&<>()]*?([ \t]+[0-2][<>].*|[ \t]*[|&<>()].*|)$`)

// repinged is the line with another ping in its place: what begins it, and where its output goes, stays.
func repinged(line string, p batch.Ping) string {
	at := pingOf.FindStringSubmatchIndex(line)
	if at == nil {
		return p.String()
	}
	p.Apart, p.Found = false, false // the line says so around it
	return line[:at[0]] + p.String() + line[at[2]:]
}

// edited is the file with the edits, in their order, each made at its line.
func edited(data []byte, edits []audited.Edit) []byte {
	eol := "\r\n"
	if bytes.Contains(data, []byte("\n")) && !bytes.Contains(data, []byte(eol)) {
		eol = "\n"
	}
	var made []byte
	at := 0
	add := func(line int) {
		for _, e := range edits {
			if e.Line == line && e.New != "" {
				made = append(made, encoded(e.New, data)+eol...)
			}
		}
	}
	for line := range bytes.Lines(data) {
		at++
		add(at)
		if !slices.ContainsFunc(edits, func(e audited.Edit) bool { return e.Line == at && e.Old != "" }) {
			made = append(made, line...)
		}
	}
	if len(made) > 0 && made[len(made)-1] != '\n' {
		made = append(made, eol...)
	}
	add(0)
	return made
}

// encoded is the line in the file's encoding, if that has all of it.
func encoded(line string, data []byte) string {
	if raw, err := text.Encode(line, text.Detect(data)); err == nil {
		return string(raw)
	}
	return line
}

// differences are the lines that go, those that come and those that change, in the order of the file. What comes at the end
// comes before what ends or halts the batch: it goes no further.
func differences(name string, lines []string, has batch.Batch, new []batch.Command) (all []audited.Edit) {
	old := has.Commands
	if reordered(old, new) {
		rest := slices.Clone(old)
		for i, c := range new {
			from := slices.IndexFunc(rest, func(o batch.Command) bool { return o.String() == c.String() })
			if old[i].String() != c.String() {
				all = append(all, audited.Edit{File: name, Line: old[i].Line, Old: lines[old[i].Line-1], New: lines[rest[from].Line-1]})
			}
			rest = slices.Delete(rest, from, from+1)
		}
		return all
	}
	longest := common(old, new)
	for i, k := 0, 0; i < len(old) || k < len(new); {
		i0, k0 := i, k
		for (i < len(old) || k < len(new)) && !(i < len(old) && k < len(new) && old[i].String() == new[k].String()) {
			if i < len(old) && (k == len(new) || longest[i+1][k] >= longest[i][k+1]) {
				i++
			} else {
				k++
			}
		}
		at := has.End
		if i < len(old) {
			at = old[i].Line
		}
		all = append(all, stretch(name, lines, old[i0:i], new[k0:k], at)...)
		i, k = i+1, k+1
	}
	return all
}

// stretch are the edits between two lines that stay: pings that become others are changed in their places. What comes goes
// before that line; 0: it goes to the end.
func stretch(name string, lines []string, old, new []batch.Command, at int) (all []audited.Edit) {
	changed := len(old) == len(new) && !slices.ContainsFunc(slices.Concat(old, new), func(c batch.Command) bool { return c.Ping == nil })
	for i, c := range old {
		e := audited.Edit{File: name, Line: c.Line, Old: lines[c.Line-1]}
		if changed {
			e.New = repinged(e.Old, *new[i].Ping)
		}
		all = append(all, e)
	}
	for _, c := range new {
		if !changed {
			all = append(all, audited.Edit{File: name, Line: at, New: c.String()})
		}
	}
	return all
}

// common is how many lines the rests of both have in common in their order, from each place on.
func common(old, new []batch.Command) [][]int {
	longest := make([][]int, len(old)+1)
	for i := range longest {
		longest[i] = make([]int, len(new)+1)
	}
	for i := len(old) - 1; i >= 0; i-- {
		for k := len(new) - 1; k >= 0; k-- {
			if longest[i][k] = max(longest[i+1][k], longest[i][k+1]); old[i].String() == new[k].String() {
				longest[i][k] = longest[i+1][k+1] + 1
			}
		}
	}
	return longest
}

// reordered says whether both have the same lines, in another order.
func reordered(old, new []batch.Command) bool {
	sorted := func(all []batch.Command) (lines []string) {
		for _, c := range all {
			lines = append(lines, c.String())
		}
		slices.Sort(lines)
		return lines
	}
	return slices.Equal(sorted(old), sorted(new))
}
