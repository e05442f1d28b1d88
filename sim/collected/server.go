package collected

import (
	"io/fs"
	"path"
	"slices"
	"strings"

	"ipwsim/core/diag"
	"ipwsim/core/registry"
	"ipwsim/core/table"
	"ipwsim/core/text"
	"ipwsim/sim/mail/settings"
)

// Server is all that was collected on one machine.
type Server struct {
	Folder    string
	Files     map[string][]byte // that are taken as they are: the mail server's lists and hosts, by their names in lower case
	IPConfig  IPConfig
	Neighbors []Neighbor
	Routes    []Route
	Named     []Named // by ping.exe and hosts
	Tasks     []Task
	HasTasks  bool // a file says which there are
	Firewall  Firewall
	Networks  []Network
	netsh     []Adapter
	System    System
	Services  map[string]Service // by their names, by sc qc
	Table     table.Table        // where the watcher refuses the file, what is meant
	TableFile string             // "": none
	TableData []byte
	Exports   []registry.File      // of keys that several have, the first one's counts
	RawExport map[string][]byte    // by the names in Exports
	Batches   []Batch              // batch files, one of which may be the cure
	Unread    []string             // files that say nothing here
	Lost      map[string]diag.Text // why a command's output is not known, though a file of it is there: by its kind, as Tasks
}

// mostFiles bounds a folder: what is collected is some twenty files.
const mostFiles = 1000

// copied are the files that a cluster takes as they are.
var copied = []string{
	"smtpip.dat", "popip.dat", "imapip.dat", "hiddensmtpip.dat", "hiddenpopip.dat", "hiddenimapip.dat", "effect.dat", "hosts",
}

// Read reads a folder. What a file is its content decides, for output of commands; ipwatch.dat, arpclear.bat, hosts and
// the mail server's lists go by their names. It reports every problem; with an error the Server is not to be used.
func Read(fsys fs.FS, folder string) (*Server, diag.List) {
	s := &Server{Folder: folder, Files: map[string][]byte{}, RawExport: map[string][]byte{}, Lost: map[string]diag.Text{}}
	var problems diag.List
	entries, err := fs.ReadDir(fsys, folder)
	switch {
	case err != nil:
		problems.Errorf(folder, 0, "cannot read the folder: %s", diag.FileReason(err))
	case len(entries) > mostFiles:
		problems.Errorf(folder, 0, "found %d files; expected at most %d, of one server", len(entries), mostFiles)
		entries = nil
	}
	all, list := s.files(fsys, entries)
	problems = append(problems, list...)
	first, taken := map[string]string{}, map[string]found{}
	for _, f := range all {
		left, list := s.other(f, taken)
		problems = append(problems, list...)
		if left {
			continue
		}
		taken[f.name] = f
		tasks := len(s.Tasks)
		kind, list := s.take(f.file, f.name, f.data)
		problems = append(problems, list...)
		for i := range s.Tasks[tasks:] {
			s.Tasks[tasks+i].Exported = f.written
		}
		if other := first[kind]; other != "" && kind != "" {
			problems.Errorf(f.file, 0, "it is like %s, output of the same command; expected one of a server", other)
		}
		first[kind] = f.file
	}
	problems = append(problems, s.takeOdd(all)...)
	slices.SortStableFunc(s.Exports, func(a, b registry.File) int { return rankOf(a.Name) - rankOf(b.Name) })
	problems = append(problems, s.takeWOW64()...)
	s.takeAdapters()
	problems.Sort()
	return s, problems
}

// files reads those of the folder, in the order in which they are taken.
func (s *Server) files(fsys fs.FS, entries []fs.DirEntry) (all []found, problems diag.List) {
	for _, e := range entries {
		if e.IsDir() {
			continue
		}
		f := found{file: path.Join(s.Folder, e.Name()), name: plainName(e.Name())}
		f.plain = f.name == strings.ToLower(e.Name())
		info, err := e.Info()
		if err == nil && info.Mode().IsRegular() && info.Size() > mostOf(f.name) {
			problems = append(problems, s.leave(f.file, f.name, info.Size())...)
			continue
		}
		if err == nil {
			f.written = info.ModTime()
		}
		if f.data, err = fs.ReadFile(fsys, f.file); err != nil {
			problems.Errorf(f.file, 0, "cannot read the file: %s", diag.FileReason(err))
			continue
		}
		all = append(all, f)
	}
	order(all)
	return all, problems
}

// known says whether the file is of a kind that goes by its name, in lower case.
func known(name string) bool {
	return single(name)
}

// mostOf is the most bytes of a file of the name, in lower case.
func mostOf(name string) int64 {
	if known(name) {
		return text.MaxBytes
	}
	return MaxBytes
}

// Host is the computer's name, where a file has it.
func (s *Server) Host() Value {
	if s.IPConfig.Host.Found() {
		return s.IPConfig.Host
	}
	return s.System.Host
}

// IsOne says whether the folder is a server's: a file says which, or is of its watcher.
func (s *Server) IsOne() bool {
	return s.Host().Found() || s.TableFile != "" || len(s.Exports) > 0
}

