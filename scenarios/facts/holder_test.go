package facts_test

import (
	"io/fs"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/scenarios"
	"ipwsim/scenarios/script"
	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

// H12: the guide looks three times which node has the VIP (step 15): before, during and after a pulled cable.
func TestH12_TheAddressesTellWhoHasTheVIP(t *testing.T) {
	data, err := scenarios.Read("cable-pull")
	require.NoError(t, err)
	s, problems := script.Parse("cable-pull.txtar", data)
	require.NoError(t, problems.Err())
	run, err := script.Run(t.Context(), s, script.Options{
		Cluster: func(name string) (fs.FS, error) { return fs.Sub(scenarios.Clusters(), name) },
	})
	require.NoError(t, err)

	at := func(sec int) map[string]trace.AddressState {
		now, states := time.Duration(sec)*time.Second, map[string]trace.AddressState{}
		for _, h := range run.Facts.Holdings {
			if h.From <= now && now < h.To {
				states[h.Node] = h.State
			}
		}
		return states
	}
	const pulled, plugged = 20, 80
	require.Equal(t, map[string]trace.AddressState{"active": trace.Preferred}, at(pulled-1))
	require.Equal(t, map[string]trace.AddressState{"active": trace.Tentative, "standby": trace.Preferred}, at(plugged-1), "H5")
	require.Equal(t, map[string]trace.AddressState{"active": trace.Preferred}, at(plugged+20))
	require.Equal(t, finding.Well, run.Outcome())
}
