package batch

import (
	"bytes"
	"fmt"
	"maps"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/japanese"

	"ipwsim/core/diag"
	"ipwsim/core/text"
)

// MaxBytes is the largest file that is read; a real one has a few hundred bytes.
const MaxBytes = 64 << 10

// maxCommands is how much a batch can do; loops may do more.
const maxCommands = 10_000

// maxSteps is how much is looked at, loops in loops included.
const maxSteps = 100_000

// Parse reads a batch file (H11) as cmd.exe does: CP932 or UTF-8, CRLF or LF, commands without case. The name is for
// the problems only. They are warnings, each with its line: of what is not played, and of what is played and ends
// otherwise than it looks. A batch may do nothing at all.
func (s Start) Parse(name string, data []byte) (Batch, diag.List) {
	p := parser{name: name, vars: maps.Clone(given), args: s.arguments(name)}
	if p.readable(data) {
		p.data, p.labels = data, labelsOf(data)
		p.read(data, 0)
		p.tellNever()
		if len(p.commands) == 0 && len(p.problems) == 0 {
			p.problems.Warnf(name, 0, "found no command, expected %s", form)
		}
	}
	b := p.made()
	b.By = s
	return b, p.problems
}

// Parse reads one that a task starts with these arguments, from the guide's folder.
func Parse(name string, data []byte, args ...string) (Batch, diag.List) {
	return Start{Args: args}.Parse(name, data)
}

// made is what was read.
func (p *parser) made() Batch {
	b := Batch{Commands: p.commands, Called: p.called, Missing: p.missing}
	if p.ended {
		b.End, b.Halts = p.end, p.halted
	}
	for _, past := range p.past {
		b.Never = append(b.Never, past.pings...)
	}
	return b
}

// form is what of a batch file is played.
var form = diag.Say("`arp -d`, `netsh interface ip delete arpcache`, `timeout` and `ping -n <count> <client> -S <VIP>`, in `if`, `for`, `set`, `goto` and `call :label`, too")

// given are the variables that Windows itself gives every batch, as far as they name folders and programs.
var given = map[string]string{"systemroot": `C:\Windows`, "windir": `C:\Windows`, "systemdrive": "C:", "comspec": `C:\Windows\System32\cmd.exe`,
	"programfiles": `C:\Program Files`, "programfiles(x86)": `C:\Program Files (x86)`, "programdata": `C:\ProgramData`}

type parser struct {
	name     string
	line     int // of the statement that is read
	problems diag.List
	commands []Command
	data     []byte            // the whole file
	args     []string          // of the task, or of a call; the first one is the file, or the label
	delayed  bool              // variables within ! are looked up, too
	depth    int               // calls of labels around what is read
	within   int               // tests around the last of them
	torn     bool              // it ends where only the run knows it
	quits    bool              // all ends, not only what is called
	vars     map[string]string // of `set`, by their names in lower case
	steps    int               // taken so far
	maybe    int               // tests around what is read: whether it is done shows in the run
	ended    bool              // by `exit`, or by what never goes on
	end      int               // the line of that
	halted   bool              // it waits for ever there
	labels   map[string][]int  // their lines, by their names in lower case
	number   int               // the line that is read
	to       string            // the label that a goto has gone to, and that is not reached yet; "": none
	past     []past            // what is not done, by what goes past it
	leaps    bool              // something may come to a label, and is not played
	all      bool              // what ends a batch is passed over
	stuck    bool              // it never goes on
	unsure   bool              // something that may end a loop is not played
	came     map[string]bool   // the labels that it has come to, and with which values
	files    Files             // the other batch files; nil: none is known
	inner    string            // the file of those that is read; "": none
	called   []Called
	missing  []Called
	meant    []Target // what its pings name, if that alone is asked for; nil: it is not
}

// warnf tells a problem once: a loop comes to its line more than once.
func (p *parser) warnf(format string, args ...any) {
	p.problems.Warnf(p.name, p.line, format, args...)
	p.problems.Once()
}

// typed is a part of the file in a message: as it stands there, backslashes and all.
func typed(s string) string { return text.Quote(mark.ReplaceAllString(s, "")) }

