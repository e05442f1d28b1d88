package cluster

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/core/diag"
	"ipwsim/sim/trace"
)

const arpclear = "arp -d\r\nping -n 10 192.168.10.150 -S 192.168.10.202\r\n"

// H10: the guide's triggers where cluster.toml does not say, and never without a batch file.
func TestH10TasksOfEachNode(t *testing.T) {
	for _, c := range []struct {
		name            string
		batch           bool
		toml            string // of the active node
		active, standby []Task
	}{
		{"no file", false, "", nil, nil},
		{"the guide's", true, "", []Task{{On: OnEvent100}, GuideStartup}, []Task{{On: OnEvent100}}},
		{"only the event", true, `tasks = ["event-100"]`, []Task{{On: OnEvent100}}, []Task{{On: OnEvent100}}},
		{"as they stand", true, `tasks = ["startup", "event-100"]`, []Task{GuideStartup, {On: OnEvent100}}, []Task{{On: OnEvent100}}},
		{"none, with a file", true, `tasks = []`, nil, []Task{{On: OnEvent100}}},
		{"none, without", false, `tasks = []`, nil, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			base := guide(t)
			files := map[string][]byte{"cluster.toml": []byte(strings.Replace(
				string(base["cluster.toml"].Data), "[node.active]\n", "[node.active]\n"+c.toml+"\n", 1))}
			if c.batch {
				files["active/arpclear.bat"], files["standby/ArpClear.BAT"] = []byte(arpclear), []byte(arpclear)
			}
			bp, problems := Load(Overlay(base, files), ".")
			want := 0
			if c.batch && !slices.Contains(c.active, Task{On: OnEvent100}) { // check warns of it
				want = 1
			}
			require.Len(t, problems, want)
			require.Equal(t, c.active, bp.Node(Active).Tasks)
			require.Equal(t, c.standby, bp.Node(Standby).Tasks)
			h := Header(bp, "", 0)
			for _, n := range bp.Nodes {
				require.Equal(t, c.batch, len(n.Batch.Commands) == 2)
				require.Equal(t, len(n.Starts(OnEvent100)) > 0, len(h.Node(n.Role).Cure) == 1, "H10: the event runs the cure")
			}
		})
	}
}

// H10: a task is written as it is read, with the times that it has.
func TestH10TasksOfOtherTimes(t *testing.T) {
	for text, want := range map[string]Task{
		"event-100":                                 {On: OnEvent100},
		"event-100 after 5m0s":                      {On: OnEvent100, After: 5 * time.Minute},
		"event-100 every 1m0s for 10m0s":            {On: OnEvent100, Every: time.Minute, For: 10 * time.Minute},
		"startup":                                   GuideStartup,
		"startup after 0s":                          {On: AtStartup},
		"startup after 1m0s every 5m0s":             {On: AtStartup, After: time.Minute, Every: 5 * time.Minute},
		"startup after 30s every 5m0s for 744h0m0s": {On: AtStartup, After: 30 * time.Second, Every: 5 * time.Minute, For: 744 * time.Hour},
	} {
		got, err := toTask(text)
		require.NoError(t, err, text)
		require.Equal(t, want, got, text)
		require.Equal(t, text, got.String())
	}
	for text, want := range map[string]string{
		"":                                 `unknown task ""; expected some of event-100, startup`,
		"event-100 after":                  "found \"event-100 after\"; expected `event-100 after <time> every <time> for <time>`, each at most once",
		"event-100 after 1m after 2m":      "each at most once",
		"startup at 1m":                    "each at most once",
		"event-100 for 5m":                 "expected `every <time>` with `for`",
		"startup after -1s":                `"-1s" is negative; expected 0s or more`,
		"startup after 1m every 10s":       `"10s" is out of range; expected 1m to 744h`,
		"startup after soon":               `"soon"`,
		"startup after 1m every 5m for 0s": `"0s" is out of range; expected 1m to 744h`,
	} {
		_, err := toTask(text)
		require.ErrorContains(t, err, want, text)
	}
}

