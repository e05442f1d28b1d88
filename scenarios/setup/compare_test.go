package setup_test

import (
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"ipwsim/core/registry"
	"ipwsim/core/text"
	"ipwsim/scenarios/setup"
)

// Two exports of one key: which one is taken is told, and the cluster holds that one alone.
func TestTwoExportsOfOneKey(t *testing.T) {
	m := exports(t, "works")
	for old, of := range map[string]string{"ipwcs-old.reg": "ipwcs.reg", "a-copy.reg": "epost.reg", "b.reg": "services.reg"} {
		m["wk-a/"+old] = &fstest.MapFile{Data: m["wk-a/"+of].Data}
	}
	made, problems := make2(t, m, "wk-a", "wk-b", setup.Options{})
	require.Empty(t, problems, "copies say the same")
	_, problems = load(made)
	require.NoError(t, problems.Err())
	require.NotContains(t, made.Files, "standby/mail/a-copy.reg")

	replaced(t, m, "wk-a/ipwcs-old.reg", `"Interval"=dword:0000001e`, `"Interval"=dword:0000000f`)
	replaced(t, m, "wk-a/a-copy.reg", `WKFS\\mail\\db`, `WKFS\\mail\\old`)
	replaced(t, m, "wk-a/b.reg", `[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\EPSTDS]`+"\r\n"+`"Start"=dword:00000002`, `[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\EPSTDS]`+"\r\n"+`"Start"=dword:00000003`)
	made, problems = make2(t, m, "wk-a", "wk-b", setup.Options{})
	require.Equal(t, `wk-a/a-copy.reg:6: warning: AccountDir is \\WKFS\mail\old\ here and \\WKFS\mail\db\ in wk-a/epost.reg:6, which is taken
wk-a/b.reg:8: warning: Start is 3 here and 2 in wk-a/services.reg:8, which is taken
wk-a/ipwcs-old.reg:5: warning: Interval is 15 here and 30 in wk-a/ipwcs.reg:5, which is taken`, problems.Error())
	_, problems = load(made)
	require.NoError(t, problems.Err())
}

// The watcher's service in the export of its settings and in another: the cluster gets the key once.
func TestTheServiceIsInBothExports(t *testing.T) {
	m := exports(t, "works")
	data := append([]byte{}, m["wk-a/ipwcs.reg"].Data...)
	m["wk-a/ipwcs.reg"] = &fstest.MapFile{Data: append(data, text.UTF16("\r\n[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\ipwcs]\r\n\"ObjectName\"=\"LocalSystem\"\r\n")...)}
	delete(m, "wk-a/epost.reg")
	m["wk-a/aa.reg"], m["wk-a/ipwcs.reg"] = m["wk-a/ipwcs.reg"], &fstest.MapFile{Data: m["wk-a/services.reg"].Data}
	made, problems := make2(t, m, "wk-a", "wk-b", setup.Options{})
	require.Contains(t, problems.Error(), `wk-a/aa.reg:`)
	f, list := registry.Parse("", made.Files["standby/ipwcs.reg"])
	require.Empty(t, list)
	account, _, _ := f.Account(registry.WatcherService)
	require.Equal(t, `.\Administrator`, account)
}

// sc qc says when a service starts; the export goes first, and where there is none sc qc is taken.
func TestStartTypes(t *testing.T) {
	const query = "SERVICE_NAME: IPWCS\r\n        START_TYPE         : 3   DEMAND_START\r\n        SERVICE_START_NAME : .\\Administrator\r\n"
	m := exports(t, "works")
	m["wk-a/sc.txt"] = &fstest.MapFile{Data: []byte(query)}
	made, problems := make2(t, m, "wk-a", "wk-b", setup.Options{})
	require.Equal(t, "wk-a/sc.txt:2: warning: the start type of IPWCS is DEMAND_START here and AUTO_START in wk-a/services.reg:21, which is taken", problems.Error())
	bp, _ := load(made)
	require.False(t, bp.Nodes[1].Startup.Manual)

	delete(m, "wk-a/services.reg")
	made, problems = make2(t, m, "wk-a", "wk-b", setup.Options{})
	require.Empty(t, problems)
	f, _ := registry.Parse("", made.Files["standby/ipwcs.reg"])
	start, _ := f.Startup(registry.WatcherService)
	require.True(t, start.Manual)
}

