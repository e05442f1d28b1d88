package mail

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/emersion/go-smtp"

	"ipwsim/sim/mail/folder"
	"ipwsim/sim/share"
	"ipwsim/sim/trace"
)

// Answers to messages.
var (
	errTooLarge = refusal(552, 3, 4, "The message is larger than SIZE")
	errLongLine = refusal(554, 6, 0, "A line of the message is longer than %d octets", maxLine)
	errTooMuch  = refusal(452, 3, 1, "Too much mail comes at once, try again later")
	errBrokeOff = refusal(421, 4, 2, "The message broke off")
)

// What is refused is read slowly, so that who sends much of it takes little from others. Inferred.
const (
	unwantedOctets = 64 << 10
	unwantedTime   = 100 * time.Millisecond
)

// smtpBody is the message on its way in.
type smtpBody struct {
	load
	sleep  func(time.Duration) bool // false when the machine has ended
	limit  int64                    // octets
	text   []byte
	why    error // it is refused, and read to its end all the same
	passed int   // octets since then
}

// Write takes the next octets. An error says that the machine has ended.
func (b *smtpBody) Write(p []byte) (int, error) {
	switch {
	case b.why != nil:
		if b.passed += len(p); b.passed >= unwantedOctets {
			b.passed = 0
			if !b.sleep(unwantedTime) {
				return 0, net.ErrClosed
			}
		}
	case int64(len(b.text)+len(p)) > b.limit:
		b.refuse(errTooLarge)
	case !b.grow(int64(len(p))):
		b.refuse(errTooMuch)
	default:
		if len(b.text)+len(p) > cap(b.text) { // doubled, which leaves less behind than append would
			b.text = slices.Grow(b.text, max(len(p), min(len(b.text), int(b.limit)-len(b.text))))
		}
		b.text = append(b.text, p...)
	}
	return len(p), nil
}

// refuse keeps nothing of the message.
func (b *smtpBody) refuse(why error) {
	if b.why == nil {
		b.why = why
	}
	b.drop()
}

// drop lets the octets go.
func (b *smtpBody) drop() {
	b.text = nil
	b.load.drop()
}

func (t *smtpSession) body() *smtpBody {
	return &smtpBody{load: load{of: t.conn.of.limits}, sleep: t.conn.sleep, limit: t.service.limit}
}

// incomplete says what is missing before a message's text.
func (t *smtpSession) incomplete() error {
	switch {
	case t.hello == "":
		return refusal(503, 5, 1, "EHLO or HELO comes first")
	case !t.mail:
		return refusal(503, 5, 1, "MAIL comes first")
	case len(t.to) == 0:
		return refusal(503, 5, 1, "RCPT comes first, and none was taken")
	}
	return nil
}

// data reads a message up to the line with a dot alone.
func (t *smtpSession) data(string) {
	err := t.incomplete()
	if err == nil && t.chunks != nil {
		err = t.outOfTurn(true)
	}
	if err != nil {
		t.refuse(err)
		return
	}
	t.answer(354, smtp.NoEnhancedCode, "Send it, and a line with a dot alone at its end")
	t.flush()
	_ = t.conn.SetReadDeadline(t.service.host.Now().Add(dataTime))
	b := t.body()
	if t.readText(b) != nil {
		b.drop()
		t.breakOff()
		return
	}
	t.take(b)
}

// breakOff ends a session in the middle of a message.
func (t *smtpSession) breakOff() {
	t.refuse(errBrokeOff)
	t.done = true
}

// readText reads lines until the dot. Only CR LF ends a line: what else a server might take for an end
// stays in the text, for which the message is refused.
func (t *smtpSession) readText(b *smtpBody) error {
	begins, length, last := true, 0, byte(0) // of the line; last is the octet before
	for {
		p, err := t.r.ReadSlice('\n')
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return err
		}
		if begins && p[0] == '.' {
			if string(p) == ".\r\n" {
				return nil
			}
			p = p[1:] // RFC 5321 4.5.2
		}
		if length += len(p); length > maxLine {
			b.refuse(errLongLine)
		}
		if _, err := b.Write(p); err != nil {
			return err
		}
		if len(p) > 1 {
			last = p[len(p)-2]
		}
		begins = err == nil && last == '\r'
		if begins {
			length = 0
		}
		last = p[len(p)-1]
	}
}

