package imap

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// Limits on a command, in bytes. RFC 2683, section 3.2.1.5, wants 8 KiB for a line at least; the rest
// is inferred.
const (
	maxLine     = 64 << 10 // all lines of one command
	maxLiterals = 64 << 10 // all literals of one command other than APPEND
	minLiterals = 4 << 10  // before the login, and of those that come without being asked for (RFC 7888)
	AppendLimit = 32 << 20 // the message of APPEND
)

// errTooLong ends the session: where the next command begins is not known.
var errTooLong = errors.New("the command is too long")

// readCommand returns the next command with its literals in place: "{n}", CRLF, n bytes. It asks the
// client for those that wait. A literal that is refused ends the command: the refusal is answered.
func (s *session) readCommand() ([]byte, error) {
	if s.r.Buffered() == 0 {
		_ = s.conn.SetReadDeadline(s.Now().Add(s.patience()))
		if _, err := s.r.Peek(1); err != nil {
			return nil, err
		}
	}
	_ = s.conn.SetReadDeadline(s.Now().Add(lineTime))
	var command bytes.Buffer
	for literals := int64(0); ; {
		line, err := s.readLine(maxLine - command.Len() + int(literals))
		if err != nil {
			return nil, err
		}
		command.Write(line)
		n, waits, ok := literalAt(line)
		if !ok {
			return command.Bytes(), nil
		}
		if limit := s.literalLimit(command.Bytes(), waits) - literals; n > limit {
			if !waits {
				return nil, errTooLong // it comes all the same
			}
			return nil, no("TOOBIG", fmt.Sprintf("literals of this command are limited to %d bytes", max(limit, 0))).to(tagOf(command.Bytes()))
		}
		if waits {
			s.line("+ Ready for literal data")
			if err := s.flush(); err != nil {
				return nil, err
			}
		}
		literals += n
		_ = s.conn.SetReadDeadline(s.Now().Add(literalTime))
		if _, err := io.CopyN(&command, s.r, n); err != nil { // memory for what comes, not for what is announced
			return nil, err
		}
	}
}

func (s *session) readLine(limit int) ([]byte, error) {
	var line []byte
	for {
		some, err := s.r.ReadSlice('\n')
		if line = append(line, some...); len(line) > limit {
			return nil, errTooLong
		}
		if err == nil || !errors.Is(err, errBufferFull) {
			return line, err
		}
	}
}

// literalAt reads the announcement of a literal at the end of a line; waits when the client waits for
// an answer.
func literalAt(line []byte) (n int64, waits, ok bool) {
	text, ok := strings.CutSuffix(strings.TrimRight(string(line[max(0, len(line)-30):]), "\r\n"), "}")
	open := strings.LastIndexByte(text, '{')
	if !ok || open < 0 {
		return 0, false, false
	}
	digits, plus := strings.CutSuffix(text[open+1:], "+")
	size, err := strconv.ParseUint(digits, 10, 63)
	return int64(size), !plus, err == nil
}

// literalLimit is how long all literals of the command that has come so far may be.
func (s *session) literalLimit(command []byte, waits bool) int64 {
	fields := bytes.Fields(command[:min(len(command), 200)])
	switch {
	case s.account == nil || !waits:
		return minLiterals
	case len(fields) > 1 && strings.EqualFold(string(fields[1]), "APPEND"):
		return AppendLimit
	}
	return maxLiterals
}

// tagOf is the command's tag, "*" when it has none.
func tagOf(command []byte) string {
	p := parser{rest: command}
	if tag := p.atom("a tag", isTag); p.err == nil {
		return tag
	}
	return "*"
}

// parser reads a command. After the first error it reads nothing more, and end tells it.
type parser struct {
	rest []byte
	err  error
}

func (p *parser) fail(expected string) {
	if p.err == nil {
		found := strings.TrimRight(string(p.rest[:min(20, len(p.rest))]), "\r\n")
		p.err = bad(fmt.Sprintf("Syntax error: found %q, expected %s", found, expected))
	}
	p.rest = nil
}

// peek is the next byte, 0 at the end.
func (p *parser) peek() byte {
	if len(p.rest) == 0 {
		return 0
	}
	return p.rest[0]
}

// skip goes over a byte if it comes next.
func (p *parser) skip(b byte) bool {
	if p.peek() != b || b == 0 {
		return false
	}
	p.rest = p.rest[1:]
	return true
}

func (p *parser) expect(b byte) {
	if !p.skip(b) {
		p.fail(strconv.Quote(string(b)))
	}
}

func (p *parser) space() { p.expect(' ') }

// end is the command's end, and the first error if there was one. A space before it is forgiven.
func (p *parser) end() error {
	p.skip(' ')
	p.skip('\r')
	if !p.skip('\n') {
		p.fail("the end of the line")
	}
	return p.err
}

// isAtom is ATOM-CHAR of RFC 3501, section 9.
func isAtom(b byte) bool {
	return b > ' ' && b < 127 && !strings.ContainsRune(`(){%*"\]`, rune(b))
}

