package reports

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write the golden files anew")

func text(t *testing.T, r Result, opt Options) string {
	t.Helper()
	var b strings.Builder
	require.NoError(t, Text(&b, r, opt))
	return b.String()
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(got), 0o644))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, string(want), got, "go test ./reports -update writes it anew")
}

func TestCablePullGolden(t *testing.T) {
	for _, l := range []string{"en", "ja"} {
		golden(t, "cable-pull."+l+".txt", text(t, cablePull(), Options{Lang: l}))
	}
}
