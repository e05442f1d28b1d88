package imap

import (
	"bytes"
	"encoding/base64"
	"io"
	"mime"
	"mime/quotedprintable"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/japanese"
)

// toUTF8 decodes text of a character set; false when nobody knows it.
func toUTF8(charset string, text []byte) (string, bool) {
	switch strings.ToLower(charset) {
	case "", "us-ascii", "utf-8":
		return string(text), true
	case "iso-2022-jp-1", "iso-2022-jp-2", "iso-2022-jp-ms", "cp50220", "cp50221":
		charset = "iso-2022-jp"
	case "cp932", "windows-932":
		charset = "shift_jis"
	case "cp51932", "eucjp-ms", "eucjp-win":
		charset = "euc-jp"
	}
	e, err := htmlindex.Get(charset)
	if err != nil {
		return string(text), false
	}
	return decoded(e, text), true
}

// decoded never fails: what is no character becomes U+FFFD.
func decoded(e encoding.Encoding, text []byte) string {
	s, err := e.NewDecoder().Bytes(text)
	if err != nil {
		return string(text)
	}
	return string(s)
}

// guesses are what text may say of which nobody told the character set, as Japanese senders leave it out.
func guesses(text []byte) []string {
	switch {
	case bytes.Contains(text, []byte("\x1b$")):
		return []string{decoded(japanese.ISO2022JP, text)}
	case utf8.Valid(text):
		return []string{string(text)}
	}
	return []string{string(text), decoded(japanese.ShiftJIS, text), decoded(japanese.EUCJP, text)}
}

var words = mime.WordDecoder{CharsetReader: func(charset string, in io.Reader) (io.Reader, error) {
	text, err := io.ReadAll(in)
	if err != nil {
		return nil, err
	}
	s, _ := toUTF8(charset, text)
	return strings.NewReader(s), nil
}}

// says is a header field's value in words, as often as it can be read in different ways.
func says(value string) (all []string) {
	for _, g := range guesses([]byte(value)) {
		if d, err := words.DecodeHeader(g); err == nil {
			g = d
		}
		all = append(all, fold(strings.Join(strings.Fields(g), " ")))
	}
	return all
}

// fold makes texts equal that SEARCH takes for equal.
func fold(s string) string { return strings.ToLower(s) }

// content is a text part's body in words, as often as it can be read in different ways.
func (p *part) content() (all []string) {
	encoding, _ := p.field("content-transfer-encoding")
	body := p.body
	var r io.Reader
	switch strings.ToLower(encoding) {
	case "base64":
		r = base64.NewDecoder(base64.StdEncoding, bytes.NewReader(body))
	case "quoted-printable":
		r = quotedprintable.NewReader(bytes.NewReader(body))
	}
	if r != nil {
		body, _ = io.ReadAll(r) // what comes before an error counts
	}
	if charset := p.param("charset"); charset != "" && !strings.EqualFold(charset, "us-ascii") {
		if s, ok := toUTF8(charset, body); ok && (utf8.Valid(body) || !strings.EqualFold(charset, "utf-8")) {
			return []string{fold(s)}
		}
	}
	for _, g := range guesses(body) {
		all = append(all, fold(g))
	}
	return all
}