func isAString(b byte) bool { return isAtom(b) || b == ']' || b >= 0x80 }
func isTag(b byte) bool     { return isAString(b) && b != '+' && b < 0x80 }
func isPattern(b byte) bool { return isAString(b) || b == '%' || b == '*' }
func isItem(b byte) bool    { return isAtom(b) && b != '[' && b != '<' }
func isSetChar(b byte) bool { return b >= '0' && b <= '9' || strings.IndexByte(":,*", b) >= 0 }

func (p *parser) atom(what string, in func(byte) bool) string {
	n := 0
	for n < len(p.rest) && in(p.rest[n]) {
		n++
	}
	if n == 0 {
		p.fail(what)
		return ""
	}
	s := string(p.rest[:n])
	p.rest = p.rest[n:]
	return s
}

// word is an atom in upper case.
func (p *parser) word(what string) string { return strings.ToUpper(p.atom(what, isAtom)) }

// isString says whether a string comes next, quoted or a literal.
func (p *parser) isString() bool { return p.peek() == '"' || p.peek() == '{' }

func (p *parser) str() string {
	if p.skip('"') {
		return p.quoted()
	}
	line, rest, ok := bytes.Cut(p.rest, []byte("\n"))
	n, _, isLiteral := literalAt(append(bytes.Clone(line), '\n'))
	if p.peek() != '{' || !ok || !isLiteral || n > int64(len(rest)) {
		p.fail("a string")
		return ""
	}
	p.rest = rest[n:]
	return string(rest[:n])
}

func (p *parser) quoted() string {
	var b []byte
	for len(p.rest) > 0 {
		c := p.rest[0]
		p.rest = p.rest[1:]
		switch {
		case c == '"':
			return string(b)
		case c == '\\' && len(p.rest) > 0:
			c = p.rest[0]
			p.rest = p.rest[1:]
		case c == '\r' || c == '\n' || c == 0:
			p.fail("the end of a quoted string")
			return ""
		}
		b = append(b, c)
	}
	p.fail("the end of a quoted string")
	return ""
}

// astring is an atom or a string.
func (p *parser) astring(what string) string {
	if p.isString() {
		return p.str()
	}
	return p.atom(what, isAString)
}

// list reads "(", things that f reads with a space between, ")".
func (p *parser) list(f func()) {
	p.expect('(')
	for first := true; p.err == nil && !p.skip(')'); first = false {
		if !first {
			p.space()
		}
		f()
	}
}

func (p *parser) number() int64 {
	n, err := strconv.ParseInt(p.atom("a number", func(b byte) bool { return b >= '0' && b <= '9' }), 10, 64)
	if err != nil {
		p.fail("a number")
	}
	return n
}

// interval is a range of a set; 0 is "*", the last.
type interval struct{ from, to uint32 }

// set is a sequence-set.
type set []interval

func (p *parser) set() set {
	s, ok := parseSet(p.atom("a set of numbers", isSetChar))
	if !ok {
		p.fail("a set of numbers")
	}
	return s
}

func parseSet(text string) (all set, ok bool) {
	for _, r := range strings.Split(text, ",") {
		from, to, isRange := strings.Cut(r, ":")
		if !isRange {
			to = from
		}
		a, ok1 := setNumber(from)
		b, ok2 := setNumber(to)
		if !ok1 || !ok2 {
			return nil, false
		}
		all = append(all, interval{a, b})
	}
	return all, true
}

func setNumber(text string) (uint32, bool) {
	if text == "*" {
		return 0, true
	}
	n, err := strconv.ParseUint(text, 10, 32)
	return uint32(n), err == nil && n > 0
}

// has says whether n is in the set, in which "*" is last (RFC 3501, section 9, seq-range: in any order).
func (s set) has(n, last uint32) bool {
	for _, r := range s {
		from, to := r.from, r.to
		if from == 0 {
			from = last
		}
		if to == 0 {
			to = last
		}
		if min(from, to) <= n && n <= max(from, to) {
			return true
		}
	}
	return false
}

// setOf writes numbers in ascending order as a set.
func setOf(all []uint32) string {
	var b strings.Builder
	for i := 0; i < len(all); {
		j := i
		for j+1 < len(all) && all[j+1] == all[j]+1 {
			j++
		}
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprint(&b, all[i])
		if j > i {
			fmt.Fprintf(&b, ":%d", all[j])
		}
		i = j + 1
	}
	return b.String()
}

// quote writes a string as the client can read it: quoted if it is short and of ASCII, else a literal.
func quote(s string) string {
	if len(s) > 1000 || strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r > '~' }) {
		return fmt.Sprintf("{%d}\r\n%s", len(s), s)
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}

// orNIL is quote, for "" NIL.
func orNIL(s string) string {
	if s == "" {
		return "NIL"
	}
	return quote(s)
}

// plain writes a string as an atom if it can be one.
func plain(s string) string {
	for i := range len(s) {
		if !isAtom(s[i]) && s[i] != ']' {
			return quote(s)
		}
	}
	if s == "" || strings.EqualFold(s, "NIL") {
		return quote(s)
	}
	return s
}
