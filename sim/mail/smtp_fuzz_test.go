package mail

import (
	"bytes"
	"encoding/base64"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/mail/folder"
	"ipwsim/sim/mail/settings"
	"ipwsim/sim/share"
)

// Whatever a client sends, the session ends, each line of an answer has a code, and what is taken has
// nothing in it that another server would take for a message's end.
func FuzzSMTP(f *testing.F) {
	const begin = "EHLO c\r\nMAIL FROM:<a@b.jp>\r\nRCPT TO:<bob@example.com>\r\n"
	plain := base64.StdEncoding.EncodeToString([]byte("\x00bob\x00x"))
	for _, s := range []string{
		"", "HELP\r\nNOOP\r\nVRFY x\r\nEXPN x\r\nRSET\r\nSTARTTLS\r\nQUIT\r\n",
		begin + "DATA\r\nSubject: x\r\n\r\n..\r\n.\r\nQUIT\r\n",
		begin + "DATA\r\na\r\n.\rb\n.\n\r.\r\n.\r\n",
		begin + "BDAT 3\r\na\r\nBDAT 0 LAST\r\nBDAT 99999999999999999999\r\n",
		"EHLO c\r\nAUTH PLAIN " + plain + "\r\nAUTH LOGIN\r\n*\r\nAUTH CRAM-MD5\r\n" + plain + "\r\n",
		"EHLO c\r\nMAIL FROM:<@a,@b:\"x\\\"y\"@[1.2.3.4]> SIZE=1 BODY=8BITMIME\r\nRCPT TO:<postmaster>\r\nRCPT TO:<\\\r\n",
	} {
		f.Add(s)
	}
	answer := regexp.MustCompile(`^([2345][0-9][0-9][ -][^\r\n]*\r\n)+$`)
	f.Fuzz(func(t *testing.T, client string) {
		h := &stillHost{}
		rs := NewEPSTRS(h, share.NewDisk(h.Now), settings.Node{
			Domains: []settings.Domain{{Name: "example.com", Users: []settings.User{{Name: "bob", Password: "x"}}}},
		}, "active")
		rs.BreakAccept(func(e folder.Envelope, message []byte) error {
			for _, to := range append(e.To, e.From) {
				require.NotContains(t, to, "\r")
				require.NotContains(t, to, "\n")
			}
			require.NotContains(t, e.Received, "\n")
			require.True(t, bytes.HasSuffix(message, []byte("\r\n")) || len(message) == 0)
			rest := bytes.ReplaceAll(message, []byte("\r\n"), nil)
			require.False(t, bytes.ContainsAny(rest, "\r\n\x00"))
			return nil
		})
		c := &canned{Reader: strings.NewReader(client)}
		rs.serve((&sessions{limits: &limits{}, host: h, service: "EPSTRS"}).session(c))
		require.Regexp(t, answer, c.said.String())
		require.Equal(t, "mail-session", h.recorded[len(h.recorded)-1].Kind())
	})
}

// An address stays what it is when it is taken apart and put together.
func FuzzAddress(f *testing.F) {
	for _, s := range []string{"a@b", `"a b"@c.jp`, `"a\"b\\"@c`, "a.b@[1.2.3.4]", `"a"@b`, "@", `""@b`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		local, domain, err := splitAddress(s)
		if err != nil {
			return
		}
		again, same, err := splitAddress(local + "@" + domain)
		require.NoError(t, err)
		require.Equal(t, local+"@"+domain, again+"@"+same)
		path, rest, err := cutPath("<" + local + "@" + domain + "> SIZE=1")
		require.NoError(t, err)
		require.Equal(t, local+"@"+domain+" SIZE=1", path+rest)
	})
}
