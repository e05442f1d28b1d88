package batch_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/core/golden"
	"ipwsim/sim/batch"
)

func FuzzParse(f *testing.F) {
	for _, folder := range []string{"good", "bad"} {
		for _, path := range golden.Files(f, "testdata/"+folder+"/*.bat") {
			f.Add(golden.Read(f, path))
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		got, problems := batch.Parse("fuzz.bat", data)
		for _, p := range problems {
			require.NotEmpty(t, p.Message)
			require.NotContains(t, p.Message, "\n")
			require.LessOrEqual(t, p.Line, 1+bytes.Count(data, []byte("\n")), p.Message)
		}
		require.NoError(t, problems.Err())
		if len(got.Commands) == 0 {
			require.NotEmpty(t, problems, "who has a batch that does nothing is told")
			return
		}
		again, problems := batch.Parse("fuzz.bat", got.Format())
		require.NoError(t, problems.Err())
		require.Equal(t, got.Format(), again.Format())
	})
}
