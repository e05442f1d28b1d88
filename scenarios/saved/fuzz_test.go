package saved

import (
	"bytes"
	"testing"

	"ipwsim/sim/trace"

	"github.com/stretchr/testify/require"
)

// FuzzUnpack: any files are a run or one line that names the file; a run that was read can be saved, and
// reads as the same.
func FuzzUnpack(f *testing.F) {
	files, err := example().pack()
	require.NoError(f, err)
	f.Add(files[metaFile], written(f, example()))
	f.Add([]byte(`{"ipwsim":"saved run","version":2,"refused":true,"seed":"1"}`), []byte(nil))
	f.Fuzz(func(t *testing.T, about, history []byte) {
		reads := func(b []byte) func() (*trace.Trace, error) {
			return func() (*trace.Trace, error) { return trace.Read(bytes.NewReader(b)) }
		}
		first, err := unpack(map[string][]byte{metaFile: about, scenarioFile: []byte("# Title\n")}, reads(history))
		if err != nil {
			require.Regexp(t, `^(meta\.json|trace\.jsonl): `, err.Error())
			return
		}
		files, err := first.pack()
		require.NoError(t, err)
		second, err := unpack(files, reads(written(t, first)))
		require.NoError(t, err)
		again, err := second.pack()
		require.NoError(t, err)
		require.Equal(t, files, again)
		require.Equal(t, written(t, first), written(t, second))
	})
}

// written is the run's trace as bytes.
func written(t require.TestingT, r *Run) []byte {
	var b bytes.Buffer
	if r.Played.Trace != nil {
		require.NoError(t, r.Played.Trace.Write(&b))
	}
	return b.Bytes()
}