// H10, H11: a check has to know that the cure comes later, and that its task never ends.
func TestTheHeaderOfACureThatIsLateOrHalts(t *testing.T) {
	base := guide(t)
	toml := strings.Replace(string(base["cluster.toml"].Data), "[node.standby]\n", "[node.standby]\ntasks = [\"event-100 after 2m\"]\n", 1)
	bp, problems := Load(Overlay(base, map[string][]byte{
		"cluster.toml": []byte(toml), "active/arpclear.bat": []byte(arpclear), "standby/arpclear.bat": []byte(arpclear + "pause\r\n"),
	}), ".")
	require.Contains(t, problems.Error(), "node.standby.tasks: standby/arpclear.bat starts 2m0s after this node has taken a VIP, so it heals everybody that much later (H10)")
	require.Contains(t, problems.Error(), "nobody presses a key in a task, so it runs on, and nothing starts it again (H10)")
	require.Len(t, problems, 2)
	h := Header(bp, "", 0)
	require.Zero(t, h.Node(Active).Cure[0].After)
	require.Zero(t, h.Node(Active).CureRest)
	require.Equal(t, 2*time.Minute, h.Node(Standby).Cure[0].After)
	require.Equal(t, trace.CureHalts, h.Node(Standby).CureRest)
}

// H10: what a task does after its limit is never done, and nobody may count on it.
func TestTheHeaderOfACureThatIsCut(t *testing.T) {
	base := guide(t)
	long := arpclear + arpclear + arpclear
	for limit, want := range map[string]int{"": 3, `task_limit = "0s"`: 3, `task_limit = "28s"`: 3, `task_limit = "12s"`: 2, `task_limit = "9s"`: 1} {
		toml := strings.Replace(string(base["cluster.toml"].Data), "[node.standby]\n", "[node.standby]\n"+limit+"\n", 1)
		bp, problems := Load(Overlay(base, map[string][]byte{"cluster.toml": []byte(toml), "active/arpclear.bat": []byte(arpclear), "standby/arpclear.bat": []byte(long)}), ".")
		h := Header(bp, "", 0)
		require.Len(t, h.Node(Standby).Cure, want, limit)
		require.Equal(t, want < 3, strings.Contains(problems.Error(), "node.standby.task_limit: what standby/arpclear.bat does takes 27s or more, and its task is ended after "), limit)
	}
}

// H10, H11: a task without an administrator's rights is no matter to a batch that empties no cache.
func TestATaskWithoutRights(t *testing.T) {
	base := guide(t)
	toml := strings.Replace(string(base["cluster.toml"].Data), "[node.standby]\n", "[node.standby]\ntask_unelevated = true\n", 1)
	for text, line := range map[string]string{arpclear: "`arp -d` in standby/arpclear.bat (line 1)", "rem\r\nnetsh interface ip delete arpcache\r\n" + arpclear: "`netsh interface ip delete arpcache` in standby/arpclear.bat (line 2)",
		strings.Replace(arpclear, "arp -d", "rem", 1): ""} {
		bp, problems := Load(Overlay(base, map[string][]byte{"cluster.toml": []byte(toml), "active/arpclear.bat": []byte(arpclear), "standby/arpclear.bat": []byte(text)}), ".")
		require.Equal(t, []bool{false, true}, []bool{bp.Nodes[0].TaskUnelevated, bp.Nodes[1].TaskUnelevated})
		require.Equal(t, []bool{false, line != ""}, []bool{Header(bp, "", 0).Nodes[0].CureKeep, Header(bp, "", 0).Nodes[1].CureKeep})
		if line == "" {
			require.Empty(t, problems)
			continue
		}
		require.Len(t, problems, 1, text)
		require.Contains(t, problems.Error(), "warning: node.standby.task_unelevated: "+line+" takes an administrator's rights, which its task has not, so it fails")
	}
}

// H11: what a check needs to know of the batch is what it pings, in order, as which address, and how often.
func TestHeaderOfTheCure(t *testing.T) {
	files := map[string][]byte{"standby/arpclear.bat": []byte("timeout /t 2\r\nping -n 4 192.168.10.1\r\ntimeout /t 3\r\n" + arpclear)}
	bp, _ := Load(Overlay(guide(t), files), ".")
	h := Header(bp, "", 0)
	require.Equal(t, []trace.CurePing{
		{Target: netip.MustParseAddr("192.168.10.1"), Count: 4, After: 2 * time.Second},
		{Target: netip.MustParseAddr("192.168.10.150"), Source: netip.MustParseAddr("192.168.10.202"), Count: 10, After: 3 * time.Second},
	}, h.Node("standby").Cure)
	require.Empty(t, h.Node("active").Cure)
}

