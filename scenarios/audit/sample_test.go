package audit

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Of many clients some of each kind are played, from the first to the last that the batch pings; with few, all are.
func TestManyClientsAreStoodForBySome(t *testing.T) {
	f := cured(t)
	var tables, pings strings.Builder
	for i := range 60 {
		profile := "windows-modern"
		if i == 30 {
			profile = "linux"
		}
		fmt.Fprintf(&tables, "\n[[client]]\nname = \"m%d\"\naddress = \"192.168.10.%d/24\"\nswitch = \"sw1\"\nprofile = %q\n", i, 20+i, profile)
		if i != 40 {
			fmt.Fprintf(&pings, "ping -n 10 192.168.10.%d -S 192.168.10.202\r\n", 20+i)
		}
	}
	f[tomlFile] = append(f[tomlFile], tables.String()...)
	for _, role := range []string{"active", "standby"} {
		f[role+"/arpclear.bat"] = []byte("arp -d\r\n" + pings.String())
	}
	p := planFor(t, f)
	few := len(p.clients)
	require.LessOrEqual(t, few, mostClients+2, "each kind has one at least")
	require.Contains(t, p.clients, "m30", "of another kind")
	require.Contains(t, p.clients, "m40", "not served")
	require.Equal(t, p.clients[few-1], "m59", "the last one waits longest")
	require.Equal(t, len(p.bp.Clients), few+p.out.Plan.Like)

	played, _ := p.played(f, false).load()
	n := 0
	for _, c := range played.Clients {
		if !c.Idle {
			n++
		}
	}
	require.Equal(t, few, n)
	require.Len(t, played.Clients, len(p.bp.Clients), "the others are there")

	require.Empty(t, planFor(t, cured(t)).resting)
}
