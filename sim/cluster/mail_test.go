package cluster

import (
	"net/netip"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/core/registry"
	"ipwsim/sim/mail/settings"
	"ipwsim/sim/trace"
)

func TestAClusterWithoutMailFilesHasNone(t *testing.T) {
	require.Nil(t, load(t, "guide").Mail)
}

// M1-M7: the guide's cluster with its mail server.
func TestTheGuidesClusterWithMail(t *testing.T) {
	m := load(t, "mail").Mail
	require.Equal(t, Share{
		UNC: settings.UNC{Server: "EPOST-TEC", Share: "cl_mail"}, Address: netip.MustParsePrefix("192.168.10.210/24"),
		MAC: trace.MAC{2, 0, 0, 3, 0, 1}, Switch: "sw1", Latency: time.Millisecond,
	}, m.Share)
	require.Equal(t, []Outside{{
		Name: "outside", Address: netip.MustParsePrefix("192.168.10.220/24"),
		MAC: trace.MAC{2, 0, 0, 4, 0, 1}, Switch: "sw1", Domains: []string{"example.net"},
	}}, m.Outside)
	require.Len(t, m.Nodes, 2)
	for _, n := range m.Nodes {
		require.True(t, m.Share.Is(n.Share))
		require.Equal(t, netip.MustParseAddr("192.168.10.202"), n.Delivery.LogicalIP)
		require.Len(t, n.Domains[0].Users, 2)
	}
}

// C3: the share by its server's name or address, in any case, and no other.
func TestC3WhichShareIsTheClusters(t *testing.T) {
	s := load(t, "mail").Mail.Share
	for unc, want := range map[string]bool{
		`\\epost-tec\CL_MAIL`: true, `\\192.168.10.210\cl_mail`: true, `\\EPOST-TEC\cl_mail\db`: true,
		`\\192.168.10.200\cl_mail`: false, `\\EPOST-TEC\other`: false, `X:\`: false, "": false,
	} {
		require.Equal(t, want, s.Is(unc), unc)
	}
}

// C3: the share's name may have its domain, or be its address, and nodes may use another of its names than the cluster.
func TestC3NamesOfTheShare(t *testing.T) {
	toml := string(shipped(t, "mail")["cluster.toml"].Data)
	for unc, others := range map[string]map[string]bool{
		`\\192.168.10.210\cl_mail`:       {`\\192.168.10.210\cl_mail`: true, `\\EPOST-TEC\cl_mail`: false},
		`\\epost-tec.example.jp\cl_mail`: {`\\EPOST-TEC\cl_mail\db`: true, `\\EPOST-TEC.Example.jp\cl_mail`: true, `\\epost-tec.example.com\cl_mail`: false, `\\192.168.10.210\cl_mail`: true},
		`\\EPOST-TEC\cl_mail`:            {`\\epost-tec.example.jp\cl_mail`: true, `\\nas.example.jp\cl_mail`: false},
	} {
		require.Contains(t, toml, `\\EPOST-TEC\cl_mail`)
		m := Overlay(shipped(t, "mail"), map[string][]byte{"cluster.toml": []byte(strings.ReplaceAll(toml, `\\EPOST-TEC\cl_mail`, unc))})
		bp, problems := Load(m, ".")
		require.NoError(t, problems.Err(), unc)
		for name, want := range others {
			require.Equal(t, want, bp.Mail.Share.Is(name), "%s of %s", name, unc)
		}
	}
	accepts(t, toUNC, map[string]bool{
		`\\192.168.10.999\cl_mail`: false, `\\nas..example\cl_mail`: false, `\\nas.exa_mple\cl_mail`: false, `\\::1\cl_mail`: false,
		`\\nas-with-a-very-long-name\cl_mail`: false, `\\nas-with-a-very-long-name.example.jp\cl_mail`: true,
	})
}

// A cluster misconfigured on purpose can run: what is wrong with it is a warning.
func TestC3M4AWrongClusterStillHasABlueprint(t *testing.T) {
	bp, problems := Load(Overlay(shipped(t, "mail"), map[string][]byte{
		"standby/mail/services.reg": []byte("Windows Registry Editor Version 5.00\r\n\r\n" +
			"[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\EPSTDS]\r\n\"ObjectName\"=\"LocalSystem\"\r\n"),
	}), ".")
	require.NoError(t, problems.Err())
	require.NotEmpty(t, problems)
	standby := bp.Mail.Nodes[1]
	require.False(t, standby.SMTP.Installed)
	require.False(t, standby.Delivery.LogicalIP.IsValid())
	require.False(t, settings.Administrators(nil).RightOnShare(standby.Delivery.Account))
}

// W3, step 17: one export of HKLM\SOFTWARE\EPOST has the watcher's key and the mail server's.
func TestOneExportForAll(t *testing.T) {
	m := shipped(t, "mail")
	watcher, err := registry.Parse("ipwcs.reg", m["active/ipwcs.reg"].Data)
	require.Empty(t, err)
	mail, err := registry.Parse("epost.reg", m["active/mail/epost.reg"].Data)
	require.Empty(t, err)
	watcher.Keys = append(mail.Keys, watcher.Keys...)
	m["active/ipwcs.reg"] = &fstest.MapFile{Data: watcher.Format()}
	delete(m, "active/mail/epost.reg")
	bp, problems := Load(m, ".")
	require.Empty(t, problems)
	require.Equal(t, load(t, "mail").Mail, bp.Mail)
}