// What an arpclear.bat lacks is said: whom it leaves out, whom it lets wait, what it does in vain (H10, H11).
func TestTheCureIsHeldAgainstWhoNeedsIt(t *testing.T) {
	const ad = "[[client]]\nname = \"ad\"\naddress = \"192.168.10.151/24\"\nswitch = \"sw1\"\nprofile = \"ad-client\"\n"
	const both = "arp -d\r\nping -n 10 192.168.10.151 -S 192.168.10.202\r\nping -n 10 192.168.10.150 -S 192.168.10.202\r\n"
	arp203 := strings.ReplaceAll(arpclear, ".202", ".203")
	second := "-c=\\\\hvt162EPST1%s -i=192.168.10.202 -f=イーサネット\n-c=\\\\hvt162EPST1%[1]s -i=192.168.10.203 -f=イーサネット\n"
	for name, c := range map[string]struct {
		toml, bat string
		vips      int
		want      string // "": nothing
	}{
		"as it should be":    {ad, both, 1, ""},
		"nobody needs it":    {"", "", 1, ""},
		"none":               {ad, "", 1, "there is no arpclear.bat with a ping, and ad hears of no VIP that moves"},
		"left out":           {ad, arpclear, 1, "no ping asks for ad"},
		"late":               {ad, "arp -d\nping -n 10 192.168.10.150 -S 192.168.10.202\nping 192.168.10.151 -S 192.168.10.202\n", 1, "ad hears of no VIP that moves (N3, N5), and is asked 9s late"},
		"twice":              {ad, both + "ping 192.168.10.151 -S 192.168.10.202\n", 1, "192.168.10.151 is pinged from 192.168.10.202 already, in line 2"},
		"one VIP of two":     {ad, both, 2, "no ping comes from 192.168.10.203"},
		"one from one":       {ad, both + arp203, 2, "no ping from 192.168.10.203 asks for ad"},
		"each VIP":           {ad, both + strings.ReplaceAll(both, ".202", ".203"), 2, ""},
		"twice, after a try": {ad, both + "if errorlevel 1 ping 192.168.10.151 -S 192.168.10.202\n", 1, ""},
	} {
		t.Run(name, func(t *testing.T) {
			base := guide(t)
			files := map[string][]byte{"cluster.toml": append(base["cluster.toml"].Data, "\n"+c.toml...)}
			for i, role := range []string{"active", "standby"} {
				if c.bat != "" {
					files[role+"/arpclear.bat"] = []byte(c.bat)
				}
				if c.vips == 2 {
					files[role+"/ipwatch.dat"] = fmt.Appendf(nil, second, []string{"2", "1"}[i])
				}
			}
			bp, problems := Load(Overlay(base, files), ".")
			require.NotNil(t, bp, problems)
			if c.want == "" {
				require.Empty(t, problems)
				return
			}
			require.Len(t, problems, 2, "one for each node")
			for i, role := range []string{"active", "standby"} {
				require.True(t, strings.HasPrefix(problems[i].File, role), problems[i])
				require.Contains(t, problems[i].Message, c.want)
			}
		})
	}
}

// A wait before a ping is told, unless it is short, as for the address to be usable, or may be left out: by timeout, or by pings of the
// machine itself.
func TestABatchThatWaits(t *testing.T) {
	base := guide(t)
	ping := "ping -n 10 192.168.10.150 -S 192.168.10.202\r\n"
	for before, want := range map[string]string{
		"timeout /t 8 /nobreak\r\n": "", "if errorlevel 1 timeout /t 60\r\n": "", "ping -n 4 127.0.0.1 >nul\r\n": "",
		"timeout /t 60\r\n": "standby/arpclear.bat:1: warning: the batch waits 1m0s in all before `ping -n 10 192.168.10.150 -S 192.168.10.202` (line 3), so from there on it heals everybody that much later (H11), and a new address can be used after 3s (H3); expected no longer wait",
		"timeout 7\r\narp -d\r\nping -n 3 127.0.0.1\r\n":          "standby/arpclear.bat:3: warning: the batch waits 9s in all before `ping -n 10 192.168.10.150 -S 192.168.10.202` (line 5)",
		"ping 192.168.10.150 -S 192.168.10.202\r\ntimeout 10\r\n": "standby/arpclear.bat:2: warning: the batch waits 10s in all before `ping -n 10 192.168.10.150 -S 192.168.10.202` (line 4)",
	} {
		_, problems := Load(Overlay(base, map[string][]byte{"active/arpclear.bat": []byte(arpclear), "standby/arpclear.bat": []byte(before + "arp -d\r\n" + ping)}), ".")
		if want == "" {
			require.Empty(t, problems, before)
			continue
		}
		require.Contains(t, problems.Error(), want)
	}
	_, problems := Load(Overlay(base, map[string][]byte{"active/arpclear.bat": []byte(arpclear), "standby/arpclear.bat": []byte(arpclear + "timeout 60\r\n")}), ".")
	require.Empty(t, problems, "behind the last ping it delays nobody")
}

