package registry_test

import (
	"bytes"
	"encoding/binary"
	"path/filepath"
	"testing"
	"unicode/utf16"

	"github.com/stretchr/testify/require"

	"ipwsim/core/golden"
	"ipwsim/core/registry"
)

// good parses a sample without problems.
func good(t testing.TB, file string) registry.File {
	got, problems := registry.Parse(file, golden.Read(t, filepath.Join("testdata", "good", file)))
	require.Empty(t, problems)
	return got
}

func TestExportsOfRegeditAreWrittenBackByteForByte(t *testing.T) {
	for _, file := range []string{"regedit-active.reg", "regedit-standby.reg", "regedit-whole-tree.reg"} {
		require.Equal(t, golden.Read(t, filepath.Join("testdata", "good", file)), good(t, file).Format(), file)
	}
}

func TestFormatIsReadBackTheSame(t *testing.T) {
	for _, path := range golden.Files(t, "testdata/good/*.reg") {
		want := good(t, filepath.Base(path))
		got, problems := registry.Parse(want.Name, want.Format())
		require.Empty(t, problems)
		require.Equal(t, withoutLines(want), withoutLines(got), path)
	}
}

// withoutLines leaves what comments and blank lines of the original do not change.
func withoutLines(f registry.File) registry.File {
	out := registry.File{Name: f.Name}
	for _, key := range f.Keys {
		key.Line = 0
		key.Values = append([]registry.Value(nil), key.Values...)
		for i := range key.Values {
			key.Values[i].Line = 0
		}
		out.Keys = append(out.Keys, key)
	}
	return out
}

func TestValuesOfEveryType(t *testing.T) {
	key, found := good(t, "regedit-whole-tree.reg").Key(`hkey_local_machine\software\epost`)
	require.True(t, found)
	license := make([]byte, 60)
	for i := range license {
		license[i] = byte(i)
	}
	for name, want := range map[string]registry.Value{
		"":           {Type: registry.SZ, Data: wide("E-POST\x00")},
		"InstallDir": {Type: registry.SZ, Data: wide("C:\\Program Files\\EPOST\\MS\x00")},
		"Path":       {Type: registry.ExpandSZ, Data: wide("C:\\Program Files\\EPOST\\MS;%SystemRoot%\\system32;C:\\メール\x00")},
		"Domains":    {Type: registry.MultiSZ, Data: wide("example.jp\x00mail.example.jp\x00\x00")},
		"License":    {Type: registry.Binary, Data: license},
		"serial":     {Type: registry.QWORD, Data: []byte{1, 2, 3, 4, 5, 6, 7, 8}},
		"Nothing":    {Type: registry.None},
		"説明":         {Type: registry.SZ, Data: wide(`引用 "IPWatcher" と ソース` + "\x00")},
	} {
		value, found := key.Value(name)
		require.True(t, found, name)
		require.Equal(t, want.Type, value.Type, name)
		require.Equal(t, want.Data, value.Data, name)
	}
}

// wide is text as the registry holds it.
func wide(s string) []byte {
	var out []byte
	for _, unit := range utf16.Encode([]rune(s)) {
		out = binary.LittleEndian.AppendUint16(out, unit)
	}
	return out
}

func TestTextIsForWellFormedStringsOnly(t *testing.T) {
	for rule, tt := range map[string]struct {
		value registry.Value
		ok    bool
	}{
		"text and its zero":      {registry.Value{Type: registry.SZ, Data: wide("a\x00")}, true},
		"another type":           {registry.Value{Type: registry.ExpandSZ, Data: wide("a\x00")}, false},
		"no zero":                {registry.Value{Type: registry.SZ, Data: wide("a")}, false},
		"a zero too many":        {registry.Value{Type: registry.SZ, Data: wide("a\x00\x00")}, false},
		"half a character":       {registry.Value{Type: registry.SZ, Data: []byte{'a', 0, 0}}, false},
		"nothing":                {registry.Value{Type: registry.SZ}, false},
		"half a surrogate":       {registry.Value{Type: registry.SZ, Data: []byte{0x3d, 0xd8, 0, 0}}, false},
		"a whole surrogate pair": {registry.Value{Type: registry.SZ, Data: wide("😀\x00")}, true},
	} {
		_, ok := tt.value.Text()
		require.Equal(t, tt.ok, ok, rule)
	}
}

func TestREGEDIT4TextBecomesUTF16(t *testing.T) {
	key, _ := good(t, "regedit4-cp932.reg").Key(`HKEY_LOCAL_MACHINE\SOFTWARE\EPOST`)
	for name, want := range map[string]string{"表示名": "メール ソ", "Path": `C:\メール;%TEMP%`} {
		value, found := key.Value(name)
		require.True(t, found, name)
		value.Type = registry.SZ // Text is for REG_SZ only
		s, ok := value.Text()
		require.True(t, ok)
		require.Equal(t, want, s)
	}
}

func TestAFileOverOneMebibyteIsAnError(t *testing.T) {
	_, problems := registry.Parse("big.reg", bytes.Repeat([]byte("\n"), 1<<20+1))
	require.EqualError(t, problems.Err(),
		`big.reg: error: the file has 1048577 bytes; expected at most 1048576: export only the key HKEY_LOCAL_MACHINE\SOFTWARE\EPOST`)
}

func TestALongLineIsNotRepeatedInFull(t *testing.T) {
	_, problems := registry.Parse("long.reg", bytes.Repeat([]byte("x"), 1<<20))
	require.Less(t, len(problems.Error()), 500)
}
