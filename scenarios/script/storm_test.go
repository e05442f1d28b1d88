package script

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// Rules that multiply frames without end, or hold more and more of them, end the run with a sentence that names one.
func TestAStormEndsTheRun(t *testing.T) {
	for rules, want := range map[string]string{
		`at 1s rule maybe duplicate 99 arp on active
at 1s rule maybe duplicate 99 arp on standby
at 1s rule maybe duplicate 99 arp on client`: "^storm: more than 1000036 frames in one second of virtual time, at 3\\.[0-9]+s: the rule `duplicate 99 arp on [a-z]+` multiplies them",
		`at 1s rule duplicate 30 icmp echo on client
at 1s rule duplicate 30 icmp on active
at 1s rule delay 24h icmp reply on client`: "^storm: more than 1000036 frames on their way at once, at 2m[0-9.]+s: the rule `delay 24h0m0s icmp reply on client` holds them",
	} {
		s, problems := Parse("storm.txtar", []byte("# storm\ncluster guide\nping client vip\n"+rules+"\nend 24h\n"))
		require.NoError(t, problems.Err())
		_, err := Run(t.Context(), s, Options{Cluster: shippedCluster})
		require.ErrorContains(t, err, "storm: ")
		require.Regexp(t, want, err.Error())
	}
}
