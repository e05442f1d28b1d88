package mail

import (
	"errors"
	"io/fs"
	"os"
	"strings"
	"time"

	"github.com/emersion/go-smtp"

	"ipwsim/sim/mail/folder"
	"ipwsim/sim/trace"
)

// How many domains are served at once. Inferred.
const (
	maxTalks = 100
	maxDeaf  = maxTalks / 2 // of them, those whose server did not answer the last time
)

// destinations are the domains of others for which the queue holds mail: one conversation with each at a time, so that
// none waits for another (M9).
type destinations struct {
	next map[string]time.Time // when a copy is due again, by its name
	busy map[string]bool      // domains that are being served
	deaf map[string]bool      // those whose server did not answer the last time
}

func newDestinations() destinations {
	return destinations{next: map[string]time.Time{}, busy: map[string]bool{}, deaf: map[string]bool{}}
}

// relayAll serves other domains until the machine ends.
//
// When a copy is tried again follows from its age alone: at each multiple of RetryAfter, until
// RetryFor. So the times survive a failover without a word on the share. That a copy was tried
// is remembered by the service only; one that starts, or takes over, tries everything at once.
func (s *EPSTDS) relayAll() {
	for {
		if s.maySend() {
			for _, d := range s.due() {
				s.host.Go("EPSTDS "+d.domain, func() { s.serve(d) })
			}
		} else {
			s.mu.Lock()
			clear(s.outside.next)
			s.mu.Unlock()
		}
		if !s.host.Sleep(queueTime) {
			return
		}
	}
}

// burden is what is due for a domain.
type burden struct {
	domain string
	copies []folder.Queued
}

// due takes the domains for which something is due, by the age of the oldest of it, as many as may be served at once.
func (s *EPSTDS) due() (all []*burden) {
	now := s.host.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	o := &s.outside
	next := make(map[string]time.Time, len(o.next))
	loads := map[string]*burden{}
	talks, deaf := len(o.busy), 0
	for d := range o.busy { // order: counted
		if o.deaf[d] {
			deaf++
		}
	}
	for _, c := range s.copies {
		to := s.known[c.Name]
		if to == "" || s.local(to) {
			continue
		}
		at, tried := o.next[c.Name]
		if tried {
			next[c.Name] = at
		}
		domain := domainOf(to)
		if now.Before(at) || o.busy[domain] {
			continue
		}
		l := loads[domain]
		switch {
		case l != nil:
		case talks >= maxTalks || o.deaf[domain] && deaf >= maxDeaf:
			continue
		default:
			l = &burden{domain: domain}
			loads[domain], all = l, append(all, l)
			talks++
			if o.deaf[domain] {
				deaf++
			}
		}
		l.copies = append(l.copies, c)
	}
	for _, l := range all {
		o.busy[l.domain] = true
	}
	o.next = next
	return all
}

func domainOf(to string) string {
	_, domain, _ := cutAddress(to)
	return strings.ToLower(domain)
}

// serve tries the copies for a domain, one after the other. What the server leaves without an answer puts off all
// of them: each on its own would wait as long.
func (s *EPSTDS) serve(l *burden) {
	deaf := false
	for _, c := range l.copies {
		if !s.maySend() {
			break
		}
		err := s.relayOne(c)
		if deaf = unanswered(err); !deaf {
			continue
		}
		for _, other := range s.waiting(l.domain) {
			if s.maySend() {
				s.failed(other, err)
			}
		}
		break
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.outside.busy, l.domain)
	delete(s.outside.deaf, l.domain)
	if deaf {
		s.outside.deaf[l.domain] = true
	}
}

// waiting are the copies for a domain that are due.
func (s *EPSTDS) waiting(domain string) (all []folder.Queued) {
	now := s.host.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.copies {
		if to := s.known[c.Name]; domainOf(to) == domain && !now.Before(s.outside.next[c.Name]) {
			all = append(all, c)
		}
	}
	return all
}

// unanswered says whether a try failed for want of an answer.
func unanswered(err error) bool {
	var at stageError
	var said *smtp.SMTPError
	switch {
	case err == nil, off(err), errors.As(err, &said):
		return false
	case errors.Is(err, errNoName), errors.Is(err, os.ErrDeadlineExceeded):
		return true
	}
	return errors.As(err, &at) && (at.stage == trace.AtConnect || at.stage == trace.AtGreeting)
}

// relayOne tries a copy. The error is that of a conversation; what came of it is recorded.
func (s *EPSTDS) relayOne(c folder.Queued) error {
	s.mu.Lock()
	sent := s.sent[c.Name]
	v, given := s.given[c.Name]
	s.mu.Unlock()
	switch {
	case sent:
		s.done(c)
		return nil
	case given:
		s.goOn(c, v)
		return nil
	}
	m, err := s.folder.Open(c.Name)
	if err != nil {
		s.tellInUse(c, s.recipient(c), err)
		return nil // another node has done it, or the share is away
	}
	if n := hops(m.Message); n > maxHops {
		s.giveUp(c, verdict{ground: trace.GroundLoop, why: tooManyHops(n)})
		return nil
	}
	err = s.relay(c, m)
	switch {
	case err == nil, off(err), errors.Is(err, fs.ErrNotExist):
	case errors.Is(err, errItself):
		s.giveUp(c, verdict{ground: trace.GroundLoop, why: err.Error()})
	default:
		s.failed(c, err)
	}
	return err
}

// failed gives a copy up whose try failed, or puts it off.
func (s *EPSTDS) failed(c folder.Queued, err error) {
	d, why, age, code := s.node.Delivery, err.Error(), s.age(c.Since), answered(err)
	switch {
	case code >= 500:
		s.giveUp(c, verdict{ground: trace.GroundAnswer, code: code, why: why})
	case age >= d.RetryFor:
		s.giveUp(c, verdict{ground: trace.GroundAge, code: code, why: why})
	default:
		wait := min((age/d.RetryAfter+1)*d.RetryAfter, d.RetryFor) - age
		if errors.Is(err, errHeld) {
			wait = min(wait, restTime)
		}
		s.mu.Lock()
		to := s.known[c.Name]
		s.outside.next[c.Name] = s.host.Now().Add(wait)
		s.mu.Unlock()
		s.host.Record(trace.MailRetry{ID: c.ID, To: to, Try: int(age/d.RetryAfter) + 1, Why: why, Next: wait})
	}
}

// answered is what the server answered to a try that failed; 0 where it said nothing.
func answered(err error) int {
	var said *smtp.SMTPError
	if errors.As(err, &said) {
		return said.Code
	}
	return 0
}

// age is how long a copy has been in the queue that came there by the share's clock.
func (s *EPSTDS) age(since time.Time) time.Duration { return max(0, s.host.Now().Sub(since)) }
