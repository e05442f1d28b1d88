package collected

import (
	"bytes"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"ipwsim/core/diag"
	"ipwsim/core/table"
	"ipwsim/core/text"
)

// Files come under other names than servers have: browsers and archives number copies, editors and mail programs put .txt
// behind, people copy. What a file was called tells which it is where its content cannot.

// copyMark is what is put into a name for a copy, before its extension.
var copyMark = regexp.MustCompile(`^(.*?\S)(?: *\([0-9]+\)| - copy| - コピー|_copy| のコピー)$`)

// plainName is the name as the server had it, in lower case.
func plainName(name string) string {
	name = strings.ToLower(strings.TrimSpace(name))
	if rest, is := strings.CutSuffix(name, ".txt"); is && known(unmarked(rest)) {
		name = rest
	}
	if plain := unmarked(name); known(plain) || path.Ext(plain) != "" {
		return plain
	}
	return name
}

// unmarked is the name without what marks a copy.
func unmarked(name string) string {
	ext := path.Ext(name)
	base := strings.TrimSuffix(name, ext)
	for m := copyMark.FindStringSubmatch(base); m != nil; m = copyMark.FindStringSubmatch(base) {
		base = m[1]
	}
	for _, mark := range []string{"copy of ", "コピー ～ "} {
		base = strings.TrimPrefix(base, mark)
	}
	return base + ext
}

// single says whether a server has one file of that name, in lower case: of .reg files those that collect.cmd writes.
func single(name string) bool {
	return name == tableName || isBatch(name) || path.Ext(name) == ".reg" || slices.Contains(copied, name)
}

const tableName = "ipwatch.dat"

// headers begin an export of the registry.
var headers = []string{"Windows Registry Editor Version ", "REGEDIT4"}

// isExport says whether the file is one, by how it begins.
func isExport(data []byte) bool {
	begin := data[:min(len(data), 200)]
	switch text.Detect(data) {
	case text.UTF16LE, text.UTF16BE, text.UTF16Bare:
		begin = bytes.ReplaceAll(bytes.Trim(begin, "\xff\xfe"), []byte{0}, nil)
	}
	begin = bytes.TrimLeft(begin, "\ufeff \r\n")
	return slices.ContainsFunc(headers, func(h string) bool { return bytes.HasPrefix(begin, []byte(h)) })
}

// isTable says whether the file is a table of the watcher's, by its content.
func isTable(data []byte) bool {
	t, problems := table.Parse("", data)
	return problems.Err() == nil && len(t.Rows()) > 0
}

// found is a file of the folder.
type found struct {
	file  string // its path
	name  string // as the server had it, in lower case
	plain bool   // it has that name
	data  []byte

	written time.Time // by its time in the file system; the zero Time: not known
}

// order puts files under their own names first, so that a copy beside one is left out.
func order(all []found) {
	slices.SortStableFunc(all, func(a, b found) int {
		switch {
		case a.plain == b.plain:
			return 0
		case a.plain:
			return -1
		}
		return 1
	})
}

// other says whether the file is to be left out for one that is there already, and tells it.
func (s *Server) other(f found, taken map[string]found) (left bool, problems diag.List) {
	was, there := taken[f.name]
	switch {
	case there && bytes.Equal(was.data, f.data):
		problems.Warnf(f.file, 0, "it is a copy of %s; this one is left out", was.file)
		return true, problems
	case there && single(f.name):
		problems.Warnf(f.file, 0, "it is another %s beside %s, which is taken; this one is left out", f.name, was.file)
		return true, problems
	case !f.plain && single(f.name):
		problems.Warnf(f.file, 0, "it is taken for %s, for there is none under its own name", f.name)
	}
	return false, problems
}

// takeOdd takes what no name and no command tells, by its content: a table, where there is no other.
func (s *Server) takeOdd(all []found) (problems diag.List) {
	if s.TableFile != "" {
		return nil
	}
	var tables []found
	for _, f := range all {
		if slices.Contains(s.Unread, f.file) && isTable(f.data) {
			tables = append(tables, f)
		}
	}
	if len(tables) != 1 {
		return nil
	}
	f := tables[0]
	s.Unread = slices.DeleteFunc(s.Unread, func(file string) bool { return file == f.file })
	problems.Warnf(f.file, 0, "it is taken for %s, by its lines: there is none under its own name", tableName)
	_, list := s.take(f.file, tableName, f.data)
	return append(problems, list...)
}
