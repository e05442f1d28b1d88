package conform

import "ipwsim/sim/finding"

// statement is something that a watcher must do, or must not: what is said of one that does not keep to it.
type statement = finding.Note

// The statements, in the order of their rules.
var (
	startReleases = &statement{Kind: "p10.start", Rules: []string{"W5"}}
	doneEarly     = &statement{Kind: "p10.early", Rules: []string{"W5"}}
	pipeOpens     = &statement{Kind: "p10.open", Rules: []string{"W5"}}
	firstPoll     = &statement{Kind: "p10.first-poll", Rules: []string{"W5"}}
	flushes       = &statement{Kind: "p10.flush", Rules: []string{"W5"}}
	stopReleases  = &statement{Kind: "p10.stop", Rules: []string{"W6"}}
	doneAfter     = &statement{Kind: "p10.after", Rules: []string{"W6"}}
	ends          = &statement{Kind: "p10.end", Rules: []string{"W6"}}
	endsEarly     = &statement{Kind: "p10.ends", Rules: []string{"W6"}}
	pipeMoves     = &statement{Kind: "p10.pipe", Rules: []string{"W5", "W6"}}
	eventMissing  = &statement{Kind: "p10.event", Rules: []string{"W8"}}
	eventWithout  = &statement{Kind: "p10.events", Rules: []string{"W8"}}
	pollLate      = &statement{Kind: "p10.poll", Rules: []string{"W11"}}
	pollEarly     = &statement{Kind: "p10.polls", Rules: []string{"W11"}}
	takeLate      = &statement{Kind: "p10.take", Rules: []string{"W12", "W13"}}
	takeEarly     = &statement{Kind: "p10.takes", Rules: []string{"W12"}}
	yieldShort    = &statement{Kind: "p10.yield", Rules: []string{"W13"}}
	saysReleased  = &statement{Kind: "p10.released", Rules: []string{"W15"}}
	saysNotHeld   = &statement{Kind: "p10.not-held", Rules: []string{"W15"}}
	answerEarly   = &statement{Kind: "p10.answer-early", Rules: []string{"W15"}}
	answerTwice   = &statement{Kind: "p10.answers", Rules: []string{"W15"}}
	answerChanged = &statement{Kind: "p10.answer-changed", Rules: []string{"W15"}}
	askedKept     = &statement{Kind: "p10.kept", Rules: []string{"W15"}}
	masterAsks    = &statement{Kind: "p10.ask", Rules: []string{"W16"}}
	asksWithout   = &statement{Kind: "p10.asks", Rules: []string{"W16", "W17"}}
	pollAtOnce    = &statement{Kind: "p10.poll-at-once", Rules: []string{"W16"}}
	grantedLate   = &statement{Kind: "p10.granted", Rules: []string{"W16"}}
	assertLate    = &statement{Kind: "p10.assert", Rules: []string{"W17"}}
	cycleLate     = &statement{Kind: "p10.cycle", Rules: []string{"W18"}}
	deletes       = &statement{Kind: "p10.deletes", Rules: []string{"W19"}}
	duplicateKept = &statement{Kind: "p10.duplicate", Rules: []string{"W19"}}
	conflictKept  = &statement{Kind: "p10.conflict", Rules: []string{"W20"}}
	refuses       = &statement{Kind: "p10.refused", Rules: []string{"W21"}}
)

// The statements about VRRP, likewise.
var (
	vrrpStart     = &statement{Kind: "p10.v-start", Rules: []string{"V1", "W5"}}
	vrrpEarly     = &statement{Kind: "p10.v-early", Rules: []string{"V1", "W5"}}
	vrrpJoin      = &statement{Kind: "p10.v-join", Rules: []string{"V1"}}
	vrrpAstray    = &statement{Kind: "p10.v-astray", Rules: []string{"V1"}}
	advertLate    = &statement{Kind: "p10.v-advert", Rules: []string{"V1"}}
	advertEarly   = &statement{Kind: "p10.v-adverts", Rules: []string{"V1"}}
	advertWrong   = &statement{Kind: "p10.v-content", Rules: []string{"V1"}}
	priorityWrong = &statement{Kind: "p10.v-priority", Rules: []string{"V1", "V6"}}
	masterLate    = &statement{Kind: "p10.v-master", Rules: []string{"V2"}}
	masterAstray  = &statement{Kind: "p10.v-masters", Rules: []string{"V2", "V3"}}
	addLate       = &statement{Kind: "p10.v-add", Rules: []string{"V2"}}
	addAstray     = &statement{Kind: "p10.v-adds", Rules: []string{"V2"}}
	announceLate  = &statement{Kind: "p10.v-announce", Rules: []string{"V2"}}
	announceWrong = &statement{Kind: "p10.v-announces", Rules: []string{"V2"}}
	lowerUntold   = &statement{Kind: "p10.v-lower", Rules: []string{"V3"}}
	lowerLeft     = &statement{Kind: "p10.v-lower-announce", Rules: []string{"V3"}}
	outrankedKept = &statement{Kind: "p10.v-outranked", Rules: []string{"V3"}}
	vrrpStop      = &statement{Kind: "p10.v-stop", Rules: []string{"V4", "W6"}}
	vrrpAfter     = &statement{Kind: "p10.v-after", Rules: []string{"V4", "W6"}}
	resignsNot    = &statement{Kind: "p10.v-resign", Rules: []string{"V4"}}
	resignedLate  = &statement{Kind: "p10.v-resigned", Rules: []string{"V4"}}
	resignedTold  = &statement{Kind: "p10.v-resigned-told", Rules: []string{"V4"}}
	vrrpEnd       = &statement{Kind: "p10.v-end", Rules: []string{"V1", "W6"}}
	vrrpEnds      = &statement{Kind: "p10.v-ends", Rules: []string{"V4", "W6"}}
	unlinkedKept  = &statement{Kind: "p10.v-link", Rules: []string{"V5"}}
	failedUntold  = &statement{Kind: "p10.v-failed", Rules: []string{"V6"}}
	failedKept    = &statement{Kind: "p10.v-failed-kept", Rules: []string{"V6"}}
	againLate     = &statement{Kind: "p10.v-again", Rules: []string{"V8"}}
	foundKept     = &statement{Kind: "p10.v-found", Rules: []string{"V8"}}
	deleteAstray  = &statement{Kind: "p10.v-deletes", Rules: []string{"V8"}}
)

// Statements are all of them.
var Statements = []*statement{
	startReleases, doneEarly, pipeOpens, firstPoll, flushes, stopReleases, doneAfter, ends, endsEarly,
	pipeMoves, eventMissing, eventWithout, pollLate, pollEarly, takeLate, takeEarly, yieldShort, saysReleased,
	saysNotHeld, answerEarly, answerTwice, answerChanged, askedKept, masterAsks, asksWithout, pollAtOnce,
	grantedLate, assertLate, cycleLate, deletes, duplicateKept, conflictKept, refuses,

	vrrpStart, vrrpEarly, vrrpJoin, vrrpAstray, advertLate, advertEarly, advertWrong, priorityWrong, masterLate,
	masterAstray, addLate, addAstray, announceLate, announceWrong, lowerUntold, lowerLeft, outrankedKept, vrrpStop,
	vrrpAfter, resignsNot, resignedLate, resignedTold, vrrpEnd, vrrpEnds, unlinkedKept, failedUntold, failedKept, againLate,
	foundKept, deleteAstray,
}
