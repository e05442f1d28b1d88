package mail_test

import (
	"crypto/hmac"
	"crypto/md5"
	"encoding/base64"
	"encoding/hex"
	"net/netip"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/mail/settings"
	"ipwsim/sim/trace"
)

func b64(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

// withPasswords is a rig whose users have some, and a stranger to whom nobody relays.
func withPasswords(t *testing.T) (r *rig, stranger func(lines ...string) []string) {
	r = newRig(t)
	r.node.Domains[0].Users = []settings.User{{Name: "user1", Password: "pass word"}, {Name: "user2", Password: "second"}}
	r.active.Host().NIC().Add(netip.MustParsePrefix("203.0.113.1/24"))
	m := r.lab.Machine("stranger", "203.0.113.5/24")
	r.both()
	return r, func(lines ...string) []string {
		return r.talk(m, netip.MustParseAddrPort("203.0.113.1:25"), crlf(lines...)...)
	}
}

// Who is logged in may send to other domains, from anywhere (RFC 4954).
func TestAuthMayRelay(t *testing.T) {
	relay := []string{"MAIL FROM:<user1@test.jp> AUTH=<>", "RCPT TO:<a@outside.jp>", "DATA", text + "."}
	for _, c := range []struct {
		name  string
		lines []string
		want  string
	}{
		{"nobody", nil, "250 550 503 500"},
		{"PLAIN", []string{"AUTH PLAIN " + b64("\x00user1\x00pass word")}, "235 250 250 354 250"},
		{"PLAIN, asked for", []string{"AUTH PLAIN", b64("\x00user1@test.jp\x00pass word")}, "334 235 250 250 354 250"},
		{"PLAIN for oneself", []string{"auth plain " + b64("user2\x00user2\x00second")}, "235 250 250 354 250"},
		{"LOGIN", []string{"AUTH LOGIN", b64("user1"), b64("pass word")}, "334 334 235 250 250 354 250"},
		{"LOGIN with the name", []string{"AUTH LOGIN " + b64("User1"), b64("pass word")}, "334 235 250 250 354 250"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, say := withPasswords(t)
			got := codes(say(append(append([]string{"EHLO c"}, c.lines...), relay...)...))
			require.Regexp(t, "^220 250 "+c.want, got)
			require.Equal(t, c.name != "nobody", len(recorded[trace.MailTaken](r.lab.Trace)) == 1)
		})
	}
}

// CRAM-MD5 proves the password without saying it (RFC 2195).
func TestCRAMMD5(t *testing.T) {
	for password, want := range map[string]string{"pass word": "235", "password": "535"} {
		r, _ := withPasswords(t)
		var said string
		r.client.Go("cram", func() {
			c := dialed(r)
			defer c.Close()
			c.say("EHLO c\r\n")
			challenge, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(c.say("AUTH CRAM-MD5\r\n"), "334 "))
			require.NoError(t, err)
			require.Regexp(t, regexp.MustCompile(`^<\d+\.\d+@\[10\.0\.0\.100\]>$`), string(challenge))
			h := hmac.New(md5.New, []byte(password))
			h.Write(challenge)
			said = c.say(b64("user1 "+hex.EncodeToString(h.Sum(nil))) + "\r\n")
		})
		r.lab.Run(time.Minute)
		require.Equal(t, want, said[:3])
	}
}

func TestAuthRefuses(t *testing.T) {
	right := "AUTH PLAIN " + b64("\x00user1\x00pass word")
	for _, c := range []struct {
		rule  string
		lines []string
		want  string
	}{
		{"4: EHLO comes first", []string{right}, "503"},
		{"4: HELO is not enough", []string{"HELO c", right}, "503"},
		{"4: once", []string{"EHLO c", right, right}, "235 503"},
		{"4: not within a message", []string{"EHLO c", "MAIL FROM:<a@b.jp>", right}, "503"},
		{"4: a mechanism that is not offered", []string{"EHLO c", "AUTH GSSAPI", "AUTH"}, "504 504"},
		{"4: no base64", []string{"EHLO c", "AUTH PLAIN !", "AUTH LOGIN", "!"}, "501 334 501"},
		{"4: given up", []string{"EHLO c", "AUTH LOGIN", "*", right}, "334 501 235"},
		{"4: no first answer to CRAM-MD5", []string{"EHLO c", "AUTH CRAM-MD5 " + b64("x")}, "501"},
		{"an empty answer", []string{"EHLO c", "AUTH PLAIN =", "AUTH LOGIN =", ""}, "501 334 535"},
		{"no digest", []string{"EHLO c", "AUTH CRAM-MD5", b64("user1")}, "334 501"},
		{"as somebody else", []string{"EHLO c", "AUTH PLAIN " + b64("user2\x00user1\x00pass word")}, "501"},
		{"the password of another", []string{"EHLO c", "AUTH PLAIN " + b64("\x00user1\x00second")}, "535"},
		{"nobody's name", []string{"EHLO c", "AUTH PLAIN " + b64("\x00nobody\x00x")}, "535"},
		{"three wrong ones end it", []string{"EHLO c", "AUTH PLAIN " + b64("\x00user1\x00a"), "AUTH PLAIN " + b64("\x00user1\x00b"), "AUTH PLAIN " + b64("\x00user1\x00c"), ""}, "535 535 421 hun"},
		{"no TLS in virtual time", []string{"EHLO c", "STARTTLS"}, "503"},
	} {
		t.Run(c.rule, func(t *testing.T) {
			_, say := withPasswords(t)
			got := codes(say(c.lines...))
			require.True(t, strings.HasSuffix(got, c.want), "answers %s, expected %s at their end", got, c.want)
		})
	}
}

// A wrong login is in the log with the name that was tried.
func TestWrongLoginsAreRecorded(t *testing.T) {
	r, say := withPasswords(t)
	say("EHLO c", "AUTH PLAIN "+b64("\x00boss\x00x"))
	denied := recorded[trace.MailDenied](r.lab.Trace)
	require.Len(t, denied, 1)
	require.Equal(t, "EPSTRS boss 203.0.113.5", denied[0].Service+" "+denied[0].User+" "+denied[0].Remote.Addr().String())
}
