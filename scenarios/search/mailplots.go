package search

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// mailPlots are those of a cluster with mail. What makes mail slow comes first, so that others hit it half-way: HALT does
// something to who is at work, and GO undoes it. One that speaks of others' mail needs a server outside. LAST is who
// reads when all is well. OPENER is who is at work where the share keeps open what a dead node had open.
var mailPlots = []weighted[string]{
	{2, "impair SERVER latency 1s; send CLIENT PERSON FOREIGN every 1s count 3 size 150000; wait 14s; within 14s DIE; wait 20s; GO"},
	{2, "impair SERVER latency 1s; send CLIENT PERSON FOREIGN every 1s count 3 size 150000; wait 6s; within 24s HALT; wait 20s; GO"},
	{1, "impair SERVER latency 1s; send CLIENT PERSON FOREIGN every 1s count 3; wait 6s; within 8s unplug holder; wait 3s; plug MASTER; and plug SLAVE"},
	{1, "impair SERVER latency 1s; send CLIENT PERSON OUTSIDERS every 1s count 2; wait 4s; within 20s HALT; wait 20s; GO"},
	{1, "impair SERVER latency 1s; send CLIENT PERSON OUTSIDERS every 1s count 2; wait 8s; within 8s disk read-only; wait 16s; disk ok"},
	{1, "impair SERVER latency 1s; send CLIENT PERSON FOREIGN every 2s count 2; wait 8s; within 8s disk read-only; wait 16s; disk ok"},
	{2, "share-slow 1s; send CLIENT PERSON READER every 700ms count 8; read OTHER pop3 READER every 5s; within 16s DIE; and share-slow ok; wait 8s; GO"},
	{4, "share-slow 1s; send CLIENT PERSON READER every 700ms count 8; within 16s power-off OPENER; and share-slow ok; wait 8s; " +
		"power-on active; and power-on standby"},
	{1, "share-slow 1s; send CLIENT PERSON READER every 1s count 2; wait 6s; within 4s DIE; share-slow ok; read OTHER pop3 READER every 5s; wait 10s; GO"},
	{1, "share-slow 1s; send CLIENT PERSON READER every 700ms count 8; read OTHER pop3 READER every 5s; within 16s HALT; wait 8s; GO; share-slow ok"},
	{1, "outside SERVER defers; send CLIENT PERSON FOREIGN count 1; wait 10s; HALT; wait 30s; GO; outside SERVER takes"},
	{1, "impair CLIENT latency 200ms from CLIENT; read CLIENT pop3 READER every 5s; send OTHER PERSON READER every 700ms count 40"},
	{1, "send CLIENT PERSON READER every 1s count 8; disk full; wait 3s; disk ok"},
	{1, "share-slow 1s; send CLIENT PERSON READER every 700ms count 8; wait 4s; disk read-only; wait 4s; disk ok; share-slow ok"},
	{1, "send OTHER PERSON LAST every 700ms count 20; wait 10s; share-slow 1s; read CLIENT pop3 LAST every 5s; wait 8s; " +
		"share-account changed; wait 8s; share-account ok; share-slow ok"},
	{3, "unplug SERVER; send CLIENT PERSON FOREIGN count 1; wait 40s; plug SERVER"},
	{1, "freeze holder; wait 12s; resume active; and resume standby; send CLIENT PERSON FOREIGN count 2"},
	{1, "freeze holder; wait 12s; resume active; and resume standby; send CLIENT PERSON FOREIGN count 1; wait 1m; " +
		"freeze holder; wait 12s; resume active; and resume standby; send CLIENT PERSON FOREIGN count 2"},
	{1, "share-crash remove FEW; send CLIENT PERSON READER every 2s count 4; wait 30s; share-boot"},
	{2, asleep},
	{1, hour},
}

// deaths are what ends who is at work half-way, and what lets another go on. halts are that, and what only stops it.
var (
	deaths = []weighted[[2]string]{
		{1, [2]string{"power-off holder", "power-on active; and power-on standby"}},
		{1, [2]string{"kill-mail holder EPSTDS", "start-mail active; and start-mail standby"}},
	}
	halts = slices.Concat(deaths, []weighted[[2]string]{
		{2, [2]string{"stop-service holder", "start-service active; and start-service standby"}},
		{1, [2]string{"unplug holder", "plug MASTER; and plug SLAVE"}},
		{1, [2]string{"freeze holder", "resume active; and resume standby"}},
		{1, [2]string{"disk read-only", "disk ok"}},
		{1, [2]string{"disk full", "disk ok"}},
		{1, [2]string{"share-session holder", "share-slow ok"}},
		{1, [2]string{"share-account changed", "share-account ok"}},
	})
)

