package clusters_test

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/scenarios"
	"ipwsim/scenarios/ipwsim/cli"
	"ipwsim/scenarios/ipwsim/clitest"
	"ipwsim/scenarios/ipwsim/root"
	"ipwsim/sim/profile"
)

func TestProfilesNamesEveryProfileWithItsSources(t *testing.T) {
	var out, errs bytes.Buffer
	require.Equal(t, cli.ExitPass, root.Execute(context.Background(), []string{"profiles"}, &out, &errs))
	var all []profile.Described
	for _, name := range profile.Servers.Names() {
		p, _ := profile.Servers.Lookup(name)
		all = append(all, p)
	}
	for _, name := range profile.Neighbors.Names() {
		p, _ := profile.Neighbors.Lookup(name)
		all = append(all, p)
	}
	for _, p := range all {
		require.Contains(t, "\n"+out.String(), "\n"+p.Title()+"\n", "each profile is listed")
		require.NotEmpty(t, p.Origins(), "%s says where its numbers come from", p.Title())
	}
	require.Len(t, all, len(profile.Servers.Names())+len(profile.Neighbors.Names()))
	clitest.Columns(t, out.String())
}

func TestProfilesByName(t *testing.T) {
	var out, errs bytes.Buffer
	require.Equal(t, cli.ExitError, root.Execute(context.Background(), []string{"profiles", "srv-2008", "linus"}, &out, &errs))
	require.Contains(t, out.String(), "srv-2008")
	require.NotContains(t, out.String(), "srv-2003")
	require.Contains(t, errs.String(), `no profile is called "linus" (did you mean "linux"?)`)
}

// ownCluster is a folder with the guide's cluster, its cluster.toml begun otherwise.
func ownCluster(t *testing.T, own string) string {
	dir := filepath.Join(t.TempDir(), "our-cluster")
	guide, err := fs.Sub(scenarios.Clusters(), "guide")
	require.NoError(t, err)
	require.NoError(t, os.CopyFS(dir, guide))
	path := filepath.Join(dir, "cluster.toml")
	toml, err := os.ReadFile(path)
	require.NoError(t, err)
	require.NoError(t, os.Chmod(path, 0o644))
	require.NoError(t, os.WriteFile(path, []byte(strings.Replace(string(toml), "\n[[switch]]\n", "\n"+own+"[[switch]]\n", 1)), 0o644))
	return dir
}

func TestProfilesOfACluster(t *testing.T) {
	dir := ownCluster(t, "[[profile]]\nname = \"our-xp\"\nbase = \"windows-xp\"\nidle = \"60s\"\n")
	var out, errs bytes.Buffer
	require.Equal(t, cli.ExitPass, root.Execute(context.Background(), []string{"profiles", "our-xp", "--cluster", dir}, &out, &errs))
	require.Regexp(t, `^our-xp
  based on                               windows-xp
  age                                    600 s
  idle                                   60 s
(  .*\n)+  \[set\] idle: cluster.toml line \d+
  \[H\] age: `, out.String())
	require.NotContains(t, out.String(), "srv-2003\n", "the others are not asked for")

	out.Reset()
	require.Equal(t, cli.ExitPass, root.Execute(context.Background(), []string{"profiles", "--cluster", dir}, &out, &errs))
	require.Contains(t, out.String(), "srv-2003\n", "the shipped ones too")
	require.Contains(t, out.String(), "\nour-xp\n")
	clitest.Columns(t, out.String())

	require.Equal(t, cli.ExitError, root.Execute(context.Background(), []string{"profiles", "our-xq", "--cluster", dir}, &out, &errs))
	require.Contains(t, errs.String(), `(did you mean "our-xp"?)`)
}

func TestProfilesOfABadCluster(t *testing.T) {
	dir := ownCluster(t, "[[profile]]\nname = \"our-xp\"\nbase = \"windows-xq\"\nage = \"0s\"\n")
	var out, errs bytes.Buffer
	require.Equal(t, cli.ExitError, root.Execute(context.Background(), []string{"profiles", "our-xp", "--cluster", dir}, &out, &errs))
	require.Empty(t, out.String())
	require.Regexp(t, `our-cluster/cluster.toml:\d+: error: profile.base: "windows-xq" is no shipped profile`, errs.String())
	require.Regexp(t, `our-cluster/cluster.toml:\d+: error: profile.age: "0s" is out of range`, errs.String())

	require.Equal(t, cli.ExitError, root.Execute(context.Background(), []string{"profiles", "--cluster", dir + "/none"}, &out, &errs))
	require.Contains(t, errs.String(), "--cluster: ")
}
