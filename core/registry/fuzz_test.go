package registry_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/core/diag"
	"ipwsim/core/golden"
	"ipwsim/core/registry"
)

func FuzzParse(f *testing.F) {
	for _, folder := range []string{"good", "bad"} {
		for _, path := range golden.Files(f, "testdata/"+folder+"/*.reg") {
			f.Add(golden.Read(f, path))
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		file, problems := registry.Parse("fuzz.reg", data)
		requireSound(t, data, problems)
		if problems.Err() != nil {
			require.Zero(t, file)
			return
		}
		_, more := registry.Settings(file)
		requireSound(t, data, more)

		again, problems := registry.Parse("fuzz.reg", file.Format())
		require.Empty(t, problems)
		require.Equal(t, withoutLines(file), withoutLines(again))
		require.Equal(t, file.Format(), again.Format())
	})
}

// requireSound checks that every problem says something, in one line, about a line that exists.
func requireSound(t *testing.T, data []byte, problems diag.List) {
	for _, p := range problems {
		require.NotEmpty(t, p.Message)
		require.NotContains(t, p.Message, "\n")
		require.LessOrEqual(t, p.Line, lineCount(data), p.Message)
	}
}

func lineCount(data []byte) int {
	end := []byte("\n")
	if text, utf16 := bytes.CutPrefix(data, []byte{0xff, 0xfe}); utf16 {
		data, end = text[:len(text)/2*2], []byte("\n\x00")
	}
	n := 0
	for rest := data; len(rest) > 0; rest = rest[min(len(rest), len(end)):] {
		if bytes.HasPrefix(rest, end) {
			n++
		}
	}
	if len(data) > 0 && !bytes.HasSuffix(data, end) {
		n++
	}
	return n
}
