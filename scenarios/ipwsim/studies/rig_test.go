package studies_test

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
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

// field is what the shipped study of the field came to, once for all tests: what it printed, the folder that it had, and
// the page of each of its tables.
var field = sync.OnceValues(func() (f struct {
	out, dir string
	pages    map[string]string
}, err error) {
	if f.dir, err = os.MkdirTemp("", "field"); err != nil {
		return f, err
	}
	defer os.RemoveAll(f.dir)
	got := clitest.Run("study", "field", "-o", f.dir)
	if got.Status != cli.ExitPass {
		return f, errors.New(got.Err)
	}
	f.out, f.pages = got.Out, map[string]string{}
	for _, name := range []string{"field-router", "field-segment"} {
		page, err := os.ReadFile(filepath.Join(f.dir, name, "index.html"))
		if err != nil {
			return f, err
		}
		f.pages[name] = string(page)
	}
	return f, nil
})

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
