package imap

import (
	"bufio"
	"strings"
	"unicode/utf8"
)

// address is an entry of a list of addresses: with a host, a mailbox; else the begin of a group (its name)
// or the end of one (nothing).
type address struct {
	name, route, mailbox, host string
	group                      bool
}

// parseAddresses reads a field of addresses. What people write is kept, whether RFC 5322 allows it or not:
// "a..b@docomo.ne.jp", "a.@docomo.ne.jp", names in any character set, addresses without a host.
func parseAddresses(field string) (all []address) {
	r := addressReader{rest: field}
	inGroup := false
	for {
		a, end := r.next()
		if a != (address{}) {
			all = append(all, a)
		}
		switch end {
		case ':':
			all = append(all, address{mailbox: r.phrase(), group: true})
			inGroup = true
		case ';':
			if inGroup {
				all = append(all, address{group: true})
			}
			inGroup = false
		case 0:
			if inGroup {
				all = append(all, address{group: true})
			}
			return all
		}
		r.words, r.comment = nil, ""
	}
}

// addressReader reads a field of addresses.
type addressReader struct {
	rest    string
	words   []string // so far, of the address at hand
	comment string   // the last
}

func (r *addressReader) phrase() string { return strings.Join(r.words, " ") }

// next reads up to the byte that ends an address, 0 for the end of the field. Before ":" there is a
// group's name, and no address.
func (r *addressReader) next() (a address, end byte) {
	angle := false
	for r.rest != "" {
		c := r.rest[0]
		switch c {
		case ',', ';', ':':
			r.rest = r.rest[1:]
			if c == ':' {
				return address{}, c
			}
			return r.done(a, angle), c
		case '<':
			angle = true
			var inside string
			inside, r.rest = cutAngle(r.rest[1:])
			a.route, a.mailbox, a.host = parseAngle(inside)
		case '(':
			r.comment, r.rest = cutComment(r.rest[1:])
		case '"':
			var word string
			word, r.rest = cutQuotedName(r.rest[1:])
			if strings.HasPrefix(r.rest, "@") || strings.HasPrefix(r.rest, ".") { // a local part
				word = `"` + word + `"` + r.atom()
			}
			r.words = append(r.words, word)
		case ' ', '\t', '\r', '\n', '>', ')':
			r.rest = r.rest[1:]
		default:
			r.words = append(r.words, r.atom())
		}
	}
	return r.done(a, angle), 0
}

// done is the address, when all of it has been read.
func (r *addressReader) done(a address, angle bool) address {
	if angle {
		if a.name = r.phrase(); a.name == "" {
			a.name = r.comment
		}
		return a
	}
	if len(r.words) == 0 {
		return address{}
	}
	text := strings.Join(r.words, "")
	if i := strings.LastIndexByte(text, '@'); i >= 0 {
		return address{name: r.comment, mailbox: unquote(text[:i]), host: text[i+1:]}
	}
	return address{name: r.comment, mailbox: r.phrase()}
}

// atom reads up to a space or a special character. What ISO-2022-JP has between its escapes is no such
// character, nor is the second byte of one in Shift_JIS.
func (r *addressReader) atom() string {
	n := 0
	for n < len(r.rest) {
		if skip := wide(r.rest[n:]); skip > 0 {
			n += skip
			continue
		}
		if strings.IndexByte(" \t\r\n,;:<>()\"", r.rest[n]) >= 0 {
			break
		}
		n++
	}
	word := r.rest[:n]
	r.rest = r.rest[n:]
	return word
}

// wide is the length of characters of several bytes at the front, 0 when there are none.
func wide(s string) int {
	if strings.HasPrefix(s, "\x1b$") {
		if i := strings.Index(s[:min(len(s), 1000)], "\x1b("); i >= 0 {
			return min(i+3, len(s))
		}
		return 0
	}
	if s[0] < 0x80 {
		return 0
	}
	if _, n := utf8.DecodeRuneInString(s); n > 1 {
		return n
	}
	if len(s) > 1 && (s[0] >= 0x81 && s[0] <= 0x9f || s[0] >= 0xe0) && s[1] >= 0x40 {
		return 2
	}
	return 1
}

