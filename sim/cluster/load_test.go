package cluster

import (
	"bytes"
	"io/fs"
	"net/netip"
	"os"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/core"
	"ipwsim/core/registry"
	"ipwsim/core/table"
	"ipwsim/sim/trace"
)

func load(t *testing.T, name string) *Blueprint {
	bp, problems := Load(os.DirFS(clusters), name)
	require.Empty(t, problems)
	return bp
}

func TestEveryShippedClusterIsWithoutProblem(t *testing.T) {
	entries, err := os.ReadDir(clusters)
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(entries), 2)
	for _, e := range entries {
		require.Equal(t, e.Name(), load(t, e.Name()).Name, "the cluster has the name of its folder")
	}
}

// C1: the addresses, names and VIP of the guide's example.
func TestC1TheGuidesCluster(t *testing.T) {
	bp := load(t, "guide")
	require.Equal(t, []netip.Addr{netip.MustParseAddr("192.168.10.202")}, bp.VIPs)
	require.Equal(t, []Switch{{Name: "sw1", PortFast: true, MACAge: 300 * time.Second}}, bp.Switches)
	require.Empty(t, bp.Trunks)

	active := bp.Node(Active)
	require.Equal(t, "hvt162EPST11", active.Name)
	require.Equal(t, netip.MustParsePrefix("192.168.10.200/24"), active.Address)
	require.Equal(t, "00-15-5d-0a-0b-c8", active.MAC.String())
	require.Equal(t, "srv-2012plus", active.Server.Name)

	require.Len(t, bp.Clients, 1)
	client := bp.Clients[0]
	require.Equal(t, netip.MustParsePrefix("192.168.10.150/24"), client.Address)
	require.Equal(t, "windows-modern", client.Profile.Name)
	require.Equal(t, "2025-02-07T16:19:27+09:00", bp.Start.Format(time.RFC3339))
}

// The exports of a 32-bit product are read as init reads them: the watcher's, and the mail product's.
func TestExportsOfA32BitProduct(t *testing.T) {
	base, err := fs.Sub(os.DirFS(clusters), "mail")
	require.NoError(t, err)
	want, _ := Load(base, ".")
	files := map[string][]byte{}
	for _, name := range []string{"active/ipwcs.reg", "active/mail/epost.reg"} {
		data, err := fs.ReadFile(base, name)
		require.NoError(t, err)
		f, problems := registry.Parse(name, data)
		require.NoError(t, problems.Err())
		for i, k := range f.Keys {
			f.Keys[i].Name, _ = registry.WOW64(k.Name)
		}
		files[name] = f.Format()
	}
	got, problems := Load(Overlay(base, files), ".")
	require.Len(t, problems, 2)
	for i, name := range []string{"active/ipwcs.reg", "active/mail/epost.reg"} {
		require.Equal(t, name, problems[i].File)
		require.Contains(t, problems[i].Message, "is of a 32-bit product on 64-bit Windows, and no export has the usual key; it is taken for that, ")
	}
	require.Equal(t, want.Nodes[0].Settings, got.Nodes[0].Settings)
	require.Equal(t, want.Mail.Nodes[0].Domains, got.Mail.Nodes[0].Domains)
}

// W1: a table in CP932 and one in UTF-8 give the same names.
func TestW1TablesInEitherEncoding(t *testing.T) {
	bp := load(t, "guide")
	vip := bp.VIPs[0]
	require.Equal(t, []core.Entry{{Peer: `\\hvt162EPST12`, VIP: vip, Interface: "イーサネット"}}, bp.Node(Active).Entries)
	require.Equal(t, []core.Entry{{Peer: `\\hvt162EPST11`, VIP: vip, Interface: "イーサネット"}}, bp.Node(Standby).Entries)

	encodings := map[string]table.Encoding{}
	for _, role := range []string{Active, Standby} {
		name := "guide/" + role + "/ipwatch.dat"
		data, err := fs.ReadFile(os.DirFS(clusters), name)
		require.NoError(t, err)
		parsed, _ := table.Parse(name, data)
		encodings[role] = parsed.Encoding()
	}
	require.Equal(t, map[string]table.Encoding{Active: table.CP932, Standby: table.UTF8}, encodings,
		"the example keeps one of each")
}

// W3, C5: the defaults of the registry, and Balance alone to tell the nodes apart.
func TestW3SettingsOfTheExport(t *testing.T) {
	bp := load(t, "guide")
	want := core.DefaultSettings()
	want.LogEnabled = true
	require.Equal(t, want, bp.Node(Active).Settings)
	want.Balance = core.Slave
	require.Equal(t, want, bp.Node(Standby).Settings)
}

func TestN1TwoSwitchesAndATrunk(t *testing.T) {
	bp := load(t, "two-switch")
	require.Equal(t, []Trunk{{"sw1", "sw2"}}, bp.Trunks)
	require.Equal(t, []string{"sw1", "sw2", "sw1"},
		[]string{bp.Node(Active).Switch, bp.Node(Standby).Switch, bp.Clients[0].Switch})
}

