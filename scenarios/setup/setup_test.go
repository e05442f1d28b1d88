package setup_test

import (
	"bytes"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"ipwsim/core/diag"
	"ipwsim/core/registry"
	"ipwsim/scenarios/setup"
	"ipwsim/sim/cluster"
	"ipwsim/sim/collected"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// exports are the files of one of testdata's pairs of servers.
func exports(t *testing.T, pair string) fstest.MapFS {
	m := fstest.MapFS{}
	base := os.DirFS(filepath.Join("testdata", pair))
	require.NoError(t, fs.WalkDir(base, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(base, path)
		m[path] = &fstest.MapFile{Data: data}
		return err
	}))
	return m
}

func make2(t *testing.T, m fstest.MapFS, a, b string, o setup.Options) (*setup.Cluster, diag.List) {
	var servers [2]*collected.Server
	for i, folder := range []string{a, b} {
		s, problems := collected.Read(m, folder)
		require.NoError(t, problems.Err())
		servers[i] = s
	}
	o.Name, o.Check, o.Say = "ours", cluster.Answer, func(t diag.Text) string { return t.Error() }
	made, problems, err := setup.Make(servers, o)
	require.NoError(t, err)
	return made, problems
}

func load(made *setup.Cluster) (*cluster.Blueprint, diag.List) {
	m := fstest.MapFS{}
	for name, data := range made.Files {
		m[name] = &fstest.MapFile{Data: data}
	}
	return cluster.Load(m, ".")
}

// Nothing that a cluster needs is missing in what the batch file gathers, and each key says where it is from.
func TestMadeOfExports(t *testing.T) {
	for pair, servers := range map[string][2]string{"harbor": {"HBMAIL1", "HBMAIL2"}, "works": {"wk-a", "wk-b"}} {
		t.Run(pair, func(t *testing.T) {
			made, problems := make2(t, exports(t, pair), servers[0], servers[1], setup.Options{})
			require.Empty(t, problems)
			require.Empty(t, made.Open)
			golden := filepath.Join("testdata", pair+".toml")
			if *update {
				require.NoError(t, os.WriteFile(golden, made.Files["cluster.toml"], 0o644))
			}
			want, err := os.ReadFile(golden)
			require.NoError(t, err)
			require.Equal(t, string(want), string(made.Files["cluster.toml"]))
			bp, problems := load(made)
			require.NoError(t, problems.Err())
			require.NotNil(t, bp.Mail)
		})
	}
}

// How long Windows takes to start stands in no export: it is told, where it can be mended, and as the simulator has it.
func TestTheStartOfWindowsIsAssumed(t *testing.T) {
	made, _ := make2(t, exports(t, "works"), "wk-a", "wk-b", setup.Options{})
	const line = "boot = \"2m\"  # assumed: no export says how long Windows takes to start; until it has, nobody has mail from this node\n"
	toml := string(made.Files["cluster.toml"])
	require.Equal(t, 2, strings.Count(toml, line))
	require.Contains(t, said(made.Assumed), `active: boot = "2m": no export says`)
	bp, _ := load(made)
	made.Files["cluster.toml"] = []byte(strings.ReplaceAll(toml, line, ""))
	without, _ := load(made)
	require.Equal(t, without.Nodes[0].Boot, bp.Nodes[0].Boot)
}

// The account of the watcher's service is in another export than its settings; the cluster reads one.
func TestTheServiceJoinsTheSettings(t *testing.T) {
	made, _ := make2(t, exports(t, "harbor"), "HBMAIL1", "HBMAIL2", setup.Options{})
	bp, _ := load(made)
	require.Equal(t, "LocalSystem", bp.Nodes[1].Account)
}

