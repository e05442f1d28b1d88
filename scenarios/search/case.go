// Package search looks for what breaks a cluster: it draws worlds and schedules of faults, runs them, and holds them
// against the rules. What fails it makes small, and tells as a scenario that fails by itself.
package search

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"ipwsim/core/driver"
)

// Case is a world and what is done to it. Neither half hangs on the other, and no fault on another one.
type Case struct {
	World  World
	Faults []Fault
	Heals  []Fault // what undoes them, from HealAt on

	Hold     time.Duration // HealAt is then, which is later than the faults ask for; 0: it is not
	HealAt   time.Duration
	Settled  time.Duration // when all must be well again
	Mailed   bool          // then a message is sent, which must arrive as all others
	Pull     time.Duration // of the master's cable, or power, to see that all is; 0: it is not pulled
	Plug     time.Duration // when it is plugged in again
	End      time.Duration
	Hopeless string // why the world does not come to rest when its faults are over; "": it must
}

// newCase plans the case: the faults, then their end, then time to come to rest, then perhaps a switch and back.
func newCase(w World, p *place, faults []Fault, exercise bool) Case {
	return Case{World: w, Faults: faults}.planned(p, exercise)
}

// planned is the case with all that follows from its world, its faults and Hold.
func (of Case) planned(p *place, exercise bool) Case {
	w, faults := of.World, of.Faults
	c := Case{World: w, Faults: faults, Hopeless: p.hopeless}
	if p.vrrp && c.does("netsh", "rename-interface") {
		c.Hopeless = because("a node whose netsh failed is a master no more until its network comes back (V6)")
	}
	if p.remembers && c.does("freeze", "usurp", "claim") { // what a stranger says is kept, and answered for it when it is gone
		c.Hopeless = cmp.Or(c.Hopeless, because("a switch answers for machines, probes for them, or keeps frames from them (N8)"))
	}
	if p.fixed && c.does("team-failover") {
		c.Hopeless = cmp.Or(c.Hopeless, because("a node goes on sending to the card that its peer's team has left (N3, H18)"))
	}
	for _, f := range faults {
		c.HealAt = max(c.HealAt, f.At)
	}
	c.HealAt = (c.HealAt + 2*time.Second).Truncate(time.Second)
	if of.Hold > c.HealAt {
		c.Hold, c.HealAt = of.Hold, of.Hold
	}
	c.Heals = p.healing(&c)
	rest := p.rest(&c)
	if c.Hopeless != "" { // what always holds is not waited for
		rest /= 3
	}
	c.Settled = (c.HealAt + rest).Truncate(time.Second)
	c.End = c.Settled + 5*time.Second
	parted := c.does(unheard...) || c.does("unplug", "flap", "power-off")
	late := slices.ContainsFunc(faults, func(f Fault) bool { // a crash may be still to come; who waits for a silent server, or one whose end is lost, does so for minutes
		return f.Verb == "share-crash" || f.Verb == "outside" && (strings.HasSuffix(f.Rest, " silent") || parted && strings.HasSuffix(f.Rest, " refuses"))
	})
	unsaid := p.outlasts && (c.does("freeze", "add-address") || c.does(unheard...) || c.parts(p)) || p.keeps && c.does("team-failover")
	if w.Mail && p.heeds && c.Hopeless == "" && p.master != "" && !p.remembers && !p.stuck && !late && !unsaid {
		c.Mailed, exercise = true, false
		c.End = c.Settled + 2*w.retry()
	}
	if p.remembers { // its switch may keep a node from what it had before
		exercise = exercise && len(faults) == 0 && !w.Cold
	}
	if exercise && !p.early && c.Hopeless == "" && p.master != "" {
		c.Pull = c.Settled + time.Second
		c.Plug = (c.Pull + p.lag + p.interval + 2*p.timeout + p.queue() + detection + 5*time.Second).Truncate(time.Second)
		c.End = (c.Plug + 2*p.lag + p.slow + p.public + p.back() + 2*p.queue() + 2*detection + 8*time.Second).Truncate(time.Second)
		if p.remembers { // the switch answers the master's probes for what it has given away
			c.End = c.Plug
		}
	}
	return c
}

