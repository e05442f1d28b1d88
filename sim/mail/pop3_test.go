package mail_test

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/mail"
	"ipwsim/sim/mail/settings"
	"ipwsim/sim/share"
	"ipwsim/sim/trace"
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
			S: -ERR unknown command`},
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

func TestPOP3Sessions(t *testing.T) {
	for _, c := range []struct {
		script, end, user string
		took              time.Duration
	}{
		{"S: +OK EPSTPOP3S ready\nC: QUIT\nS: +OK bye\nS: (closed)", "quit", "", 0},
		{pop3Login + "\n(wait 10s)", "broken", "bob", 10 * time.Second},
		{pop3Login + "\n(wait 20m)\nS: (closed)", "timeout", "bob", 10 * time.Minute},
		{pop3Login + "\nC: USER " + strings.Repeat("x", 300) + "\nS: -ERR command line is longer than 255 octets\nS: (closed)", "refused", "bob", 0},
		{"S: +OK EPSTPOP3S ready\n" + strings.Repeat("C: USER bob\nS: +OK and the password\nC: PASS x\nS: -ERR [AUTH] wrong user or password\n", 3) + "S: (closed)", "refused", "", 9 * time.Second},
	} {
		l := newBoxLab(t)
		mail.NewPOP3(l.node, l.disk, boxNode()).Start()
		went := l.talk(pop3At, c.script)
		l.Run(2 * time.Hour)
		require.Equal(t, script(c.script), *went)
		all := records[trace.MailSession](l.Lab)
		require.Len(t, all, 1)
		s := all[0]
		require.InDelta(t, c.took.Seconds(), s.Took.Seconds(), 1)
		require.Equal(t, netip.MustParseAddr("10.0.0.9"), s.Remote.Addr())
		s.Took, s.Remote = 0, netip.AddrPort{}
		require.Equal(t, trace.MailSession{Service: "EPSTPOP3S", Local: netip.MustParseAddrPort(pop3At), User: c.user, End: c.end}, s)
	}
}

// RFC 1939, section 6: what was marked is deleted at QUIT, and only then.
func TestPOP3DeletesAtQuit(t *testing.T) {
	l := newBoxLab(t)
	mail.NewPOP3(l.node, l.disk, boxNode()).Start()
	l.talk(pop3At, pop3Login+`
		C: DELE 1
		S: +OK message 1 deleted
		C: RETR 3
		S: +OK 64 octets
		S: Message-ID: <3.a@client>
		S: Subject: number 3
		S:
		S: line 1
		S: ..line 2
		S: .
		C: DELE 3
		S: +OK message 3 deleted
		(wait 1m)
		C: QUIT
		S: +OK bye
		S: (closed)`)
	l.Run(30 * time.Second)
	require.Len(t, l.stored(), 3)
	l.Run(time.Minute)
	require.Equal(t, []string{"2-node.001"}, l.stored())
	require.Equal(t, []trace.MailExpunge{
		{Box: bobsBox, ID: "1-node", MessageID: "1.a@client", By: "pop3"},
		{Box: bobsBox, ID: "3-node", MessageID: "3.a@client", By: "pop3"},
	}, records[trace.MailExpunge](l.Lab))
}

// A big message whose sending the cut ends.
func (l *boxLab) deliverBig() {
	f, err := l.disk.Create(bobsBox + "/4-node.001")
	require.NoError(l.t, err)
	_, err = f.Write([]byte("Message-ID: <4.a@client>\r\n\r\n" + strings.Repeat(strings.Repeat("x", 70)+"\r\n", 30000)))
	require.NoError(l.t, err)
}

// cutInRETR marks a message, asks for a big one, and has the client's cable pulled in the middle.
// It returns what is left in the mailbox two hours later.
func cutInRETR(t *testing.T, start func(l *boxLab)) []string {
	l := newBoxLab(t)
	l.deliverBig()
	start(l)
	l.talk(pop3At, strings.Replace(pop3Login, "3 messages", "4 messages", 1)+"\nC: DELE 1\nS: +OK message 1 deleted\nC: RETR 4\n"+strings.Repeat("S: x\n", 20000))
	l.Run(10 * time.Millisecond)
	l.client.Cable.SetPlugged(false)
	l.Run(2 * time.Hour)
	if all := records[trace.MailSession](l.Lab); len(all) > 0 { // the twin keeps no record
		require.Len(t, all, 1)
		require.Contains(t, []string{"broken", "timeout"}, all[0].End)
	}
	return l.stored()
}

func TestPOP3CutInTheMiddleOfRETRDeletesNothing(t *testing.T) {
	require.Len(t, cutInRETR(t, func(l *boxLab) { mail.NewPOP3(l.node, l.disk, boxNode()).Start() }), 4)
}

// The twin that deletes at DELE is caught by the same test.
func TestPOP3CutCatches(t *testing.T) {
	require.Len(t, cutInRETR(t, func(l *boxLab) { hastyPOP3(l) }), 3)
}

// hastyPOP3 serves one conversation, and deletes too early.
func hastyPOP3(l *boxLab) {
	l.node.Go("hasty", func() {
		ln, err := l.node.Listen(netip.MustParseAddrPort(pop3At))
		require.NoError(l.t, err)
		c, err := ln.Accept()
		require.NoError(l.t, err)
		go func() {
			defer c.Close()
			big, _ := l.disk.ReadFile(bobsBox + "/4-node.001")
			for _, answer := range []string{"+OK EPSTPOP3S ready\r\n", "+OK and the password\r\n", "+OK 4 messages\r\n", "+OK message 1 deleted\r\n", "+OK\r\n" + string(big) + ".\r\n"} {
				if strings.Contains(answer, "deleted") {
					_ = l.disk.Remove(bobsBox + "/1-node.001")
				}
				_ = c.SetDeadline(l.node.Now().Add(10 * time.Minute))
				if _, err := c.Write([]byte(answer)); err != nil {
					return
				}
				if _, err := c.Read(make([]byte, 500)); err != nil {
					return
				}
			}
		}()
	})
}

// One session at a time; the mailbox is free again when the first has ended, however it did.
func TestPOP3Lock(t *testing.T) {
	l := newBoxLab(t)
	mail.NewPOP3(l.node, l.disk, boxNode()).Start()
	l.talk(pop3At, pop3Login+"\n(wait 1m)")
	l.Run(time.Second)
	busy := `
		S: +OK EPSTPOP3S ready
		C: USER bob@example.com
		S: +OK and the password
		C: PASS pass word
		S: -ERR [IN-USE] another session has the mailbox
		(wait 2m)
		C: USER bob
		S: +OK and the password
		C: PASS pass word
		S: +OK 3 messages`
	went := l.talk(pop3At, busy)
	l.Run(time.Hour)
	require.Equal(t, script(busy), *went)
}

// A mailbox that another node's session empties meanwhile.
func TestPOP3MessagesThatVanish(t *testing.T) {
	l := newBoxLab(t)
	mail.NewPOP3(l.node, l.disk, boxNode()).Start()
	other := l.Machine("other", "10.0.0.2/24")
	mail.NewPOP3(other, l.disk, boxNode()).Start()
	first := pop3Login + `
		(wait 1m)
		C: RETR 1
		S: -ERR the message has been deleted by another session
		C: DELE 1
		S: +OK message 1 deleted
		C: DELE 2
		S: +OK message 2 deleted
		C: QUIT
		S: +OK bye
		S: (closed)`
	went := l.talk(pop3At, first)
	l.talk("10.0.0.2:110", pop3Login+"\nC: DELE 1\nS: +OK message 1 deleted\nC: QUIT\nS: +OK bye\nS: (closed)")
	l.Run(time.Hour)
	require.Equal(t, script(first), *went)
	require.Len(t, records[trace.MailExpunge](l.Lab), 2, "each message once")
	require.Equal(t, []string{"3-node.001"}, l.stored())
}

// failing is a share that cannot be reached for a time.
type failing struct {
	*share.Disk
	down bool
}

func (f *failing) ReadFile(n string) ([]byte, error) {
	if f.down {
		return nil, share.ErrUnreachable
	}
	return f.Disk.ReadFile(n)
}

func (f *failing) ReadDir(n string) ([]share.Info, error) {
	if f.down {
		return nil, share.ErrUnreachable
	}
	return f.Disk.ReadDir(n)
}

func (f *failing) Remove(n string) error {
	if f.down {
		return share.ErrUnreachable
	}
	return f.Disk.Remove(n)
}

func TestPOP3WithoutTheShare(t *testing.T) {
	const trouble = "S: -ERR [SYS/TEMP] the mailbox cannot be reached, try again later"
	l := newBoxLab(t)
	fs := &failing{l.disk, true}
	mail.NewPOP3(l.node, fs, boxNode()).Start()
	text := `
		S: +OK EPSTPOP3S ready
		C: USER bob
		S: +OK and the password
		C: PASS pass word
		` + trouble + `
		(wait 1m)
		C: USER bob
		S: +OK and the password
		C: PASS pass word
		S: +OK 3 messages
		(wait 1m)
		C: RETR 1
		` + trouble + `
		C: DELE 2
		S: +OK message 2 deleted
		C: QUIT
		S: -ERR [SYS/TEMP] 1 deleted messages not removed
		S: (closed)`
	went := l.talk(pop3At, text)
	l.Run(30 * time.Second)
	fs.down = false
	l.Run(time.Minute)
	fs.down = true
	l.Run(time.Hour)
	require.Equal(t, script(text), *went)
	require.Len(t, l.stored(), 3)
}

// M1, M2, M3.
func TestBoxBindsAndHiddenAddresses(t *testing.T) {
	for _, c := range []struct {
		name string
		svc  settings.Service
		want string // of the conversation
		end  string // of the session, if there is one
	}{
		{"not installed", settings.Service{}, "connection refused", ""},
		{"bound to the address", settings.Service{Installed: true, Binds: []settings.Bind{{Address: netip.MustParseAddr(nodeAddress), Port: 110}}}, "S: +OK EPSTPOP3S ready\n", "broken"},
		{"bound to an address the node lacks", settings.Service{Installed: true, Binds: []settings.Bind{{Address: netip.MustParseAddr("10.0.0.77"), Port: 110}}}, "connection refused", ""},
		{"another port", settings.Service{Installed: true, Binds: []settings.Bind{{Address: netip.IPv4Unspecified(), Port: 1110}}}, "connection refused", ""},
		{"hidden", settings.Service{Installed: true, Binds: []settings.Bind{{Address: netip.IPv4Unspecified(), Port: 110}}, Hidden: []netip.Addr{netip.MustParseAddr(nodeAddress)}}, "S: (closed)\n", "hidden"},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := newBoxLab(t)
			node := boxNode()
			node.POP3 = c.svc
			mail.NewPOP3(l.node, l.disk, node).Start()
			went := l.talk(pop3At, "S: +OK EPSTPOP3S ready")
			l.Run(time.Hour)
			require.Contains(t, *went, c.want)
			all := records[trace.MailSession](l.Lab)
			if c.end == "" {
				require.Empty(t, all)
				return
			}
			require.Len(t, all, 1)
			require.Equal(t, c.end, all[0].End)
		})
	}
}

// The service binds to the virtual address within 5 s of its coming.
func TestBoxBindIsTriedAgain(t *testing.T) {
	l := newBoxLab(t)
	node := boxNode()
	node.POP3.Binds[0].Address = netip.MustParseAddr("10.0.0.77")
	mail.NewPOP3(l.node, l.disk, node).Start()
	l.Run(time.Minute)
	l.node.Host().NIC().Add(netip.MustParsePrefix("10.0.0.77/24"))
	l.Run(6 * time.Second)
	went := l.talk("10.0.0.77:110", "S: +OK EPSTPOP3S ready")
	l.Run(time.Second)
	require.Equal(t, "S: +OK EPSTPOP3S ready\n", *went)
}

// M5: a plain user belongs to the domain of the address connected to.
func TestBoxDomainByAddress(t *testing.T) {
	l := newBoxLab(t)
	node := boxNode()
	node.Domains = append(node.Domains, settings.Domain{Name: "example.net", IP: netip.MustParseAddr("10.0.0.78"), Users: []settings.User{{Name: "bob", Password: "other"}}})
	l.node.Host().NIC().Add(netip.MustParsePrefix("10.0.0.78/24"))
	mail.NewPOP3(l.node, l.disk, node).Start()
	login := func(user, password, answer string) string {
		return fmt.Sprintf("S: +OK EPSTPOP3S ready\nC: USER %s\nS: +OK and the password\nC: PASS %s\nS: %s\n", user, password, answer)
	}
	const no = "-ERR [AUTH] wrong user or password"
	for _, c := range []struct{ at, user, password, answer string }{
		{pop3At, "bob", "pass word", "+OK 3 messages"},
		{pop3At, "bob", "other", no},
		{pop3At, "bob@example.net", "other", "+OK 0 messages"},
		{"10.0.0.78:110", "bob", "other", "+OK 0 messages"},
		{"10.0.0.78:110", "bob", "pass word", no},
		{"10.0.0.78:110", "bob@example.com", "pass word", "+OK 3 messages"},
	} {
		went := l.talk(c.at, login(c.user, c.password, c.answer))
		l.Run(time.Minute)
		require.Equal(t, login(c.user, c.password, c.answer), *went)
	}
}