// Where no export has the key of a service, sc qc says what the watcher runs as; of the mail services it says too little.
func TestServicesBySCQuery(t *testing.T) {
	m := exports(t, "works")
	delete(m, "wk-a/services.reg")
	made, _ := make2(t, m, "wk-a", "wk-b", setup.Options{})
	require.Empty(t, made.Open)
	require.Contains(t, said(made.Assumed), `IPWCS of WK-A runs as .\Administrator and starts automatically, as in the guide: neither an export nor sc qc says it`)
	require.Contains(t, said(made.Assumed), `EPSTRS, EPSTDS, EPSTPOP3S, EPSTIMAP4S of WK-A run as .\Administrator and start automatically, with the first VIP as LogicalIP`)
	require.NotContains(t, said(made.Assumed), "of WK-B run")
	bp, problems := load(made)
	require.NoError(t, problems.Err())
	require.NotContains(t, problems.Error(), "(M1)")
	require.Equal(t, "10.90.1.30", bp.Mail.Nodes[1].Delivery.LogicalIP.String())
	const query = "SERVICE_NAME: %s\r\n        SERVICE_START_NAME : LocalSystem\r\n"
	m["wk-a/sc.txt"] = &fstest.MapFile{Data: fmt.Appendf(fmt.Appendf(fmt.Appendf(nil, query, "IPWCS"), query, "EPSTRS"), query, "EPSTDS")}
	made, _ = make2(t, m, "wk-a", "wk-b", setup.Options{})
	require.NotContains(t, said(made.Assumed), "neither an export nor sc qc")
	require.Contains(t, said(made.Open), "wk-a has no export of EPSTDS, though sc qc shows it: `reg export HKLM\\SYSTEM\\CurrentControlSet\\Services\\EPSTDS service-EPSTDS.reg /y`, into standby/mail/")
	require.Contains(t, said(made.Open), "wk-a has no export of EPSTRS, though sc qc shows it: `reg export HKLM\\SYSTEM\\CurrentControlSet\\Services\\EPSTRS service-EPSTRS.reg /y`")
	require.Len(t, made.Open, 2, "a line and a command for each")
	_, problems = load(made)
	require.Equal(t, 2, problems.Count(diag.Error))
	require.NotContains(t, problems.Error(), "EPSTRS does not run on this node", "what is asked for is not missed besides")
	require.Contains(t, problems.Error(), "EPSTPOP3S is installed in active/mail, not here", "what nobody asks for is")
	f, list := registry.Parse("", made.Files["standby/ipwcs.reg"])
	require.Empty(t, list)
	account, _, _ := f.Account(registry.WatcherService)
	require.Equal(t, "LocalSystem", account)
}

// What is missing is a line that check refuses, with the question.
func TestWhatIsMissingStaysOpen(t *testing.T) {
	for missing, want := range map[string]string{
		"wk-a/ipconfig.txt": "standby: address = ? the own address of WK-A with its prefix length",
		"wk-a/ipwatch.dat":  "wk-a has no ipwatch.dat",
		"wk-a/ipwcs.reg":    "wk-a has no export of the watcher's settings",
		"wk-a/epost.reg":    "wk-a has no export of the mail server's settings",
	} {
		t.Run(missing, func(t *testing.T) {
			m := exports(t, "works")
			delete(m, missing)
			if strings.HasSuffix(missing, "ipconfig.txt") { // these have its address, too
				delete(m, "wk-a/route.txt")
				delete(m, "wk-a/arp.txt")
			}
			made, _ := make2(t, m, "wk-a", "wk-b", setup.Options{})
			require.NotEmpty(t, made.Open)
			require.Contains(t, said(made.Open), want)
			_, problems := load(made)
			require.ErrorContains(t, problems.Err(), "not answered yet: \""+want)
		})
	}
}

// Two servers without the mail product make a cluster without mail, whatever else of it lies about.
func TestNoMailServer(t *testing.T) {
	m := exports(t, "works")
	delete(m, "wk-a/epost.reg")
	delete(m, "wk-b/epost.reg")
	made, _ := make2(t, m, "wk-a", "wk-b", setup.Options{})
	require.Empty(t, made.Open)
	bp, problems := load(made)
	require.NoError(t, problems.Err())
	require.Nil(t, bp.Mail)
}

func said(all []diag.Text) string {
	var b strings.Builder
	for _, t := range all {
		b.WriteString(t.Error() + "\n")
	}
	return b.String()
}

// Of exports that only a part is missing of, that part is assumed and marked.
func TestWhatIsAssumedIsMarked(t *testing.T) {
	for missing, want := range map[string]string{
		"wk-a/tasks.xml":      `tasks = ["event-100"]  # assumed: no export of the tasks of WK-A`,
		"wk-a/firewall.txt":   "echo_blocked = false  # assumed: no export of the firewall's rules of WK-A\npipe_blocked = false  # assumed: no export of the firewall's rules of WK-A\n",
		"wk-a/systeminfo.txt": `profile = "srv-2012plus"  # assumed: `,
		"wk-a/arpclear.bat":   "",
		// One that is empty is no missing export.
		"wk-a/tasks.xml ":    `tasks = ["event-100"]  # assumed: not known: wk-a/tasks.xml is empty; these are the guide's`,
		"wk-a/firewall.txt ": "echo_blocked = false  # assumed: not known: wk-a/firewall.txt is empty\npipe_blocked = false  # assumed: not known: wk-a/firewall.txt is empty\n",
	} {
		m := exports(t, "works")
		if file, empty := strings.CutSuffix(missing, " "); empty {
			m[file] = &fstest.MapFile{}
		} else {
			delete(m, missing)
		}
		made, _ := make2(t, m, "wk-a", "wk-b", setup.Options{})
		require.Contains(t, string(made.Files["cluster.toml"]), want)
		for line := range strings.Lines(string(made.Files["cluster.toml"])) {
			require.True(t, strings.Contains(line, "#") || strings.HasPrefix(line, "name = ") || strings.HasPrefix(line, "switch = ") || strings.TrimSpace(line) == "" || line[0] == '[', line)
		}
	}
}

