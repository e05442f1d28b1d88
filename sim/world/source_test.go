package world_test

import (
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/netstack/wire"
	"ipwsim/sim/share"
	"ipwsim/sim/trace"
	"ipwsim/sim/world"
)

// nearVIP is the mail cluster with nodes far from the VIP by number, and the share and the other domain's
// server near it. Old and new by turns are further replacements.
func nearVIP(t require.TestingT, oldnew ...string) map[string]string {
	files := toml(t, "mail", append([]string{"192.168.10.200/24", "192.168.10.10/24", "192.168.10.201/24", "192.168.10.11/24"}, oldnew...)...)
	for role, ip := range map[string]string{"active": "192.168.10.10", "standby": "192.168.10.11"} {
		for _, kind := range []string{"smtp", "pop", "imap"} {
			files[role+"/mail/hidden"+kind+"ip.dat"] = ip + "\n"
		}
		files[role+"/mail/hosts"] = "192.168.10.202 example.com\n192.168.10.220 example.net\n"
	}
	return files
}

// callers are where connections to the port come from, in order.
func callers(w *world.World, port uint16) *[]string {
	var from []string
	w.Network().AddTap(func(_ time.Duration, c *wire.Cable, b []byte) {
		ip := b[wire.HeaderLen:]
		if c.Name() != "active" || b[13] != 0 || ip[9] != 6 || ip[33] != 2 { // a SYN
			return
		}
		if got := uint16(ip[22])<<8 | uint16(ip[23]); got == port {
			from = append(from, netip.AddrFrom4([4]byte(ip[12:16])).String())
		}
	})
	return &from
}

// H13: the share and the other domain's server see the holder of a near VIP at the VIP, the peer's pipe at its
// own address; with skipassource all do.
func TestH13_WhoTheOthersSee(t *testing.T) {
	for skip, want := range map[string]string{"false": "192.168.10.202", "true": "192.168.10.10"} {
		bp := shipped(t, "mail", nearVIP(t, "[node.active]\n", "[node.active]\nskip_as_source = "+skip+"\n"))
		w := settled(t, bp, 1)
		shared, pipe := callers(w, share.Port), callers(w, 445)
		require.NoError(t, do(w, "kill-mail active"))
		require.NoError(t, do(w, "start-mail active"))
		require.NoError(t, w.StartSending(world.Send{
			Client: "client", From: "tanaka@example.com", To: []string{"carol@example.net"}, Every: time.Second, Count: 1,
		}))
		run(w, 5*time.Second)
		require.NotEmpty(t, *shared)
		for _, from := range *shared {
			require.Equal(t, want, from, "to the share")
		}
		require.Equal(t, want, guests(w)[0].String())
		*pipe = nil
		run(w, 30*time.Second)
		require.Equal(t, []string{"192.168.10.10"}, *pipe, "its number is nearer to the peer's")
	}
}

// guests are where the sessions of the mail server outside came from.
func guests(w *world.World) (from []netip.Addr) {
	for _, r := range w.Trace().Records {
		if b, ok := r.Body.(trace.MailSession); ok && r.Host == "outside" {
			from = append(from, b.Remote.Addr())
		}
	}
	return from
}
