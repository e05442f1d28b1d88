package truth_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/finding"
)

// A PC that never pings is away longest: it heads the report, and the expectation is its, too.
func TestTheClientThatFaresWorstIsTold(t *testing.T) {
	r := play(t, "cold")
	require.Equal(t, finding.Bad, r.Outcome())
	ledger, desk := outage(t, r, "ledger", vip, 30), outage(t, r, "desk", vip, 30)
	require.Equal(t, finding.FailoverKind, ledger.Kind, "the master's return ended it, and yet nobody answered for so long")
	require.Greater(t, ledger.Length(), sec(60))
	require.Less(t, desk.Length(), sec(40))
	require.Equal(t, sec(600), ledger.Holds)
	requireHead(t, r,
		"longest silence  62.5 s  ledger -> 172.16.4.20, from 30 s", "最長の無応答 62.5 秒  ledger -> 172.16.4.20、30 秒から",
		"believes its entry for up to 600.0 s", "エントリを保持するのは最長 600.0 秒 (10:00)",
		"line 6: expect failover 30s..40s; seen: 62.492 s for ledger, 36.022 s for desk", "6 行目: expect failover 30s..40s / 結果: ledger で 62.492 秒、desk で 36.022 秒",
		"spare has never used 172.16.4.20: it is not judged", "spare は 172.16.4.20 を使ったことがない: 判定しない")
	require.Equal(t, finding.Fail, result(t, r, "P8").Verdict)
}

// One client can be meant; the checks judge all.
func TestAnExpectationOfOneClientDoesNotSpeakForTheOthers(t *testing.T) {
	r := play(t, "cold", "expect failover 30s..40s", "expect failover 30s..40s for desk")
	for _, e := range r.Expectations {
		require.True(t, e.OK, "line %d", e.Line)
	}
	require.Equal(t, finding.Bad, r.Outcome())
}

// The cure makes the same run better, never worse.
func TestTheCureTurnsAFailureIntoAPass(t *testing.T) {
	cured := play(t, "cured")
	require.Equal(t, finding.Well, cured.Outcome())
	require.Less(t, outage(t, cured, "ledger", vip, 30).Length(), sec(40))

	ping := "ping -n 5 172.16.4.71 -S 172.16.4.20\n"
	without := play(t, "cured", ping, "")
	require.Equal(t, finding.Bad, without.Outcome())
	require.Greater(t, outage(t, without, "ledger", vip, 30).Length(), sec(70))
	require.Less(t, outage(t, without, "desk", vip, 30).Length(), sec(40), "a client without a stale entry needs no cure")
}

// Every silence names its VIP, and what ping saw is what ping of that VIP saw.
func TestSilencesNameTheirVIP(t *testing.T) {
	r := play(t, "addresses")
	for _, v := range []string{vip, "172.16.4.30", "172.16.4.40"} {
		require.Greater(t, outage(t, r, "ledger", v, 300).Length(), sec(60))
		require.Less(t, outage(t, r, "desk", v, 300).Length(), sec(40))
	}
	require.NotEmpty(t, outage(t, r, "desk", vip, 300).Saw)
	require.NotEmpty(t, outage(t, r, "desk", "172.16.4.40", 300).Saw)
	require.Empty(t, outage(t, r, "desk", "172.16.4.30", 300).Saw, "nobody pings it from there")
	require.NotEmpty(t, outage(t, r, "ledger", "172.16.4.30", 300).Saw)
	require.Len(t, result(t, r, "P8").Findings, 3, "each VIP is judged")
	requireHead(t, r, "failover  67.4 s  ledger -> 172.16.4.30", "67.4 秒  ledger -> 172.16.4.30")
}

// It does not matter which client the cluster's file names first, nor which one pings.
func TestTheOrderOfClientsChangesNothing(t *testing.T) {
	for _, who := range []string{"desk", "ledger"} {
		a := play(t, "cold", "ping desk", "ping "+who)
		b := play(t, "cold", "ping desk", "ping "+who, "end 150s\n", "end 150s\n-- cluster.toml --\n"+turned(t))
		require.Equal(t, a.Facts.Worst().Client, b.Facts.Worst().Client)
		for _, client := range []string{"ledger", "desk"} {
			require.Equal(t, outage(t, a, client, vip, 30), outage(t, b, client, vip, 30))
		}
	}
}

// What the run cuts short is not called too long.
func TestTheEndIsNoVerdict(t *testing.T) {
	r := play(t, "cold", "at 85s plug active\nexpect failback 5s..10s for desk\nend 150s", "end 50s")
	requireHead(t, r, "guide 30-40 s: not over when the run ended", "ガイド 30-40 秒: 終了時点で継続中")
	for _, id := range []string{"P1", "P8"} {
		require.Equal(t, finding.Inconclusive, result(t, r, id).Verdict, id)
	}
}
