package trace

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestMACForms(t *testing.T) {
	want := MAC{0x00, 0x15, 0x5d, 0x0a, 0x0b, 0xc8}
	require.Equal(t, "00-15-5d-0a-0b-c8", want.String(), "Windows' form, every pair of two digits")
	for _, s := range []string{"00-15-5d-0a-0b-c8", "00:15:5d:0a:0b:c8", "00-15-5D-0A-0B-C8"} {
		got, err := ParseMAC(s)
		require.NoError(t, err)
		require.Equal(t, want, got, s)
	}
	for _, s := range []string{
		"", "00-15-5d-0a-0b", "00-15-5d-0a-0b-c8-00-00", "00-15-5d-0a-0b-cg", "0-15-5d-0a-0b-c8",
		"00-15:5d-0a-0b-c8", "00155d0a0bc8", "0015.5d0a.0bc8", " 00-15-5d-0a-0b-c8", "00-15-5d-0a-0b-c8 ",
	} {
		_, err := ParseMAC(s)
		require.ErrorContains(t, err, "is not a MAC address of six hexadecimal pairs", "%q", s)
	}
}

func TestMACInJSON(t *testing.T) {
	for m, want := range map[MAC]string{{}: `""`, {2, 0, 0, 0, 0, 1}: `"02-00-00-00-00-01"`} {
		require.Equal(t, m == MAC{}, m.IsZero())
		b, err := json.Marshal(m)
		require.NoError(t, err)
		require.Equal(t, want, string(b))
		got := MAC{9}
		require.NoError(t, json.Unmarshal(b, &got))
		require.Equal(t, m, got, "an unset MAC stays unset")
	}
}

// RFC 4861, 7.3.2: in these states packets are sent to the cached MAC; in the others they wait.
func TestN3_UsableStates(t *testing.T) {
	want := map[NeighborState]bool{
		Incomplete: false, Reachable: true, Stale: true, Delay: true, Probe: true, Unreachable: false, Removed: false,
		"": false,
	}
	for s, usable := range want {
		require.Equal(t, usable, s.Usable(), "%q", s)
	}
}

func TestNodeByRole(t *testing.T) {
	h := guide().Header
	require.Same(t, &h.Nodes[0], h.Node("active"))
	require.Nil(t, h.Node("standby"))
}
