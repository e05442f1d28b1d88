package mail

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"time"

	"github.com/emersion/go-message"

	"ipwsim/sim/mail/folder"
	"ipwsim/sim/trace"
)

// giveUp takes a copy out of the queue and reports that to its sender (M6). A report that cannot be
// delivered is dropped: it has nobody to tell. The report is in the queue before the copy leaves
// it, so a crash between the two makes a second report rather than none; of two that are there
// at once only one lives, since they have one name. Before each of the two the node asks whether it still may.
func (s *EPSTDS) giveUp(c folder.Queued, v verdict) {
	m, err := s.folder.Open(c.Name)
	if err != nil || !s.maySend() {
		return // another node has done it or will, or the share is away
	}
	if m.From != "" {
		v.report = folder.ReportID(c.Name)
		text, err := s.report(v.report, m, statuses[v.ground], v.why)
		if err != nil {
			s.host.Record(trace.Log{Text: fmt.Sprintf("EPSTDS: report on queue/%s: %v", c.Name, err)})
			return
		}
		e := folder.Envelope{ID: v.report, To: []string{m.From}, Draft: folder.ID(s.host.Now(), 0, s.computer) + "~" + c.Name}
		if err := s.folder.Accept(e, text); err != nil && !errors.Is(err, fs.ErrExist) {
			s.keep(c, v) // it may be there all the same: the next round tries again
			return
		}
	}
	v.told, v.to = true, m.To
	s.bury(c, v)
}

// verdict is that a copy was given up. Its sender may have been told so, so it is not sent any more.
type verdict struct {
	ground     trace.BounceGround
	code       int // the other server's answer; 0: none
	why        string
	told       bool // the report is in the queue, or was, or there is nobody to tell
	to, report string
}

// statuses are what reports say of the grounds (RFC 3463).
var statuses = map[trace.BounceGround]string{
	trace.GroundAnswer: "5.0.0", trace.GroundAge: "4.4.7", trace.GroundUser: "5.1.1", trace.GroundLoop: "5.4.6",
}

// keep remembers a verdict that could not be carried out.
func (s *EPSTDS) keep(c folder.Queued, v verdict) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.given[c.Name] = v
}

// goOn carries out a verdict of an earlier round.
func (s *EPSTDS) goOn(c folder.Queued, v verdict) {
	if v.told {
		s.bury(c, v)
	} else {
		s.giveUp(c, v)
	}
}

// bury takes a copy that was given up out of the queue, as soon as the node may and the share lets it.
func (s *EPSTDS) bury(c folder.Queued, v verdict) {
	if !s.maySend() || s.folder.Done(c.Name) != nil {
		s.keep(c, v)
		return
	}
	s.mu.Lock()
	delete(s.given, c.Name)
	s.mu.Unlock()
	s.host.Record(trace.MailBounce{ID: c.ID, To: v.to, Why: v.why, Ground: v.ground, Code: v.code, Report: v.report})
}

// report writes the message of RFC 3464 that tells a sender.
func (s *EPSTDS) report(id string, m folder.Copy, status, why string) ([]byte, error) {
	daemon := "MAILER-DAEMON@" + s.computer
	if len(s.domains) > 0 {
		daemon = "MAILER-DAEMON@" + s.domains[0].Name
	}
	var h message.Header
	h.SetContentType("multipart/report", map[string]string{"report-type": "delivery-status", "boundary": "=_" + id})
	h.Set("Mime-Version", "1.0")
	h.Set("Auto-Submitted", "auto-replied")
	h.Set("Subject", "Undelivered Mail Returned to Sender")
	h.Set("To", "<"+m.From+">")
	h.Set("From", "Mail Delivery System <"+daemon+">")
	h.Set("Message-Id", "<"+id+"@"+s.computer+">")
	h.Set("Date", s.host.Now().Format(time.RFC1123Z))

	var b bytes.Buffer
	w, err := message.CreateWriter(&b, h)
	if err != nil {
		return nil, err
	}
	for _, part := range []struct{ kind, text string }{
		{"text/plain", fmt.Sprintf("Your message could not be delivered to <%s>:\r\n\r\n    %s\r\n", m.To, why)},
		{"message/delivery-status", fmt.Sprintf("Reporting-MTA: dns; %s\r\n\r\nFinal-Recipient: rfc822; %s\r\nAction: failed\r\nStatus: %s\r\nDiagnostic-Code: X-EPSTDS; %s\r\n",
			s.computer, m.To, status, why)},
		{"text/rfc822-headers", headerOf(m.Message)},
	} {
		if err := writePart(w, part.kind, part.text); err != nil {
			return nil, err
		}
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

func writePart(w *message.Writer, kind, text string) error {
	var h message.Header
	h.SetContentType(kind, nil)
	p, err := w.CreatePart(h)
	if err != nil {
		return err
	}
	if _, err := io.WriteString(p, text); err != nil {
		return err
	}
	return p.Close()
}

// headerOf is a message's header.
func headerOf(m []byte) string {
	head, _, _ := strings.Cut(string(m), "\r\n\r\n")
	return strings.TrimSuffix(head, "\r\n") + "\r\n"
}
