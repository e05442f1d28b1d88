package batch

import (
	"maps"
	"path"
	"strings"

	"ipwsim/core/diag"
)

// Start is how a batch file is started.
type Start struct {
	Path string   // of the file on the machine; "": it is in the guide's folder
	Args []string // behind it
}

// Files finds a batch file by its name, in whichever case and folder. file is what it is called in problems.
type Files func(name string) (file string, data []byte, found bool)

// Called is a call of another batch file.
type Called struct {
	Name string   // without its folder
	File string   // as Files has it; "": it has none
	Path string   // on the machine, as far as it is known
	Args []string // behind it
	By   string   // the file that calls it
	Line int      // there
}

// Action is one thing that a task does, behind the others: a batch file that is known or, without a Name, a command line.
type Action struct {
	Name string // of the file, without its folder
	Start
	Line string
}

// Play is what the tasks of a file do, of that name: each action ends by itself (G A).
func Play(name string, actions []Action, files Files) (Batch, diag.List) {
	p := parser{name: name, files: files, args: []string{""}, inner: name}
	for i, a := range actions {
		if p.ended {
			break
		}
		p.line, p.vars = i+1, maps.Clone(given)
		p.apart(a.Line, false, func(q *parser) {
			if a.Name != "" {
				q.follow(a.Line, Called{Name: a.Name, Path: a.Path, Args: a.Args, By: name, Line: i + 1})
			} else {
				q.statement(a.Line)
			}
		})
	}
	made := p.made()
	made.End = 0 // that is no line of a file
	return made, p.problems
}

// arguments are a batch file's, the file itself first.
func (s Start) arguments(name string) []string {
	file := Expand(s.Path)
	if file == "" {
		file = Folder + `\` + path.Base(name)
	}
	return append([]string{`"` + file + `"`}, s.Args...)
}

// Expand is a path with what Windows itself gives every program in the place of variables.
func Expand(path string) string {
	return (&parser{vars: given}).expand(path)
}

// isBatch says whether the word is a path of a batch file.
func isBatch(word string) bool {
	word = strings.ToLower(strings.Trim(word, `"`))
	return strings.HasSuffix(word, ".bat") || strings.HasSuffix(word, ".cmd")
}

// file finds the batch file of a path, in whichever folder.
func (p *parser) file(path string) (file string, data []byte, found bool) {
	if p.files == nil || !isBatch(path) {
		return "", nil, false
	}
	path = strings.Trim(path, `"`)
	return p.files(path[strings.LastIndexAny(path, `\/`)+1:])
}

// starts does another batch file, if the words begin with one, and says whether they do. Without `call` the batch does not
// come back.
func (p *parser) starts(line string, words []string, back bool) bool {
	if p.files == nil {
		return false
	}
	at := strings.Trim(words[0], `"`)
	for _, extension := range []string{".bat", ".cmd"} { // cmd.exe tries them
		if _, _, there := p.file(at + extension); there && !strings.Contains(at, ".") {
			at += extension
		}
	}
	if !isBatch(at) {
		return false
	}
	name := at[strings.LastIndexAny(at, `\/`)+1:]
	if folder := partsOf(strings.Trim(p.args[0], `"`), "dp"); !strings.ContainsAny(at, `\/`) && folder != "" {
		at = folder + at
	}
	p.follow(line, Called{Name: name, Path: at, Args: words[1:], By: p.inner, Line: p.line})
	if !back {
		p.ends()
	}
	return true
}

// follow does another batch file, which ends by itself, and goes on behind it.
func (p *parser) follow(line string, c Called) {
	file, data, found := p.files(c.Name)
	switch {
	case !found:
		p.missing = append(p.missing, c)
		p.unplayed(line, "the batch file %s is not here", c.Name)
		return
	case p.tooDeep(line):
		return
	}
	c.File = file
	p.called = append(p.called, c)
	p.apart(line, true, func(q *parser) {
		q.name, q.inner, q.data, q.labels, q.line = file, file, data, labelsOf(data), 0
		q.args = Start{Path: c.Path, Args: c.Args}.arguments(c.Name)
		q.past, q.leaps = nil, false
		if q.readable(data) {
			q.read(data, 0)
			q.tellNever()
		}
	})
}
