package search

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// plots are faults that show something only together, one after the other, where it says "and" at one time, or "within" a
// time from the one before, at any moment of it: a word of each is a verb, and what follows it stands for what is drawn
// once. A case has one of them besides what is drawn singly. One that speaks of the second VIP needs two, one that speaks
// of a held port a switch without port-fast, one that speaks of age an ARP cache whose entries have one, one of who is
// risen a node whose watcher's recovery has steps, one of who is judged a node whose network Windows takes for a public
// one after a boot or a link's return, one of what is afar a second switch. BOOTED is a boot and a moment, TRIES the time
// in which Windows tries to reach who does not answer, DETECTION that in which it probes for an address. BREAK does a harm
// to a node, WEAK, and MEND undoes it, of each BREAK another; LATER is while that is still tried to reach, or after a take-over.
var plots = []string{
	"BREAK; LATER MEND; BREAK; LATER MEND; BREAK; LATER MEND",
	"BREAK; LATER MEND; BREAK; LATER MEND; BREAK; LATER MEND",
	"BREAK; LATER MEND; BREAK; LATER MEND; BREAK; LATER MEND",
	"BREAK; LATER MEND; BREAK; LATER MEND; BREAK; LATER MEND",
	"BREAK; unplug MASTER; wait FAILOVER; LATER MEND; plug MASTER",
	"BREAK; unplug MASTER; wait FAILOVER; LATER MEND; plug MASTER",
	"unplug MASTER; within FAILOVER BREAK; LATER MEND; plug MASTER",
	"unplug MASTER; within FAILOVER BREAK; LATER MEND; plug MASTER",
	"unplug MASTER; wait FAILOVER; BREAK; plug MASTER; LATER MEND",
	"unplug MASTER; wait FAILOVER; BREAK; plug MASTER; LATER MEND",
	"unplug MASTER; wait FAILOVER; BREAK; plug MASTER; LATER MEND",
	"unplug MASTER; wait FAILOVER; BREAK; and plug MASTER; wait DETECTION; within TRIES MEND",
	"unplug MASTER; wait FAILOVER; block-pipe SLAVE; and plug MASTER; wait DETECTION; within TRIES allow-pipe SLAVE",
	"unplug MASTER; wait FAILOVER; block-pipe SLAVE; and plug MASTER; wait DETECTION; within TRIES allow-pipe SLAVE",
	"BREAK; LATER MEND; within SOON power-off WEAK; power-on WEAK",
	"shutdown NODE; power-on NODE; shutdown NODE; power-on NODE",
	"power-off SWITCH; power-on SWITCH",
	"power-off SWITCH; wait 30s; power-on SWITCH",
	"move-port MACHINE to SWITCH; move-port MACHINE to HOME",
	"move-port NODE to AFAR; within FAILOVER move-port NODE to HOME",
	"unplug NODE; plug NODE; unplug NODE; plug NODE",
	"stop-service active; stop-service standby; start-service active; start-service standby",
	"unplug MASTER; wait FAILOVER; flap SLAVE 2s; plug MASTER",
	"power-off MASTER; wait FAILOVER; delete-address SLAVE; power-on MASTER; wait FAILOVER; power-off MASTER; power-on MASTER",
	"rule drop icmp; wait FAILOVER; unrule 1",
	"kill-service MASTER; and delete-address MASTER SECOND; add-address MASTER SECOND; and add-address SLAVE FIRST",
	"delete-address MASTER SECOND; within COUNT add-address SLAVE FIRST; and add-address MASTER SECOND",
	"unplug NODE; wait COUNT; within DETECTION plug NODE",
	"block-echo NODE; LATER allow-echo NODE; unplug NODE; wait FAILOVER; plug NODE",
	"power-off MASTER; wait 4s; freeze SLAVE; wait FAILOVER; resume SLAVE; power-on MASTER",
	"netsh SLAVE fail; unplug MASTER; wait COUNT; add-address SLAVE FIRST; wait FAILOVER; netsh SLAVE ok",
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
	"power-off JUDGED; and power-on JUDGED; wait BOOTED; within 15s power-off JUDGED; power-on JUDGED",
	"flap JUDGED 2s; wait 2s; within 15s power-off JUDGED; power-on JUDGED",
}

// harms are what is done to a node, and what undoes it.
var harms = [][2]string{
	{"block-pipe WEAK", "allow-pipe WEAK"}, {"block-pipe WEAK", "allow-pipe WEAK"}, {"block-pipe WEAK", "allow-pipe WEAK"}, {"deny-pipe WEAK", "grant-pipe WEAK"},
	{"block-echo WEAK", "allow-echo WEAK"}, {"network WEAK public", "network WEAK domain"},
	{"netsh WEAK fail", "netsh WEAK ok"}, {"netsh WEAK lie", "netsh WEAK ok"},
	{"freeze WEAK", "resume WEAK"}, {"unplug WEAK", "plug WEAK"}, {"stop-service WEAK", "start-service WEAK"},
	{"kill-service WEAK", "start-service WEAK"}, {"power-off WEAK", "power-on WEAK"},
}

// needs are the words of plots that stand for what the cluster lacks, and for what it has and not every one has.
func (d drawing) needs() (lacks, has []string) {
	for _, n := range []struct {
		word string
		any  bool
	}{
		{"SERVER", len(d.servers) > 0}, {"FOREIGN", len(d.servers) > 0}, {"OUTSIDERS", len(d.servers) > 0}, {"SECOND", len(d.vips) > 1}, {"HELD", len(d.held) > 0},
		{"AGED", d.aged > 0}, {"RISEN", len(d.risen) > 0}, {"JUDGED", len(d.judged) > 0}, {"AFAR", len(d.switches) > 1},
	} {
		if n.any {
			has = append(has, n.word)
		} else {
			lacks = append(lacks, n.word)
		}
	}
	return lacks, has
}

