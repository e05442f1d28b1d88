package setup_test

import (
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"ipwsim/scenarios/setup"
)

// Where ipconfig is missing or empty, another export that has the server's address says it: each with its place.
func TestTheAddressOfOtherExports(t *testing.T) {
	const (
		netsh = "\r\nConfiguration for interface \"Mail  LAN\"\r\n    DHCP enabled:                         No\r\n    IP Address:                           10.90.1.31\r\n    Subnet Prefix:                        10.90.0.0/16 (mask 255.255.0.0)\r\n" +
			"    IP Address:                           10.90.1.21\r\n    Subnet Prefix:                        10.90.0.0/16 (mask 255.255.0.0)\r\n    Default Gateway:                      10.90.0.1\r\n\r\nConfiguration for interface \"Loopback\"\r\n    IP Address: 127.0.0.1\r\n    Subnet Prefix: 127.0.0.0/8 (mask 255.0.0.0)\r\n"
		registry = "Windows Registry Editor Version 5.00\r\n\r\n[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters\\Interfaces\\{A}]\r\n\"EnableDHCP\"=dword:00000000\r\n\"IPAddress\"=hex(7):31,00,30,00,2e,00,39,00,30,00,2e,00,31,00,2e,00,32,00,31,\\\r\n  00,00,00,00,00\r\n" +
			"\"SubnetMask\"=hex(7):32,00,35,00,35,00,2e,00,32,00,35,00,35,00,2e,00,30,00,2e,\\\r\n  00,30,00,00,00,00,00\r\n\r\n"
	)
	for name, c := range map[string]struct {
		with, without []string
		want          string
	}{
		"netsh":    {[]string{"wk-a/netsh.txt", netsh}, nil, `address = "10.90.1.21/16"  # wk-a/netsh.txt:6`},
		"registry": {[]string{"wk-a/tcpip.reg", registry}, nil, `address = "10.90.1.21/16"  # wk-a/tcpip.reg:5`},
		"routes":   {[]string{"wk-a/ipconfig.txt", ""}, nil, `address = "10.90.1.21/16"  # wk-a/route.txt:6`},
		"arp":      {nil, []string{"wk-a/route.txt"}, `address = "10.90.1.21/16"  # assumed: wk-a/arp.txt:4 has 10.90.1.21, and the mask is that of WK-B (wk-b/ipconfig.txt:22)`},
		"the other's table": {[]string{"wk-b/ipwatch.dat", "-c=\\\\10.90.1.21 -i=10.90.1.30 -f=Mail  LAN\r\n-c=\\\\10.90.1.21 -i=10.90.1.31 -f=Mail  LAN\r\n"}, []string{"wk-a/route.txt", "wk-a/arp.txt"},
			`address = "10.90.1.21/16"  # assumed: wk-b/ipwatch.dat:1 has 10.90.1.21, and the mask is that of WK-B (wk-b/ipconfig.txt:22)`},
	} {
		t.Run(name, func(t *testing.T) {
			m := exports(t, "works")
			delete(m, "wk-a/ipconfig.txt")
			for _, file := range c.without {
				delete(m, file)
			}
			if c.with != nil {
				m[c.with[0]] = &fstest.MapFile{Data: []byte(c.with[1])}
			}
			made, _ := make2(t, m, "wk-a", "wk-b", setup.Options{})
			require.Empty(t, made.Open)
			toml := string(made.Files["cluster.toml"])
			require.Contains(t, toml, c.want)
			require.Contains(t, toml, `mac = "00-50-56-00-21-10"  # wk-b/arp.txt`)
			require.Contains(t, toml, `interface = "Mail  LAN"  # wk-a/`)
			_, problems := load(made)
			require.NoError(t, problems.Err())
		})
	}
}
