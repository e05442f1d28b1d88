package audit

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"ipwsim/core/diag"
	"ipwsim/core/registry"
	"ipwsim/scenarios/audit/edit"
	"ipwsim/sim/audited"
	"ipwsim/sim/cluster"
)

// candidate is a change to try: the files that it makes, and what check then has no words for any more.
type candidate struct {
	audited.Change
	class    audited.Class
	files    files
	bp       *cluster.Blueprint // nil: the changed files are refused
	answered []int              // places in the lint
	asked    bool               // check asks for it
	upon     int                // what it is made to: 0 the cluster as it is, else that candidate, from 1
	mail     bool               // it shows in mail
	services bool               // it shows when mail services die
}

// draft is a change in the making, on a copy of the files.
type draft struct {
	plan *plan
	candidate
	stays  diag.List // what check says of a file that is played as another one, and goes on to say
	failed bool      // a part of it cannot be written into these files
}

// draft begins a change.
func (p *plan) draft(kind audited.ChangeKind, class audited.Class) *draft {
	return &draft{plan: p, candidate: candidate{Change: audited.Change{Kind: kind}, class: class, files: maps.Clone(p.files)}}
}

func (d *draft) edited(edits []audited.Edit, ok bool) {
	d.Edits = append(d.Edits, edits...)
	d.failed = d.failed || !ok
}

// toml sets a key of a table. Its line is counted in the file as it was before the change.
func (d *draft) toml(t table, key, value string) {
	edits, ok := d.files.setTOML(t, key, value)
	for i := range edits {
		edits[i].Line = d.before(edits[i].Line)
	}
	d.edited(edits, ok)
}

// before is which line of cluster.toml that one was, or what it goes before was, ahead of the lines added so far; 0: its end.
func (d *draft) before(line int) int {
	var was []int // of each line; 0: it is added
	for i := range strings.Split(string(d.plan.files[tomlFile]), "\n") {
		was = append(was, i+1)
	}
	for _, e := range d.Edits {
		if at := slices.Index(was, e.Line); e.File == tomlFile && e.Old == "" && at >= 0 {
			was = slices.Insert(was, at, 0)
		}
	}
	for _, n := range was[min(line-1, len(was)):] {
		if n > 0 {
			return n
		}
	}
	return 0
}

// tomlEnd adds a table's lines at the end of cluster.toml.
func (d *draft) tomlEnd(lines ...string) { d.edited(d.files.addTOML(lines), true) }

// registry sets a value on a node, in an export of that folder of its.
func (d *draft) registry(n *cluster.Node, folder string, s edit.Setting) {
	s = s.In(d.files, folder)
	d.edited(edit.Registry(d.files, d.plan.files, folder, s))
	d.type_(n.Name, s.Command())
}

// write replaces a file.
func (d *draft) write(name string, data []byte) { d.files[name] = data }

func (d *draft) type_(on, command string) { d.Do = append(d.Do, audited.Do{On: on, Command: command}) }

// shell has PowerShell do something to the interface of a node. Its own quotes are single ones: it never sees cmd's.
func (d *draft) shell(n *cluster.Node, command, how string) {
	d.type_(n.Name, fmt.Sprintf(`powershell -Command "%s -InterfaceAlias '%s' %s"`, command, strings.ReplaceAll(n.Interface, "'", "''"), how))
}

func (d *draft) hand(on string, what audited.Hand) {
	d.Do = append(d.Do, audited.Do{On: on, Hand: what})
}

// handBatch has somebody edit the node's batch file, by the name that it has there.
func (d *draft) handBatch(n *cluster.Node) {
	d.Do = append(d.Do, audited.Do{On: n.Name, Hand: audited.EditBatch, File: n.TaskFile})
}

// done ends the change; one that changes nothing is none, nor is such an edit.
func (d *draft) done() {
	d.Edits = slices.DeleteFunc(d.Edits, func(e audited.Edit) bool { return e.Old == e.New && e.Old != "" })
	if d.failed || len(d.Edits) == 0 {
		return
	}
	bp, problems := d.files.load()
	d.bp = bp
	after := map[string]int{}
	for _, p := range slices.Concat(problems, d.stays) {
		after[said(p)]++
	}
	for i, p := range d.plan.lint {
		if after[said(p)]--; after[said(p)] < 0 {
			d.answered = append(d.answered, i)
		}
	}
	d.asked = d.class == audited.Mend && len(d.answered) > 0
	for i, e := range d.Edits {
		if e.Old == "" && e.Line > 0 {
			d.Edits[i].Before = d.plan.files.line(e.File, e.Line)
		}
	}
	d.plan.candidates = append(d.plan.candidates, d.candidate)
}

