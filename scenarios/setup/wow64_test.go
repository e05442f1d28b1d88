package setup_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/core/registry"
	"ipwsim/scenarios/setup"
)

// The keys of a 32-bit product on 64-bit Windows are the product's: the cluster reads them, and has them where they are,
// so that what it tells to type is right on that machine.
func TestKeysOfA32BitProduct(t *testing.T) {
	usual, _ := make2(t, exports(t, "works"), "wk-a", "wk-b", setup.Options{})
	m := exports(t, "works")
	for name, file := range m {
		if strings.HasSuffix(name, "/ipwcs.reg") || strings.HasSuffix(name, "/epost.reg") {
			parsed, problems := registry.Parse(name, file.Data)
			require.NoError(t, problems.Err())
			for i := range parsed.Keys {
				parsed.Keys[i].Name = strings.Replace(parsed.Keys[i].Name, `\SOFTWARE\EPOST`, `\Software\Wow6432Node\EPOST`, 1)
			}
			file.Data = parsed.Format()
		}
	}
	made, problems := make2(t, m, "wk-a", "wk-b", setup.Options{})
	require.Empty(t, problems)
	require.Empty(t, made.Open)
	require.Equal(t, string(usual.Files["cluster.toml"]), string(made.Files["cluster.toml"]))
	for name, want := range usual.Files {
		if !strings.HasSuffix(name, ".reg") {
			continue
		}
		a, _ := registry.Parse(name, want)
		b, problems := registry.Parse(name, made.Files[name])
		require.NoError(t, problems.Err())
		for _, key := range a.Keys {
			if strings.Contains(key.Name, "EPOST") {
				there, _ := registry.WOW64(key.Name)
				found, is := b.Key(there)
				require.True(t, is, there)
				require.Len(t, found.Values, len(key.Values))
			}
		}
	}
	bp, loaded := load(made)
	require.NoError(t, loaded.Err())
	require.NotNil(t, bp.Mail)
}
