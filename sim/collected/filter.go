package collected

import (
	"html"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"ipwsim/sim/mail/settings"
)

// verdict is whether the watcher's event 100 passes a filter.
type verdict int

const (
	fails verdict = iota
	unsure
	passes
)

// filter reads the XPath of an event trigger, as far as Windows has it for event logs.
type filter struct {
	rest     string
	host     string   // the computer's name; "": not known
	anyHost  bool     // it is whatever is asked for
	unknown  []string // what it asks for and nobody knows of the event
	computer string   // another computer that it asks for; "": none
	depth    int
	bad      bool // it is not to be read
}

// watcherSource is the source of the watcher's events.
const watcherSource = "IPWCS"

// mostDepth bounds parentheses in parentheses.
const mostDepth = 50

// pass says whether event 100 passes the query, and what it asks for that is not known of the event.
func (f filter) pass(query string) (v verdict, after filter) {
	if query = html.UnescapeString(query); !strings.Contains(query, watcherSource) && !strings.Contains(query, "EventID") {
		return fails, f // it is for all events there are
	}
	f.rest = query
	v = f.or("")
	if !f.bad && strings.TrimSpace(f.rest) == "" {
		return v, f
	}
	if event100.MatchString(query) && (strings.Contains(query, watcherSource) || !strings.Contains(query, "Provider")) {
		return passes, filter{}
	}
	return fails, filter{}
}

func (f *filter) or(within string) verdict {
	v := f.and(within)
	for f.next(orPattern) != "" {
		v = max(v, f.and(within))
	}
	return v
}

func (f *filter) and(within string) verdict {
	v := f.term(within)
	for f.next(andPattern) != "" {
		v = min(v, f.term(within))
	}
	return v
}

var (
	orPattern   = regexp.MustCompile(`^\s*(or)\b`)
	andPattern  = regexp.MustCompile(`^\s*(and)\b`)
	namePattern = regexp.MustCompile(`^\s*(@?[A-Za-z_][A-Za-z0-9_]*|\*|\.)`)
	operator    = regexp.MustCompile(`^\s*(!=|<=|>=|=|<|>)`)
	literal     = regexp.MustCompile(`^\s*('[^']*'|"[^"]*"|-?[0-9]+)`)
	arguments   = regexp.MustCompile(`^([^()]*)\)`)
)

// next takes what the pattern finds; "": it is not there.
func (f *filter) next(pattern *regexp.Regexp) string {
	m := pattern.FindStringSubmatch(f.rest)
	if m == nil {
		return ""
	}
	f.rest = f.rest[len(m[0]):]
	return m[1]
}

// sign takes a bracket or a slash.
func (f *filter) sign(s string) bool {
	rest, is := strings.CutPrefix(strings.TrimLeft(f.rest, " \t\n"), s)
	if is {
		f.rest = rest
	}
	return is
}

// expect takes a bracket that has to be there.
func (f *filter) expect(s string) { f.bad = !f.sign(s) || f.bad }

// term is a part in parentheses, a function, or a path with what it is compared to.
func (f *filter) term(within string) verdict {
	f.depth++
	defer func() { f.depth-- }()
	if f.bad = f.bad || f.depth > mostDepth; f.bad {
		return fails
	}
	if f.sign("(") {
		v := f.or(within)
		f.expect(")")
		return v
	}
	name := f.next(namePattern)
	f.bad = name == ""
	if !f.bad && f.sign("(") {
		return f.function(name, within)
	}
	v := passes
	for !f.bad {
		for f.sign("[") {
			v = min(v, f.or(name))
			f.expect("]")
		}
		if !f.sign("/") {
			break
		}
		within, name = name, f.next(namePattern)
		f.bad = f.bad || name == ""
	}
	by, to := f.comparison()
	return min(v, f.compare(name, within, by, to))
}

// function is one behind its opening parenthesis. An event that is new is younger than any age.
func (f *filter) function(name, within string) verdict {
	if name == "not" {
		v := passes - f.or(within)
		f.expect(")")
		return v
	}
	of := f.next(arguments)
	by, _ := f.comparison()
	switch {
	case of == "":
		f.bad = true
	case name == "timediff" && strings.HasPrefix(by, "<"):
		return passes
	}
	return f.doubt(strings.TrimSpace(strings.Split(of, ",")[0]))
}

// comparison takes an operator and what stands behind it, without its quotes; "": there is none.
func (f *filter) comparison() (by, to string) {
	if by = f.next(operator); by == "" {
		return "", ""
	}
	to = f.next(literal)
	f.bad = f.bad || to == ""
	return by, strings.Trim(to, `'"`)
}

// doubt keeps what is not known of the event.
func (f *filter) doubt(name string) verdict {
	if name = strings.TrimPrefix(name, "@"); !slices.Contains(f.unknown, name) {
		f.unknown = append(f.unknown, name)
	}
	return unsure
}

// compare holds event 100 against what is asked for.
//
// Inferred: it is information, as Windows has it that a program reports: of Level 4, or 0 to some.
func (f *filter) compare(name, within, by, to string) verdict {
	equal := by == "="
	switch {
	case by == "":
		return passes
	case name == "EventID":
		return ofNumber(100, by, to)
	case name == "@Name" && within == "Provider":
		return when((to == watcherSource) == equal)
	case name == "Channel":
		return when(isOne(to, WatcherLog) == equal)
	case name == "Computer" && f.anyHost:
		return passes
	case name == "Computer" && f.host != "":
		if settings.SameComputer(to, f.host) == equal {
			return passes
		}
		f.computer = to
		return fails
	case name == "Level" && equal && (to == "4" || to == "0"):
		return passes
	}
	return f.doubt(name)
}

func when(is bool) verdict {
	if is {
		return passes
	}
	return fails
}

// ofNumber compares a number with the text of another.
func ofNumber(n int, by, to string) verdict {
	m, err := strconv.Atoi(to)
	is := map[string]bool{"=": n == m, "!=": n != m, "<": n < m, "<=": n <= m, ">": n > m, ">=": n >= m}[by]
	return when(is && err == nil)
}
