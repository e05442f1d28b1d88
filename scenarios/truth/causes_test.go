package truth_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/reports/runtest"
	"ipwsim/sim/finding"
)

// begun requires that the fault with this verb and target began the outage.
func begun(t *testing.T, r *finding.Run, o *finding.Outage, verb, target string) {
	t.Helper()
	require.Equal(t, finding.ByFault, o.Cause.Kind)
	f := r.Facts.Faults[o.Cause.Fault-1]
	require.Equal(t, []string{verb, target}, []string{f.Verb, f.Target})
}

// Of the faults in force the one that took the holder away did it, whichever came last.
func TestTheFaultThatDidItIsNamed(t *testing.T) {
	r := play(t, "bystanders")
	pulled, shut := outage(t, r, "desk", vip, 20), outage(t, r, "desk", vip, 200)
	begun(t, r, pulled, "unplug", "active")
	require.Len(t, pulled.Also, 1, "netsh of active is in force, too")
	begun(t, r, shut, "shutdown", "active")
	requireHead(t, r, "active was shut down (200 s)", "active をシャットダウンした (200 秒)")

	spare := play(t, "spare-cable")
	begun(t, spare, outage(t, spare, "desk", vip, 60), "power-off", "active")
	require.Contains(t, outage(t, spare, "desk", vip, 60).Parts, finding.Part{What: finding.NodesGone, Time: sec(22)}, "the other cable was out")

	both := play(t, "both-out")
	begun(t, both, outage(t, both, "desk", vip, 20), "unplug", "active")
	require.Equal(t, finding.NodesGone, finding.Largest(outage(t, both, "desk", vip, 20).Parts).What)
}

// A failing netsh is what took so long, not the interval before it.
func TestAFailingNetshIsNamed(t *testing.T) {
	r := play(t, "tool-fails")
	o := outage(t, r, "desk", vip, 20)
	begun(t, r, o, "shutdown", "active")
	require.Equal(t, finding.Failing, finding.Largest(o.Parts).What)
	require.Equal(t, finding.Fail, result(t, r, "P1").Verdict)
	requireHead(t, r, "seen: 159.467 s for desk", "結果: desk で 159.467 秒")
	for i, excuse := range []string{"netsh failed on standby (H2)", "standby の netsh が失敗した (H2)"} {
		require.Equal(t, 1, strings.Count(told(t, r, runtest.Langs[i]), excuse), "told once, not for each client")
	}
}

// What happens outside of the cluster excuses nobody in it.
func TestAServerOutsideExcusesNoFailover(t *testing.T) {
	r := play(t, "outside")
	require.Equal(t, finding.Fail, result(t, r, "P1").Verdict)
	begun(t, r, outage(t, r, "client", "192.168.10.202", 20), "shutdown", "active")
	require.Greater(t, r.Facts.Mail.Count(finding.Bounced), 30, "and it did refuse")
}

// A loose plug is no failover, and nobody waits an interval.
func TestALoosePlugIsToldAsOne(t *testing.T) {
	r := play(t, "flapping")
	require.Equal(t, finding.Well, r.Outcome())
	for _, o := range r.Facts.Outages() {
		require.Equal(t, finding.FlapKind, o.Kind)
		require.Equal(t, []finding.Part{{What: finding.HolderAway, Time: sec(2)}, {What: finding.Redetection, Time: sec(3)}}, o.Parts)
	}
	require.Empty(t, r.Figures(), "nothing was promised for it")
	requireTold(t, r,
		"10 alike", "同様のもの 10 回",
		"reason: no client lost the node that answered", "理由: 応答していたノードを失って", // not that one PC is idle
		"the holder off the network for a moment", "保持ノードが一時的に切断")
	for i, wrong := range []string{"waits an interval", "監視間隔 1 回分の待ち"} {
		require.NotContains(t, told(t, r, runtest.Langs[i]), wrong)
	}
}

// A standby that hears nobody takes the VIP from a healthy node, and a router believes it: first because it took it,
// then because nobody says that it gave it back.
func TestADeafStandbyIsToldAsItsClientsFeltIt(t *testing.T) {
	r := play(t, "deaf")
	require.Equal(t, finding.Bad, r.Outcome())
	require.Equal(t, finding.Fail, result(t, r, "P9").Verdict)
	first, second := outage(t, r, "client", "192.168.10.202", 60), outage(t, r, "client", "192.168.10.202", 132)
	require.Equal(t, finding.ByTaking, first.Cause.Kind)
	require.Equal(t, finding.RouterCache, finding.Largest(first.Parts).What)
	require.True(t, second.Open)
	require.Equal(t, finding.RouterCache, finding.Largest(second.Parts).What)
	requireHead(t, r, "longest silence  > 1", "最長の無応答 > 1",
		"active held it all along", "active はずっと保持していた")
}

// Behind a port that still learns the watcher hears nobody: it takes the VIP from a healthy node, felt or not.
func TestATakeOverIsNamedThoughNobodyFeltIt(t *testing.T) {
	r := play(t, "learning")
	require.Empty(t, r.Facts.Outages())
	named := result(t, r, "P9")
	require.Equal(t, finding.Fail, named.Verdict)
	last := named.Findings[len(named.Findings)-1]
	require.Equal(t, []string{"active", "standby"}, []string{last.Node, last.Peer})
	require.Greater(t, last.At, sec(25), "the plug was in again")
	requireHead(t, r, "no client lost the VIP's answer", "VIP の応答を失ったクライアントはない", "P9: standby took", "P9: standby が")

	open := play(t, "learning", "port_fast = false", "port_fast = true")
	require.Equal(t, finding.Pass, result(t, open, "P9").Verdict)
	require.Empty(t, open.Facts.Outages())
}

// Either order of the two pulls tells the same: the holder's began it, and nobody was there to take the VIP.
func TestBothCablesAreOut(t *testing.T) {
	a := play(t, "both-out")
	b := play(t, "both-out", "unplug standby", "unplug X", "unplug active", "unplug standby", "unplug X", "unplug active")
	for _, r := range []*finding.Run{a, b} {
		begun(t, r, outage(t, r, "desk", vip, 20), "unplug", "active")
		requireHead(t, r, "of it: no node there to take it, 92.1", "うち 取得できるノードがない、92.1")
	}
}

// A step begins a new stretch for expectations: who falls into that is told where the failover was.
func TestAnExpectationBelowTheNextStepIsExplained(t *testing.T) {
	r := play(t, "bystanders", "at 22s netsh active ok", "at 22s netsh active ok\nexpect failover 30s..40s for desk")
	requireHead(t, r, "no failover began in this stretch; one began at 20 s", "この区間に始まった failover はない; 20 秒に始まったものがある")
}
