package host

import (
	"bufio"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"net/textproto"
	"os"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/stretchr/testify/require"

	"ipwsim/netstack/wire"
)

var (
	anyAddr = netip.IPv4Unspecified()
	server  = netip.MustParseAddr("192.168.10.2")
)

// echoServer answers each connection with what it gets, in capitals.
func echoServer(h *Host, port uint16) {
	h.Domain().Go("server", func() {
		l, err := h.Listen(netip.AddrPortFrom(anyAddr, port))
		if err != nil {
			panic(err)
		}
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				line, err := bufio.NewReader(conn).ReadString('\n')
				if err == nil {
					io.WriteString(conn, strings.ToUpper(line))
				}
			}()
		}
	})
}

// call sends a line from a and returns the answer and when it came.
func call(l *lan, a *Host, port uint16, timeout time.Duration) (answer string, took time.Duration, err error) {
	start := l.s.Now()
	a.Domain().Go("client", func() {
		defer func() { took = l.s.Now() - start }()
		var conn *Conn
		if conn, err = a.Dial(netip.Addr{}, netip.AddrPortFrom(server, port), timeout); err != nil {
			return
		}
		defer conn.Close()
		conn.SetDeadline(a.Wall().Add(timeout))
		fmt.Fprintf(conn, "hello\n")
		answer, err = bufio.NewReader(conn).ReadString('\n')
	})
	l.run(time.Minute)
	return
}

func TestTCPConversation(t *testing.T) {
	l := newLAN(t)
	a, b := l.add("192.168.10.1/24"), l.add("192.168.10.2/24")
	l.run(5 * time.Second)
	echoServer(b, 25)
	answer, took, err := call(l, a, 25, time.Minute)
	require.NoError(t, err)
	require.Equal(t, "HELLO\n", answer)
	require.Less(t, took, 10*time.Millisecond)
}

func TestTCPFailures(t *testing.T) {
	for _, c := range []struct {
		name string
		do   func(l *lan, b *Host)
		want error
		took time.Duration
	}{
		{"nobody listens", func(*lan, *Host) {}, syscall.ECONNREFUSED, 0},
		{"the cable is pulled: ARP finds nobody", func(l *lan, _ *Host) { l.net.Cables()[1].SetPlugged(false) }, syscall.EHOSTUNREACH, 3 * time.Second},
		{"the firewall drops it", func(_ *lan, b *Host) { b.NIC().Firewall().BlockTCP = map[uint16]bool{25: true} }, os.ErrDeadlineExceeded, 21 * time.Second},
		{"the host is frozen in mid-conversation", func(l *lan, b *Host) {
			echoServer(b, 25)
			b.Domain().After(900*time.Microsecond, b.Domain().Freeze)
		}, os.ErrDeadlineExceeded, 21 * time.Second},
		{"the host loses power in mid-conversation", func(l *lan, b *Host) {
			echoServer(b, 25)
			l.s.After(900*time.Microsecond, func() { b.PowerOff(); l.hosts = l.hosts[:1] })
		}, os.ErrDeadlineExceeded, 21 * time.Second},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := newLAN(t)
			a, b := l.add("192.168.10.1/24"), l.add("192.168.10.2/24")
			l.run(5 * time.Second)
			c.do(l, b)
			_, took, err := call(l, a, 25, 21*time.Second)
			require.ErrorIs(t, err, c.want)
			require.InDelta(t, c.took.Seconds(), took.Seconds(), 0.01)
		})
	}
}

func TestListenTwiceIsRefused(t *testing.T) {
	l := newLAN(t)
	b := l.add("192.168.10.2/24")
	l.run(5 * time.Second)
	_, err := b.Listen(netip.AddrPortFrom(anyAddr, 25))
	require.NoError(t, err)
	_, err = b.Listen(netip.AddrPortFrom(anyAddr, 25))
	require.ErrorIs(t, err, syscall.EADDRINUSE)
}

func TestDialFromAnAddressTheHostLacks(t *testing.T) {
	l := newLAN(t)
	a := l.add("192.168.10.1/24")
	l.run(5 * time.Second)
	a.Domain().Go("client", func() {
		_, err := a.Dial(vipAddr, netip.AddrPortFrom(server, 25), time.Second)
		require.ErrorIs(t, err, syscall.EADDRNOTAVAIL)
	})
	l.run(time.Second)
}

