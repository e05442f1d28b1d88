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
		require.Equal(t, audited.RenewVIP, d.Do[1].Hand, "a VIP keeps the mask that it was added with")
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

// Where nobody has told which of two masks is right, each node is tried with the other's, and all others with it: a list of
// both ends where the first one leads.
func TestEitherMaskIsTried(t *testing.T) {
	f := shipped(t, "mail").with(t, "node.active", "address", `"192.168.10.200/16"`).over(nil)
	f[tomlFile] = append([]byte("either_mask = true\n"), f[tomlFile]...)
	p := &plan{Options: Options{Name: "ours", Files: f, Quick: true}, name: "ours", files: f}
	bp, problems := f.load()
	require.NoError(t, p.begin(bp, problems))
	require.Contains(t, problems.Error(), "which is right nobody has told (either_mask)")
	p.propose()
	both := slices.DeleteFunc(p.candidates, func(c candidate) bool { return c.Kind != audited.EitherMask })
	require.Len(t, both, 2)
	for i, want := range []struct{ node, to, subnet string }{{"active", "255.255.255.0", "192.168.10.0/24"}, {"standby", "255.255.0.0", "192.168.0.0/16"}} {
		c := both[i]
		require.Equal(t, []any{want.node, want.to, audited.Mend}, []any{c.Node, c.To, c.class})
		require.NotNil(t, c.bp, want.node)
		require.Equal(t, want.subnet, c.bp.Subnet.String())
		require.Equal(t, c.bp.Nodes[0].Address.Masked(), c.bp.Nodes[1].Address.Masked())
		require.Len(t, c.answered, 1)
		_, problems := p.withOutside(c.files, c.bp.Subnet).load()
		require.NoError(t, problems.Err(), want.node)
	}
	last := p.together([]audited.Tried{{Change: both[1].Change}, {Change: both[0].Change}})
	require.Equal(t, "192.168.0.0/16", last.bp.Subnet.String())
}
