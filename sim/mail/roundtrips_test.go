package mail_test

import (
	"encoding/binary"
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/netstack/wire"
	"ipwsim/sim/mail"
	"ipwsim/sim/mail/mailtest"
	"ipwsim/sim/mail/reader"
	"ipwsim/sim/mail/settings"
	"ipwsim/sim/share"
	"ipwsim/sim/share/nas"
)

// tripMessages is how many messages are sent, one each 10 s.
const tripMessages = 20

// calls is how many calls of the share go over the network while messages to somebody, or none, come and
// are read.
func calls(to string, read func(mail.Host)) (n int) {
	lab := mailtest.New(1)
	defer lab.Close()
	node, client := lab.Machine("active", "10.0.0.1/24"), lab.Machine("client", "10.0.0.50/24")
	mail.NewOutside(lab.Machine("foreign", "10.0.0.9/24"), netip.AddrPortFrom(outsideIP, 25)).Start()
	server := lab.Machine("nas", "10.0.0.8/24")
	at := netip.AddrPortFrom(netip.MustParseAddr("10.0.0.8"), share.Port)
	server.Go("share", func() {
		if l, err := server.Listen(at); err == nil {
			_ = share.Serve(server, l, share.NewDisk(server.Now))
		}
	})
	mount := share.NewMount(node, at, "Administrator")
	set := boxNode()
	set.SMTP = settings.Service{Installed: true, Binds: []settings.Bind{anyPort25}}
	set.Hosts = map[string][]netip.Addr{"example.com": {netip.MustParseAddr(nodeAddress)}, "outside.jp": {outsideIP}}
	mail.NewEPSTRS(node, mount, set, "active").Start()
	mail.NewEPSTDS(node, mount, set, "active").Start()
	startBoxes(node, mount)
	lab.Run(time.Minute)
	lab.Network().AddTap(func(_ time.Duration, c *wire.Cable, b []byte) {
		const tcp = wire.HeaderLen + 20
		if c != server.Cable || len(b) <= tcp+20 || binary.BigEndian.Uint16(b[tcp+2:]) != share.Port {
			return
		}
		if m, _, err := nas.Begin(b[tcp+int(b[tcp+12]>>4)*4:]); err == nil && m.Code == nas.Ask {
			n++
		}
	})
	read(client)
	if to != "" {
		mail.Sender{Name: "s", Computer: "client", Server: netip.AddrPortFrom(netip.MustParseAddr(nodeAddress), 25),
			From: "bob@example.com", To: []string{to}, Count: tripMessages, Every: 10 * time.Second}.Start(client)
	}
	lab.Run((tripMessages + 2) * 10 * time.Second)
	return n
}

// Each call is a round trip: a message costs what its steps need, and no more. Its acceptance is a draft
// and a rename; its delivery, its reading and a rename; its relay, its reading twice, a look before the final dot and its
// removal.
func TestRoundTripsOfAMessage(t *testing.T) {
	account := func(at string) reader.Account {
		return reader.Account{Server: netip.MustParseAddrPort(at), User: "bob", Password: "pass word", First: 5 * time.Second, Every: 10 * time.Second}
	}
	for _, c := range []struct {
		name, to string
		read     func(mail.Host)
		want     int
	}{
		{"delivered", "bob@example.com", func(mail.Host) {}, 4},
		{"to the outside", "a@outside.jp", func(mail.Host) {}, 6},
		{"read by POP3", "bob@example.com", func(h mail.Host) { reader.NewPOP3(h, account("10.0.0.1:110")).Start() }, 6},
		{"read by IMAP4", "bob@example.com", func(h mail.Host) { reader.NewIMAP(h, account("10.0.0.1:143")).Start() }, 24},
	} {
		t.Run(c.name, func(t *testing.T) {
			each := float64(calls(c.to, c.read)-calls("", c.read)) / tripMessages
			t.Logf("%.1f", each)
			require.InDelta(t, c.want, each, 0.5)
		})
	}
}