// What ping.exe, hosts and arp -a say of machines is held against each other and against ipconfig.
func TestMachinesContradictEachOther(t *testing.T) {
	ping := func(name, address string) *fstest.MapFile {
		return &fstest.MapFile{Data: []byte("\r\nPinging " + name + " [" + address + "] with 32 bytes of data:\r\n")}
	}
	m := exports(t, "works")
	m["wk-a/ping.txt"], m["wk-b/ping.txt"] = ping("WKFS", "10.90.1.50"), ping("wkfs.example.com", "10.90.1.20")
	m["wk-b/ping-peer.txt"] = ping("WK-A", "10.90.1.99")
	m["wk-a/ping-peer.txt"] = ping("WK-B", "10.90.1.30") // a VIP that it has registered
	made, problems := make2(t, m, "wk-a", "wk-b", setup.Options{})
	require.Equal(t, `wk-a/ping.txt:2: warning: the address of WKFS is 10.90.1.50 here and 10.90.1.20 in wk-b/ping.txt:2, which is taken
wk-b/ping-peer.txt:2: warning: the address of WK-A is 10.90.1.99 here and 10.90.1.21 in wk-a/ipconfig.txt:18, which is taken`, problems.Error())
	require.Contains(t, string(made.Files["cluster.toml"]), `address = "10.90.1.20/16"  # wk-b/ping.txt:2`)

	m = exports(t, "works")
	m["wk-a/arp.txt"].Data = append(m["wk-a/arp.txt"].Data, "  10.90.1.30            00-26-73-55-01-9a     dynamic   \r\n"...)
	_, problems = make2(t, m, "wk-a", "wk-b", setup.Options{})
	require.Len(t, problems, 1)
	require.Contains(t, problems.Error(), "warning: the VIP 10.90.1.30 is at the MAC 00-26-73-55-01-9a here, which is of neither server: 00-50-56-00-22-10 (wk-b/ipconfig.txt:16), 00-50-56-00-21-10 (wk-a/ipconfig.txt:16)")
	replaced(t, m, "wk-a/arp.txt", "00-26-73-55-01-9a", "00-50-56-00-22-10")
	_, problems = make2(t, m, "wk-a", "wk-b", setup.Options{})
	require.Empty(t, problems)
}

// Addresses that ipconfig marks as duplicates, and a VIP that neither server has, are told.
func TestAddressesInNoUse(t *testing.T) {
	for want, change := range map[string][3]string{
		"wk-a/ipconfig.txt:18: warning: 10.90.1.21 is marked as a duplicate, so another machine has it and WK-A cannot use it": {"wk-a/ipconfig.txt", "10.90.1.21(Preferred)", "10.90.1.21(Duplicate)"},
		"wk-b/ipconfig.txt:18: warning: 10.90.1.31 is marked as a duplicate, so another machine has it and WK-B cannot use it": {"wk-b/ipconfig.txt", "10.90.1.31(Preferred)", "10.90.1.31(Duplicate)"},
		"wk-b/ipwatch.dat:2: warning: no server has the VIP 10.90.1.31 at the time of the export: neither WK-B (wk-b/ipconfig.txt:13) nor WK-A (wk-a/ipconfig.txt:13)": {"wk-b/ipconfig.txt",
			"   IPv4 Address. . . . . . . . . . . : 10.90.1.31(Preferred) \r\n   Subnet Mask . . . . . . . . . . . : 255.255.0.0\r\n", ""},
	} {
		_, problems := make2(t, replaced(t, exports(t, "works"), change[0], change[1], change[2]), "wk-a", "wk-b", setup.Options{})
		require.Len(t, problems, 1, want)
		require.Contains(t, problems.Error(), want)
	}
}