// said is a problem, wherever its line has gone, and however long it now takes: that answers none.
func said(p diag.Problem) string {
	if p.Said.Format == "" {
		return p.File + ": " + p.Message
	}
	what := []any{p.File, p.Said.Format}
	for _, a := range p.Said.Args {
		_, long := a.(time.Duration)
		_, number := a.(int)
		if !long && !(number && strings.HasSuffix(strings.ToLower(p.File), "/"+batchName)) { // a batch's are lines, and how many
			what = append(what, a)
		}
	}
	return fmt.Sprintf("%q", what)
}

// propose collects the changes that apply to the cluster, each at most once.
func (p *plan) propose() {
	p.proposeCures()
	for i := range p.bp.Nodes {
		p.proposeNode(&p.bp.Nodes[i])
	}
	p.proposeTables()
	p.proposeEqual()
	p.proposeSettings()
	p.proposeNetwork()
	p.proposeMail()
	p.candidates = slices.DeleteFunc(p.candidates, func(c candidate) bool { return p.changes != nil && !slices.Contains(p.changes, c.Kind) })
}

// proposeNode are changes of one node's Windows.
func (p *plan) proposeNode(n *cluster.Node) {
	here := table{"node." + n.Role, 0}
	p.proposeMask(n)
	if n.EchoBlocked {
		d := p.draft(audited.AllowEcho, audited.Mend)
		d.Node = n.Role
		d.toml(here, "echo_blocked", "false")
		d.type_(n.Name, `netsh advfirewall firewall add rule name="ICMPv4 echo" protocol=icmpv4:8,any dir=in action=allow`)
		d.hand(n.Name, audited.BlockRule)
		d.done()
	}
	if n.PipeBlocked && n.Watcher.Kind == cluster.IPWCS {
		d := p.draft(audited.AllowPipe, audited.Mend)
		d.Node = n.Role
		d.toml(here, "pipe_blocked", "false")
		d.type_(n.Name, fmt.Sprintf(`netsh advfirewall firewall add rule name="IPWatcher" protocol=tcp localport=445 remoteip=%s dir=in action=allow`, p.bp.Peer(n).Address.Addr()))
		d.hand(n.Name, audited.BlockRule)
		d.done()
	}
	if n.PublicAfterBoot > 0 || n.PublicAfterLink > 0 {
		d := p.draft(audited.PrivateNetwork, audited.Mend)
		d.Node = n.Role
		for _, key := range []string{"public_after_boot", "public_after_link"} {
			if here.key(strings.Split(string(p.files[tomlFile]), "\n"), key) >= 0 {
				d.toml(here, key, `"0s"`)
			}
		}
		d.shell(n, "Set-NetConnectionProfile", "-NetworkCategory Private")
		d.done()
	}
	if n.Watcher.Kind != cluster.IPWCS {
		return
	}
	service := registry.ServicesKey + `\` + registry.WatcherService
	if !p.bp.Knows(n, n.Account) || !p.bp.Administrators.RightOnShare(n.Account) {
		d := p.draft(audited.WatcherAccount, audited.Mend)
		d.Node, d.From, d.To = n.Role, n.Account, registry.GuideAccount
		d.edited(edit.Registry(d.files, d.plan.files, n.Role, edit.Text(service, "ObjectName", registry.GuideAccount)))
		d.type_(n.Name, `sc config IPWCS obj= .\Administrator password= PASSWORD`)
		d.hand(n.Name, audited.Password)
		d.hand(n.Name, audited.RestartIPWCS)
		d.done()
	}
	if n.Startup.Manual {
		d := p.draft(audited.WatcherStart, audited.Mend)
		d.Node = n.Role
		d.edited(edit.Registry(d.files, d.plan.files, n.Role, edit.Number(service, "Start", 2)))
		d.type_(n.Name, "sc config IPWCS start= auto")
		d.done()
	}
	if len(n.Startup.Restarts) == 0 {
		d := p.draft(audited.WatcherRecovery, audited.Choice)
		d.Node, d.To = n.Role, recoverAfter.String()
		d.edited(edit.Registry(d.files, d.plan.files, n.Role, edit.Restarted(registry.WatcherService, recoverAfter)))
		d.type_(n.Name, recovery(registry.WatcherService))
		d.done()
	}
}

// recoverAfter is how long after its death Windows shall start the watcher again.
const recoverAfter = time.Minute

// recovery is the command that has Windows do so.
func recovery(service string) string {
	return fmt.Sprintf("sc failure %s reset= 86400 actions= restart/%d", service, recoverAfter.Milliseconds())
}
