package mail

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"os"
	"slices"
	"strings"
	"syscall"

	"github.com/emersion/go-smtp"

	"ipwsim/sim/mail/folder"
	"ipwsim/sim/trace"
)

// stageError is an error with the part of the conversation in which it came.
type stageError struct {
	stage trace.MailStage
	err   error
}

func (e stageError) Error() string { return string(e.stage) + ": " + reason(e.err) }
func (e stageError) Unwrap() error { return e.err }

var (
	errNoName = errors.New("the name of its domain was not found: DNS timed out")
	errItself = errors.New("its server is this one: mail for it would come back")
	// errHeld keeps back the final dot.
	errHeld = errors.New("not sent: this node must find out first whether it still has the address, or the share is away")
)

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
		t.last = func() error { return s.hold(c) }
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

// hold says what keeps the final dot of a copy back: before it nothing has been sent, behind it all has. So here the
// node looks again whether the copy is there, which the other node may have sent while this one stood still or was
// cut off, and only then whether it may (M4).
func (s *EPSTDS) hold(c folder.Queued) error {
	switch err := s.folder.Look(c.Name); {
	case errors.Is(err, fs.ErrNotExist):
		s.host.Record(trace.Log{Text: fmt.Sprintf("EPSTDS: queue/%s is not sent: another node has taken it", c.Name)})
		return err
	case err != nil || !s.maySend():
		return errHeld
	}
	return nil
}

// done takes a copy that was sent out of the queue, as soon as the share lets it. It does so though the node may
// not deliver any more: what lies there, the other node would send again.
func (s *EPSTDS) done(c folder.Queued) {
	err := s.folder.Done(c.Name)
	s.mu.Lock()
	defer s.mu.Unlock()
	if err == nil {
		delete(s.sent, c.Name)
	} else {
		s.sent[c.Name] = true
	}
}

// resolve finds the servers of an address's domain: in the hosts file, or written in the address. For
// any other name it waits for DNS in vain (M7). This server is none of them (RFC 5321 5.1).
func (s *EPSTDS) resolve(to string) ([]netip.Addr, error) {
	domain := domainOf(to)
	ips := s.node.Hosts[domain]
	if ip, err := netip.ParseAddr(strings.Trim(domain, "[]")); err == nil {
		ips = []netip.Addr{ip}
	}
	if len(ips) == 0 {
		s.host.Sleep(dnsTime)
		return nil, errNoName
	}
	if ips = slices.DeleteFunc(slices.Clone(ips), s.here); len(ips) == 0 {
		return nil, errItself
	}
	return ips, nil
}

// maxHops is how many servers a message may have come through (M9; RFC 5321 6.3 wants at least 100).
const maxHops = 100

// hops counts the servers that a message came through, this one among them.
func hops(message []byte) (n int) {
	for line := range bytes.Lines(message) {
		if len(bytes.TrimRight(line, "\r\n")) == 0 {
			break
		}
		const field = "received:"
		if len(line) >= len(field) && bytes.EqualFold(line[:len(field)], []byte(field)) {
			n++
		}
	}
	return n
}

func tooManyHops(n int) string {
	return fmt.Sprintf("it has come through %d servers, at most %d expected: it may be going round", n, maxHops)
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
