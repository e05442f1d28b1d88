package setup_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"ipwsim/scenarios/setup"
)

// twoAdapters are the exports of works with an adapter for the share on each server.
func twoAdapters(t *testing.T) fstest.MapFS {
	m := exports(t, "works")
	for server, ip := range map[string]string{"wk-a": "10.50.0.21", "wk-b": "10.50.0.22"} {
		m[server+"/ipconfig.txt"].Data = append(m[server+"/ipconfig.txt"].Data, "\r\nEthernet adapter Storage:\r\n\r\n"+
			"   Physical Address. . . . . . . . . : 00-50-56-00-50-"+ip[8:]+"\r\n   IPv4 Address. . . . . . . . . . . : "+ip+"(Preferred) \r\n"+
			"   Subnet Mask . . . . . . . . . . . : 255.255.255.0\r\n   NetBIOS over Tcpip. . . . . . . . : Enabled\r\n"...)
		m[server+"/arp.txt"].Data = append(m[server+"/arp.txt"].Data, "\r\nInterface: "+ip+" --- 0x6\r\n  Internet Address      Physical Address      Type\r\n"+
			"  10.50.0.40            24-5e-be-00-00-40     dynamic   \r\n"...)
		m[server+"/ping.txt"] = &fstest.MapFile{Data: []byte("\r\nPinging WKFS [10.50.0.40] with 32 bytes of data:\r\n")}
	}
	return m
}

// A share on another adapter is reached without a router that is made up.
func TestTheShareOnAnotherAdapter(t *testing.T) {
	for _, name := range []string{"WKFS", "10.50.0.40"} {
		m := twoAdapters(t)
		for _, s := range []string{"wk-a", "wk-b"} {
			replaced(t, m, s+"/epost.reg", "WKFS", name)
		}
		made, problems := make2(t, m, "wk-a", "wk-b", setup.Options{})
		require.Len(t, problems, 2)
		require.Contains(t, problems.Error(), "wk-a/ipconfig.txt:28: warning: WK-A has another adapter, Storage, with 10.50.0.21; a node has one adapter here, Mail  LAN (wk-a/ipconfig.txt:13), so the other is left out")
		require.Contains(t, problems.Error(), "wk-b/ipconfig.txt:32: warning: WK-B has another adapter, Storage, with 10.50.0.22; a node has one adapter")
		toml := string(made.Files["cluster.toml"])
		require.Contains(t, toml, `address = "10.90.255.254/16"  # assumed: the share is at 10.50.0.40 (`)
		require.Contains(t, toml, "on the adapter Storage (wk-b/ipconfig.txt:")
		require.Contains(t, toml, `mac = "24-5e-be-00-00-40"  # wk-b/arp.txt:`)
		require.NotContains(t, toml, "10.50.0.1")
		bp, problems := load(made)
		require.NoError(t, problems.Err())
		require.True(t, bp.Mail.Share.Is(`\\`+name+`\mail`))
		require.Equal(t, name != "WKFS", strings.Contains(problems.Error(), "share.unc"), problems)
	}
}

// A machine there that the batch pings is no client: nobody is told of a VIP by that adapter.
func TestAClientOnAnotherAdapter(t *testing.T) {
	m := replaced(t, twoAdapters(t), "wk-b/arpclear.bat", "10.90.20.15", "10.50.0.99")
	made, problems := make2(t, m, "wk-a", "wk-b", setup.Options{})
	require.Contains(t, problems.Error(), "wk-b/arpclear.bat:3: warning: 10.50.0.99 is on the adapter Storage (wk-b/ipconfig.txt:")
	require.NotContains(t, string(made.Files["cluster.toml"]), "10.50.0.99")
}

