package mail_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/mail"
)

const (
	pop3At    = nodeAddress + ":110"
	pop3Login = `
		S: +OK EPSTPOP3S ready
		C: USER bob
		S: +OK and the password
		C: PASS pass word
		S: +OK 3 messages`
)

func TestPOP3(t *testing.T) {
	for _, c := range []struct{ name, script string }{
		{"the commands of RFC 1939", pop3Login + `
			C: STAT
			S: +OK 3 192
			C: LIST
			S: +OK 3 messages (192 octets)
			S: 1 64
			S: 2 64
			S: 3 64
			S: .
			C: list 2
			S: +OK 2 64
			C: UIDL
			S: +OK unique-id listing follows
			S: 1 1-node.001
			S: 2 2-node.001
			S: 3 3-node.001
			S: .
			C: UIDL 3
			S: +OK 3 3-node.001
			C: RETR 1
			S: +OK 64 octets
			S: Message-ID: <1.a@client>
			S: Subject: number 1
			S:
			S: line 1
			S: ..line 2
			S: .
			C: TOP 1 0
			S: +OK the top of the message follows
			S: Message-ID: <1.a@client>
			S: Subject: number 1
			S:
			S: .
			C: TOP 1 1
			S: +OK the top of the message follows
			S: Message-ID: <1.a@client>
			S: Subject: number 1
			S:
			S: line 1
			S: .
			C: TOP 1 99
			S: +OK the top of the message follows
			S: Message-ID: <1.a@client>
			S: Subject: number 1
			S:
			S: line 1
			S: ..line 2
			S: .
			C: DELE 1
			S: +OK message 1 deleted
			C: LIST
			S: +OK 2 messages (128 octets)
			S: 2 64
			S: 3 64
			S: .
			C: NOOP
			S: +OK nothing done
			C: RSET
			S: +OK 3 messages (192 octets)
			C: QUIT
			S: +OK bye
			S: (closed)`},
		{"what the service can do", `
			S: +OK EPSTPOP3S ready
			C: CAPA
			S: +OK capabilities follow
			S: USER
			S: TOP
			S: UIDL
			S: PIPELINING
			S: RESP-CODES
			S: AUTH-RESP-CODE
			S: EXPIRE NEVER
			S: .
			C: QUIT
			S: +OK bye
			S: (closed)`},
		{"messages that are not there", pop3Login + `
			C: DELE 2
			S: +OK message 2 deleted
			C: RETR 2
			S: -ERR message 2 is deleted
			C: DELE 2
			S: -ERR message 2 is deleted
			C: LIST 2
			S: -ERR message 2 is deleted
			C: RETR 4
			S: -ERR no such message, only 3 in the mailbox
			C: RETR 0
			S: -ERR a message number is needed
			C: RETR -1
			S: -ERR a message number is needed
			C: RETR +1
			S: -ERR a message number is needed
			C: UIDL 99999999999999999999
			S: -ERR a message number is needed
			C: TOP 1 -1
			S: -ERR a number of lines is needed`},
		{"commands at the wrong time and with wrong arguments", `
			S: +OK EPSTPOP3S ready
			C: STAT
			S: -ERR STAT is not valid in this state
			C: PASS pass word
			S: -ERR USER comes first
			C: USER
			S: -ERR USER takes one argument
			C: USER bob
			S: +OK and the password
			C: PASS pass word
			S: +OK 3 messages
			C: USER bob
			S: -ERR USER is not valid in this state
			C: STAT 1
			S: -ERR STAT takes no argument
			C: LIST 1 2
			S: -ERR LIST takes one argument or none
			C: TOP 1
			S: -ERR TOP takes 2 arguments
			C: APOP bob c4c9334bac560ecc979e58001b3e22fb
			S: -ERR APOP is not valid in this state`},
		{"user@domain, in any case", `
			S: +OK EPSTPOP3S ready
			C: USER Bob@Example.COM
			S: +OK and the password
			C: PASS pass word
			S: +OK 3 messages`},
		{"three wrong logins, each with a delay", `
			S: +OK EPSTPOP3S ready
			C: USER bob
			S: +OK and the password
			C: PASS wrong
			S: -ERR [AUTH] wrong user or password
			C: USER nobody
			S: +OK and the password
			C: PASS pass word
			S: -ERR [AUTH] wrong user or password
			C: USER bob@example.net
			S: +OK and the password
			C: PASS pass word
			S: -ERR [AUTH] wrong user or password
			S: (closed)`},
		{"names that want to be paths are users that there are not", `
			S: +OK EPSTPOP3S ready
			C: USER ..\..\windows
			S: +OK and the password
			C: PASS pass word
			S: -ERR [AUTH] wrong user or password
			C: USER ../inbox/bob
			S: +OK and the password
			C: PASS pass word
			S: -ERR [AUTH] wrong user or password
			C: USER NUL
			S: +OK and the password
			C: PASS
			S: -ERR PASS takes one argument`},
		{"pipelined", `
			S: +OK EPSTPOP3S ready
			C= "USER bob\r\nPASS pass word\r\nSTAT\r\nDELE 1\r\nSTAT\r\nRSET\r\nQUIT\r\n"
			S: +OK and the password
			S: +OK 3 messages
			S: +OK 3 192
			S: +OK message 1 deleted
			S: +OK 2 128
			S: +OK 3 messages (192 octets)
			S: +OK bye
			S: (closed)`},
		{"bare LF, NUL, 8-bit, an empty line", `
			S: +OK EPSTPOP3S ready
			C= "USER bob\nPASS pass word\n"
			S: +OK and the password
			S: +OK 3 messages
			C= "STAT\x00\r\n"
			S: -ERR unknown command
			C= "\xff\xfe\r\n"
			S: -ERR unknown command
			C= "\r\n"
			S: -ERR unknown command
			C: STAT
			S: +OK 3 192`},
		{"a line that is too long", "S: +OK EPSTPOP3S ready\nC: USER " + strings.Repeat("x", 300) + `
			S: -ERR command line is longer than 255 octets
			S: (closed)`},
		{"garbage", "S: +OK EPSTPOP3S ready\nC= \"" + strings.Repeat(`\x16\x03\x01\n`, 50) + "\"\n" + strings.Repeat("S: -ERR unknown command\n", 9) + `
			S: -ERR too many errors
			S: (closed)`},
		{"a line of which a byte comes now and then", `
			S: +OK EPSTPOP3S ready
			C= "U"
			(wait 4m)
			C= "S"
			(wait 4m)
			C= "E"
			(wait 4m)
			S: (closed)`},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := newBoxLab(t)
			fs := &touched{FS: l.disk, host: l.node}
			mail.NewPOP3(l.node, fs, boxNode()).Start()
			went := l.talk(pop3At, c.script)
			l.Run(2 * time.Hour)
			require.Equal(t, script(c.script), *went)
			require.Empty(t, fs.strangers())
			require.Len(t, l.stored(), 3)
		})
	}
}
