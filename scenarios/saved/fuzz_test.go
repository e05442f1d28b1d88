package saved

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzUnpack: any files are a run or one line that names the file; a run that was read can be saved, and
// reads as the same.
func FuzzUnpack(f *testing.F) {
	files, err := example().pack()
	require.NoError(f, err)
	f.Add(files[metaFile], files[traceFile])
	f.Add([]byte(`{"ipwsim":"saved run","version":2,"refused":true,"seed":"1"}`), []byte(nil))
	f.Fuzz(func(t *testing.T, about, history []byte) {
		first, err := unpack(map[string][]byte{metaFile: about, traceFile: history, scenarioFile: []byte("# Title\n")})
		if err != nil {
			require.Regexp(t, `^(meta\.json|trace\.jsonl): `, err.Error())
			return
		}
		files, err := first.pack()
		require.NoError(t, err)
		second, err := unpack(files)
		require.NoError(t, err)
		again, err := second.pack()
		require.NoError(t, err)
		require.Equal(t, files, again)
	})
}
