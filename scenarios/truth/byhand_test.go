package truth_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/finding"
)

// P1, P2: an address that another hand adds or deletes (H18) ends or prolongs a silence as no watcher does, however it
// was typed; one before the loss, that the holder defended, is nothing to the failover.
func TestP1_AnAddressAddedByHandIsNoWatchersTime(t *testing.T) {
	const typed = "type standby netsh interface ip add address \"イーサネット\" 192.168.10.202 255.255.255.0\n"
	for lines, left := range map[string]bool{
		"at 20s unplug active\nat 25s add-address standby\nend 120s\n":                                     true,
		"at 20s unplug active\nat 30s " + typed + "end 120s\n":                                             true,
		"at 20s delete-address active\nat 20s kill-service active\nat 21s add-address standby\nend 120s\n": true,
		"at 20s unplug active\nat 52s delete-address standby\nend 120s\n":                                  true,
		"at 19.9s add-address standby\nat 20s unplug active\nend 120s\n":                                   false,
	} {
		r := acted(t, lines)
		p1 := result(t, r, "P1")
		require.NotEqual(t, finding.Fail, p1.Verdict, lines)
		if !left {
			require.Equal(t, 1, p1.Judged, lines)
			continue
		}
		require.NotEmpty(t, p1.Left, lines)
		require.Equal(t, finding.Kind("why.fault"), p1.Left[0].Because.Kind, lines)
	}
	r := acted(t, "at 20s unplug active\nat 80s plug active\nat 80.5s delete-address standby\nat 81s add-address active\nend 160s\n")
	require.Len(t, result(t, r, "P2").Left, 1, "P2 leaves a failback in which another hand deleted the VIP.")
}
