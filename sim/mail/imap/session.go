// Package imap is the protocol of EPSTIMAP4S (M1): IMAP4rev1 (RFC 3501) with UIDPLUS, MOVE, IDLE, ID,
// NAMESPACE, CHILDREN, UNSELECT, SPECIAL-USE, LITERAL-, SASL-IR, STATUS=SIZE and APPENDLIMIT, over the
// mailboxes of package folder. What a message holds is shown as it is, however malformed.
//
// It is written for this project since the libraries that there are read on goroutines of their own,
// which virtual time does not allow, and keep neither the text of addresses nor of dates.
package imap

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"time"

	"ipwsim/sim/mail/folder"
	"ipwsim/sim/trace"
)

// Service is what a session needs of the service that it belongs to.
type Service struct {
	Now     func() time.Time   // the wall clock
	Record  func(b trace.Body) // appends to the run's trace
	NewName func() string      // of a message's file, never given before
	// Login opens a user's mailboxes. ErrLogin refuses; ErrEnough ends the session too.
	Login func(user, password string) (Account, error)
}

// Account is a user who has logged in.
type Account struct {
	Boxes  *folder.Mailboxes
	Folder string // of Inbox, as the trace names it
}

// What Login may answer.
var (
	ErrLogin  = no("AUTHENTICATIONFAILED", "Authentication failed")
	ErrEnough = errors.New("too many wrong logins")
)

// Times. RFC 3501, section 5.4, wants 30 minutes for a client that is logged in; the rest is inferred.
const (
	loginTime   = 30 * time.Second // from the greeting, or a command, to the next before the login
	quietTime   = 35 * time.Minute // the same after it, and for IDLE
	lineTime    = 30 * time.Second // from a command's first byte to its last, literals aside
	literalTime = 5 * time.Minute  // for a literal and what follows it
	answerTime  = 5 * time.Minute  // for the client to take an answer, or a message of it
	idlePoll    = time.Second      // how often a client that idles is told what is new
)

// maxErrors is how many commands may be none, before the connection is closed. Inferred.
const maxErrors = 10

var errBufferFull = bufio.ErrBufferFull

// session is one connection, on one goroutine.
type session struct {
	Service
	conn net.Conn
	r    *bufio.Reader
	w    *bufio.Writer

	account  *Account  // nil before the login
	selected *selected // nil while no mailbox is
	code     string    // for the OK of the command at hand
	errors   int
	done     bool
}

// answer is a refusal: NO or BAD.
type answer struct{ tag, kind, code, text string }

// Error is part of error.
func (a *answer) Error() string {
	if a.code != "" {
		return a.kind + " [" + a.code + "] " + a.text
	}
	return a.kind + " " + a.text
}

// to is the answer to another command than the one at hand.
func (a *answer) to(tag string) *answer { return &answer{tag, a.kind, a.code, a.text} }

func no(code, text string) *answer { return &answer{kind: "NO", code: code, text: text} }
func bad(text string) *answer      { return &answer{kind: "BAD", text: text} }

// Serve is a session on a connection, until the client or the service has enough.
func Serve(conn net.Conn, service Service) {
	s := &session{Service: service, conn: conn, r: bufio.NewReader(conn), w: bufio.NewWriter(conn)}
	s.line("* OK [CAPABILITY %s] IMAP server ready", s.capabilities())
	for !s.done {
		if s.flush() != nil {
			return
		}
		command, err := s.readCommand()
		var refusal *answer
		switch {
		case errors.As(err, &refusal):
			s.refuse(refusal.tag, refusal)
		case errors.Is(err, errTooLong):
			s.bye("The command is too long")
		case errors.Is(err, os.ErrDeadlineExceeded):
			s.bye("Autologout: nothing came for too long")
		case err != nil:
			return
		default:
			s.do(command)
		}
	}
	_ = s.flush()
}

// patience is how long the client may take until its next command.
func (s *session) patience() time.Duration {
	if s.account == nil {
		return loginTime
	}
	return quietTime
}

