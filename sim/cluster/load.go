package cluster

import (
	"errors"
	"io/fs"
	"path"
	"strings"

	"ipwsim/core"
	"ipwsim/core/diag"
	"ipwsim/core/registry"
	"ipwsim/core/table"
)

// Load reads the cluster in the folder dir of fsys: cluster.toml, and for each node a folder of
// its role with ipwatch.dat, one .reg export and perhaps arpclear.bat and mail files. It reports every problem it
// finds, sorted by file and line; names of files are as fsys knows them. With an error there is no
// Blueprint.
func Load(fsys fs.FS, dir string) (*Blueprint, diag.List) { return LoadWith(fsys, dir) }

// The kinds of errors that can be played all the same: somebody may want to see what becomes of them.
const (
	SameMAC     = "same-mac"     // two machines have one MAC
	NoInterface = "no-interface" // a table names an interface that the node has not got
	VIPSubnet   = "vip-subnet"   // a VIP is in another subnet than the nodes
	VIPInUse    = "vip-in-use"   // a VIP is the address of a client or a stranger
	VIPAlone    = "vip-alone"    // a VIP is in one node's table only
	WrongPeer   = "wrong-peer"   // a table names another machine than the other node
)

// Playable are those kinds.
var Playable = []string{NoInterface, SameMAC, VIPAlone, VIPInUse, VIPSubnet, WrongPeer}

// LoadWith is Load where errors of these kinds, which are Playable, are told and stop nothing.
func LoadWith(fsys fs.FS, dir string, kinds ...string) (*Blueprint, diag.List) {
	d := &draft{toml: path.Join(dir, "cluster.toml")}
	for i, role := range []string{Active, Standby} {
		d.nodes[i] = &nodeDraft{machine: machine{label: diag.Say("%s", role), key: "node." + role}, role: role}
	}
	if _, err := fs.ReadDir(fsys, dir); err != nil {
		d.problems.Errorf(dir, 0, "there is no such cluster: %s", diag.FileReason(err))
		return nil, d.problems
	}
	if _, err := fs.Stat(fsys, d.toml); errors.Is(err, fs.ErrNotExist) {
		d.problems.Errorf(d.toml, 0, "it does not exist; it says what the machines' own files do not: addresses, MACs, switches, clients. `ipwsim init` makes one of what the servers export; the shipped clusters have one to start from")
	} else if data, ok := d.readFile(fsys, d.toml); ok {
		if doc, ok := parseTOML(d.toml, data, &d.problems); ok {
			d.asked = doc.asked
			d.readTOML(doc)
			d.checkMachines()
			d.checkSwitches()
			d.checkRouters()
			d.checkImpairments()
		}
	}
	for _, n := range d.nodes {
		d.readFolder(fsys, path.Join(dir, n.role), n)
	}
	d.readMailFiles(fsys)
	d.checkTables()
	d.checkSettings()
	d.checkBatches()
	d.checkMail(fsys, dir)
	d.problems.Sort()
	if d.problems.Without(kinds...).Err() != nil {
		return nil, d.problems
	}
	return d.blueprint(), d.problems
}

// readFolder reads what an operator would find on the node.
func (d *draft) readFolder(fsys fs.FS, folder string, n *nodeDraft) {
	entries, err := fs.ReadDir(fsys, folder)
	if err != nil {
		d.problems.Errorf(folder, 0, "cannot read the folder of %s: %s; expected ipwatch.dat and a .reg export in it", n.label, diag.FileReason(err))
		return
	}
	n.folder = folder
	var tables, regs, batches []string // Windows does not tell case apart
	for _, e := range entries {
		switch name := strings.ToLower(e.Name()); {
		case name == tableName:
			tables = append(tables, e.Name())
		case name == batchName:
			batches = append(batches, e.Name())
		case path.Ext(name) == ".reg":
			regs = append(regs, e.Name())
		}
	}
	if name, ok := d.only(folder, tables, diag.Say("%s", "ipwatch.dat")); ok {
		d.readTable(fsys, path.Join(folder, name), n)
	}
	if len(regs) > 0 || !d.asked.file("reg export", folder) {
		if name, ok := d.only(folder, regs, diag.Say(".reg export")); ok {
			d.readRegistry(fsys, path.Join(folder, name), n)
		}
	}
	if len(batches) == 0 {
		return
	}
	if name, ok := d.only(folder, batches, diag.Say("%s", batchName)); ok {
		d.readBatch(fsys, path.Join(folder, name), n)
	}
}

// only picks the one file that must be there.
func (d *draft) only(folder string, found []string, what diag.Text) (name string, ok bool) {
	switch len(found) {
	case 0:
		if !d.asked.file(what.Error(), folder) {
			d.problems.Errorf(folder, 0, "there is no %s; expected one", what)
		}
	case 1:
		return found[0], true
	default:
		d.problems.Errorf(folder, 0, "there are %s; expected one %s", strings.Join(found, ", "), what)
	}
	return "", false
}

func (d *draft) readTable(fsys fs.FS, name string, n *nodeDraft) {
	n.tableFile = name
	if data, ok := d.readFile(fsys, name); ok {
		t, problems := table.Parse(name, data)
		n.table = t
		d.problems = append(d.problems, problems...)
	}
}

func (d *draft) readRegistry(fsys fs.FS, name string, n *nodeDraft) {
	data, ok := d.readFile(fsys, name)
	if !ok {
		return
	}
	file, problems := registry.Parse(name, data)
	d.problems = append(d.problems, problems...)
	if problems.Err() != nil {
		return
	}
	usual, problems := registry.Usual([]registry.File{file})
	d.problems = append(d.problems, problems...)
	file = usual[0]
	settings, problems := registry.Settings(file)
	d.problems = append(d.problems, problems...)
	n.reg = file
	n.settings = field[core.Settings]{v: settings, ok: problems.Err() == nil}
	n.startup, problems = file.Startup(registry.WatcherService)
	d.problems = append(d.problems, problems...)
	d.readAccount(file, n)
}

func (d *draft) readFile(fsys fs.FS, name string) (data []byte, ok bool) {
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		d.problems.Errorf(name, 0, "cannot read the file: %s", diag.FileReason(err))
	}
	return data, err == nil
}
