package arp

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestReactionNames(t *testing.T) {
	require.Equal(t, "[ignore update create]", fmt.Sprint(Reactions))
}

// N3: how long the owner of an entry can be silent before the host looks for it elsewhere.
func TestN3_HowLongAnEntryHolds(t *testing.T) {
	windows := Policy{
		BaseReachable: 30 * time.Second, MinRandomFactor: 0.5, MaxRandomFactor: 1.5,
		DelayFirstProbe: 5 * time.Second, UnicastProbes: 3, Retransmit: time.Second, MulticastProbes: 3,
	}
	require.Equal(t, 53*time.Second, windows.Holds(), "45 s reachable at the most, 5 s of grace, three probes a second apart")
	windows.Age = 600 * time.Second
	require.Equal(t, 600*time.Second, windows.Holds(), "a fixed lifetime is all there is")
}
