package mail_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/mail"
	"ipwsim/sim/mail/settings"
	"ipwsim/sim/trace"
)

// Whoever opens more connections than one address may is turned away in the service's own words, and
// nobody else is; once some are closed there is room again.
func TestTooManyConnections(t *testing.T) {
	for _, c := range []struct {
		port           uint16
		greeting, busy string
	}{
		{25, "220 ", "421 4.7.0 Too many connections, try again later\r\n"},
		{110, "+OK ", "-ERR [SYS/TEMP] too many connections, try again later\r\n"},
		{143, "* OK ", "* BYE Too many connections, try again later\r\n"},
	} {
		r := newRig(t)
		any := func(port uint16) settings.Service {
			return settings.Service{Installed: true, Binds: []settings.Bind{{Address: netip.IPv4Unspecified(), Port: port}}}
		}
		r.node.POP3, r.node.IMAP = any(110), any(143)
		for _, name := range []string{settings.SMTPName, settings.POP3Name, settings.IMAPName} {
			mail.StartService(name, r.active, r.disk, r.node, "active")
		}
		r.lab.Run(time.Second)
		at := netip.AddrPortFrom(vip, c.port)
		greet := func(m interface {
			Dial(netip.Addr, netip.AddrPort, time.Duration) (net.Conn, error)
		}) (string, net.Conn) {
			conn, err := m.Dial(netip.Addr{}, at, time.Minute)
			require.NoError(t, err)
			said, _ := bufio.NewReader(conn).ReadString('\n')
			return said, conn
		}
		r.client.Go("hostile", func() {
			var all []net.Conn
			for range 250 {
				said, conn := greet(r.client)
				require.Equal(t, c.greeting, said[:len(c.greeting)])
				all = append(all, conn)
			}
			said, conn := greet(r.client)
			require.Equal(t, c.busy, said)
			_, err := conn.Read(make([]byte, 1))
			require.ErrorIs(t, err, io.EOF)
			r.client.Sleep(time.Minute)
			for _, conn := range all {
				require.NoError(t, conn.Close())
			}
			r.client.Sleep(time.Minute)
			said, _ = greet(r.client)
			require.Equal(t, c.greeting, said[:len(c.greeting)])
		})
		r.foreign.Go("honest", func() {
			r.foreign.Sleep(30 * time.Second)
			said, _ := greet(r.foreign)
			require.Equal(t, c.greeting, said[:len(c.greeting)])
		})
		r.lab.Run(10 * time.Minute)
		refused := 0
		for _, s := range recorded[trace.MailSession](r.lab.Trace) {
			if s.End == trace.RefusedEnd {
				refused++
			}
		}
		require.Equal(t, 1, refused)
	}
}

// Guessing on many connections at once is no faster than on one, and leaves its name in the log; a
// user of another name notices nothing.
func TestManyGuessers(t *testing.T) {
	l := newBoxLab(t)
	mail.NewPOP3(l.node, l.disk, boxNode()).Start()
	l.Run(time.Second)
	guesses, begin := 0, l.client.Now()
	dial := func() (net.Conn, *bufio.Reader) {
		c, err := l.client.Dial(netip.Addr{}, netip.MustParseAddrPort(pop3At), time.Minute)
		require.NoError(t, err)
		in := bufio.NewReader(c)
		_, _ = in.ReadString('\n')
		return c, in
	}
	for n := range 100 {
		l.client.Go("guesser", func() {
			for l.client.Now().Sub(begin) < time.Minute {
				c, in := dial()
				for range 3 {
					fmt.Fprintf(c, "USER admin\r\nPASS guess%d\r\n", n)
					_, _ = in.ReadString('\n')
					if _, err := in.ReadString('\n'); err != nil {
						break
					}
					guesses++
				}
				_ = c.Close()
			}
		})
	}
	honest := time.Duration(0)
	l.client.Go("bob", func() {
		l.client.Sleep(20 * time.Second)
		start := l.client.Now()
		c, in := dial()
		fmt.Fprint(c, "USER bob\r\nPASS pass word\r\n")
		_, _ = in.ReadString('\n')
		said, _ := in.ReadString('\n')
		require.Equal(t, "+OK 3 messages\r\n", said)
		honest = l.client.Now().Sub(start)
		_ = c.Close()
	})
	l.Run(2 * time.Minute)
	denied := records[trace.MailDenied](l.Lab)
	require.Len(t, denied, guesses)
	require.Equal(t, "admin", denied[0].User)
	require.Less(t, guesses, 330, "3 at once, one each 3 s, and who waited 30 s in vain")
	require.Positive(t, honest)
	require.Less(t, honest, 100*time.Millisecond)
}
