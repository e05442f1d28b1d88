package host_test

import (
	"sort"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/netstack/arp"
)

// reachableAt is the age at which use leads to a probe, of an entry that the host learns at that time;
// it has learnt one at the start.
func reachableAt(p arp.Policy, seed uint64, at time.Duration) int {
	return sort.Search(100, func(s int) bool {
		st := bareStation(p, seed)
		defer st.close()
		for _, when := range []time.Duration{0, at} {
			st.until(when)
			st.host.NIC().FlushNeighbors()
			st.alive = true
			st.send()
			st.until(when + time.Millisecond)
			st.alive = false
		}
		st.until(at + time.Duration(s)*time.Second)
		st.asked = nil
		st.send()
		st.until(st.s.Now() + 12*time.Second)
		return len(st.asked) > 0
	})
}

// N9: a Linux host draws its reachable time anew each 300 s, others each few hours.
func TestN9_ReachableTimeIsDrawnAnew(t *testing.T) {
	for name, want := range map[string]string{"linux": "same new new", "windows-modern": "same same same"} {
		differs := [3]bool{}
		for seed := range uint64(5) {
			first := reachableAt(policyOf(t, name), seed, 10*time.Second)
			for i, at := range []time.Duration{290 * time.Second, 310 * time.Second, 3600 * time.Second} {
				n := reachableAt(policyOf(t, name), seed, at)
				require.GreaterOrEqual(t, n, 14)
				require.LessOrEqual(t, n, 46)
				differs[i] = differs[i] || n != first
			}
		}
		words := map[bool]string{true: "new", false: "same"}
		require.Equal(t, want, words[differs[0]]+" "+words[differs[1]]+" "+words[differs[2]], name)
	}
}
