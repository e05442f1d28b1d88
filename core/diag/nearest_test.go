package diag

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

var (
	servers   = []string{"srv-2003", "srv-2008", "srv-2012plus"}
	neighbors = []string{"linux", "windows-modern", "windows-vista7"}
)

func TestNearestSuggestsWhatWasMeant(t *testing.T) {
	names := append(servers, neighbors...)
	for typed, want := range map[string]string{
		"srv-2012":       "srv-2012plus", // the only one that begins so
		"srv2008":        "srv-2008",
		"SRV-2003":       "srv-2003",
		"linus":          "linux",
		"windows-modren": "windows-modern",
		"windows-vista":  "windows-vista7",

		"srv-2019":                "", // a version, not a slip
		"srv-20":                  "", // could be any
		"windows":                 "",
		"freebsd":                 "",
		"":                        "",
		strings.Repeat("x", 1000): "",
	} {
		got, ok := Nearest(typed, names)
		require.Equal(t, want, got, "typed %q", typed)
		require.Equal(t, want != "", ok)
	}
}

func TestDistanceIsSymmetricAndZeroOnlyForEquals(t *testing.T) {
	word := rapid.StringOfN(rapid.RuneFrom([]rune("ab1")), 0, 6, -1)
	rapid.Check(t, func(t *rapid.T) {
		a, b := word.Draw(t, "a"), word.Draw(t, "b")
		require.Equal(t, distance(a, b), distance(b, a))
		require.Equal(t, a == b, distance(a, b) == 0)
		require.LessOrEqual(t, distance(a, b), len(a)+len(b))
	})
}
