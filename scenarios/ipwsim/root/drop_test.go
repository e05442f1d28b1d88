package root

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// A folder alone, by a path with a separator, is audited, and its page is beside it. A name alone is a command, whatever
// folders there are.
func TestAFolderAloneIsAudited(t *testing.T) {
	t.Chdir(t.TempDir())
	require.NoError(t, os.Mkdir("our-cluster", 0o755))
	require.NoError(t, os.WriteFile("our-cluster/cluster.toml", nil, 0o600))
	whole, err := filepath.Abs("our-cluster")
	require.NoError(t, err)
	for _, dir := range []string{whole, "./our-cluster", "our-cluster/"} {
		require.Equal(t, []string{"audit", dir, "--html", whole + "-audit.html", "--open"}, dropped([]string{dir}))
	}
	for _, other := range [][]string{nil, {"our-cluster"}, {"./none"}, {"our-cluster/cluster.toml"}, {"check", "./our-cluster"}, {"./our-cluster", "./our-cluster"}, {"--lang=./our-cluster"}} {
		require.Equal(t, other, dropped(other))
	}
}