// hour is how long EPSTDS tries at the least. The plots take the time of many, so few of those drawn are played; one in
// which nobody is at work takes less.
const (
	hour   = "outside SERVER defers; send CLIENT PERSON FOREIGN count 1; wait " + anHour + "; outside SERVER takes"
	asleep = "outside SERVER defers; send CLIENT PERSON FOREIGN count 1; wait 10s; freeze active; and freeze standby; wait " + anHour + "; " +
		"resume active; and resume standby; wait 90s; outside SERVER takes"
	anHour      = "65m"
	hourPercent = 10
)

// shared has each node have its VIP where mail works on both, and look at the queue at a time of its own: then a copy is in the
// hands of one while the other takes it out.
const shared = "delete-address SLAVE FIRST; and delete-address MASTER SECOND; within 1s add-address MASTER FIRST; and add-address SLAVE SECOND; " +
	"and kill-mail SLAVE EPSTDS; wait 4s; within 3s start-mail SLAVE; and impair SERVER latency 130ms; " +
	"and send CLIENT PERSON FOREIGN every 700ms count 8; wait 12s; impair SERVER none"

// traffic is what people do with mail: they write to each other and to others, and read; but nobody reads for an hour, and
// where a plot's mail for others is slow it often does not wait behind what they have written.
func (d drawing) traffic(plot []Fault) (all []Fault) {
	to := slices.Concat(d.people, d.foreign)
	if slices.ContainsFunc(plot, func(f Fault) bool { return f.Verb == "impair" && strings.HasSuffix(f.Rest, " latency 1s") }) && d.chance(50) {
		to = d.people
	}
	for range 1 + d.below(2) {
		all = append(all, Fault{d.upTo(d.timeout), "send", d.sendTo(to)})
		if len(plot) == 0 || plot[len(plot)-1].At < time.Hour {
			all = append(all, Fault{d.upTo(d.timeout), "read", d.read()})
		}
	}
	if len(d.namesakes) > 0 && d.chance(50) { // each of them reads what they all get
		all = append(all, Fault{d.upTo(d.timeout), "send", fmt.Sprintf("%s %s %s every 5s count 3 each %d",
			one(d.draws, d.clients...), one(d.draws, d.people...), strings.Join(d.namesakes, ","), len(d.namesakes))})
		for _, person := range d.namesakes {
			all = append(all, Fault{d.upTo(d.timeout), "read", fmt.Sprintf("%s pop3 %s every 15s", one(d.draws, d.clients...), person)})
		}
	}
	return all
}

func (d drawing) send() string {
	if !d.mail {
		return ""
	}
	return d.sendTo(slices.Concat(d.people, d.foreign))
}

// sendTo draws somebody who sends to some of them. Where people share a name they get the same letters, and some are for
// nobody, too.
func (d drawing) sendTo(all []string) string {
	all = slices.Clone(all)
	d.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	some := all[:1+d.below(min(3, len(all)))]
	if len(d.namesakes) > 0 && d.chance(40) {
		some = append(slices.Clone(d.namesakes), some...)
		some = slices.DeleteFunc(some, func(person string) bool { return nameOf(person) != nameOf(some[0]) && d.chance(50) })
		slices.Sort(some)
		some = slices.Compact(some)
		d.Shuffle(len(some), func(i, j int) { some[i], some[j] = some[j], some[i] })
	}
	if len(d.namesakes) > 0 && d.chance(40) {
		_, domain, _ := strings.Cut(d.people[0], "@")
		some = slices.Insert(slices.Clone(some), d.below(len(some)+1), "nobody@"+domain)
	}
	to := strings.Join(some, ",")
	each := ""
	if n := 1 + strings.Count(to, ","); n > 1 && d.chance(60) {
		each = fmt.Sprint(" each ", n)
	}
	return fmt.Sprintf("%s %s %s every %s count %d%s", one(d.draws, d.clients...), one(d.draws, d.people...), to,
		one(d.draws, "700ms", "2s", "5s"), 1+d.below(8), each)
}

func (d drawing) read() string {
	if !d.mail {
		return ""
	}
	return fmt.Sprintf("%s %s %s every %s", one(d.draws, d.clients...), one(d.draws, "imap", "pop3"), one(d.draws, d.people...), one(d.draws, "15s", "30s"))
}