// readable says what keeps cmd.exe from reading anything right.
func (p *parser) readable(data []byte) bool {
	switch {
	case len(data) > MaxBytes:
		p.warnf("found %d bytes, of which nothing is played, expected at most %d in a batch file", len(data), MaxBytes)
	case isUTF16(data):
		p.warnf("found UTF-16, of which cmd.exe makes no command, expected a batch file saved as ANSI (CP932) or UTF-8")
	default:
		return true
	}
	return false
}

func isUTF16(data []byte) bool {
	return bytes.HasPrefix(data, []byte{0xff, 0xfe}) || bytes.HasPrefix(data, []byte{0xfe, 0xff}) ||
		len(data) > 1 && (data[0] == 0) != (data[1] == 0)
}

// read takes all lines, those of a block as one. So many are before them.
func (p *parser) read(data []byte, before int) {
	unicoded := utf8.Valid(data)
	number, block, continued := before, "", false
	for raw := range bytes.Lines(data) {
		number++
		p.number = number
		if block == "" {
			p.line = number
		}
		raw = bytes.TrimSuffix(bytes.TrimSuffix(raw, []byte("\n")), []byte("\r"))
		if number == 1 && bytes.HasPrefix(raw, []byte("\ufeff")) {
			p.warnf("found a byte order mark, which cmd.exe takes for part of the first command, so that line does nothing; " +
				"expected a file saved as ANSI (CP932), or as UTF-8 without BOM")
			continue
		}
		text, ok := p.decode(raw, unicoded)
		if !ok || p.passes(number, text) {
			continue
		}
		switch {
		case continued:
			text = block + text
		case block != "":
			text = block + joined(block, text, number)
		}
		text, continued = strings.CutSuffix(text, "^")
		if block = ""; continued || opens(text) {
			block = text
			continue
		}
		p.statement(text)
	}
	if block != "" {
		p.warnf("found %s without its closing parenthesis, which is not played", typed(block))
	}
}

// joined is a line of a block in a line. What begins in it is marked with its number.
func joined(block, text string, number int) string {
	if at := endOfBlock.FindString(text); at != "" {
		return " " + at + marked(number) + text[len(at):]
	}
	if strings.HasSuffix(strings.TrimRight(block, blanks), "(") {
		return " " + marked(number) + text
	}
	return " & " + marked(number) + text
}

// endOfBlock begins a line that ends a block.
var endOfBlock = regexp.MustCompile(`(?i)^[ \t]*\)(?:[ \t]*else[ \t]*\(?)?`)

// mark is the number of a line, before what begins in it: between characters that no line has.
var mark = regexp.MustCompile("\x01([0-9]+)\x02")

func marked(number int) string { return fmt.Sprintf("\x01%d\x02", number) }

// placed takes a mark off the statement's begin: that is the line it is from.
func (p *parser) placed(text string) string {
	if m := mark.FindStringSubmatch(text); m != nil && strings.HasPrefix(text, m[0]) {
		p.line, _ = strconv.Atoi(m[1])
		return text[len(m[0]):]
	}
	return text
}

// opens says whether the line begins a block that it does not end.
func opens(text string) bool {
	switch first, _ := cutWord(strings.TrimLeft(text, blanks+"@")); strings.ToLower(first) {
	case "for", "if", "(", "else":
		depth := 0
		for _, r := range unquoted(text) {
			switch r {
			case '(':
				depth++
			case ')':
				depth--
			}
		}
		return depth > 0
	}
	return false
}

// decode makes text of a line, or says what in it is none.
func (p *parser) decode(raw []byte, unicoded bool) (text string, ok bool) {
	text = string(raw)
	if !unicoded {
		decoded, err := japanese.ShiftJIS.NewDecoder().Bytes(raw)
		if err != nil || bytes.ContainsRune(decoded, utf8.RuneError) {
			p.warnf("found bytes that are no text in CP932, in a file that is not UTF-8 either, so the line is not played; expected one encoding throughout")
			return "", false
		}
		text = string(decoded)
	}
	for _, r := range text {
		if unicode.IsControl(r) && r != '\t' {
			p.warnf("found the control character %U, so the line is not played; expected text", r)
			return "", false
		}
	}
	return text, true
}