// rarePercent is how many of the plots are about something that not every cluster has, where the cluster has any.
const rarePercent = 30

// choose draws the text of a plot that the cluster has all for, and that does not speak of one thing.
func (d drawing) choose(mail bool, not string) string {
	from := plots
	if mail {
		from = mailPlots
	}
	lacks, has := d.needs()
	if not != "" {
		lacks = append(lacks, not)
	}
	from = slices.DeleteFunc(slices.Clone(from), func(text string) bool {
		return slices.ContainsFunc(lacks, func(word string) bool { return strings.Contains(text, word) })
	})
	if !mail && len(has) > 0 && d.chance(rarePercent) {
		word := one(d.draws, has...)
		if some := slices.DeleteFunc(slices.Clone(from), func(text string) bool { return !strings.Contains(text, word) }); len(some) > 0 {
			from = some
		}
	}
	text := one(d.draws, from...)
	if text == hour && !d.chance(hourPercent) {
		text = one(d.draws, from...)
	}
	return text
}

// fill draws what a text leaves open of what is done.
func (d drawing) fill(text string) string {
	halt := one(d.draws, halts...)
	if strings.Contains(text, "DIE") {
		halt = one(d.draws, deaths...)
	}
	return d.harm(strings.NewReplacer("DIE", halt[0], "HALT", halt[0], "GO", halt[1]).Replace(text))
}

// harm draws each harm of a plot, whom it is done to, and for how long it lasts.
func (d drawing) harm(text string) string {
	for weak := ""; strings.Contains(text, "BREAK"); text = strings.ReplaceAll(text, "WEAK", weak) {
		harm := one(d.draws, harms...)
		weak = one(d.draws, "MASTER", "SLAVE", "SLAVE")
		text = strings.Replace(text, "BREAK", harm[0], 1)
		text = strings.Replace(text, "MEND", harm[1], 1)
	}
	for strings.Contains(text, "LATER") {
		text = strings.Replace(text, "LATER", one(d.draws, "within TRIES", "wait FAILOVER; within FAILOVER"), 1)
	}
	return text
}

// plotted draws the plots of a case: one, and with mail another one beside it, for such a case takes long whatever is in
// it. Only one is about another server: what goes there goes one after the other.
func (d drawing) plotted() []Fault {
	mail := d.mail && d.chance(90)
	first := d.choose(mail, "")
	all := d.plot(first, mail)
	if !mail || all[len(all)-1].At > time.Hour {
		return all
	}
	not := anHour
	if strings.Contains(first, "SERVER") {
		not = "SERVER"
	}
	return append(all, d.plot(d.choose(true, not), true)...)
}

// plot draws what a text speaks of.
func (d drawing) plot(text string, mail bool) (all []Fault) {
	text = d.fill(text)
	machine, node := d.below(len(d.machines)), d.below(len(d.nodes))
	home := d.homes[node]
	if strings.Contains(text, "MACHINE") {
		home = d.homes[machine]
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
		"TRIES", tries.String(), "DETECTION", detection.String(),
		"COUNT", (d.interval + d.timeout).String(), "SOON", max(d.interval-detection, time.Second).String(), "CYCLE", cycle.String(),
		"NODE", d.nodes[node], "MACHINE", d.machines[machine], "HOME", home, "SWITCH", one(d.draws, d.switches...), "AFAR", d.maybe(d.but(home)),
		"CLIENT", one(d.draws, d.clients...), "OTHER", one(d.draws, d.clients...), "SERVER", d.maybe(d.servers),
		"PERSON", d.maybe(d.people), "READER", d.maybe(d.people), "LAST", d.last(), "FEW", fmt.Sprint(1+d.below(3)), "HELD", d.maybe(d.held), "RISEN", d.maybe(d.risen), "JUDGED", d.maybe(d.judged),
		"BOOTED", (d.boots + 3*time.Second).String(), "AGED", (d.aged + 5*time.Second).String(), "FOREIGN", d.maybe(d.foreign), "OUTSIDERS", strings.Join(d.foreign, ","),
	)
	at := d.upTo(d.interval)
	for step := range strings.SplitSeq(words.Replace(text), "; ") {
		verb, rest, _ := strings.Cut(step, " ")
		switch verb {
		case "wait":
			wait, _ := time.ParseDuration(rest)
			at += wait
			continue
		case "and":
			verb, rest, _ = strings.Cut(rest, " ")
		case "within":
			most, what, _ := strings.Cut(rest, " ")
			moment, _ := time.ParseDuration(most)
			at += d.upTo(moment)
			verb, rest, _ = strings.Cut(what, " ")
		default:
			if later := d.paused(at, mail); len(all) > 0 {
				at = later
			}
		}
		all = append(all, Fault{at, verb, rest})
	}
	return all
}

// paused is a pause later, which with mail is short.
func (d drawing) paused(at time.Duration, mail bool) time.Duration {
	pause := d.pause()
	if mail {
		return at + min(pause, 4*time.Second)
	}
	return min(at+pause, max(at, 2*d.span()))
}

// but are the switches without that one.
func (d drawing) but(home string) []string {
	return slices.DeleteFunc(slices.Clone(d.switches), func(name string) bool { return name == home })
}

// maybe draws one of them, if there is any.
func (d drawing) maybe(all []string) string {
	if len(all) == 0 {
		return ""
	}
	return one(d.draws, all...)
}
