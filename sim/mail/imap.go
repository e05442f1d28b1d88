package mail

import (
	"errors"
	"net"
	"os"
	"path"
	"strings"
	"sync"

	"ipwsim/sim/mail/folder"
	"ipwsim/sim/mail/imap"
	"ipwsim/sim/mail/settings"
	"ipwsim/sim/share"
	"ipwsim/sim/trace"
)

// IMAP is EPSTIMAP4S, the IMAP4rev1 service of one node (M1, RFC 3501). Each user has the mailbox that
// POP3 shows too, INBOX, and those that the user makes, on the share as INBOX is (inferred).
type IMAP struct {
	host     Host
	fs       share.FS
	node     settings.Node
	computer string

	mu    sync.Mutex
	named int // counts messages of APPEND and COPY
}

// NewIMAP returns the service of a node; Start starts it. The computer's name goes into the names of
// messages that clients append.
func NewIMAP(h Host, fs share.FS, node settings.Node, computer string) *IMAP {
	return &IMAP{host: h, fs: fs, node: node, computer: computer}
}

// Start listens. Where IMAP4 is not installed, nothing happens.
func (i *IMAP) Start() {
	if !i.node.IMAP.Installed {
		return
	}
	listenAll(i.node.IMAP, sessions{host: i.host, service: "EPSTIMAP4S", busy: "* BYE Too many connections, try again later", goodbye: "* BYE Logging out"}, func(l net.Listener) error {
		for {
			c, err := l.Accept()
			if err != nil {
				return err
			}
			go i.serve(c.(*session))
		}
	})
}

// serve is one connection.
func (i *IMAP) serve(c *session) {
	c.join()
	conn := &imapConn{session: c}
	defer conn.Close()
	failures := 0
	imap.Serve(conn, imap.Service{
		Now: i.host.Now, Record: i.host.Record, NewName: i.newName,
		Login: func(user, password string) (imap.Account, error) {
			box, ok := c.login(i.node, user, isPassword(password))
			if ok {
				c.user = strings.ToLower(user)
				return imap.Account{Boxes: folder.OpenMailboxes(i.fs, path.Join(i.node.Folder, box)), Folder: box}, nil
			}
			if failures++; c.ended || failures >= loginTries {
				return imap.Account{}, imap.ErrEnough
			}
			return imap.Account{}, imap.ErrLogin
		},
	})
}

// newName is a new message's name.
func (i *IMAP) newName() string {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.named++
	return folder.AppendedName(i.host.Now(), i.named, i.computer)
}

// imapConn is a connection on which time that passes in IDLE breaks nothing: that a Read took too long
// is the session's end only if nothing is done with it any more.
type imapConn struct {
	*session
	late bool
}

// Read is part of net.Conn.
func (c *imapConn) Read(p []byte) (int, error) {
	if c.closed {
		return 0, net.ErrClosed
	}
	n, err := c.Conn.Read(p)
	c.late = errors.Is(err, os.ErrDeadlineExceeded)
	if err != nil && !c.late {
		c.fail(err)
	}
	return n, err
}

// Close is part of net.Conn.
func (c *imapConn) Close() error {
	if c.late && c.end == "" {
		c.end = trace.TimeoutEnd
	}
	return c.session.Close()
}
