package search

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// plots are faults that show something only together, one after the other, or where it says "and" at one time: a word of
// each is a verb, and what follows it stands for what is drawn once. A case has one of them besides what is drawn singly.
// One that speaks of the second VIP needs two, one that speaks of a held port a switch without port-fast,
// one that speaks of age an ARP cache whose entries have one, one of who is risen a node whose watcher's recovery has steps,
// one of who is judged a node whose network Windows takes for a public one after a boot. BOOTED is a boot and a moment.
var plots = []string{
	"freeze NODE; unplug NODE; resume NODE; plug NODE",
	"shutdown NODE; power-on NODE; shutdown NODE; power-on NODE",
	"power-off SWITCH; power-on SWITCH",
	"power-off SWITCH; wait 30s; power-on SWITCH",
	"move-port MACHINE to SWITCH; move-port MACHINE to HOME",
	"move-port NODE to SWITCH; move-port NODE to HOME",
	"unplug NODE; plug NODE; unplug NODE; plug NODE",
	"stop-service active; stop-service standby; start-service active; start-service standby",
	"unplug MASTER; wait FAILOVER; netsh SLAVE fail; plug MASTER; wait FAILOVER; netsh SLAVE ok",
	"unplug MASTER; wait FAILOVER; netsh MASTER fail; plug MASTER; wait FAILOVER; netsh MASTER ok",
	"unplug MASTER; wait FAILOVER; freeze SLAVE; plug MASTER; resume SLAVE",
	"unplug MASTER; wait FAILOVER; unplug SLAVE; plug MASTER; plug SLAVE",
	"unplug MASTER; wait FAILOVER; flap SLAVE 2s; plug MASTER",
	"unplug MASTER; wait FAILOVER; stop-service SLAVE; plug MASTER; start-service SLAVE",
	"unplug MASTER; wait FAILOVER; kill-service SLAVE; plug MASTER; start-service SLAVE",
	"power-off MASTER; wait FAILOVER; delete-address SLAVE; power-on MASTER; wait FAILOVER; power-off MASTER; power-on MASTER",
	"unplug MASTER; wait FAILOVER; block-pipe SLAVE; plug MASTER; wait FAILOVER; allow-pipe SLAVE",
	"rule drop icmp; wait FAILOVER; unrule 1",
	"kill-service MASTER; and delete-address MASTER SECOND; add-address MASTER SECOND; and add-address SLAVE FIRST",
	"block-echo NODE; wait 5s; allow-echo NODE; unplug NODE; wait FAILOVER; plug NODE",
	"power-off MASTER; wait 4s; freeze SLAVE; wait FAILOVER; resume SLAVE; power-on MASTER",
	"netsh SLAVE fail; unplug MASTER; wait FAILOVER; wait FAILOVER; netsh SLAVE ok",
	"netsh SLAVE fail; unplug MASTER; wait COUNT; add-address SLAVE FIRST; wait FAILOVER; netsh SLAVE ok",
	"netsh SLAVE lie; unplug MASTER; wait FAILOVER; wait FAILOVER; netsh SLAVE ok",
	"unplug MASTER; wait FAILOVER; netsh SLAVE lie; plug MASTER; wait FAILOVER; netsh SLAVE ok",
	"unplug MASTER; wait FAILOVER; unplug SLAVE; wait CYCLE; plug SLAVE",
	"unplug MASTER; wait FAILOVER; plug MASTER; wait 3s; stop-service SLAVE; start-service SLAVE",
	"unplug MASTER; wait COUNT; delete-address SLAVE FIRST",
	"unplug MASTER; wait COUNT; stop-service SLAVE; start-service SLAVE",
	"unplug MASTER; wait SOON; plug MASTER",
	"kill-service MASTER; and delete-address MASTER FIRST; add-address SLAVE FIRST; start-service MASTER",
	"stop-service NODE; start-service NODE; stop-service NODE; start-service NODE",
	"flap HELD 2s; wait 3s; flap HELD 2s",
	"unplug MASTER; wait AGED; plug MASTER",
	"power-off MASTER; wait FAILOVER; flap SLAVE 2s; wait AGED; power-on MASTER",
	"kill-service RISEN; wait 1m; kill-service RISEN; wait 1m; kill-service RISEN",
	"kill-service RISEN; wait 1m; power-off RISEN; power-on RISEN; wait BOOTED; wait 1m; kill-service RISEN",
	"power-off JUDGED; and power-on JUDGED; wait BOOTED; power-off JUDGED; power-on JUDGED",
}