func TestAnswersAreTaken(t *testing.T) {
	m := exports(t, "works")
	made, _ := make2(t, m, "wk-a", "wk-b", setup.Options{Ask: func(q setup.Question) (string, error) {
		if strings.Contains(q.Text.Error(), "WKFS") {
			return "10.90.1.77/16\n", nil
		}
		return "\n", nil
	}})
	bp, problems := load(made)
	require.NoError(t, problems.Err())
	require.Equal(t, "10.90.1.77/16", bp.Mail.Share.Address.String())
	require.Contains(t, string(made.Files["cluster.toml"]), "# as answered")
}

// An answer that no cluster takes is asked for again, with what is wrong with it.
func TestAnswersAreAskedForAgain(t *testing.T) {
	m := exports(t, "works")
	delete(m, "wk-a/systeminfo.txt")
	m["wk-b/ipwcs.reg"] = m["wk-a/ipwcs.reg"]
	answers := map[string][]string{"WKFS": {"abc", "10.90.1.77", "10.90.1.77/16"}, "master": {"10.0.0.1", "WK-B"}, "Windows version": {"10.0.0.1/24", ""}}
	var refused []string
	made, _ := make2(t, m, "wk-a", "wk-b", setup.Options{Ask: func(q setup.Question) (string, error) {
		if q.Refused != nil {
			refused = append(refused, q.Refused.Error())
		}
		for about, left := range answers {
			if strings.Contains(q.Text.Error(), about) {
				answers[about] = left[1:]
				return left[0] + "\n", nil
			}
		}
		return "\n", nil
	}})
	require.Len(t, refused, 4)
	require.Contains(t, refused[0], `found "10.0.0.1", expected wk-a or wk-b`)
	require.Contains(t, refused[1], `unknown profile "10.0.0.1/24"; expected one of srv-2003, `)
	require.Contains(t, refused[2], `"abc" is no address; expected IPv4 with a prefix length, as in 192.168.10.200/24`)
	require.Contains(t, refused[3], `10.90.1.77 has no prefix length; expected one, as in 10.90.1.77/24`)
	require.Empty(t, made.Open)
	toml := string(made.Files["cluster.toml"])
	require.Contains(t, toml, "[node.active]  # as answered\nname = \"WK-B\"")
	require.Contains(t, toml, `address = "10.90.1.77/16"  # as answered`)
	require.Contains(t, toml, `profile = "srv-2012plus"  # assumed: `)
}

// Where ipconfig shows one adapter with addresses, its address is the server's, whatever ipwatch.dat lacks.
func TestTheOnlyAdapter(t *testing.T) {
	m := exports(t, "works")
	delete(m, "wk-b/ipwatch.dat")
	made, _ := make2(t, m, "wk-a", "wk-b", setup.Options{})
	require.Contains(t, string(made.Files["cluster.toml"]), "address = \"10.90.1.22/16\"  # wk-b/ipconfig.txt:22")
	delete(m, "wk-a/ipwatch.dat")
	made, _ = make2(t, m, "wk-a", "wk-b", setup.Options{})
	require.Contains(t, string(made.Files["cluster.toml"]), "address = \"10.90.1.21/16\"  # wk-a/ipconfig.txt:18")
	require.Contains(t, string(made.Files["cluster.toml"]), "interface = \"Mail  LAN\"  # wk-a/ipconfig.txt:13")

	m = twoAdapters(t)
	delete(m, "wk-a/ipwatch.dat")
	delete(m, "wk-b/ipwatch.dat")
	made, _ = make2(t, m, "wk-a", "wk-b", setup.Options{})
	require.Contains(t, said(made.Open), "standby: address = ? the own address of WK-A")
}

