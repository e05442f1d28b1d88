package script

import (
	"bytes"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/tools/txtar"

	"ipwsim/core/diag"
	"ipwsim/core/disk"
	"ipwsim/sim/verb"
)

// mostProblems is after how many a file is read no further.
const mostProblems = 1000

// byteOrderMark is what Notepad puts before UTF-8.
const byteOrderMark = "\ufeff"

// Parse reads a scenario file. The list holds every problem with its line, sorted; the scenario is
// usable when the list has no error.
func Parse(file string, data []byte) (*Script, diag.List) {
	p := &parser{file: file, s: &Script{File: file, Name: nameOf(file)}}
	if !p.readable(data) {
		return p.s, p.problems
	}
	archive := txtar.Parse(bytes.TrimPrefix(data, []byte(byteOrderMark)))
	lines := strings.Split(string(archive.Comment), "\n")
	for i, line := range lines {
		p.line(i+1, strings.TrimSuffix(line, "\r"))
		if len(p.problems) >= mostProblems {
			p.errorf(i+1, "found %d problems up to here; what follows was not read", len(p.problems))
			break
		}
	}
	p.files(archive.Files, len(lines))
	p.finish()
	p.problems.Sort()
	return p.s, p.problems
}

// nameOf is the file's name without folder and ending.
func nameOf(file string) string {
	if file == "" {
		return ""
	}
	return strings.TrimSuffix(path.Base(filepath.ToSlash(file)), ".txtar")
}

func (p *parser) readable(data []byte) bool {
	switch {
	case len(data) > disk.MostScenario:
		p.errorf(0, "found %d bytes, expected at most %d in a scenario", len(data), disk.MostScenario)
		return false
	case !utf8.Valid(data):
		line, b := notUTF8(data)
		p.errorf(line, "found byte 0x%02x, expected UTF-8; save the scenario as UTF-8", b)
		return false
	}
	return true
}

// notUTF8 is the first byte that is not UTF-8, and its line.
func notUTF8(data []byte) (line int, b byte) {
	at := 0
	for at < len(data) {
		r, n := utf8.DecodeRune(data[at:])
		if r == utf8.RuneError && n == 1 {
			break
		}
		at += n
	}
	return 1 + bytes.Count(data[:at], []byte("\n")), data[at]
}

// parser reads a file line by line.
type parser struct {
	file     string
	s        *Script
	problems diag.List

	started   bool // a statement was seen: comments after it are not the title
	early     int  // the line of a statement before `cluster`
	last      time.Duration
	lastLine  int // of the step at last
	endLine   int
	again     time.Duration // how often steps are done again, all together
	lostFiles bool          // a file's header was not understood: what follows is the file's text
}

// longestWord is how much of a file's own words a problem repeats, in bytes.
const longestWord = 200

func (p *parser) errorf(line int, format string, args ...any) {
	for i, a := range args {
		if word, is := a.(string); is && len(word) > longestWord {
			args[i] = strings.ToValidUTF8(word[:longestWord], "") + "..."
		}
	}
	p.problems.Errorf(p.file, line, format, args...)
}

func (p *parser) line(n int, text string) {
	words := strings.Fields(text)
	switch {
	case len(words) == 0, p.lostFiles:
		return
	case strings.HasPrefix(words[0], "#"):
		p.comment(text)
		return
	case strings.HasPrefix(words[0], "--"):
		p.errorf(n, "found %q, expected a file's header `-- path --`: blanks inside the dashes, nothing before or after", text)
		p.lostFiles = true
		return
	}
	for i, w := range words {
		if strings.HasPrefix(w, "#") {
			words = words[:i]
			break
		}
	}
	p.statement(n, words)
	p.started = true
}

// comment takes a line that is all comment.
func (p *parser) comment(text string) {
	if p.started {
		return
	}
	text = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(text), "#"))
	ja, isJa := strings.CutPrefix(text, "ja:")
	switch title := &p.s.Title; {
	case isJa && title.Ja == "":
		title.Ja = strings.TrimSpace(ja)
	case !isJa && title.En == "":
		title.En = text
	}
	p.s.Comment = append(p.s.Comment, text)
}

