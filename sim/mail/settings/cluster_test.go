package settings

import (
	"io/fs"
	"net/netip"
	"os"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding/unicode"

	"ipwsim/core/diag"
)

// facts are those of the shipped cluster "mail".
func facts() Facts {
	return Facts{
		VIPs:         []netip.Addr{vip},
		Real:         []netip.Addr{netip.MustParseAddr("192.168.10.200"), netip.MustParseAddr("192.168.10.201")},
		Share:        UNC{Server: "EPOST-TEC", Share: "cl_mail"},
		ShareAddress: netip.MustParseAddr("192.168.10.210"),
		Computers:    []string{"hvt162EPST11", "hvt162EPST12"},
	}
}

// shipped is the cluster's folder in memory, its exports as UTF-8.
func shipped(t testing.TB) fstest.MapFS {
	m := fstest.MapFS{}
	dir := os.DirFS("../../../scenarios/testdata/clusters/mail")
	require.NoError(t, fs.WalkDir(dir, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := fs.ReadFile(dir, name)
		if strings.HasSuffix(name, ".reg") {
			data, err = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().Bytes(data)
		}
		m[name] = &fstest.MapFile{Data: data}
		return err
	}))
	return m
}

// load reads both nodes and the share as sim/cluster does.
func load(fsys fs.FS, f Facts) ([]*NodeFiles, diag.List) {
	active, problems := Load(fsys, "active/mail")
	standby, more := Load(fsys, "standby/mail")
	nodes := []*NodeFiles{active, standby}
	if problems = append(problems, more...); problems.Err() != nil {
		return nodes, problems
	}
	problems = append(problems, ReadUsers(fsys, "share", nodes, f)...)
	return nodes, append(problems, Check(nodes, f)...)
}

func TestTheShippedClusterIsTheGuides(t *testing.T) {
	nodes, problems := load(shipped(t), facts())
	require.Empty(t, problems)
	real := netip.MustParseAddr("192.168.10.200")
	admin := `.\Administrator`
	require.Equal(t, Node{
		SMTP:     Service{Installed: true, Account: admin, Binds: []Bind{{Address: anyIP, Port: 25}, {Address: anyIP, Port: 587}}, Hidden: []netip.Addr{real}},
		POP3:     Service{Installed: true, Account: admin, Binds: []Bind{{Address: anyIP, Port: 110}}, Hidden: []netip.Addr{real}},
		IMAP:     Service{Installed: true, Account: admin, Binds: []Bind{{Address: anyIP, Port: 143}}, Hidden: []netip.Addr{real}},
		Delivery: Delivery{Installed: true, Account: admin, LogicalIP: vip, RetryAfter: 2 * time.Minute, RetryFor: 24 * time.Hour},
		Share:    `\\EPOST-TEC\cl_mail`,
		Domains:  []Domain{{"example.com", vip, []User{{"tanaka", "pass1234"}, {"suzuki", "pass5678"}}}},
		Hosts:    map[string][]netip.Addr{"example.com": {vip}, "localhost": {netip.MustParseAddr("127.0.0.1")}},
	}, nodes[0].Node)
}

// What is not known of the cluster, because its own files are wrong, is not held against the nodes.
func TestUnknownFactsBlameNobody(t *testing.T) {
	_, problems := load(shipped(t), Facts{Real: make([]netip.Addr, 2)})
	require.Empty(t, problems)
}

// C3: the nodes may call the share's server by its name or by its address.
func TestC3OneShareByTwoNames(t *testing.T) {
	m := shipped(t)
	apply(t, m, `edit standby/mail/epost.reg: EPOST-TEC -> 192.168.10.210`)
	nodes, problems := load(m, facts())
	require.Empty(t, problems)
	require.Len(t, nodes[1].Node.Domains[0].Users, 2)
}

// Step 8: to answer on the VIP alone, or on all addresses by the default port, is as good. Step 16
// is the operator's choice. M1: the SMTP-only product has two services.
func TestWhatTheGuideLeavesOpenIsNoMistake(t *testing.T) {
	both := func(edit string) []string {
		return []string{strings.ReplaceAll(edit, "ROLE", "active"), strings.ReplaceAll(edit, "ROLE", "standby")}
	}
	for name, edits := range map[string][][]string{
		"the VIP alone": {both(`edit ROLE/mail/popip.dat: *.*.*.* -> 192.168.10.202`)},
		"all addresses": {both(`remove ROLE/mail/popip.dat`), both(`remove ROLE/mail/imapip.dat`)},
		"nothing hidden": {both(`remove ROLE/mail/hiddensmtpip.dat`), both(`remove ROLE/mail/hiddenpopip.dat`),
			both(`remove ROLE/mail/hiddenimapip.dat`)},
		"common mailboxes of domains without an account in common": {both(`delete ROLE/mail/epost.reg: "IP"="192.168.10.202"\n`),
			both(`add ROLE/mail/epost.reg: [HKEY_LOCAL_MACHINE\SOFTWARE\EPOST\MS\Domains\example.org]`), both(`add ROLE/mail/hosts: 192.168.10.202 example.org`),
			{`add share/db/example.org.idx: mori	pass2222`}},
		"common mailboxes": {both(`delete ROLE/mail/epost.reg: "IP"="192.168.10.202"\n`)},
		"SMTP only": {both(`edit ROLE/mail/services.reg: \Services\EPSTPOP3S -> \Services\A`), both(`edit ROLE/mail/services.reg: \Services\EPSTIMAP4S -> \Services\B`),
			both(`remove ROLE/mail/popip.dat`), both(`remove ROLE/mail/hiddenpopip.dat`),
			both(`remove ROLE/mail/imapip.dat`), both(`remove ROLE/mail/hiddenimapip.dat`)},
	} {
		m := shipped(t)
		for _, pair := range edits {
			for _, edit := range pair {
				apply(t, m, edit)
			}
		}
		_, problems := load(m, facts())
		require.Empty(t, problems, name)
	}
}
