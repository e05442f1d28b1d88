// Package setup makes a cluster's folder of what was collected on its two machines. Each key of cluster.toml has its
// source behind it. What nobody said is asked for, or assumed and marked so, or left as a line that check refuses;
// where two files contradict each other, both are told.
package setup

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"ipwsim/core/diag"
	"ipwsim/core/registry"
	"ipwsim/sim/collected"
	"ipwsim/sim/mail/settings"
)

// Options are for Make.
type Options struct {
	Name string                         // of the cluster: letters, digits, - and _
	Say  func(diag.Text) string         // in the language of the comments
	Ask  func(Question) (string, error) // nil: nobody is there to answer
	// Check says what is wrong with an answer for a key of cluster.toml, of a node or of another machine; nil: nobody does.
	Check func(node bool, key, answer string) error
}

// Question is about what no file says.
type Question struct {
	Text    diag.Text
	Assumed string // what an empty answer means; "": it is left open
	Refused error  // what was wrong with the answer before, which is why it is asked again; nil: it is asked for the first time

	takes func(string) error // what is wrong with an answer; nil: any is taken
}

// Cluster is what came of it.
type Cluster struct {
	Files   map[string][]byte // by their paths in the cluster's folder
	Assumed []diag.Text       // what stands in cluster.toml without a source
	Open    []diag.Text       // what is to be answered there before it can be run
}

// Make makes the cluster. The problems are warnings, of what contradicts each other; an error comes from Ask alone.
func Make(servers [2]*collected.Server, o Options) (*Cluster, diag.List, error) {
	d := &draft{Options: o, c: &Cluster{Files: map[string][]byte{}}}
	d.rank(servers)
	for _, n := range d.nodes {
		d.identify(n)
		d.findCure(n)
	}
	for i, n := range d.nodes {
		d.settleReal(n, d.nodes[1-i])
		d.settleName(n, d.nodes[1-i])
	}
	d.startAlike()
	for _, n := range d.nodes {
		d.readCure(n)
	}
	d.settleSegment()
	d.compare()
	d.writeTop()
	d.findClients()
	d.turnBack()
	d.findShare()
	d.assumeClients()
	d.writeNetwork()
	for _, n := range d.nodes {
		d.writeNode(n)
		d.copyFiles(n)
	}
	d.writeClients()
	d.writeShare()
	d.writeOthers()
	d.c.Files["cluster.toml"] = []byte(d.toml.String())
	d.problems.Sort()
	return d.c, d.problems, d.failed
}

// draft is a cluster on its way.
type draft struct {
	Options
	c        *Cluster
	nodes    [2]*node // active, standby
	clients  []client
	gateways []gateway
	share    client // its server, where a file has its address
	segment  segment
	toml     strings.Builder
	section  string // that is being written, for people
	problems diag.List
	failed   error // of Ask
}

// rank tells which of the two is the active node: the master, by Balance.
func (d *draft) rank(servers [2]*collected.Server) {
	var balance [2]int
	var at [2]collected.Place
	for i, s := range servers {
		balance[i] = -1
		if file, _, found := s.Export(registry.SettingsKey); found {
			key, _ := file.Key(registry.SettingsKey)
			value, has := key.Value("Balance")
			if n, is := value.Number(); !has || is && n <= 1 { // check tells what is wrong with others
				balance[i] = int(n)
				at[i] = collected.Place{File: file.Name, Line: value.Line}
			}
		}
	}
	swap := balance[1] == 0 && balance[0] != 0 || balance[0] == 1 && balance[1] < 0
	why := diag.Say("as answered")
	if balance[0] == balance[1] {
		if balance[0] >= 0 {
			d.problems.Warnf(at[0].File, at[0].Line, "Balance is %d here and in %s; expected 0 on one node and 1 on the other", balance[0], at[1])
		}
		holder, vip := holderOf(servers)
		answer := d.askMaster(servers, holder)
		switch swap = strings.EqualFold(answer, path.Base(servers[1].Folder)); {
		case answer != "":
		case holder >= 0:
			swap = holder == 1
			why = diag.Say("assumed: %w", diag.Say("%s had the VIP %s at the time of the export (%s)", path.Base(servers[holder].Folder), vip.Addr(), vip.Place))
			d.c.Assumed = append(d.c.Assumed, diag.Say("%s is the active node, by no Balance, but %w", path.Base(servers[holder].Folder), diag.Say("it had the VIP %s at the time of the export (%s)", vip.Addr(), vip.Place)))
		default:
			why = diag.Say("not answered which server is the master")
			d.open(diag.Say("which server is the master, Balance 0? The folder active/ is of %s", path.Base(servers[0].Folder)))
		}
	}
	for i, s := range servers {
		if at[i].File == "" { // no export of its own says it
			at[i] = at[1-i]
		}
		n := &node{Server: s, role: "active", why: diag.Say("by Balance, %s", at[i])}
		switch {
		case balance[0] == balance[1]:
			n.why = why
		case at[i].Line == 0:
			without := diag.Say("%s has no Balance, whose default is %d", at[i], max(balance[i], 0))
			n.why = diag.Say("assumed: %w", without)
			d.c.Assumed = append(d.c.Assumed, without)
		}
		if (i == 1) != swap {
			n.role = "standby"
		}
		d.nodes[map[string]int{"active": 0, "standby": 1}[n.role]] = n
	}
}