// Where two files do not agree, both places are told, and which one is believed.
func TestContradictions(t *testing.T) {
	for want, change := range map[string][3]string{
		"wk-a/arp.txt:5: warning: the MAC of 10.90.1.22 is 00-50-56-00-99-10 here and 00-50-56-00-22-10 in wk-b/ipconfig.txt:16, which is taken": {"wk-a/arp.txt", "00-50-56-00-22-10", "00-50-56-00-99-10"},
		"wk-a/systeminfo.txt:2: warning: the computer's name is WK-Z here and WK-A in wk-a/ipconfig.txt:4, which is taken":                       {"wk-a/systeminfo.txt", "WK-A", "WK-Z"},
		"wk-a/route.txt:5: warning: the default gateway is 10.90.0.9 here and 10.90.0.1 in wk-a/ipconfig.txt:21, which is taken":                 {"wk-a/route.txt", "10.90.0.1 ", "10.90.0.9 "},
		"wk-a/ipwatch.dat:1: warning: -f= names Other, and ipconfig shows no such adapter, but Spare, Mail  LAN (wk-a/ipconfig.txt:8)":           {"wk-a/ipwatch.dat", "Mail  LAN", "Other"},
		"wk-a/ipconfig.txt:18: warning: the subnet of WK-A is 10.90.1.0/24 by its mask 255.255.255.0 here, and the segment is 10.90.0.0/16: 10.90.0.1 is on it (wk-b/ipconfig.txt:25), the mask of WK-B says so (wk-b/ipconfig.txt:22), a route of WK-A without a gateway says so (wk-a/route.txt:6); expected the mask 255.255.0.0": {"wk-a/ipconfig.txt", "255.255.0.0", "255.255.255.0"},
		"wk-a/ipconfig.txt:22: warning: both servers have 10.90.1.30 at the time of the export: here, and in wk-b/ipconfig.txt:20":           {"wk-a/ipconfig.txt", "   DNS Servers", "   IPv4 Address. . : 10.90.1.30\r\n   Subnet Mask . . : 255.255.0.0\r\n   DNS Servers"},
		"wk-a/ipwatch.dat:1: warning: -c= names PEER, and the other server is WK-B (wk-b/ipconfig.txt:4), 10.90.1.22 (wk-b/ipconfig.txt:22)": {"wk-a/ipwatch.dat", "10.90.1.22", "PEER"},
	} {
		require.Contains(t, string(exports(t, "works")[change[0]].Data), change[1])
		m := exports(t, "works")
		m[change[0]] = &fstest.MapFile{Data: bytes.ReplaceAll(m[change[0]].Data, []byte(change[1]), []byte(change[2]))}
		_, problems := make2(t, m, "wk-a", "wk-b", setup.Options{})
		require.Contains(t, problems.Error(), want)
	}
}

// Both are slaves: the active node is taken to be the one that had the VIP, whichever folder comes first. Where none had it,
// nobody can say it but people.
func TestRankIsNotGuessed(t *testing.T) {
	m := exports(t, "works")
	m["wk-b/ipwcs.reg"] = m["wk-a/ipwcs.reg"]
	for _, order := range [][2]string{{"wk-a", "wk-b"}, {"wk-b", "wk-a"}} {
		made, problems := make2(t, m, order[0], order[1], setup.Options{})
		require.Contains(t, problems.Error(), "Balance is 1 here and in wk-")
		require.Empty(t, made.Open)
		require.Contains(t, said(made.Assumed), "wk-b is the active node, by no Balance, but it had the VIP 10.90.1.30 at the time of the export (wk-b/ipconfig.txt:20)")
		require.Regexp(t, `\[node.active\]  # assumed: wk-b had the VIP .*\nname = "WK-B"`, string(made.Files["cluster.toml"]))
		require.Regexp(t, `\[node.standby\]  # assumed: wk-b had the VIP .*\nname = "WK-A"`, string(made.Files["cluster.toml"]))
	}
	m["wk-b/ipconfig.txt"] = &fstest.MapFile{Data: bytes.ReplaceAll(m["wk-b/ipconfig.txt"].Data, []byte("10.90.1.3"), []byte("10.90.1.7"))}
	made, _ := make2(t, m, "wk-a", "wk-b", setup.Options{})
	require.Contains(t, said(made.Open), "which server is the master, Balance 0?")
	require.Contains(t, string(made.Files["cluster.toml"]), "[node.active]  # not answered which server is the master\n")
}

