package mail_test

import (
	"crypto/sha256"
	"fmt"
	"net/netip"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/netstack/wire"
	"ipwsim/sim/mail"
	"ipwsim/sim/mail/mailtest"
	"ipwsim/sim/mail/reader"
	"ipwsim/sim/share"
	"ipwsim/sim/trace"
)

// startBoxes starts both services.
func startBoxes(h mail.Host, fs share.FS) {
	mail.NewPOP3(h, fs, boxNode()).Start()
	mail.NewIMAP(h, fs, boxNode(), "NODE").Start()
}

// startReader starts a reader of bob's mailbox: by is "pop3" or "imap".
func startReader(h mail.Host, by string, keep bool) {
	a := reader.Account{Server: netip.MustParseAddrPort(pop3At), User: "bob", Password: "pass word", First: time.Second, Every: time.Minute, Keep: keep}
	if by == "imap" {
		a.Server = netip.MustParseAddrPort(imapAt)
		reader.NewIMAP(h, a).Start()
		return
	}
	reader.NewPOP3(h, a).Start()
}

// fetched are the Message-IDs that readers got, in order.
func fetched(l *mailtest.Lab) (ids []string) {
	for _, f := range records[trace.MailFetch](l) {
		ids = append(ids, f.MessageID)
	}
	return ids
}

func forBoth(t *testing.T, f func(t *testing.T, by string)) {
	for _, by := range []string{"pop3", "imap"} {
		t.Run(by, func(t *testing.T) { f(t, by) })
	}
}

func TestReaderThatDeletes(t *testing.T) {
	forBoth(t, func(t *testing.T, by string) {
		l := newBoxLab(t)
		startBoxes(l.node, l.disk)
		startReader(l.client, by, false)
		l.Run(10 * time.Second)
		require.Empty(t, l.stored())
		l.deliver(4)
		l.Run(10 * time.Minute)
		require.Empty(t, l.stored())
		require.Equal(t, []string{"1.a@client", "2.a@client", "3.a@client", "4.a@client"}, fetched(l.Lab))
		require.Len(t, records[trace.MailExpunge](l.Lab), 4)
		polls := records[trace.MailPoll](l.Lab)
		require.Len(t, polls, 11)
		require.Equal(t, 3, polls[0].New)
		require.Equal(t, 1, polls[1].New)
		require.Empty(t, polls[1].Stage)
		for _, s := range records[trace.MailSession](l.Lab) {
			require.Equal(t, trace.QuitEnd, s.End)
		}
	})
}

func TestReaderThatKeeps(t *testing.T) {
	forBoth(t, func(t *testing.T, by string) {
		l := newBoxLab(t)
		startBoxes(l.node, l.disk)
		startReader(l.client, by, true)
		l.Run(10 * time.Minute)
		l.deliver(4)
		l.Run(10 * time.Minute)
		require.Len(t, l.stored(), 4)
		require.Equal(t, []string{"1.a@client", "2.a@client", "3.a@client", "4.a@client"}, fetched(l.Lab), "each once")
	})
}

// A node that dies in the middle of a look, at any moment, and boots: each message is got, none is got
// twice, none is lost.
func TestReaderWhoseServerDies(t *testing.T) {
	forBoth(t, func(t *testing.T, by string) {
		cuts := 0 // that hit a look
		for _, keep := range []bool{false, true} {
			for cut := time.Duration(0); cut < 12*time.Millisecond; cut += 500 * time.Microsecond {
				l := newBoxLab(t)
				startBoxes(l.node, l.disk)
				startReader(l.client, by, keep)
				l.Run(time.Second + cut)
				l.node.PowerOff()
				l.node.Cable.SetPlugged(false)
				l.Run(2 * time.Minute)
				if len(records[trace.MailPoll](l.Lab)) > 0 && records[trace.MailPoll](l.Lab)[0].Stage != "connect" {
					cuts++
				}
				startBoxes(l.Machine("again", nodeAddress+"/24"), l.disk)
				l.Run(4 * time.Minute)
				require.Equal(t, []string{"1.a@client", "2.a@client", "3.a@client"}, fetched(l.Lab), "cut after %v", cut)
				if keep {
					require.Len(t, l.stored(), 3)
				} else {
					require.Empty(t, l.stored())
				}
			}
		}
		require.Greater(t, cuts, 10)
	})
}

