package core

// Reason is why a watcher changed its mind about a VIP.
type Reason string

// The reasons, in the order of a watcher's life.
const (
	WhyAtStart     Reason = "start"        // everything is released at the start
	WhyFirstCheck  Reason = "first check"  // the start is over
	WhyAtStop      Reason = "stop"         // everything is released at the stop
	WhyFree        Reason = "free"         // no answer for a whole interval
	WhyYielded     Reason = "yielded"      // no answer for two intervals
	WhyGranted     Reason = "granted"      // the peer released it
	WhyAdded       Reason = "added"        // added and usable
	WhyAddFailed   Reason = "add failed"   // the add command failed
	WhyNotAdded    Reason = "not added"    // the add command did nothing
	WhyConflict    Reason = "conflict"     // another host holds it
	WhyFound       Reason = "found"        // usable on the interface, whoever added it
	WhyStillUsable Reason = "still usable" // usable after the delete
	WhyTakenOver   Reason = "taken over"   // another host took it meanwhile
	WhyGone        Reason = "gone"         // not on the interface any more
	WhyAsked       Reason = "asked"        // the master asks for it
	WhyCycle       Reason = "cycle"        // the release cycle is over
	WhyGiven       Reason = "given up"     // the release is over

	// Of VRRP alone.
	WhyMasterDown Reason = "master down" // no advertisement for three intervals and the skew time
	WhyResigned   Reason = "resigned"    // the master said that it stops; the skew time is over
	WhyOutranked  Reason = "outranked"   // an advertisement of a higher priority
	WhyLinkLost   Reason = "link lost"   // the network under the interface is gone
)

// Reasons are all of them.
var Reasons = []Reason{
	WhyAtStart, WhyFirstCheck, WhyAtStop, WhyFree, WhyYielded, WhyGranted, WhyAdded, WhyAddFailed, WhyNotAdded, WhyConflict,
	WhyFound, WhyStillUsable, WhyTakenOver, WhyGone, WhyAsked, WhyCycle, WhyGiven,
}

// rules are what the reasons follow from.
var rules = map[Reason]string{
	WhyAtStart:     "W5",
	WhyFirstCheck:  "W5",
	WhyAtStop:      "W6",
	WhyFree:        "W12",
	WhyYielded:     "W13",
	WhyGranted:     "W16",
	WhyAdded:       "W8",
	WhyAddFailed:   "W11",
	WhyNotAdded:    "W11",
	WhyConflict:    "W20",
	WhyFound:       "W19",
	WhyStillUsable: "W19",
	WhyTakenOver:   "W19",
	WhyGone:        "W11",
	WhyAsked:       "W15",
	WhyCycle:       "W18",
	WhyGiven:       "W11",
	WhyMasterDown:  "V2",
	WhyResigned:    "V4",
	WhyOutranked:   "V3",
	WhyLinkLost:    "V5",
}

// Rule is the number of the rule that the reason follows from: "W12".
func (r Reason) Rule() string { return rules[r] }
