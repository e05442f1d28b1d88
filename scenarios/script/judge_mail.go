package script

import (
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"ipwsim/scenarios/check"
	"ipwsim/sim/trace"
)

// mailWords are what `expect mail` can speak of, with what it counts of a stretch. What becomes of a
// message in the end is known at the end of the run: queued, lost and doubled speak of all of it.
var mailWords = map[string]func(t *trace.Trace, covers func(time.Duration) bool) int{
	"accepted":  copies(func(c check.Copy) (bool, time.Duration) { return true, c.Accepted }),
	"again":     copies(func(c check.Copy) (bool, time.Duration) { return c.Again, c.Accepted }),
	"delivered": records(func(b trace.Body) bool { _, ok := b.(trace.MailDeliver); return ok }),
	"relayed":   records(func(b trace.Body) bool { _, ok := b.(trace.MailTaken); return ok }),
	"bounced":   records(func(b trace.Body) bool { _, ok := b.(trace.MailBounce); return ok }),
	"retried":   records(func(b trace.Body) bool { _, ok := b.(trace.MailRetry); return ok }),
	"read":      records(func(b trace.Body) bool { _, ok := b.(trace.MailFetch); return ok }),
	"broken":    records(func(b trace.Body) bool { s, ok := b.(trace.MailSession); return ok && s.End == "broken" }),
	"failed":    records(func(b trace.Body) bool { s, ok := b.(trace.MailSend); return ok && s.Code != 250 }),
	"queued":    copies(func(c check.Copy) (bool, time.Duration) { return c.Queued > 0, whole }),
	"lost":      copies(func(c check.Copy) (bool, time.Duration) { return c.Lost(), whole }),
	"doubled":   copies(func(c check.Copy) (bool, time.Duration) { return c.Doubled(), whole }),
}

// whole is the time of what every stretch speaks of.
const whole = time.Duration(-1)

// mailChoice is the words, sorted.
func mailChoice() []string { return slices.Sorted(maps.Keys(mailWords)) }

func copies(pick func(check.Copy) (bool, time.Duration)) func(*trace.Trace, func(time.Duration) bool) int {
	return func(t *trace.Trace, covers func(time.Duration) bool) int {
		n := 0
		for _, c := range check.MailOf(t).Copies {
			if yes, at := pick(c); yes && (at == whole || covers(at)) {
				n++
			}
		}
		return n
	}
}

func records(pick func(trace.Body) bool) func(*trace.Trace, func(time.Duration) bool) int {
	return func(t *trace.Trace, covers func(time.Duration) bool) int {
		n := 0
		for _, r := range t.Records {
			if covers(r.At) && pick(r.Body) {
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

func (j *judge) mail(e Expect) (bool, string) {
	least, most, _ := numbers(e.Args[1]) // Parse has seen to it
	n := mailWords[e.Args[0]](j.outcome.Trace, e.Covers)
	return n >= least && n <= most, fmt.Sprintf("%d %s", n, e.Args[0])
}

// delivery holds the copies accepted in the stretch to a time until each is served.
func (j *judge) delivery(e Expect) (bool, string) {
	var longest measured
	n := 0
	for _, c := range check.MailOf(j.outcome.Trace).Copies {
		if !e.Covers(c.Accepted) {
			continue
		}
		n++
		if len(e.Args) == 0 {
			return true, "message " + c.MessageID + " was accepted"
		}
		m := measured{c.To, c.Served - c.Accepted, c.Served == 0}
		if m.open {
			m.d = j.outcome.Trace.End - c.Accepted
		}
		if m.d < e.Min || m.d > e.Max || m.open {
			return false, fmt.Sprintf("message %s took %s", c.MessageID, m.text())
		}
		if n == 1 || m.longer(longest) {
			longest = m
		}
	}
	if n == 0 {
		return false, "no mail was accepted in this stretch"
	}
	return true, "at most " + longest.text()
}

// connect looks at the connections that ended in the stretch.
func (j *judge) connect(e Expect) (bool, string) {
	want := netip.MustParseAddrPort(e.Args[1]) // Parse has seen to it
	seen := "no connection to it ended in this stretch"
	ok := e.Not // no data: false, and so is its opposite
	for _, r := range j.outcome.Trace.Records {
		c, is := r.Body.(trace.Connect)
		if is && r.Host == e.Args[0] && c.Server == want && e.Covers(r.At) {
			seen, ok = string(c.Outcome), string(c.Outcome) == e.Args[2]
		}
	}
	return ok, seen
}
