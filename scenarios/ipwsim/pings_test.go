package main

import (
	"strings"
	"testing"

	"ipwsim/scenarios/ipwsim/clitest"

	"github.com/stretchr/testify/require"
)

// H8: where a node's firewall keeps ping out, run and study say that mail goes on; elsewhere none speaks of it.
func TestASilenceToPingAloneIsTold(t *testing.T) {
	closed := clitest.OurCluster(t, "cluster.toml", "[node.standby]\n", "[node.standby]\necho_blocked = true\n")
	open := clitest.OurCluster(t, "", "", "")
	for _, c := range []struct {
		args   []string
		en, ja string
	}{
		{[]string{"run", "cable-pull", "--cluster"}, `ping alone is not answered: mail goes on, and was away for \d`, "ping だけが応答なし: メールは届き"},
		{[]string{"study", "--runs", "3", "--cluster"}, `as it is: of the >?\d+\.\d s to the answer, \d+\.\d s are silent to ping alone`, "ping だけが無応答です"},
	} {
		for lang, want := range map[string]string{"en": c.en, "ja": c.ja} {
			say := func(cluster string) string {
				args := append(append([]string{}, c.args...), cluster, "--lang", lang)
				if c.args[0] == "study" {
					args = append(args, "-o", t.TempDir())
				}
				return strings.Join(strings.Fields(clitest.Run(args...).Out), " ")
			}
			require.Regexp(t, want, say(closed), "%v, %s", c.args, lang)
			require.NotRegexp(t, want, say(open), "%v, %s", c.args, lang)
		}
	}
}
