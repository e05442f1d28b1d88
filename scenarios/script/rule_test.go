package script

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/finding"
)

// runText runs a scenario of the guide's cluster.
func runText(t *testing.T, text string) *finding.Run {
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
		require.Equal(t, met, passed(out), station)
		require.Equal(t, "rule drop arp announcement from "+station, out.Expectations[0].Text)
	}
}

// What is no rule is refused; names are checked before the run.
func TestRuleIsRefused(t *testing.T) {
	for line, want := range map[string]string{
		"rule maybe":    `rule.txtar:3: error: rule: found the end, expected drop, delay or duplicate`,
		"rule dorp arp": `rule.txtar:3: error: rule: found "dorp", expected drop, delay or duplicate`,
	} {
		_, problems := Parse("rule.txtar", []byte("# rule\ncluster guide\nat 1s "+line+"\nexpect no outage\n"))
		require.EqualError(t, problems.Err(), want)
	}
	s, problems := Parse("rule.txtar", []byte("# rule\ncluster guide\nat 1s rule drop arp on core9 from stanby\nexpect no outage\n"))
	require.NoError(t, problems.Err())
	_, err := Run(context.Background(), s, Options{Cluster: shippedCluster})
	require.ErrorContains(t, err, `no cable is called "core9"`)
	require.ErrorContains(t, err, `no station is called "stanby" (did you mean "standby"?)`)
}

// A rule that may miss does not fail the scenario when it does.
func TestRuleThatMayMiss(t *testing.T) {
	out := runText(t, "# rule\ncluster guide\nping client vip\nat 1s rule maybe drop arp announcement from client\nexpect no outage\n")
	require.True(t, passed(out))
	require.Equal(t, "0 hits", told(out.Expectations[0].Seen))
}

// The end of a cut is one of the cable's.
func TestCutNamesAnEnd(t *testing.T) {
	s, problems := Parse("cut.txtar", []byte("# cut\ncluster guide\nat 1s cut active sw2\nat 2s impair client loss 5% from active\nexpect no outage\n"))
	require.NoError(t, problems.Err())
	_, err := Run(context.Background(), s, Options{Cluster: shippedCluster})
	require.ErrorContains(t, err, `cut.txtar:3: error: no end of the cable active is called "sw2", expected one of active, sw1, holder, other`)
	require.ErrorContains(t, err, `cut.txtar:4: error: no end of the cable client is called "active"`)
}