// Where one export is missing the other one's Balance ranks both.
func TestRankOfOneExport(t *testing.T) {
	m := exports(t, "works")
	master := regexp.MustCompile(`(?s)\[node.active\]  # by Balance, (\S+):\d+\n.*?name = "([^"]+)"`)
	made, _ := make2(t, m, "wk-a", "wk-b", setup.Options{})
	want := master.FindStringSubmatch(string(made.Files["cluster.toml"]))
	for _, gone := range []string{"wk-a", "wk-b"} {
		some := maps.Clone(m)
		delete(some, gone+"/ipwcs.reg")
		made, _ := make2(t, some, "wk-a", "wk-b", setup.Options{})
		got := master.FindStringSubmatch(string(made.Files["cluster.toml"]))
		require.NotNil(t, got, "%s", made.Files["cluster.toml"])
		require.Equal(t, want[2], got[2], gone)
		require.NotContains(t, got[1], gone)
	}
}

// A table that has the other server's own address for a VIP does not make it one: check says so.
func TestAnOwnAddressInATable(t *testing.T) {
	m := exports(t, "works")
	m["wk-b/ipwatch.dat"] = &fstest.MapFile{Data: bytes.ReplaceAll(m["wk-b/ipwatch.dat"].Data, []byte("-i=10.90.1.30"), []byte("-i=10.90.1.21"))}
	made, _ := make2(t, m, "wk-a", "wk-b", setup.Options{})
	require.Empty(t, made.Open)
	_, problems := load(made)
	require.Contains(t, problems.Error(), "active/ipwatch.dat:1: error: -i=10.90.1.21 is the real address of standby")
}

// Servers whose mail is on disks of their own get a share, made up, on which it belongs; where one folder is on a share that
// is the one.
func TestMailOnOwnDisks(t *testing.T) {
	for folders, want := range map[string]string{
		"MailSpoolDir":                         `unc = '\\WKFS\mail'  # wk-b/epost.reg:5`,
		"MailSpoolDir MailInBoxDir AccountDir": `unc = '\\NAS\cl_mail'  # assumed: made up: no server names a share. MailSpoolDir is D:\mail (wk-b/epost.reg:4)`,
	} {
		m := exports(t, "works")
		for _, folder := range []string{"wk-a", "wk-b"} {
			all, _ := registry.Parse("", m[folder+"/epost.reg"].Data)
			for _, key := range all.Keys {
				for i, v := range key.Values {
					if said, _ := v.Text(); strings.Contains(folders, v.Name) {
						key.Values[i] = registry.TextValue(v.Name, `D:\mail`+strings.TrimPrefix(said, `\\WKFS\mail`))
					}
				}
			}
			m[folder+"/epost.reg"] = &fstest.MapFile{Data: all.Format()}
		}
		made, _ := make2(t, m, "wk-a", "wk-b", setup.Options{})
		require.Empty(t, made.Open)
		require.Contains(t, string(made.Files["cluster.toml"]), want)
		bp, problems := load(made)
		require.NotNil(t, bp, "%v", problems)
		require.Contains(t, problems.Error(), "with a drive letter")
	}
}

// Without a batch file those are taken for clients that arp -a shows and that are nothing else; where a route leads somewhere
// and no batch file names anybody there, somebody is taken for a client.
func TestClientsThatNoBatchNames(t *testing.T) {
	m := exports(t, "works")
	delete(m, "wk-a/arpclear.bat")
	delete(m, "wk-b/arpclear.bat")
	delete(m, "wk-a/tasks.xml")
	delete(m, "wk-b/tasks.xml")
	made, _ := make2(t, m, "wk-a", "wk-b", setup.Options{})
	require.Empty(t, made.Open)
	toml := string(made.Files["cluster.toml"])
	require.Contains(t, toml, `address = "10.90.20.15/16"  # assumed: no arpclear.bat names a client, and arp -a shows this one (wk-b/arp.txt:8)`)
	require.Contains(t, toml, `address = "10.91.0.2/16"  # assumed: made up: a route leads to 10.91.0.0/16 (wk-b/route.txt:7), and no arpclear.bat names a client there`)
	require.Contains(t, toml, `unc = '\\WKFS\mail'`)
	require.NotContains(t, toml, `name = "pc40"`, "the share is none")
	bp, problems := load(made)
	require.NoError(t, problems.Err())
	require.Len(t, bp.Clients, 2)
}

