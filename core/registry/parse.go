package registry

import (
	"strings"

	"ipwsim/core/diag"
	"ipwsim/core/text"
)

// The first line of an export: of today's regedit, and of Windows 9x and NT 4.
const (
	header5 = "Windows Registry Editor Version 5.00"
	header4 = "REGEDIT4"
)

// Parse reads an export (W3): UTF-16LE with BOM as regedit writes it, UTF-8, or CP932. The name is for the problems only.
// It reports every problem, by line; when the list holds an error the File is empty. Deletions are errors: no export has them.
func Parse(name string, data []byte) (File, diag.List) {
	if problems := text.CheckSize(name, data, diag.Say(`export only the key HKEY_LOCAL_MACHINE\SOFTWARE\EPOST`)); problems != nil {
		return File{}, problems
	}
	enc := text.Detect(data)
	if enc == text.UTF16BE || enc == text.UTF16Bare {
		var problems diag.List
		problems.Errorf(name, 0, "the file is %s; expected UTF-16LE with BOM, as regedit writes it, or UTF-8", enc)
		return File{}, problems
	}
	lines, problems := text.Decode(name, data, enc)
	p := parser{file: File{Name: name}, lines: lines, problems: problems, utf16: enc == text.UTF16LE, keys: map[string]int{}}
	p.parseHeader(enc)
	for p.next < len(p.lines) {
		p.parseLine()
	}
	p.checkEnd()
	p.problems.Sort()
	if p.problems.Err() != nil {
		return File{}, p.problems
	}
	return p.file, p.problems
}

type parser struct {
	file     File
	lines    []text.Line
	next     int // index of the line to read next, so the number of the one just read
	problems diag.List
	ansi     bool           // REGEDIT4: text in hex is not UTF-16
	utf16    bool           // as regedit writes it: nobody has typed it
	keys     map[string]int // folded name to line
	values   map[string]int // of the last key, likewise; nil before the first key
}

// errorf reports a problem in the line just read.
func (p *parser) errorf(format string, args ...any) {
	if p.inCutLine() {
		p.problems.Errorf(p.file.Name, p.next, "%w (the file ends within this line: it may be cut off)", diag.Say(format, args...))
		return
	}
	p.problems.Errorf(p.file.Name, p.next, format, args...)
}

// inCutLine is true when the file ends within the line just read.
func (p *parser) inCutLine() bool {
	return p.next == len(p.lines) && p.lines[p.next-1].End == ""
}

// read takes the next line, without the spaces around it.
func (p *parser) read() string {
	p.next++
	return strings.Trim(p.lines[p.next-1].Text, " \t")
}

func (p *parser) parseHeader(enc text.Encoding) {
	if len(p.lines) == 0 {
		p.problems.Errorf(p.file.Name, 0, "the file is empty; expected an export that begins with %s", text.Quote(header5))
		return
	}
	line := p.read()
	p.ansi = line == header4
	switch {
	case p.ansi && enc == text.UTF16LE:
		p.errorf("the file is UTF-16, but its header is %s; expected %s", text.Quote(header4), text.Quote(header5))
	case p.ansi || line == header5:
	default:
		p.errorf("the first line is %s; expected the header %s", text.Quote(line), text.Quote(header5))
		if strings.ContainsAny(line, "[=") {
			p.next-- // the header is missing, not misspelt
		}
	}
}

func (p *parser) parseLine() {
	line := p.read()
	if line == "" || line[0] == ';' {
		return
	}
	if r, found := text.Control(line); found {
		p.errorf("the line has the control character %U; expected none", r)
		return
	}
	switch line[0] {
	case '[':
		p.parseKey(line)
	case '@', '"':
		p.parseValue(line)
	default:
		p.errorf(`%s is neither a key nor a value; expected [KEY], "name"=data or a comment after ;`, text.Quote(line))
	}
}

// checkEnd warns of a file that may have lost its end: lost settings would silently become defaults.
func (p *parser) checkEnd() {
	if len(p.lines) == 0 {
		return
	}
	last := p.lines[len(p.lines)-1]
	for _, problem := range p.problems {
		if problem.Line == len(p.lines) {
			return // reported already
		}
	}
	if last.End == "" && strings.Trim(last.Text, " \t") != "" {
		p.problems.Warnf(p.file.Name, len(p.lines), "the file ends without a line end, so it may be cut off; expected a line end, as regedit writes it")
		return
	}
	if p.utf16 && p.problems.Err() == nil && strings.Trim(last.Text, " \t") != "" {
		p.problems.Warnf(p.file.Name, len(p.lines), "the file ends without a blank line, so it may be cut off; expected one, as regedit writes it")
	}
}
