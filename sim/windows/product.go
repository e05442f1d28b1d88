package windows

import (
	"reflect"
	"slices"
	"strings"
	"time"

	"ipwsim/core"
	"ipwsim/core/driver"
	"ipwsim/core/table"
	"ipwsim/core/text"
	"ipwsim/sim/batch"
	"ipwsim/sim/trace"
)

// ProductFolder is where the product is installed, the guide's own folder.
const ProductFolder = batch.Folder

// The names of the product's files below its folder.
//
// Inferred: how the log's files are named, one a day; the guide has their folder only.
const (
	TableFile = "ipwatch.dat"
	logFolder = "iplog"
	logDay    = "20060102.log"
)

// File is a file below a folder, its path parted by `\`.
type File struct {
	Name string
	Data []byte
}

// product is what of IPWatcher lies on a node's disk and outlives its power.
type product struct {
	table   table.Table // ipwatch.dat, once it was written here; before it has the configured entries
	written bool
	fresh   bool           // written, and the watcher has not read it yet
	values  *core.Settings // of the registry, once one was changed in the run
	log     []logLine      // in order of time
	account string         // that the service was registered with; "": the Administrator
}

// logLine is what the watcher logged. It becomes the bytes of a file only when somebody looks.
type logLine struct {
	at   time.Time
	text string
}

// ProductFiles are the files that IPWatcher has on the node's disk now, sorted.
func (n *Node) ProductFiles() []File {
	all := n.product.logs()
	if t := n.Table(); len(t.Rows()) > 0 {
		all = append(all, File{TableFile, t.Format()})
	}
	return all
}

// Table is the node's ipwatch.dat; the zero Table when there is none.
func (n *Node) Table() table.Table {
	if n.product.written {
		return n.product.table
	}
	t, _ := table.New(n.cfg.Entries...) // what cannot be written down is no file
	return t
}

// WriteTable replaces ipwatch.dat, which the watcher reads at its next start (W3, W4).
func (n *Node) WriteTable(t table.Table) {
	n.product.table, n.product.written, n.product.fresh = t, true, true
}

// read is the watcher reading ipwatch.dat and its registry values at its start (W3, W4).
func (n *Node) read() {
	before := n.config()
	if n.product.fresh {
		n.cfg.Entries, n.product.fresh = n.product.table.Entries(), false
	}
	n.cfg.Settings = n.Settings()
	now := n.config()
	if reflect.DeepEqual(before, now) {
		return
	}
	if n.cfg.OnRead != nil {
		n.cfg.OnRead(n, now)
	}
	n.env.Record(n.name, now)
}

// config is what the watcher has read last.
func (n *Node) config() trace.Config {
	set := n.cfg.Settings
	c := trace.Config{
		Master: set.Balance == core.Master, Interval: set.Interval, PingTimeout: set.PingTimeout, ReleaseTime: set.ReleaseCycle(),
		Table: n.cfg.Interface,
	}
	for _, e := range n.cfg.Entries {
		c.VIPs = append(c.VIPs, e.VIP)
		if !n.isInterface(e.Interface) {
			c.Table = e.Interface
		}
	}
	return c
}

// Settings are the registry values of IPWCS (W3), which the watcher reads at its next start.
func (n *Node) Settings() core.Settings {
	if n.product.values != nil {
		return *n.product.values
	}
	return n.cfg.Settings
}

// SetSettings changes the registry values; false when they are so already.
func (n *Node) SetSettings(set core.Settings) bool {
	if n.Settings() == set {
		return false
	}
	n.product.values = &set
	return true
}

// logs are the log's files, one a day, in the encoding of a Japanese Windows where that has the characters (W10).
func (p *product) logs() []File {
	var days []File
	for _, l := range p.log {
		name := logFolder + `\` + l.at.Format(logDay)
		i := slices.IndexFunc(days, func(f File) bool { return f.Name == name }) // a clock may go back a day
		if i < 0 {
			i = len(days)
			days = append(days, File{Name: name})
		}
		line := driver.Stamp(l.at) + " " + l.text
		data, err := text.Encode(line, text.CP932)
		if err != nil {
			data = []byte(line)
		}
		days[i].Data = append(append(days[i].Data, data...), "\r\n"...)
	}
	return days
}

// Debug is the console of a watcher that runs in the foreground.
type Debug struct {
	Line  func(core.Log) // prints a line
	Ended func()         // is called when the watcher has stopped, unless its machine dies before
}

// StartDebug starts the watcher in the foreground, as `ipwcs -debug` does (W4). It logs to the console
// whatever LogEnabled says. It says false when a watcher runs already or the machine is not up.
func (n *Node) StartDebug(d Debug) bool { return n.startWatcher(&d) }

// Install registers the service with an account (W4).
func (n *Node) Install(account string) { n.product.account = account }

// known says whether Windows knows the account that the service was registered with.
//
// Inferred: any name of the Administrator is right, as the guide demands it, and any other one is
// not known. Passwords are not looked at.
func (p *product) known() bool {
	name := p.account[strings.LastIndexByte(p.account, '\\')+1:]
	return p.account == "" || strings.EqualFold(name, "Administrator") || strings.EqualFold(name, "LocalSystem")
}