// holderOf is the one of the two that had a VIP when its ipconfig was taken, and that address; -1: none, or both.
func holderOf(servers [2]*collected.Server) (holder int, vip collected.Address) {
	holder = -1
	for i, s := range servers {
		for _, adapter := range s.IPConfig.Adapters {
			for _, a := range adapter.Addresses {
				watched := func(of *collected.Server) bool {
					return slices.ContainsFunc(of.Table.Rows(), func(r tableRow) bool { return r.VIP == a.Addr() })
				}
				switch {
				case !watched(servers[0]) || !watched(servers[1]):
				case holder >= 0 && holder != i:
					return -1, vip
				default:
					holder, vip = i, a
				}
			}
		}
	}
	return holder, vip
}

// askMaster asks which of the two is the master; holder is the one that is assumed to be it, or -1.
func (d *draft) askMaster(servers [2]*collected.Server, holder int) string {
	a, b, assumed := path.Base(servers[0].Folder), path.Base(servers[1].Folder), ""
	if holder >= 0 {
		assumed = path.Base(servers[holder].Folder)
	}
	return d.ask(Question{Text: diag.Say("which server is the master, Balance 0: %s or %s?", a, b), Assumed: assumed, takes: func(s string) error {
		if strings.EqualFold(s, a) || strings.EqualFold(s, b) {
			return nil
		}
		return diag.Errorf("found %q, expected %s or %s", s, a, b)
	}})
}

