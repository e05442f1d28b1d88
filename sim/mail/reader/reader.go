// Package reader is the mail programs with which people read their mail by POP3 and IMAP4, and who knocks at a server by telnet.
package reader

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"time"

	"ipwsim/sim/mail"
	"ipwsim/sim/trace"
)

// Account is a person's mailbox, and how the person's mail program reads it.
type Account struct {
	Server   netip.AddrPort
	From     netip.Addr // to connect from; the zero Addr: the machine's own choice
	User     string
	Password string
	First    time.Duration // before the first look for new mail
	Every    time.Duration // between two looks
	Keep     bool          // leave the messages on the server
}

// What mail programs wait: as long as Windows tries to connect, and a minute for each answer
// (inferred).
const (
	dialTime   = 21 * time.Second
	answerTime = time.Minute
)

// poll is one look for new mail.
type poll struct {
	host    mail.Host
	account Account
	by      trace.MailProtocol
	stage   trace.MailStage // what it is at
	fresh   int             // messages got
	gone    []string        // Message-IDs of those that the server has said are deleted
}

// start looks for new mail again and again, whatever becomes of each look.
func start(h mail.Host, a Account, by trace.MailProtocol, look func(*poll) error) {
	h.Go(fmt.Sprintf("%s reader of %s", by, a.User), func() {
		for ok := h.Sleep(a.First); ok; ok = h.Sleep(a.Every) {
			start := h.Now()
			p := &poll{host: h, account: a, by: by}
			err := look(p)
			if errors.Is(err, net.ErrClosed) {
				continue // the machine has ended
			}
			r := trace.MailPoll{User: a.User, By: by, Server: a.Server, New: p.fresh, Gone: p.gone, Took: h.Now().Sub(start)}
			if err != nil {
				r.Stage, r.Text = p.stage, err.Error()
			}
			h.Record(r)
		}
	})
}

// dial connects to the server.
func (p *poll) dial() (net.Conn, error) {
	p.stage = trace.AtConnect
	c, err := p.host.Dial(p.account.From, p.account.Server, dialTime)
	if err != nil {
		return nil, err
	}
	p.stage = trace.AtGreeting
	return patient{c, p.host}, nil
}

// got records a message that has come as a whole.
func (p *poll) got(messageID string) {
	p.fresh++
	p.host.Record(trace.MailFetch{User: p.account.User, By: p.by, MessageID: messageID})
}

// patient is a connection that waits a bounded time for each answer.
type patient struct {
	net.Conn
	host mail.Host
}

// Read is part of net.Conn.
func (c patient) Read(b []byte) (int, error) {
	_ = c.SetReadDeadline(c.host.Now().Add(answerTime))
	return c.Conn.Read(b)
}

// Write is part of net.Conn.
func (c patient) Write(b []byte) (int, error) {
	_ = c.SetWriteDeadline(c.host.Now().Add(answerTime))
	return c.Conn.Write(b)
}
