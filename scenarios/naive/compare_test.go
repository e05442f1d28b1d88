package naive_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"ipwsim/scenarios/check"
	"ipwsim/scenarios/facts"
	"ipwsim/scenarios/naive"
	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

// account is all that is said of a run, one thing a line.
type account []string

func (a *account) add(format string, args ...any) { *a = append(*a, fmt.Sprintf(format, args...)) }

// byReader is the account of the facts and checks that the program uses.
func byReader(t *trace.Trace) account { return ofFacts(facts.Read(t)) }

func ofFacts(f *facts.Facts) (a account) {
	a.uses(f.Uses)
	a.failbacks(f.Failbacks)
	a.duals(f.Duals)
	a.holdings(f.Holdings)
	a.clashes(f.Clashes)
	a.mail(f.Mail)
	a.results(check.All(f))
	return a
}

// byNaive is that of the second definition.
func byNaive(t *trace.Trace) (a account) {
	r := naive.Read(t)
	a.uses(r.Uses())
	a.failbacks(r.Failbacks())
	a.duals(r.Duals())
	a.holdings(r.Holdings())
	a.clashes(r.Clashes())
	a.mail(r.Mail())
	a.results(r.Judge())
	return a
}

func (a *account) uses(all []finding.Use) {
	for _, u := range all {
		a.add("%s %v: never %v, since %v", u.Client, u.VIP, u.Never, u.Since)
		for _, s := range u.Answered {
			a.add("%s %v: answered %v - %v by %v", u.Client, u.VIP, s.From, s.To, s.By)
		}
		for i := range u.Outages {
			o := &u.Outages[i]
			a.add("%s %v: outage %v - %v open %v before %v after %v loss %q taken %v added %v kind %v cause %+v dual %v parts %v pings %v",
				o.Client, o.VIP, o.From, o.To, o.Open, o.Before, o.After, o.Loss, o.Taken, o.Added, o.Kind, o.Cause, o.Dual, sorted(o.Parts), o.Pings)
		}
	}
}

// sorted are the parts in one order.
func sorted(parts []finding.Part) []finding.Part {
	parts = slices.Clone(parts)
	slices.SortFunc(parts, func(a, b finding.Part) int { return cmp.Compare(a.What, b.What) })
	return parts
}

func (a *account) failbacks(all []finding.Failback) {
	for _, f := range all {
		f.Promise = finding.Promise{}
		a.add("failback %+v", f)
	}
}

func (a *account) duals(all []finding.Dual) {
	for _, d := range all {
		a.add("dual %+v", d)
	}
}

func (a *account) holdings(all []finding.Holding) {
	for _, h := range all {
		a.add("holding %+v", h)
	}
}

func (a *account) clashes(all []finding.Clash) {
	for _, c := range all {
		a.add("clash %+v", c)
	}
}

func (a *account) mail(m *finding.Mail) {
	if m == nil {
		a.add("mail: none")
		return
	}
	a.add("mail: audited %v again %d drafts %d read %d unread %d broken %d", m.Audited, m.Again, m.Drafts, m.Read, m.Unread, m.Broken)
	for _, c := range m.Copies {
		why := because(c.Why)
		c.Why = nil
		a.add("copy %+v: %v%s", c, c.Fate(), why)
	}
	for _, t := range m.Told {
		a.add("told %+v", t)
	}
	for _, b := range m.Bounces {
		a.add("bounce %+v", b)
	}
	for _, k := range m.Kept {
		a.add("kept %+v", k)
	}
	for _, u := range m.Unheld {
		a.add("unheld %+v", u)
	}
}

func (a *account) results(all []finding.Result) {
	for _, r := range all {
		if r.ID == "P10" || r.ID == "P11" { // of ports and machines, which the second definition does not look at
			continue
		}
		a.add("%s: %s, %d judged%s", r.ID, r.Verdict, r.Judged, because(r.Reason))
		for _, f := range slices.Concat(r.Findings, r.Left) {
			a.add("%s: %s %s client %q vip %v node %q peer %q at %v until %v time %v open %v want %v - %v what %q text %q fault %d n %d%s",
				r.ID, f.Verdict, f.Kind, f.Client, f.VIP, f.Node, f.Peer, f.At, f.Until, f.Time, f.Open, f.Want.Least, f.Want.Most,
				f.What, f.Text, f.Fault, f.N, because(f.Because))
		}
	}
}

func because(n *finding.Note) string {
	if n == nil {
		return ""
	}
	return fmt.Sprintf("; because %s client %q vip %v node %q peer %q at %v text %q fault %d",
		n.Kind, n.Client, n.VIP, n.Node, n.Peer, n.At, n.Text, n.Fault)
}

// differences are the lines that only one of the accounts has.
func differences(reader, second account) string {
	if slices.Equal(reader, second) {
		return ""
	}
	var b strings.Builder
	only := func(who string, lines, others account) {
		for _, line := range lines {
			if !slices.Contains(others, line) {
				fmt.Fprintf(&b, "%s %s\n", who, line)
			}
		}
	}
	only("facts:", reader, second)
	only("naive:", second, reader)
	if b.Len() == 0 {
		return "the lines are the same, but not in one order:\n" + strings.Join(reader, "\n") + "\n\n" + strings.Join(second, "\n")
	}
	return b.String()
}