// An account of a domain is an administrator's where the server that runs the watcher as that has a VIP (H17); of the
// other server's nothing is known, nor of local ones and Windows' own.
func TestWhoHasAVIPIsAnAdministrator(t *testing.T) {
	for _, c := range []struct{ server, account, want string }{
		{"wk-b", `EXAMPLE\\epost`, `administrators = ['EXAMPLE\epost']  # assumed: WK-B has the VIP 10.90.1.31 (wk-b/ipconfig.txt:18), and IPWCS runs as EXAMPLE\epost there (wk-b/services.reg:22)`},
		{"wk-a", `EXAMPLE\\epost`, ""},
		{"wk-b", `WK-B\\epost`, ""},
		{"wk-b", `.\\epost`, ""},
		{"wk-b", `NT AUTHORITY\\NetworkService`, ""},
		{"wk-b", `EXAMPLE\\Administrator`, ""},
	} {
		m := replaced(t, exports(t, "works"), c.server+"/services.reg", `.\\Administrator`, c.account)
		made, _ := make2(t, m, "wk-a", "wk-b", setup.Options{})
		toml := string(made.Files["cluster.toml"])
		if c.want == "" {
			require.NotContains(t, toml, "administrators", c.account)
			continue
		}
		require.Contains(t, toml, c.want)
		_, problems := load(made)
		require.NotContains(t, problems.Error(), "runs as EXAMPLE", "the mail services neither")
	}
}

// A dot before an account is the server's own name: then sc qc and the export do not contradict each other.
func TestAccountsOfTheServerItself(t *testing.T) {
	for account, told := range map[string]bool{`.\Administrator`: false, `WK-A\Administrator`: false, `wk-a\administrator`: false, `WK-B\Administrator`: true, `.\other`: true, `Administrator`: true} {
		m := exports(t, "works")
		m["wk-a/sc.txt"] = &fstest.MapFile{Data: []byte("SERVICE_NAME: IPWCS\r\n        SERVICE_START_NAME : " + account + "\r\n")}
		_, problems := make2(t, m, "wk-a", "wk-b", setup.Options{})
		if !told {
			require.Empty(t, problems, account)
			continue
		}
		require.Len(t, problems, 1, account)
		require.Contains(t, problems.Error(), "the account of IPWCS is "+account+` here and .\Administrator in wk-a/services.reg:`)
	}
}

// A VIP on the standby node at the time of the export: it has not been given back, or Balance is the wrong way round.
func TestTheStandbyHasTheVIPs(t *testing.T) {
	m := exports(t, "works")
	const vip = "   IPv4 Address. . . . . . . . . . . : 10.90.1.31(Preferred) \r\n   Subnet Mask . . . . . . . . . . . : 255.255.0.0\r\n"
	replaced(t, m, "wk-b/ipconfig.txt", vip, "")
	replaced(t, m, "wk-a/ipconfig.txt", "   DNS Servers", vip+"   DNS Servers")
	_, problems := make2(t, m, "wk-a", "wk-b", setup.Options{})
	require.Equal(t, "wk-a/ipconfig.txt:22: warning: WK-A has the VIP 10.90.1.31 at the time of the export, and WK-B is the active node (by Balance, wk-b/ipwcs.reg:6): either that has not got it back yet, or the two Balances are the wrong way round; the simulator begins with it on WK-B", problems.Error())

	m = exports(t, "works")
	a, b := m["wk-a/ipwcs.reg"], m["wk-b/ipwcs.reg"]
	m["wk-a/ipwcs.reg"], m["wk-b/ipwcs.reg"] = b, a
	made, problems := make2(t, m, "wk-a", "wk-b", setup.Options{})
	require.Contains(t, string(made.Files["cluster.toml"]), "[node.active]  # by Balance, wk-a/ipwcs.reg:6\nname = \"WK-A\"")
	require.Len(t, problems, 2)
	for _, vip := range []string{"10.90.1.31", "10.90.1.30"} {
		require.Contains(t, problems.Error(), "warning: WK-B has the VIP "+vip+" at the time of the export, and WK-A is the active node (by Balance, wk-a/ipwcs.reg:6): either that")
	}
}
