package imap

import (
	"bytes"
	"strings"
)

// Limits on a message's structure: what lies deeper, or comes after so many, is text of the part that
// holds it. So the work is bounded, whatever a message holds.
const (
	maxDepth = 100
	maxParts = 10000
)

// part is a message, or a part of one, as it lies in the text.
type part struct {
	text   []byte // header and body
	header []byte // with the empty line behind it
	body   []byte

	kind, sub string // of Content-Type, as written
	params    []param
	children  []*part // of a multipart; it has one at least
	message   *part   // that a part of type message/rfc822 is
}

type param struct{ name, value string }

// parse finds the parts of a message, in one pass.
func parse(text []byte) *part {
	r := &mimeReader{text: text, left: maxParts}
	p, _, _ := r.part("text", "plain")
	return p
}

// mimeReader goes through a message's text.
type mimeReader struct {
	text       []byte
	at         int
	boundaries []string // of the multiparts that are open, the outermost first
	depth      int
	left       int // parts
}

// delimiter is a boundary's line: which multipart's (-1: the end of the text), and whether its last.
type delimiter struct {
	level int
	last  bool
}

// part reads one up to the delimiter that ends it, and goes over that; end is where the part ends. kind
// and sub are what it is when it does not say.
func (r *mimeReader) part(kind, sub string) (p *part, end int, d delimiter) {
	r.depth++
	r.left--
	defer func() { r.depth-- }()
	p = &part{kind: kind, sub: sub}
	from := r.at
	end, d, ended := r.header()
	p.header = r.text[from:end]
	if value, ok := p.field("content-type"); ok {
		p.contentType(value)
	}
	body := r.at
	if ended {
		body = end
	} else {
		end, d = r.body(p)
	}
	p.body, p.text = r.text[body:end], r.text[from:end]
	return p, end, d
}

// header goes over one and the empty line behind it; ended when a delimiter cuts it short.
func (r *mimeReader) header() (end int, d delimiter, ended bool) {
	for from := r.at; r.at < len(r.text); {
		if d, n := r.delimiter(r.at); n > 0 {
			end = max(r.before(r.at), from)
			r.at += n
			return end, d, true
		}
		n := lineLength(r.text[r.at:])
		r.at += n
		if len(bytes.TrimRight(r.text[r.at-n:r.at], "\r\n")) == 0 {
			break
		}
	}
	return r.at, delimiter{level: -1}, false
}

// body reads a part's body, with the parts in it.
func (r *mimeReader) body(p *part) (end int, d delimiter) {
	boundary := p.param("boundary")
	deeper := r.depth < maxDepth && r.left > 0
	switch {
	case strings.EqualFold(p.kind, "multipart") && boundary != "" && deeper:
		return r.multipart(p, boundary)
	case p.is("message", "rfc822") && deeper:
		p.message, end, d = r.part("text", "plain")
		return end, d
	}
	return r.skip()
}

// multipart reads the parts between delimiters of the boundary. One whose last delimiter is missing ends
// with the multipart around it.
func (r *mimeReader) multipart(p *part, boundary string) (end int, d delimiter) {
	mine := len(r.boundaries)
	r.boundaries = append(r.boundaries, boundary)
	end, d = r.skip() // the preamble
	for d.level == mine && !d.last {
		if r.left <= 0 {
			end, d = r.skip()
			continue
		}
		kind, sub := "text", "plain"
		if strings.EqualFold(p.sub, "digest") {
			kind, sub = "message", "rfc822"
		}
		var child *part
		child, end, d = r.part(kind, sub)
		p.children = append(p.children, child)
	}
	r.boundaries = r.boundaries[:mine]
	if d.level == mine {
		end, d = r.skip() // the epilogue
	}
	return end, d
}

