package audit

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/audited"
)

// A node whose mask is not its segment's costs what it takes over, for those whom its answers do not reach: near ones, if
// it takes too few for near, and those behind its gateway, if it takes too many. The mask that the other node has is tried,
// mends it, and answers what check says of it (H20).
func TestAMaskThatDiffers(t *testing.T) {
	pull := job{Text: "cluster ours\nat 30s try unplug active\nat 3m try plug active\n", From: 30 * time.Second, Ends: []time.Duration{4 * time.Minute}}
	masks := func(f files) (*plan, []candidate) {
		p := &plan{Options: Options{Name: "ours", Files: f, Quick: true}, name: "ours", files: f}
		bp, problems := f.load()
		require.NoError(t, p.begin(bp, problems))
		p.propose()
		return p, slices.DeleteFunc(p.candidates, func(c candidate) bool { return c.Kind != audited.SameMask })
	}
	for cluster, c := range map[string]struct{ node, address, command string }{
		"guide": {"standby", "192.168.10.201/28", `powershell -Command "Set-NetIPAddress -InterfaceAlias 'イーサネット' -IPAddress 192.168.10.201 -PrefixLength 24"`},
		"l3":    {"standby", "192.168.10.201/16", "-IPAddress 192.168.10.201 -PrefixLength 24"},
	} {
		p, tried := masks(shipped(t, cluster).with(t, "node."+c.node, "address", `"`+c.address+`"`))
		require.Len(t, tried, 1)
		d := tried[0]
		require.Equal(t, []any{c.node, audited.Mend, "255.255.255.0"}, []any{d.Node, d.class, d.To})
		require.Equal(t, `address = "192.168.10.201/24"`, d.Edits[0].New)
		require.Contains(t, d.Do[0].Command, c.command)
		require.Len(t, d.answered, 1)
		require.Contains(t, p.lint[d.answered[0]].Message, "(H20); expected 192.168.10.201/24")

		now, err := pull.play(t.Context(), p.files)
		require.NoError(t, err)
		then, err := pull.play(t.Context(), d.files)
		require.NoError(t, err)
		require.InDelta(t, 155, now.mean(), 5, "%s: until the active node has the VIP again", cluster)
		require.Less(t, then.mean(), 60.0, cluster)
	}
	_, tried := masks(shipped(t, "guide"))
	require.Empty(t, tried)

	f := shipped(t, "guide").with(t, "node.standby", "address", `"192.168.10.201/28"`).with(t, "node.standby", "gateway", `"192.168.10.1"`).over(nil)
	f[tomlFile] = append(f[tomlFile], "\n[[router]]\nname = \"router1\"\n[[router.interface]]\naddress = \"192.168.10.1/24\"\nswitch = \"sw1\"\n"...)
	_, tried = masks(f)
	require.NotNil(t, tried[0].bp, "the gateway, of which no more is known, is in nobody's way afterwards")
}
