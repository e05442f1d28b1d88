package script

// line is a statement that begins with another word than a verb, and what reads it.
type line struct {
	word string
	read func(p *parser, n int, words []string)
}

func lines() []line {
	return []line{
		{"cluster", (*parser).cluster},
		{"seed", (*parser).seed},
		{"ties", (*parser).ties},
		{"allow", (*parser).allow},
		{"at", (*parser).at},
		{"expect", (*parser).expect},
		{"end", (*parser).end},
	}
}

// statement is a form of a line, for those who read about it.
type statement struct {
	usage string
	doc   string
}

var statements = []statement{
	{"cluster <name> [cold]", "comes first: the cluster's folder, beside the scenario or a shipped one, or any name when the scenario holds all files itself. `cluster any` is for scenarios that fit every cluster: `run --all --cluster DIR` runs those; without --cluster they are played on guide. The cluster was started long enough before time 0 to have settled; with `cold` its nodes have no power at time 0"},
	{"seed <n>", "the seed, unless the command line gives one; else the cluster's own"},
	{"at <time> <fault>", "do the fault at that virtual time, as 20s, 1m30s or 1h"},
	{"at <time> every <time> until <time> <fault>", "do it at the first time, and again each so long, the last time at that time at the latest: `at 20s every 7s until 2m flap active 1s`. Lines below may name times between"},
	{"expect [no] <what>", "what must hold, or must not, in the stretch from the `at` above to the next later one, or to the end; after `no` a band can be left out: none at all"},
	{"expect failover|failback|outage <p50|p90|p95|p99|max> < <time> [for <client>] [of <vip>]", "of the runs of `ipwsim run --seeds`, such a part takes less than the time: p99 are 99 in 100. Each seed counts with its longest time; a single run, which decides nothing about it, passes"},
	{"at <time> try <fault>", "do it if it can be done then; else it is left out, where without `try` the scenario would be wrong"},
	{"allow <check>... [until <time>]", "the scenario is not about these checks (P1, P2, ...): what they find, or find before that time, is told and does not fail it"},
	{"ties drawn", "what happens on different machines and cables in one instant happens in an order drawn from the seed, not in that of its planning"},
	{"end <time>", "when the run ends; else a minute after the last `at`"},
	{"# text", "a comment; the first is the scenario's title, one that begins with `ja:` its Japanese title"},
}
