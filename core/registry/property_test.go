package registry_test

import (
	"encoding/binary"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"ipwsim/core"
	"ipwsim/core/registry"
)

// anyValue draws a value of any type; its place keeps names apart.
func anyValue(t *rapid.T, place int) registry.Value {
	name := rapid.StringMatching(`[A-Za-z "\\ソ表😀;=@\[\]-]{0,40}`).Draw(t, "name")
	return registry.Value{
		Name: fmt.Sprint(name, place),
		Type: registry.Type(rapid.Uint32Range(0, 12).Draw(t, "type")),
		Data: rapid.SliceOfN(rapid.Byte(), 0, 90).Draw(t, "data"),
	}
}

func TestAnyFileIsReadBackAsWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := registry.File{Name: "x.reg"}
		for i := range rapid.IntRange(1, 3).Draw(t, "keys") {
			name := rapid.StringMatching(`[A-Za-z \]\[;表-]{0,20}`).Draw(t, "key")
			key := registry.Key{Name: fmt.Sprintf(`HKEY_LOCAL_MACHINE\%s%d`, name, i)}
			for j := range rapid.IntRange(0, 5).Draw(t, "values") {
				key.Values = append(key.Values, anyValue(t, j))
			}
			want.Keys = append(want.Keys, key)
		}
		got, problems := registry.Parse("x.reg", want.Format())
		require.Empty(t, problems)
		require.Equal(t, want.Format(), got.Format())
		for i, key := range withoutLines(got).Keys {
			require.Equal(t, want.Keys[i].Name, key.Name)
			for j, value := range key.Values {
				require.Equal(t, want.Keys[i].Values[j].Name, value.Name)
				require.Equal(t, want.Keys[i].Values[j].Type, value.Type)
				require.Equal(t, want.Keys[i].Values[j].Data, append([]byte{}, value.Data...))
			}
		}
	})
}

func TestW3AnyAllowedSettingsAreReadAsWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var values []registry.Value
		dword := func(name string, least, most uint32) uint32 {
			n := rapid.Uint32Range(least, most).Draw(t, name)
			values = append(values, registry.Value{Name: name, Type: registry.DWORD, Data: binary.LittleEndian.AppendUint32(nil, n)})
			return n
		}
		want := core.Settings{
			LogEnabled:  dword("LogEnabled", 0, 1) == 1,
			Interval:    time.Duration(dword("Interval", 7200, 86400)) * time.Second,
			Balance:     core.Balance(dword("Balance", 0, 1)),
			ReleaseTime: int(dword("ReleaseTime", 1, 1_000_000)),
			PingTimeout: time.Duration(dword("PingTimeout", 1, 3600)) * time.Second,
		}
		file := registry.File{Keys: []registry.Key{{Name: registry.SettingsKey, Values: values}}}
		file, problems := registry.Parse("x.reg", file.Format())
		require.Empty(t, problems)
		got, problems := registry.Settings(file)
		require.Empty(t, problems)
		require.Equal(t, want, got)
	})
}
