package mail

import (
	"bytes"
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/textproto"
	"path"
	"strconv"
	"strings"

	"ipwsim/sim/mail/folder"
	"ipwsim/sim/trace"
)

// pop3States are where a command is valid.
type pop3States int

const (
	authorization pop3States = 1 << iota
	transaction
)

// pop3Command is a command of RFC 1939 or RFC 2449.
type pop3Command struct {
	states   pop3States
	min, max int // arguments
	do       func(s *pop3Session, args []string)
}

var pop3Commands = map[string]pop3Command{
	"CAPA": {authorization | transaction, 0, 0, (*pop3Session).capa},
	"APOP": {authorization, 2, 2, (*pop3Session).apop},
	"STLS": {authorization, 0, 0, (*pop3Session).stls},
	"USER": {authorization, 1, 1, (*pop3Session).user},
	"PASS": {authorization, 1, 1, (*pop3Session).pass},
	"STAT": {transaction, 0, 0, (*pop3Session).stat},
	"LIST": {transaction, 0, 1, (*pop3Session).list},
	"UIDL": {transaction, 0, 1, (*pop3Session).uidl},
	"RETR": {transaction, 1, 1, (*pop3Session).retr},
	"TOP":  {transaction, 2, 2, (*pop3Session).top},
	"DELE": {transaction, 1, 1, (*pop3Session).dele},
	"RSET": {transaction, 0, 0, (*pop3Session).rset},
	"NOOP": {transaction, 0, 0, (*pop3Session).noop},
	"QUIT": {authorization | transaction, 0, 0, (*pop3Session).quit},
}

// do answers one command line.
func (s *pop3Session) do(line string) {
	keyword, rest, _ := strings.Cut(line, " ")
	keyword = strings.ToUpper(keyword)
	command, ok := pop3Commands[keyword]
	args := strings.Fields(rest)
	if keyword == "PASS" && rest != "" {
		args = []string{rest} // a password may hold spaces
	}
	state := authorization
	if s.box != nil {
		state = transaction
	}
	switch {
	case !ok || strings.ContainsFunc(line, func(r rune) bool { return r < ' ' || r == 0x7f }):
		s.mistake("unknown command")
	case command.states&state == 0:
		s.mistake(keyword + " is not valid in this state")
	case len(args) < command.min || len(args) > command.max:
		s.mistake(fmt.Sprintf("%s takes %s", keyword, countOf(command)))
	default:
		command.do(s, args)
	}
}

func countOf(c pop3Command) string {
	switch {
	case c.max == 0:
		return "no argument"
	case c.min < c.max:
		return "one argument or none"
	case c.max == 1:
		return "one argument"
	}
	return fmt.Sprintf("%d arguments", c.max)
}

// mistake refuses what is no command; too many end the connection.
func (s *pop3Session) mistake(text string) {
	if s.errors++; s.errors >= pop3Errors {
		s.refuse("", "too many errors")
		s.hangUp(trace.RefusedEnd)
		return
	}
	s.refuse("", text)
}

func (s *pop3Session) capa([]string) {
	s.ok("capabilities follow")
	all := []string{"USER", "TOP", "UIDL", "PIPELINING", "RESP-CODES", "AUTH-RESP-CODE", "EXPIRE NEVER"}
	if s.box == nil && s.conn.mayStartTLS() {
		all = append(all, "STLS")
	}
	s.lines(all...)
}

// lines ends an answer of several lines, none of which begins with a dot.
func (s *pop3Session) lines(all ...string) {
	for _, line := range all {
		fmt.Fprintf(s.w, "%s\r\n", line)
	}
	_, _ = s.w.WriteString(".\r\n")
}

// user takes any name: whether there is such a mailbox is not told (RFC 1939, section 7).
func (s *pop3Session) user(args []string) {
	s.name = args[0]
	s.ok("and the password")
}

func (s *pop3Session) pass(args []string) {
	if s.name == "" {
		s.mistake("USER comes first")
		return
	}
	login := s.name
	s.name = ""
	s.logIn(login, isPassword(args[0]))
}

