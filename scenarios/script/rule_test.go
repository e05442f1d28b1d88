package script

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
)

// runText runs a scenario of the guide's cluster.
func runText(t *testing.T, text string) *Outcome {
	t.Helper()
	s, problems := Parse("rule.txtar", []byte(text))
	require.NoError(t, problems.Err())
	out, err := Run(context.Background(), s, Options{Cluster: shippedCluster})
	require.NoError(t, err)
	return out
}

// A rule that met a packet holds; its broken twin, which meets none, fails the scenario.
func TestRuleMustMeetAPacket(t *testing.T) {
	const scenario = "# rule\ncluster guide\nping client vip\nat 10s rule drop arp announcement from %\nat 20s unplug active\nexpect failover 30s..60s\nend 90s\n"
	for station, met := range map[string]bool{"standby": true, "client": false} {
		text := ""
		for _, r := range scenario {
			if r == '%' {
				text += station
			} else {
				text += string(r)
			}
		}
		out := runText(t, text)
		require.Equal(t, met, out.Passed(), station)
		require.Equal(t, "expect rule drop arp announcement from "+station+" hits", out.Expects[0].Expect.Text())
	}
}

// A scenario meddles with ARP only: its effect is in the trace. Names are checked before the run.
func TestRuleIsRefused(t *testing.T) {
	for line, want := range map[string]string{
		"rule drop icmp echo from client": `rule.txtar:3: error: rule: found "drop icmp echo from client", expected a rule on arp, as ` + "`rule drop arp announcement from standby`",
		"rule dorp arp":                   `rule.txtar:3: error: rule: found "dorp", expected drop, delay or duplicate`,
	} {
		_, problems := Parse("rule.txtar", []byte("# rule\ncluster guide\nat 1s "+line+"\nexpect no outage\n"))
		require.EqualError(t, problems.Err(), want)
	}
	s, problems := Parse("rule.txtar", []byte("# rule\ncluster guide\nat 1s rule drop arp on core9 from stanby\nexpect no outage\n"))
	require.NoError(t, problems.Err())
	_, err := Run(context.Background(), s, Options{Cluster: shippedCluster})
	require.ErrorContains(t, err, `no cable is called "core9"`)
	require.ErrorContains(t, err, `no machine is called "stanby" (did you mean "standby"?)`)
}