// What cluster.toml leaves out has the value its comment in the guide's cluster promises.
func TestDefaultsAreThoseOfTheComment(t *testing.T) {
	bp := load(t, "two-switch")
	require.Equal(t, uint64(1), bp.Seed)
	require.Equal(t, "2025-02-07T16:19:27+09:00", bp.Start.Format(time.RFC3339))
	require.Equal(t, 100*time.Microsecond, bp.Latency)
	for i, n := range bp.Nodes {
		require.Equal(t, trace.MAC{2, 0, 0, 0, 0, byte(1 + i)}, n.MAC)
		require.Equal(t, "srv-2012plus", n.Server.Name)
		require.Equal(t, 1, n.Server.Announcements)
		require.Equal(t, 2*time.Minute, n.Boot)
		require.Equal(t, 200*time.Millisecond, n.NetshMin)
		require.Equal(t, time.Second, n.NetshMax)
		require.False(t, n.EchoBlocked)
		require.False(t, n.PipeBlocked)
		require.Empty(t, n.MailBlocked)
		require.True(t, n.KeepVIP)
		require.False(t, n.SkipAsSource)
		require.Equal(t, IPWCS, n.Watcher.Kind)
	}
	require.Equal(t, trace.MAC{2, 0, 0, 1, 0, 1}, bp.Clients[0].MAC)
	require.Equal(t, "windows-modern", bp.Clients[0].Profile.Name)
}

// Every key with another value than its default arrives in the blueprint.
func TestEveryKeyIsRead(t *testing.T) {
	bp, problems := Load(Overlay(guide(t), map[string][]byte{"cluster.toml": []byte(`
name = "other"
seed = 7
start = 2000-01-02T03:04:05Z
latency = "1ms"
watcher = "vrrp"
advert = "0.5s"
switch = [{ name = "sw1" }]
client = [{ name = "pc1", address = "192.168.10.150/24", switch = "sw1", mac = "02:00:00:00:00:99", profile = "linux" }]

[node.active]
name = "hvt162EPST11"
address = "192.168.10.200/24"
interface = "イーサネット"
switch = "sw1"
profile = "srv-2008"
announcements = 1
boot = "0s"
netsh = ["0s", "3s"]
echo_blocked = true
pipe_blocked = true
mail_blocked = [25, 110]
keep_vip_over_reboot = false
skip_as_source = true
priority = 200
preempt = false

[node.standby]
name = "hvt162EPST12"
address = "192.168.10.201/24"
interface = "イーサネット"
switch = "sw1"
`)}), ".")
	require.Len(t, problems, 2, "of echo_blocked and mail_blocked; with VRRP nobody asks over the pipe (V1)")
	require.Equal(t, uint64(7), bp.Seed)
	require.Equal(t, time.Date(2000, 1, 2, 3, 4, 5, 0, time.UTC), bp.Start.UTC())
	require.Equal(t, time.Millisecond, bp.Latency)
	require.Equal(t, "linux", bp.Clients[0].Profile.Name)
	require.Equal(t, "02-00-00-00-00-99", bp.Clients[0].MAC.String())
	n := bp.Node(Active)
	require.Equal(t, "srv-2008", n.Server.Name)
	require.Equal(t, 1, n.Server.Announcements)
	require.Zero(t, n.Boot)
	require.Equal(t, []time.Duration{0, 3 * time.Second}, []time.Duration{n.NetshMin, n.NetshMax})
	require.True(t, n.EchoBlocked)
	require.True(t, n.PipeBlocked)
	require.Equal(t, "25, 110", n.MailBlocked.String())
	require.False(t, n.KeepVIP)
	require.True(t, n.SkipAsSource)
	w := DefaultWatcher(VRRP, 0)
	w.VRRP.Priority, w.VRRP.Preempt, w.VRRP.Advert = 200, false, 500*time.Millisecond
	require.Equal(t, w, n.Watcher)
	w.VRRP.Priority, w.VRRP.Preempt = 90, true
	require.Equal(t, w, bp.Node(Standby).Watcher)
}

// W1, C5: several lines are several VIPs, in the order of the active node's table.
func TestW1SeveralVIPsKeepTheirOrder(t *testing.T) {
	line := func(peer, vip string) string { return `-c=\\` + peer + ` -i=` + vip + " -f=イーサネット\r\n" }
	bp, problems := Load(Overlay(guide(t), map[string][]byte{
		"active/ipwatch.dat":  []byte(line("hvt162epst12", "192.168.10.204") + line("192.168.10.201", "192.168.10.203")),
		"standby/ipwatch.dat": []byte(line("HVT162EPST11", "192.168.10.203") + line("hvt162EPST11", "192.168.10.204")),
	}), ".")
	require.Empty(t, problems)
	require.Equal(t, []netip.Addr{netip.MustParseAddr("192.168.10.204"), netip.MustParseAddr("192.168.10.203")}, bp.VIPs)
}

