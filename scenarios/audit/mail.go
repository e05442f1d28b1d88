package audit

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"ipwsim/sim/audited"
	"ipwsim/sim/cluster"
	"ipwsim/sim/finding"
	"ipwsim/sim/mail/settings"
	"ipwsim/sim/windows"
)

// A mail run has people send a message each mailEvery, to each kind of recipient, and waits long enough for the slowest
// look-up of a name.
const (
	mailEvery = 40 * time.Second
	mailCount = 10
	mailRest  = 150 * time.Second
	readEvery = time.Minute
	mailAway  = 3 * time.Minute // from the active node's loss until the standby serves, at least
)

// mailPlan is what is sent in a run.
type mailPlan struct {
	From     time.Duration `json:"from"` // of the first message of each sender
	Expected int           `json:"expected"`
	Read     bool          `json:"read,omitempty"` // by those who get it
}

// outsideName and outsideDomain are those of a mail server outside that the cluster's files do not have: without one no
// mail goes out.
const (
	outsideName   = "elsewhere"
	outsideDomain = "elsewhere.example"
)

// withOutside are the files with a mail server outside, in the nodes' subnet.
func (p *plan) withOutside(f files, subnet netip.Prefix) files {
	if len(p.bp.Mail.Outside) > 0 {
		return f
	}
	n := &p.bp.Nodes[0]
	lines := fmt.Sprintf("\n[[outside]]\nname = %q\naddress = \"%s/%d\"\nswitch = %q\ndomains = [%q]\n", outsideName, p.free(subnet), subnet.Bits(), n.Switch, outsideDomain)
	return f.over(files{tomlFile: append(slices.Clone(f[tomlFile]), lines...)})
}

// free is an address of the subnet that nobody has.
func (p *plan) free(subnet netip.Prefix) netip.Addr {
	taken := slices.Clone(p.bp.VIPs)
	for _, n := range p.bp.Nodes {
		taken = append(taken, n.Address.Addr(), n.Gateway)
	}
	for _, c := range p.bp.Clients {
		taken = append(taken, c.Address.Addr())
	}
	for _, r := range p.bp.Routers {
		for _, i := range r.Interfaces {
			taken = append(taken, i.Address.Addr())
		}
	}
	for _, s := range p.bp.Strangers {
		taken = append(taken, s.Address.Addr())
	}
	taken = append(taken, p.bp.Mail.Share.Address.Addr())
	a := subnet.Addr().Next()
	for slices.Contains(taken, a) {
		a = a.Next()
	}
	return a
}

// mailJob is a run with mail: while the active node has the VIPs, or, away, while the standby has. In each second draw that
// node was booted before, so what runs there is what starts by itself; in the others all was started at once, so that both
// nodes' services work in step, which is when they get in each other's way. Each domain's people write to each other and to
// somebody outside, and one of each reads, by POP3 and by IMAP4 in turn.
func (p *plan) mailJob(world, k int, away bool) job {
	r := stream(p.seed, fmt.Sprint("mail", away), k)
	var b strings.Builder
	fmt.Fprintf(&b, "%sseed %d\n", p.opening(), r.Uint64())
	node, wait := &p.bp.Nodes[0], mailAway
	if away {
		node = &p.bp.Nodes[1]
	}
	for _, n := range p.bp.Nodes {
		wait = max(wait, 3*n.Settings.Interval+time.Minute)
	}
	from := 5 * time.Second
	if k%2 == 1 {
		from = node.Boot + node.PublicAfterBoot + windows.DelayedStart + wait
		fmt.Fprintf(&b, "at 1s try power-off %s\nat 2s try power-on %[1]s\n", node.Role)
	}
	if away {
		fmt.Fprintf(&b, "at %v try unplug active\n", from)
		from += wait
	}
	foreign := "carol@" + outsideDomain
	if all := p.bp.Mail.Outside; len(all) > 0 {
		foreign = "carol@" + all[0].Domains[0]
	}
	senders, read := p.near(), p.readBy()
	n := 0
	for _, domain := range p.people() {
		if len(domain.Users) == 0 {
			continue
		}
		a, z := domain.Users[0].Name+"@"+domain.Name, domain.Users[len(domain.Users)-1].Name+"@"+domain.Name
		for _, to := range []string{z, foreign} {
			fmt.Fprintf(&b, "at %v send %s %s %s every %v count %d\n", from, senders[n%len(senders)], a, to, mailEvery, mailCount)
			n++
		}
		if read != nil {
			fmt.Fprintf(&b, "at %v read %s %s %s every %v\n", from, senders[0], read[k%len(read)], z, readEvery)
		}
	}
	end := from + mailCount*mailEvery + mailRest
	return job{World: world, Text: b.String(), Ends: []time.Duration{end}, Mail: &mailPlan{From: from, Expected: n * mailCount, Read: read != nil}}
}

// readBy are the protocols that people can read by.
func (p *plan) readBy() (all []string) {
	for _, by := range []struct{ protocol, service string }{{"pop3", settings.POP3Name}, {"imap", settings.IMAPName}} {
		if _, installed := p.bp.Mail.Nodes[0].Service(by.service); installed {
			all = append(all, by.protocol)
		}
	}
	return all
}

// near are the clients of the nodes' own subnet, for whom no router stands in the way; where there is none, all.
func (p *plan) near() (names []string) {
	for _, c := range p.bp.Clients {
		if !c.Idle && p.bp.Subnet.Contains(c.Address.Addr()) {
			names = append(names, c.Name)
		}
	}
	if names == nil {
		return p.clients
	}
	return names
}

// people are the domains of those who write: as the cluster knows them, or as it does with a change. None where nobody can
// write.
func (p *plan) people() []settings.Domain {
	for _, bp := range append([]*cluster.Blueprint{p.bp}, p.tryable()...) {
		if canMail(bp) {
			return bp.Mail.Nodes[0].Domains
		}
	}
	return nil
}

// canMail says whether there is somebody to write, and somebody to be written to.
func canMail(bp *cluster.Blueprint) bool {
	return bp.Mail != nil && slices.ContainsFunc(bp.Mail.Nodes[0].Domains, hasUsers)
}

// cost is what mail suffered in a run.
func (m *mailPlan) cost(f *finding.Mail) *audited.MailCost {
	c := &audited.MailCost{Messages: m.Expected}
	there, unread, late := 0, 0, 0.0
	for i := range f.Copies {
		copy := &f.Copies[i]
		if copy.Fate() == finding.Doubled {
			c.Doubled += 1 / float64(m.Expected)
		}
		switch {
		case copy.Served == 0:
		case m.Read && copy.Read == 0 && copy.Taken == 0:
			unread++
		default:
			there++
			late += (copy.Served - copy.Accepted).Seconds()
		}
	}
	c.Unread = float64(unread) / float64(m.Expected)
	c.Lost = max(0, 1-float64(there+unread)/float64(m.Expected))
	if there > 0 {
		c.Late = late/float64(there) + m.waited(f)
	}
	return c
}

// waited is how long a sender waited until its message was taken, in the mean: the next one is sent mailEvery after the
// one before, so that what the clock of each sender lags behind is its wait.
func (m *mailPlan) waited(f *finding.Mail) float64 {
	if len(f.Told) == 0 {
		return 0
	}
	sum := 0.0
	for _, t := range f.Told {
		sum += ((t.At - m.From) % mailEvery).Seconds()
	}
	return sum / float64(len(f.Told))
}

// hasUsers says whether the domain has accounts.
func hasUsers(d settings.Domain) bool { return len(d.Users) > 0 }