// Of several addresses that are no VIPs a server's own is the one that arp -a has for the adapter's, or that reaches a VIP,
// wherever it stands; the others are told.
func TestTheOwnAddressOfSeveral(t *testing.T) {
	const own, mask = "   IPv4 Address. . . . . . . . . . . : 10.90.1.21(Preferred) \r\n", "   Subnet Mask . . . . . . . . . . . : 255.255.0.0\r\n"
	for _, other := range []string{"10.90.1.5", "172.16.9.5"} {
		for _, known := range []bool{true, false} {
			m := replaced(t, exports(t, "works"), "wk-a/ipconfig.txt", own, strings.Replace(own, "10.90.1.21", other, 1)+mask+own)
			if !known {
				replaced(t, m, "wk-a/arp.txt", "Interface: 10.90.1.21", "Interface: 10.90.1.99")
			}
			made, problems := make2(t, m, "wk-a", "wk-b", setup.Options{})
			taken, left := "10.90.1.21 (wk-a/ipconfig.txt:20)", "wk-a/ipconfig.txt:18: warning: "+other
			if !known && other == "10.90.1.5" { // nothing tells them apart
				taken, left = "10.90.1.5 (wk-a/ipconfig.txt:18)", "wk-a/ipconfig.txt:20: warning: 10.90.1.21"
			}
			ip, _, _ := strings.Cut(taken, " ")
			require.Contains(t, string(made.Files["cluster.toml"]), `address = "`+ip+`/16"`)
			require.Contains(t, problems.Error(), left+" of WK-A is no VIP of a table; a node has one address of its own here, and "+taken+" is taken")
		}
	}
}

// A VIP on another adapter than the server's own address is held.
func TestAVIPOnAnotherAdapter(t *testing.T) {
	m := twoAdapters(t)
	const vip = "   IPv4 Address. . . . . . . . . . . : 10.90.1.31(Preferred) \r\n   Subnet Mask . . . . . . . . . . . : 255.255.0.0\r\n"
	replaced(t, m, "wk-b/ipconfig.txt", vip, "")
	replaced(t, m, "wk-b/ipconfig.txt", "   IPv4 Address. . . . . . . . . . . : 10.50.0.22(", vip+"   IPv4 Address. . . . . . . . . . . : 10.50.0.22(")
	_, problems := make2(t, m, "wk-a", "wk-b", setup.Options{})
	require.NotContains(t, problems.Error(), "no server has the VIP")
}

// An adapter without an address of its own is none that matters: one that got none from DHCP, or has a VIP alone.
func TestOtherAdaptersThatDoNotMatter(t *testing.T) {
	for _, ip := range []string{"169.254.7.1", "10.90.1.31"} {
		m := exports(t, "works")
		m["wk-b/ipconfig.txt"].Data = append(m["wk-b/ipconfig.txt"].Data, "\r\nEthernet adapter Spare:\r\n\r\n   IPv4 Address. . . . . . . . . . . : "+ip+"(Preferred) \r\n"+
			"   Subnet Mask . . . . . . . . . . . : 255.255.0.0\r\n   NetBIOS over Tcpip. . . . . . . . : Enabled\r\n"...)
		_, problems := make2(t, m, "wk-a", "wk-b", setup.Options{})
		require.Empty(t, problems, ip)
	}
}

// An address by DHCP and a team are told, of the adapter that has the server's address, in either language.
func TestAdaptersThatAreNotPlayed(t *testing.T) {
	for label, yes := range map[string]string{"   DHCP Enabled. . . . . . . . . . . ": "Yes", "   DHCP 有効 . . . . . . . . . . . . ": "はい"} {
		m := exports(t, "works")
		const mac = "   Physical Address. . . . . . . . . : 00-50-56-00-21-10\r\n"
		replaced(t, m, "wk-a/ipconfig.txt", mac, "   Description . . . . . . . . . . . : Microsoft Network Adapter Multiplexor Driver #2\r\n"+mac+label+": "+yes+"\r\n")
		made, problems := make2(t, m, "wk-a", "wk-b", setup.Options{})
		require.Len(t, problems, 2)
		require.Contains(t, problems.Error(), "wk-a/ipconfig.txt:16: warning: the adapter Mail  LAN is a team of cards (Microsoft Network Adapter Multiplexor Driver #2)")
		require.Contains(t, problems.Error(), "wk-a/ipconfig.txt:18: warning: WK-A has its address by DHCP")
		require.Empty(t, made.Open)
	}
	m := exports(t, "works")
	const spare = "   Physical Address. . . . . . . . . : 00-50-56-00-00-FF\r\n"
	for _, s := range []string{"wk-a", "wk-b"} {
		replaced(t, m, s+"/ipconfig.txt", "   Link-local", "   Description . . . : vmxnet3\r\n   DHCP Enabled. . . : No\r\n   Link-local")
	}
	replaced(t, m, "wk-b/ipconfig.txt", spare, spare+"   DHCP Enabled. . . : Yes\r\n")
	_, problems := make2(t, m, "wk-a", "wk-b", setup.Options{})
	require.Empty(t, problems)
}
