package registry_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/core/registry"
)

// A 32-bit product's keys are the usual ones where no export has those, with the lines that they stand on.
func TestUsualKeys(t *testing.T) {
	const wow, usual = `HKEY_LOCAL_MACHINE\Software\Wow6432Node\EPOST`, `HKEY_LOCAL_MACHINE\SOFTWARE\EPOST`
	a := registry.File{Name: "a", Keys: []registry.Key{{Name: wow + `\IPWCS`, Line: 3}, {Name: wow + `2\IPWCS`, Line: 9}}}
	b := registry.File{Name: "b", Keys: []registry.Key{{Name: wow + `\MS`, Line: 4}, {Name: wow + `\MS\Domains\x`, Line: 7}}}
	got, problems := registry.Usual([]registry.File{a, b})
	require.Equal(t, []registry.Key{{Name: usual + `\IPWCS`, There: wow + `\IPWCS`, Line: 3}, {Name: wow + `2\IPWCS`, Line: 9}}, got[0].Keys)
	require.Equal(t, []registry.Key{{Name: usual + `\MS`, There: wow + `\MS`, Line: 4}, {Name: usual + `\MS\Domains\x`, There: wow + `\MS\Domains\x`, Line: 7}}, got[1].Keys)
	require.Len(t, problems, 2, "once for each file")
	require.Equal(t, wow+`\IPWCS`, a.Keys[0].Name, "what was given stays")

	c := registry.File{Name: "c", Keys: []registry.Key{{Name: usual + `\ms`, Line: 3}}}
	got, problems = registry.Usual([]registry.File{b, c})
	require.Equal(t, []registry.Key{{Name: wow + `\MS`, Line: 4}, {Name: usual + `\MS\Domains\x`, There: wow + `\MS\Domains\x`, Line: 7}}, got[0].Keys)
	require.Equal(t, c, got[1])
	require.Len(t, problems, 1)

	was, problems := registry.Parse("a", got[0].Format())
	require.NoError(t, problems.Err())
	require.Equal(t, []string{wow + `\MS`, wow + `\MS\Domains\x`}, []string{was.Keys[0].Name, was.Keys[1].Name}, "a file calls them as it did")

	there, is := registry.WOW64(registry.SettingsKey)
	require.Equal(t, []any{`HKEY_LOCAL_MACHINE\SOFTWARE\WOW6432Node\EPOST\IPWCS`, true}, []any{there, is})
	_, is = registry.WOW64(registry.ServicesKey)
	require.False(t, is)
}
