package mail

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"sync"
	"time"

	"ipwsim/sim/mail/folder"
	"ipwsim/sim/mail/settings"
	"ipwsim/sim/share"
	"ipwsim/sim/trace"
)

// Limits of a POP3 session. The autologout timer is RFC 1939's shortest, the line RFC 2449's longest;
// the rest is inferred.
const (
	pop3Timeout = 10 * time.Minute // from the end of an answer to the end of the next command, and for taking an answer
	pop3Line    = 255              // octets, CRLF included
	pop3Errors  = 10               // commands that are none, before the connection is closed
)

// POP3 is EPSTPOP3S, the POP3 service of one node (M1, RFC 1939).
//
// Inferred: the lock on a mailbox is in the node's memory only. It is gone with the node, so no user
// is locked out after a crash; and sessions on two nodes, as in a split brain, do no harm to each
// other beyond messages that vanish, which every command expects.
type POP3 struct {
	host Host
	fs   share.FS
	node settings.Node

	mu     sync.Mutex
	locked map[string]bool // mailboxes that have a session
}

// NewPOP3 returns the service of a node; Start starts it.
func NewPOP3(h Host, fs share.FS, node settings.Node) *POP3 {
	return &POP3{host: h, fs: fs, node: node, locked: map[string]bool{}}
}

// Start listens. Where POP3 is not installed, nothing happens.
func (p *POP3) Start() {
	if !p.node.POP3.Installed {
		return
	}
	listenAll(p.node.POP3, sessions{host: p.host, service: "EPSTPOP3S", busy: "-ERR [SYS/TEMP] too many connections, try again later"}, func(l net.Listener) error {
		for {
			c, err := l.Accept()
			if err != nil {
				return err
			}
			go p.serve(c.(*session))
		}
	})
}

// lock takes the mailbox; false when another session has it.
func (p *POP3) lock(dir string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	free := !p.locked[dir]
	p.locked[dir] = true
	return free
}

func (p *POP3) unlock(dir string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.locked, dir)
}

// serve is one connection.
func (p *POP3) serve(c *session) {
	defer c.Close()
	c.join()
	s := &pop3Session{service: p, conn: c, r: bufio.NewReaderSize(c, pop3Line), w: bufio.NewWriter(c)}
	defer s.release() // before Close: the next session must find it free
	s.run()
}

// pop3Session is a connection in any of RFC 1939's states.
type pop3Session struct {
	service *POP3
	conn    *session
	r       *bufio.Reader
	w       *bufio.Writer

	box      *folder.Mailbox // nil in the AUTHORIZATION state
	boxName  string          // its folder below the work folder
	messages []pop3Message   // of the TRANSACTION state; message 1 is the first

	stamp    string // of the greeting
	name     string // told by USER
	failures int    // of logins
	errors   int
	done     bool
}

type pop3Message struct {
	folder.Message
	deleted   bool
	messageID string // once known
}

// release gives the mailbox free.
func (s *pop3Session) release() {
	if s.box != nil {
		s.service.unlock(s.boxName)
		s.box = nil
	}
}

// run answers commands until the client quits, or goes, or is shown the door.
func (s *pop3Session) run() {
	s.stamp = s.conn.stamp()
	s.ok("EPSTPOP3S ready %s", s.stamp)
	for !s.done {
		_ = s.conn.SetWriteDeadline(s.deadline())
		if s.w.Flush() != nil {
			return
		}
		_ = s.conn.SetReadDeadline(s.deadline())
		line, err := s.readLine()
		switch {
		case errors.Is(err, errLine):
			s.refuse("", err.Error())
			s.hangUp(trace.RefusedEnd)
		case err != nil:
			return // RFC 1939, section 6: nothing is deleted
		default:
			// A long answer leaves before it is whole, so the time to take it runs from here.
			_ = s.conn.SetWriteDeadline(s.deadline())
			s.do(line)
		}
	}
	_ = s.conn.SetWriteDeadline(s.deadline())
	_ = s.w.Flush()
}

func (s *pop3Session) deadline() time.Time { return s.service.host.Now().Add(pop3Timeout) }

// errLine is what a line can be refused for.
var errLine = errors.New("command line")

func (s *pop3Session) readLine() (string, error) {
	b, err := s.r.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		return "", fmt.Errorf("%w is longer than %d octets", errLine, pop3Line)
	}
	if err != nil {
		return "", err
	}
	return strings.TrimSuffix(strings.TrimSuffix(string(b), "\n"), "\r"), nil
}

func (s *pop3Session) ok(format string, args ...any) {
	fmt.Fprintf(s.w, "+OK %s\r\n", fmt.Sprintf(format, args...))
}

// refuse answers -ERR, with a response code of RFC 2449 or 3206 or none.
func (s *pop3Session) refuse(code, text string) {
	if code != "" {
		code = "[" + code + "] "
	}
	fmt.Fprintf(s.w, "-ERR %s%s\r\n", code, text)
}

// trouble answers that the share could not do it now; the session goes on.
func (s *pop3Session) trouble(err error) {
	if errors.Is(err, os.ErrNotExist) {
		s.refuse("", "the message has been deleted by another session")
		return
	}
	if errors.Is(err, errBusy) {
		s.refuse("SYS/TEMP", "too many messages at once, try again later")
		return
	}
	s.refuse("SYS/TEMP", "the mailbox cannot be reached, try again later")
}

// hangUp ends the session after the answer at hand.
func (s *pop3Session) hangUp(end trace.SessionEnd) { s.conn.end, s.done = end, true }
