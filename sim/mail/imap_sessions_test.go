package mail_test

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/mail"
	"ipwsim/sim/trace"
)

func TestIMAPSessions(t *testing.T) {
	for _, c := range []struct {
		script string
		end    trace.SessionEnd
		user   string
	}{
		{imapLogin + "\nC: b LOGOUT\nS: * BYE Logging out\nS: b OK LOGOUT completed\nS: (closed)", trace.QuitEnd, "bob"},
		{imapLogin, trace.BrokenEnd, "bob"},
		{imapLogin + "\n(wait 40m)\nS: * BYE Autologout: nothing came for too long\nS: (closed)", trace.TimeoutEnd, "bob"},
		{imapHello + "\nC: x y\nS: x BAD Unknown command\nS: * BYE Unknown command\nS: (closed)", trace.RefusedEnd, ""},
	} {
		l := newBoxLab(t)
		mail.NewIMAP(l.node, l.disk, boxNode(), "NODE").Start()
		went := l.talk(imapAt, c.script)
		l.Run(3 * time.Hour)
		require.Equal(t, script(c.script), *went)
		all := records[trace.MailSession](l.Lab)
		require.Len(t, all, 1)
		all[0].Took, all[0].Remote = 0, netip.AddrPort{}
		require.Equal(t, trace.MailSession{Service: "EPSTIMAP4S", Local: netip.MustParseAddrPort(imapAt), User: c.user, End: c.end}, all[0])
	}
}

func TestIMAPHidden(t *testing.T) {
	l := newBoxLab(t)
	node := boxNode()
	node.IMAP.Hidden = []netip.Addr{netip.MustParseAddr(nodeAddress)}
	mail.NewIMAP(l.node, l.disk, node, "NODE").Start()
	went := l.talk(imapAt, "S: * OK")
	l.Run(time.Hour)
	require.Equal(t, "S: (closed)\n", *went)
	all := records[trace.MailSession](l.Lab)
	require.Len(t, all, 1)
	require.Equal(t, trace.HiddenEnd, all[0].End)
}

// Two sessions, on two nodes: each is told what the other did, at the right moment (RFC 3501, section
// 7.4.1: no EXPUNGE during FETCH, STORE and SEARCH).
func TestIMAPTwoSessions(t *testing.T) {
	l := newBoxLab(t)
	mail.NewIMAP(l.node, l.disk, boxNode(), "NODE").Start()
	other := l.Machine("other", "10.0.0.2/24")
	mail.NewIMAP(other, l.disk, boxNode(), "OTHER").Start()
	first := imapSelected + `
		(wait 1m)
		C: c FETCH 1 FLAGS
		S: * 1 FETCH (FLAGS (\Recent))
		S: * 3 FETCH (UID 3 FLAGS (\Flagged \Recent))
		S: * 4 EXISTS
		S: * 4 RECENT
		S: c OK FETCH completed
		C: d FETCH 1:3 BODY.PEEK[TEXT]<0.4>
		S: * 2 FETCH (BODY[TEXT]<0> {4}
		S: line)
		S: * 3 FETCH (BODY[TEXT]<0> {4}
		S: line)
		S: d NO [EXPUNGEISSUED] some of the messages have been deleted by another session
		C: e NOOP
		S: * 1 EXPUNGE
		S: e OK NOOP completed
		C: f UID FETCH 1:* FLAGS
		S: * 1 FETCH (UID 2 FLAGS (\Recent))
		S: * 2 FETCH (UID 3 FLAGS (\Flagged \Recent))
		S: * 3 FETCH (UID 4 FLAGS (\Recent))
		S: f OK UID FETCH completed`
	second := strings.Replace(imapSelected, "3 RECENT", "0 RECENT", 1) + `
		(wait 10s)
		C: c STORE 1 +FLAGS.SILENT (\Deleted)
		S: c OK STORE completed
		C: d EXPUNGE
		S: * 1 EXPUNGE
		S: d OK EXPUNGE completed
		C: e UID STORE 3 FLAGS.SILENT (\Flagged)
		S: e OK UID STORE completed`
	went, went2 := l.talk(imapAt, first), l.talk("10.0.0.2:143", second)
	l.Run(30 * time.Second)
	l.deliver(4)
	l.Run(time.Hour)
	require.Equal(t, script(first), *went)
	require.Equal(t, script(second), *went2)
	require.Equal(t, []trace.MailExpunge{{Box: "inbox/bob", ID: "1-node", MessageID: "1.a@client", By: trace.IMAP}}, records[trace.MailExpunge](l.Lab))
}