func TestReaderTellsWhereItFailed(t *testing.T) {
	for _, c := range []struct {
		by, server string // what the server says; "" for nobody there
		stage      trace.MailStage
		text       string
	}{
		{"pop3", "", trace.AtConnect, "refused"},
		{"imap", "", trace.AtConnect, "refused"},
		{"pop3", "-ERR go away", trace.AtGreeting, "go away"},
		{"imap", "* BYE go away", trace.AtGreeting, "* BYE go away"},
		{"pop3", "+OK|-ERR no", trace.AtLogin, "no"},
		{"imap", "* OK|a1 NO no", trace.AtLogin, "NO no"},
		{"pop3", "+OK|+OK|+OK|+OK\r\n1\r\n.", trace.AtList, `UIDL: found "1", expected a number and an id`},
		{"imap", "* OK|a1 OK|a2 OK|* SEARCH x\r\na3 OK", trace.AtList, `SEARCH: found "SEARCH x", expected UIDs`},
		{"imap", "* OK|a1 OK|+ what", trace.AtList, `found "+ what", expected an answer to a2`},
		{"imap", "* OK|a1 OK|a2 OK|* SEARCH 1\r\na3 OK|* 1 FETCH (BODY[] {99999999}", trace.AtFetch, "expected a literal of at most"},
		{"pop3", "+OK|+OK|+OK|+OK\r\n1 a\r\n.|-ERR [SYS/TEMP] later", trace.AtFetch, "[SYS/TEMP] later"},
		{"pop3", "+OK|+OK|silence", trace.AtLogin, "timeout"},
		{"imap", "* OK|silence", trace.AtLogin, "timeout"},
	} {
		t.Run(c.by+" "+string(c.stage)+" "+c.text, func(t *testing.T) {
			l := newBoxLab(t)
			if c.server != "" {
				l.recite(strings.Split(c.server, "|"))
			}
			startReader(l.client, c.by, true)
			l.Run(70 * time.Second)
			polls := records[trace.MailPoll](l.Lab)
			require.NotEmpty(t, polls)
			require.Equal(t, c.stage, polls[0].Stage)
			require.Contains(t, polls[0].Text, c.text)
		})
	}
}

// recite serves both ports: it says a line for each line that it gets, then closes.
func (l *boxLab) recite(lines []string) {
	for _, at := range []string{pop3At, imapAt} {
		l.node.Go("recite", func() {
			ln, err := l.node.Listen(netip.MustParseAddrPort(at))
			require.NoError(l.t, err)
			for {
				c, err := ln.Accept()
				if err != nil {
					return
				}
				go func() {
					defer c.Close()
					for _, line := range lines {
						if line == "silence" {
							_ = c.SetReadDeadline(l.node.Now().Add(time.Hour))
						} else if _, err := c.Write([]byte(line + "\r\n")); err != nil {
							return
						}
						if _, err := c.Read(make([]byte, 500)); err != nil {
							return
						}
					}
				}()
			}
		})
	}
}

// boxesRun lets three people read on two nodes while mail comes and a cable is out for a while, and
// returns the hash over every frame and its time.
func boxesRun(t *testing.T) string {
	l := newBoxLab(t)
	sum := sha256.New()
	l.Network().AddTap(func(at time.Duration, c *wire.Cable, b []byte) { fmt.Fprintf(sum, "%d %s %x\n", at, c.Name(), b) })
	startBoxes(l.node, l.disk)
	startReader(l.client, "pop3", true)
	startReader(l.client, "imap", true)
	startReader(l.Machine("third", "10.0.0.3/24"), "imap", false)
	l.talk(imapAt, imapSelected+"\nC: c IDLE\nS: + idling\n"+strings.Repeat("S: *\n", 20))
	for i := 4; i < 10; i++ {
		l.Run(40 * time.Second)
		l.deliver(i)
		l.client.Cable.SetPlugged(i%3 != 0)
	}
	l.client.Cable.SetPlugged(true)
	l.Run(10 * time.Minute)
	require.Empty(t, l.stored())
	return fmt.Sprintf("%x", sum.Sum(nil))
}

func TestBoxesAreDeterministic(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	first := boxesRun(t)
	for _, procs := range []int{1, 2, 8} {
		runtime.GOMAXPROCS(procs)
		for range 2 {
			require.Equal(t, first, boxesRun(t), "GOMAXPROCS %d", procs)
		}
	}
}
