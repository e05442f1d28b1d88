package reports

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"html/template"
	"io"
	"strings"
	"unicode/utf8"
)

//go:embed assets
var assets embed.FS

func asset(name string) string {
	b, err := assets.ReadFile("assets/" + name)
	if err != nil {
		panic(err) // it is embedded
	}
	return string(b)
}

var (
	pageCSS    = asset("page.css")
	pageJS     = asset("page.js")
	pageLayout = template.Must(template.New("").ParseFS(assets, "assets/*.html"))
)

// policy allows the page its own style and script by their hashes, and nothing else: no other
// script, no inline handler, no address to load from.
func policy(css string) string {
	hash := func(s string) string {
		sum := sha256.Sum256([]byte(s))
		return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	}
	return "default-src 'none'; style-src " + hash(css) + "; script-src " + hash(pageJS) +
		"; base-uri 'none'; form-action 'none'"
}

// frame of every page: what stands around its content.
type htmlFrame struct {
	Lang   string
	CSP    string
	CSS    template.CSS
	JS     template.JS
	Title  string
	Passed bool
	Word   string // the verdict
	Words  htmlWords
}

func newFrame(l lang, title string, passed bool) htmlFrame {
	f := htmlFrame{Lang: "en", CSP: policy(pageCSS), CSS: template.CSS(pageCSS), JS: template.JS(pageJS),
		Title: title, Passed: passed, Word: l.say(failWord), Words: wordsOf(l)}
	if l == japanese {
		f.Lang = "ja"
	}
	if passed {
		f.Word = l.say(passWord)
	}
	return f
}

// HTML writes the report of one run as a page that needs nothing but itself: it loads nothing, and
// opens from a disk or a mail. Of the options Lang and Full count.
func HTML(w io.Writer, r Result, opt Options) error {
	return writeHTML(w, "run.html", runView(r, opt))
}

// HTMLSuite writes the page of many runs. link gives the address of a run's own page, or "".
func HTMLSuite(w io.Writer, all []Result, link func(Result) string, opt Options) error {
	return writeHTML(w, "suite.html", suiteView(all, link, language(opt.Lang)))
}

// writeHTML fills in a template, which escapes what is text, and shows what a reader could not see
// or would be misled by.
func writeHTML(w io.Writer, name string, view any) error {
	var b bytes.Buffer
	if err := pageLayout.ExecuteTemplate(&b, name, view); err != nil {
		return err
	}
	_, err := io.WriteString(w, seen(b.String()))
	return err
}

// seen is safe for a whole page: line breaks and tabs stay.
func seen(s string) string {
	bad := func(r rune) bool { return r == utf8.RuneError || r != '\n' && r != '\t' && !harmless(r) }
	if !strings.ContainsFunc(s, bad) {
		return s
	}
	var b strings.Builder
	for i, line := range strings.Split(s, "\n") {
		if i > 0 {
			b.WriteByte('\n')
		}
		for j, part := range strings.Split(line, "\t") {
			if j > 0 {
				b.WriteByte('\t')
			}
			b.WriteString(safe(part))
		}
	}
	return b.String()
}