// Pings that the batch never comes to are named, and are none of its cure (H11).
func TestPingsThatAreNeverDone(t *testing.T) {
	base := guide(t)
	for first, how := range map[string]string{"exit /b 0": "line 1 ends or halts the batch before it", "pause": "line 1 ends or halts", "goto end": "line 1 goes past it"} {
		_, problems := Load(Overlay(base, map[string][]byte{
			"active/arpclear.bat": []byte(first + "\r\n" + arpclear + ":end\r\n"), "standby/arpclear.bat": []byte(arpclear),
		}), ".")
		require.Contains(t, problems.Error(), "active/arpclear.bat:3: warning: `ping -n 10 192.168.10.150 -S 192.168.10.202` is never done: "+how)
		require.Contains(t, problems.Error(), "active/arpclear.bat:3: warning: no ping is ever done, this one neither, though standby/arpclear.bat has one")
	}
}

// A ping of the nodes' gateway heals that router, and who comes over it (H11): nothing is wrong with it. What may be one that
// nobody has described is told how.
func TestTheGatewayMayBePinged(t *testing.T) {
	base := guide(t)
	const router = "\n[[router]]\nname = \"gw\"\nprofile = \"l3-cisco-ios\"\n[[router.interface]]\naddress = \"192.168.10.1/24\"\nswitch = \"sw1\"\n"
	for _, c := range []struct{ gateway, router, want string }{
		{"gateway = \"192.168.10.1\"", router, ""},
		{"gateway = \"192.168.10.1\"", "", "192.168.10.1 is no router's"},
		{"", "", "192.168.10.1 is no client of this cluster, whose nodes have no gateway"},
	} {
		toml := strings.Replace(string(base["cluster.toml"].Data), "[node.active]\n", "[node.active]\n"+c.gateway+"\n", 1)
		bat := []byte(strings.Replace(arpclear, ".150", ".1", 1))
		_, problems := Load(Overlay(base, map[string][]byte{"cluster.toml": []byte(toml + c.router), "active/arpclear.bat": bat, "standby/arpclear.bat": bat}), ".")
		if c.want == "" {
			require.Empty(t, problems)
			continue
		}
		require.Contains(t, problems.Error(), c.want)
		require.Equal(t, c.gateway == "", strings.Contains(problems.Error(), "is no client"), problems)
	}
}

// What is wrong with a line of a loop is told once, however often the loop comes to it.
func TestALoopIsToldOnce(t *testing.T) {
	files := map[string][]byte{"active/arpclear.bat": []byte("arp -d\nfor %%i in (150 151 152) do ping 192.168.10.%%i -S 192.168.10.9\n")}
	_, problems := Load(Overlay(guide(t), files), ".")
	require.Equal(t, 1, strings.Count(problems.Error(), "-S 192.168.10.9 is no VIP"), problems)
	require.Contains(t, problems.Error(), "192.168.10.152 is no client", "each of another address is another problem")
}

// W12: an Interval with no more than one poll in it makes each lost echo a take-over.
func TestThePaceOfPolls(t *testing.T) {
	for timeout, warned := range map[string]bool{"0000001d": false, "0000001e": true} {
		reg := "Windows Registry Editor Version 5.00\n\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\EPOST\\IPWCS]\n\"PingTimeout\"=dword:" + timeout + "\n"
		_, problems := Load(Overlay(guide(t), map[string][]byte{"active/ipwcs.reg": []byte(reg)}), ".")
		found := slices.ContainsFunc(problems, func(p diag.Problem) bool { return strings.Contains(p.Message, "one lost echo makes a VIP free") })
		require.Equal(t, warned, found, problems)
	}
}