// apop is a login with a digest of the greeting's stamp and the password.
func (s *pop3Session) apop(args []string) {
	s.logIn(args[0], func(password string) bool {
		want := md5.Sum([]byte(s.stamp + password))
		return hmac.Equal([]byte(hex.EncodeToString(want[:])), []byte(strings.ToLower(args[1])))
	})
}

// stls goes on in TLS (RFC 2595).
func (s *pop3Session) stls([]string) {
	switch {
	case !s.conn.mayStartTLS():
		s.mistake("TLS is there already, or not offered")
	case s.r.Buffered() > 0: // it would be taken for sent in TLS
		s.refuse("", "nothing may follow STLS before TLS")
		s.hangUp(trace.RefusedEnd)
	default:
		s.ok("begin")
		_ = s.w.Flush() // what fails ends the next Read too
		s.done = s.conn.startTLS() != nil
		s.name = ""
	}
}

// logIn opens the mailbox of a user who proves to know the password.
func (s *pop3Session) logIn(login string, proves func(string) bool) {
	name, ok := s.conn.login(s.service.node, login, proves)
	if !ok {
		s.denied()
		return
	}
	if !s.service.lock(name) {
		s.refuse("IN-USE", "another session has the mailbox")
		return
	}
	box := folder.OpenMailbox(s.service.fs, path.Join(s.service.node.Folder, name))
	all, err := box.List()
	if err != nil {
		s.service.unlock(name)
		s.trouble(err)
		return
	}
	for _, m := range all {
		s.messages = append(s.messages, pop3Message{Message: m})
	}
	s.box, s.boxName, s.conn.user = box, name, strings.ToLower(login)
	s.ok("%d messages", len(all))
}

// denied answers a wrong user or password.
func (s *pop3Session) denied() {
	if s.conn.ended {
		s.done = true
		return
	}
	s.refuse("AUTH", "wrong user or password")
	if s.failures++; s.failures >= loginTries {
		s.hangUp(trace.RefusedEnd)
	}
}

func (s *pop3Session) stat([]string) {
	n, size := s.total()
	s.ok("%d %d", n, size)
}

// total counts the messages not marked as deleted.
func (s *pop3Session) total() (n int, size int64) {
	for _, m := range s.messages {
		if !m.deleted {
			n++
			size += m.Size
		}
	}
	return n, size
}

func (s *pop3Session) list(args []string) {
	n, size := s.total()
	s.listing(args, fmt.Sprintf("%d messages (%d octets)", n, size), func(m *pop3Message) string { return strconv.FormatInt(m.Size, 10) })
}

func (s *pop3Session) uidl(args []string) {
	s.listing(args, "unique-id listing follows", func(m *pop3Message) string { return uniqueID(m.Name) })
}

// listing answers LIST and UIDL: one message, or all.
func (s *pop3Session) listing(args []string, head string, tell func(*pop3Message) string) {
	if len(args) == 1 {
		if m := s.message(args[0]); m != nil {
			s.ok("%s %s", args[0], tell(m))
		}
		return
	}
	s.ok("%s", head)
	var all []string
	for i := range s.messages {
		if m := &s.messages[i]; !m.deleted {
			all = append(all, fmt.Sprintf("%d %s", i+1, tell(m)))
		}
	}
	s.lines(all...)
}

// uniqueID is the file's name, or its hash where RFC 1939, section 7, does not allow the name.
func uniqueID(name string) string {
	if len(name) > 70 || strings.ContainsFunc(name, func(r rune) bool { return r < '!' || r > '~' }) {
		return fmt.Sprintf("%x", sha256.Sum256([]byte(name)))
	}
	return name
}

