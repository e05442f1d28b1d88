package batch_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/batch"
)

// Whom a batch was to serve is in its pings, whatever keeps them from being sent.
func TestTargets(t *testing.T) {
	const two = "ping -n 1 10.0.0.1 -S 10.0.0.9\r\nping 10.0.0.2\r\n"
	for _, before := range []string{
		"", "exit /b 0\r\n", "goto end\r\n", "goto nowhere\r\n", "ping -t 10.0.0.1\r\n", "pause\r\n", "call :end\r\nexit /b\r\n",
		"if exist x (ping 10.0.0.1) else ping 10.0.0.2\r\n", ":end\r\nping 10.0.0.1\r\ngoto end\r\n", "ping -s 10.0.0.9 10.0.0.1\r\n", "ping -n 1 10.0.0.１ －S 10.0.0.9\r\n",
		"ping /n 1 /w 10.0.0.7 10.0.0.1 && ping 10.0.0.2\r\n", "for %%i in (1 2) do ping 10.0.0.%%i\r\n",
	} {
		var found []string
		for _, target := range batch.Targets([]byte(before + two + ":end\r\n")) {
			found = append(found, target.String())
		}
		require.Equal(t, "10.0.0.1 10.0.0.2", strings.Join(found, " "), before)
	}
	for _, none := range []string{"rem ping 10.0.0.1", "ping -6 fe80::1", "ping pc1", "pnig 10.0.0.1", "ping -n 10.0.0.1", "\xff\xfe"} {
		require.Empty(t, batch.Targets([]byte(none)), none)
	}
	require.Equal(t, 2, batch.Targets([]byte("exit\r\n" + two))[0].Line)
}
