package registry

import (
	"encoding/binary"
	"strconv"
	"strings"

	"ipwsim/core/diag"
	"ipwsim/core/text"
)

// parseValue reads a "name"=data or @=data line, and the lines it goes on in.
func (p *parser) parseValue(line string) {
	start := p.next
	name, rest := "", line[1:]
	if line[0] == '"' {
		var problem error
		if name, rest, problem = quoted(line); problem != nil {
			p.errorf("the name %w", problem)
			return
		}
	}
	rest, found := strings.CutPrefix(strings.TrimLeft(rest, " \t"), "=")
	if !found {
		p.errorf("%s has no = behind the name; expected \"name\"=data", text.Quote(line))
		return
	}
	typ, data, ok := p.parseData(name, strings.TrimLeft(rest, " \t"))
	if !ok || !p.noteValue(name, start) {
		return
	}
	key := &p.file.Keys[len(p.file.Keys)-1]
	key.Values = append(key.Values, Value{name, typ, data, start})
}

// noteValue reports a value outside a key or with a name that the key has already.
func (p *parser) noteValue(name string, line int) (ok bool) {
	if p.values == nil {
		p.problems.Errorf(p.file.Name, line, "the value %s stands before the first key; expected [KEY] first", show(name))
		return false
	}
	if first, twice := p.values[fold(name)]; twice {
		p.problems.Errorf(p.file.Name, line, "the value %s is in line %d already; expected each value once in a key", show(name), first)
		return false
	}
	p.values[fold(name)] = line
	return len(p.file.Keys) > 0 // none if the first key line was bad
}

// show names a value in a message.
func show(name string) diag.Text {
	if name == "" {
		return diag.Say("@ (default)")
	}
	return diag.Say("%s", text.Quote(name))
}

// dataForms is what can stand behind the = sign.
var dataForms = diag.Say(`"text", dword:0000001e or hex:01,02`)

// parseData reads what is behind the = sign.
func (p *parser) parseData(name, rest string) (typ Type, data []byte, ok bool) {
	switch {
	case rest == "":
		p.errorf("the value %s has no data; expected %s", show(name), dataForms)
	case rest[0] == '-':
		p.errorf("%s=- deletes a value; expected an export, which has no deletions", show(name))
	case rest[0] == '"':
		return p.parseText(name, rest)
	case strings.HasPrefix(rest, "dword:"):
		return p.parseDWORD(name, strings.TrimPrefix(rest, "dword:"))
	case strings.HasPrefix(rest, "hex:"), strings.HasPrefix(rest, "hex("):
		return p.parseHex(name, strings.TrimPrefix(rest, "hex"))
	default:
		p.errorf("the value %s has the data %s; expected %s%s", show(name), text.Quote(rest), dataForms, p.numberHint(rest))
	}
	return 0, nil, false
}

func (p *parser) parseText(name, rest string) (typ Type, data []byte, ok bool) {
	s, rest, problem := quoted(rest)
	if problem == nil && !blank(rest) {
		problem = diag.Errorf("%s is followed by %s; expected the end of the line (a quote inside is written \\\")", text.Quote(s), text.Quote(rest))
	}
	if problem != nil {
		p.errorf("the text of the value %s: %w", show(name), problem)
		return 0, nil, false
	}
	return SZ, text.UTF16(s + "\x00"), true
}

// quoted takes text in quotes off the front; \\ and \" in it stand for a backslash and a quote.
func quoted(s string) (value, rest string, problem error) {
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"':
			return b.String(), s[i+1:], nil
		case c != '\\':
			b.WriteByte(c)
		case i+1 < len(s) && (s[i+1] == '\\' || s[i+1] == '"'):
			i++
			b.WriteByte(s[i])
		default:
			return "", "", diag.Errorf(`%s has a single backslash; expected \\ for a backslash and \" for a quote`, text.Quote(s))
		}
	}
	return "", "", diag.Errorf("%s has no closing quote", text.Quote(s))
}

// blank is true for the end of a line, with or without a comment.
func blank(rest string) bool {
	rest = strings.TrimLeft(rest, " \t")
	return rest == "" || rest[0] == ';'
}

// parseDWORD insists on the eight digits that regedit writes: fewer were most likely meant as decimal.
func (p *parser) parseDWORD(name, rest string) (typ Type, data []byte, ok bool) {
	digits, _, _ := strings.Cut(rest, ";")
	digits = strings.TrimRight(digits, " \t")
	n, err := strconv.ParseUint(digits, 16, 32)
	if err != nil || len(digits) != 8 {
		p.errorf("the value %s is %s; expected dword: and eight hexadecimal digits%s", show(name), text.Quote("dword:"+digits), p.numberHint(digits))
		return 0, nil, false
	}
	return DWORD, binary.LittleEndian.AppendUint32(nil, uint32(n)), true
}

// numberHint spells a number as it should have been, or is empty for what is none or may have lost digits.
func (p *parser) numberHint(s string) diag.Text {
	if p.inCutLine() {
		return diag.Text{}
	}
	decimal, errDecimal := strconv.ParseUint(s, 10, 31)
	hex, errHex := strconv.ParseUint(strings.TrimPrefix(strings.ToLower(s), "0x"), 16, 32)
	switch {
	case errHex != nil:
		return diag.Text{}
	case errDecimal != nil || decimal == hex:
		return diag.Say("; did you mean dword:%08x?", hex)
	}
	return diag.Say("; did you mean dword:%08x (decimal %s) or dword:%08x (hexadecimal %s, decimal %d)?", decimal, s, hex, s, hex)
}
