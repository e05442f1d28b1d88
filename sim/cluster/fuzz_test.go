package cluster

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"
	"pgregory.net/rapid"
)

// checkAnyTOML is what holds for every text of cluster.toml: Load says what is wrong, at lines
// the file has, the same each time; or gives a cluster that can be built.
func checkAnyTOML(t require.TestingT, data []byte) {
	fsys := Overlay(guide(t), map[string][]byte{"cluster.toml": data})
	bp, problems := Load(fsys, ".")
	requireWellFormed(t, problems)
	require.Equal(t, problems.Err() == nil, bp != nil)
	for _, p := range problems {
		if p.File == "cluster.toml" {
			require.LessOrEqual(t, p.Line, 1+strings.Count(string(data), "\n"))
		}
	}
	_, again := Load(fsys, ".")
	require.Equal(t, problems.Error(), again.Error()) // not the values: NaN, which TOML can say, is no two times equal
	if bp != nil {
		checkBlueprint(t, bp)
	}
}

// checkBlueprint is what the world may rely on.
func checkBlueprint(t require.TestingT, bp *Blueprint) {
	require.Len(t, bp.Nodes, 2)
	require.NotEmpty(t, bp.Clients)
	if len(bp.Routers) == 0 {
		require.Len(t, bp.Trunks, len(bp.Switches)-1, "the switches form a tree")
	}
	require.Less(t, len(bp.Trunks), len(bp.Switches), "no trunk closes a loop")
	for _, r := range bp.Routers {
		require.NotEmpty(t, r.Interfaces)
		checkCache(t, r.Profile)
	}
	for _, c := range bp.Clients {
		checkCache(t, c.Profile)
		require.True(t, c.Gateway.IsValid() || c.Address.Masked() == bp.Subnet)
	}
	require.GreaterOrEqual(t, bp.Latency, MinLatency)
	for i := range bp.Nodes {
		n := &bp.Nodes[i]
		require.True(t, bp.Subnet.Contains(n.Address.Addr()))
		require.True(t, slices.ContainsFunc(bp.Switches, func(s Switch) bool { return s.Name == n.Switch }))
		require.LessOrEqual(t, n.NetshMin, n.NetshMax)
		checkCache(t, n.ARP)
		require.Equal(t, n.Server.ARP, n.ARP.Name)
		require.Equal(t, n.Server.Probes > 0, n.Server.ProbeInterval > 0)
		require.NotContains(t, bp.VIPs, n.Address.Addr())
		require.Len(t, n.Entries, len(bp.VIPs))
		for _, e := range n.Entries {
			require.True(t, n.Address.Contains(e.VIP))
			role, _ := bp.ResolvePeer(e.Peer)
			require.Equal(t, bp.Peer(n).Role, role)
		}
	}
	h := Header(bp, "", bp.Seed)
	_, err := json.Marshal(h)
	require.NoError(t, err)
	cables := map[string]bool{}
	for _, c := range h.Cables {
		require.False(t, cables[c.Name], "two cables are called %s", c.Name)
		cables[c.Name] = true
	}
}

// seeds are the cluster.toml of every example, good and bad.
func seeds(t testing.TB) (all []string) {
	good, err := filepath.Glob(clusters + "/*/cluster.toml")
	require.NoError(t, err)
	for _, name := range good {
		data, err := os.ReadFile(name)
		require.NoError(t, err)
		all = append(all, string(data))
	}
	own, err := os.ReadFile(ownProfiles)
	require.NoError(t, err)
	all = append(all, string(own))
	bad, err := filepath.Glob("testdata/bad/*.txtar")
	require.NoError(t, err)
	for _, name := range bad {
		a, err := txtar.ParseFile(name)
		require.NoError(t, err)
		for _, f := range a.Files {
			if f.Name == "cluster.toml" {
				all = append(all, string(f.Data))
			}
		}
	}
	return all
}

// Fuzz with -fuzzminimizetime=10x: by default all the time goes into shortening the first find.
func FuzzToml(f *testing.F) {
	for _, s := range seeds(f) {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) { checkAnyTOML(t, data) })
}

func TestAnyMutatedTOMLIsExplainedOrGood(t *testing.T) {
	texts := seeds(t)
	rapid.Check(t, func(t *rapid.T) {
		lines := strings.SplitAfter(rapid.SampledFrom(texts).Draw(t, "text"), "\n")
		for range rapid.IntRange(1, 4).Draw(t, "changes") {
			lines = mutate(t, lines)
		}
		checkAnyTOML(t, []byte(strings.Join(lines, "")))
	})
}

// mutate drops, repeats, moves or changes one line, as a slip in an editor would.
func mutate(t *rapid.T, lines []string) []string {
	if len(lines) == 0 {
		return lines
	}
	i := rapid.IntRange(0, len(lines)-1).Draw(t, "line")
	j := rapid.IntRange(0, len(lines)-1).Draw(t, "other line")
	out := append([]string(nil), lines...)
	switch rapid.IntRange(0, 4).Draw(t, "kind") {
	case 0:
		return append(out[:i], out[i+1:]...)
	case 1:
		return append(out, lines[i])
	case 2:
		out[i], out[j] = out[j], out[i]
	case 3:
		if key, _, found := strings.Cut(lines[i], "="); found {
			out[i] = key + "= " + rapid.SampledFrom(values).Draw(t, "value") + "\n"
		}
	case 4:
		at := rapid.IntRange(0, len(lines[i])).Draw(t, "column")
		out[i] = lines[i][:at] + rapid.String().Draw(t, "typed") + lines[i][at:]
	}
	return out
}

// values are of every type, at their edges.
var values = []string{
	`""`, `"sw1"`, `"active"`, `"192.168.10.201/24"`, `"192.168.10.200"`, `"0.0.0.0/0"`, `"::/0"`, `"1.2.3.4/32"`,
	`"02-00-00-00-00-01"`, `"0s"`, `"-1s"`, `"2562047h"`, `"1ns"`, `0`, `-1`, `9223372036854775807`, `1e400`, `nan`,
	`true`, `[]`, `["1s", "2s"]`, `[[], {}]`, `{}`, `{ a = 1 }`, `0001-01-01T00:00:00Z`, `9999-12-31T23:59:59-23:59`,
	`07:32:00`, `"linux"`, `"srv-2008"`, `"our-core"`, `"1h"`, `1.5`, `10`, `"update"`, "'''\n'''", `"\u0000"`,
}
