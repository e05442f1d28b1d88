package verb

import (
	"slices"
	"strings"
	"time"

	"ipwsim/core/diag"
	"ipwsim/sim/world"
)

// word is an Arg of one of the words that a verb knows.
type word string

func (w word) String() string { return string(w) }

// oneOf reads one of the words.
func oneOf(known ...string) func([]string) (Arg, error) {
	return func(words []string) (Arg, error) {
		switch {
		case len(words) != 1:
			return nil, errForm
		case !slices.Contains(known, words[0]):
			last := len(known) - 1
			return nil, diag.Errorf("found %q, expected %s or %s", words[0], strings.Join(known[:last], ", "), known[last])
		}
		return word(words[0]), nil
	}
}

// is says whether the call has that word.
func is(w word) func(Call) bool { return func(c Call) bool { return c.Arg == w } }

func always(Call) bool { return true }

// MaxTime is the longest virtual time of a run, and of what lasts in it: a month.
const MaxTime = 31 * 24 * time.Hour

// span is how long a fault lasts.
type span time.Duration

func (s span) String() string       { return time.Duration(s).String() }
func (s span) lasts() time.Duration { return time.Duration(s) }

func parseSpan(words []string) (Arg, error) {
	if len(words) != 1 {
		return nil, errForm
	}
	d, err := time.ParseDuration(words[0])
	if err != nil || d <= 0 || d > MaxTime {
		return nil, diag.Errorf("%q is not a duration above 0, up to 744h, as 1s or 500ms", words[0])
	}
	return span(d), nil
}

// endOf is an end of the cable that a verb is aimed at.
type endOf string

func (e endOf) String() string { return string(e) }

func (e endOf) names(c Call) []Name { return []Name{{End, string(e), c.Target}} }

func (e endOf) resolved(w *world.World) (Arg, error) {
	name, err := w.Who(string(e))
	return endOf(name), err
}

func parseEnd(words []string) (Arg, error) {
	if len(words) != 1 {
		return nil, errForm
	}
	return endOf(words[0]), nil
}
