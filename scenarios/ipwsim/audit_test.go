package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/reports/exchange"
	"ipwsim/reports/runtest"
)

// What audit --json prints is one document that its schema allows, and that audit is a page too: a file of its own, and
// in the folder of its stories. A cluster that check refuses is told as check tells it; a rate that is none is said.
func TestAuditSpeaks(t *testing.T) {
	require.Equal(t, said{exitPass, string(exchange.AuditSchema), ""}, ipwsim("schema", "audit"))
	dir := t.TempDir()
	stale := filepath.Join(dir, "all", "99-update.txtar")
	require.NoError(t, os.Mkdir(filepath.Dir(stale), 0o777))
	writeText(t, stale, "")
	writeText(t, filepath.Join(dir, "all", auditFile), `{"stories": [{"name": "99-update"}]}`)
	got := ipwsim("audit", "guide", "--quick", "--json", "--html", filepath.Join(dir, "a.html"), "-o", filepath.Join(dir, "all"), "--rate", "cable-active=2")
	require.Equal(t, exitFindings, got.status, got.err)
	require.NoError(t, runtest.Schema(t, exchange.AuditSchema, true)([]byte(got.out)))
	require.Contains(t, got.out, `"rerun": "ipwsim audit guide --seed 1 --quick --rate cable-active=2"`)
	page := contents(t, dir, "a.html")
	require.Contains(t, page, "Audit of cluster guide")
	require.Contains(t, page, "In the longest silence")
	require.Equal(t, page, contents(t, dir, "all", "index.html"))
	require.NoFileExists(t, stale, "a story of the audit that was there")
	require.Equal(t, exitError, ipwsim("audit", "guide", "--html", dir).status, "a folder is no file")

	got = ipwsim("audit", t.TempDir())
	require.Equal(t, exitFindings, got.status)
	require.Contains(t, got.err, "cluster.toml: error: it does not exist")
	for _, rate := range []string{"cable-active", "cable-active=-1", "cable-active=often"} {
		got = ipwsim("audit", "guide", "--rate", rate)
		require.Equal(t, exitError, got.status)
		require.Contains(t, got.err, "--rate: found")
	}
	got = ipwsim("audit", "guide", "--rate", "flood=1")
	require.Equal(t, exitError, got.status)
	require.Contains(t, got.err, `there is no fault "flood"`)
}
