package search

import (
	"cmp"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"ipwsim/sim/trace"
)

// aimed leaves out what could not be left out alone, so that one of the others hits the moment again that it hit with it. Most
// mail is so slow where a fault hits it half-way that each letter less brings forward all that comes after it.
func (s *shrinker) aimed() (changed bool) {
	if s.trace == nil {
		s.play(s.Case)
	}
	for i := 0; i < len(s.Faults) && len(s.Faults) > few && s.trace != nil; {
		hold := s.HealAt + later
		if s.try(func(c *Case) { c.leaveOut(i); c.Hold = hold }) || s.aim(i) {
			changed = true
		} else {
			i++
		}
	}
	return changed
}

// pairs leaves out two that only together can be.
func (s *shrinker) pairs() bool {
	for i := range s.Faults {
		for k := i + 1; k < len(s.Faults); k++ {
			if s.try(func(c *Case) { c.leaveOut(k); c.leaveOut(i) }) {
				return true
			}
		}
	}
	return false
}

// leaveOut leaves out the i-th fault.
func (c *Case) leaveOut(i int) { c.Faults = slices.Delete(slices.Clone(c.Faults), i, i+1) }

// aim leaves out the i-th fault, and aims others at what they hit with it.
func (s *shrinker) aim(i int) bool {
	next, ok := s.changed(func(c *Case) { c.leaveOut(i) })
	if !ok {
		return false
	}
	t, taken := s.play(next)
	if taken || t == nil {
		return taken
	}
	hits := 0
	for j := len(s.Faults) - 1; j >= 0 && hits < mostHits; j-- {
		if j == i || !s.Faults[j].hits() {
			continue
		}
		hits++
		for _, aimed := range s.aims(t, j) {
			if s.try(func(c *Case) { c.Faults = aimed; c.leaveOut(i); sortFaults(c.Faults) }) {
				return true
			}
		}
	}
	return false
}

// aims are the faults where the j-th hits anew what it hit before, in a run without another one.
func (s *shrinker) aims(t *trace.Trace, j int) (all [][]Fault) {
	if what, count, _ := strings.Cut(s.Faults[j].Rest, " "); s.Faults[j].Verb == "share-crash" { // at the n-th thing that the share does
		n, _ := strconv.Atoi(count)
		for less := n - 1; less > 0 && n-less <= mostShifts; less-- {
			faults := slices.Clone(s.Faults)
			faults[j].Rest = fmt.Sprint(what, " ", less)
			all = append(all, faults)
		}
		return all
	}
	for _, by := range shifts(s.trace, t, s.Faults[j].At) {
		all = append(all, moved(s.Faults, j, by))
	}
	return all
}

// How many faults are aimed anew where one is left out, and how often each; and how much later the healing comes where it
// was for its healing, which put off the rest of it.
const (
	mostHits   = 2
	mostShifts = 12
	later      = 2 * soon
)

// hits says whether the fault breaks something: what people do does not, and what mends.
func (f Fault) hits() bool {
	last := f.Rest[strings.LastIndexByte(f.Rest, ' ')+1:]
	return !f.isPeoples() && !slices.Contains(slices.Collect(maps.Values(mends)), f.Verb) && !slices.Contains([]string{"ok", "none", "takes"}, last)
}

// isPeoples says whether it is something that people do.
func (f Fault) isPeoples() bool {
	return slices.Contains([]string{"send", "read", "ping", "connect", "type"}, f.Verb)
}

// moved are the faults with the j-th by so much later, and what follows it but for what people do, which is as far behind it
// as before.
func moved(all []Fault, j int, by time.Duration) []Fault {
	all = slices.Clone(all)
	for k := range all {
		if k == j || k > j && !all[k].isPeoples() {
			all[k].At = max(all[k].At+by, time.Millisecond)
		}
	}
	return all
}

// shifts are by how much later something must come to hit in one run what it hit in the other at that time: what happened
// to mail next to it, the last of each kind before it and the first behind it, happens at other times.
func shifts(before, now *trace.Trace, at time.Duration) (all []time.Duration) {
	const far = 20 * time.Second
	marks := marksAt(before, at)
	by := make([][]time.Duration, len(marks))
	for r := range now.All() {
		m, ok := momentOf(r)
		for i := 0; ok && i < len(marks); i++ {
			if shift := r.At - marks[i].at; marks[i].moment == m && shift.Abs() <= far {
				by[i] = append(by[i], shift)
			}
		}
	}
	var rest []time.Duration
	for i, some := range by {
		if rest = append(rest, some...); i < 2 {
			all = apart(all, byLength(some), exact, (i+1)*mostShifts/4)
		}
	}
	return apart(all, byLength(rest), rough, mostShifts)
}

// mark is what happened next to a time.
type mark struct {
	moment
	at time.Duration
}

// marksAt are those of a run, the nearest first.
func marksAt(t *trace.Trace, at time.Duration) (all []mark) {
	const near = 5 * time.Second
	for r := range t.All() {
		m, ok := momentOf(r)
		if !ok || (r.At-at).Abs() > near {
			continue
		}
		switch i := slices.IndexFunc(all, func(o mark) bool { return o.moment == m && (o.at <= at) == (r.At <= at) }); {
		case i < 0:
			all = append(all, mark{m, r.At})
		case r.At <= at:
			all[i].at = r.At
		}
	}
	slices.SortStableFunc(all, func(a, b mark) int { return cmp.Compare((a.at - at).Abs(), (b.at - at).Abs()) })
	return all
}

// How near to each other shifts may be: some hit a moment only, others a stretch.
const exact, rough = time.Millisecond, 200 * time.Millisecond

// byLength has the least first.
func byLength(all []time.Duration) []time.Duration {
	slices.SortStableFunc(all, func(a, b time.Duration) int { return cmp.Compare(a.Abs(), b.Abs()) })
	return all
}

// apart adds to some what is not so near to 0 or to one of them, up to so many.
func apart(some, all []time.Duration, near time.Duration, most int) []time.Duration {
	for _, by := range all {
		have := func(one time.Duration) bool { return (one - by).Abs() < near }
		if len(some) < most && !have(0) && !slices.ContainsFunc(some, have) {
			some = append(some, by)
		}
	}
	return some
}

// moment is what happened to mail, and where.
type moment struct {
	host string
	kind reflect.Type
	do   trace.ShareChange
	away bool // from a mailbox
}

// momentOf is what a record tells of mail; false for others.
func momentOf(r *trace.Record) (m moment, ok bool) {
	m = moment{host: r.Host, kind: reflect.TypeOf(r.Body)}
	switch b := r.Body.(type) {
	case trace.MailFile:
		m.do, m.away = b.Do, strings.Contains(b.File, "inbox/")
	case trace.MailAccept, trace.MailDeliver, trace.MailRelay, trace.MailTaken, trace.MailRetry, trace.MailExpunge, trace.MailSend, trace.MailFetch, trace.MailPoll, trace.MailSession:
	default:
		return m, false
	}
	return m, true
}
