package mail_test

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/mail"
	"ipwsim/sim/mail/settings"
	"ipwsim/sim/trace"
)

// M1, M2, M3.
func TestBoxBindsAndHiddenAddresses(t *testing.T) {
	for _, c := range []struct {
		name string
		svc  settings.Service
		want string           // of the conversation
		end  trace.SessionEnd // of the session, if there is one
	}{
		{"not installed", settings.Service{}, "connection refused", ""},
		{"bound to the address", settings.Service{Installed: true, Binds: []settings.Bind{{Address: netip.MustParseAddr(nodeAddress), Port: 110}}}, "S: +OK EPSTPOP3S ready\n", trace.BrokenEnd},
		{"bound to an address the node lacks", settings.Service{Installed: true, Binds: []settings.Bind{{Address: netip.MustParseAddr("10.0.0.77"), Port: 110}}}, "connection refused", ""},
		{"another port", settings.Service{Installed: true, Binds: []settings.Bind{{Address: netip.IPv4Unspecified(), Port: 1110}}}, "connection refused", ""},
		{"SSL", settings.Service{Installed: true, Binds: []settings.Bind{{Address: netip.IPv4Unspecified(), Port: 110, SSL: true}}}, "S: (closed)\n", trace.RefusedEnd},
		{"hidden", settings.Service{Installed: true, Binds: []settings.Bind{{Address: netip.IPv4Unspecified(), Port: 110}}, Hidden: []netip.Addr{netip.MustParseAddr(nodeAddress)}}, "S: (closed)\n", trace.HiddenEnd},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := newBoxLab(t)
			node := boxNode()
			node.POP3 = c.svc
			mail.NewPOP3(l.node, l.disk, node).Start()
			went := l.talk(pop3At, "S: +OK EPSTPOP3S ready")
			l.Run(2 * time.Hour)
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
