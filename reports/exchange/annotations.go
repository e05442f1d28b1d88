package exchange

import (
	"io"
	"strconv"
	"strings"

	"ipwsim/core/diag"
	"ipwsim/reports/words"
	"ipwsim/sim/finding"
)

// Level is how grave an annotation is, in GitHub's words.
type Level string

// The levels. A weakness that a scenario is there to show is a notice.
const (
	Error   Level = "error"
	Warning Level = "warning"
	Notice  Level = "notice"
)

// Annotation is a finding with its place, for a build server that shows it beside the line.
type Annotation struct {
	Level Level
	File  string
	Line  int // 0: the whole file
	Title string
	Text  string
}

// Annotations are the reasons why runs failed, the weaknesses they show, and the problems of their files.
func Annotations(runs []*finding.Run) (all []Annotation) {
	for _, r := range runs {
		t := words.Teller{Lang: words.English, Facts: r.Facts}
		for _, x := range reasons(t, r) {
			level := Error
			if x.Kind == "weakness" {
				level = Notice
			}
			all = append(all, Annotation{level, r.File, x.Line, r.Scenario, x.Sentence})
		}
		for _, p := range r.Problems {
			all = append(all, Annotation{Warning, r.File, 0, r.Scenario, problem(p)})
		}
	}
	return all
}

// Annotated is a problem of a file as an annotation.
func Annotated(p diag.Problem) Annotation {
	a := Annotation{Level: Error, File: p.File, Line: p.Line, Text: p.Message}
	if p.Severity == diag.Warning {
		a.Level = Warning
	}
	return a
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
	gap, where := " ", ""
	for _, p := range []struct{ name, value string }{{"file", a.File}, {"line", positive(a.Line)}, {"title", a.Title}} {
		if p.value != "" {
			where += gap + p.name + "=" + inProperty.Replace(words.Safe(p.value))
			gap = ","
		}
	}
	return "::" + string(a.Level) + where + "::" + inMessage.Replace(strings.Join(words.SafeLines(a.Text), "\n"))
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