// Windows does not tell the case of file names apart.
func TestFileNamesInAnyCase(t *testing.T) {
	m := guide(t)
	m["active/IPWATCH.DAT"] = m["active/ipwatch.dat"]
	delete(m, "active/ipwatch.dat")
	m["standby/IPWCS.REG"] = m["standby/ipwcs.reg"]
	delete(m, "standby/ipwcs.reg")
	_, problems := Load(m, ".")
	require.Empty(t, problems)
}

func TestNoSuchCluster(t *testing.T) {
	for _, dir := range []string{"nowhere", "../guide", ""} {
		bp, problems := Load(fstest.MapFS{}, dir)
		require.Nil(t, bp)
		require.Len(t, problems, 1, dir)
		require.Contains(t, problems.Error(), "there is no such cluster")
	}
}

func TestProblemsNameTheFolderOfTheCluster(t *testing.T) {
	_, problems := Load(Overlay(os.DirFS(clusters), map[string][]byte{"guide/cluster.toml": []byte("name = 1")}), "guide")
	require.Contains(t, problems.Error(), "guide/cluster.toml:1: error: name: expected a string, not the whole number 1")
}

// What people's files hold besides is told, and no reason to refuse the cluster: values that nobody reads, a batch file
// of any kind, an SSL port; netsh does not tell the case of an interface's name.
func TestFilesPeopleHave(t *testing.T) {
	export := "Windows Registry Editor Version 5.00\r\n\r\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\EPOST\\IPWCS]\r\n\"Interval\"=dword:0000001e\r\n\"Version\"=\"4.93\"\r\n"
	name := []byte("interface = \"LAN\"")
	toml := bytes.ReplaceAll(must(fs.ReadFile(guide(t), "cluster.toml")), []byte("interface = \"イーサネット\""), name)
	files := map[string][]byte{
		"cluster.toml":         toml,
		"active/ipwcs.reg":     []byte(export),
		"active/ipwatch.dat":   []byte("-c=\\\\hvt162EPST12 -i=192.168.10.202 -f=lan\r\n"),
		"standby/ipwatch.dat":  []byte("-c=\\\\hvt162EPST11 -i=192.168.10.202 -f=Lan\r\n"),
		"standby/arpclear.bat": []byte("@echo off\r\nif exist C:\\flag goto end\r\n"),
	}
	bp, problems := Load(Overlay(guide(t), files), ".")
	require.NotNil(t, bp)
	require.Equal(t, `active/ipwcs.reg:5: warning: unknown value "Version", which the watcher does not read; expected one of LogEnabled, Interval, Balance, ReleaseTime, PingTimeout
standby/arpclear.bat:2: warning: found `+"`if exist C:\\flag`"+`, which is played as if there were no such file`, problems.Error())
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// N7, N8: stations outside the cluster, and what switches and routers say of addresses.
func TestStrangersAndWhoAnswersForOthers(t *testing.T) {
	toml := string(must(fs.ReadFile(guide(t), "cluster.toml"))) + `
[[router]]
name = "core1"
proxy_arp = ["192.168.10.202"]
[[router.interface]]
address = "192.168.10.1/24"
switch = "sw1"
[[router.interface]]
address = "192.168.20.1/24"
switch = "office"
[[switch]]
name = "office"
device_tracking = true
device_tracking_delay = "10s"
learn_from_arp = false
block_unknown = true
[[stranger]]
name = "printer"
address = "192.168.10.55/24"
switch = "sw1"
has = ["192.168.10.203"]
answers = true
detects = true
`
	bp, problems := Load(Overlay(guide(t), map[string][]byte{"cluster.toml": []byte(toml)}), ".")
	require.Empty(t, problems)
	vip, other := netip.MustParseAddr("192.168.10.202"), netip.MustParseAddr("192.168.10.203")
	require.True(t, bp.Routers[0].ProxyARP.Names(vip))
	require.False(t, bp.Routers[0].ProxyARP.Names(other))
	s := bp.Strangers[0]
	require.Equal(t, []netip.Addr{other}, s.Has)
	require.True(t, s.Answers.All && s.Detects)
	require.Equal(t, "linux", s.Profile.Name)

	h := Header(bp, "", 0)
	require.Equal(t, []trace.Other{{Name: "printer", What: trace.Stranger, Address: s.Address, MAC: s.MAC}}, h.Others)
	require.Equal(t, []trace.Snoop{{Switch: "office", MAC: bp.Switches[1].MAC, Tracks: true, Delay: 10 * time.Second, Blocks: true}}, h.Snoops)
	require.True(t, h.Routers[0].ProxyARP)
}