// retryAfter is when a drawn cluster's EPSTDS tries again what it could not send: longer than it rests when it was frozen.
const retryAfter = time.Minute

// retry is that, or what is drawn.
func (w *World) retry() time.Duration { return max(w.Rare.Retry, retryAfter) }

// detection is the longest that a new address is tentative (H3).
const detection = 3 * time.Second

// queue is how long a node's commands for all VIPs may take, one after the other (H2).
func (p *place) queue() time.Duration { return time.Duration(2*len(p.vips)+1) * p.netsh }

// rest is how long a cluster whose faults are over may take until its VIPs are where they belong: a boot and the
// services' start, a count of two intervals (W13), the answer of a peer that was asked and is not there, another
// assertion (W17), and the commands of all of it. Where a slave hears nothing over the pipe, its cycle comes first.
func (p *place) rest(c *Case) time.Duration {
	rest := p.cycle + 2*p.lag + p.slow + p.public + 3*p.interval + 4*p.timeout + 3*p.queue() + 3*detection
	if last := len(c.Heals) - 1; last >= 0 {
		rest += c.Heals[last].At - c.HealAt
	}
	if c.does("power-off", "shutdown", "power-on") || c.World.Cold {
		rest += p.boot
	}
	if c.does("move-port") { // who was away when it was moved back is not told of there, and is deaf: it says nothing but ARP
		rest += p.strays
	}
	switch {
	case c.does("power-off", "freeze"): // a pipe that was open then
		rest += driver.AskLimit
	case len(c.Heals) > 0:
		rest += deadHost
	}
	return rest
}

// back is how much longer than a request takes it may be until a slave gives a VIP back: a cycle, and a take-over.
func (p *place) back() time.Duration {
	if p.cycle == 0 {
		return 0
	}
	return p.cycle + p.interval + 2*p.timeout
}

// deadHost is how long Windows tries to reach a host that does not answer (H14).
const deadHost = 21 * time.Second

// tries is how long after the first of its tries the last one is, and a moment.
const tries = 10 * time.Second

// text is the case as a scenario's file.
func (c *Case) text(p *place, comment ...string) string { return c.textOf(p, c.allows(p), comment...) }

// textOf is the same with these allowances.
func (c *Case) textOf(p *place, allows string, comment ...string) string {
	var b strings.Builder
	for _, line := range comment {
		b.WriteString(strings.TrimRight("# "+line, " ") + "\n")
	}
	cold := map[bool]string{true: " cold"}[c.World.Cold]
	fmt.Fprintf(&b, "cluster %s%s\nseed %d\n", c.World.base(), cold, c.World.Seed)
	if c.World.Ties {
		b.WriteString("ties drawn\n")
	}
	b.WriteString(allows)
	if c.World.Cold {
		b.WriteString("at 0s power-on active\n")
	}
	for _, f := range append(slices.Clone(c.Faults), c.Heals...) {
		fmt.Fprintf(&b, "at %v try %s\n", f.At, strings.TrimSpace(f.Verb+" "+f.Rest))
	}
	b.WriteString(c.demands(p))
	fmt.Fprintf(&b, "end %v\n", c.End)
	files := c.World.files()
	for _, name := range slices.Sorted(maps.Keys(files)) {
		fmt.Fprintf(&b, "-- %s --\n%s", name, files[name])
	}
	return b.String()
}

// Faults with which two nodes may hold a VIP for longer than P3 has it, for nobody is there who would give it up, or it
// cannot be; and those with which P9 holds a node for near that hears nothing.
var (
	unheld  = []string{"kill-service", "deny-logon", "netsh", "rename-interface", "add-address", "type", "registry", "network"}
	unheard = []string{"impair", "rule", "cut", "move-port"}
)