func (s *session) flush() error {
	_ = s.conn.SetWriteDeadline(s.Now().Add(answerTime))
	return s.w.Flush()
}

func (s *session) line(text string, args ...any) { fmt.Fprintf(s.w, text+"\r\n", args...) }

// bye ends the session after the answers so far.
func (s *session) bye(text string) {
	s.line("* BYE %s", text)
	s.done = true
}

// refuse answers a command with NO or BAD. One after whose BAD there are too many is the last.
func (s *session) refuse(tag string, a *answer) {
	s.line("%s %s", tag, a.Error())
	if a.kind != "BAD" {
		return
	}
	if s.errors++; s.errors == maxErrors {
		s.bye("Too many errors")
	}
}

// states are where a command is valid.
type states int

const (
	loggedOut states = 1 << iota
	loggedIn
	inMailbox
	anywhere = loggedOut | loggedIn | inMailbox
	after    = loggedIn | inMailbox
)

func (s *session) state() states {
	switch {
	case s.account == nil:
		return loggedOut
	case s.selected == nil:
		return loggedIn
	}
	return inMailbox
}

type command struct {
	states states
	do     func(s *session, p *parser) error
}

var commands map[string]command

func init() { // here, since some of them look into it
	uid := func(f func(*session, *parser, bool) error, byUID bool) func(*session, *parser) error {
		return func(s *session, p *parser) error { return f(s, p, byUID) }
	}
	commands = map[string]command{
		"CAPABILITY":   {anywhere, (*session).capability},
		"NOOP":         {anywhere, (*session).noop},
		"LOGOUT":       {anywhere, (*session).logout},
		"ID":           {anywhere, (*session).id},
		"AUTHENTICATE": {loggedOut, (*session).authenticate},
		"LOGIN":        {loggedOut, (*session).login},
		"NAMESPACE":    {after, (*session).namespace},
		"SELECT":       {after, func(s *session, p *parser) error { return s.sel(p, false) }},
		"EXAMINE":      {after, func(s *session, p *parser) error { return s.sel(p, true) }},
		"CREATE":       {after, (*session).create},
		"DELETE":       {after, (*session).delete},
		"RENAME":       {after, (*session).rename},
		"SUBSCRIBE":    {after, func(s *session, p *parser) error { return s.subscribe(p, true) }},
		"UNSUBSCRIBE":  {after, func(s *session, p *parser) error { return s.subscribe(p, false) }},
		"LIST":         {after, (*session).list},
		"LSUB":         {after, (*session).lsub},
		"STATUS":       {after, (*session).status},
		"APPEND":       {after, (*session).append},
		"IDLE":         {after, (*session).idle},
		"CHECK":        {inMailbox, (*session).noop},
		"CLOSE":        {inMailbox, (*session).close},
		"UNSELECT":     {inMailbox, (*session).unselect},
		"EXPUNGE":      {inMailbox, uid((*session).expunge, false)},
		"SEARCH":       {inMailbox, uid((*session).search, false)},
		"FETCH":        {inMailbox, uid((*session).fetch, false)},
		"STORE":        {inMailbox, uid((*session).store, false)},
		"COPY":         {inMailbox, uid((*session).copy, false)},
		"MOVE":         {inMailbox, uid((*session).move, false)},
		"UID EXPUNGE":  {inMailbox, uid((*session).expunge, true)},
		"UID SEARCH":   {inMailbox, uid((*session).search, true)},
		"UID FETCH":    {inMailbox, uid((*session).fetch, true)},
		"UID STORE":    {inMailbox, uid((*session).store, true)},
		"UID COPY":     {inMailbox, uid((*session).copy, true)},
		"UID MOVE":     {inMailbox, uid((*session).move, true)},
	}
}

