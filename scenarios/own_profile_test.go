package scenarios_test

import (
	"context"
	"io/fs"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/scenarios/script"
	described "ipwsim/sim/cluster"
	"ipwsim/sim/finding"
)

// guideWith is the guide's cluster with replacements in its cluster.toml, old and new by turns.
func guideWith(t *testing.T, oldnew ...string) func(string) (fs.FS, error) {
	guide, err := cluster("guide")
	require.NoError(t, err)
	toml, err := fs.ReadFile(guide, "cluster.toml")
	require.NoError(t, err)
	text := strings.NewReplacer(oldnew...).Replace(string(toml))
	return func(string) (fs.FS, error) {
		return described.Overlay(guide, map[string][]byte{"cluster.toml": []byte(text)}), nil
	}
}

// cablePull is the check's result for the guide's cable pull on the cluster.
func cablePull(t *testing.T, id string, find func(string) (fs.FS, error)) finding.Result {
	s := shipped(t, "cable-pull")
	out, err := script.Run(context.Background(), s, script.Options{Cluster: find})
	require.NoError(t, err)
	require.Empty(t, out.Problems)
	return *resultOf(t, out, id)
}

// whyOf is why P1 and P2 do not judge a machine of another profile than this.
var whyOf = map[string]finding.Kind{"windows-modern": "why.client", "srv-2012plus": "why.server"}

// P1 and P2 promise what the vendor measured, for windows-modern and srv-2012plus. An own profile is
// neither, however little it changes: the checks say so and do not judge it.
func TestP1_OwnProfilesAreNotHeldToTheVendorsTimes(t *testing.T) {
	const switches = "\n[[switch]]\n"
	own := func(base string) string {
		return "\n[[profile]]\nname = \"ours\"\nbase = \"" + base + "\"" + switches
	}
	for _, id := range []string{"P1", "P2"} {
		require.Equal(t, finding.Pass, cablePull(t, id, guideWith(t)).Verdict, "shipped profiles are judged")
		for _, base := range []string{"windows-modern", "srv-2012plus"} {
			name := "\nprofile = \"" + base + "\""
			r := cablePull(t, id, guideWith(t, switches, own(base), name, "\nprofile = \"ours\""))
			require.Equal(t, finding.NotApplicable, r.Verdict, "%s, %s", id, base)
			require.NotEmpty(t, r.Left)
			why := r.Left[0].Because
			require.Equal(t, []string{string(whyOf[base]), "ours"}, []string{string(why.Kind), why.Text})
		}
	}
}
