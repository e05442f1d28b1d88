package naive_test

import (
	"context"
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/scenarios/check"
	"ipwsim/scenarios/facts"
	"ipwsim/scenarios/naive"
	"ipwsim/scenarios/script"
	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

// played is the trace of a scenario on a shipped cluster.
func played(t *testing.T, text string) *trace.Trace {
	t.Helper()
	s, problems := script.Parse("typed", []byte("# typed\n"+text))
	require.NoError(t, problems.Err())
	run, err := script.Run(context.Background(), s, script.Options{Cluster: clusters})
	require.NoError(t, err)
	require.Empty(t, differences(byReader(run.Trace), byNaive(run.Trace)))
	return run.Trace
}

// H18: for both an address that is typed away is the cause of what follows, as the verb's is.
func TestH18_TypedNetshIsTheCause(t *testing.T) {
	for _, line := range []string{"delete-address active", "type active netsh interface ip delete address イーサネット 192.168.10.202"} {
		ran := played(t, "cluster guide\nping client vip\nat 20s "+line+"\nend 100s\n")
		for _, uses := range [][]finding.Use{facts.Read(ran).Uses, naive.Read(ran).Uses()} {
			require.NotEmpty(t, uses[0].Outages)
			cause := uses[0].Outages[0].Cause
			require.Equal(t, finding.ByFault, cause.Kind)
			require.Equal(t, 1, cause.Fault)
			require.Equal(t, "active", cause.Node)
		}
	}
}

// withVIP adds a VIP to the node's table from 10 s on, and starts its watcher anew.
func withVIP(role, peer string) string {
	return typed("10s", role, "net stop IPWCS", "ipwcs -entry", "1", `\\`+peer, "192.168.10.203", "イーサネット", "y", "net start IPWCS")
}

func typed(at, role string, lines ...string) (all string) {
	for _, line := range lines {
		all += "at " + at + " type " + role + " " + line + "\n"
	}
	return all
}

// W4: a VIP that is entered in a run is judged from the moment at which a service starts with it, with the settings of
// the nodes that have it in their table; before, and on a node whose table has it not, nobody has to hold it.
func TestW4_AnEnteredVIPIsJudged(t *testing.T) {
	added := netip.MustParseAddr("192.168.10.203")
	head := "cluster guide\nping client vip\nping client 192.168.10.203\n"
	ran := played(t, head+withVIP("active", "hvt162EPST12")+"at 100s power-off active\nend 200s\n")
	require.Equal(t, []trace.VIP{{Address: netip.MustParseAddr("192.168.10.202")}, {Address: added}}, ran.Header.VIPs)
	f := facts.Read(ran)
	require.True(t, slices.ContainsFunc(f.Holdings, func(h finding.Holding) bool {
		return h.VIP == added && h.Node == "active" && h.State == trace.Preferred
	}))
	require.Len(t, f.HeaderAt(0).VIPs, 1)
	require.Len(t, f.HeaderAt(50*time.Second).VIPs, 2)
	require.Equal(t, finding.Pass, verdict(f, "P4"), "the standby has it not in its table: nobody was ready")

	broken := played(t, head+"at 5s netsh active fail\n"+withVIP("active", "hvt162EPST12")+"end 200s\n")
	require.True(t, slices.ContainsFunc(result(facts.Read(broken), "P4").Left, func(x finding.Finding) bool {
		return x.VIP == added && x.Node == "active" && x.At >= 10*time.Second
	}), "it was the node's to take")

	both := played(t, head+withVIP("active", "hvt162EPST12")+withVIP("standby", "hvt162EPST11")+"at 100s power-off active\nend 200s\n")
	require.True(t, slices.ContainsFunc(facts.Read(both).Holdings, func(h finding.Holding) bool { return h.VIP == added && h.Node == "standby" }))
}

func result(f *facts.Facts, id string) finding.Result {
	all := check.All(f)
	return all[slices.IndexFunc(all, func(r finding.Result) bool { return r.ID == id })]
}

func verdict(f *facts.Facts, id string) finding.Verdict { return result(f, id).Verdict }

// W3: a registry value has no effect until the service starts again, and what is judged goes by what it had read then.
func TestW3_AValueCountsFromTheNextStart(t *testing.T) {
	change := typed("5s", "active", `reg add HKLM\SOFTWARE\EPOST\IPWCS /v Interval /t REG_DWORD /d 10 /f`) + "at 5s registry standby Interval 10\n"
	held := played(t, "cluster guide\nping client vip\n"+change+"at 40s unplug active\nend 120s\n")
	require.Equal(t, 30*time.Second, facts.Read(held).HeaderAt(held.End).Node("standby").Interval)
	require.Greater(t, facts.Read(held).Uses[0].Outages[0].Length(), 30*time.Second)

	restarts := "at 10s stop-service standby\nat 15s start-service standby\nat 18s stop-service active\nat 20s start-service active\n"
	ran := played(t, "cluster guide\nping client vip\n"+change+restarts+"at 100s unplug active\nend 160s\n")
	f := facts.Read(ran)
	require.Equal(t, 30*time.Second, f.HeaderAt(14*time.Second).Node("standby").Interval)
	require.Equal(t, 10*time.Second, f.HeaderAt(15*time.Second).Node("standby").Interval)
	require.Equal(t, finding.Pass, verdict(f, "P1"))
	for _, uses := range [][]finding.Use{f.Uses, naive.Read(ran).Uses()} {
		last := uses[0].Outages[len(uses[0].Outages)-1]
		require.Less(t, last.Length(), 20*time.Second, "10 s, a poll, netsh and the detection")
	}
}
