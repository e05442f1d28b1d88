package mail_test

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/mail"
	"ipwsim/sim/share"
	"ipwsim/sim/trace"
)

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
		{Box: "inbox/bob", ID: "1-node", MessageID: "1.a@client", By: trace.POP3},
		{Box: "inbox/bob", ID: "3-node", MessageID: "3.a@client", By: trace.POP3},
	}, records[trace.MailExpunge](l.Lab))
}

// A big message whose sending the cut ends.
func (l *boxLab) deliverBig() {
	text := "Message-ID: <4.a@client>\r\n\r\n" + strings.Repeat(strings.Repeat("x", 70)+"\r\n", 30000)
	require.NoError(l.t, l.disk.Create(bobsBox+"/4-node.001", []byte(text)))
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
