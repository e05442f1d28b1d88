package runtest

import (
	"time"

	"ipwsim/sim/finding"
	"ipwsim/sim/searched"
)

// Explored are explorations of each outcome: one that holds, one that breaks a rule, one that was cut off.
func Explored() []searched.Explored {
	return []searched.Explored{
		{Name: "interval 30", Interval: 30 * time.Second, PingTimeout: 3 * time.Second, VIPs: 1, Departures: 2, States: 509910, Transitions: 2319880, Complete: true, Rerun: "ipwsim explore --interval 30"},
		{Name: "interval 3", Interval: 3 * time.Second, PingTimeout: 5 * time.Second, VIPs: 1, States: 216, Transitions: 960, Complete: true, Rule: "P3", Title: finding.Phrase{En: "They clash", Ja: "衝突する"}, After: 1, At: 9 * time.Second, Text: "# x\nend 9s\n", Rerun: "ipwsim explore --interval 3"},
		{Name: "cut", Interval: time.Second, PingTimeout: time.Second, VIPs: 2, Departures: 1, States: 5_000_000, Rerun: "ipwsim explore --vips 2"},
	}
}

// Shares are where a night's time went, with a part that took none.
func Shares() []searched.Share {
	return []searched.Share{{Part: searched.PartBuild, Took: 20 * time.Second}, {Part: searched.PartExplore}, {Part: searched.PartBugs, Took: 700 * time.Second}, {Part: searched.PartSearch, Took: 6000 * time.Second}}
}
