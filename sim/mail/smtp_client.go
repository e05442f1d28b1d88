package mail

import (
	"errors"
	"net"
	"net/netip"
	"time"

	"github.com/emersion/go-smtp"

	"ipwsim/sim/trace"
)

// dialTime is how long Windows tries to connect (FIELD-FACTS: SYN after 3, 6 and 12 s).
const dialTime = 21 * time.Second

// talk is a client's connection to a server.
type talk struct {
	host   Host
	conn   net.Conn
	client *smtp.Client
	broken bool         // no answer came
	denied []string     // recipients that were refused for good, of a message that goes to others
	denial int          // the last answer to those
	last   func() error // what keeps the final dot back; nil: nothing does
}

// patience is how long a client waits.
type patience struct {
	command time.Duration // for each answer
	data    time.Duration // for the whole message to go out, and for the answer to its end
}

// call connects.
func call(h Host, to netip.AddrPort, p patience) (*talk, error) {
	c, err := h.Dial(netip.Addr{}, to, dialTime)
	if err != nil {
		return nil, err
	}
	t := &talk{host: h, conn: c, client: smtp.NewClient(DeadlineConn(c, h))}
	t.client.CommandTimeout, t.client.SubmissionTimeout = p.command, p.data
	return t, nil
}

// send sends a message. After an error the stage says where: "greeting", "mail", "rcpt", "data" or
// "dot"; an error that the server gave is an *smtp.SMTPError. After nil the message is the server's.
func (t *talk) send(helo, from string, to []string, message []byte) (stage trace.MailStage, answer string, err error) {
	defer func() {
		var said *smtp.SMTPError
		t.broken = err != nil && !errors.As(err, &said)
	}()
	if err := t.client.Hello(helo); err != nil {
		return trace.AtGreeting, "", err
	}
	if err := t.client.Mail(from, nil); err != nil {
		return trace.AtMail, "", err
	}
	if err := t.recipients(to); err != nil {
		return trace.AtRcpt, "", err
	}
	w, err := t.client.Data()
	if err != nil {
		return trace.AtData, "", err
	}
	_ = t.conn.SetDeadline(t.host.Now().Add(t.client.SubmissionTimeout)) // the library sets none here
	if _, err := w.Write(message); err != nil {
		return trace.AtData, "", err
	}
	if t.last != nil {
		if err := t.last(); err != nil {
			return trace.AtDot, "", err // and hangs up: the server drops what has no dot (RFC 5321 4.1.1.4)
		}
	}
	said, err := w.CloseWithResponse()
	if err != nil {
		return trace.AtDot, "", err
	}
	return "", said.StatusText, nil
}

// recipients names them. Those that the server refuses for good keep the message from no others (RFC 5321, 3.3).
func (t *talk) recipients(to []string) error {
	var last error
	for _, r := range to {
		err := t.client.Rcpt(r, nil)
		var said *smtp.SMTPError
		switch {
		case err == nil:
		case !errors.As(err, &said) || said.Code < 500:
			return err
		default:
			t.denied, t.denial, last = append(t.denied, r), said.Code, err
		}
	}
	if len(t.denied) < len(to) {
		return nil
	}
	return last
}

// end says goodbye where somebody listens, and hangs up.
func (t *talk) end() {
	if !t.broken {
		t.client.CommandTimeout = min(t.client.CommandTimeout, 30*time.Second)
		_ = t.client.Quit()
	}
	_ = t.client.Close()
}

// off says whether an error only means that the machine has ended.
func off(err error) bool { return errors.Is(err, net.ErrClosed) }
