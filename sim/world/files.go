package world

import (
	"path"
	"slices"
	"strings"

	"ipwsim/core/diag"
	"ipwsim/sim/cluster"
	"ipwsim/sim/mail/logs"
	"ipwsim/sim/mail/settings"
	"ipwsim/sim/share"
	"ipwsim/sim/windows"
)

// Files are what the nodes and the share hold now, by slash-separated paths below a folder for each: a node's role with
// the product's folder below it, and the share's name.
func (w *World) Files() ([]windows.File, error) {
	var all []windows.File
	product := strings.TrimPrefix(strings.ReplaceAll(windows.ProductFolder, `\`, "/"), "C:/")
	for _, n := range w.nodes {
		for _, f := range n.ProductFiles() {
			all = append(all, windows.File{Name: path.Join(n.Name(), product, strings.ReplaceAll(f.Name, `\`, "/")), Data: f.Data})
		}
	}
	if w.mail == nil {
		return all, nil
	}
	onShare, err := shared(w.mail.disk, ".")
	if err != nil {
		return nil, diag.Errorf("the share cannot be read: %w", err)
	}
	all = append(all, onShare...)
	for i, n := range w.bp.Nodes {
		all = append(all, w.mailFiles(n, w.mail.bp.Nodes[i], all)...)
	}
	slices.SortFunc(all, func(a, b windows.File) int { return strings.Compare(a.Name, b.Name) })
	return all, nil
}

// shared are the files of the share below a folder.
func shared(disk share.FS, folder string) (all []windows.File, err error) {
	entries, err := disk.ReadDir(folder)
	for _, e := range entries {
		name := path.Join(folder, e.Name)
		var below []windows.File
		if e.IsDir {
			below, err = shared(disk, name)
		} else {
			var data []byte
			data, err = disk.ReadFile(name)
			below = []windows.File{{Name: path.Join(cluster.ShareName, name), Data: data}}
		}
		if err != nil {
			break
		}
		all = append(all, below...)
	}
	return all, err
}

// mailFiles are the node's logs in the work folder, and the accounts and settings that all nodes share there, but for
// those that are there already (M5).
//
// Inferred: that reg has the domains with their addresses; the guide has the folder.
func (w *World) mailFiles(n cluster.Node, set settings.Node, there []windows.File) (all []windows.File) {
	add := func(name string, data []byte) {
		name = path.Join(cluster.ShareName, set.Folder, name)
		if !slices.ContainsFunc(there, func(f windows.File) bool { return f.Name == name }) {
			all = append(all, windows.File{Name: name, Data: data})
		}
	}
	for _, log := range logs.Files(w.trace, n.Role, n.Name) {
		add(log.Name, log.Data)
	}
	domains := ""
	for _, d := range set.Domains {
		add(path.Join("db", d.Name+".idx"), settings.FormatAccounts(d.Users))
		domains += d.Name
		if d.IP.IsValid() {
			domains += " " + d.IP.String()
		}
		domains += "\r\n"
	}
	add("reg/domains.dat", []byte(domains))
	return all
}
