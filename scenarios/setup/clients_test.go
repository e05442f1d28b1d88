package setup_test

import (
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"ipwsim/scenarios/setup"
)

// A client whose ping is never sent is a victim, and stays in the cluster.
func TestClientsThatNoPingComesTo(t *testing.T) {
	for _, before := range []string{"exit /b 0\r\n", "goto end\r\n", "ping -t 10.90.20.15 -S 10.90.1.30\r\n"} {
		m := exports(t, "works")
		for _, server := range []string{"wk-a", "wk-b"} {
			m[server+"/arpclear.bat"] = &fstest.MapFile{Data: []byte(before + "ping -n 1 10.90.20.15 -S 10.90.1.30\r\nping -n 1 10.90.20.16 -S 10.90.1.30\r\n:end\r\n")}
		}
		made, _ := make2(t, m, "wk-a", "wk-b", setup.Options{})
		toml := string(made.Files["cluster.toml"])
		require.Contains(t, toml, `address = "10.90.20.16/16"  # wk-b/arpclear.bat:3`, before)
		require.Contains(t, toml, `address = "10.90.20.15/16"  # wk-b/arpclear.bat:`, before)
		require.NotContains(t, toml, "no arpclear.bat names a client, and", before)
	}
}

// An address for all, or of the subnet itself, is no client.
func TestClientsThatAreNone(t *testing.T) {
	m := exports(t, "works")
	for _, server := range []string{"wk-a", "wk-b"} {
		m[server+"/arpclear.bat"] = &fstest.MapFile{Data: []byte("ping -n 1 10.90.255.255\r\nping -n 1 10.90.0.0\r\nping -n 1 10.90.20.16\r\n")}
	}
	made, _ := make2(t, m, "wk-a", "wk-b", setup.Options{})
	toml := string(made.Files["cluster.toml"])
	require.Contains(t, toml, `address = "10.90.20.16/16"  # wk-b/arpclear.bat:3`)
	require.NotContains(t, toml, "arpclear.bat:1")
	require.NotContains(t, toml, "arpclear.bat:2")
}