// message is the one with that number; if there is none, that is answered.
func (s *pop3Session) message(number string) *pop3Message {
	n, err := strconv.Atoi(number)
	switch {
	case err != nil || n < 1 || number[0] == '+':
		s.mistake("a message number is needed")
	case n > len(s.messages):
		s.refuse("", fmt.Sprintf("no such message, only %d in the mailbox", len(s.messages)))
	case s.messages[n-1].deleted:
		s.refuse("", fmt.Sprintf("message %d is deleted", n))
	default:
		return &s.messages[n-1]
	}
	return nil
}

// read gets a message and sends what to has of it; if it cannot be had, that is answered.
func (s *pop3Session) read(number string, to func(text []byte)) {
	m := s.message(number)
	if m == nil {
		return
	}
	text, done, err := s.hold(m)
	defer done()
	if err != nil {
		s.trouble(err)
		return
	}
	to(text)
}

// errBusy says that the service has too much in memory.
var errBusy = errors.New("too many messages at once")

// hold reads a message, which counts as the service's until done.
func (s *pop3Session) hold(m *pop3Message) (text []byte, done func(), err error) {
	held := load{of: s.conn.of.limits}
	if !held.grow(m.Size) {
		return nil, held.drop, errBusy
	}
	if text, err = s.box.Read(m.Name); err == nil {
		m.messageID = folder.MessageID(text)
	}
	return text, held.drop, err
}

func (s *pop3Session) retr(args []string) {
	s.read(args[0], func(text []byte) {
		s.ok("%d octets", len(text))
		s.send(text)
	})
}

func (s *pop3Session) top(args []string) {
	n, err := strconv.Atoi(args[1])
	if err != nil || n < 0 {
		s.mistake("a number of lines is needed")
		return
	}
	s.read(args[0], func(text []byte) {
		s.ok("the top of the message follows")
		s.send(topOf(text, n))
	})
}

// topOf is the header, the empty line, and n lines of the body.
func topOf(text []byte, n int) []byte {
	end := bytes.Index(text, []byte("\r\n\r\n"))
	if end < 0 {
		return text
	}
	end += 4
	for ; n > 0; n-- {
		next := bytes.IndexByte(text[end:], '\n')
		if next < 0 {
			return text
		}
		end += next + 1
	}
	return text[:end]
}

// send ends an answer with a message, its dots doubled.
func (s *pop3Session) send(text []byte) {
	w := textproto.NewWriter(s.w).DotWriter()
	_, _ = w.Write(text) // an error stays in the writer below and ends the session at the next flush
	_ = w.Close()
}

// dele marks a message; it is deleted at QUIT (RFC 1939, section 6).
func (s *pop3Session) dele(args []string) {
	if m := s.message(args[0]); m != nil {
		m.deleted = true
		s.ok("message %s deleted", args[0])
	}
}

func (s *pop3Session) rset([]string) {
	for i := range s.messages {
		s.messages[i].deleted = false
	}
	n, size := s.total()
	s.ok("%d messages (%d octets)", n, size)
}

func (s *pop3Session) noop([]string) { s.ok("nothing done") }

// quit enters the UPDATE state, if the client is logged in, and ends the session.
func (s *pop3Session) quit([]string) {
	left := 0
	for i := range s.messages {
		if m := &s.messages[i]; m.deleted && !s.remove(m) {
			left++
		}
	}
	s.release() // before the answer: who comes again at once must find it free
	if left > 0 {
		s.refuse("SYS/TEMP", fmt.Sprintf("%d deleted messages not removed", left))
	} else {
		s.ok("bye")
	}
	s.hangUp(trace.QuitEnd)
}

// remove deletes a message for good; false when it is still there, or may be.
func (s *pop3Session) remove(m *pop3Message) bool {
	if m.messageID == "" { // not read in this session
		_, done, err := s.hold(m)
		done()
		if err != nil {
			return errors.Is(err, fs.ErrNotExist)
		}
	}
	if err := s.box.Delete(m.Name); err != nil {
		return errors.Is(err, fs.ErrNotExist) // another session was first
	}
	s.service.host.Record(trace.MailExpunge{Box: s.boxName, ID: folder.QueueID(m.Name), MessageID: m.messageID, By: trace.POP3})
	return true
}
