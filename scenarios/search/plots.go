package search

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// A plot is a few faults that show something only together; a case has one of them beside what is drawn singly. Its steps,
// parted by semicolons, come one after the other with a drawn pause between: `wait` passes a time, `and` is at the time of
// the step before, `within` at any moment of a time after it. Words in capitals stand for what is drawn once:
//
//	BREAK, MEND          a harm to the node WEAK, and its end; of each BREAK another
//	LATER                while that is still tried to reach, or after a take-over
//	TRIES, DETECTION     the time in which Windows tries to reach who does not answer; probes for an address
//	FAILOVER, COUNT      how long a failover takes; until a watcher has counted an Interval
//	SOON, CYCLE          before that count is over; until a slave gives up what its master asks for in vain
//	BOOTED               a boot and a moment
//	FIRST, SECOND        VIPs; SECOND needs two
//	AFAR                 a second switch
//	AGED                 the life of an ARP entry
//	HELD                 a machine whose port waits for spanning tree
//	RISEN                a node whose watcher's recovery has steps
//	JUDGED               a node whose network Windows takes for a public one after a boot or a link's return
//	RANKED               a node with VRRP
var plots = []weighted[string]{
	{4, "BREAK; LATER MEND; BREAK; LATER MEND; BREAK; LATER MEND"},
	{2, "BREAK; unplug MASTER; wait FAILOVER; LATER MEND; plug MASTER"},
	{2, "unplug MASTER; within FAILOVER BREAK; LATER MEND; plug MASTER"},
	{3, "unplug MASTER; wait FAILOVER; BREAK; plug MASTER; LATER MEND"},
	{1, "unplug MASTER; wait FAILOVER; BREAK; and plug MASTER; wait DETECTION; within TRIES MEND"},
	{2, "unplug MASTER; wait FAILOVER; block-pipe SLAVE; and plug MASTER; wait DETECTION; within TRIES allow-pipe SLAVE"},
	{1, "BREAK; LATER MEND; within SOON power-off WEAK; power-on WEAK"},
	{1, "shutdown NODE; power-on NODE; shutdown NODE; power-on NODE"},
	{1, "power-off SWITCH; power-on SWITCH"},
	{1, "power-off SWITCH; wait 30s; power-on SWITCH"},
	{1, "move-port MACHINE to SWITCH; move-port MACHINE to HOME"},
	{1, "move-port NODE to AFAR; within FAILOVER move-port NODE to HOME"},
	{1, "unplug NODE; plug NODE; unplug NODE; plug NODE"},
	{1, "stop-service active; stop-service standby; start-service active; start-service standby"},
	{1, "unplug MASTER; wait FAILOVER; flap SLAVE 2s; plug MASTER"},
	{1, "power-off MASTER; wait FAILOVER; delete-address SLAVE; power-on MASTER; wait FAILOVER; power-off MASTER; power-on MASTER"},
	{1, "rule drop icmp; wait FAILOVER; unrule 1"},
	{1, "kill-service MASTER; and delete-address MASTER SECOND; add-address MASTER SECOND; and add-address SLAVE FIRST"},
	{1, "delete-address MASTER SECOND; within COUNT add-address SLAVE FIRST; and add-address MASTER SECOND"},
	{1, "unplug NODE; wait COUNT; within DETECTION plug NODE"},
	{1, "block-echo NODE; LATER allow-echo NODE; unplug NODE; wait FAILOVER; plug NODE"},
	{1, "power-off MASTER; wait 4s; freeze SLAVE; wait FAILOVER; resume SLAVE; power-on MASTER"},
	{1, "netsh SLAVE fail; unplug MASTER; wait COUNT; add-address SLAVE FIRST; wait FAILOVER; netsh SLAVE ok"},
	{1, "unplug MASTER; wait FAILOVER; unplug SLAVE; wait CYCLE; plug SLAVE"},
	{1, "unplug MASTER; wait FAILOVER; plug MASTER; wait 3s; stop-service SLAVE; start-service SLAVE"},
	{1, "unplug MASTER; wait COUNT; delete-address SLAVE FIRST"},
	{1, "unplug MASTER; wait COUNT; stop-service SLAVE; start-service SLAVE"},
	{1, "unplug MASTER; wait SOON; plug MASTER"},
	{1, "kill-service MASTER; and delete-address MASTER FIRST; add-address SLAVE FIRST; start-service MASTER"},
	{1, "stop-service NODE; start-service NODE; stop-service NODE; start-service NODE"},
	{1, "flap HELD 2s; wait 3s; flap HELD 2s"},
	{1, "unplug MASTER; wait AGED; plug MASTER"},
	{1, "power-off MASTER; wait FAILOVER; flap SLAVE 2s; wait AGED; power-on MASTER"},
	{1, "kill-service RISEN; wait 1m; kill-service RISEN; wait 1m; kill-service RISEN"},
	{3, "kill-service RISEN; wait 20s; within 40s kill-service RISEN; wait 20s; within 40s kill-service RISEN"},
	{2, "kill-service RISEN; wait 5s; within 10s power-off RISEN; within 2s power-on RISEN; wait BOOTED; within 15s kill-service RISEN"},
	{1, "power-off JUDGED; and power-on JUDGED; wait BOOTED; within 15s power-off JUDGED; power-on JUDGED"},
	{1, "flap JUDGED 2s; wait 2s; within 15s power-off JUDGED; power-on JUDGED"},
	{1, "stop-service RANKED; wait 5s; netsh RANKED fail; start-service RANKED; wait FAILOVER; netsh RANKED ok; flap RANKED 2s"},
	{1, "freeze RANKED; wait FAILOVER; resume RANKED"},
	{1, "unplug RANKED; wait FAILOVER; plug RANKED; wait FAILOVER; stop-service RANKED; start-service RANKED"},
}

