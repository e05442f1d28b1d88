package reports

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/trace"
)

// N3: a wrong entry is shown with how long it was wrong; what an announcement sets right at once is not.
func TestN3WrongEntriesAreShown(t *testing.T) {
	en, ja := text(t, cablePull(), Options{}), text(t, cablePull(), Options{Lang: "ja"})
	require.Contains(t, en, "== ARP entries that led past the holder (N3) ")
	require.Contains(t, en, "\n     54.600 s  client   led to active (00-15-5d-0a-0b-c8) for 0.5 s; the holder\n"+
		"                        was standby\n")
	require.Contains(t, ja, "\n    54.600 秒  client   active (00-15-5d-0a-0b-c8) を指していた: 0.5 秒、保持は\n"+
		"                        standby\n")
	require.NotContains(t, en, "126.200 s  client", "for 50 ms")
}

func TestN3EntriesOfTheClustersOwnStartAndRightOnesAreLeftOut(t *testing.T) {
	r := cablePull()
	r.Beliefs = r.Beliefs[2:]
	require.NotContains(t, text(t, r, Options{}), "ARP entries")
	r.Beliefs[0].Wrong = []Misled{{sec(-20), sec(-10), []string{"standby"}}}
	require.NotContains(t, text(t, r, Options{}), "ARP entries")
	require.Contains(t, text(t, r, Options{Full: true}), "ARP entries")
}

func TestN3AWrongEntryThatLasts(t *testing.T) {
	r := cablePull()
	r.Beliefs = []Belief{{Host: "core1", VIP: vip, MAC: trace.MAC{2}, From: 0, To: sec(180), Open: true,
		Wrong: []Misled{{sec(60), sec(180), []string{"active", "standby"}}}}}
	r.Trace.Header.VIPs = append(r.Trace.Header.VIPs, trace.VIP{Address: clientIP})
	require.Contains(t, text(t, r, Options{Width: 160}),
		"     60.000 s  core1    192.168.10.202 led to no node (02-00-00-00-00-00) for > 120 s; the holder was active, standby\n")
	for range 5 {
		r.Beliefs = append(r.Beliefs, r.Beliefs...)
	}
	require.Contains(t, text(t, r, Options{}), "[... 22 more lines ...]")
	require.Equal(t, 32, strings.Count(text(t, r, Options{Full: true}), "60.000 s  core1"))
}

func TestN3BeliefsInJSON(t *testing.T) {
	all := read(t, jsonOf(t, []Result{cablePull()})).Results[0].Beliefs
	require.Len(t, all, 3)
	require.Equal(t, BeliefEntry{Host: "client", VIP: "192.168.10.202", MAC: "00-15-5d-0a-0b-c8", Whose: "active",
		From: Seconds(sec(-5)), To: seconds(sec(55.1)), Wrong: []MisledEntry{{Seconds(sec(54.6)), Seconds(sec(55.1)), []string{"standby"}}}}, all[0])
	require.Nil(t, all[2].To, "still so at the end")
}
