package runtest

import (
	"net/netip"
	"time"

	"ipwsim/core/diag"
	"ipwsim/sim/audited"
	"ipwsim/sim/finding"
)

// Audit is what came of an audit of a made-up cluster, with everything that a report can tell of.
func Audit() *audited.Audit {
	a := &audited.Audit{
		Program: "ipwsim (devel)", Cluster: "made-up", Folder: "./our-cluster", Rerun: "ipwsim audit ./our-cluster --seed 7",
		Plan: audited.Plan{
			Seed: 7, Draws: 16, PairDraws: 6, TriedDraws: 8, Runs: 1234, MailRuns: 12, Clients: []string{"client", "pc103"}, VIPs: []string{"192.168.10.202"},
			Assumed: []string{"pc103"}, As: "ad-client", Unknown: []string{"node.active.tasks", "node.standby.echo_blocked"}, Boots: []audited.Boot{{Node: "active", Takes: 2 * time.Minute}, {Node: "standby", Takes: 5 * time.Minute}}, Mail: audited.Traffic{Messages: 5000, Source: audited.Assumed},
			Weights: audited.Weights{Doubled: 5, Lost: 600, Late: 0.001, Moved: 15},
		},
		Faults: []audited.Fault{
			{Name: "cable-active", Kind: audited.CableActive, Steps: []string{"0s unplug active", "5m0s plug active"}, Rate: 1, Source: audited.Assumed, Lasts: 5 * time.Minute, Window: 6 * time.Minute},
			{Name: "freeze-active", Kind: audited.FreezeActive, Steps: []string{"0s freeze active", "10s resume active"}, Rate: 52, Source: audited.Given, Lasts: 10 * time.Second, Window: 40 * time.Second},
			{Name: "switch:sw1", Kind: audited.SwitchRestart, What: "sw1", Steps: []string{"0s power-off sw1", "2m0s power-on sw1"}, Rate: 0.5, Source: audited.Assumed, Lasts: 2 * time.Minute, Window: 3 * time.Minute},
		},
		LeftOut: []audited.Left{{Kind: audited.TrunkCut, Why: audited.NoSuchThing}, {Kind: audited.SwitchRestart, Why: audited.TooMany, More: 9}, {Kind: audited.SwitchRestart, What: "sw2", Why: audited.Never}},
		Year:    auditCost(3000),
		Lint: []audited.Lint{
			{File: "standby/ipwcs.reg", Line: 5, Message: "Interval is 10s here", Said: diag.Say("Interval is 10s here"), Answered: []int{1}},
			{File: "cluster.toml", Message: "something else", Said: diag.Say("something else")},
		},
	}
	a.Rows = []audited.Row{
		{Faults: []audited.FaultName{"cable-active"}, Rate: 1, Runs: 16, Each: auditCost(600), Year: audited.Estimate{Value: 600, Low: 500, High: 700},
			Longest: &audited.Longest{UseCost: audited.UseCost{Client: "pc103", VIP: "192.168.10.202", Seconds: 650}, Draw: 3, Seed: 1<<64 - 1}},
		{Faults: []audited.FaultName{"freeze-active"}, Rate: 52, Runs: 16, Each: auditCost(10), Year: audited.Estimate{Value: 520, Low: 515, High: 525, AtLeast: true}},
		{Faults: []audited.FaultName{"switch:sw1", "cable-active"}, Rate: 1e-4, Runs: 6, Each: auditCost(800), Year: audited.Estimate{Value: 0.08, Low: 0.06, High: 0.1}},
	}
	a.Stories = []audited.Story{{
		Row: 0, Name: "01-cable-active", Text: "# The active node's cable is out\ncluster made-up\nat 20s unplug active\nend 5m\n", Rerun: "ipwsim run audit/01-cable-active.txtar --cluster ./our-cluster",
		Assumed: true, Title: finding.Phrase{En: "The active node's cable is out", Ja: "アクティブノードのケーブルが抜ける"}, Outages: []audited.Outage{{Outage: auditOutage(), Advice: finding.ClearClient}},
	}}
	a.Todo, a.Tried = auditTries()
	a.Mail = &audited.MailNow{Here: audited.MailCost{Messages: 40, Doubled: 0.25}, Left: &audited.MailCost{Messages: 10, Doubled: 0.5}, Away: audited.MailCost{Messages: 40, Lost: 1, Doubled: 0.1}, Part: 0.002}
	a.Followed = []audited.Followed{
		{Of: 2, Gain: a.Todo[0].Gain, Left: audited.Estimate{Value: 600, Low: 540, High: 660}, Mail: a.Todo[1].Mail},
		{Of: 3, Gain: audited.Estimate{Value: 2040, Low: 1600, High: 2500, AtLeast: true}, Left: audited.Estimate{Value: 560, Low: 504, High: 616}, Mail: &audited.MailGain{AwayAfter: audited.MailCost{Lost: 0.5}}},
		{Of: 4, Gain: audited.Estimate{Value: 2100, Low: 1650, High: 2550, AtLeast: true}, Left: audited.Estimate{Value: 500, Low: 450, High: 550}},
	}
	a.Final, a.Beyond = true, a.Tried[:1]
	return a
}