// harms are what is done to a node, and what undoes it.
var harms = []weighted[[2]string]{
	{3, [2]string{"block-pipe WEAK", "allow-pipe WEAK"}},
	{1, [2]string{"deny-pipe WEAK", "grant-pipe WEAK"}},
	{1, [2]string{"block-echo WEAK", "allow-echo WEAK"}},
	{1, [2]string{"network WEAK public", "network WEAK domain"}},
	{1, [2]string{"netsh WEAK fail", "netsh WEAK ok"}},
	{1, [2]string{"netsh WEAK lie", "netsh WEAK ok"}},
	{1, [2]string{"freeze WEAK", "resume WEAK"}},
	{1, [2]string{"unplug WEAK", "plug WEAK"}},
	{1, [2]string{"stop-service WEAK", "start-service WEAK"}},
	{1, [2]string{"kill-service WEAK", "start-service WEAK"}},
	{1, [2]string{"power-off WEAK", "power-on WEAK"}},
}

// needs are the words of plots that stand for what the cluster lacks, and for what it has and not every one has.
func (d drawing) needs() (lacks, has []string) {
	for _, n := range []struct {
		word string
		any  bool
	}{
		{"SERVER", len(d.servers) > 0}, {"FOREIGN", len(d.servers) > 0}, {"OUTSIDERS", len(d.servers) > 0}, {"SECOND", len(d.vips) > 1}, {"HELD", len(d.held) > 0},
		{"AGED", d.aged > 0}, {"RISEN", len(d.risen) > 0}, {"JUDGED", len(d.judged) > 0}, {"AFAR", len(d.switches) > 1}, {"RANKED", d.vrrp}, {"OPENER", d.opens},
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
	from = slices.DeleteFunc(slices.Clone(from), func(p weighted[string]) bool {
		return slices.ContainsFunc(lacks, func(word string) bool { return strings.Contains(p.of, word) })
	})
	if !mail && len(has) > 0 && d.chance(rarePercent) {
		word := one(d.draws, has...)
		if some := slices.DeleteFunc(slices.Clone(from), func(p weighted[string]) bool { return !strings.Contains(p.of, word) }); len(some) > 0 {
			from = some
		}
	}
	text := byWeight(d.draws, from)
	if text == hour && !d.chance(hourPercent) {
		text = byWeight(d.draws, from)
	}
	return text
}

// fill draws what a text leaves open of what is done.
func (d drawing) fill(text string) string {
	halt := byWeight(d.draws, halts)
	if strings.Contains(text, "DIE") {
		halt = byWeight(d.draws, deaths)
	}
	return d.harm(strings.NewReplacer("DIE", halt[0], "HALT", halt[0], "GO", halt[1]).Replace(text))
}

// harm draws each harm of a plot, whom it is done to, and for how long it lasts.
func (d drawing) harm(text string) string {
	for weak := ""; strings.Contains(text, "BREAK"); text = strings.ReplaceAll(text, "WEAK", weak) {
		harm := byWeight(d.draws, harms)
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
	if d.each {
		return d.plot(shared, true)
	}
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
		"MASTER", master, "RANKED", master, "SLAVE", slave, "FIRST", d.vips[0], "SECOND", d.vips[len(d.vips)-1], "FAILOVER", failover.String(),
		"TRIES", tries.String(), "DETECTION", detection.String(),
		"COUNT", (d.interval + d.timeout).String(), "SOON", max(d.interval-detection, time.Second).String(), "CYCLE", cycle.String(),
		"NODE", d.nodes[node], "MACHINE", d.machines[machine], "HOME", home, "SWITCH", one(d.draws, d.switches...), "AFAR", d.maybe(d.but(home)),
		"CLIENT", one(d.draws, d.clients...), "OTHER", one(d.draws, d.clients...), "SERVER", d.maybe(d.servers),
		"PERSON", d.maybe(d.people), "OPENER", "holder", "READER", d.maybe(d.people), "LAST", d.last(), "FEW", fmt.Sprint(1+d.below(3)), "HELD", d.maybe(d.held), "RISEN", d.maybe(d.risen), "JUDGED", d.maybe(d.judged),
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