// bdat reads a chunk (RFC 3030).
func (t *smtpSession) bdat(args string) {
	octets, end, _ := strings.Cut(args, " ")
	n, err := strconv.ParseInt(octets, 10, 64)
	if err != nil || n < 0 || end != "" && !strings.EqualFold(end, "LAST") {
		t.refuse(refusal(501, 5, 4, "BDAT takes a number of octets, and LAST with the last")) // where the chunk ends nobody knows
		t.hangUp(trace.RefusedEnd)
		return
	}
	why := t.incomplete()
	b := t.chunks
	if b == nil {
		b, t.dueTime = t.body(), t.service.host.Now().Add(dataTime)
	}
	if why == nil {
		t.chunks = b
	} else {
		b.refuse(why) // its octets come all the same
	}
	_ = t.conn.SetReadDeadline(t.dueTime)
	if _, err := io.CopyN(b, t.r, n); err != nil {
		b.drop()
		t.breakOff()
		return
	}
	switch {
	case b.why != nil:
		t.refuse(b.why)
		t.reset()
	case end != "":
		if !bytes.HasSuffix(b.text, []byte("\r\n")) {
			b.text = append(b.text, '\r', '\n') // the last chunk need not end with a line
		}
		t.take(b)
	default:
		t.ok(250, 0, 0, octets+" octets taken")
	}
}

// take puts the message into the queue, or refuses it.
func (t *smtpSession) take(b *smtpBody) {
	defer t.reset()
	defer b.drop()
	if b.why == nil {
		b.why = checkText(b.text)
	}
	if b.why == nil {
		b.why = t.accept(b.text)
	}
	if b.why != nil {
		t.refuse(b.why)
		return
	}
	t.ok(250, 0, 0, "OK: queued")
}

// accept is the moment from which the message is the service's (M6).
func (t *smtpSession) accept(message []byte) error {
	s := t.service
	e := folder.Envelope{
		ID:   folder.ID(s.host.Now(), int(s.count.Add(1)), s.computer),
		From: t.from, To: t.to,
	}
	e.Received = fmt.Sprintf("Received: from %s ([%s]) by %s with %s id %s; %s",
		printable(t.hello), t.conn.remote.Addr(), s.computer, t.protocol(), e.ID, s.host.Now().Format(time.RFC1123Z))
	if err := s.accept(e, message); errors.Is(err, share.ErrFull) {
		return refusal(452, 3, 1, "Not enough space on the disk")
	} else if err != nil {
		return refusal(451, 3, 0, "The mail folder cannot be written now, try again")
	}
	s.host.Record(trace.MailAccept{ID: e.ID, From: e.From, To: e.To, MessageID: folder.MessageID(message), Size: len(message)})
	return nil
}

// protocol is how the message came, for its Received line (RFC 3848).
func (t *smtpSession) protocol() string {
	if !t.extended {
		return "SMTP"
	}
	by := "ESMTP"
	if t.conn.secure {
		by += "S"
	}
	if t.user != "" {
		by += "A"
	}
	return by
}

// checkText refuses what would be read as another message elsewhere: a NUL (RFC 5322 4), and a CR
// or LF that is not half of a line's end (RFC 5321 2.3.8), by which mail is smuggled past servers
// that read it as one.
func checkText(message []byte) error {
	if bytes.IndexByte(message, 0) >= 0 {
		return refusal(554, 6, 0, "A message must not hold a NUL character")
	}
	ends := bytes.Count(message, []byte("\r\n"))
	if bytes.Count(message, []byte("\r")) != ends || bytes.Count(message, []byte("\n")) != ends {
		return refusal(554, 6, 0, "The lines of a message end with CR LF, and neither stands alone")
	}
	return nil
}

// printable makes a text of the client's fit for a header line and an answer.
func printable(s string) string {
	b := []byte(s)
	for i, c := range b {
		if c <= ' ' || c >= 0x7f || c == '(' || c == ')' || c == ';' {
			b[i] = '?'
		}
	}
	return string(b[:min(len(b), 255)])
}