func auditCost(seconds float64) audited.Cost {
	uses := []audited.UseCost{{Client: "pc103", VIP: "192.168.10.202", Seconds: 1.8 * seconds, AtLeast: true}, {Client: "client", VIP: "192.168.10.202", Seconds: 0.2 * seconds}}
	return audited.Cost{
		Mean: audited.Estimate{Value: seconds, Low: 0.9 * seconds, High: 1.1 * seconds}, Worst: &uses[0], Uses: uses,
		Parts: []audited.PartCost{{What: finding.WrongCache, Seconds: 0.7 * seconds}, {What: finding.Counting, Seconds: 0.3 * seconds}},
		Echo:  2, Switch: 1.5,
	}
}

func auditOutage() *finding.Outage {
	at := func(s int) time.Duration { return time.Duration(s) * time.Second }
	return &finding.Outage{
		Client: "pc103", VIP: netip.MustParseAddr("192.168.10.202"), From: at(20), To: at(630), Before: []string{"active"}, After: []string{"standby"}, Taken: true, Added: true,
		Loss: finding.LostLink, Kind: finding.FailoverKind, Cause: finding.Cause{Kind: finding.ByFault, At: at(20), Fault: 1}, Holds: at(600),
		Parts: []finding.Part{{What: finding.Counting, Time: at(31)}, {What: finding.WrongCache, Time: at(579)}},
	}
}

func auditTries() (todo, tried []audited.Tried) {
	gain := audited.Estimate{Value: 2000, Low: 1500, High: 2500}
	task := audited.Tried{
		Change: audited.Change{Kind: audited.AddTask, Node: "standby", From: "", To: "event-100",
			Edits: []audited.Edit{{File: "cluster.toml", Line: 25, Old: "tasks = []", New: `tasks = ["event-100"]`}},
			Do:    []audited.Do{{On: "MX2", Command: `schtasks /create /tn arpclear /tr C:\arpclear.bat /sc onevent`}}},
		Class: audited.Mend, Verdict: audited.Gains, Pairs: 128, Better: 40, Worse: 2, Sign: 1e-9, Gain: gain, Echo: 10, Switches: 1,
		ByUse:   []audited.UseCost{{Client: "pc103", VIP: "192.168.10.202", Seconds: 4000}, {Client: "client", VIP: "192.168.10.202"}},
		ByFault: []audited.FaultGain{{Fault: "cable-active", Seconds: 1800}, {Fault: "freeze-active", Seconds: 200}},
		If:      &audited.If{AsWritten: audited.Estimate{}, AsAssumed: audited.Estimate{Value: 4000, Low: 3000, High: 5000}}, Score: 2000,
	}
	hosts := audited.Tried{
		Change: audited.Change{Kind: audited.HostsLine, VIP: "192.168.10.202", To: "example.net",
			Edits: []audited.Edit{{File: "active/mail/hosts", New: "192.168.10.202 example.net"}, {File: "standby/mail/hosts", New: "192.168.10.202 example.net"}},
			Do:    []audited.Do{{On: "MX1", Hand: audited.EditHosts}, {On: "MX2", Hand: audited.EditHosts}}},
		Class: audited.Mend, Verdict: audited.Asked,
		Mail: &audited.MailGain{Before: audited.MailCost{Messages: 40, Doubled: 0.25, Late: 15.2}, After: audited.MailCost{Messages: 40, Late: 0.3}, AwayBefore: audited.MailCost{Messages: 40, Lost: 0.5, Late: 15.2}, AwayAfter: audited.MailCost{Messages: 40, Late: 0.3}, Away: 0.002}, Score: 75,
	}
	interval := audited.Tried{
		Change: audited.Change{Kind: audited.Interval, From: "30", To: "15", Edits: []audited.Edit{{File: "active/ipwcs.reg", Line: 4, Old: `"Interval"=dword:0000001e`, New: `"Interval"=dword:0000000f`}},
			Do: []audited.Do{{On: "MX1", Command: `reg add HKLM\SOFTWARE\EPOST\IPWCS /v Interval /t REG_DWORD /d 15 /f`}, {On: "MX1", Hand: audited.RestartIPWCS}}},
		Class: audited.Choice, Verdict: audited.Gains, Pairs: 128, Better: 90, Worse: 30, Sign: 1e-7, Gain: audited.Estimate{Value: 60, Low: 40, High: 80}, Score: 60,
	}
	age := audited.Tried{
		Change: audited.Change{Kind: audited.L3Age, Node: "router1", From: "4h", To: "1m30s", Edits: []audited.Edit{
			{File: "cluster.toml", Line: 12, New: `profile = "router1-own"`, Before: `name = "router1"`}, {File: "cluster.toml", New: `[[profile]]`}}},
		Class: audited.Choice, Verdict: audited.Gains, Gain: audited.Estimate{Value: 60, Low: 50, High: 70}, After: 3, Score: 60,
	}
	instead := age
	instead.Change.To, instead.Verdict, instead.After = "10m0s", audited.Instead, 0
	none, costs, unplayed := interval, interval, interval
	none.Change.To, none.Verdict, none.Gain, none.Sign, none.Score = "29", audited.NoGain, audited.Estimate{Value: 1, Low: -2, High: 3}, 0.4, 1
	costs.Change.To, costs.Verdict, costs.Gain, costs.Score = "60", audited.Costs, audited.Estimate{Value: -300, Low: -350, High: -250}, -300
	unplayed.Change.To, unplayed.Verdict, unplayed.Pairs = "1", audited.Unplayed, 0
	return []audited.Tried{task, hosts, interval, age}, []audited.Tried{none, instead, costs, unplayed}
}
