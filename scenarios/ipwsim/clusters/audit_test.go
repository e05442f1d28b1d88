package clusters_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/reports/exchange"
	"ipwsim/reports/runtest"
	"ipwsim/scenarios/ipwsim/cli"
	"ipwsim/scenarios/ipwsim/clitest"
)

// What audit --json prints is one document that its schema allows, and that audit is a page too: a file of its own, and
// in the folder of its stories. A cluster that check refuses is told as check tells it; a rate that is none is said.
func TestAuditSpeaks(t *testing.T) {
	require.Equal(t, clitest.Said{Status: cli.ExitPass, Out: string(exchange.AuditSchema)}, clitest.Run("schema", "audit"))
	dir := t.TempDir()
	stale := filepath.Join(dir, "all", "99-update.txtar")
	require.NoError(t, os.Mkdir(filepath.Dir(stale), 0o777))
	clitest.WriteText(t, stale, "")
	clitest.WriteText(t, filepath.Join(dir, "all", cli.AuditFile), `{"stories": [{"name": "99-update"}]}`)
	rates := "--rate cable-active=2"
	for _, never := range strings.Fields("cable-standby flap-active power-active power-standby power-both update-active update-standby freeze-standby stop-watcher crash-watcher repair-active switch") {
		rates += " --rate " + never + "=0"
	}
	got := clitest.Run(append([]string{"audit", "guide", "--quick", "--json", "--html", filepath.Join(dir, "a.html"), "-o", filepath.Join(dir, "all")}, strings.Fields(rates)...)...)
	require.Equal(t, cli.ExitFindings, got.Status, got.Err)
	require.NoError(t, runtest.Schema(t, exchange.AuditSchema, true)([]byte(got.Out)))
	require.Contains(t, got.Out, `"rerun": "ipwsim audit guide --seed 1 --quick --rate cable-active=2 `)
	page := clitest.Read(t, dir, "a.html")
	require.Contains(t, page, "Audit of cluster guide")
	require.Contains(t, page, "In the longest silence")
	require.Equal(t, page, clitest.Read(t, dir, "all", "index.html"))
	require.NoFileExists(t, stale, "a story of the audit that was there")
	require.Equal(t, cli.ExitError, clitest.Run("audit", "guide", "--html", dir).Status, "a folder is no file")

	got = clitest.Run("audit", t.TempDir())
	require.Equal(t, cli.ExitFindings, got.Status)
	require.Contains(t, got.Err, "cluster.toml: error: it does not exist")
	ours := clitest.OurCluster(t, "cluster.toml", "interface = \"イーサネット\"", "interface = \"Ethernet\"")
	got = clitest.Run("audit", ours, "--rate", "flood=1")
	require.Contains(t, got.Err, "there is no fault", "what can be played is no reason to refuse it: an interface that is none")
	for _, rate := range []string{"cable-active", "cable-active=-1", "cable-active=often"} {
		got = clitest.Run("audit", "guide", "--rate", rate)
		require.Equal(t, cli.ExitError, got.Status)
		require.Contains(t, got.Err, "--rate: found")
	}
	got = clitest.Run("audit", "guide", "--rate", "flood=1")
	require.Equal(t, cli.ExitError, got.Status)
	require.Contains(t, got.Err, `there is no fault "flood"`)
	require.Equal(t, 1, strings.Count(clitest.Run("audit", "guide", "--rate", "flood=1", "--lang", "ja").Err, "いずれか"))
}

// A page that is opened is one that is written.
func TestOpeningNoPage(t *testing.T) {
	for line, want := range map[string]string{"": "--open: found no --html", "--html page.html --json": "--open: found --json too"} {
		got := clitest.Run(append([]string{"audit", "guide", "--open"}, strings.Fields(line)...)...)
		require.Equal(t, cli.ExitError, got.Status)
		require.Contains(t, got.Err, want)
	}
}