// copyFiles puts the server's own files where a cluster has them: byte for byte, except that the key of the watcher's
// service joins its settings.
func (d *draft) copyFiles(n *node) {
	if n.TableFile != "" {
		d.c.Files[n.role+"/ipwatch.dat"] = n.TableData
		if len(n.Table.Rows()) == 0 {
			d.open(diag.Say("%s has no entry that can be read; expected lines as %s: mend it, and make the cluster anew", n.TableFile, `-c=\\PEER -i=192.168.10.202 -f=Ethernet`))
		}
	} else {
		d.open(diag.Say("%s has no ipwatch.dat: copy it from the program folder of the watcher, into %s/", n.Folder, n.role))
	}
	if n.cure.File != "" {
		d.c.Files[n.role+"/"+collected.GuideBatch] = n.cure.Data
	}
	own, _, found := n.Export(registry.SettingsKey)
	if !found {
		d.open(diag.Say("%s has no export of the watcher's settings: `%s`, into %s/; then init once more, for other exports belong to it", n.Folder, `reg export HKLM\SOFTWARE\EPOST\IPWCS ipwcs.reg /y`, n.Folder))
	}
	service := registry.ServicesKey + `\` + registry.WatcherService
	from, key, has := n.Export(service)
	if set := n.Services[registry.WatcherService]; !has && set.Account.Found() {
		key, has = registry.ServiceKey(registry.WatcherService, set.Account.Text, set.Start.Text), true
	}
	if has && found && from.Name != own.Name {
		own.Keys = append(slices.DeleteFunc(slices.Clone(own.Keys), func(k registry.Key) bool { return strings.EqualFold(k.Name, service) }), key)
		d.c.Files[n.role+"/ipwcs.reg"] = own.Format()
	} else if found {
		d.c.Files[n.role+"/"+exportName(own.Name)] = n.RawExport[own.Name]
	}
	if !has {
		d.line("# %s", d.guess(diag.Say("%s of %s runs as %s and starts automatically, as in the guide: neither an export nor sc qc says it", registry.WatcherService, n.label(), registry.GuideAccount)))
	}
	d.copyMail(n)
}

// exportName is the name of an export in a cluster, which knows them by .reg.
func exportName(file string) string {
	name := path.Base(file)
	if lower := strings.ToLower(name); strings.HasSuffix(lower, ".reg.txt") {
		name = name[:len(name)-len(".txt")]
	}
	if !strings.EqualFold(path.Ext(name), ".reg") {
		name += ".reg"
	}
	return name
}

// copyMail puts the mail server's files where a cluster has them, if any server has one.
func (d *draft) copyMail(n *node) {
	if d.mailNode() == nil {
		return
	}
	if !n.hasMail() {
		d.open(diag.Say("%s has no export of the mail server's settings: `%s`, into %s/", n.Folder, `reg export HKLM\SOFTWARE\EPOST\MS epost.reg /y`, n.role+"/mail"))
	}
	d.missServices(n)
	d.assumeServices(n)
	d.copyExports(n)
	for name, data := range n.Files { // order: a set
		d.c.Files[n.role+"/mail/"+name] = data
	}
}

// copyExports puts the exports of a mail server where a cluster has them. Of a key that two have, the first one is taken:
// a cluster refuses it twice.
func (d *draft) copyExports(n *node) {
	own, _, _ := n.Export(registry.SettingsKey)
	for i, e := range n.Exports {
		if e.Name == own.Name { // it is read for them, too
			continue
		}
		again := func(k registry.Key) bool {
			return slices.ContainsFunc(n.Exports[:i], func(f registry.File) bool { _, has := f.Key(k.Name); return has })
		}
		data := n.RawExport[e.Name]
		if slices.ContainsFunc(e.Keys, again) {
			e.Keys = slices.DeleteFunc(slices.Clone(e.Keys), again)
			data = e.Format()
		}
		if len(e.Keys) > 0 {
			d.c.Files[n.role+"/mail/"+exportName(e.Name)] = data
		}
	}
}

// missServices asks for each mail service that sc qc shows and no export has: sc qc does not say all of it.
func (d *draft) missServices(n *node) {
	for _, service := range settings.Services {
		if _, _, found := n.Export(registry.ServicesKey + `\` + service); !found && n.Services[service].Account.Found() {
			export := fmt.Sprintf(`reg export HKLM\SYSTEM\CurrentControlSet\Services\%[1]s service-%[1]s.reg /y`, service)
			d.open(diag.Say("%s has no export of %s, though sc qc shows it: `%s`, into %s/", n.Folder, service, export, n.role+"/mail"))
		}
	}
}

// assumeServices makes the mail services up where neither an export nor sc qc has one: as the guide has them, and those
// that a list of addresses is there for.
func (d *draft) assumeServices(n *node) {
	lists := map[string]string{settings.SMTPName: "smtpip.dat", settings.POP3Name: "popip.dat", settings.IMAPName: "imapip.dat"}
	var of registry.File
	var names []string
	for _, service := range settings.Services {
		if _, _, found := n.Export(registry.ServicesKey + `\` + service); found || n.Services[service].Account.Found() {
			return
		}
		if list := lists[service]; list != "" && n.Files[list] == nil {
			continue
		}
		key := registry.ServiceKey(service, registry.GuideAccount, "AUTO_START")
		if vips := d.vips(); service == settings.DeliveryName && len(vips) > 0 {
			key.Values = append(key.Values, registry.TextValue("LogicalIP", vips[0].String()))
		}
		of.Keys = append(of.Keys, key)
		names = append(names, service)
	}
	if !n.hasMail() {
		return
	}
	d.c.Files[n.role+"/mail/services-assumed.reg"] = of.Format()
	d.line("# %s", d.guess(diag.Say("%s of %s run as %s and start automatically, with the first VIP as LogicalIP, as in the guide: neither an export nor sc qc says it (%s)",
		strings.Join(names, ", "), n.label(), registry.GuideAccount, n.role+"/mail/services-assumed.reg")))
}

// hasMail says whether an export has the mail product's keys.
func (n *node) hasMail() bool {
	_, _, found := n.Export(settings.ProductKey)
	return found
}