func (p *parser) statement(n int, words []string) {
	if words[0] != "cluster" && slices.Contains(verbWords(), words[0]) && p.s.ClusterLine == 0 && p.early == 0 {
		p.early = n
	}
	for _, l := range lines() {
		if l.word == words[0] {
			l.read(p, n, words)
			return
		}
	}
	if v, ok := verb.Lookup(words[0]); ok && v.Fault == nil {
		p.atStart(n, words)
		return
	}
	p.noVerb(n, words)
}

// noVerb says what a line that begins with no verb was most likely meant to be.
func (p *parser) noVerb(n int, words []string) {
	text := strings.Join(words, " ")
	if v, ok := verb.Lookup(words[0]); ok {
		p.errorf(n, "found %q without a time, expected `at <time> %s`", text, v.Usage())
		return
	}
	if x, ok := lookupExpectation(words[0]); ok {
		p.errorf(n, "found %q without `expect`, expected `%s`", text, x.usage(false))
		return
	}
	if _, err := time.ParseDuration(words[0]); err == nil {
		p.errorf(n, "found %q without `at`, expected `at <time> <fault>`", text)
		return
	}
	p.errorf(n, "unknown verb %q%s, expected one of those of `ipwsim help verbs`", words[0], diag.Suggest(words[0], verbWords()))
}

func (p *parser) cluster(n int, words []string) {
	if p.s.ClusterLine != 0 {
		p.errorf(n, "found a second `cluster`, expected one; the first is in line %d", p.s.ClusterLine)
		return
	}
	p.s.ClusterLine = n
	if len(words) < 2 || len(words) > 3 || len(words) == 3 && words[2] != "cold" {
		p.errorf(n, "found %q, expected `cluster <name> [cold]`", strings.Join(words, " "))
		return
	}
	p.s.Cluster, p.s.Cold = words[1], len(words) == 3
}

func (p *parser) seed(n int, words []string) {
	if len(words) != 2 {
		p.errorf(n, "found %q, expected `seed <n>`", strings.Join(words, " "))
		return
	}
	v, err := strconv.ParseUint(words[1], 10, 64)
	switch {
	case err != nil:
		p.errorf(n, "found seed %q, expected a whole number from 0 to 18446744073709551615", words[1])
	case p.s.Seed != nil:
		p.errorf(n, "found a second `seed`, expected at most one")
	default:
		p.s.Seed = &v
	}
}

func (p *parser) ties(n int, words []string) {
	if len(words) != 2 || words[1] != "drawn" {
		p.errorf(n, "found %q, expected `ties drawn`", strings.Join(words, " "))
		return
	}
	p.s.Ties = true
}

// finish checks what only the whole file shows.
func (p *parser) finish() {
	s := p.s
	p.typed()
	if s.File != "" && (s.Name == "" || s.Name == "." || s.Name == "..") {
		p.errorf(0, "found %q for the scenario's name, expected one that its folders and pages can have", s.Name)
	}
	switch {
	case s.ClusterLine == 0:
		p.errorf(p.early, "found no `cluster <name>`, expected it before all other statements")
	case p.early != 0:
		p.errorf(p.early, "found a statement before `cluster` in line %d, expected `cluster` to come first", s.ClusterLine)
	}
	if s.Title.En == "" {
		p.problems.Warnf(p.file, 1, "found no title, expected a comment in the first line that names the scenario")
	}
	if len(s.Expects) == 0 && s.ClusterLine != 0 && p.problems.Err() == nil {
		p.problems.Warnf(p.file, 0, "found no `expect`; nothing is judged but the checks")
	}
	if last := s.lastStep(); s.End != 0 && p.lastLine != 0 && s.End <= max(p.last, last) {
		p.errorf(p.endLine, "found `end %s`, expected a time after the last step's, %s", written(s.End), p.lastOf(last))
	}
}
