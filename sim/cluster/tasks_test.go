package cluster

import (
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

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
		{"the guide's", true, "", []Task{OnEvent100, AtStartup}, []Task{OnEvent100}},
		{"only the event", true, `tasks = ["event-100"]`, []Task{OnEvent100}, []Task{OnEvent100}},
		{"as they stand", true, `tasks = ["startup", "event-100"]`, []Task{AtStartup, OnEvent100}, []Task{OnEvent100}},
		{"none, with a file", true, `tasks = []`, nil, []Task{OnEvent100}},
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
			require.Empty(t, problems)
			require.Equal(t, c.active, bp.Node(Active).Tasks)
			require.Equal(t, c.standby, bp.Node(Standby).Tasks)
			h := Header(bp, "", 0)
			for _, n := range bp.Nodes {
				require.Equal(t, c.batch, len(n.Batch.Commands) == 2)
				require.Equal(t, slices.Contains(n.Tasks, OnEvent100), len(h.Node(n.Role).Cure) == 1, "H10: the event runs the cure")
			}
		})
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
