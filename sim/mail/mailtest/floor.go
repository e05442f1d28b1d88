package mailtest

import (
	"errors"
	"io"
	"log"
	"net"
	"time"

	"github.com/emersion/go-smtp"
)

// Floor is what mail costs at least: SMTP conversations of the library that the services use, over
// pipes in memory, with a server that keeps nothing. No network, no virtual time, no queue.
type Floor struct{ pipes pipes }

// NewFloor starts the server; Close ends it.
func NewFloor() *Floor {
	server := smtp.NewServer(nothing{})
	server.ErrorLog = log.New(io.Discard, "", 0)
	server.ReadTimeout, server.WriteTimeout = time.Minute, time.Minute
	f := &Floor{make(pipes)}
	go func() { _ = server.Serve(f.pipes) }()
	return f
}

// Close ends the server.
func (f *Floor) Close() { close(f.pipes) }

// Send is one conversation, from the connection to QUIT.
func (f *Floor) Send(message []byte) error {
	near, far := net.Pipe()
	defer near.Close()
	f.pipes <- far
	c := smtp.NewClient(near)
	if err := errors.Join(c.Hello("client"), c.Mail("s@test.jp", nil), c.Rcpt("user1@test.jp", nil)); err != nil {
		return err
	}
	w, err := c.Data()
	if err != nil {
		return err
	}
	_, err = w.Write(message)
	return errors.Join(err, w.Close(), c.Quit())
}

// nothing is a backend that takes everything and keeps nothing.
type nothing struct{}

func (nothing) NewSession(*smtp.Conn) (smtp.Session, error) { return nothing{}, nil }
func (nothing) Reset()                                      {}
func (nothing) Logout() error                               { return nil }
func (nothing) Mail(string, *smtp.MailOptions) error        { return nil }
func (nothing) Rcpt(string, *smtp.RcptOptions) error        { return nil }
func (nothing) Data(r io.Reader) error                      { _, err := io.Copy(io.Discard, r); return err }

// pipes is a listener for the ends of pipes.
type pipes chan net.Conn

func (p pipes) Accept() (net.Conn, error) {
	c, ok := <-p
	if !ok {
		return nil, net.ErrClosed
	}
	return c, nil
}
func (p pipes) Close() error   { return nil }
func (p pipes) Addr() net.Addr { return &net.TCPAddr{} }
