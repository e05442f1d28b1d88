package setup

import (
	"fmt"
	"strings"
	"unicode"

	"ipwsim/core/diag"
	"ipwsim/sim/collected"
)

// line writes a line of cluster.toml.
func (d *draft) line(layout string, with ...any) { fmt.Fprintf(&d.toml, layout+"\n", with...) }

// comment is a text in one line of a comment: names of files may hold anything.
func (d *draft) comment(t diag.Text) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return '?'
		}
		return r
	}, d.Say(t))
}

// fact writes a key that a file says, with its place.
func (d *draft) fact(key, value string, at fmt.Stringer) {
	d.line("%s = %s  # %s", key, value, d.comment(diag.Say("%s", at.String())))
}

// assume writes a key that no file says.
func (d *draft) assume(key, value string, why diag.Text) {
	d.line("%s = %s  # %s", key, value, d.comment(diag.Say("assumed: %w", why)))
	d.c.Assumed = append(d.c.Assumed, diag.Say("%s: %s = %s: %w", d.section, key, value, why))
}

// guess is the comment of what no file says and no key holds.
func (d *draft) guess(what diag.Text) string {
	d.c.Assumed = append(d.c.Assumed, what)
	return d.comment(diag.Say("assumed: %w", what))
}

// open leaves a line that is to be answered.
func (d *draft) open(what diag.Text) {
	d.line("# TODO: %s", d.comment(what))
	d.c.Open = append(d.c.Open, what)
}

// ask puts a question, if somebody is there, until the answer can be taken; "": there is none.
func (d *draft) ask(q Question) string {
	for d.Ask != nil && d.failed == nil {
		answer, err := d.Options.Ask(q)
		answer, d.failed = strings.TrimSpace(answer), err
		if answer == "" || q.takes == nil {
			return answer
		}
		if q.Refused = q.takes(answer); q.Refused == nil {
			return answer
		}
	}
	return ""
}

// settle writes a key that no file says: as it is answered, else as it is assumed, else it stays open.
func (d *draft) settle(key string, q Question, why diag.Text) {
	if d.Check != nil {
		q.takes = func(s string) error { return d.Check(d.section == "active" || d.section == "standby", key, s) }
	}
	switch answer := d.ask(q); {
	case answer != "":
		d.line("%s = %s  # %s", key, quoted(answer), d.comment(diag.Say("as answered")))
	case q.Assumed != "":
		d.assume(key, quoted(q.Assumed), why)
	default:
		d.open(diag.Say("%s: %s = ? %w", d.section, key, q.Text))
	}
}

// quoted is a string of TOML: one with backslashes as it is read, if that can be.
func quoted(s string) string {
	odd := func(r rune) bool { return r == '\'' || unicode.IsControl(r) || r == unicode.ReplacementChar }
	if strings.Contains(s, `\`) && !strings.ContainsFunc(s, odd) {
		return "'" + s + "'"
	}
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteString(`\` + string(r))
		case unicode.IsControl(r):
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String() + `"`
}

// contradict tells two places that do not agree; the first is believed.
func (d *draft) contradict(what diag.Text, first, second collected.Value) {
	if first.Found() && second.Found() && !strings.EqualFold(first.Text, second.Text) {
		d.problems.Warnf(second.File, second.Line, "%w is %s here and %s in %s, which is taken", what, second.Text, first.Text, first.Place)
	}
}
