package trace

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzRead: any text is a trace or an error that names the record; a trace that was read can be
// written, and what was written reads as the same.
func FuzzRead(f *testing.F) {
	f.Add([]byte(text(f, guide())))
	f.Add([]byte(`{"kind":"header","body":{"version":2}}` + "\n" + `{"t":1,"kind":"end"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		first, err := Read(bytes.NewReader(data))
		if err != nil {
			require.Contains(t, err.Error(), "record ")
			return
		}
		written := text(t, first)
		second, err := Read(bytes.NewReader([]byte(written)))
		require.NoError(t, err)
		require.Equal(t, written, text(t, second))
	})
}
