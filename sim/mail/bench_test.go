package mail_test

import (
	"net/netip"
	"testing"
	"time"

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

// BenchmarkReceiveFloor is the same conversation of the same library over pipes in memory.
func BenchmarkReceiveFloor(b *testing.B) {
	floor := mailtest.NewFloor()
	defer floor.Close()
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		require.NoError(b, floor.Send(benchText))
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "messages/s")
}
