package cluster

import (
	"bytes"
	"errors"
	"path"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"

	"ipwsim/core/diag"
	"ipwsim/core/text"
)

// document is a parsed TOML file. The decoder gives values without places, and stops at the
// first value of a wrong type, so the file is decoded to plain values and a walk over its
// syntax tells the line of each key.
type document struct {
	file  string
	root  map[string]any
	lines map[string]int // key path, as node.active.name or client[0].name, to line
	asked asked
}

// parseTOML reads a whole file. When ok is false nothing of it can be used.
func parseTOML(file string, data []byte, problems *diag.List) (doc document, ok bool) {
	data = bytes.TrimPrefix(data, []byte("\ufeff")) // as Notepad writes
	doc = document{file: file, root: map[string]any{}}
	if line := firstNonUTF8(data); line > 0 {
		problems.Errorf(file, line, "the text is not UTF-8; expected the file saved as UTF-8")
		return doc, false
	}
	doc.asked = reportOpen(file, data, problems)
	if deep := text.CheckTOML(file, data); deep != nil {
		*problems = append(*problems, deep...)
		return doc, false
	}
	if err := toml.Unmarshal(data, &doc.root); err != nil {
		line := 0
		var syntax *toml.DecodeError
		if errors.As(err, &syntax) {
			line, _ = syntax.Position()
		}
		problems.Errorf(file, line, "not valid TOML: %w", diag.Word(oneLine(strings.TrimPrefix(err.Error(), "toml: "))))
		return doc, false
	}
	doc.lines = keyLines(data)
	return doc, true
}

// openMark begins a line that whoever made the file left to be answered.
const openMark = "# TODO:"

// notAnswered is what is said of them.
const notAnswered = `not answered yet: "%.300s"; expected the answer, and the line with TODO gone`

// asked are what such lines ask for, which is then not reported as missing besides.
type asked struct {
	keys  map[askedKey]bool
	texts []string
}

// askedKey is a key of the table whose head is in that line.
type askedKey struct {
	line int
	key  string
}

// asksKey is a line that asks for a key.
var asksKey = regexp.MustCompile(`^ *[^:]+: ([a-z_]+) = \?`)

// file says whether a line asks for the file in a node's folder.
func (a asked) file(what, folder string) bool {
	in := path.Base(folder) + "/"
	return slices.ContainsFunc(a.texts, func(s string) bool {
		return strings.Contains(s, what) && strings.Contains(s, in) && !strings.Contains(s, in+"mail")
	})
}

// asksService is a line that asks for the export of a service.
var asksService = regexp.MustCompile("`reg export [^` ]*\\\\Services\\\\([^` ]+) ")

// services are those whose exports lines ask for in the mail folder of a node's.
func (a asked) services(folder string) (all []string) {
	for _, s := range a.texts {
		if m := asksService.FindStringSubmatch(s); m != nil && strings.Contains(s, path.Base(folder)+"/"+mailFolder+"/") {
			all = append(all, m[1])
		}
	}
	return all
}

// reportOpen reports those lines: what they ask for would be guessed.
func reportOpen(file string, data []byte, problems *diag.List) asked {
	a := asked{keys: map[askedKey]bool{}}
	n, head := 0, 0
	for line := range bytes.Lines(data) {
		n++
		if bytes.HasPrefix(line, []byte("[")) {
			head = n
		}
		if open, is := bytes.CutPrefix(bytes.TrimLeft(line, " \t"), []byte(openMark)); is {
			a.texts = append(a.texts, string(open))
			if m := asksKey.FindSubmatch(open); m != nil {
				a.keys[askedKey{head, string(m[1])}] = true
			}
			problems.Errorf(file, n, notAnswered, oneLine(strings.ToValidUTF8(string(open), "")))
		}
	}
	return a
}

// firstNonUTF8 returns the line of the first byte that is not UTF-8, or 0.
func firstNonUTF8(data []byte) int {
	for i, line := range bytes.Split(data, []byte("\n")) {
		if !utf8.Valid(line) {
			return i + 1
		}
	}
	return 0
}

// oneLine keeps a message from breaking the list of problems.
func oneLine(s string) string {
	return strings.Join(strings.Fields(s), " ")
}

// line returns where the key stands or, for a key that is missing, where its table starts.
func (d document) line(path string) int {
	for path != "" {
		if line, ok := d.lines[path]; ok {
			return line
		}
		path = path[:max(0, strings.LastIndexAny(path, ".["))]
	}
	return 0
}

// lineWalk notes the line of each key of a syntax tree.
type lineWalk struct {
	lines    map[string]int
	arrays   map[string]int // elements of each [[array of tables]] so far
	newlines []int          // offsets of the line ends
}

// keyLines walks data, which must be valid TOML.
func keyLines(data []byte) map[string]int {
	w := lineWalk{lines: map[string]int{}, arrays: map[string]int{}}
	for i, c := range data {
		if c == '\n' {
			w.newlines = append(w.newlines, i)
		}
	}
	table := ""
	var p unstable.Parser
	p.Reset(data)
	for p.NextExpression() {
		switch e := p.Expression(); e.Kind {
		case unstable.Table:
			table = w.key("", e.Key(), false)
		case unstable.ArrayTable:
			table = w.key("", e.Key(), true)
		case unstable.KeyValue:
			w.keyValue(table, e)
		}
	}
	return w.lines
}

// key notes every part of a dotted key under table, and returns the path it leads to. The last
// part opens a new element when array is set.
func (w *lineWalk) key(table string, parts unstable.Iterator, array bool) string {
	path := table
	for parts.Next() {
		part := parts.Node()
		path = join(path, string(part.Data))
		line := 1 + sort.SearchInts(w.newlines, int(part.Raw.Offset))
		w.note(path, line)
		if array && parts.IsLast() {
			w.arrays[path]++
		}
		if n := w.arrays[path]; n > 0 {
			path = element(path, n-1)
			w.note(path, line)
		}
	}
	return path
}

func (w *lineWalk) keyValue(table string, e *unstable.Node) {
	w.value(w.key(table, e.Key(), false), e.Value())
}

// value looks for keys inside inline tables, alone or in arrays.
func (w *lineWalk) value(path string, v *unstable.Node) {
	children := v.Children()
	switch v.Kind {
	case unstable.InlineTable:
		for children.Next() {
			w.keyValue(path, children.Node())
		}
	case unstable.Array:
		for i := 0; children.Next(); i++ {
			w.value(element(path, i), children.Node())
		}
	}
}

// note keeps the first line of a path: later ones only add to the same table.
func (w *lineWalk) note(path string, line int) {
	if _, ok := w.lines[path]; !ok {
		w.lines[path] = line
	}
}

func join(table, key string) string {
	if table == "" {
		return key
	}
	return table + "." + key
}

func element(path string, i int) string {
	return path + "[" + strconv.Itoa(i) + "]"
}
