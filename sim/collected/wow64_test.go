package collected_test

import (
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"ipwsim/core/registry"
	"ipwsim/sim/collected"
)

// The key of a 32-bit product is the watcher's where there is no usual one, and that is told; others are nobody's.
func TestWOW64Keys(t *testing.T) {
	const head, balance = "Windows Registry Editor Version 5.00\r\n\r\n", "\"Balance\"=dword:00000001\r\n\r\n"
	const wow, usual = `[HKEY_LOCAL_MACHINE\SOFTWARE\WOW6432Node\EPOST\IPWCS]` + "\r\n", `[HKEY_LOCAL_MACHINE\SOFTWARE\EPOST\IPWCS]` + "\r\n\"Balance\"=dword:00000000\r\n"
	m := fstest.MapFS{"m/w.reg": {Data: []byte(head + wow + balance)}}
	s, problems := collected.Read(m, "m")
	require.Len(t, problems, 1)
	require.Equal(t, `m/w.reg:3: warning: HKEY_LOCAL_MACHINE\SOFTWARE\WOW6432Node\EPOST\IPWCS is of a 32-bit product on 64-bit Windows, and no export has the usual key; it is taken for that, HKEY_LOCAL_MACHINE\SOFTWARE\EPOST, as all behind it are`, problems[0].Error())
	_, key, found := s.Export(registry.SettingsKey)
	require.True(t, found)
	require.Len(t, key.Values, 1)

	m["m/a.reg"] = &fstest.MapFile{Data: []byte(head + usual)}
	s, problems = collected.Read(m, "m")
	require.Empty(t, problems)
	of, _, _ := s.Export(registry.SettingsKey)
	require.Equal(t, "m/a.reg", of.Name)

	s, problems = collected.Read(fstest.MapFS{"m/w.reg": {Data: []byte(head + `[HKEY_LOCAL_MACHINE\SOFTWARE\WOW6432Node\EPOST2\IPWCS]` + "\r\n" + balance)}}, "m")
	require.Empty(t, problems)
	_, _, found = s.Export(registry.SettingsKey)
	require.False(t, found)
}
