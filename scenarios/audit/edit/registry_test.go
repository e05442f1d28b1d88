package edit

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/core/registry"
)

// A value is typed so that it arrives: with its % and with a backslash at its end.
func TestCommandsAreTypedAsTheyArrive(t *testing.T) {
	for said, want := range map[string]string{
		`192.168.10.202`:              `"192.168.10.202"`,
		`\\NAS\cl mail\db\`:           `"\\NAS\cl mail\db\\"`,
		`\\NAS\mail\inbox\%USERNAME%`: `\\NAS\mail\inbox\^%USERNAME^%`,
		`\\NAS\my mail\%USERNAME%`:    `"\\NAS\my mail\\"^%USERNAME^%`,
	} {
		require.Equal(t, want, typed(said))
	}
}

// A line that an export lacks is added where it belongs to its key, wherever that stands in the file.
func TestAddedLinesOfAnExportAreInTheirKey(t *testing.T) {
	const file = "Windows Registry Editor Version 5.00\r\n\r\n[HKEY_LOCAL_MACHINE\\A]\r\n\"x\"=\"1\"\r\n\r\n[HKEY_LOCAL_MACHINE\\B]\r\n\"y\"=\"2\"\r\n\r\n[HKEY_LOCAL_MACHINE\\C]\r\n"
	for _, key := range []string{"A", "B", "C"} {
		f := map[string][]byte{"standby/mail/services.reg": []byte(file)}
		s := Text(`HKEY_LOCAL_MACHINE\`+key, "LogicalIP", "192.168.10.202")
		edits, ok := Registry(f, f, "standby/mail", s)
		require.True(t, ok)
		require.Len(t, edits, 1)

		lines := strings.Split(file, "\r\n")
		lines = slices.Insert(lines, edits[0].Line-1, edits[0].New)
		byHand, problems := registry.Parse("x.reg", []byte(strings.Join(lines, "\r\n")))
		require.NoError(t, problems.Err())
		k, _ := byHand.Key(s.Key)
		require.True(t, slices.ContainsFunc(k.Values, func(v registry.Value) bool { return v.Name == s.Value.Name }), key)
	}
}

// A 32-bit product's settings are changed where it has them.
func TestSettingsOfA32BitProduct(t *testing.T) {
	const head, wow = "Windows Registry Editor Version 5.00\r\n\r\n", "[HKEY_LOCAL_MACHINE\\SOFTWARE\\WOW6432Node\\EPOST\\IPWCS]\r\n\"Balance\"=dword:00000001\r\n"
	s := Number(registry.SettingsKey, "Balance", 0)
	for text, command := range map[string]string{
		head + wow: `reg add "HKLM\SOFTWARE\WOW6432Node\EPOST\IPWCS" /v Balance /t REG_DWORD /d 0 /f`,
		head + wow + "\r\n[" + registry.SettingsKey + "]\r\n\"Balance\"=dword:00000001\r\n": `reg add "HKLM\SOFTWARE\EPOST\IPWCS" /v Balance /t REG_DWORD /d 0 /f`,
		head: `reg add "HKLM\SOFTWARE\EPOST\IPWCS" /v Balance /t REG_DWORD /d 0 /f`,
	} {
		f := map[string][]byte{"active/ipwcs.reg": []byte(text)}
		in := s.In(f, "active")
		require.Equal(t, command, in.Command())
		_, ok := Registry(f, f, "active", in)
		require.True(t, ok)
		made, _ := registry.Parse("", f["active/ipwcs.reg"])
		usual, _ := registry.Usual([]registry.File{made})
		set, problems := registry.Settings(usual[0])
		require.NoError(t, problems.Err())
		require.Zero(t, set.Balance)
	}
}
