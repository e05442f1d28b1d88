package batch

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/japanese"

	"ipwsim/core/diag"
)

// MaxBytes is the largest file accepted; a real one has a few hundred bytes.
const MaxBytes = 64 << 10

// Parse reads a batch file (H11): CP932 or UTF-8, CRLF or LF. Commands are told without case, as
// cmd.exe does. The name is for the problems only. It reports every problem, by line; when the
// list holds an error the Batch is empty.
func Parse(name string, data []byte) (Batch, diag.List) {
	p := parser{name: name}
	if !p.readable(data) {
		return Batch{}, p.problems
	}
	unicoded := utf8.Valid(data)
	for raw := range bytes.Lines(data) {
		p.line++
		raw = bytes.TrimSuffix(bytes.TrimSuffix(raw, []byte("\n")), []byte("\r"))
		if text, ok := p.decode(raw, unicoded); ok {
			p.parseLine(text)
		}
	}
	if len(p.problems) == 0 && len(p.commands) == 0 {
		p.problems.Errorf(name, 0, "found no command, expected %s", form)
	}
	if p.problems.Err() != nil {
		return Batch{}, p.problems
	}
	return Batch{p.commands}, p.problems
}

// form is what a batch file consists of.
var form = diag.Say("`arp -d` and `ping -n <count> <client> -S <VIP>`, one a line")

type parser struct {
	name     string
	line     int
	problems diag.List
	commands []Command
}

func (p *parser) errorf(format string, args ...any) {
	p.problems.Errorf(p.name, p.line, format, args...)
}

// readable refuses files whose lines would all be wrong.
func (p *parser) readable(data []byte) bool {
	switch {
	case len(data) > MaxBytes:
		p.errorf("found %d bytes, expected at most %d in a batch file", len(data), MaxBytes)
	case isUTF16(data):
		p.errorf("found UTF-16, expected a batch file saved as ANSI (CP932) or UTF-8")
	case bytes.HasPrefix(data, []byte("\ufeff")):
		p.problems.Errorf(p.name, 1, "found a byte order mark, which cmd.exe takes for part of the first command, "+
			"expected a file saved as ANSI (CP932), or as UTF-8 without BOM")
	default:
		return true
	}
	return false
}

func isUTF16(data []byte) bool {
	return bytes.HasPrefix(data, []byte{0xff, 0xfe}) || bytes.HasPrefix(data, []byte{0xfe, 0xff}) ||
		len(data) > 1 && (data[0] == 0) != (data[1] == 0)
}

// decode makes text of a line, or reports what in it is none.
func (p *parser) decode(raw []byte, unicoded bool) (text string, ok bool) {
	text = string(raw)
	if !unicoded {
		decoded, err := japanese.ShiftJIS.NewDecoder().Bytes(raw)
		if err != nil || bytes.ContainsRune(decoded, utf8.RuneError) {
			p.errorf("found bytes that are no text in CP932, in a file that is not UTF-8 either, expected one encoding throughout")
			return "", false
		}
		text = string(decoded)
	}
	for _, r := range text {
		if unicode.IsControl(r) && r != '\t' {
			p.errorf("found the control character %U, expected text", r)
			return "", false
		}
	}
	return text, true
}

// parseLine takes one line. An @ in front only keeps cmd.exe from showing it.
func (p *parser) parseLine(text string) {
	text = strings.TrimLeft(strings.Trim(text, blanks), "@"+blanks)
	words := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(blanks, r) })
	switch {
	case len(words) == 0:
	case strings.HasPrefix(text, ":"): // a comment, or a label, to which nothing here jumps
	case strings.EqualFold(words[0], "rem"):
	case p.plain(words):
		p.command(words)
	}
}

// blanks part words.
const blanks = " \t"

// plain reports words that mean more to cmd.exe than they say, or nothing.
func (p *parser) plain(words []string) bool {
	for i, w := range words {
		switch {
		case strings.Contains(w, "←"):
			p.errorf("found %.60q, expected nothing more: the arrows in the guide's example are its remarks, not part of the file",
				strings.Join(words[i:], " "))
			return false
		case strings.ContainsAny(w, `&|<>^%"()`):
			p.errorf("found %.60q, expected a plain command: redirections, pipes, variables and quotes are not read", w)
			return false
		}
	}
	return true
}

func (p *parser) command(words []string) {
	line, args := strings.Join(words, " "), words[1:]
	switch name := strings.ToLower(words[0]); name {
	case "echo":
		if len(args) != 1 || !strings.EqualFold(args[0], "off") && !strings.EqualFold(args[0], "on") {
			p.errorf("found %.60q, expected `@echo off`", line)
		}
	case "arp":
		if len(args) == 0 || !strings.EqualFold(args[0], "-d") || len(args) > 1 && (args[1] != "*" || len(args) > 2) {
			p.errorf("found %.60q, expected `arp -d` or `arp -d *`", line)
			return
		}
		p.commands = append(p.commands, Command{Line: p.line})
	case "ping":
		if ping, ok := p.ping(args); ok {
			p.commands = append(p.commands, Command{p.line, &ping})
		}
	default:
		p.errorf("found %.60q%s, expected %s", line, didYouMean(name), form)
	}
}

func didYouMean(name string) diag.Text {
	if n, ok := diag.Nearest(name, []string{"arp", "ping", "rem", "echo"}); ok {
		return diag.Aside("did you mean %s?", n)
	}
	return diag.Text{}
}