// IDLE tells of new and vanished mail while the client waits, on one goroutine.
func TestIMAPIdle(t *testing.T) {
	l := newBoxLab(t)
	mail.NewIMAP(l.node, l.disk, boxNode(), "NODE").Start()
	text := imapSelected + `
		C: c IDLE
		S: + idling
		S: * 4 EXISTS
		S: * 4 RECENT
		S: * 1 EXPUNGE
		(wait 30s)
		C: DONE
		S: c OK IDLE completed
		C: d IDLE
		S: + idling
		C: STOP
		S: d BAD Syntax error: expected DONE to end IDLE
		C: e IDLE
		S: + idling
		(wait 36m)
		S: * BYE Autologout: IDLE for too long
		S: (closed)`
	went := l.talk(imapAt, text)
	l.Run(20 * time.Second)
	l.deliver(4)
	l.Run(20 * time.Second)
	require.NoError(t, l.disk.Remove(bobsBox+"/1-node.001"))
	l.Run(2 * time.Hour)
	require.Equal(t, script(text), *went)
}

func TestIMAPWithoutTheShare(t *testing.T) {
	l := newBoxLab(t)
	fs := &failing{l.disk, true}
	mail.NewIMAP(l.node, fs, boxNode(), "NODE").Start()
	const trouble = "NO [UNAVAILABLE] the mailbox cannot be reached, try again later"
	text := imapLogin + `
		C: b SELECT INBOX
		S: b ` + trouble + `
		(wait 1m)` + strings.Replace(strings.TrimPrefix(imapSelected, imapLogin), "1738945167", "1738945227", 1) + `
		(wait 1m)
		C: c FETCH 1 BODY.PEEK[]
		S: c ` + trouble + `
		C: d STORE 1 +FLAGS (\Seen)
		S: d ` + trouble + `
		C: e SEARCH SUBJECT x
		S: e ` + trouble + `
		C: f STATUS INBOX (MESSAGES)
		S: f ` + trouble + `
		C: g EXPUNGE
		S: g ` + trouble + `
		C: h NOOP
		S: h OK NOOP completed`
	went := l.talk(imapAt, text)
	l.Run(30 * time.Second)
	fs.down = false
	l.Run(time.Minute)
	fs.down = true
	l.Run(time.Hour)
	require.Equal(t, script(text), *went)
}

// After a failover the mailbox is the same: UIDs, UIDVALIDITY, flags (M8).
func TestIMAPFailover(t *testing.T) {
	l := newBoxLab(t)
	mail.NewIMAP(l.node, l.disk, boxNode(), "NODE").Start()
	l.talk(imapAt, imapSelected+`
		C: c STORE 2 +FLAGS (\Answered)
		S: *
		S: c OK
		C: d STORE 1 +FLAGS (\Deleted)
		S: *
		S: d OK
		C: e EXPUNGE
		S: *
		S: e OK`)
	l.Run(10 * time.Second)
	l.node.PowerOff()
	l.Run(10 * time.Second)
	other := l.Machine("other", "10.0.0.2/24")
	mail.NewIMAP(other, l.disk, boxNode(), "OTHER").Start()
	l.deliver(4)
	text := imapLogin + `
		C: b SELECT INBOX
		S: * 3 EXISTS
		S: * 1 RECENT
		S: * OK [UNSEEN 1] First unseen message
		S: * OK [UIDVALIDITY 1738945167] UIDs valid
		S: * OK [UIDNEXT 5] Predicted next UID
		S: * FLAGS (\Answered \Flagged \Deleted \Seen \Draft)
		S: * OK [PERMANENTFLAGS (\Answered \Flagged \Deleted \Seen \Draft \*)] Permanent flags
		S: b OK [READ-WRITE] SELECT completed
		C: c FETCH 1:* (UID FLAGS)
		S: * 1 FETCH (UID 2 FLAGS (\Answered))
		S: * 2 FETCH (UID 3 FLAGS ())
		S: * 3 FETCH (UID 4 FLAGS (\Recent))
		S: c OK FETCH completed`
	went := l.talk("10.0.0.2:143", text)
	l.Run(time.Hour)
	require.Equal(t, script(text), *went)
}

// A node that loses its power with sessions in all states: nothing of it is heard again.
func TestPowerOffEndsSessions(t *testing.T) {
	l := newBoxLab(t)
	fs := &touched{FS: l.disk, host: l.node}
	startBoxes(l.node, fs)
	l.talk(imapAt, imapSelected+"\nC: c IDLE\nS: + idling\nS: x")
	l.talk(imapAt, imapHello+"\nC: a LOGIN bob wrong\nS: x")
	l.talk(imapAt, imapSelected+"\nS: x")
	l.talk(pop3At, "S: +OK\nC: USER bob\nS: +OK\nC: PASS wrong\nS: x")
	l.talk(pop3At, pop3Login+"\nS: x")
	l.Run(2 * time.Second)
	l.node.PowerOff()
	before := len(fs.names)
	l.Run(2 * time.Hour)
	require.Empty(t, records[trace.MailSession](l.Lab))
	require.Len(t, fs.names, before)
}
