package script

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// A rule that multiplies frames without end ends the run with a sentence that names it.
func TestAStormEndsTheRun(t *testing.T) {
	s, problems := Parse("storm.txtar", []byte(`# storm
cluster guide
ping client vip
at 1s rule maybe duplicate 99 arp on active
at 1s rule maybe duplicate 99 arp on standby
at 1s rule maybe duplicate 99 arp on client
end 60s
`))
	require.NoError(t, problems.Err())
	_, err := Run(t.Context(), s, Options{Cluster: shippedCluster})
	require.Regexp(t, "^storm: more than 1000036 frames in one second of virtual time, at 3\\.[0-9]+s: the rule `duplicate 99 arp on [a-z]+` multiplies them", err.Error())
}
