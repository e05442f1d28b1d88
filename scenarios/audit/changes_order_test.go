package audit

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/audited"
)

// office is a cluster with two VIPs, two clients behind a router, and two next to the nodes, one of which, pc151, hears no
// announcement. The batch is both nodes'.
func office(t *testing.T, bat string) files {
	f := shipped(t, "l3").over(nil)
	for _, c := range []string{"20.51/24\"\ngateway = \"192.168.20.1\"\nswitch = \"office\"\nprofile = \"windows-modern", "10.150/24\"\nswitch = \"servers\"\nprofile = \"windows-modern", "10.151/24\"\nswitch = \"servers\"\nprofile = \"windows-vista7"} {
		name, _, _ := strings.Cut(c[3:], "/")
		f[tomlFile] = append(f[tomlFile], "\n[[client]]\nname = \"pc"+name+"\"\naddress = \"192.168."+c+"\"\n"...)
	}
	for role, peer := range map[string]string{"active": "hvt162EPST12", "standby": "hvt162EPST11"} {
		row := `-c=\\` + peer + " -i=192.168.10.202 -f=イーサネット\n"
		f[role+"/ipwatch.dat"] = []byte(row + strings.Replace(row, ".202", ".203", 1))
		f[role+"/arpclear.bat"] = []byte(bat)
	}
	return f
}

// spelled is a batch: a number is a ping of that client from the first VIP, with ' from the second; - empties the cache, and
// = does by netsh.
func spelled(words string) string {
	var all []string
	for _, w := range strings.Fields(words) {
		switch client, second := strings.CutSuffix(w, "'"); {
		case w == "-":
			all = append(all, "arp -d")
		case w == "=":
			all = append(all, "netsh interface ip delete arpcache")
		default:
			subnet, vip := map[bool]string{true: "192.168.10.", false: "192.168.20."}[len(client) > 2], map[bool]string{true: ".203", false: ".202"}[second]
			all = append(all, "ping -n 10 "+subnet+client+" -S 192.168.10"+vip)
		}
	}
	return strings.Join(all, "\r\n") + "\r\n"
}

// Who needs a ping first gets it first, from each VIP: the router, by one of those behind it, then who hears no announcement,
// then the others. What empties the cache for a ping goes where it goes; where it does for several it stays. Nobody is
// dropped, and what is in that order is left alone.
func TestPingsMoveWithWhatEmptiesTheCacheForThem(t *testing.T) {
	for name, c := range map[string]struct{ has, want, order string }{
		"each emptied":    {"- 150 - 151 - 50 - 51 - 150' - 151' - 50' - 51'", "- 50 - 151 - 150 - 51 - 50' - 151' - 150' - 51'", "client, pc151, pc150, pc51"},
		"by target":       {"- 150 - 150' - 50 - 50'", "- 50 - 50' - 150 - 150'", "client, pc150"},
		"by netsh":        {"= 150 - 50 =", "- 50 = 150 =", "client, pc150"},
		"once for all":    {"- 150 50 51", "- 50 150 51", "client, pc150, pc51"},
		"once for a VIP":  {"- 150 151 - 150' 151'", "- 151 150 - 151' 150'", "pc151, pc150"},
		"in order":        {"- 50 - 151 - 150 - 51 - 50' - 151' - 150' - 51'", "", ""},
		"one twice":       {"- 151 - 151 - 150 - 50", "- 50 - 151 - 150 - 151", "client, pc151, pc150"},
		"nobody is first": {"- 150 - 150' - 50' - 50", "- 50 - 50' - 150' - 150", "client, pc150"},
	} {
		f := office(t, spelled(c.has))
		p := planFor(t, f)
		i := slices.IndexFunc(p.candidates, func(c candidate) bool { return c.Kind == audited.CureOrder })
		require.Equal(t, c.want != "", i >= 0, name)
		if i < 0 {
			continue
		}
		x := p.candidates[i]
		require.Equal(t, c.order, x.To, name)
		for _, role := range []string{"active", "standby"} {
			require.Equal(t, spelled(c.want), string(x.files[role+"/arpclear.bat"]), name)
			require.Equal(t, spelled(c.want), string(f.made(x.Edits)[role+"/arpclear.bat"]), name)
		}
		again := planFor(t, x.files)
		require.False(t, slices.ContainsFunc(again.candidates, func(c candidate) bool { return c.Kind == audited.CureOrder }), "%s: in order now", name)
	}
}

// The order that is named is that of the node whose batch changes, whatever the other's is.
func TestTheOrderOfOneNode(t *testing.T) {
	f := office(t, spelled("- 51 - 151"))
	f["active/arpclear.bat"] = []byte(spelled("- 150 - 50"))
	c := planFor(t, f).candidate(t, audited.CureOrder)
	require.Equal(t, []string{"active", "client, pc150"}, []string{c.Node, c.To})
}
