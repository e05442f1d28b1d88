package words

import (
	"cmp"
	_ "embed" // for the catalogues
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"ipwsim/core/diag"
)

var (
	//go:embed problems.txt
	problems string

	japanese = sync.OnceValue(func() map[string]string {
		all := map[string]string{}
		for format, texts := range parse(problems) {
			all[format] = texts[0]
		}
		return all
	})

	//go:embed foreign.txt
	others string

	foreigners = sync.OnceValue(func() (all []foreigner) {
		for text, texts := range parse(others) {
			pattern := strings.ReplaceAll(regexp.QuoteMeta(text), "%s", "(.*)")
			all = append(all, foreigner{regexp.MustCompile("^" + pattern + "$"), texts[0]})
		}
		slices.SortFunc(all, func(a, b foreigner) int { // the closest first
			return cmp.Or(a.text.NumSubexp()-b.text.NumSubexp(), len(b.text.String())-len(a.text.String()))
		})
		return all
	})
)

// foreigner is a text of others, and how to say it with what stands in its places.
type foreigner struct {
	text *regexp.Regexp
	said string
}

// foreign says a text of others; false for one that is not known.
func foreign(text string) (string, bool) {
	for _, f := range foreigners() {
		if found := f.text.FindStringSubmatch(text); found != nil {
			var places []any
			for _, place := range found[1:] {
				places = append(places, place)
			}
			return fmt.Sprintf(f.said, places...), true
		}
	}
	return "", false
}

// Text says the text, in English where there is no Japanese of it.
func (l Lang) Text(t diag.Text) string {
	format, known := japanese()[t.Format]
	if said := t.Error(); l == English && said != "" || t.Format == "" {
		return said
	}
	if !known || l == English {
		format = t.Format
	}
	if t.Args == nil {
		return strings.ReplaceAll(format, "%%", "%")
	}
	args := make([]any, len(t.Args))
	for i, a := range t.Args {
		args[i] = l.filling(a)
	}
	return fmt.Errorf(format, args...).Error()
}

// filled is what fills a text, said already.
type filled string

func (f filled) Error() string { return string(f) }

// filling is what fills a text, in the language.
func (l Lang) filling(value any) any {
	switch v := value.(type) {
	case diag.Sayer:
		return filled(l.Text(v.Said()))
	case error:
		return filled(l.Error(v))
	}
	return value
}

// spoken is the text with times as people say them, not as a file has them: 30 min and 18 s, not 30m0s and 18s.
func (l Lang) spoken(t diag.Text) diag.Text {
	args := slices.Clone(t.Args)
	for i, a := range args {
		switch v := a.(type) {
		case time.Duration:
			if v >= 0 {
				args[i] = diag.Word(l.Span(v))
			}
		case diag.Sayer:
			args[i] = l.spoken(v.Said())
		}
	}
	return diag.Text{Format: t.Format, Args: args}
}

// Error says an error, which may be several, a line each, in which no name makes another; "" for nil.
func (l Lang) Error(err error) string {
	if err == nil {
		return ""
	}
	switch e := err.(type) {
	case diag.List:
		return l.lines(len(e), func(i int) string { return l.Located(e[i]) })
	case diag.Problem:
		return l.Located(e)
	case interface{ Unwrap() []error }:
		all := e.Unwrap()
		return l.lines(len(all), func(i int) string { return l.Error(all[i]) })
	}
	return Safe(l.one(err))
}

// one says one error.
func (l Lang) one(err error) string {
	if e, is := err.(diag.Sayer); is {
		return l.Text(e.Said())
	}
	if l == English {
		return err.Error()
	}
	switch e := err.(type) {
	case *fs.PathError:
		return e.Path + ": " + l.Error(e.Err)
	case *strconv.NumError:
		return l.Error(e.Err)
	}
	if said, known := foreign(err.Error()); known {
		return said
	}
	if inner := errors.Unwrap(err); inner != nil {
		if before, ok := strings.CutSuffix(err.Error(), inner.Error()); ok {
			return before + l.Error(inner)
		}
	}
	return err.Error()
}

// lines joins n texts.
func (l Lang) lines(n int, text func(i int) string) string {
	all := make([]string, n)
	for i := range all {
		all[i] = text(i)
	}
	return strings.Join(all, "\n")
}

// Located is a problem with its place, in English as compilers write it.
func (l Lang) Located(p diag.Problem) string {
	severity := "problem-error"
	if p.Severity == diag.Warning {
		severity = "problem-warning"
	}
	return l.Say(severity, Safe(l.place(p)), Safe(l.message(p)))
}

// place is where a problem is, with a colon and a blank behind it.
func (l Lang) place(p diag.Problem) string {
	if p.File == "" && p.Line > 0 {
		return l.Say("line-lead", p.Line)
	}
	return p.Place()
}

// message is what is wrong.
func (l Lang) message(p diag.Problem) string {
	if p.Said.Format == "" {
		return p.Message
	}
	if p.Severity == diag.Warning { // an error tells of what is to be typed
		return l.Text(l.spoken(p.Said))
	}
	return l.Text(p.Said)
}
