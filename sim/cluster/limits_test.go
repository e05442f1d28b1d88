package cluster

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/core/diag"
)

// A file that is large is refused with few sentences, not with one for each of its lines.
func TestLargeFilesAreRefusedInFewSentences(t *testing.T) {
	whole := string(guide(t)["cluster.toml"].Data)
	for want, text := range map[string]string{
		"found more than 1000 keys in a table":                  whole + strings.Repeat("a = 1\n", 2000),
		"found 30001 [[client]]; expected at most 20000":        whole + strings.Repeat("\n[[client]]\n", 30_000),
		"cluster.toml:1: error: keys or values are nested more": strings.Repeat("a.", 50_000) + "b = 1",
		"and 300 more unknown keys":                             whole + numbered(400),
	} {
		_, problems := Load(Overlay(guide(t), map[string][]byte{"cluster.toml": []byte(text)}), ".")
		require.ErrorContains(t, problems.Err(), want)
		require.Less(t, len(problems), 120)
	}
}

// V1: an advertisement names 255 VIPs at most. An IPWatcher has any number.
func TestAVirtualRouterHas255VIPs(t *testing.T) {
	toml := string(guide(t)["cluster.toml"].Data)
	refusal := "active/ipwatch.dat: error: 256 VIPs are more than a virtual router can have; expected at most 255, or the watcher ipwcs"
	for _, c := range []struct {
		toml    string
		vips    int
		refused bool
	}{{toml, 256, false}, {"watcher = \"vrrp\"\n" + toml, 255, false}, {"watcher = \"vrrp\"\n" + toml, 256, true}} {
		var rows strings.Builder
		for i := range c.vips {
			fmt.Fprintf(&rows, "-c=\\\\hvt162EPST12 -i=192.168.%d.%d -f=Ethernet\r\n", 20+i/200, 1+i%200)
		}
		_, problems := Load(Overlay(guide(t), map[string][]byte{"cluster.toml": []byte(c.toml), "active/ipwatch.dat": []byte(rows.String())}), ".")
		said := slices.ContainsFunc(problems, func(p diag.Problem) bool { return p.String() == refusal })
		require.Equal(t, c.refused, said, "%d: %v", c.vips, problems)
	}
}

// numbered are so many keys that nobody knows.
func numbered(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "x%d = 1\n", i)
	}
	return b.String()
}
