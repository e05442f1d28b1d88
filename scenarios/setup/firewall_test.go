package setup_test

import (
	"bytes"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"ipwsim/scenarios/setup"
)

// Mail that gets in at one server alone is told, with the ports; where no firewall says anything, nothing is.
func TestFirewallsOfMail(t *testing.T) {
	const mail = "\r\nRule Name:                            Mail\r\nEnabled:                              Yes\r\nDirection:                            In\r\n" +
		"Profiles:                             Domain,Private,Public\r\nProtocol:                             TCP\r\nLocalPort:                            25,110\r\nAction:                               Allow\r\nOk.\r\n"
	m := exports(t, "works")
	_, problems := make2(t, m, "wk-a", "wk-b", setup.Options{})
	require.Empty(t, problems, "both are the same")
	m["wk-b/firewall.txt"] = &fstest.MapFile{Data: append(bytes.TrimSuffix(bytes.TrimSpace(m["wk-b/firewall.txt"].Data), []byte("Ok.")), mail...)}
	_, problems = make2(t, m, "wk-a", "wk-b", setup.Options{})
	require.Equal(t, "wk-a/firewall.txt: warning: the firewall of WK-A lets no mail in at TCP 25, 110, and that of WK-B does (wk-b/firewall.txt:32), so with a VIP here nobody gets at the mail; this is not simulated", problems.Error())

	delete(m, "wk-a/firewall.txt")
	_, problems = make2(t, m, "wk-a", "wk-b", setup.Options{})
	require.Empty(t, problems)
}
