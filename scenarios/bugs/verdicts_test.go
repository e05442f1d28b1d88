package bugs

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// verdicts are kept in a file, a line each, so that a run that was ended loses nothing.
type verdicts struct {
	mu   sync.Mutex
	file *os.File // nil: nowhere
	by   map[string]keptVerdict
}

// keptVerdict is what came of one shard with a mutant.
type keptVerdict struct {
	Seed   uint64
	Shard  int
	Mutant string
	Caught bool
	By     string
	Case   int
}

func (k keptVerdict) key() string { return fmt.Sprint(k.Seed, " ", k.Shard, " ", k.Mutant) }

func openVerdicts(name string) (*verdicts, error) {
	v := &verdicts{by: map[string]keptVerdict{}}
	if name == "" {
		return v, nil
	}
	f, err := os.OpenFile(name, os.O_RDWR|os.O_APPEND|os.O_CREATE, 0o666)
	if err != nil {
		return nil, err
	}
	v.file = f
	for d := json.NewDecoder(f); ; {
		var k keptVerdict
		switch err := d.Decode(&k); {
		case errors.Is(err, io.EOF):
			return v, nil
		case err != nil:
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		v.by[k.key()] = k
	}
}

// do is what came of a shard with a mutant, by the file or by look.
func (v *verdicts) do(m Mutant, shard int, look func() (Verdict, error)) (Verdict, error) {
	k := keptVerdict{Seed: *searchSeed, Shard: shard, Mutant: m.Key()}
	v.mu.Lock()
	old, is := v.by[k.key()]
	v.mu.Unlock()
	if is {
		return Verdict{Caught: old.Caught, Cases: old.Case, Story: Story{By: old.By}}, nil
	}
	got, err := look()
	if err != nil || v.file == nil {
		return got, err
	}
	k.Caught, k.By, k.Case = got.Caught, got.Story.By, got.Cases
	v.mu.Lock()
	defer v.mu.Unlock()
	return got, json.NewEncoder(v.file).Encode(k)
}

func (v *verdicts) Close() {
	if v.file != nil {
		v.file.Close()
	}
}

// What was looked at once is not looked at again, not even by a run that comes later; what failed is.
func TestVerdictsAreKept(t *testing.T) {
	file := filepath.Join(t.TempDir(), "verdicts")
	looks := 0
	look := func(v Verdict, err error) func() (Verdict, error) {
		return func() (Verdict, error) { looks++; return v, err }
	}
	caught, broken := Verdict{Caught: true, Cases: 3, Story: Story{By: "P9"}}, errors.New("broken")
	m := Mutant{Func: "f", From: "a"}
	for range 2 {
		v, err := openVerdicts(file)
		require.NoError(t, err)
		_, err = v.do(m, 1, look(Verdict{}, broken))
		if looks == 1 {
			require.ErrorIs(t, err, broken)
		}
		got, err := v.do(m, 1, look(caught, nil))
		require.NoError(t, err)
		require.Equal(t, caught, got)
		v.Close()
	}
	require.Equal(t, 2, looks)
	v, err := openVerdicts(file)
	require.NoError(t, err)
	defer v.Close()
	_, err = v.do(m, 2, look(caught, nil))
	require.NoError(t, err)
	require.Equal(t, 3, looks, "another shard is another thing")

	require.NoError(t, os.WriteFile(file, []byte("{\"Seed\":7}\n{"), 0o644))
	_, err = openVerdicts(file)
	require.ErrorContains(t, err, file)
}
