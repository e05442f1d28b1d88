package audit

import (
	"bytes"
	"fmt"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"

	"ipwsim/core/diag"
	"ipwsim/scenarios/audit/edit"
	"ipwsim/sim/audited"
	"ipwsim/sim/cluster"
)

// files are a cluster's, by their paths below its folder.
type files map[string][]byte

// tomlFile is the one that says what the machines' own files do not.
const tomlFile = "cluster.toml"

// load reads the cluster of the files, with errors that can be played.
func (f files) load() (*cluster.Blueprint, diag.List) {
	return cluster.LoadWith(f.folder(), ".", cluster.Playable...)
}

// folder is the cluster's folder.
func (f files) folder() fs.FS { return cluster.Overlay(nothing{}, f) }

// over are these files with others in their places; an empty one is gone.
func (f files) over(others files) files {
	all := maps.Clone(f)
	maps.Copy(all, others)
	return all
}

// named is the file of that name in the folder, in whichever case, or where it would be.
func (f files) named(folder, name string) string {
	for file := range f { // order: there is one
		if strings.EqualFold(file, folder+"/"+name) {
			return file
		}
	}
	return folder + "/" + name
}

// beyond are those of these files that differ from the base.
func (f files) beyond(base files) files {
	all := files{}
	for name, data := range f { // order: into a map
		if was, there := base[name]; !there || !bytes.Equal(was, data) {
			all[name] = data
		}
	}
	return all
}

// withoutMail are the files of the cluster without its mail server: nothing of it stands between a client and an answer
// of the VIP, and it is half of the work of a run.
func (f files) withoutMail() files {
	all := files{}
	for name, data := range f { // order: into a map
		if folder := strings.SplitN(name, "/", 3); folder[0] != cluster.ShareName && (len(folder) < 3 || folder[1] != "mail") {
			all[name] = data
		}
	}
	all[tomlFile] = withoutTables(all[tomlFile], "share", "outside")
	return all
}

// header is the line of a table, or of one of many.
var header = regexp.MustCompile(`^\s*\[{1,2}\s*([^\[\]]+?)\s*\]{1,2}`)

// withoutTables is the file without these tables. Lines stay where they are.
func withoutTables(toml []byte, names ...string) []byte {
	lines, drop := strings.SplitAfter(string(toml), "\n"), false
	for i, line := range lines {
		if m := header.FindStringSubmatch(line); m != nil {
			drop = slices.Contains(names, strings.SplitN(m[1], ".", 2)[0])
		}
		if drop {
			lines[i] = "\n"
		}
	}
	return []byte(strings.Join(lines, ""))
}

// table is one of cluster.toml: its name, and which one of several of that name it is, from 0.
type table struct {
	name string
	nth  int
}

// find are the table's first line and the one behind its last, from 0; false where the file has no such table, as one
// written in a line.
func (t table) find(lines []string) (from, to int, found bool) {
	n := -1
	for i, line := range lines {
		m := header.FindStringSubmatch(line)
		switch {
		case m == nil:
		case found:
			return from, i, true
		case m[1] == t.name:
			if n++; n == t.nth {
				from, found = i, true
			}
		}
	}
	return from, len(lines), found
}

// key is the line of the table's key, from 0; -1: it has none.
func (t table) key(lines []string, name string) int {
	from, to, found := t.find(lines)
	if !found {
		return -1
	}
	for i := from + 1; i < to; i++ {
		if key, _, is := strings.Cut(lines[i], "="); is && strings.TrimSpace(key) == name {
			return i
		}
	}
	return -1
}

// setTOML sets a key of a table, to a value as TOML has it.
func (f files) setTOML(t table, name, value string) ([]audited.Edit, bool) {
	lines := strings.Split(string(f[tomlFile]), "\n")
	from, _, found := t.find(lines)
	if !found {
		return nil, false
	}
	line := fmt.Sprintf("%s = %s", name, value)
	if at := t.key(lines, name); at >= 0 {
		old := strings.TrimSpace(lines[at])
		if rest, is := strings.CutPrefix(old, line); is && (strings.TrimSpace(rest) == "" || strings.HasPrefix(strings.TrimSpace(rest), "#")) {
			return nil, true // it has it, whatever is said behind it
		}
		lines[at] = line
		f[tomlFile] = []byte(strings.Join(lines, "\n"))
		return []audited.Edit{{File: tomlFile, Line: at + 1, Old: old, New: line}}, true
	}
	lines = slices.Insert(lines, from+1, line)
	f[tomlFile] = []byte(strings.Join(lines, "\n"))
	return []audited.Edit{{File: tomlFile, Line: from + 2, New: line}}, true // behind the table's name
}

// addTOML adds the lines of a table at the end of the file.
func (f files) addTOML(lines []string) (all []audited.Edit) {
	made := string(f[tomlFile])
	if !strings.HasSuffix(made, "\n") {
		made += "\n"
	}
	for _, line := range lines {
		made += line + "\n"
		all = append(all, audited.Edit{File: tomlFile, New: line})
	}
	f[tomlFile] = []byte(made)
	return all
}

// line is a line of the file, from 1, as an editor shows it; "": it has none.
func (f files) line(name string, nth int) string { return edit.Line(name, f[name], nth) }

// tables is how often the file has a table of that name.
func (f files) tables(name string) (n int) {
	for line := range strings.Lines(string(f[tomlFile])) {
		if m := header.FindStringSubmatch(line); m != nil && m[1] == name {
			n++
		}
	}
	return n
}

// has says whether the table has the key.
func (f files) has(t table, key string) bool {
	return t.key(strings.Split(string(f[tomlFile]), "\n"), key) >= 0
}

// assumed says whether no file tells what the key of the table has, as what a client is: it is left out, or init has assumed
// it, which a mark behind it says.
func (f files) assumed(t table, key string, marks []string) bool {
	lines := strings.Split(string(f[tomlFile]), "\n")
	at := t.key(lines, key)
	return at < 0 || slices.ContainsFunc(marks, func(mark string) bool { return strings.Contains(lines[at], mark) })
}

// unknown are the keys that decide who is healed and heard, and that init has assumed: of nodes, routers, and clients that it
// has made up.
func (p *plan) unknown() (all []string) {
	add := func(t table, name string, keys ...string) {
		for _, key := range keys {
			if p.files.has(t, key) && p.files.assumed(t, key, p.Marks) {
				all = append(all, name+"."+key)
			}
		}
	}
	for _, n := range p.bp.Nodes {
		add(table{"node." + n.Role, 0}, "node."+n.Role, "tasks", "echo_blocked", "pipe_blocked", "profile")
	}
	for i, r := range p.bp.Routers {
		add(table{"router", i}, r.Name, "profile")
	}
	for i, c := range p.bp.Clients {
		add(table{"client", i}, c.Name, "address")
	}
	return all
}

// nothing is an empty folder.
type nothing struct{}

func (nothing) Open(name string) (fs.File, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}
