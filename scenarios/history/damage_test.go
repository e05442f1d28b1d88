package history

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// Whatever a disk does to the file, it is read, or refused in one sentence; what is read can be compared.
func TestEachDamage(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "nights.db")
	h := open(t, path)
	for _, n := range series(4, nil) {
		added(t, h, n)
	}
	require.NoError(t, h.Close())
	whole, err := os.ReadFile(path)
	require.NoError(t, err)
	r := rand.New(rand.NewPCG(5, 6))
	refused, read := 0, 0
	for range 300 {
		data := append([]byte{}, whole...)
		for range 1 + r.IntN(8) {
			data[r.IntN(len(data))] = byte(r.IntN(256))
		}
		if r.IntN(4) == 0 {
			data = data[:r.IntN(len(data))]
		}
		require.NoError(t, os.WriteFile(path, data, 0o600))
		h, err := Open(path)
		if err == nil {
			var all []Night
			if all, err = h.Nights(); err == nil {
				Compare(all)
				read++
			}
			h.Close()
		}
		if err != nil {
			refused++
			require.NotContains(t, err.Error(), "\n")
			require.Contains(t, err.Error(), path)
		}
	}
	require.NotZero(t, refused)
	require.NotZero(t, read)
}
