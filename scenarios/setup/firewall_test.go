package setup_test

import (
	"bytes"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"ipwsim/scenarios/setup"
)

// changedRule are the exports of works with another such rule on some servers.
func changedRule(t *testing.T, old, with string, servers ...string) fstest.MapFS {
	m := exports(t, "works")
	for _, s := range servers {
		file := m[s+"/firewall.txt"]
		at := bytes.LastIndex(file.Data, []byte("Rule Name:"))
		require.Contains(t, string(file.Data[at:]), old)
		file.Data = append(bytes.Clone(file.Data[:at]), bytes.Replace(file.Data[at:], []byte(old), []byte(with), 1)...)
	}
	return m
}

// At which ports of mail a firewall lets nobody in its rules say, for the clients that there are: 10.90.20.15 and others.
func TestFirewallsOfMail(t *testing.T) {
	const (
		remote = "RemoteIP:                             Any"
		from   = "RemoteIP:                             "
		ports  = "25,110,143,587"
		allow  = "Action:                               Allow"
		block  = "Action:                               Block"
		all    = "mail_blocked = [25, 110, 143, 587]  # wk-a/firewall.txt:33"
	)
	also := func(from, action string) string {
		return allow + "\r\n\r\nRule Name: Bad\r\nEnabled: Yes\r\nDirection: In\r\nRemoteIP: " + from + "\r\nProtocol: TCP\r\nLocalPort: 25\r\nAction: " + action
	}
	for name, c := range map[string]struct {
		old, with string
		want      []string
	}{
		"let in":                     {allow, allow, nil},
		"blocked":                    {allow, block, []string{all}},
		"not enabled":                {"Yes", "No", []string{all}},
		"for other ports":            {ports, "143,587", []string{"mail_blocked = [25, 110]  # wk-a/firewall.txt"}},
		"for others":                 {remote, from + "192.168.99.0/24", []string{all}},
		"for clients":                {remote, from + "10.0.0.0/8", nil},
		"others are blocked":         {allow, also("203.0.113.66/32", "Block"), nil},
		"all are blocked":            {allow, also("Any", "Block"), []string{"mail_blocked = [25]  # wk-a/firewall.txt:46"}},
		"clients are blocked":        {allow, also("10.0.0.0-10.255.255.255", "Block"), []string{"mail_blocked = [25]  # wk-a/firewall.txt:46"}},
		"of other rules none blocks": {allow, also("203.0.113.66/32", "Allow"), nil},
	} {
		t.Run(name, func(t *testing.T) {
			made, problems := make2(t, changedRule(t, c.old, c.with, "wk-a"), "wk-a", "wk-b", setup.Options{})
			require.Empty(t, problems)
			require.Equal(t, c.want, linesOf(made, "mail_blocked"))
		})
	}
}

// Those who are kept out beside others that are let in are told: behind a router nobody is of the local subnet.
func TestFirewallsThatDivideClients(t *testing.T) {
	for _, remote := range []string{"LocalSubnet", "10.90.0.0/16"} {
		made, problems := make2(t, changedRule(t, "RemoteIP:                             Any", "RemoteIP: "+remote, "wk-a"), "wk-a", "wk-b", setup.Options{})
		require.Empty(t, linesOf(made, "mail_blocked"))
		require.Contains(t, problems.Error(), "wk-a/firewall.txt:33: warning: at TCP 25, 110, 143, 587 the firewall keeps out some clients, at the last of these 10.91.12.50, and lets in 10.90.20.15")
		require.Len(t, problems, 1)
	}
}

// Where both let nobody in, a rule for mail that says so is believed. Without one it is told, if the policy is known; else
// the exports may lack it.
func TestFirewallsOfMailOnBoth(t *testing.T) {
	made, problems := make2(t, changedRule(t, "Allow", "Block", "wk-a", "wk-b"), "wk-a", "wk-b", setup.Options{})
	require.Empty(t, problems)
	require.Equal(t, []string{"mail_blocked = [25, 110, 143, 587]  # wk-b/firewall.txt:33", "mail_blocked = [25, 110, 143, 587]  # wk-a/firewall.txt:33"}, linesOf(made, "mail_blocked"))

	for policy, told := range map[string]bool{"BlockInbound": true, "Unknown": false} {
		m := changedRule(t, "25,110,143,587", "8080", "wk-a", "wk-b")
		for _, s := range []string{"wk-a", "wk-b"} {
			replaced(t, m, s+"/firewall.txt", "BlockInbound", policy)
		}
		made, problems = make2(t, m, "wk-a", "wk-b", setup.Options{})
		require.Empty(t, linesOf(made, "mail_blocked"))
		require.Equal(t, told, strings.Contains(problems.Error(), "wk-a/firewall.txt:5: warning: the policy is BlockInbound, and no rule lets anybody in at the mail ports TCP 25, 110, 143, 587, nor on the other server"), problems)
	}
	m := exports(t, "works")
	delete(m, "wk-a/firewall.txt")
	made, _ = make2(t, m, "wk-a", "wk-b", setup.Options{})
	require.Empty(t, linesOf(made, "mail_blocked"))
}