// skip goes over text up to the next delimiter, and over that.
func (r *mimeReader) skip() (end int, d delimiter) {
	for at := r.at; ; {
		if d, n := r.delimiter(at); n > 0 {
			end = max(r.before(at), r.at)
			r.at = at + n
			return end, d
		}
		next := bytes.Index(r.text[at:], []byte("\n--"))
		if next < 0 || len(r.boundaries) == 0 {
			r.at = len(r.text)
			return r.at, delimiter{level: -1}
		}
		at += next + 1
	}
}

// delimiter reads one at the beginning of a line; n is the line's length, 0 when there is none. The
// innermost multipart that is open has the first claim.
func (r *mimeReader) delimiter(at int) (d delimiter, n int) {
	if !bytes.HasPrefix(r.text[at:], []byte("--")) {
		return d, 0
	}
	n = lineLength(r.text[at:])
	line := string(bytes.TrimRight(r.text[at+2:at+n], " \t\r\n"))
	for i := len(r.boundaries) - 1; i >= 0; i-- {
		if line == r.boundaries[i] || line == r.boundaries[i]+"--" {
			return delimiter{i, line != r.boundaries[i]}, n
		}
	}
	return d, 0
}

// before is where the text before a delimiter's line ends: the line break belongs to the delimiter.
func (r *mimeReader) before(at int) int {
	at = max(at-1, 0)
	if at > 0 && r.text[at-1] == '\r' {
		at--
	}
	return at
}

// lineLength is the length of the first line, its end included.
func lineLength(text []byte) int {
	if n := bytes.IndexByte(text, '\n'); n >= 0 {
		return n + 1
	}
	return len(text)
}

// find is the part of that number (RFC 3501, section 6.4.5); nil when there is none. The only part of a
// message that is no multipart is the message itself.
func (p *part) find(path []int) *part {
	numbered := true // p's parts have numbers of their own level
	for _, n := range path {
		if !numbered {
			if p = p.message; p == nil {
				return nil
			}
		}
		switch {
		case len(p.children) == 0:
			if n != 1 {
				return nil
			}
			numbered = false
		case n > len(p.children):
			return nil
		default:
			p = p.children[n-1]
			numbered = len(p.children) > 0
		}
	}
	return p
}

// is says whether the part is of a type.
func (p *part) is(kind, sub string) bool {
	return strings.EqualFold(p.kind, kind) && strings.EqualFold(p.sub, sub)
}

// param is a parameter of Content-Type.
func (p *part) param(name string) string { return paramOf(p.params, name) }

func paramOf(all []param, name string) string {
	for _, x := range all {
		if strings.EqualFold(x.name, name) {
			return x.value
		}
	}
	return ""
}

// contentType reads the field; of a broken one nothing.
func (p *part) contentType(value string) {
	full, params := parseParams(value)
	if kind, sub, ok := strings.Cut(full, "/"); ok && kind != "" && sub != "" {
		p.kind, p.sub, p.params = strings.TrimSpace(kind), strings.TrimSpace(sub), params
	}
}

// parseParams reads "value; name=value; ...", in any state.
func parseParams(text string) (value string, params []param) {
	value, rest, _ := strings.Cut(text, ";")
	for rest != "" {
		name, after, ok := strings.Cut(rest, "=")
		if !ok {
			break
		}
		if i := strings.LastIndexByte(name, ';'); i >= 0 { // one without a value
			name = name[i+1:]
		}
		after = strings.TrimLeft(after, " \t")
		var v string
		if strings.HasPrefix(after, `"`) {
			v, rest = cutQuoted(after[1:])
			_, rest, _ = strings.Cut(rest, ";")
		} else {
			v, rest, _ = strings.Cut(after, ";")
			v, _, _ = strings.Cut(v, " (") // a comment
		}
		params = append(params, param{strings.TrimSpace(name), strings.TrimSpace(v)})
	}
	return strings.TrimSpace(value), params
}

// cutQuoted reads the rest of a quoted string.
func cutQuoted(s string) (value, rest string) {
	var b []byte
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '"':
			return string(b), s[i+1:]
		case s[i] == '\\' && i+1 < len(s):
			i++
		}
		b = append(b, s[i])
	}
	return string(b), ""
}
