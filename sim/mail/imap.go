package mail

import (
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"

	"ipwsim/sim/mail/folder"
	"ipwsim/sim/mail/settings"
	"ipwsim/sim/share"
)

// IMAP is EPSTIMAP4S, the IMAP4rev1 service of one node (M1, RFC 3501), on the go-imap library. Each
// user has the one mailbox that POP3 shows too, INBOX. Its flags last, except \Recent, which is not
// kept, and keywords, which are ignored (inferred).
type IMAP struct {
	host     Host
	fs       share.FS
	node     settings.Node
	computer string

	mu       sync.Mutex
	appended int // counts messages of APPEND
}

// NewIMAP returns the service of a node; Start starts it. The computer's name goes into the names of
// messages that clients append.
func NewIMAP(h Host, fs share.FS, node settings.Node, computer string) *IMAP {
	return &IMAP{host: h, fs: fs, node: node, computer: computer}
}

// Start listens. Where IMAP4 is not installed, nothing happens.
func (i *IMAP) Start() {
	server := imapserver.New(&imapserver.Options{
		NewSession:   i.newSession,
		Caps:         imap.CapSet{imap.CapIMAP4rev1: {}, imap.CapUIDPlus: {}},
		Logger:       imapLog{},
		InsecureAuth: true, // the guide's clusters use port 143 as it is
	})
	if !i.node.IMAP.Installed {
		return
	}
	listenAll(i.node.IMAP, sessions{host: i.host, service: "EPSTIMAP4S", busy: "* BYE Too many connections, try again later", goodbye: "* BYE Logging out"}, func(l net.Listener) error {
		return server.Serve(imapListener{l})
	})
}

// newSession is the first that the library does with a connection, on the connection's goroutine.
func (i *IMAP) newSession(c *imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
	conn := c.NetConn().(*imapConn)
	conn.join()
	conn.mailbox = &imapSession{service: i, conn: conn, messageIDs: map[string]string{}}
	return conn.mailbox, nil, nil
}

// appendName is a new message's name.
func (i *IMAP) appendName() string {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.appended++
	return folder.AppendedName(i.host.Now(), i.appended, i.computer)
}

// imapLog takes what the library logs: failures of connections, which the sessions record themselves,
// and panics, which it catches. The trap that guards virtual time must not be caught.
type imapLog struct{}

// Printf is part of imapserver.Logger.
func (imapLog) Printf(_ string, args ...any) {
	if text := fmt.Sprint(args...); strings.HasPrefix(text, "vtime:") {
		panic(text)
	}
}

// imapListener accepts connections of the type imapConn.
type imapListener struct{ net.Listener }

// Accept waits for the next connection.
func (l imapListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &imapConn{session: c.(*session)}, nil
}

// imapConn is a connection that the library serves: its deadlines become the host's, LOGOUT is
// noticed, and IDLE is done here.
//
// The library lets a session announce news during IDLE from a second goroutine, which may not touch
// the connection or the share (see Host). So the connection's own goroutine, waiting for the
// client's DONE in Read, wakes now and then, looks, and tells.
type imapConn struct {
	*session
	mailbox  *imapSession
	deadline time.Time // for Read, by the host's clock; zero: none
	idling   bool
	errors   int
}

// idlePoll is how often a client that idles is told what is new. Inferred.
const idlePoll = 15 * time.Second

// imapErrors is how many commands may be none, before the connection is closed. Inferred.
const imapErrors = 10

// Write is part of net.Conn. The library flushes after each answer, so an answer begins each write.
func (c *imapConn) Write(p []byte) (int, error) {
	answer := string(p[:min(len(p), 100)])
	c.idling = strings.HasPrefix(answer, "+ idling")
	n, err := c.session.Write(p)
	if _, result, _ := strings.Cut(answer, " "); strings.HasPrefix(result, "BAD ") {
		if c.errors++; c.errors == imapErrors {
			c.bye("Too many errors")
		}
	}
	return n, err
}

// bye ends the connection. The library, which is not asked, finds it closed.
func (c *imapConn) bye(text string) {
	_, _ = c.session.Write([]byte("* BYE " + text + "\r\n"))
	_ = c.Close()
}

// Read is part of net.Conn.
func (c *imapConn) Read(p []byte) (int, error) {
	for c.idling && !c.closed {
		wake := c.of.host.Now().Add(idlePoll)
		if c.deadline.Before(wake) {
			break
		}
		_ = c.session.SetReadDeadline(wake)
		n, err := c.Conn.Read(p) // not the session's: time that passes in IDLE breaks nothing
		if err == nil || !isTimeout(err) {
			if err != nil {
				c.fail(err)
			}
			return n, err
		}
		if err := c.announce(); err != nil {
			return 0, err
		}
	}
	_ = c.session.SetReadDeadline(c.deadline)
	return c.session.Read(p)
}

// announce writes what has changed in the mailbox.
func (c *imapConn) announce() error {
	var news imapLines
	_ = c.mailbox.poll(&news, true)
	if len(news) == 0 {
		return nil
	}
	_ = c.session.SetWriteDeadline(c.of.host.Now().Add(30 * time.Second)) // as the library's own
	_, err := c.session.Write(news)
	return err
}

func isTimeout(err error) bool {
	var e net.Error
	return errors.As(err, &e) && e.Timeout()
}

// SetReadDeadline is part of net.Conn; t is the library's.
func (c *imapConn) SetReadDeadline(t time.Time) error {
	if c.closed {
		return net.ErrClosed
	}
	c.deadline = deadlineConn{nil, c.of.host}.own(t)
	return nil
}

// SetWriteDeadline is part of net.Conn; t is the library's.
func (c *imapConn) SetWriteDeadline(t time.Time) error {
	if c.closed {
		return net.ErrClosed
	}
	return c.session.SetWriteDeadline(deadlineConn{nil, c.of.host}.own(t))
}
