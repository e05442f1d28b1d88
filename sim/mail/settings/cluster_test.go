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
		SMTP:     Service{true, admin, []Bind{{anyIP, 25}, {anyIP, 587}}, []netip.Addr{real}},
		POP3:     Service{true, admin, []Bind{{anyIP, 110}}, []netip.Addr{real}},
		IMAP:     Service{true, admin, []Bind{{anyIP, 143}}, []netip.Addr{real}},
		Delivery: Delivery{true, admin, vip, 2 * time.Minute, 24 * time.Hour},
		Share:    `\\EPOST-TEC\cl_mail`,
		Domains:  []Domain{{"example.com", vip, []User{{"tanaka", "pass1234"}, {"suzuki", "pass5678"}}}},
		Hosts:    map[string][]netip.Addr{"example.com": {vip}, "localhost": {netip.MustParseAddr("127.0.0.1")}},
	}, nodes[0].Node)
}