// allows are the checks that the case is not about: those of times and of who answers, until all must be well, but for P3
// and P9, which know what explains a second holder; and P8 throughout where a cache heeds no announcement, for what it
// believes does not end with the faults.
func (c *Case) allows(p *place) string {
	always, first := []string(nil), []string{"P1", "P2", "P4", "P7", "P8"}
	drop := func(ids ...string) {
		always = append(always, ids...)
		first = slices.DeleteFunc(first, func(other string) bool { return slices.Contains(ids, other) })
	}
	if p.master == "" || c.does(unheld...) {
		first = append(first, "P3")
	}
	if c.World.Lossy || c.does(unheard...) || c.parts(p) {
		first = append(first, "P9")
	}
	if c.Hopeless != "" {
		first = []string{"P1", "P2", "P3", "P4", "P7", "P8", "P9"}
	}
	if !p.heeds { // what a cache believes that heeds no announcement does not end with the faults
		drop("P8")
	}
	if p.remembers { // a switch that remembers hears of nothing that a node held all along (W22)
		drop("P2")
		drop("P4")
	}
	if p.cut { // who has a VIP keeps it, though its peer could serve somebody whom it cannot (H20)
		drop("P1", "P2", "P4", "P8")
	}
	if p.delayed { // nobody gives up what a node has kept over its boot until its watcher starts
		drop("P3")
	}
	if p.early || p.slow > 0 {
		drop("P9") // who comes back is heard late, or speaks too soon
	}
	if c.does("netsh", "rename-interface", "type") {
		drop("P6") // what cannot be deleted is left behind, or what a hand adds while the machine shuts down
	}
	lying := slices.ContainsFunc(c.Faults, func(f Fault) bool { return f.Verb == "disk" && f.Rest == "lying" })
	if lying && c.does("share-crash") {
		drop("P5") // the share loses what it said that it has
	}
	if c.Hopeless != "" {
		always, first = append(always, first...), nil
	}
	text := ""
	if len(always) > 0 {
		slices.Sort(always)
		text = "allow " + strings.Join(slices.Compact(always), " ") + "\n"
	}
	if len(first) > 0 {
		text += fmt.Sprintf("allow %s until %v\n", strings.Join(first, " "), c.Settled)
	}
	return text
}

// parts says whether a fault may leave a node alone behind a switch, with nobody to serve.
func (c *Case) parts(p *place) bool {
	return slices.ContainsFunc(c.Faults, func(f Fault) bool {
		thing, _, _ := strings.Cut(f.Rest, " ")
		return slices.Contains([]string{"unplug", "flap", "power-off"}, f.Verb) && (strings.Contains(thing, "-") || slices.Contains(p.switches, thing))
	})
}

// does says whether one of the verbs is among the faults.
func (c *Case) does(verbs ...string) bool {
	return slices.ContainsFunc(c.Faults, func(f Fault) bool { return slices.Contains(verbs, f.Verb) })
}

// demands are what must be so when all is well, and a switch and back.
func (c *Case) demands(p *place) string {
	if c.Hopeless != "" {
		return ""
	}
	if p.master == "" {
		return "expect no holder none\n" // two masters may both hold after a split, and neither yields (W21)
	}
	well := "expect holder " + p.master + "\n"
	if p.heeds && !p.keeps { // who believes for long what nobody announces may do so still (W22)
		for _, client := range p.users {
			well += "expect answered " + client + "\n"
		}
	}
	switch {
	case p.remembers && c.Pull == 0:
		return ""
	case p.remembers:
		loss := "unplug"
		if c.World.Seed%2 == 1 { // what a switch remembers of a port it must forget however the link goes
			loss = "power-off"
		}
		return fmt.Sprintf("%sat %v %s %s\nexpect holder %s\n", well, c.Pull, loss, p.master, p.slave())
	case c.Mailed:
		from, to, each := p.people[0], p.last(), ""
		all := to
		if len(p.foreign) > 0 { // what goes elsewhere goes on, too
			all, each = to+","+p.foreign[0], " each 2"
		}
		return fmt.Sprintf("%sat %v try send %[3]s %s %s count 1%s\nat %[2]v try read %[3]s pop3 %[7]s every 20s\nexpect mail read 1..1000000\nexpect mail queued 0\n",
			well, c.Settled, p.clients[0], from, all, each, to)
	case c.Pull == 0:
		return well
	}
	return fmt.Sprintf("%sat %v unplug %s\nexpect holder %s\nat %v plug %[3]s\n%[1]s", well, c.Pull, p.master, p.slave(), c.Plug)
}

// slave is the node that is not the master.
func (p *place) slave() string {
	if p.nodes[0] == p.master {
		return p.nodes[1]
	}
	return p.nodes[0]
}
