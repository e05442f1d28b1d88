package mail

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"time"

	"github.com/emersion/go-smtp"

	"ipwsim/sim/trace"
)

// Sender is somebody's mail program that sends one message after the other, each until the server
// has taken it. A message keeps its Message-ID over all its tries, so one that was taken while the
// answer was lost shows as two acceptances of one Message-ID.
type Sender struct {
	Name     string         // of the sender, in its Message-IDs
	Computer string         // the client's name
	Server   netip.AddrPort // usually the VIP, port 25
	From     string
	To       []string      // recipients, in turn
	Each     int           // how many of them a message goes to; 0: one
	Count    int           // messages; 0: until the machine ends
	Every    time.Duration // between two messages; a late one follows at once
	Size     int           // of a message's text in bytes, about; 0: one line
	Tries    int           // for a message; 0: until it is taken or refused for good
}

// The times of a mail program. Inferred: common defaults.
var (
	programPatience = patience{command: time.Minute, data: time.Minute}
	firstPause      = 5 * time.Second // after a failure, doubled
	longestPause    = time.Minute     // up to this
)

// Start starts it on a machine.
func (s Sender) Start(h Host) {
	h.Go("sender "+s.Name, func() {
		begun := h.Now()
		for n := 1; s.Count == 0 || n <= s.Count; n++ {
			if wait := begun.Add(time.Duration(n-1) * s.Every).Sub(h.Now()); wait > 0 && !h.Sleep(wait) {
				return
			}
			if !s.deliver(h, n) {
				return
			}
		}
	})
}

// deliver tries until the message is taken, refused for good or given up; false when the machine
// has ended.
func (s Sender) deliver(h Host, n int) bool {
	id := fmt.Sprintf("%d.%s@%s", n, s.Name, s.Computer)
	to := s.recipients(n)
	text := s.compose(h, n, id, to)
	pause := firstPause
	for try := 1; ; try++ {
		begun := h.Now()
		told := trace.MailSend{MessageID: id, To: trace.Recipients(to), Server: s.Server, Try: try, Code: 250}
		err := s.try(h, to, text, &told)
		if off(err) {
			return false
		}
		told.Took = h.Now().Sub(begun)
		var said *smtp.SMTPError
		switch {
		case errors.As(err, &said):
			told.Code, told.Text = said.Code, said.Message
		case err != nil:
			told.Code, told.Text = 0, reason(err)
		}
		h.Record(told)
		if err == nil || told.Code >= 500 || try == s.Tries {
			return true
		}
		if !h.Sleep(pause) {
			return false
		}
		pause = min(2*pause, longestPause)
	}
}

// try sends it once, and notes what the server said.
func (s Sender) try(h Host, to []string, text []byte, told *trace.MailSend) error {
	t, err := call(h, s.Server, programPatience)
	if err != nil {
		told.Stage = trace.AtConnect
		return err
	}
	defer t.end()
	told.Stage, told.Text, err = t.send(s.Computer, s.From, to, text)
	if err == nil && t.denied != nil {
		told.Refused, told.Denial = trace.Recipients(t.denied), t.denial
	}
	return err
}

// recipients of the n-th message.
func (s Sender) recipients(n int) []string {
	each := min(max(s.Each, 1), len(s.To))
	var to []string
	for i := range each {
		to = append(to, s.To[((n-1)*each+i)%len(s.To)])
	}
	return to
}

// compose writes the n-th message.
func (s Sender) compose(h Host, n int, id string, to []string) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "Date: %s\r\nFrom: <%s>\r\nTo: <%s>\r\nSubject: message %d\r\nMessage-ID: <%s>\r\n\r\n",
		h.Now().Format(time.RFC1123Z), s.From, strings.Join(to, ">, <"), n, id)
	for line := 1; b.Len() < s.Size || line == 1; line++ {
		fmt.Fprintf(&b, "This is line %d of message %d from %s.\r\n", line, n, s.Name)
	}
	fmt.Fprintf(&b, "The end.\r\n")
	return []byte(b.String())
}
