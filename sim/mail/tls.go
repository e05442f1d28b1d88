package mail

import (
	"crypto/tls"
	"time"
)

// Certified is a Host whose services speak TLS. No machine in virtual time is one: since Go 1.26
// crypto/tls draws the keys of a connection from the system, whatever Config.Rand says, so two runs
// of one seed would differ in their bytes. (With GODEBUG=cryptocustomrand=1 they do not; but that
// holds for the whole program, and Go means to take it away.)
type Certified interface {
	Host
	// TLS is a configuration with a certificate.
	TLS() *tls.Config
}

// tlsOf is the host's configuration; nil: its services speak no TLS.
func tlsOf(h Host) *tls.Config {
	if c, ok := h.(Certified); ok {
		return c.TLS()
	}
	return nil
}

// tlsTime is how long a client may take to agree on keys.
const tlsTime = 30 * time.Second

// startTLS goes on in TLS. What the client sent before must have been read.
func (s *session) startTLS() error {
	_ = s.Conn.SetDeadline(s.of.host.Now().Add(tlsTime))
	c := tls.Server(s.Conn, s.of.tls)
	if err := c.Handshake(); err != nil {
		s.failed = err
		s.fail(err)
		return err
	}
	_ = c.SetDeadline(time.Time{})
	s.Conn, s.secure = c, true
	return nil
}

// mayStartTLS says whether the session can go on in TLS.
func (s *session) mayStartTLS() bool { return s.of.tls != nil && !s.secure }
