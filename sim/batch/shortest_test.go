package batch_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/batch"
)

// A ping waits a second between its requests; what a test may leave out, and what is behind the end, does not count.
func TestShortest(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"":                                  0,
		"arp -d\nping -n 10 192.168.10.150": 9 * time.Second,
		"ping 192.168.10.150\ntimeout /t 5": 8 * time.Second,
		"ping -n 3 192.168.10.150 || ping -n 100 192.168.10.151": 2 * time.Second,
		"ping -n 3 192.168.10.150\nexit /b\nping 192.168.10.151": 2 * time.Second,
	} {
		b, _ := batch.Parse("a.bat", []byte(text+"\n"))
		takes, ends := b.Shortest()
		require.True(t, ends, text)
		require.Equal(t, want, takes, text)
	}
	b, _ := batch.Parse("a.bat", []byte("ping -t 192.168.10.150\n"))
	_, ends := b.Shortest()
	require.False(t, ends)
}
