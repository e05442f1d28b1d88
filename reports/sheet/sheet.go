// Package sheet is what stands around the content of every HTML page: a page needs nothing but itself, loads nothing,
// opens from a disk or a mail, and runs no script but its own.
package sheet

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"html/template"
	"io"
	"io/fs"
	"strings"

	"ipwsim/reports/words"
)

// Head is what the frame says of a page. Views embed it.
type Head struct {
	Title string
	Badge Badge
	Meta  []string // at the foot: the run's date, version and so on
}

// Badge is a verdict, or another word in its place.
type Badge struct {
	Class string // "pass", "weak" or "fail"; "" for no verdict
	Word  string
}

// Sign tells the verdict to those who see no colours.
func (b Badge) Sign() string {
	return map[string]string{"pass": "✓", "weak": "!", "fail": "✗"}[b.Class]
}

//go:embed sheet.html
var frame embed.FS

var (
	//go:embed sheet.css
	css string
	//go:embed sheet.js
	js string
)

// Layout is how one kind of page looks.
type Layout struct{ templates [2]*template.Template } // by language

// New is a layout of the HTML templates in files, with a style and a script beside those of every page. The templates
// begin with "head", end with "foot", and say texts of the catalogue by {{say "key"}}. What is wrong with them is an
// error of the program.
func New(style, script string, files ...fs.FS) *Layout {
	style, script = lean(css+style), lean(js+script)
	l := new(Layout)
	for _, lang := range []words.Lang{words.English, words.Japanese} {
		t := template.New("").Funcs(template.FuncMap{
			"say":    lang.Say,
			"lang":   lang.Code,
			"style":  func() template.CSS { return template.CSS(style) },
			"script": func() template.JS { return template.JS(script) },
			"policy": func() string { return policy(style, script) },
		})
		for _, f := range append([]fs.FS{frame}, files...) {
			template.Must(t.ParseFS(f, "*.html"))
		}
		l.templates[lang] = t
	}
	return l
}

// lean leaves out what a browser does not need.
func lean(code string) string {
	var b strings.Builder
	for line := range strings.Lines(code) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "// ") {
			b.WriteString(line + "\n")
		}
	}
	return b.String()
}

// policy allows the page its own style and script by their hashes, and nothing else: no other script, no inline
// handler, no address to load from.
func policy(style, script string) string {
	hash := func(s string) string {
		sum := sha256.Sum256([]byte(s))
		return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	}
	return "default-src 'none'; style-src " + hash(style) + "; script-src " + hash(script) + "; base-uri 'none'; form-action 'none'"
}

// Write fills in a template, which escapes what is text, and shows what a reader could not see or would be misled by.
func (l *Layout) Write(w io.Writer, lang words.Lang, name string, view any) error {
	var b bytes.Buffer
	if err := l.templates[lang].ExecuteTemplate(&b, name, view); err != nil {
		return err
	}
	_, err := io.WriteString(w, seen(b.String()))
	return err
}

// generator is in the head of every page, and tells that this program wrote it.
const generator = `<meta name="generator" content="ipwsim">`

// Ours says whether a file is a page that this program wrote, by how the file begins.
func Ours(begin []byte) bool {
	return bytes.HasPrefix(begin, []byte("<!doctype html>\n<html lang=")) && bytes.Contains(begin[:min(len(begin), beginning)], []byte(generator))
}

// beginning is where the generator stands at the latest, in bytes.
const beginning = 1000

// seen makes a whole page safe: its line breaks and tabs stay.
func seen(s string) string {
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		parts := strings.Split(line, "\t")
		for j := range parts {
			parts[j] = words.Safe(parts[j])
		}
		lines[i] = strings.Join(parts, "\t")
	}
	return strings.Join(lines, "\n")
}
