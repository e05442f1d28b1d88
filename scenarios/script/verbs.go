package script

// statement is a verb that is no fault.
type statement struct {
	usage string
	doc   string
}

var statements = []statement{
	{"cluster <name> [cold]", "comes first: the cluster's folder, beside the scenario or a shipped one, or any name when the scenario holds all files itself. The cluster was started long enough before time 0 to have settled; with `cold` its nodes have no power at time 0"},
	{"seed <n>", "the seed, unless the command line gives one; else the cluster's own"},
	{"at <time> <fault>", "do the fault at that virtual time, as 20s, 1m30s or 1h"},
	{"at <time> rule [maybe] <verdict> [what] [clause...]", "from then on drop, delay <duration> or duplicate <copies> packets. What: `arp` [probe|announcement|request|reply], `icmp` [echo|reply], `ip`, `tcp`, `udp` or `type` <number>. Clauses: `on` <cable>, `from` or `to` <station>, after arp `sender` or `target` <address>, after the others `src` or `dst` <address>, for tcp and udp `sport`, `dport` or `port` <number>, and one of `first`, `nth`, `every` <n>. A rule that meets no packet fails the scenario, but with `maybe`. P1 to P4 and P7 leave unjudged what a rule may have changed, except rules on ARP and those that drop all ICMP they name"},
	{"[at <time>] ping <client> <vip|address>", "start `ping -t` on the client, at time 0 unless said"},
	{"[at <time>] " + sendUsage, "start a mail program that sends one message after the other, each until a server has taken it: every 10s unless said, until the run ends, to each of the recipients in turn, to the domain's address or the VIP"},
	{"[at <time>] " + readUsage, "start a mail program that looks for new mail, every 30s unless said, and deletes what it has read, unless it is to keep it"},
	{"[at <time>] connect <client> <address:port>", "open a connection and wait for a word from the server, as with telnet"},
	{"expect [no] <what>", "what must hold, or must not, in the stretch from the `at` above to the next later one, or to the end; after `no` a band can be left out: none at all"},
	{"end <time>", "when the run ends; else a minute after the last `at`"},
	{"# text", "a comment; the first is the scenario's title"},
}

// expectation is something that can follow `expect`.
type expectation struct {
	word  string
	args  []string // names of the arguments; a last one ending in "..." takes the rest of the line
	band  bool     // the first argument is a band of times
	doc   string
	check func(*judge, Expect) (ok bool, seen string)
}

var expectations = []expectation{
	{"failover", []string{"min..max"}, true, "the holder is lost, and another node answers every client after a time in the band (P1)", (*judge).failover},
	{"failback", []string{"min..max"}, true, "the master is back, and answers every client after a time in the band (P2)", (*judge).failback},
	{"outage", []string{"min..max"}, true, "for every client that has one, the longest silence of a VIP begun in the stretch lasts a time in the band, and is over when the run ends", (*judge).outage},
	{"holder", []string{"active|standby|none|both"}, false, "who has the VIP Preferred, and is running, when the stretch ends", (*judge).holder},
	{"answered", []string{"client"}, false, "the client's echo request to the VIP would be answered when the stretch ends (P0)", (*judge).answered},
	{"state", []string{"node", "absent|tentative|preferred|duplicate"}, false, "the state of the VIP on the node when the stretch ends (H1)", (*judge).state},
	{"conflict", []string{"node"}, false, "the VIP becomes Duplicate on the node (H3)", (*judge).conflict},
	{"event", []string{"node", "id"}, false, "the node's event log gets an entry of source IPWCS with the ID (W8)", (*judge).event},
	{"pipe", []string{"node", "answer..."}, false, "a request of the node over the pipe ends so: released, not held, refused, or what failed (W15)", (*judge).pipe},
	{"log", []string{"node", "text..."}, false, "a line of the node's watcher holds the text (W10)", (*judge).log},
	{"transcript", []string{"client", "outcomes..."}, false, "the client's ping goes through these outcomes in this order: reply, timeout, unreachable, failure (H9)", (*judge).transcript},
	{"mail", []string{"what", "n|min..max"}, false, "so many are counted in the stretch: copies accepted, one a recipient, and those of them accepted again after a lost 250; copies delivered to mailboxes, relayed to other domains' servers, retried, bounced, read; tries to send that failed, sessions broken. Of the whole run: copies queued at its end, lost, doubled (P5)", (*judge).mail},
	{"delivery", []string{"min..max"}, true, "each copy of a message accepted in the stretch is in its mailbox, or with its domain's server, after a time in the band", (*judge).delivery},
	{"connect", []string{"client", "address:port", "banner|closed|silent|not-connected"}, false, "how the client's connection to the server went (M3)", (*judge).connect},
	{"finding", []string{"check"}, false, "the check (P1, P2, ...) fails: the scenario shows a weakness on purpose", (*judge).finding},
	{"problem", []string{"text..."}, false, "the cluster's files have an error or warning that holds the text; an error means that nothing is run", (*judge).problem},
}

func lookupExpectation(word string) (expectation, bool) {
	for _, e := range expectations {
		if e.word == word {
			return e, true
		}
	}
	return expectation{}, false
}

// usage is the expectation's form, or that of its opposite: a band may then be left out.
func (e expectation) usage(not bool) string {
	s := "expect " + e.word
	if not {
		s = "expect no " + e.word
	}
	for _, a := range e.args {
		if not && e.band {
			s += " [" + a + "]"
		} else {
			s += " <" + a + ">"
		}
	}
	return s
}
