package studies_test

import (
	"crypto/sha256"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"ipwsim/scenarios/ipwsim/cli"
	"ipwsim/scenarios/ipwsim/clitest"

	"github.com/stretchr/testify/require"
)

// smallStudy is the folder of a small study with its answers, and what it printed.
func smallStudy(t *testing.T, args ...string) (dir, out string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "study")
	got := clitest.Run(append([]string{"study", "--runs", "20", "-o", dir}, args...)...)
	require.Equal(t, cli.ExitPass, got.Status, got.Err)
	return dir, got.Out
}

// studyOf runs the study of a file.
func studyOf(t *testing.T, file string) string {
	t.Helper()
	dir := t.TempDir()
	got := clitest.Run("study", file, "-o", dir)
	require.Equal(t, cli.ExitPass, got.Status, got.Err)
	return dir
}

// sumOf is the SHA-256 of a study's Parquet file.
func sumOf(t *testing.T, dir string) string {
	t.Helper()
	return fmt.Sprintf("%x", sha256.Sum256([]byte(clitest.Read(t, dir, "rows.parquet"))))
}

// Clients of offices; the AD client holds on to its ARP entry and fares worst.
const (
	pc   = "[[client]]\nname = \"pc\"\naddress = \"192.168.10.150/24\"\nswitch = \"sw1\"\n"
	adPC = "[[client]]\nname = \"ad-pc\"\naddress = \"192.168.10.151/24\"\nswitch = \"sw1\"\nprofile = \"ad-client\"\n"
)

// offices is a copy of the guide's cluster with these clients.
func offices(t testing.TB, clients ...string) string {
	t.Helper()
	dir := clitest.OurCluster(t, "", "", "")
	file := filepath.Join(dir, "cluster.toml")
	text, _, found := strings.Cut(clitest.Read(t, file), "\n[[client]]\n")
	require.True(t, found)
	clitest.WriteText(t, file, text+"\n"+strings.Join(clients, "\n"))
	return dir
}
