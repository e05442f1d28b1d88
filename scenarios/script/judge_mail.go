package script

import (
	"maps"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

// mailWords are what `expect mail` can speak of, with what it counts of a stretch. What becomes of a
// message in the end is known at the end of the run: queued, underway, lost and doubled speak of all of it.
var mailWords = map[string]func(j *judge, e *Expect) int{
	"accepted":  copies(func(c *finding.Copy, e *Expect) bool { return e.Covers(c.Accepted) }),
	"again":     copies(func(c *finding.Copy, e *Expect) bool { return c.Again && e.Covers(c.Accepted) }),
	"queued":    copies(func(c *finding.Copy, _ *Expect) bool { return c.Queued > 0 }),
	"lost":      copies(func(c *finding.Copy, _ *Expect) bool { return c.Fate() == finding.Lost }),
	"doubled":   copies(func(c *finding.Copy, _ *Expect) bool { return c.Fate() == finding.Doubled }),
	"underway":  copies(func(c *finding.Copy, _ *Expect) bool { return c.Fate() == finding.UnderWay }),
	"delivered": records(func(b trace.Body) bool { _, ok := b.(trace.MailDeliver); return ok }),
	"relayed":   records(func(b trace.Body) bool { _, ok := b.(trace.MailTaken); return ok }),
	"bounced": copies(func(c *finding.Copy, e *Expect) bool {
		return c.Bounced > 0 && slices.ContainsFunc(c.Sendings, func(s finding.Sending) bool { return s.Report && e.Covers(s.At) })
	}),
	"retried": records(func(b trace.Body) bool { _, ok := b.(trace.MailRetry); return ok }),
	"read":    records(func(b trace.Body) bool { _, ok := b.(trace.MailFetch); return ok }),
	"broken":  records(func(b trace.Body) bool { s, ok := b.(trace.MailSession); return ok && s.End == trace.BrokenEnd }),
	"failed":  records(func(b trace.Body) bool { s, ok := b.(trace.MailSend); return ok && (s.Code != 250 || s.Refused != "") }),
}

// mailChoice is the words, sorted.
func mailChoice() []string { return slices.Sorted(maps.Keys(mailWords)) }

func copies(pick func(*finding.Copy, *Expect) bool) func(*judge, *Expect) int {
	return func(j *judge, e *Expect) (n int) {
		if j.facts.Mail == nil {
			return 0
		}
		for i := range j.facts.Mail.Copies {
			if pick(&j.facts.Mail.Copies[i], e) {
				n++
			}
		}
		return n
	}
}

func records(pick func(trace.Body) bool) func(*judge, *Expect) int {
	return func(j *judge, e *Expect) (n int) {
		for r := range j.trace.All() {
			if e.Covers(r.At) && pick(r.Body) {
				n++
			}
		}
		return n
	}
}

// numbers reads a range of counts, as 10..20, or one number.
func numbers(word string) (least, most int, ok bool) {
	lo, hi, ranged := strings.Cut(word, "..")
	if !ranged {
		hi = lo
	}
	least, err1 := strconv.Atoi(lo)
	most, err2 := strconv.Atoi(hi)
	return least, most, err1 == nil && err2 == nil && least >= 0 && least <= most
}

func (j *judge) mail(e *Expect) (bool, []finding.Note) {
	least, most, _ := numbers(e.Args[1]) // Parse has seen to it
	n := mailWords[e.Args[0]](j, e)
	return n >= least && n <= most, []finding.Note{{Kind: "seen.mail", N: n, Text: e.Args[0]}}
}

// delivery holds the copies accepted in the stretch to a time until each is served. One that is younger than
// that when the run ends is not judged.
func (j *judge) delivery(e *Expect) (bool, []finding.Note) {
	if j.facts.Mail == nil {
		return false, note("seen.no-mail")
	}
	var longest finding.Note
	n := 0
	for i := range j.facts.Mail.Copies {
		c := &j.facts.Mail.Copies[i]
		if !e.Covers(c.Accepted) {
			continue
		}
		m := finding.Note{Kind: "seen.delivery", Client: c.To, Text: c.Name(), Time: c.Served - c.Accepted, Open: c.Served == 0}
		if m.Open {
			m.Time = j.trace.End - c.Accepted
			if m.Time < e.Band.Most {
				continue
			}
		}
		if n++; len(e.Args) > 0 && (m.Open || !e.Band.Holds(m.Time)) {
			return false, []finding.Note{m}
		}
		if n == 1 || longer(m, longest) {
			longest = m
		}
	}
	if n == 0 {
		return false, note("seen.no-mail")
	}
	return true, []finding.Note{longest}
}

// connect looks at the connections that ended in the stretch.
func (j *judge) connect(e *Expect) (bool, []finding.Note) {
	want := netip.MustParseAddrPort(e.Args[1])    // Parse has seen to it
	ok, seen := e.Not, note("seen.no-connection") // no data: false, and so is its opposite
	for r := range j.trace.All() {
		c, is := r.Body.(trace.Connect)
		if is && r.Host == e.Args[0] && c.Server == want && e.Covers(r.At) {
			ok, seen = string(c.Outcome) == e.Args[2], text(string(c.Outcome))
		}
	}
	return ok, seen
}
