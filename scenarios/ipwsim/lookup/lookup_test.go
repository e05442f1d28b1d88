package lookup

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/core/diag"
	"ipwsim/scenarios"
)

// ours is a folder with the guide's cluster.
func ours(t *testing.T, dir string) string {
	t.Helper()
	guide, err := fs.Sub(scenarios.Clusters(), "guide")
	require.NoError(t, err)
	require.NoError(t, os.CopyFS(dir, guide))
	return dir
}

// What the command line gives goes before a folder beside the scenario, and that before a shipped cluster.
func TestWhichClusterAScenarioNames(t *testing.T) {
	dir := t.TempDir()
	scenario := filepath.Join(dir, "case.txtar")
	given, beside := os.DirFS(ours(t, filepath.Join(dir, "given"))), ours(t, filepath.Join(dir, "guide"))
	require.NoError(t, os.WriteFile(filepath.Join(beside, "mark"), nil, 0o600))
	for _, c := range []struct {
		Finder
		marked bool
	}{
		{Finder{}, false}, {Finder{Scenario: scenario}, true}, {Finder{Override: given, Scenario: scenario}, false},
		{Finder{Scenario: filepath.Join(t.TempDir(), "case.txtar")}, false},
	} {
		found, err := c.Find("guide")
		require.NoError(t, err)
		_, err = fs.Stat(found, "mark")
		require.Equal(t, c.marked, err == nil)
	}
	_, err := Finder{}.Find("gide")
	require.ErrorIs(t, err, fs.ErrNotExist)
	require.ErrorContains(t, err, `(did you mean "guide"?)`)
}

// A cluster of one's own goes by its folder's name where scenarios can say that, and brings its files.
func TestTheClusterOfAFolder(t *testing.T) {
	for folder, name := range map[string]string{"harbor-2": "harbor-2", "the harbor": "our-cluster", "港": "our-cluster"} {
		dir := ours(t, filepath.Join(t.TempDir(), folder))
		c, err := Find(dir)
		require.NoError(t, err)
		require.Equal(t, []string{name, dir}, []string{c.Name, c.Dir})
		require.Contains(t, c.Files, "cluster.toml")
		require.True(t, IsCluster(dir))
		require.False(t, IsShipped(dir))
	}
	shipped, err := Find("guide")
	require.NoError(t, err)
	require.Equal(t, []string{"guide", ""}, []string{shipped.Name, shipped.Dir})
	require.Empty(t, shipped.Files)
	require.True(t, IsCluster("guide") && IsShipped("guide"))
	_, err = Find("gide")
	require.EqualError(t, err, "--cluster: cannot read the folder gide: it does not exist")
}

// Problems of files name them as they can be opened from here.
func TestProblemsNameTheirFolder(t *testing.T) {
	var list diag.List
	list.Errorf("active/ipwatch.dat", 1, "bad")
	require.Equal(t, filepath.FromSlash("our/active/ipwatch.dat"), Below("our", list)[0].File)
}
