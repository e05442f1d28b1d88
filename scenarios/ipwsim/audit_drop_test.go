package main

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/reports/words"
)

// A folder alone, by a path with a separator, is audited, and its page is beside it. A name alone is a command, whatever
// folders there are.
func TestAFolderAloneIsAudited(t *testing.T) {
	t.Chdir(filepath.Dir(ourCluster(t, "", "", "")))
	whole, err := filepath.Abs("our-cluster")
	require.NoError(t, err)
	for _, dir := range []string{whole, "./our-cluster", "our-cluster/"} {
		require.Equal(t, []string{"audit", dir, "--html", whole + "-audit.html", "--open"}, dropped([]string{dir}))
	}
	for _, other := range [][]string{nil, {"our-cluster"}, {"./none"}, {"our-cluster/cluster.toml"}, {"check", "./our-cluster"}, {"./our-cluster", "./our-cluster"}, {"--lang=./our-cluster"}} {
		require.Equal(t, other, dropped(other))
	}
	empty := t.TempDir()
	got := ipwsim(empty)
	require.Equal(t, exitFindings, got.status)
	require.Contains(t, got.err, "cluster.toml: error: it does not exist")
	require.NoFileExists(t, empty+"-audit.html")
}

// --open says where the page is; only a terminal gets a browser.
func TestOpeningAPage(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, open("plan9", "our page.html", &out, &langFlag{words.English}))
	require.Equal(t, "the page: our page.html\n", out.String())
	require.Equal(t, []string{"rundll32", "url.dll,FileProtocolHandler", "our page.html"}, opener("windows", "our page.html"))
	require.Equal(t, []string{"open", "our page.html"}, opener("darwin", "our page.html"))
	require.Equal(t, []string{"xdg-open", "our page.html"}, opener("linux", "our page.html"))
	for line, want := range map[string]string{"": "--open: found no --html", "--html page.html --json": "--open: found --json too"} {
		got := ipwsim(append([]string{"audit", "guide", "--open"}, strings.Fields(line)...)...)
		require.Equal(t, exitError, got.status)
		require.Contains(t, got.err, want)
	}
}