// mailPlots are those of a cluster with mail. What makes mail slow comes first, so that others hit it half-way. One that
// speaks of others' mail needs a server outside. LAST is who reads when all is well.
var mailPlots = []string{
	"impair SERVER latency 1s; send CLIENT PERSON FOREIGN count 1 size 150000; wait 14s; kill-mail holder EPSTDS; start-mail holder EPSTDS",
	"impair SERVER latency 1s; send CLIENT PERSON FOREIGN count 1 size 150000; wait 12s; stop-service holder; wait 20s; start-service NODE",
	"impair SERVER latency 1s; send CLIENT PERSON FOREIGN count 1; wait 8s; stop-service holder; wait 20s; start-service NODE",
	"impair SERVER latency 1s; send CLIENT PERSON FOREIGN every 1s count 3; wait 10s; unplug holder; wait 3s; plug MASTER; and plug SLAVE",
	"impair SERVER latency 1s; send CLIENT PERSON FOREIGN count 1 size 150000; wait 16s; power-off holder; wait 20s; power-on NODE",
	"impair SERVER latency 1s; send CLIENT PERSON FOREIGN every 2s count 2; wait 10s; disk read-only; wait 16s; disk ok",
	"impair SERVER latency 1s; send CLIENT PERSON OUTSIDERS count 1; wait 10s; disk read-only; wait 16s; disk ok",
	"share-slow 1s; send CLIENT PERSON READER every 1s count 2; wait 8s; kill-mail holder EPSTDS; share-slow ok; " +
		"read OTHER pop3 READER every 5s; wait 10s; start-mail holder EPSTDS",
	"outside SERVER defers; send CLIENT PERSON FOREIGN count 1; wait 10s; stop-service holder; wait 30s; outside SERVER takes",
	"impair CLIENT latency 200ms from CLIENT; read CLIENT pop3 READER every 5s; send OTHER PERSON READER every 700ms count 40",
	"send CLIENT PERSON READER every 1s count 8; disk full; wait 3s; disk ok",
	"share-slow 1s; send CLIENT PERSON READER every 700ms count 8; wait 4s; disk read-only; wait 4s; disk ok; share-slow ok",
	"send OTHER PERSON LAST every 700ms count 20; wait 10s; share-slow 1s; read CLIENT pop3 LAST every 5s; wait 8s; " +
		"share-account changed; wait 8s; share-account ok; share-slow ok",
	"unplug SERVER; send CLIENT PERSON FOREIGN count 1; wait 40s; plug SERVER",
	"freeze holder; wait 12s; resume NODE; send CLIENT PERSON FOREIGN count 2",
	"share-crash remove FEW; send CLIENT PERSON READER every 2s count 4; wait 30s; share-boot",
	hour,
}

// hour is how long EPSTDS tries at the least. The plot takes the time of many, so few of those drawn are played.
const (
	hour        = "outside SERVER defers; send CLIENT PERSON FOREIGN count 1; wait 65m; outside SERVER takes"
	hourPercent = 40
)

// plot draws one, and what it is about.
func (d drawing) plot() (all []Fault) {
	from, mail := plots, d.mail && d.chance(90)
	if mail {
		from = mailPlots
	}
	from = slices.DeleteFunc(slices.Clone(from), func(text string) bool {
		outside := strings.Contains(text, "SERVER") || strings.Contains(text, "FOREIGN") || strings.Contains(text, "OUTSIDERS")
		return outside && len(d.servers) == 0 || strings.Contains(text, "SECOND") && len(d.vips) == 1 || strings.Contains(text, "HELD") && len(d.held) == 0 ||
			strings.Contains(text, "AGED") && d.aged == 0 || strings.Contains(text, "RISEN") && len(d.risen) == 0 ||
			strings.Contains(text, "JUDGED") && len(d.judged) == 0
	})
	machine := d.below(len(d.machines))
	node := d.below(len(d.nodes))
	text, home := one(d.draws, from...), d.homes[machine]
	if text == hour && !d.chance(hourPercent) {
		text = one(d.draws, from...)
	}
	if !strings.Contains(text, "MACHINE") {
		home = d.homes[node]
	}
	master, slave := d.nodes[0], d.nodes[1]
	if d.master != "" {
		master, slave = d.master, d.slave()
	}
	failover := (d.interval + 2*d.timeout + d.queue() + detection).Truncate(time.Second)
	cycle := d.interval
	for _, set := range d.settings {
		cycle = max(cycle, min(set.ReleaseCycle(), 3*time.Minute))
	}
	words := strings.NewReplacer(
		"MASTER", master, "SLAVE", slave, "FIRST", d.vips[0], "SECOND", d.vips[len(d.vips)-1], "FAILOVER", failover.String(),
		"COUNT", (d.interval + d.timeout).String(), "SOON", max(d.interval-detection, time.Second).String(), "CYCLE", cycle.String(),
		"NODE", d.nodes[node], "MACHINE", d.machines[machine], "HOME", home, "SWITCH", one(d.draws, d.switches...),
		"CLIENT", one(d.draws, d.clients...), "OTHER", one(d.draws, d.clients...), "SERVER", d.maybe(d.servers),
		"PERSON", d.maybe(d.people), "READER", d.maybe(d.people), "LAST", d.last(), "FEW", fmt.Sprint(1+d.below(3)), "HELD", d.maybe(d.held), "RISEN", d.maybe(d.risen), "JUDGED", d.maybe(d.judged),
		"BOOTED", (d.boots + 3*time.Second).String(), "AGED", (d.aged + 5*time.Second).String(), "FOREIGN", d.maybe(d.foreign), "OUTSIDERS", strings.Join(d.foreign, ","),
	)
	at := d.upTo(d.interval)
	last := at
	for step := range strings.SplitSeq(words.Replace(text), "; ") {
		verb, rest, _ := strings.Cut(step, " ")
		if verb == "wait" {
			wait, _ := time.ParseDuration(rest)
			at += wait
			continue
		}
		if verb == "and" {
			at = last
			verb, rest, _ = strings.Cut(rest, " ")
		}
		all, last = append(all, Fault{at, verb, rest}), at
		if of := d.pause(); mail {
			at += min(of, 4*time.Second)
		} else {
			at = min(at+of, max(at, 2*d.span()))
		}
	}
	return all
}

// maybe draws one of them, if there is any.
func (d drawing) maybe(all []string) string {
	if len(all) == 0 {
		return ""
	}
	return one(d.draws, all...)
}

// traffic is what people do with mail: they write to each other and to others, and read.
func (d drawing) traffic() (all []Fault) {
	for range 1 + d.below(2) {
		all = append(all, Fault{d.upTo(d.timeout), "send", d.send()}, Fault{d.upTo(d.timeout), "read", d.read()})
	}
	return all
}

func (d drawing) send() string {
	if !d.mail {
		return ""
	}
	all := slices.Concat(d.people, d.foreign)
	d.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	to := strings.Join(all[:1+d.below(min(3, len(all)))], ",")
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
