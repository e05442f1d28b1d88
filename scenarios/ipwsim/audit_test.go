package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/reports/exchange"
	"ipwsim/reports/runtest"
)

// What audit --json prints is one document that its schema allows; a cluster that check refuses is told as check tells
// it; a rate that is none is said.
func TestAuditSpeaks(t *testing.T) {
	require.Equal(t, said{exitPass, string(exchange.AuditSchema), ""}, ipwsim("schema", "audit"))
	got := ipwsim("audit", "guide", "--quick", "--json", "--workers", "1", "--rate", "cable-active=2")
	require.Equal(t, exitFindings, got.status, got.err)
	require.NoError(t, runtest.Schema(t, exchange.AuditSchema, true)([]byte(got.out)))
	require.Contains(t, got.out, `"rerun": "ipwsim audit guide --seed 1 --quick --rate cable-active=2"`)

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
