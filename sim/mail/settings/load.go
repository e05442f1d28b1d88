package settings

import (
	"io/fs"
	"path"
	"strings"

	"ipwsim/core/diag"
	"ipwsim/core/registry"
)

// Names of a node's files; Windows does not tell their case apart. The hidden ones are the guide's
// (step 16). Inferred: those of the bind lists, after them.
const (
	hostsName = "hosts"
	relayName = "effect.dat" // the maker's FAQ

	smtpBinds, smtpHidden = "smtpip.dat", "hiddensmtpip.dat"
	pop3Binds, pop3Hidden = "popip.dat", "hiddenpopip.dat"
	imapBinds, imapHidden = "imapip.dat", "hiddenimapip.dat"
)

// The ports that a service without a bind list listens on (M1, M2).
const (
	smtpPort       = 25
	pop3Port       = 110
	submissionPort = 587
	imapPort       = 143
)

// PortOf is the port that the service of that name listens on without a bind list.
func PortOf(service string) uint16 {
	return map[string]uint16{SMTPName: smtpPort, POP3Name: pop3Port, IMAPName: imapPort}[service]
}

// NodeFiles is what the files of one node say, with the places for Check.
type NodeFiles struct {
	Folder string // where they are
	Node   Node

	smtp, pop3, imap serviceFiles
	deliveryAccount  setting
	logicalIP        setting
	work             folderSetting
	inbox            folderSetting
	accounts         folderSetting
	domains          []domain
	hostsFile        string // "" when there is none
	relayFile        string // "" when there is none
	hosts            []HostRow
}

// serviceFiles are the files of a service that listens.
type serviceFiles struct {
	name       string // of the service
	account    setting
	bindFile   string // "" when it answers on all addresses, by the default port
	binds      []BindRow
	hiddenFile string // "" when there is none
	hidden     []HiddenRow
}

// Load reads the mail files in the folder dir of fsys: .reg exports, bind lists (smtpip.dat,
// popip.dat, imapip.dat; M2), hiddensmtpip.dat and its like (M3), hosts (M7), effect.dat. More exports of the
// node's may be given. It reports every problem that the node's files show by themselves; names of
// files are as fsys knows them. The users of the domains are not in them: see ReadUsers. With an
// error the NodeFiles are not to be used.
func Load(fsys fs.FS, dir string, more ...registry.File) (*NodeFiles, diag.List) {
	l := loader{fsys: fsys, dir: dir, names: map[string]string{}}
	n := &NodeFiles{Folder: dir}
	e := exports{more, &l.problems}
	usual, told := registry.Usual(append(e.files[:len(e.files):len(e.files)], l.list()...))
	e.files, l.problems = usual, append(l.problems, told...)
	l.problems.Sort()
	if l.problems.Err() != nil {
		return n, l.problems // what an export that was refused says is not known: all else would be guesses
	}
	n.readRegistry(e)
	l.readService(&n.smtp, &n.Node.SMTP, smtpBinds, smtpHidden, smtpPort)
	l.readService(&n.pop3, &n.Node.POP3, pop3Binds, pop3Hidden, pop3Port)
	l.readService(&n.imap, &n.Node.IMAP, imapBinds, imapHidden, imapPort)
	n.hostsFile, n.hosts = readRows(&l, hostsName, ParseHosts)
	n.Node.Hosts = hostTable(n.hosts)
	n.relayFile, n.Node.Relay = readRows(&l, relayName, ParseRelay)
	l.problems.Sort()
	return n, l.problems
}

type loader struct {
	fsys     fs.FS
	dir      string
	names    map[string]string // lower case to the file's own
	problems diag.List
}

// known are the names of files that are read, beside the exports.
var known = []string{smtpBinds, smtpHidden, pop3Binds, pop3Hidden, imapBinds, imapHidden, hostsName, relayName}

// list notes the folder's files and reads its exports.
func (l *loader) list() (regs []registry.File) {
	entries, err := fs.ReadDir(l.fsys, l.dir)
	if err != nil {
		l.problems.Errorf(l.dir, 0, "cannot read the folder: %s; expected the node's mail files in it", diag.FileReason(err))
		return nil
	}
	for _, e := range entries {
		name, file := strings.ToLower(e.Name()), path.Join(l.dir, e.Name())
		switch other := l.names[name]; {
		case other != "":
			l.problems.Errorf(file, 0, "there is %s too; expected one, as Windows does not tell case apart", other)
		case path.Ext(name) == ".reg":
			if reg, ok := l.readExport(file); ok {
				regs = append(regs, reg)
			}
		default:
			l.checkName(name, file)
		}
		l.names[name] = file
	}
	return regs
}

// checkName warns of a file that was most likely meant to be one of those read.
func (l *loader) checkName(name, file string) {
	for _, k := range known {
		if name == k {
			return
		}
	}
	if near, ok := diag.Nearest(strings.TrimSuffix(name, ".txt"), known); ok {
		l.problems.Warnf(file, 0, "no service reads a file of this name; expected %s?", near)
	}
}

func (l *loader) readExport(file string) (reg registry.File, ok bool) {
	data, ok := l.readFile(file)
	if !ok {
		return reg, false
	}
	reg, problems := registry.Parse(file, data)
	l.problems = append(l.problems, problems...)
	if key, found := reg.Key(registry.SettingsKey); found {
		l.problems.Warnf(file, key.Line, "the watcher's settings are not read from the mail files; expected them in the export beside ipwatch.dat alone")
	}
	return reg, problems.Err() == nil
}

func (l *loader) readFile(file string) (data []byte, ok bool) {
	data, err := fs.ReadFile(l.fsys, file)
	if err != nil {
		l.problems.Errorf(file, 0, "cannot read the file: %s", diag.FileReason(err))
	}
	return data, err == nil
}

// readRows parses a file, if it is there.
func readRows[R any](l *loader, name string, parse func(string, []byte) ([]R, diag.List)) (file string, rows []R) {
	file = l.names[name]
	if file == "" {
		return "", nil
	}
	data, ok := l.readFile(file)
	if !ok {
		return file, nil
	}
	rows, problems := parse(file, data)
	l.problems = append(l.problems, problems...)
	return file, rows
}

func (l *loader) readService(files *serviceFiles, s *Service, binds, hidden string, port uint16) {
	files.bindFile, files.binds = readRows(l, binds, ParseBinds)
	files.hiddenFile, files.hidden = readRows(l, hidden, ParseHidden)
	if files.bindFile == "" {
		files.binds = []BindRow{{Bind: allAddresses(port)}}
	}
	if !s.Installed {
		return
	}
	for _, row := range files.binds {
		s.Binds = append(s.Binds, row.Bind)
	}
	for _, row := range files.hidden {
		s.Hidden = append(s.Hidden, row.Address)
	}
}