// A service without a list is served at its own port.
func TestFirewallsOfMailWithoutLists(t *testing.T) {
	m := changedRule(t, "Allow", "Block", "wk-a")
	for _, s := range []string{"wk-a", "wk-b"} {
		for _, list := range []string{"smtpip.dat", "popip.dat", "imapip.dat"} {
			delete(m, s+"/"+list)
		}
	}
	made, _ := make2(t, m, "wk-a", "wk-b", setup.Options{})
	require.Equal(t, []string{"mail_blocked = [25, 110, 143]  # wk-a/firewall.txt:33"}, linesOf(made, "mail_blocked"))
}

// linesOf are the lines of cluster.toml with the key.
func linesOf(made *setup.Cluster, key string) (all []string) {
	for line := range strings.Lines(string(made.Files["cluster.toml"])) {
		if strings.HasPrefix(line, key+" = ") {
			all = append(all, strings.TrimSpace(line))
		}
	}
	return all
}

// A rule that blocks goes before one that lets in, whatever else it names; of another profile than the one in force it is
// no matter. Which that is may not be known: then it is told.
func TestFirewallsThatBlockEverything(t *testing.T) {
	const block = "Rule Name: Quarantine\r\nEnabled: Yes\r\nDirection: In\r\nProfiles: PROFILE\r\nRemoteIP: Any\r\nProtocol: Any\r\nAction: Block\r\n\r\n"
	with := func(profile, settings string) fstest.MapFS {
		m := exports(t, "works")
		data := string(m["wk-a/firewall.txt"].Data)
		at := strings.Index(data, "Rule Name:")
		if settings == "" {
			settings = data[:at]
		}
		m["wk-a/firewall.txt"] = &fstest.MapFile{Data: []byte(settings + strings.Replace(block, "PROFILE", profile, 1) + data[at:])}
		return m
	}
	made, problems := make2(t, with("Domain,Private,Public", ""), "wk-a", "wk-b", setup.Options{})
	require.Empty(t, problems)
	require.Contains(t, string(made.Files["cluster.toml"]), "echo_blocked = true  # wk-a/firewall.txt:")
	require.Contains(t, string(made.Files["cluster.toml"]), "pipe_blocked = true  # wk-a/firewall.txt:")
	require.Len(t, linesOf(made, "mail_blocked"), 1)

	made, problems = make2(t, with("Public", ""), "wk-a", "wk-b", setup.Options{})
	require.Empty(t, problems)
	require.NotContains(t, string(made.Files["cluster.toml"]), "_blocked = true")

	_, problems = make2(t, with("Public", "\r\n"), "wk-a", "wk-b", setup.Options{})
	require.Contains(t, problems.Error(), "wk-a/firewall.txt:2: warning: echo_blocked hangs on the profile in force, which no file says (`netsh advfirewall show currentprofile` does): on public that is kept out, on private it is let in")
}

// Each profile is in force on the networks of its category. Of several, where no file says on which one's network the adapter
// is, the strictest counts, and that is told; where one says it, that one's does.
func TestFirewallsOfSeveralProfiles(t *testing.T) {
	const domain, public = "Domain Profile Settings: \r\nState ON\r\nFirewall Policy AllowInbound,AllowOutbound\r\n", "Public Profile Settings: \r\nState ON\r\nFirewall Policy BlockInbound,AllowOutbound\r\n"
	const rules = "Rule Name: R\r\nEnabled: Yes\r\nDirection: In\r\nProfiles: Domain\r\nProtocol: TCP\r\nLocalPort: 25\r\nAction: Allow\r\n\r\nOk.\r\n"
	for _, both := range []string{domain + public, public + domain} {
		m := exports(t, "works")
		m["wk-a/firewall.txt"] = &fstest.MapFile{Data: []byte(both + rules)}
		made, problems := make2(t, m, "wk-a", "wk-b", setup.Options{})
		require.Empty(t, problems)
		require.Contains(t, string(made.Files["cluster.toml"]), "echo_blocked = true  # assumed: of the profiles in force on WK-A it is kept out on public and let in on domain, and no file says on which one's network the adapter Mail  LAN is")
		require.Contains(t, said(made.Assumed), "standby: mail_blocked = [25, 110, 143, 587]: of the profiles in force on WK-A it is kept out on public")

		m["wk-a/networks.txt"] = &fstest.MapFile{Data: []byte("\r\nInterfaceAlias  : Mail  LAN\r\nNetworkCategory : DomainAuthenticated\r\n\r\nInterfaceAlias  : Backup\r\nNetworkCategory : Public\r\n\r\n")}
		made, problems = make2(t, m, "wk-a", "wk-b", setup.Options{})
		require.Empty(t, problems)
		require.NotContains(t, said(made.Assumed), "_blocked")
		require.NotContains(t, string(made.Files["cluster.toml"]), "_blocked = true")
	}
}
