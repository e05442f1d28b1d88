package setup_test

import (
	"bytes"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"ipwsim/scenarios/setup"
)

// Mail that gets in at one server alone is kept out at the other one by its ports; where no firewall says anything, or both
// say the same, nothing is.
func TestFirewallsOfMail(t *testing.T) {
	const mail = "\r\nRule Name:                            Mail\r\nEnabled:                              Yes\r\nDirection:                            In\r\n" +
		"Profiles:                             Domain,Private,Public\r\nProtocol:                             TCP\r\nLocalPort:                            25,110\r\nAction:                               Allow\r\nOk.\r\n"
	m := exports(t, "works")
	made, problems := make2(t, m, "wk-a", "wk-b", setup.Options{})
	require.Empty(t, problems)
	require.NotContains(t, string(made.Files["cluster.toml"]), "mail_blocked", "both are the same")
	m["wk-b/firewall.txt"] = &fstest.MapFile{Data: append(bytes.TrimSuffix(bytes.TrimSpace(m["wk-b/firewall.txt"].Data), []byte("Ok.")), mail...)}
	made, problems = make2(t, m, "wk-a", "wk-b", setup.Options{})
	require.Empty(t, problems)
	require.Equal(t, []string{"mail_blocked = [25, 110]  # wk-a/firewall.txt"}, linesOf(made, "mail_blocked"))

	delete(m, "wk-a/firewall.txt")
	made, _ = make2(t, m, "wk-a", "wk-b", setup.Options{})
	require.Empty(t, linesOf(made, "mail_blocked"))
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
