package audit

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/audited"
)

// routed is a cluster with a client behind an L3 switch that hears no announcement, and keeps entries for hours.
func routed(t *testing.T) files {
	f := shipped(t, "l3")
	return f.with(t, "router", "profile", `"l3-alaxala-strict"`)
}

// pasted is cluster.toml with the edits made by hand: lines changed in their places, and those that are added at its end.
func (f files) pasted(edits []audited.Edit) files {
	lines := strings.Split(strings.TrimRight(string(f[tomlFile]), "\n"), "\n")
	for _, e := range edits {
		switch {
		case e.Line == 0:
			lines = append(lines, e.New)
		case e.Old == "":
			lines = slices.Insert(lines, e.Line-1, e.New)
		default:
			lines[e.Line-1] = e.New
		}
	}
	return f.over(files{tomlFile: []byte(strings.Join(lines, "\n") + "\n")})
}

// A change of an L3 switch's ARP cache is told by lines that can be pasted into cluster.toml as they are, and then the cluster
// has what was played.
func TestAChangeOfAnL3SwitchIsToldByLinesToPaste(t *testing.T) {
	f := routed(t)
	p := planFor(t, f)
	name := p.bp.Routers[0].Name
	for kind, line := range map[audited.ChangeKind]string{audited.L3Announce: `gratuitous_request = "update"`, audited.L3Age: `age = "5m"`} {
		c := p.candidate(t, kind)
		require.Equal(t, `profile = "`+name+`-own"`, c.Edits[0].New)
		require.Equal(t, `profile = "l3-alaxala-strict"`, c.Edits[0].Old)
		require.NotZero(t, c.Edits[0].Line)
		var added []string
		for _, e := range c.Edits[1:] {
			require.Equal(t, []any{tomlFile, 0, ""}, []any{e.File, e.Line, e.Old})
			added = append(added, e.New)
		}
		require.Equal(t, []string{"[[profile]]", `name = "` + name + `-own"`, `base = "l3-alaxala-strict"`, line}, added[:4])
		bp, problems := f.pasted(c.Edits).load()
		shipped := planFor(t, routed(t)).candidate(t, audited.L3Age)
		require.Equal(t, string(routed(t).pasted(shipped.Edits)[tomlFile]), string(shipped.files[tomlFile]), "no line more than is told: those behind it are counted")
		require.NoError(t, problems.Err())
		require.Equal(t, c.bp.Routers[0].Profile.Settings(), bp.Routers[0].Profile.Settings())
		require.Equal(t, c.bp.Routers[0].Profile.Name, bp.Routers[0].Profile.Name)
	}
}

// A profile of the L3 switch's own is changed in its place, so that both changes are made together; one that others have
// too is left alone.
func TestAProfileOfTheClustersOwnIsChangedInItsPlace(t *testing.T) {
	f := routed(t).with(t, "router", "profile", `"ours"`)
	f[tomlFile] = append(f[tomlFile], "\n[[profile]]\nname = \"ours\"\nbase = \"l3-alaxala-strict\"\nage = \"2h\"\n"...)
	p := planFor(t, f)
	c := p.candidate(t, audited.L3Age)
	require.Len(t, c.Edits, 1)
	require.Equal(t, []string{`age = "2h"`, `age = "5m"`}, []string{c.Edits[0].Old, c.Edits[0].New})
	bp, problems := f.pasted(c.Edits).load()
	require.NoError(t, problems.Err())
	require.Equal(t, c.bp.Routers[0].Profile.Settings(), bp.Routers[0].Profile.Settings())

	both := p.together([]audited.Tried{{Change: p.candidate(t, audited.L3Announce).Change}, {Change: c.Change}})
	require.Equal(t, shortAge, both.bp.Routers[0].Profile.Age)
	require.Empty(t, deafTo(both.bp.Routers[0].Profile))

	p = planFor(t, f.with(t, "client", "profile", `"ours"`))
	require.False(t, slices.ContainsFunc(p.candidates, func(c candidate) bool { return c.Kind == audited.L3Age || c.Kind == audited.L3Announce }))
}
