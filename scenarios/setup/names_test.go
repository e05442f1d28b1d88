package setup_test

import (
	"bytes"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"ipwsim/core/diag"
	"ipwsim/core/text"
	"ipwsim/scenarios/setup"
)

// replaced are the exports of works with other words in one file: as it is, or as UTF-16.
func replaced(t *testing.T, m fstest.MapFS, file, old, with string) fstest.MapFS {
	t.Helper()
	data := m[file].Data
	if bytes.HasPrefix(data, []byte{0xff, 0xfe}) {
		from, to := text.UTF16(old), text.UTF16(with)
		require.True(t, bytes.Contains(data, from), "%s: %s", file, old)
		data = bytes.ReplaceAll(data, from, to)
	} else {
		require.True(t, bytes.Contains(data, []byte(old)), "%s: %s", file, old)
		data = bytes.ReplaceAll(data, []byte(old), []byte(with))
	}
	m[file] = &fstest.MapFile{Data: data}
	return m
}

// C3: a share that goes by its address, or by a name with its domain, makes a cluster that can be run.
func TestNamesOfTheShare(t *testing.T) {
	for name, address := range map[string]string{"10.90.1.55": "10.90.1.55/16", "wkfs.example.com": "10.90.1.56/16", "WKFS": "10.90.1.56/16"} {
		m := exports(t, "works")
		for _, s := range []string{"wk-a", "wk-b"} {
			replaced(t, m, s+"/epost.reg", `WKFS`, name)
			m[s+"/ping.txt"] = &fstest.MapFile{Data: []byte("\r\nPinging WKFS.example.com [10.90.1.56] with 32 bytes of data:\r\n")}
		}
		made, problems := make2(t, m, "wk-a", "wk-b", setup.Options{})
		require.Empty(t, problems, name)
		require.Empty(t, made.Open, name)
		bp, problems := load(made)
		require.NoError(t, problems.Err(), "%s", made.Files["cluster.toml"])
		require.NotContains(t, problems.Error(), "share")
		require.Equal(t, address, bp.Mail.Share.Address.String(), name)
		require.True(t, bp.Mail.Share.Is(`\\`+name+`\mail`))
	}
}

// C1: the other server by its name with the domain, which DNS alone finds; another domain is told.
func TestThePeerWithItsDomain(t *testing.T) {
	for domain, want := range map[string]string{"example.com": "", "example.org": "wk-a/ipwatch.dat:1: warning: -c= names wk-b.example.org, and the domain of WK-B is example.com (wk-b/ipconfig.txt:6)"} {
		m := replaced(t, exports(t, "works"), "wk-a/ipwatch.dat", "10.90.1.22", "wk-b."+domain)
		made, problems := make2(t, m, "wk-a", "wk-b", setup.Options{})
		require.Contains(t, problems.Error(), want)
		require.Equal(t, want == "", len(problems) == 0, "%v", problems)
		require.Contains(t, string(made.Files["cluster.toml"]), `names = "dns"  # assumed: \\wk-b.`+domain+` has its domain (wk-a/ipwatch.dat:1)`)
		bp, problems := load(made)
		require.NoError(t, problems.Err())
		require.True(t, bp.DNS)
		role, _ := bp.ResolvePeer(bp.Nodes[1].Entries[0].Peer)
		require.Equal(t, "active", role)
	}
}

// C3: a share on a node dies with that node, which no cluster here can play.
func TestTheShareOnANode(t *testing.T) {
	for server, want := range map[string]string{
		"wk-a.example.com": `is on WK-A, a node of the cluster, and dies with it`, "10.90.1.22": `is on WK-B, a node of the cluster`, "10.90.1.30": `is on the node that has the VIP 10.90.1.30`,
	} {
		m := exports(t, "works")
		for _, s := range []string{"wk-a", "wk-b"} {
			replaced(t, m, s+"/epost.reg", `WKFS`, server)
		}
		made, _ := make2(t, m, "wk-a", "wk-b", setup.Options{})
		require.Contains(t, said(made.Open), `share: unc = ? the share \\`+server+`\mail (wk-b/epost.reg:4) `+want)
		require.Len(t, made.Open, 2)
		require.NotContains(t, said(made.Assumed), "no file has the address")
		_, problems := load(made)
		require.Equal(t, 2, problems.Count(diag.Error), problems)
	}
}

// One server has the share by its address, the other by its name: both find it, if the name is known to lead there.
func TestTheShareByTwoNames(t *testing.T) {
	for address, found := range map[string]bool{"10.90.1.55": true, "10.90.1.56": false} {
		m := replaced(t, exports(t, "works"), "wk-b/epost.reg", `WKFS`, "10.90.1.55")
		m["wk-a/ping.txt"] = &fstest.MapFile{Data: []byte("\r\nPinging WKFS [" + address + "] with 32 bytes of data:\r\n")}
		made, _ := make2(t, m, "wk-a", "wk-b", setup.Options{})
		bp, problems := load(made)
		require.NoError(t, problems.Err())
		require.Equal(t, "10.90.1.55/16", bp.Mail.Share.Address.String())
		require.Equal(t, !found, strings.Contains(problems.Error(), "not on the cluster's share"), "%v", problems)
	}
}