// take reads a file. kind is that of a file that a server has once; "" for others.
func (s *Server) take(file, name string, data []byte) (kind string, problems diag.List) {
	switch {
	case name == tableName:
		s.TableFile, s.TableData = file, data
		s.Table, problems = readTable(file, data)
		return "", problems
	case isBatch(name):
		s.Batches = append(s.Batches, Batch{File: file, Name: name, Data: data})
		return "", nil
	case path.Ext(name) == ".reg" || isExport(data):
		return "", s.takeExport(file, data)
	case slices.Contains(copied, name):
		s.Files[name] = data
		if enc := text.Detect(data); enc.IsUTF16() {
			problems.Warnf(file, 0, "the file is %s, and is copied as it is, for check to refuse; expected it saved as ANSI (CP932) or UTF-8", enc)
			return "", problems
		}
		if name == "hosts" {
			s.readHosts(file, data)
		}
		return "", nil
	}
	return s.takeOutput(file, data)
}

// The kinds in Server.Lost.
const (
	OfFirewall = "firewall"
	OfTasks    = "tasks"
)

// taskList is the kind of tasks as a list.
const taskList = "list of tasks"

// outputs are what commands write, by words that only they write.
var outputs = []struct {
	kind  string
	words []string
}{
	{"ipconfig", []string{"Windows IP Configuration", "Windows IP 構成"}},
	{"netsh", []string{"Configuration for interface \"", "\" の構成"}},
	{"systeminfo", []string{"OS Version:", "OS バージョン:"}},
	{OfFirewall, []string{"Rule Name:", "規則名:", "Firewall Policy ", "ファイアウォール ポリシー"}},
	{"route", []string{"Network Destination", "ネットワーク宛先"}},
	{"arp", []string{"Interface: ", "インターフェイス: "}},
	{"services", []string{"SERVICE_START_NAME"}},
	{"networks", []string{"NetworkCategory"}},
	{OfTasks, []string{"<Task ", "<Tasks"}},
	{taskList, []string{"Task To Run:", "実行するタスク:"}},
	{"ping", []string{"Pinging ", "に ping を送信"}},
}

func (s *Server) takeOutput(file string, data []byte) (kind string, problems diag.List) {
	d, list := decode(file, data)
	name := strings.ToLower(path.Base(file))
	switch kind = kindOf(d); {
	case list.Err() != nil: // too many lines: nothing of it is read
		s.lose(name, diag.Say("of %s nothing is read", file))
		return "", unused(list)
	case kind != "":
	case slices.Contains(forPeople, name):
		return "", nil
	case strings.TrimSpace(strings.Join(d.lines, "")) == "":
		problems.Warnf(file, 0, "the file is empty; expected the output of a command: that may have failed, as without an administrator's rights")
		s.lose(name, diag.Say("%s is empty", file))
		return "", problems
	}
	switch kind {
	case "ipconfig":
		if s.IPConfig, problems = ParseIPConfig(file, data); len(s.IPConfig.Adapters) == 0 {
			problems = unused(problems)
		}
	case "netsh":
		s.netsh = parseNetsh(d)
	case "systeminfo":
		s.System, problems = ParseSystem(file, data)
	case OfFirewall:
		var f Firewall
		f, problems = ParseFirewall(file, data)
		s.Firewall = s.Firewall.with(f)
		kind = "" // two commands
	case "route":
		s.Routes, problems = ParseRoutes(file, data)
	case "arp":
		s.Neighbors, problems = ParseARP(file, data)
	case "networks":
		s.Networks, problems = ParseNetworks(file, data)
	case "services":
		s.Services, problems = ParseServices(file, data)
	case OfTasks:
		var tasks []Task
		tasks, problems = ParseTasks(file, data)
		kind = "" // each may be exported by itself
		if problems.Err() != nil {
			s.lose(OfTasks, diag.Say("nothing is taken from %s", file))
			return kind, unused(problems)
		}
		s.Tasks, s.HasTasks = append(s.Tasks, tasks...), true
	case taskList:
		s.Tasks, s.HasTasks, kind = append(s.Tasks, parseTaskList(d)...), true, ""
	case "ping":
		var named []Named
		named, problems = ParsePing(file, data)
		s.Named, kind = append(s.Named, named...), ""
	default:
		if said := refused(d); said != "" {
			problems.Warnf(file, 1, "the command was refused: %s; expected it run as administrator", text.Quote(said))
		}
		s.Unread = append(s.Unread, file)
		s.lose(name, diag.Say("nothing is taken from %s", file))
	}
	return kind, problems
}

// with joins what two files say.
func (f Firewall) with(other Firewall) Firewall {
	if other.Off.Found() {
		f.Off = other.Off
	}
	if other.Policy.Found() {
		f.Policy = other.Policy
	}
	if other.Profile != "" {
		f.Profile = other.Profile
	}
	f.Rules, f.shown = append(f.Rules, other.Rules...), append(f.shown, other.shown...)
	f.Cut = f.Cut || other.Cut
	return f
}

func (s *Server) readHosts(file string, data []byte) {
	rows, _ := settings.ParseHosts(file, data)
	for _, r := range rows {
		for _, name := range r.Names {
			if r.Address.Is4() {
				s.Named = append(s.Named, Named{name, r.Address, Place{file, r.Line}})
			}
		}
	}
}

// Export finds a registry key in whichever export has it.
func (s *Server) Export(key string) (of registry.File, k registry.Key, found bool) {
	for _, f := range s.Exports {
		if k, found := f.Key(key); found {
			return f, k, true
		}
	}
	return of, k, false
}
