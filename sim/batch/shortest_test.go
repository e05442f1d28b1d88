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
	for _, text := range []string{"ping -t 192.168.10.150\n", "pause\n", "ping -n 3 192.168.10.150\ntimeout /t -1\n", "arp -d\nif errorlevel 1 pause\npause\n"} {
		b, _ := batch.Parse("a.bat", []byte(text))
		_, ends := b.Shortest()
		require.False(t, ends, text)
	}
}

// Nobody presses a key in a task: the batch stands there for ever, in a branch if that is taken. What is begun apart holds up
// nothing.
func TestHalts(t *testing.T) {
	for text, want := range map[string][]int{
		"arp -d\npause >nul\n":                                        {2},
		"arp -d\n@timeout /t -1 /nobreak\n":                           {2},
		"ping 192.168.10.150\nif errorlevel 1 pause\narp -d\npause\n": {2, 4},
		"exit /b\npause\n":                                            nil,
		"start \"\" cmd /c pause\narp -d\n":                           nil,
		"timeout /t 5\n":                                              nil,
	} {
		b, _ := batch.Parse("a.bat", []byte(text))
		require.Equal(t, want, b.HaltsAt(), text)
		again, _ := batch.Parse("a.bat", b.Format())
		require.Equal(t, string(b.Format()), string(again.Format()), text)
	}
}
