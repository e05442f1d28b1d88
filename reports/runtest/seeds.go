package runtest

import (
	"ipwsim/core/diag"
	"ipwsim/sim/finding"
	"ipwsim/sim/studied"
)

// Seeds is what came of a made-up scenario under a thousand seeds, with everything that a report can tell of.
func Seeds() *studied.Seeds {
	at := func(v float64) *studied.Time { return &studied.Time{Seconds: v} }
	open := &studied.Time{Seconds: 90, AtLeast: true}
	spread := func(name finding.FigureName, client, vip string, max *studied.Time) studied.Spread {
		s := studied.Spread{
			Name: name, Client: client, VIP: vip, Seeds: 4, Min: at(31.2), Median: studied.Quantile{Value: at(34.1), Low: at(33.9), High: at(34.3)},
			P95: studied.Quantile{Value: at(36.8), Low: at(36.5)}, P99: studied.Quantile{Value: at(37.2)}, Max: max, Seed: "18446744073709551615",
			Times: []studied.Time{*at(31.2), *at(34.1), *at(36.8), *max},
		}
		if max.AtLeast {
			s.Open = 1
		}
		return s
	}
	s := &studied.Seeds{
		Scenario: "made-up", File: "made-up.txtar", Title: "A title", TitleJa: "題名", Cluster: "guide", Program: "ipwsim (devel)",
		Asked: "1..999,18446744073709551615", Total: 1000, Done: 998, Passed: 900, Weak: 90, Failed: 7, NoWorld: 1,
		Worst:    &studied.WorstSeed{Seed: "17", Outcome: finding.Bad, Silence: open, Rerun: "ipwsim run made-up --seed 17"},
		Problems: diag.List{{File: "cluster.toml", Message: "a warning"}},
	}
	for _, name := range []finding.FigureName{finding.Failovers, finding.Failbacks, studied.Silence} {
		s.Figures = append(s.Figures, spread(name, "", "", open))
		for _, client := range []string{"pc", "branch", "a-client-with-a-name-longer-than-others", "<b>", "e", "f", "g", "h"} {
			s.Figures = append(s.Figures, spread(name, client, "192.168.10.202", at(38)))
		}
	}
	s.Figures = append(s.Figures, spread(studied.MailSilence, "", "", at(38)))
	limit := studied.SeedLimit{Line: 7, Text: "expect failover p99 < 37s", Quantile: "p99", Below: Seconds(37), Seeds: 998,
		Value: studied.Quantile{Value: at(36.8), Low: at(36.6), High: at(37.2)}, OK: true}
	broken := limit
	broken.Line, broken.Text, broken.OK, broken.Sure = 8, "expect failover max < 37s for branch of 192.168.10.202", false, true
	broken.Value, broken.Quantile = studied.Quantile{Value: open}, "max"
	s.Limits = []studied.SeedLimit{limit, broken, {Line: 9, Text: "expect failback p50 < 5s", Quantile: "p50", Below: Seconds(5)}}
	for _, c := range []studied.SeedCause{
		{Outcome: finding.Bad, Kind: studied.FailedCheck, Name: "P1"}, {Outcome: finding.Bad, Kind: studied.UndecidedCk, Name: "P3"},
		{Outcome: finding.Bad, Kind: studied.Expectation, Name: "expect holder active", Line: 5}, {Outcome: finding.Bad, Kind: studied.NoData},
		{Outcome: finding.Weakness, Kind: studied.FailedCheck, Name: "P2"}, {Outcome: finding.Weakness, Kind: studied.LatePromise, Name: "failover"},
	} {
		c.Seeds, c.First, c.Rerun = 3, "17", "ipwsim run made-up --seed 17"
		s.Reasons = append(s.Reasons, c)
	}
	return s
}
