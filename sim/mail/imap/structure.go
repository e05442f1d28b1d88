package imap

import (
	"bufio"
	"bytes"
	"fmt"
	"strings"
)

// writeStructure is BODYSTRUCTURE, or BODY without what that has more (RFC 3501, section 7.4.2).
func writeStructure(w *bufio.Writer, p *part, extended bool) {
	w.WriteByte('(')
	defer w.WriteByte(')')
	if len(p.children) > 0 {
		for _, c := range p.children {
			writeStructure(w, c, extended)
		}
		w.WriteString(" " + quote(p.sub))
		if extended {
			w.WriteByte(' ')
			writeParams(w, p.params)
			writeDisposition(w, p)
		}
		return
	}
	kind, sub := p.kind, p.sub
	if strings.EqualFold(kind, "multipart") || p.is("message", "rfc822") && p.message == nil {
		kind, sub = "text", "plain" // without parts it cannot be said in IMAP
	}
	value := func(name string) string {
		v, _ := p.field(name)
		return v
	}
	encoding := value("content-transfer-encoding")
	if encoding == "" {
		encoding = "7bit"
	}
	w.WriteString(quote(kind) + " " + quote(sub) + " ")
	writeParams(w, p.params)
	fmt.Fprintf(w, " %s %s %s %d", orNIL(value("content-id")), orNIL(value("content-description")), quote(encoding), len(p.body))
	lines := bytes.Count(p.body, []byte("\n"))
	switch {
	case p.message != nil:
		w.WriteByte(' ')
		writeEnvelope(w, p.message)
		w.WriteByte(' ')
		writeStructure(w, p.message, extended)
		fmt.Fprintf(w, " %d", lines)
	case strings.EqualFold(kind, "text"):
		fmt.Fprintf(w, " %d", lines)
	}
	if extended {
		w.WriteString(" " + orNIL(value("content-md5")))
		writeDisposition(w, p)
	}
}

func writeParams(w *bufio.Writer, params []param) {
	if len(params) == 0 {
		w.WriteString("NIL")
		return
	}
	w.WriteByte('(')
	for i, x := range params {
		if i > 0 {
			w.WriteByte(' ')
		}
		w.WriteString(quote(x.name) + " " + quote(x.value))
	}
	w.WriteByte(')')
}

// writeDisposition writes disposition, language and location.
func writeDisposition(w *bufio.Writer, p *part) {
	w.WriteByte(' ')
	if value, ok := p.field("content-disposition"); ok {
		kind, params := parseParams(value)
		w.WriteString("(" + quote(kind) + " ")
		writeParams(w, params)
		w.WriteByte(')')
	} else {
		w.WriteString("NIL")
	}
	language, _ := p.field("content-language")
	var all []string
	for _, l := range strings.FieldsFunc(language, func(r rune) bool { return r == ',' || r == ' ' }) {
		all = append(all, quote(l))
	}
	switch len(all) {
	case 0:
		w.WriteString(" NIL ")
	case 1:
		w.WriteString(" " + all[0] + " ")
	default:
		w.WriteString(" (" + strings.Join(all, " ") + ") ")
	}
	location, _ := p.field("content-location")
	w.WriteString(orNIL(location))
}
