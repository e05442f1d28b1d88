package mail_test

import (
	"fmt"
	"io"
	"log"
	"net"
	"net/netip"
	"testing"
	"time"

	gosmtp "github.com/emersion/go-smtp"
	"github.com/stretchr/testify/require"

	"ipwsim/netstack/wire"
	"ipwsim/sim/mail"
	"ipwsim/sim/mail/mailtest"
	"ipwsim/sim/mail/settings"
	"ipwsim/sim/share"
	"ipwsim/sim/trace"
)

var benchText = []byte("Message-ID: <1.bench@client>\r\nSubject: bench\r\n\r\nThis is line 1.\r\nThe end.\r\n")

// BenchmarkReceive is a message through EPSTRS in virtual time: connect, EHLO to QUIT, queue, all in.
func BenchmarkReceive(b *testing.B) {
	lab := mailtest.New(1)
	defer lab.Close()
	server, client := lab.Machine("server", "10.0.0.1/24"), lab.Machine("client", "10.0.0.2/24")
	node := settings.Node{
		SMTP:    settings.Service{Binds: []settings.Bind{atBind("10.0.0.1")}},
		Domains: []settings.Domain{{Name: "test.jp", Users: []settings.User{{Name: "user1"}}}},
		Hosts:   map[string][]netip.Addr{"test.jp": {vip}},
	}
	mail.NewEPSTRS(server, share.NewDisk(server.Now), node, "server").Start()
	lab.Run(5 * time.Second)
	mail.Sender{Name: "s", Computer: "client", Server: netip.MustParseAddrPort("10.0.0.1:25"), From: "s@test.jp", To: []string{"user1@test.jp"}, Count: b.N, Every: time.Millisecond}.Start(client)
	frames := 0
	lab.Network().AddTap(func(time.Duration, *wire.Cable, []byte) { frames++ })
	b.ReportAllocs()
	b.ResetTimer()
	for accepted := 0; accepted < b.N; accepted = len(recorded[trace.MailAccept](lab.Trace)) {
		lab.Run(time.Duration(b.N) * 10 * time.Millisecond)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "messages/s")
	b.ReportMetric(float64(frames)/float64(b.N), "frames/op")
}

// nothing is a backend that takes everything and keeps nothing.
type nothing struct{}

func (nothing) NewSession(*gosmtp.Conn) (gosmtp.Session, error) { return nothing{}, nil }
func (nothing) Reset()                                          {}
func (nothing) Logout() error                                   { return nil }
func (nothing) Mail(string, *gosmtp.MailOptions) error          { return nil }
func (nothing) Rcpt(string, *gosmtp.RcptOptions) error          { return nil }
func (nothing) Data(r io.Reader) error                          { _, err := io.Copy(io.Discard, r); return err }

// pipes is a listener for the ends of pipes.
type pipes chan net.Conn

func (p pipes) Accept() (net.Conn, error) {
	c, ok := <-p
	if !ok {
		return nil, net.ErrClosed
	}
	return c, nil
}
func (p pipes) Close() error   { return nil }
func (p pipes) Addr() net.Addr { return &net.TCPAddr{} }

// BenchmarkReceiveFloor is the same conversation of the same library over pipes in memory: no
// network, no virtual time, no queue.
func BenchmarkReceiveFloor(b *testing.B) {
	server := gosmtp.NewServer(nothing{})
	server.ErrorLog = log.New(io.Discard, "", 0)
	server.ReadTimeout, server.WriteTimeout = time.Minute, time.Minute
	l := make(pipes)
	go func() { _ = server.Serve(l) }()
	defer close(l)
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		near, far := net.Pipe()
		l <- far
		c := gosmtp.NewClient(near)
		require.NoError(b, c.Hello("client"))
		require.NoError(b, c.Mail("s@test.jp", nil))
		require.NoError(b, c.Rcpt("user1@test.jp", nil))
		w, err := c.Data()
		require.NoError(b, err)
		_, err = fmt.Fprintf(w, "%s", benchText)
		require.NoError(b, err)
		require.NoError(b, w.Close())
		require.NoError(b, c.Quit())
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "messages/s")
}
