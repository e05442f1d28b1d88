package main

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/reports"
)

// N3: for each host, which MAC it believed the VIP to be, from when to when. Without the cure a client
// goes on asking the old owner for half a minute after the failback.
func TestN3BeliefsOfARun(t *testing.T) {
	got := ipwsim("run", "arpclear-missing", "--json")
	require.Equal(t, exitPass, got.status)
	var d reports.Document
	require.NoError(t, json.Unmarshal([]byte(got.out), &d))
	var whose []string
	longest := reports.Seconds(0)
	for _, b := range d.Results[0].Beliefs {
		if b.Host != "client" {
			continue
		}
		whose = append(whose, b.Whose)
		for _, w := range b.Wrong {
			longest = max(longest, w.To-w.From)
		}
	}
	require.Subset(t, whose, []string{"active", "standby"})
	require.Equal(t, "active", whose[len(whose)-1], "it ends with the master")
	require.Greater(t, longest, reports.Seconds(30e9))
	require.Contains(t, ipwsim("run", "arpclear-missing").out, "== ARP entries that led past the holder (N3) ")
}
