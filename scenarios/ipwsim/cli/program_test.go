package cli

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestTheCommandToRunAgainCanBePasted(t *testing.T) {
	for word, want := range map[string]string{
		"cable-pull": "cable-pull", "./our cluster": "'./our cluster'", "it's": `'it'\''s'`, `C:\x`: `'C:\x'`, "a$b": "'a$b'",
	} {
		require.Equal(t, want, quotedOn("linux", word))
	}
	for word, want := range map[string]string{"cable-pull": "cable-pull", `C:\x`: `C:\x`, `C:\our cluster`: `"C:\our cluster"`, "社内": "社内"} {
		require.Equal(t, want, quotedOn("windows", word))
	}
	for name, want := range map[string]string{
		"./ipwsim": "./ipwsim", "ipwsim": "ipwsim", "/opt/our tools/ipwsim": "'/opt/our tools/ipwsim'",
		"/tmp/go-build123/b001/exe/ipwsim": "go run ./scenarios/ipwsim",
	} {
		require.Equal(t, want, called(name, "linux"), "as it was typed")
	}
}

// A saved run and a page say which ipwsim it was, and when.
func TestTheProgramAndTheDate(t *testing.T) {
	require.Regexp(t, `^ipwsim [^\s()]+$`, Program())

	t.Setenv("SOURCE_DATE_EPOCH", "1700000000")
	require.Equal(t, time.Date(2023, 11, 14, 22, 13, 20, 0, time.UTC), Today())
	for _, none := range []string{"", "yesterday"} {
		t.Setenv("SOURCE_DATE_EPOCH", none)
		before := time.Now().UTC().Truncate(time.Minute)
		got := Today()
		require.False(t, got.Before(before), "now, to the minute")
		require.False(t, got.After(time.Now()))
		require.Equal(t, got.Truncate(time.Minute), got)
	}
}
