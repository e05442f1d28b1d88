package cluster

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/core/registry"
)

// withService is the guide's cluster, its active node's export with the key of the watcher's service.
func withService(t *testing.T, values string) fstest.MapFS {
	m := shipped(t, "guide")
	m["active/ipwcs.reg"] = &fstest.MapFile{Data: []byte("Windows Registry Editor Version 5.00\r\n\r\n" +
		"[HKEY_LOCAL_MACHINE\\SOFTWARE\\EPOST\\IPWCS]\r\n\"Balance\"=dword:00000000\r\n\r\n" +
		"[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\IPWCS]\r\n" + values + "\r\n")}
	return m
}

func TestH17_ServiceOfTheWatcher(t *testing.T) {
	bp := load(t, "guide")
	require.Zero(t, bp.Nodes[0].Startup)
	require.Equal(t, `.\Administrator`, bp.Nodes[0].Account)

	bp, problems := Load(withService(t, "\"Start\"=dword:00000003\r\n\"ObjectName\"=\"EXAMPLE\\\\administrator\"\r\n"+
		`"FailureActions"=hex:00,00,00,00,00,00,00,00,00,00,00,00,01,00,00,00,14,00,00,00,01,00,00,00,60,ea,00,00`), ".")
	require.NoError(t, problems.Err())
	require.Equal(t, registry.Startup{Manual: true, Restarts: []time.Duration{time.Minute}}, bp.Nodes[0].Startup)
	require.True(t, bp.Administrators.RightOnShare(bp.Nodes[0].Account))
}

// An account without its rights can be run, and is warned about.
func TestH17_AccountsWithoutRights(t *testing.T) {
	for account, want := range map[string]string{
		"LocalSystem": `active/ipwcs.reg:7: warning: IPWCS runs as LocalSystem, which the other node refuses at its pipe, so this node asks in vain for its VIP (H17); expected .\Administrator (guide, step 11)`,
		`.\\mail`:     `active/ipwcs.reg:7: warning: IPWCS runs as .\mail: no file says that it is an administrator, and it is played as one that may change no address, so that it never takes a VIP (H17); expected .\Administrator (guide, step 11), or administrators = [".\\mail"] in cluster.toml if it is one on both nodes`,
	} {
		_, problems := Load(withService(t, `"ObjectName"="`+account+`"`), ".")
		require.Len(t, problems, 1)
		require.Equal(t, want, problems[0].String())
	}
}

// Which other accounts have the rights no file of a node tells, so that the cluster's may.
func TestH17_Administrators(t *testing.T) {
	with := func(list, account string) (*Blueprint, string) {
		m := withService(t, `"ObjectName"="`+account+`"`)
		m["cluster.toml"] = &fstest.MapFile{Data: []byte("administrators = [" + list + "]\n" + string(m["cluster.toml"].Data))}
		bp, problems := Load(m, ".")
		return bp, problems.Error()
	}
	bp, said := with(`'CORP\epost', 'CORP\other'`, `corp\\EPOST`)
	require.Empty(t, said)
	require.True(t, bp.Administrators.RightOnHost(bp.Nodes[0].Account))
	require.Equal(t, []string{"epost", "other"}, bp.Administrators.Names())
	_, said = with(`'CORP\other'`, `CORP\\epost`)
	require.Contains(t, said, "no file says that it is an administrator")
	for _, list := range []string{`"epost"`, `'\epost'`, `'CORP\'`, `'A\B\C'`} {
		_, said = with(list, `CORP\\epost`)
		require.Contains(t, said, "is no account; expected one with its domain, as 'CORP\\epost'", list)
	}
}

// A local account of the other node is none of this machine: a service that is to run as it cannot log on. By its own name
// the machine knows its accounts, and by that of a domain those of the domain.
func TestH17_AccountOfTheOtherNode(t *testing.T) {
	for account, known := range map[string]bool{
		`hvt162EPST12\Administrator`: false, `HVT162epst12\mail`: false,
		`hvt162EPST11\Administrator`: true, `.\Administrator`: true, `EXAMPLE\Administrator`: true, `LocalSystem`: true,
	} {
		bp, problems := Load(withService(t, `"ObjectName"="`+strings.ReplaceAll(account, `\`, `\\`)+`"`), ".")
		require.NoError(t, problems.Err())
		n := &bp.Nodes[0]
		require.Equal(t, known, bp.Knows(n, n.Account), account)
		if known {
			require.Empty(t, bp.Unknown(n))
			continue
		}
		require.Equal(t, []string{registry.WatcherService}, bp.Unknown(n))
		require.Len(t, problems, 1)
		require.Equal(t, "active/ipwcs.reg:7: warning: IPWCS runs as "+account+", an account of hvt162EPST12, which hvt162EPST11 does not know, "+
			`so it cannot log on and never starts (H17); expected .\Administrator, which is hvt162EPST11\Administrator, or the account of a domain`, problems[0].String())
	}
}
