package mail

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/emersion/go-smtp"

	"ipwsim/sim/trace"
)

// smtpSession is a client's connection to EPSTRS.
//
// The server of go-smtp is not used, only its client and its type of answer. Its version 0.25.1 takes
// no postmaster without a domain, answers 502 and 500 where RFC 5321 has 503 and 555, knows no HELP,
// refuses a message of exactly the SIZE that it announces, lets a bare CR behind a lone dot vanish,
// takes commands that end in a bare LF, strips the quotes of local parts, and reads BDAT on a second
// goroutine (see Host).
type smtpSession struct {
	service *EPSTRS
	conn    *session
	r       *bufio.Reader
	w       *bufio.Writer

	hello    string // the client's name for itself; "" before EHLO and HELO
	extended bool   // by EHLO
	user     string // logged in; "" for nobody
	errors   int
	failures int // of logins
	done     bool

	mail    bool // MAIL has begun a message
	from    string
	to      []string
	chunks  *smtpBody // of BDAT so far; nil: none came
	dueTime time.Time // when all chunks must be there
}

// smtpLine is the longest command in octets, CRLF included: enough for AUTH with all it needs.
// RFC 5321 4.5.3.1.4 asks for 512.
const smtpLine = 2048

// smtpBuffer is how much is read at a time, in octets.
const smtpBuffer = 8 << 10

// smtpErrors is how many commands may be none, before the connection is closed. Inferred.
const smtpErrors = 10

// serve is one connection.
func (s *EPSTRS) serve(c *session) {
	defer c.Close()
	c.join()
	t := &smtpSession{service: s, conn: c, r: bufio.NewReaderSize(c, smtpBuffer), w: bufio.NewWriter(c)}
	defer t.reset()
	t.answer(220, smtp.NoEnhancedCode, s.computer+" ESMTP service ready")
	for !t.done {
		line, err := t.readLine()
		var said *smtp.SMTPError
		switch {
		case err == nil:
			t.do(line)
		case errors.As(err, &said):
			t.refuse(err)
			t.hangUp(trace.RefusedEnd)
		case errors.Is(err, os.ErrDeadlineExceeded):
			t.refuse(refusal(421, 4, 2, "Too slow"))
			t.done = true
		default:
			return
		}
	}
	t.flush()
}

// flush sends the answers so far.
func (t *smtpSession) flush() {
	_ = t.conn.SetWriteDeadline(t.service.host.Now().Add(commandTime))
	_ = t.w.Flush() // what fails ends the next Read too
}

// readLine is the next line. Answers wait for one another while more commands are there (RFC 2920).
func (t *smtpSession) readLine() (string, error) {
	if ahead, _ := t.r.Peek(t.r.Buffered()); bytes.IndexByte(ahead, '\n') < 0 {
		t.flush()
	}
	due := t.service.host.Now().Add(commandTime)
	if t.chunks != nil && t.dueTime.Before(due) {
		due = t.dueTime
	}
	_ = t.conn.SetReadDeadline(due)
	b, err := t.r.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) || len(b) > smtpLine {
		return "", refusal(500, 5, 2, "A command has at most %d octets", smtpLine)
	} else if err != nil {
		return "", err
	}
	line, ok := strings.CutSuffix(string(b), "\r\n")
	if !ok { // what follows may be meant for a server that takes this for a line
		return "", refusal(500, 5, 2, "A command ends with CR LF")
	}
	return line, nil
}

// answer writes an answer of one line.
func (t *smtpSession) answer(code int, enhanced smtp.EnhancedCode, text string) {
	if enhanced != smtp.NoEnhancedCode {
		text = fmt.Sprintf("%d.%d.%d %s", enhanced[0], enhanced[1], enhanced[2], text)
	}
	fmt.Fprintf(t.w, "%d %s\r\n", code, text)
}

// ok answers that something has been done; the enhanced code is 2.subject.detail.
func (t *smtpSession) ok(code, subject, detail int, text string) {
	t.answer(code, smtp.EnhancedCode{2, subject, detail}, text)
}

// refuse answers with an error that was made by refusal.
func (t *smtpSession) refuse(err error) {
	var said *smtp.SMTPError
	if errors.As(err, &said) {
		t.answer(said.Code, said.EnhancedCode, said.Message)
	}
}

// lines answers in several lines, without an enhanced code.
func (t *smtpSession) lines(code int, lines ...string) {
	for i, line := range lines {
		sep := "-"
		if i == len(lines)-1 {
			sep = " "
		}
		fmt.Fprintf(t.w, "%d%s%s\r\n", code, sep, line)
	}
}

// mistake refuses what is no command; too many end the connection.
func (t *smtpSession) mistake(err error) {
	if t.errors++; t.errors >= smtpErrors {
		t.refuse(refusal(421, 7, 0, "Too many errors"))
		t.hangUp(trace.RefusedEnd)
		return
	}
	t.refuse(err)
}

// hangUp ends the session after the answer at hand.
func (t *smtpSession) hangUp(end trace.SessionEnd) {
	t.done = true
	if t.conn.end == "" {
		t.conn.end = end
	}
}

// reset forgets the message at hand.
func (t *smtpSession) reset() {
	if t.chunks != nil {
		t.chunks.drop()
	}
	t.mail, t.from, t.to, t.chunks = false, "", nil, nil
}

// refusal makes an answer; the code's first digit is the enhanced code's, too.
func refusal(code, subject, detail int, format string, args ...any) error {
	return &smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode{code / 100, subject, detail}, Message: fmt.Sprintf(format, args...)}
}