// do answers a command.
func (s *session) do(text []byte) {
	tag := tagOf(text)
	p := &parser{rest: text}
	p.atom("a tag", isTag)
	p.space()
	name := p.word("a command")
	if name == "UID" {
		p.space()
		name += " " + p.word("a command")
	}
	s.code = ""
	err := s.run(p, name)
	if err == nil && s.selected != nil && !s.done {
		// No EXPUNGE while the client may have numbers under way (RFC 3501, section 7.4.1).
		s.poll(name != "FETCH" && name != "STORE" && name != "SEARCH")
	}
	switch refusal := (*answer)(nil); {
	case errors.Is(err, errUnknown):
		s.refuse(tag, bad("Unknown command"))
		if s.account == nil { // a browser, or another protocol, that is made to speak with this port
			s.bye("Unknown command")
		}
	case err == nil:
		s.line("%s OK %s%s completed", tag, s.code, name)
	case errors.As(err, &refusal):
		s.refuse(tag, refusal)
	case errors.Is(err, ErrEnough):
		s.bye("Too many wrong logins")
	case errors.Is(err, errGoneClient):
		s.done = true
	default: // of the share
		s.refuse(tag, no("UNAVAILABLE", "the mailbox cannot be reached, try again later"))
	}
}

// errUnknown is a command that is none.
var errUnknown = errors.New("unknown command")

func (s *session) run(p *parser, name string) error {
	c, ok := commands[name]
	switch {
	case p.err != nil && s.account != nil:
		return p.err
	case !ok:
		return errUnknown
	case c.states&s.state() != 0:
		return c.do(s, p)
	case s.account == nil:
		return bad("Log in first")
	case c.states == loggedOut:
		return bad("You are logged in")
	}
	return bad("Select a mailbox first")
}

func (s *session) capabilities() string {
	all := "IMAP4rev1 LITERAL- SASL-IR ID"
	if s.account == nil {
		return all + " AUTH=PLAIN"
	}
	return fmt.Sprintf("%s IDLE NAMESPACE CHILDREN UNSELECT UIDPLUS MOVE SPECIAL-USE CREATE-SPECIAL-USE STATUS=SIZE APPENDLIMIT=%d", all, AppendLimit)
}

func (s *session) capability(p *parser) error {
	if err := p.end(); err != nil {
		return err
	}
	s.line("* CAPABILITY %s", s.capabilities())
	return nil
}

func (s *session) noop(p *parser) error { return p.end() }

func (s *session) logout(p *parser) error {
	if err := p.end(); err != nil {
		return err
	}
	_ = s.flush() // the end of the session is known by how a write begins
	s.bye("Logging out")
	return nil
}

// id is RFC 2971.
func (s *session) id(p *parser) error {
	p.space()
	if p.peek() == '(' {
		p.list(func() {
			if p.isString() {
				p.str()
			} else if p.word("a string or NIL") != "NIL" {
				p.fail("a string or NIL")
			}
		})
	} else if p.word("a list or NIL") != "NIL" {
		p.fail("a list or NIL")
	}
	if err := p.end(); err != nil {
		return err
	}
	s.line(`* ID ("name" "EPSTIMAP4S" "vendor" "ipwsim")`)
	return nil
}

// errGoneClient is a connection that failed within a command.
var errGoneClient = errors.New("the client is gone")

// idle is RFC 2177: on this goroutine, which looks now and then while it waits for DONE.
func (s *session) idle(p *parser) error {
	if err := p.end(); err != nil {
		return err
	}
	s.line("+ idling")
	for end := s.Now().Add(quietTime); s.Now().Before(end); {
		s.poll(true)
		if s.flush() != nil {
			return errGoneClient
		}
		_ = s.conn.SetReadDeadline(s.Now().Add(idlePoll))
		_, err := s.r.Peek(1)
		if errors.Is(err, os.ErrDeadlineExceeded) {
			continue
		}
		if err != nil {
			return errGoneClient
		}
		_ = s.conn.SetReadDeadline(s.Now().Add(lineTime))
		line, err := s.readLine(maxLine)
		if err != nil && !errors.Is(err, io.EOF) {
			return errGoneClient
		}
		if !strings.EqualFold(strings.TrimRight(string(line), "\r\n"), "DONE") {
			return bad("Syntax error: expected DONE to end IDLE")
		}
		return nil
	}
	s.bye("Autologout: IDLE for too long")
	return errGoneClient
}
