package script

import (
	"slices"
	"strings"

	"ipwsim/sim/finding"
)

// scope is what an expectation can be narrowed to.
type scope int

const (
	forClient scope = 1 << iota
	ofVIP
)

// expectation is something that can follow `expect`.
type expectation struct {
	word  string
	args  []string // names of the arguments, in brackets if one may be left out; a last one ending in "..." takes the rest of the line
	band  bool     // the first argument is a band of times
	scope scope
	doc   string
	check func(*judge, *Expect) (ok bool, seen []finding.Note)
}

var expectations = []expectation{
	{"failover", []string{"min..max"}, true, forClient | ofVIP, "the holder is lost, and the client is answered again after a time in the band, whoever answers it (P1); a loss that is over before anybody could have taken the VIP is none", (*judge).failover},
	{"failback", []string{"min..max"}, true, forClient | ofVIP, "the master is back, and answers the client, which its peer had served, after a time in the band (P2)", (*judge).failback},
	{"outage", []string{"min..max"}, true, forClient | ofVIP, "for every client that has one, the longest silence of a VIP begun in the stretch lasts a time in the band, and is over when the run ends", (*judge).outage},
	{"holder", []string{"active|standby|none|both"}, false, ofVIP, "who has the VIP Preferred, and is running, when the stretch ends", (*judge).holder},
	{"answered", []string{"client"}, false, ofVIP, "the client's echo request to the VIP would be answered when the stretch ends (P0)", (*judge).answered},
	{"state", []string{"node", "absent|tentative|preferred|duplicate"}, false, ofVIP, "the state of the VIP on the node when the stretch ends (H1)", (*judge).state},
	{"conflict", []string{"node"}, false, ofVIP, "the VIP becomes Duplicate on the node (H3)", (*judge).conflict},
	{"event", []string{"node", "[IPWCS|Tcpip]", "id"}, false, 0, "the node's event log gets an entry with the ID, of source IPWCS (W8) if none is given; of Tcpip are 4198, an address that the node wants is another's, 4199, one that it has is claimed by another, and 4202, its link is lost (H15)", (*judge).event},
	{"pipe", []string{"node", "answer..."}, false, 0, "a request of the node over the pipe ends so: released, not held, refused, or what failed (W15)", (*judge).pipe},
	{"log", []string{"node", "text..."}, false, 0, "a line of the node's watcher holds the text (W10)", (*judge).log},
	{"transcript", []string{"client", "outcomes..."}, false, 0, "the client's ping goes through these outcomes in this order: reply, timeout, unreachable, failure; timeout*4 is exactly four in a row (H9)", (*judge).transcript},
	{"screen", []string{"machine", "text..."}, false, 0, "a line on the machine's command prompt holds the text (H19)", (*judge).screen},
	{"mail", []string{"what", "n|min..max"}, false, 0, "so many are counted in the stretch: copies accepted, one a recipient, and those of them accepted again after a lost 250; copies delivered to mailboxes, relayed to other domains' servers, retried, bounced, read; tries to send that failed, sessions broken. Of the whole run: copies queued at its end, under way (a step done whose rest is not), lost, doubled (P5)", (*judge).mail},
	{"delivery", []string{"min..max"}, true, 0, "each copy of a message accepted in the stretch is in its mailbox, or with its domain's server, after a time in the band; one that is younger than the band when the run ends is not judged", (*judge).delivery},
	{"connect", []string{"client", "address:port", "banner|closed|silent|not-connected"}, false, 0, "how the client's connection to the server went (M3)", (*judge).connect},
	{"finding", []string{"check"}, false, 0, "the check (P1, P2, ...) fails: the scenario shows a weakness on purpose", (*judge).finding},
	{"problem", []string{"kind|text..."}, false, 0, "the cluster's files have an error of that kind, which is played all the same: same-mac, no-interface, wrong-peer, vip-alone, vip-subnet or vip-in-use. Or they have an error or warning that holds the text; an error means then that nothing is run", (*judge).problem},
}

func lookupExpectation(word string) (expectation, bool) {
	i := slices.IndexFunc(expectations, func(e expectation) bool { return e.word == word })
	if i < 0 {
		return expectation{}, false
	}
	return expectations[i], true
}

// usage is the expectation's form, or that of its opposite: a band may then be left out.
func (e expectation) usage(not bool) string {
	s := "expect " + e.word
	if not {
		s = "expect no " + e.word
	}
	for _, a := range e.args {
		switch {
		case optional(a):
			s += " " + a
		case not && e.band:
			s += " [" + a + "]"
		default:
			s += " <" + a + ">"
		}
	}
	if e.scope&forClient != 0 {
		s += " [for <client>]"
	}
	if e.scope&ofVIP != 0 {
		s += " [of <vip>]"
	}
	return s
}

// optional says whether an argument may be left out.
func optional(arg string) bool { return strings.HasPrefix(arg, "[") }

// least is how many arguments there must be.
func (e expectation) least() int {
	n := len(e.args)
	for _, a := range e.args {
		if optional(a) {
			n--
		}
	}
	return n
}
