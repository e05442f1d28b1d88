package mail

import (
	"errors"
	"fmt"
	"net/netip"
	"os"
	"strings"
	"syscall"
	"time"

	"github.com/emersion/go-smtp"

	"ipwsim/sim/mail/folder"
	"ipwsim/sim/trace"
)

// relayAll serves other domains until the machine ends, one copy after the other.
//
// When a copy is tried again follows from its age alone: at each multiple of RetryAfter, until
// RetryFor. So the times survive a failover without a word on the share. That a copy was tried
// is remembered by the service only; one that starts, or takes over, tries everything at once.
func (s *EPSTDS) relayAll() {
	next := map[string]time.Time{}
	for {
		next = s.relayRound(next)
		if !s.host.Sleep(queueTime) {
			return
		}
	}
}

// relayRound tries what is due and returns when each copy is due next. What is gone by now it finds
// gone.
func (s *EPSTDS) relayRound(next map[string]time.Time) map[string]time.Time {
	s.mu.Lock()
	copies := s.foreign
	s.mu.Unlock()
	later := map[string]time.Time{}
	for _, c := range copies {
		if !s.may() {
			return nil
		}
		at := next[c.Name]
		if !s.host.Now().Before(at) {
			at = s.host.Now().Add(s.relayOne(c))
		}
		later[c.Name] = at
	}
	return later
}

// relayOne tries a copy; when it is still to be sent it says after which time. 0: it is done.
func (s *EPSTDS) relayOne(c folder.Queued) time.Duration {
	if s.sent[c.Name] {
		s.done(c)
		return 0
	}
	m, err := s.folder.Open(c.Name)
	if err != nil {
		return 0 // another node has done it, or the share is away
	}
	try := int(s.age(c.Since)/s.node.Delivery.RetryAfter) + 1
	err = s.relay(c, m)
	if err == nil || off(err) {
		return 0
	}
	var said *smtp.SMTPError
	why := err.Error()
	switch age := s.age(c.Since); {
	case errors.As(err, &said) && said.Code >= 500:
		s.giveUp(c, "5.0.0", why)
	case age >= s.node.Delivery.RetryFor:
		s.giveUp(c, "4.4.7", why)
	default:
		d := s.node.Delivery
		wait := min((age/d.RetryAfter+1)*d.RetryAfter, d.RetryFor) - age
		s.host.Record(trace.MailRetry{ID: c.ID, To: m.To, Try: try, Why: why, Next: wait})
		return wait
	}
	return 0
}

// age is how long a copy has been in the queue that came there by the share's clock.
func (s *EPSTDS) age(since time.Time) time.Duration { return max(0, s.host.Now().Sub(since)) }

// stageError is an error with the part of the conversation in which it came.
type stageError struct {
	stage trace.MailStage
	err   error
}

func (e stageError) Error() string { return string(e.stage) + ": " + reason(e.err) }
func (e stageError) Unwrap() error { return e.err }

// relay sends a copy to the server of its domain and takes it out of the queue. A node that dies
// between the two sends it again: SMTP has no better.
func (s *EPSTDS) relay(c folder.Queued, m folder.Copy) error {
	servers, err := s.resolve(m.To)
	if err != nil {
		return err
	}
	for _, ip := range servers {
		at := netip.AddrPortFrom(ip, 25)
		var t *talk
		if t, err = call(s.host, at, patience{commandTime, dataTime}); err != nil {
			err = stageError{trace.AtConnect, err}
			continue // the next of the domain's servers
		}
		stage, _, err := t.send(s.computer, m.From, []string{m.To}, m.Message)
		if err == nil {
			s.host.Record(trace.MailRelay{ID: c.ID, To: m.To, Server: at})
			s.done(c)
		} else {
			err = stageError{stage, err}
		}
		t.end()
		return err
	}
	return err
}

// done takes a copy that was sent out of the queue, as soon as the share lets it.
func (s *EPSTDS) done(c folder.Queued) {
	if s.folder.Done(c.Name) == nil {
		delete(s.sent, c.Name)
	} else {
		s.sent[c.Name] = true
	}
}

var errNoName = errors.New("the name of its domain was not found: DNS timed out")

// resolve finds the servers of an address's domain: in the hosts file, or written in the address. For
// any other name it waits for DNS in vain (M7).
func (s *EPSTDS) resolve(to string) ([]netip.Addr, error) {
	_, domain, _ := cutAddress(to)
	domain = strings.ToLower(domain)
	if ip, err := netip.ParseAddr(strings.Trim(domain, "[]")); err == nil {
		return []netip.Addr{ip}, nil
	}
	if ips := s.node.Hosts[domain]; len(ips) > 0 {
		return ips, nil
	}
	s.host.Sleep(dnsTime)
	return nil, errNoName
}

// reason says in few words why a conversation failed.
func reason(err error) string {
	var said *smtp.SMTPError
	switch {
	case errors.As(err, &said):
		return fmt.Sprintf("%d %s", said.Code, strings.ReplaceAll(said.Message, "\n", " "))
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, syscall.ETIMEDOUT):
		return "timed out"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "connection refused"
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return "host unreachable"
	}
	return err.Error()
}
