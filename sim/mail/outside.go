package mail

import (
	"bytes"
	"errors"
	"io"
	"log"
	"net"
	"net/netip"
	"sync"

	"github.com/emersion/go-smtp"

	"ipwsim/sim/mail/folder"
	"ipwsim/sim/trace"
)

// Conduct is how the outside server treats its guests.
type Conduct int

// The conducts.
const (
	Takes   Conduct = iota // takes what it gets
	Refuses                // 550 to each recipient
	Defers                 // 451 to each recipient
	Silent                 // accepts the connection and says nothing
)

// Outside is the mail server of some other domain. It records what it took as trace.MailTaken, so
// that a message that came twice shows.
type Outside struct {
	host Host
	at   netip.AddrPort

	mu      sync.Mutex // never held over a call that waits
	conduct Conduct
}

// NewOutside returns the server, not started, which takes what it gets at that address.
func NewOutside(h Host, at netip.AddrPort) *Outside { return &Outside{host: h, at: at} }

// Conduct makes it behave otherwise from the next connection or recipient on.
func (o *Outside) Conduct(c Conduct) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.conduct = c
}

func (o *Outside) now() Conduct {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.conduct
}

// Start starts it; it runs until its machine ends.
func (o *Outside) Start() {
	server := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) { return &guest{of: o, conn: c}, nil }))
	server.Domain = "outside"
	server.ReadTimeout, server.WriteTimeout = commandTime, commandTime
	server.ErrorLog = log.New(io.Discard, "", 0)
	o.host.Go("outside", func() {
		listen(o.at, sessions{host: o.host, service: "outside", goodbye: smtpGoodbye, library: true}, func(l net.Listener) error {
			return server.Serve(silencer{l, o})
		})
	})
}

// silencer keeps connections from the server while it is to be silent.
type silencer struct {
	net.Listener
	of *Outside
}

// Accept waits for the next connection that is answered.
func (l silencer) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil || l.of.now() != Silent {
			return c, err
		}
		go func() {
			_, _ = io.Copy(io.Discard, c) // until the client has had enough
			_ = c.Close()
		}()
	}
}

// guest is a session.
type guest struct {
	of   *Outside
	conn *smtp.Conn
	from string
	to   []string
}

// Reset is part of smtp.Session.
func (g *guest) Reset() { g.from, g.to = "", nil }

// Logout is part of smtp.Session.
func (g *guest) Logout() error { return nil }

// Mail is part of smtp.Session.
func (g *guest) Mail(from string, _ *smtp.MailOptions) error {
	g.from, g.to = from, nil
	return nil
}

// Rcpt is part of smtp.Session.
func (g *guest) Rcpt(to string, _ *smtp.RcptOptions) error {
	switch g.of.now() {
	case Refuses:
		return refusal(550, 1, 1, "No such user here")
	case Defers:
		return refusal(451, 7, 1, "Try again later")
	}
	g.to = append(g.to, to)
	return nil
}

// Data is part of smtp.Session.
func (g *guest) Data(body io.Reader) error {
	var b bytes.Buffer
	if _, err := b.ReadFrom(body); err != nil {
		return dataRefusal(err)
	}
	peer := tcpAddress(g.conn.Conn().RemoteAddr())
	for _, to := range g.to {
		g.of.host.Record(trace.MailTaken{
			ID: folder.EntryOf(b.Bytes()), From: g.from, To: to, MessageID: folder.MessageID(b.Bytes()), Peer: peer, Code: 250,
		})
	}
	return nil
}

// dataRefusal answers what could not be read to its end.
func dataRefusal(err error) error {
	switch {
	case errors.Is(err, smtp.ErrDataTooLarge):
		return smtp.ErrDataTooLarge
	case errors.Is(err, smtp.ErrTooLongLine):
		return errLongLine
	}
	return refusal(451, 4, 2, "The message broke off")
}
