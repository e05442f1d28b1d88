package registry

import (
	"cmp"
	"encoding/hex"
	"strconv"
	"strings"

	"ipwsim/core/diag"
	"ipwsim/core/text"
)

// parseHex reads hex:01,02 and hex(2):01,02 and the continuation lines; rest begins behind "hex".
func (p *parser) parseHex(name, rest string) (typ Type, data []byte, ok bool) {
	label, rest, found := strings.Cut(rest, ":")
	typ, problem := hexType(label)
	if !found || problem != nil {
		p.errorf("the value %s: %w", show(name), cmp.Or(problem, diag.Errorf("no : behind the type; expected hex:01,02 or hex(2):01,02")))
		p.skipHex(rest)
		return 0, nil, false
	}
	data, ok = p.hexLines(name, rest)
	if !ok {
		return 0, nil, false
	}
	if p.ansi && (typ == SZ || typ == ExpandSZ || typ == MultiSZ) {
		s, decoded := text.DecodeCP932(data)
		if !decoded {
			p.errorf("the value %s is text that is not CP932; expected CP932, as the header %s says", show(name), header4)
			return 0, nil, false
		}
		data = text.UTF16(s)
	}
	return typ, data, true
}

// hexType reads "" or "(7)".
func hexType(label string) (typ Type, problem error) {
	if label == "" {
		return Binary, nil
	}
	digits := strings.TrimSuffix(strings.TrimPrefix(label, "("), ")")
	n, err := strconv.ParseUint(digits, 16, 32)
	if err != nil || len(digits)+2 != len(label) {
		return 0, diag.Errorf("%s is no type; expected hex: or hex(2):, the number in hexadecimal", text.Quote("hex"+label))
	}
	return Type(n), nil
}

// hexLines reads the bytes of the line just read and of those it goes on in, reporting the first problem only.
func (p *parser) hexLines(name, rest string) (data []byte, ok bool) {
	ok = true
	for {
		part, more := cutContinuation(rest)
		if ok {
			bytes, problem := hexBytes(part, more)
			if problem != nil {
				p.errorf("the value %s: %w", show(name), problem)
				ok = false
			}
			data = append(data, bytes...)
		}
		if !more {
			return data, ok
		}
		if !p.toContinuation() {
			p.errorf("the value %s ends in a backslash, but no line with its other bytes follows; expected hexadecimal bytes", show(name))
			return nil, false
		}
		rest = p.read()
	}
}

// skipHex passes over the rest of a value that is reported already.
func (p *parser) skipHex(rest string) {
	_, more := cutContinuation(rest)
	for more && p.toContinuation() {
		_, more = cutContinuation(p.read())
	}
}

// cutContinuation takes off a comment and the backslash before it.
func cutContinuation(rest string) (part string, more bool) {
	part, _, _ = strings.Cut(rest, ";")
	part, more = strings.CutSuffix(strings.Trim(part, " \t"), `\`)
	return strings.TrimRight(part, " \t"), more
}

// toContinuation passes over blank lines and comments. It moves only if bytes follow them.
func (p *parser) toContinuation() bool {
	for i := p.next; i < len(p.lines); i++ {
		line := strings.Trim(p.lines[i].Text, " \t")
		if blank(line) {
			continue
		}
		if !strings.ContainsRune("0123456789abcdefABCDEF", rune(line[0])) {
			return false
		}
		p.next = i
		return true
	}
	return false
}

// hexBytes reads 01,02 or, with more to come, 01,02, with a final comma.
func hexBytes(part string, more bool) (data []byte, problem error) {
	if part == "" {
		return nil, nil
	}
	if body, comma := strings.CutSuffix(part, ","); comma && more {
		part = body
	} else if comma {
		return nil, diag.Errorf("it ends in a comma without a backslash; expected a backslash before a continuation line")
	} else if more {
		return nil, diag.Errorf("no comma before the backslash; expected a comma behind every byte but the last")
	}
	for _, item := range strings.Split(part, ",") {
		b, err := hex.DecodeString(strings.Trim(item, " \t"))
		if err != nil || len(b) != 1 {
			return nil, diag.Errorf("%s is not a byte; expected two hexadecimal digits", text.Quote(item))
		}
		data = append(data, b[0])
	}
	return data, nil
}
