package reports

import (
	"io"
	"strconv"
	"strings"
)

// Annotation is a finding with its place, for a build server that shows it beside the line.
type Annotation struct {
	Warning bool // else it is an error
	File    string
	Line    int // 0: the whole file
	Title   string
	Text    string
}

// Annotations are the reasons why runs have not passed, and their warnings.
func Annotations(all []Result) []Annotation {
	var out []Annotation
	for _, r := range all {
		for _, o := range r.objections(english) {
			out = append(out, Annotation{File: r.File, Line: o.line, Title: r.Scenario, Text: o.text})
		}
		for _, w := range r.Warnings {
			out = append(out, Annotation{Warning: true, File: r.File, Title: r.Scenario, Text: w})
		}
	}
	return out
}

// Annotate writes annotations as GitHub's workflow commands, a line each.
func Annotate(w io.Writer, all []Annotation) error {
	var b strings.Builder
	for _, a := range all {
		b.WriteString(a.command() + "\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// command is the annotation in GitHub's form.
func (a Annotation) command() string {
	level, gap, where := "error", " ", ""
	if a.Warning {
		level = "warning"
	}
	for _, p := range []struct{ name, value string }{{"file", a.File}, {"line", positive(a.Line)}, {"title", a.Title}} {
		if p.value != "" {
			where += gap + p.name + "=" + inProperty.Replace(safe(p.value))
			gap = ","
		}
	}
	return "::" + level + where + "::" + inMessage.Replace(strings.Join(safeLines(a.Text), "\n"))
}

func positive(n int) string {
	if n <= 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// What the format demands to be escaped: in a message and, beside it, in a property.
var (
	inMessage  = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	inProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)
