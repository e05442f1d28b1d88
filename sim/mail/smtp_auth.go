package mail

import (
	"crypto/hmac"
	"crypto/md5"
	"encoding/base64"
	"encoding/hex"
	"strings"

	"github.com/emersion/go-smtp"

	"ipwsim/sim/trace"
)

// mechanisms are the ways to log in (RFC 4616, LOGIN, RFC 2195). A first answer comes with the command
// if begins says so.
var mechanisms = map[string]struct {
	run    func(t *smtpSession, first string, begins bool) (login string, proves func(string) bool, err error)
	begins bool // may it
}{
	"PLAIN":    {(*smtpSession).plain, true},
	"LOGIN":    {(*smtpSession).loginByName, true},
	"CRAM-MD5": {(*smtpSession).cramMD5, false},
}

// authLine announces them.
const authLine = "AUTH CRAM-MD5 PLAIN LOGIN"

// auth logs a client in, who may then send to other domains (RFC 4954).
func (t *smtpSession) auth(args string) {
	name, first, begins := strings.Cut(args, " ")
	m, known := mechanisms[strings.ToUpper(name)]
	switch {
	case !t.extended:
		t.refuse(refusal(503, 5, 1, "EHLO comes first"))
	case t.user != "":
		t.refuse(refusal(503, 5, 1, "You are logged in already"))
	case t.mail:
		t.refuse(refusal(503, 5, 1, "AUTH does not come within a message"))
	case !known:
		t.mistake(refusal(504, 5, 4, "%s is not offered", printable(name)))
	case begins && !m.begins:
		t.mistake(refusal(501, 5, 4, "%s takes no first answer", name))
	default:
		if first == "=" { // an empty one
			first = ""
		}
		login, proves, err := m.run(t, first, begins)
		if err != nil {
			t.mistake(err)
			return
		}
		t.logIn(login, proves)
	}
}

// logIn answers whether the proof is one.
func (t *smtpSession) logIn(login string, proves func(string) bool) {
	_, ok := t.conn.login(t.service.node, login, proves)
	switch {
	case ok:
		t.user = strings.ToLower(login)
		t.conn.user = t.user
		t.ok(235, 7, 0, "Logged in")
	case t.conn.ended:
		t.done = true
	default:
		if t.failures++; t.failures >= loginTries {
			t.refuse(refusal(421, 7, 0, "Too many wrong logins"))
			t.hangUp(trace.RefusedEnd)
			return
		}
		t.refuse(refusal(535, 7, 8, "Wrong user or password"))
	}
}

// ask sends a challenge and returns the client's answer.
func (t *smtpSession) ask(challenge string) (string, error) {
	t.answer(334, smtp.NoEnhancedCode, base64.StdEncoding.EncodeToString([]byte(challenge)))
	line, err := t.readLine()
	switch {
	case err != nil:
		t.done = true
		return "", refusal(500, 5, 6, "That is no answer")
	case line == "*":
		return "", refusal(501, 7, 0, "Given up")
	}
	return decoded(line)
}

func decoded(s string) (string, error) {
	b, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		return "", refusal(501, 5, 2, "That is no base64")
	}
	return string(b), nil
}

// begun is the first answer, which is asked for where the command has none.
func (t *smtpSession) begun(first string, begins bool, challenge string) (string, error) {
	if begins {
		return decoded(first)
	}
	return t.ask(challenge)
}

func (t *smtpSession) plain(first string, begins bool) (string, func(string) bool, error) {
	said, err := t.begun(first, begins, "")
	if err != nil {
		return "", nil, err
	}
	parts := strings.Split(said, "\x00")
	if len(parts) != 3 || parts[0] != "" && parts[0] != parts[1] {
		return "", nil, refusal(501, 5, 2, "PLAIN has a user and a password, with a NUL before each")
	}
	return parts[1], isPassword(parts[2]), nil
}

func (t *smtpSession) loginByName(first string, begins bool) (login string, proves func(string) bool, err error) {
	if login, err = t.begun(first, begins, "Username:"); err != nil {
		return "", nil, err
	}
	password, err := t.ask("Password:")
	return login, isPassword(password), err
}

func (t *smtpSession) cramMD5(string, bool) (string, func(string) bool, error) {
	stamp := t.conn.stamp()
	said, err := t.ask(stamp)
	i := strings.LastIndexByte(said, ' ')
	if err == nil && i < 0 {
		err = refusal(501, 5, 2, "CRAM-MD5 has a user and a digest")
	}
	if err != nil {
		return "", nil, err
	}
	return said[:i], func(password string) bool {
		h := hmac.New(md5.New, []byte(password))
		h.Write([]byte(stamp))
		return hmac.Equal([]byte(hex.EncodeToString(h.Sum(nil))), []byte(strings.ToLower(said[i+1:])))
	}, nil
}

// mayStartTLS says whether STARTTLS is offered: not where other servers send, some of which would turn
// back from a certificate that nobody can check.
func (t *smtpSession) mayStartTLS() bool { return t.conn.mayStartTLS() && t.conn.local.Port() != 25 }

// startTLS goes on in TLS, where nothing that was said before counts (RFC 3207).
func (t *smtpSession) startTLS(string) {
	switch {
	case !t.mayStartTLS():
		t.refuse(refusal(503, 5, 1, "TLS is there already, or not offered"))
	case t.r.Buffered() > 0: // it would be taken for sent in TLS
		t.refuse(refusal(503, 5, 1, "Nothing may follow STARTTLS before TLS"))
		t.hangUp(trace.RefusedEnd)
	default:
		t.ok(220, 0, 0, "Begin")
		t.flush()
		t.done = t.conn.startTLS() != nil
		t.reset()
		t.hello, t.extended, t.user = "", false, ""
	}
}
