package cluster

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// C1: a peer is named by NetBIOS name, without regard to case, with its domain or without it, or by address.
func TestC1ResolvePeer(t *testing.T) {
	bp := load(t, "guide")
	for unc, want := range map[string]string{
		`\\hvt162EPST12`:   Standby,
		`\\HVT162epst12`:   Standby,
		`\\192.168.10.201`: Standby,
		`\\hvt162EPST11`:   Active,
		`\\192.168.10.200`: Active,

		`\\HVT162EPST12.example.jp`: Standby,
		`\\hvt162EPST1.example.jp`:  "",

		`hvt162EPST12`:        "",
		`\hvt162EPST12`:       "",
		`\\hvt162EPST12\mail`: "",
		`\\192.168.10.202`:    "",
		`\\192.168.10.150`:    "",
		`X:\hvt162EPST12`:     "",
		`\\`:                  "",
		``:                    "",
	} {
		role, ok := bp.ResolvePeer(unc)
		require.Equal(t, want, role, unc)
		require.Equal(t, want != "", ok, unc)
	}
}

func TestC1EveryEntryResolvesToThePeer(t *testing.T) {
	for _, name := range []string{"guide", "two-switch"} {
		bp := load(t, name)
		for i := range bp.Nodes {
			n := &bp.Nodes[i]
			for _, e := range n.Entries {
				role, ok := bp.ResolvePeer(e.Peer)
				require.True(t, ok)
				require.Equal(t, bp.Peer(n).Role, role)
			}
		}
	}
}

func TestC1NodeAndPeer(t *testing.T) {
	bp := load(t, "guide")
	require.Equal(t, Standby, bp.Peer(bp.Node(Active)).Role)
	require.Equal(t, Active, bp.Peer(bp.Node(Standby)).Role)
	require.Nil(t, bp.Node("holder"))
}
