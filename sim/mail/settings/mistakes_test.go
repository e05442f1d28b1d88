package settings

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
)

// Each file of testdata/mistakes is edits to the shipped cluster and the exact problems wanted:
//
//	edit <file>: <old> -> <new>      every <old>; \n in them is a line end
//	delete <file>: <old>
//	remove <file>
//	add <file>: <line>
//	want
//	<problems>
//
// A first line with # says what the mistake is.
func TestEachMistakeAloneIsNamed(t *testing.T) {
	cases, err := filepath.Glob("testdata/mistakes/*.txt")
	require.NoError(t, err)
	require.NotEmpty(t, cases)
	for _, file := range cases {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			edits, want, found := strings.Cut(string(read(t, file)), "want\n")
			require.True(t, found)
			m := shipped(t)
			for _, line := range strings.Split(strings.TrimSpace(edits), "\n") {
				apply(t, m, line)
			}
			_, problems := load(m, facts())
			got := ""
			if len(problems) > 0 {
				got = problems.Error() + "\n"
			}
			if *update {
				require.NoError(t, os.WriteFile(file, []byte(edits+"want\n"+got), 0o644))
				want = got
			}
			require.NotEmpty(t, got, "a mistake has problems")
			require.Equal(t, want, got)
		})
	}
}

func apply(t *testing.T, m fstest.MapFS, line string) {
	verb, rest, _ := strings.Cut(line, " ")
	name, arg, _ := strings.Cut(rest, ": ")
	arg = strings.ReplaceAll(arg, `\n`, "\r\n")
	switch verb {
	case "#":
	case "edit":
		old, new, found := strings.Cut(arg, " -> ")
		require.True(t, found, line)
		require.Contains(t, m, name)
		require.Contains(t, string(m[name].Data), old, line)
		m[name] = &fstest.MapFile{Data: bytes.ReplaceAll(m[name].Data, []byte(old), []byte(new))}
	case "delete":
		apply(t, m, "edit "+rest+" -> ")
	case "remove":
		require.Contains(t, m, name)
		delete(m, name)
	case "add":
		if m[name] == nil {
			m[name] = &fstest.MapFile{}
		}
		m[name] = &fstest.MapFile{Data: append(bytes.Clone(m[name].Data), arg+"\r\n"...)}
	default:
		t.Fatalf("unknown edit %q", line)
	}
}
