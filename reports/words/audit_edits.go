package words

import (
	"cmp"
	"path"
	"slices"
	"strconv"
	"strings"

	"ipwsim/sim/audited"
)

// AuditPlaced is what is done at one place of a file.
type AuditPlaced struct {
	Place string // file:line, of the file as it is; file alone: its end
	Edits int    // how many edits it is, at least 1
	Steps []AuditStep
}

// AuditStep is a thing to do, and whole lines to do it with: none may be parted, they are typed.
type AuditStep struct {
	Text  string
	Lines []string // at least one
}

// AuditEdits are the edits of a change in the order in which a person makes them: of each file from the bottom up, so that no
// line moves before its turn, and what is added at one place at once. Said first is that they go up, where a file has several.
func (l Lang) AuditEdits(edits []audited.Edit) (first string, all []AuditPlaced) {
	for _, group := range upward(edits) {
		e := group[0]
		if len(all) > 0 && fileOf(all[len(all)-1].Place) == e.File {
			first = l.Say("audit.edits-upward")
		}
		one := AuditPlaced{Place: e.File, Edits: len(group)}
		if e.Line > 0 {
			one.Place += ":" + strconv.Itoa(e.Line)
		}
		var lines []string
		for _, e := range group {
			lines = append(lines, written(e.File, e.New)...)
		}
		switch old := []string{Safe(e.Old)}; {
		case e.Old == "" && e.Before != "":
			one.Steps = []AuditStep{{l.Say("audit.edit-before"), []string{Safe(e.Before)}}, {l.Say("audit.edit-there"), lines}}
		case e.Old == "" && e.Line > 0: // an empty line
			one.Steps = []AuditStep{{l.Say("audit.edit-insert"), lines}}
		case e.Old == "":
			one.Steps = []AuditStep{{l.Say("audit.edit-add"), lines}}
		case e.New == "":
			one.Steps = []AuditStep{{l.Say("audit.edit-drop"), old}}
		default:
			one.Steps = []AuditStep{{l.Say("audit.edit-change"), old}, {l.Say("audit.edit-into"), lines}}
		}
		all = append(all, one)
	}
	for i := range all {
		all[i].Place = Safe(all[i].Place)
	}
	return first, all
}

// upward are the edits by file, from each one's end up to its first line, with all that is added at one place together.
func upward(edits []audited.Edit) (groups [][]audited.Edit) {
	var files []string
	for _, e := range edits {
		if !slices.Contains(files, e.File) {
			files = append(files, e.File)
		}
	}
	rank := func(e audited.Edit) (int, int, int) { // what is added before a line comes after the line's own change
		line, added := -e.Line, 0
		if e.Line == 0 {
			line = -1 << 40
		}
		if e.Old == "" {
			added = 1
		}
		return slices.Index(files, e.File), line, added
	}
	sorted := slices.Clone(edits)
	slices.SortStableFunc(sorted, func(a, b audited.Edit) int {
		fileA, lineA, addedA := rank(a)
		fileB, lineB, addedB := rank(b)
		return cmp.Or(cmp.Compare(fileA, fileB), cmp.Compare(lineA, lineB), cmp.Compare(addedA, addedB))
	})
	for i, e := range sorted {
		if i > 0 && e.Old == "" && sorted[i-1].Old == "" && sorted[i-1].File == e.File && sorted[i-1].Line == e.Line {
			groups[len(groups)-1] = append(groups[len(groups)-1], e)
		} else {
			groups = append(groups, []audited.Edit{e})
		}
	}
	return groups
}

// fileOf is the file of a place.
func fileOf(place string) string {
	if i := strings.LastIndexByte(place, ':'); i >= 0 {
		return place[:i]
	}
	return place
}

// written is what an edit adds as the file has it: a key that an export lacks stands on a line of its own.
func written(file, added string) []string {
	if key, value, is := strings.Cut(added, "] "); is && strings.HasPrefix(added, "[") && strings.EqualFold(path.Ext(file), ".reg") {
		return []string{Safe(key) + "]", Safe(value)}
	}
	return []string{Safe(added)}
}
