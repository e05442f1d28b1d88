package settings

import (
	"bytes"
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/core/diag"
	"ipwsim/core/golden"
)

// seed gives a fuzz target the parser's samples, good and bad.
func seed(f *testing.F, parser string) {
	for _, kind := range []string{"good", "bad"} {
		for _, path := range samples(f, kind, parser) {
			f.Add(golden.Read(f, path))
		}
	}
}

// checkProblems is what holds for any file; it says whether the file can be used.
func checkProblems(t *testing.T, data []byte, rows int, problems diag.List) bool {
	for _, p := range problems {
		require.NotEmpty(t, p.Message)
		require.NotContains(t, p.Message, "\n")
		require.LessOrEqual(t, p.Line, 1+bytes.Count(data, []byte("\n")), p.Message)
	}
	if problems.Err() != nil {
		require.Zero(t, rows)
	}
	return problems.Err() == nil
}

func FuzzBinds(f *testing.F) {
	seed(f, "binds")
	f.Fuzz(func(t *testing.T, data []byte) {
		got, problems := ParseBinds("fuzz", data)
		if !checkProblems(t, data, len(got), problems) {
			return
		}
		var binds []Bind
		for _, row := range got {
			require.NotZero(t, row.Port)
			binds = append(binds, row.Bind)
		}
		again, problems := ParseBinds("fuzz", formatBinds(binds))
		require.NoError(t, problems.Err())
		require.Len(t, again, len(got))
	})
}

func FuzzHidden(f *testing.F) {
	seed(f, "hidden")
	f.Fuzz(func(t *testing.T, data []byte) {
		got, problems := ParseHidden("fuzz", data)
		if !checkProblems(t, data, len(got), problems) || len(got) == 0 {
			return
		}
		var all []netip.Addr
		for _, row := range got {
			require.True(t, row.Address.Is4())
			all = append(all, row.Address)
		}
		again, problems := ParseHidden("fuzz", formatHidden(all))
		require.Empty(t, problems)
		require.Len(t, again, len(got))
	})
}

func FuzzHosts(f *testing.F) {
	seed(f, "hosts")
	f.Fuzz(func(t *testing.T, data []byte) {
		got, problems := ParseHosts("fuzz", data)
		checkProblems(t, data, len(got), problems)
		for _, row := range got {
			require.True(t, row.Address.IsValid())
			require.NotEmpty(t, row.Names)
		}
	})
}

func FuzzRelay(f *testing.F) {
	seed(f, "relay")
	f.Fuzz(func(t *testing.T, data []byte) {
		got, problems := ParseRelay("fuzz", data)
		if !checkProblems(t, data, len(got), problems) {
			return
		}
		for _, row := range got {
			require.Equal(t, row.Range, row.Range.Masked())
			require.True(t, row.Range.Addr().Is4())
		}
		again, problems := ParseRelay("fuzz", formatRelay(got))
		require.NoError(t, problems.Err())
		require.Len(t, again, len(got))
	})
}

func FuzzAccounts(f *testing.F) {
	seed(f, "accounts")
	f.Fuzz(func(t *testing.T, data []byte) {
		got, problems := ParseAccounts("fuzz", data)
		if !checkProblems(t, data, len(got), problems) || len(got) == 0 {
			return
		}
		var users []User
		for _, row := range got {
			require.NotContains(t, row.Name, "/")
			require.NotContains(t, row.Name, `\`)
			users = append(users, row.User)
		}
		again, problems := ParseAccounts("fuzz", FormatAccounts(users))
		require.Empty(t, problems)
		require.Len(t, again, len(got))
	})
}
