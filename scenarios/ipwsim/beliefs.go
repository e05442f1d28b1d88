package main

import (
	"ipwsim/reports"
	"ipwsim/scenarios/check"
	"ipwsim/sim/trace"
)

// beliefs are which MAC each host believed each VIP to be, and when that was wrong.
func beliefs(t *trace.Trace) []reports.Belief {
	var all []reports.Belief
	for _, v := range t.Header.VIPs {
		for _, b := range check.Beliefs(t, v.Address) {
			one := reports.Belief{
				Host: b.Host, VIP: v.Address, MAC: b.MAC, Whose: b.Whose, From: b.From, To: b.To, Open: b.Open,
			}
			for _, w := range b.Wrong {
				one.Wrong = append(one.Wrong, reports.Misled{From: w.From, To: w.To, Holders: w.By})
			}
			all = append(all, one)
		}
	}
	return all
}
