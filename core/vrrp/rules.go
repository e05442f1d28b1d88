package vrrp

import "ipwsim/core"

// rules are what the reasons follow from that IPWatcher has by rules of its own.
var rules = map[core.Reason]string{
	core.WhyAddFailed: "V6", core.WhyNotAdded: "V6", core.WhyTakenOver: "V6", core.WhyFound: "V8", core.WhyGone: "V8", core.WhyGiven: "V8",
}

// Rule is the number of the rule that the reason follows from here: "V2".
func Rule(why core.Reason) string {
	if rule := rules[why]; rule != "" {
		return rule
	}
	return why.Rule()
}