// cutQuotedName is cutQuoted for text in any character set.
func cutQuotedName(s string) (value, rest string) {
	var b strings.Builder
	for i := 0; i < len(s); {
		if n := wide(s[i:]); n > 0 {
			b.WriteString(s[i : i+n])
			i += n
			continue
		}
		if s[i] == '"' {
			return b.String(), s[i+1:]
		}
		if s[i] == '\\' && i+1 < len(s) {
			i++
		}
		b.WriteByte(s[i])
		i++
	}
	return b.String(), ""
}

func cutAngle(s string) (inside, rest string) {
	quoted := false
	for i := range len(s) {
		switch {
		case s[i] == '"':
			quoted = !quoted
		case s[i] == '>' && !quoted:
			return s[:i], s[i+1:]
		}
	}
	return s, ""
}

// cutComment reads the rest of a comment, comments in it included.
func cutComment(s string) (text, rest string) {
	depth := 1
	for i := 0; i < len(s); i++ {
		if n := wide(s[i:]); n > 0 {
			i += n - 1
			continue
		}
		switch s[i] {
		case '\\':
			i++
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return strings.TrimSpace(s[:i]), s[i+1:]
			}
		}
	}
	return strings.TrimSpace(s), ""
}

// parseAngle reads what is between "<" and ">".
func parseAngle(s string) (route, mailbox, host string) {
	for !strings.Contains(s, `"`) {
		before, after, ok := strings.Cut(s, "(")
		if !ok {
			break
		}
		_, after = cutComment(after)
		s = before + after
	}
	s = strings.Join(strings.Fields(s), "")
	if strings.HasPrefix(s, "@") {
		if before, after, ok := strings.Cut(s, ":"); ok {
			route, s = before, after
		}
	}
	if i := strings.LastIndexByte(s, '@'); i >= 0 {
		return route, unquote(s[:i]), s[i+1:]
	}
	return route, unquote(s), ""
}

// unquote is a local part without its quotes.
func unquote(s string) string {
	if strings.HasPrefix(s, `"`) {
		if v, rest := cutQuotedName(s[1:]); rest == "" {
			return v
		}
	}
	return s
}

// String is the address as most people write it.
func (a address) String() string {
	s := a.mailbox
	if !a.group {
		s += "@" + a.host
	}
	return a.name + " <" + s + ">"
}

// writeEnvelope is ENVELOPE (RFC 3501, section 7.4.2): what the header says, as it says it.
func writeEnvelope(w *bufio.Writer, p *part) {
	text := func(name string) {
		value, _ := p.field(name)
		w.WriteString(orNIL(value))
	}
	w.WriteByte('(')
	text("date")
	w.WriteByte(' ')
	text("subject")
	from, _ := p.field("from")
	for _, name := range addressFields {
		w.WriteByte(' ')
		value, _ := p.field(name)
		all := parseAddresses(value)
		if len(all) == 0 && (name == "sender" || name == "reply-to") {
			all = parseAddresses(from)
		}
		writeAddresses(w, all)
	}
	w.WriteByte(' ')
	text("in-reply-to")
	w.WriteByte(' ')
	text("message-id")
	w.WriteByte(')')
}

func writeAddresses(w *bufio.Writer, all []address) {
	if len(all) == 0 {
		w.WriteString("NIL")
		return
	}
	w.WriteByte('(')
	for _, a := range all {
		host := quote(a.host) // "" for none: NIL would be a group's
		if a.group {
			host = "NIL"
		}
		mailbox := quote(a.mailbox)
		if a.group && a.mailbox == "" {
			mailbox = "NIL"
		}
		w.WriteString("(" + orNIL(a.name) + " " + orNIL(a.route) + " " + mailbox + " " + host + ")")
	}
	w.WriteByte(')')
}
