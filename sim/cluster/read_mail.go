package cluster

import (
	"io/fs"
	"net/netip"
	"path"
	"strings"
	"time"

	"ipwsim/core/diag"
	"ipwsim/core/registry"
	"ipwsim/sim/mail/settings"
	"ipwsim/sim/trace"
)

// Folders of the mail files: below a node's folder, and beside it.
const (
	mailFolder  = "mail"
	shareFolder = "share"
)

// defaultShareLatency is a guess: a NAS answers from its cache.
const defaultShareLatency = time.Millisecond

// mailDraft is what could be read about the mail server.
type mailDraft struct {
	tomlRead bool
	given    bool        // [share], in whatever form
	share    *shareDraft // nil: none that could be read
	outside  []*outsideDraft
	files    [2]*settings.NodeFiles // nil: the node has none, or they were refused
	folders  [2]string              // "": the node has none
}

type shareDraft struct {
	machine
	unc      field[settings.UNC]
	capacity field[int64]
	latency  field[time.Duration]
	handles  field[time.Duration]
	line     int
}

type outsideDraft struct {
	machine
	domains field[[]string]
}

func (d *draft) readMail(top *section) {
	m := &d.mail
	m.tomlRead = true
	if _, m.given = top.values["share"]; !m.given {
		top.known = append(top.known, "share")
	} else if s, ok := top.table("share"); ok {
		m.share = readShare(&s)
	}
	outside, _ := top.tables("outside")
	for i, s := range outside {
		m.outside = append(m.outside, readOutside(&s, i))
	}
}

func readShare(s *section) *shareDraft {
	share := &shareDraft{machine: machine{label: diag.Say("%s", "share"), key: "share"}, line: s.line()}
	share.unc = get(s, "unc", toUNC)
	share.name = field[string]{share.unc.v.Computer(), share.unc.line, share.unc.ok}
	share.machine.read(s, trace.MAC{2, 0, 0, 3, 0, 1})
	share.machine.readGateway(s)
	share.capacity = getOr(s, "capacity", 0, toCapacity)
	share.latency = getOr(s, "latency", defaultShareLatency, toDiskLatency)
	share.handles = getOr(s, "handles", 0, toBoot)
	s.close()
	return share
}

func readOutside(s *section, i int) *outsideDraft {
	o := &outsideDraft{machine: machine{label: diag.Say("a mail server outside"), key: "outside"}}
	o.name = get(s, "name", toLabel)
	if o.name.ok {
		o.label = diag.Say("%s", o.name.v)
	}
	o.machine.read(s, trace.MAC{2, 0, 0, 4, byte((i + 1) >> 8), byte(i + 1)})
	o.machine.readGateway(s)
	o.domains = get(s, "domains", toDomains)
	s.close()
	return o
}

// toUNC is the name of a share, by the name of its server.
func toUNC(v any) (settings.UNC, error) {
	s, err := as[string](v)
	if err != nil {
		return settings.UNC{}, err
	}
	u, problem := settings.ParseUNC(s)
	switch {
	case problem != nil:
		return u, problem
	case u.Path != "":
		return u, diag.Errorf(`%s goes on behind the share; expected its root, %s`, s, u.Root())
	}
	return u, computerProblem(u.Server)
}

// computerProblem wants a computer's name of 1 to 15 characters, that with its domain, or its IPv4 address (C1).
func computerProblem(s string) error {
	ip, err := netip.ParseAddr(s)
	switch {
	case err == nil && !ip.Is4():
		return diag.Errorf("%.60q is an IPv6 address; expected IPv4 (C4)", s)
	case err == nil:
		return nil
	case strings.Trim(s, "0123456789.") == "":
		return diag.Errorf("%.60q is no address; expected four numbers from 0 to 255 without leading zeros", s)
	case !strings.Contains(s, "."):
		_, err = toNetBIOS(s)
		return err
	}
	if problem := settings.DomainProblem(s); problem != nil {
		return diag.Errorf("%.60q %w; expected a computer's name with its domain, as nas.example.jp", s, problem)
	}
	return nil
}

// toCapacity is a number of bytes.
func toCapacity(v any) (int64, error) {
	n, err := as[int64](v)
	if err == nil && n < 1 {
		err = diag.Errorf("%d is no capacity; expected 1 byte or more, or no key for no limit", n)
	}
	return n, err
}

// toDomains is at least one mail domain.
func toDomains(v any) ([]string, error) {
	list, err := as[[]any](v)
	if err == nil && len(list) == 0 {
		err = diag.Errorf(`the list is empty; expected domains, as ["example.net"]`)
	}
	var domains []string
	for _, raw := range list {
		name, err := as[string](raw)
		if err != nil {
			return nil, err
		}
		if problem := settings.DomainProblem(name); problem != nil {
			return nil, diag.Errorf("%.60q %w; expected a domain, as example.net", name, problem)
		}
		domains = append(domains, strings.ToLower(name))
	}
	return domains, err
}

// toAdministrators are accounts with the names of their computers or domains; there may be none.
func toAdministrators(v any) (all settings.Administrators, err error) {
	list, err := as[[]any](v)
	if err != nil {
		return nil, err
	}
	for _, raw := range list {
		account, err := as[string](raw)
		if err != nil {
			return nil, err
		}
		if domain, name, ok := strings.Cut(account, `\`); !ok || domain == "" || name == "" || strings.Contains(name, `\`) {
			return nil, diag.Errorf("%.60q is no account; expected one with its domain, as 'CORP\\epost'", account)
		}
		all = append(all, account)
	}
	return all, nil
}

// readMailFiles reads the mail folder of each node that has one.
func (d *draft) readMailFiles(fsys fs.FS) {
	for i, n := range d.nodes {
		folder := mailFolderOf(fsys, n.folder)
		if folder == "" {
			continue
		}
		d.mail.folders[i] = folder
		var own []registry.File // the node's export may hold the mail server's keys too
		if n.reg.Name != "" {
			own = append(own, n.reg)
		}
		files, problems := settings.Load(fsys, folder, own...)
		d.problems = append(d.problems, problems...)
		if problems.Err() == nil {
			d.mail.files[i] = files
		}
	}
}

// Reads says whether a file of the cluster's, by its path, is one that something reads.
func Reads(name string) bool {
	folder, file := path.Split(strings.ToLower(name)) // Windows does not tell case apart
	top, _, below := strings.Cut(name, "/")
	switch {
	case name == "cluster.toml", below && top == shareFolder:
		return true
	case folder == Active+"/", folder == Standby+"/":
		return file == "ipwatch.dat" || file == batchName || path.Ext(file) == ".reg"
	}
	return folder == Active+"/"+mailFolder+"/" || folder == Standby+"/"+mailFolder+"/"
}

// mailFolderOf finds the folder in whatever case, or nothing.
func mailFolderOf(fsys fs.FS, folder string) string {
	if folder == "" {
		return ""
	}
	entries, _ := fs.ReadDir(fsys, folder) // reported when the node's files were read
	for _, e := range entries {
		if strings.EqualFold(e.Name(), mailFolder) {
			return path.Join(folder, e.Name())
		}
	}
	return ""
}
