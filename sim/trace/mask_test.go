package trace_test

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/trace"
)

func TestMask(t *testing.T) {
	for length, want := range map[int]string{0: "0.0.0.0", 1: "128.0.0.0", 20: "255.255.240.0", 24: "255.255.255.0", 32: "255.255.255.255"} {
		require.Equal(t, want, trace.Mask(length).String())
	}
}

// Two addresses are in one subnet of the length that is named, and in none of a longer one.
func TestInCommon(t *testing.T) {
	for _, c := range [][2]string{{"10.40.1.22", "10.40.0.1"}, {"192.168.24.11", "192.168.24.12"}, {"10.0.0.1", "192.168.0.1"}} {
		a, b := netip.MustParseAddr(c[0]), netip.MustParseAddr(c[1])
		n := trace.InCommon(a, b)
		require.True(t, netip.PrefixFrom(a, n).Contains(b))
		require.False(t, netip.PrefixFrom(a, n+1).Contains(b))
	}
	same := netip.MustParseAddr("10.0.0.1")
	require.Equal(t, 32, trace.InCommon(same, same))
}
