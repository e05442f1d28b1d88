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