// A name from a file stays inside its line and its string.
func TestNamesFromFilesDoNoHarm(t *testing.T) {
	m := exports(t, "works")
	m["wk-a/ipconfig.txt"] = &fstest.MapFile{Data: bytes.ReplaceAll(m["wk-a/ipconfig.txt"].Data, []byte("WK-A"), []byte(`A"\`+"\x1b"))}
	made, _ := make2(t, m, "wk-a", "wk-b", setup.Options{})
	require.Contains(t, string(made.Files["cluster.toml"]), `name = "A\"\\\u001b"`)
	require.NotContains(t, string(made.Files["cluster.toml"]), "\x1b")
}

// The batch file runs with any code page, and takes no account file and no mail.
func TestCollect(t *testing.T) {
	data := setup.Collect()
	require.Equal(t, bytes.Count(data, []byte("\n")), bytes.Count(data, []byte("\r\n")))
	for i, b := range data {
		require.Less(t, b, byte(0x80), "byte %d", i)
	}
	for line := range strings.Lines(string(data)) {
		if !strings.HasPrefix(line, "rem ") {
			require.NotContains(t, line, ".idx")
		}
	}
}

// The share's server and the clients may be behind another router than the default gateway.
func TestWhatIsBehindAnotherRouter(t *testing.T) {
	m := exports(t, "works")
	for _, s := range []string{"wk-a", "wk-b"} {
		route := m[s+"/route.txt"].Data
		m[s+"/route.txt"] = &fstest.MapFile{Data: bytes.ReplaceAll(route, []byte("10.91.0.0      255.255.0.0        10.90.0.1"), []byte("10.91.0.0      255.255.0.0        10.90.0.2"))}
		m[s+"/ping.txt"] = &fstest.MapFile{Data: []byte("\r\nPinging WKFS [10.91.0.1] with 32 bytes of data:\r\n")}
	}
	made, problems := make2(t, m, "wk-a", "wk-b", setup.Options{})
	require.Empty(t, problems)
	bp, problems := load(made)
	require.NoError(t, problems.Err(), "%s", made.Files["cluster.toml"])
	require.Equal(t, "10.90.0.2", bp.Nodes[0].Gateway.String())
	require.Equal(t, "10.91.0.1/16", bp.Mail.Share.Address.String())
	require.Equal(t, "10.91.0.2", bp.Mail.Share.Gateway.String())
	require.Contains(t, string(made.Files["cluster.toml"]), "# assumed: it leads to the clients (wk-b/route.txt:7)")
}

// Without the mail product's export of either server there is no mail here; that is told where a file shows its services.
func TestNoExportOfTheMailProduct(t *testing.T) {
	m := exports(t, "works")
	delete(m, "wk-a/epost.reg")
	delete(m, "wk-b/epost.reg")
	made, problems := make2(t, m, "wk-a", "wk-b", setup.Options{})
	require.Contains(t, problems.Error(), "warning: this server has the mail services, and neither has an export of the mail product's settings, so the cluster is made without mail")
	require.Contains(t, said(made.Assumed), "no mail server: no export has its keys")
	bp, problems := load(made)
	require.NoError(t, problems.Err())
	require.Nil(t, bp.Mail)
}

// What is read under another name is in the cluster under one that it knows.
func TestExportsUnderOtherNames(t *testing.T) {
	m := exports(t, "works")
	for from, to := range map[string]string{"wk-a/ipwcs.reg": "wk-a/ipwcs.reg.txt", "wk-a/epost.reg": "wk-a/mail product.txt", "wk-b/ipwatch.dat": "wk-b/IPWATCH (1).DAT"} {
		m[to] = m[from]
		delete(m, from)
	}
	made, _ := make2(t, m, "wk-a", "wk-b", setup.Options{})
	require.Empty(t, made.Open)
	bp, problems := load(made)
	require.NoError(t, problems.Err())
	require.NotNil(t, bp.Mail)
}

// A table without an entry stops nothing: all else is made, and it is asked for.
func TestATableWithoutAnEntry(t *testing.T) {
	for _, text := range []string{"", "\r\n", "hello\r\n"} {
		m := exports(t, "works")
		m["wk-a/ipwatch.dat"] = &fstest.MapFile{Data: []byte(text)}
		made, _ := make2(t, m, "wk-a", "wk-b", setup.Options{})
		require.Contains(t, said(made.Open), "wk-a/ipwatch.dat has no entry that can be read; expected lines as ")
		require.Contains(t, string(made.Files["cluster.toml"]), `name = "WK-A"`)
	}
}
