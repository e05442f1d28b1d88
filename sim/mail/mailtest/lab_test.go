package mailtest_test

import (
	"io"
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/mail"
	"ipwsim/sim/mail/mailtest"
)

// A library's deadline, counted from the real clock, is one of the virtual clock.
func TestDeadlinesOfLibraries(t *testing.T) {
	lab := mailtest.New(1)
	defer lab.Close()
	server, client := lab.Machine("server", "10.0.0.1/24"), lab.Machine("client", "10.0.0.2/24")
	at := netip.MustParseAddrPort("10.0.0.1:25")
	var got string
	var waited time.Duration
	server.Go("serve", func() {
		l, err := server.Listen(at)
		require.NoError(t, err)
		c, err := mail.Deadlines(l, server).Accept()
		require.NoError(t, err)
		go func() {
			defer c.Close()
			b := make([]byte, 5)
			_, _ = io.ReadFull(c, b)
			got = string(b)
			start := server.Now()
			_ = c.SetReadDeadline(time.Now().Add(30 * time.Second))
			_, err = c.Read(b)
			require.Error(t, err)
			waited = server.Now().Sub(start)
		}()
	})
	client.Go("dial", func() {
		c, err := client.Dial(netip.Addr{}, at, time.Minute)
		require.NoError(t, err)
		_, _ = c.Write([]byte("hello"))
		client.Sleep(2 * time.Minute)
		_ = c.Close()
	})
	lab.Run(time.Hour)
	require.Equal(t, "hello", got)
	require.Equal(t, 30*time.Second, waited)
}
