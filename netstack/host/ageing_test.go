package host_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// N4: 600 s after it last heard from the neighbour; what another MAC sends in its name is not heard
// from it.
func TestN4_AnotherMACKeepsNoEntryAlive(t *testing.T) {
	st := newStation(policyOf(t, "ad-client"), 1)
	defer st.close()
	for at := time.Second; at < 600*time.Second; at += 10 * time.Second {
		st.until(at)
		st.put(unaskedPacket(newMAC))
	}
	st.until(599 * time.Second)
	require.Equal(t, "old", st.outcome())
	st.until(601 * time.Second)
	require.Equal(t, "asks", st.outcome())
}

// H11: a request aimed at the client heals it at once.
func TestH11_RequestHealsTheADClient(t *testing.T) {
	st := newStation(policyOf(t, "ad-client"), 1)
	defer st.close()
	st.until(30 * time.Second)
	st.put(arpFrame(1, newMAC, peerIP, unsetMAC, hostIP, hostMAC))
	st.until(31 * time.Second)
	require.Equal(t, "new", st.outcome())
	st.until(629 * time.Second)
	require.Equal(t, "new", st.outcome(), "the new entry has an age of its own")
	st.until(631 * time.Second)
	require.Equal(t, "asks", st.outcome())
}

// FIELD-FACTS l3-huawei: an answer to a request before the end renews, and nobody notices.
func TestN3_AnswerRenews(t *testing.T) {
	st := newStation(policyOf(t, "l3-huawei"), 1)
	defer st.close()
	st.alive = true
	st.until(2 * time.Hour)
	require.Equal(t, "19m45s unicast, 39m30s unicast, 59m15s unicast, 1h19m0s unicast, 1h38m45s unicast, 1h58m30s unicast",
		list(st.asked))
	require.Equal(t, "old", st.outcome())
}

// H5: what the flush took away has no age left that could end what comes after.
func TestH5_FlushEndsAges(t *testing.T) {
	st := newStation(policyOf(t, "l3-allied"), 1)
	defer st.close()
	st.until(200 * time.Second)
	st.host.NIC().FlushNeighbors()
	st.alive = true
	require.Equal(t, "asks", st.outcome())
	st.until(499 * time.Second)
	require.Equal(t, "old", st.outcome())
	st.until(501 * time.Second)
	require.Equal(t, "asks", st.outcome())
}

// H7: a frozen machine's entries end when it thaws.
func TestH7_FreezeHoldsAges(t *testing.T) {
	st := newStation(policyOf(t, "l3-allied"), 1)
	defer st.close()
	st.until(100 * time.Second)
	st.host.Domain().Freeze()
	st.until(400 * time.Second)
	_, state := st.host.NIC().Neighbor(peerIP)
	require.NotZero(t, state)
	st.host.Domain().Thaw()
	st.until(401 * time.Second)
	require.Equal(t, "asks", st.outcome())
}
