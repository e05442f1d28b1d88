package table_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/core/golden"
	"ipwsim/core/table"
)

func FuzzParse(f *testing.F) {
	for _, folder := range []string{"good", "bad"} {
		for _, path := range golden.Files(f, "testdata/"+folder+"/*.dat") {
			f.Add(golden.Read(f, path))
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		got, problems := table.Parse("fuzz.dat", data)
		for _, p := range problems {
			require.NotEmpty(t, p.Message)
			require.NotContains(t, p.Message, "\n")
			require.LessOrEqual(t, p.Line, lineCount(data), p.Message)
		}
		if problems.Err() != nil {
			require.Zero(t, got)
			return
		}
		require.Equal(t, data, got.Format())
		again, problems := table.New(got.Entries()...)
		require.NoError(t, problems.Err())
		require.Equal(t, got.Entries(), again.Entries())
	})
}

func lineCount(data []byte) int {
	n := bytes.Count(data, []byte("\n"))
	if len(data) > 0 && data[len(data)-1] != '\n' {
		n++
	}
	return n
}