func TestUDP(t *testing.T) {
	l := newLAN(t)
	a, b := l.add("192.168.10.1/24"), l.add("192.168.10.2/24")
	l.run(5 * time.Second)
	b.Domain().Go("server", func() {
		c, err := b.ListenUDP(netip.AddrPortFrom(anyAddr, 53))
		require.NoError(t, err)
		buf := make([]byte, 100)
		n, from, err := c.ReadFrom(buf)
		require.NoError(t, err)
		require.NoError(t, c.WriteTo([]byte(strings.ToUpper(string(buf[:n]))), from))
	})
	answer := ""
	a.Domain().Go("client", func() {
		c, err := a.ListenUDP(netip.AddrPortFrom(anyAddr, 0))
		require.NoError(t, err)
		require.NoError(t, c.WriteTo([]byte("hello"), netip.AddrPortFrom(server, 53)))
		buf := make([]byte, 100)
		n, _, err := c.ReadFrom(buf)
		require.NoError(t, err)
		answer = string(buf[:n])
	})
	l.run(time.Second)
	require.Equal(t, "HELLO", answer)
}

// mailbox is a go-smtp backend: a library that starts a goroutine of its own for each connection.
type mailbox struct{ got []string }

func (m *mailbox) NewSession(*smtp.Conn) (smtp.Session, error) { return &session{m}, nil }

type session struct{ m *mailbox }

func (s *session) Reset()                                    {}
func (s *session) Logout() error                             { return nil }
func (s *session) Mail(string, *smtp.MailOptions) error      { return nil }
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error { return nil }
func (s *session) Data(r io.Reader) error {
	b, err := io.ReadAll(r)
	s.m.got = append(s.m.got, strings.TrimSpace(string(b)))
	return err
}

// sendMail is one SMTP conversation.
func sendMail(h *Host, text string) error {
	conn, err := h.Dial(netip.Addr{}, netip.AddrPortFrom(server, 25), 21*time.Second)
	if err != nil {
		return err
	}
	defer conn.Close()
	c := textproto.NewConn(conn)
	if _, _, err := c.ReadResponse(220); err != nil {
		return err
	}
	for _, x := range []struct {
		line string
		code int
	}{{"HELO client", 250}, {"MAIL FROM:<a@test.jp>", 250}, {"RCPT TO:<b@test.jp>", 250}, {"DATA", 354}, {text + "\r\n.", 250}, {"QUIT", 221}} {
		if err := c.PrintfLine("%s", x.line); err != nil {
			return err
		}
		if _, _, err := c.ReadResponse(x.code); err != nil {
			return err
		}
	}
	return nil
}

// smtpRun lets three senders send at the same time through a cable that is out for a while, and returns
// the hash over every frame and its time.
func smtpRun(t *testing.T) (mails []string, hash string) {
	l := newLAN(t)
	sum := sha256.New()
	l.net.AddTap(func(at time.Duration, c *wire.Cable, b []byte) { fmt.Fprintf(sum, "%d %s %x\n", at, c.Name(), b) })
	a, b := l.add("192.168.10.1/24"), l.add("192.168.10.2/24")
	l.run(5 * time.Second)
	box := &mailbox{}
	b.Domain().Go("smtpd", func() {
		srv := smtp.NewServer(box)
		srv.Domain = "test.jp"
		srv.ErrorLog = nil
		ln, err := b.Listen(netip.AddrPortFrom(anyAddr, 25))
		if err == nil {
			err = srv.Serve(ln)
		}
		if !errors.Is(err, net.ErrClosed) {
			panic(err)
		}
	})
	for i := range 3 {
		a.Domain().Go("sender", func() {
			for n := range 5 {
				if err := sendMail(a, fmt.Sprintf("%d.%d", i, n)); err != nil {
					panic(err)
				}
				a.Domain().Current().Sleep(300 * time.Millisecond)
			}
		})
	}
	l.s.After(610*time.Millisecond, func() { l.net.Cables()[1].SetPlugged(false) })
	l.s.After(900*time.Millisecond, func() { l.net.Cables()[1].SetPlugged(true) })
	l.run(time.Minute)
	return box.got, fmt.Sprintf("%x", sum.Sum(nil))
}

// A server library that knows nothing of virtual time runs in it, and every run is the same.
func TestForeignServerIsDeterministic(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	mails, first := smtpRun(t)
	require.Len(t, mails, 15)
	for _, procs := range []int{1, 2, 8} {
		runtime.GOMAXPROCS(procs)
		for range 5 {
			_, hash := smtpRun(t)
			require.Equal(t, first, hash, "GOMAXPROCS %d", procs)
		}
	}
}
