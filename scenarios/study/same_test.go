package study

import (
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"ipwsim/core/disk"
	"ipwsim/sim/studied"
)

// small is a study of four cells that takes a tenth of a second.
func small(t testing.TB) *Plan {
	return planOf(t, 24, []string{"interval", "5s", "10s"}, []string{"fault", "unplug", "freeze"})
}

// hashOf is the SHA-256 of the rows as a Parquet file.
func hashOf(t require.TestingT, rows studied.Rows) string {
	sum := sha256.New()
	require.NoError(t, writeParquet(sum, rows))
	return fmt.Sprintf("%x", sum.Sum(nil))
}

// pack packs rows.
func pack(rows ...studied.Row) (all studied.Rows) {
	for _, r := range rows {
		all = append(all, r.Pack())
	}
	return all
}

func execute(t require.TestingT, p *Plan, dir string, workers int) studied.Rows {
	rows, err := p.Execute(context.Background(), dir, Options{Workers: workers})
	require.NoError(t, err)
	return rows
}

// One study gives the same bytes on one core, on two, and interrupted at any run and resumed.
func TestSameBytes(t *testing.T) {
	p := small(t)
	one := execute(t, p, t.TempDir(), 1)
	require.Len(t, one, 96)
	want := hashOf(t, one)
	require.Equal(t, want, hashOf(t, execute(t, p, t.TempDir(), 2)), "two cores")

	dir, calls := t.TempDir(), 0
	for done := false; !done; calls++ {
		ctx, cancel := context.WithCancel(context.Background())
		rows, err := p.Execute(ctx, dir, Options{Workers: 2, Progress: func(s Status) {
			if s.New == 20 {
				cancel()
			}
		}})
		cancel()
		if done = err == nil; done {
			require.Equal(t, want, hashOf(t, rows), "interrupted and resumed")
		} else {
			require.ErrorIs(t, err, context.Canceled)
		}
	}
	require.Greater(t, calls, 2, "it was interrupted")
	other := one[17].Row()
	other.Failover += 1e-9
	one[17] = other.Pack()
	require.NotEqual(t, want, hashOf(t, one), "the hash sees every value")
}

// What is there is not run again.
func TestResumedRunsNothingTwice(t *testing.T) {
	p, dir := small(t), t.TempDir()
	execute(t, p, dir, 1)
	ran := 0
	rows, err := p.Execute(context.Background(), dir, Options{Workers: 1, Progress: func(Status) { ran++ }})
	require.NoError(t, err)
	require.Zero(t, ran)
	require.Len(t, rows, 96)

	more := *p
	more.Runs, more.MaxRuns = 30, 30
	_, err = more.Execute(context.Background(), dir, Options{Workers: 1, Progress: func(Status) { ran++ }})
	require.NoError(t, err)
	require.Equal(t, 4*6, ran, "a study that is given more runs goes on from those it has")
}

// With any set of finished chunks, of any cut, the rows are the same.
func TestAnyChunksAreResumed(t *testing.T) {
	p := planOf(t, 8, []string{"interval", "5s", "10s"})
	for i := range p.cells {
		p.cells[i].failoverOnly = true
	}
	all := execute(t, p, t.TempDir(), 2)
	want := hashOf(t, all)
	base, empty := t.TempDir(), t.TempDir()
	require.NoError(t, p.Prepare(empty))
	require.NoError(t, os.Mkdir(filepath.Join(empty, chunkDir), 0o777))
	put := func(t require.TestingT, dir, name string, rows studied.Rows) {
		require.NoError(t, writeChunk(filepath.Join(dir, chunkDir, name+chunkExt), chunkHead{Study: p.Key()}, rows))
	}
	rapid.Check(t, func(t *rapid.T) {
		dir, err := os.MkdirTemp(base, "")
		require.NoError(t, err)
		require.NoError(t, os.CopyFS(dir, os.DirFS(empty)))
		kept := rapid.SliceOfN(rapid.Float64Range(0, 1), len(all), len(all)).Draw(t, "kept")
		part := rapid.Float64Range(0.95, 1).Draw(t, "part")
		var some studied.Rows
		for i := range all {
			if kept[i] <= part {
				some = append(some, all[i])
			}
			if len(some) > 0 && (kept[i] > 0.85 || i == len(all)-1) {
				put(t, dir, strconv.Itoa(i), some)
				if kept[i] < 0.88 { // and once more, as two processes at once write it
					put(t, dir, "again"+strconv.Itoa(i), some)
				}
				some = nil
			}
		}
		require.Equal(t, want, hashOf(t, execute(t, p, dir, 1)))
	})
}

// Chunks of another study, half a chunk, and two results of one run are refused.
func TestBadChunksAreRefused(t *testing.T) {
	p := small(t)
	row := ran(&p.Cells()[0], p.SeedOf(0))
	other := planOf(t, 24, []string{"interval", "5s", "11s"}, []string{"fault", "unplug", "freeze"})
	for want, write := range map[string]func(dir string) error{
		"of another study": func(dir string) error {
			return writeChunk(dir+"/a.jsonl", chunkHead{Study: other.Key()}, pack(row))
		},
		"another result in another file": func(dir string) error {
			twin := row
			twin.Failover++
			if err := writeChunk(dir+"/a.jsonl", chunkHead{Study: p.Key()}, pack(row)); err != nil {
				return err
			}
			return writeChunk(dir+"/b.jsonl", chunkHead{Study: p.Key()}, pack(twin))
		},
		"the file was changed or cut off": func(dir string) error {
			if err := writeChunk(dir+"/a.jsonl", chunkHead{Study: p.Key()}, pack(row, row)); err != nil {
				return err
			}
			data, err := os.ReadFile(dir + "/a.jsonl")
			if err != nil {
				return err
			}
			half := data[:len(data)-len(data)/2]
			for half[len(half)-1] != '\n' {
				half = half[:len(half)-1]
			}
			return os.WriteFile(dir+"/a.jsonl", half, 0o644)
		},
		"a.jsonl:2: not a row": func(dir string) error {
			text := `{"version":2,"study":"` + p.Key() + `","rows":1}` + "\n{}\n"
			return os.WriteFile(dir+"/a.jsonl", []byte(text+`{"sha256":"`+disk.Sum([]byte(text))+`"}`+"\n"), 0o644)
		},
		"a.jsonl:1: found no head": func(dir string) error { return os.WriteFile(dir+"/a.jsonl", []byte("hello\n"), 0o644) },
	} {
		dir := t.TempDir()
		require.NoError(t, p.Prepare(dir))
		require.NoError(t, os.Mkdir(filepath.Join(dir, chunkDir), 0o777))
		require.NoError(t, write(filepath.Join(dir, chunkDir)))
		_, err := p.Execute(context.Background(), dir, Options{Workers: 1})
		require.ErrorContains(t, err, want)
	}
}

func TestAFolderOfSomethingElseIsLeftAlone(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(dir+"/letter.txt", nil, 0o644))
	_, err := small(t).Execute(context.Background(), dir, Options{Workers: 1})
	require.ErrorContains(t, err, "holds other files")
	dir = t.TempDir()
	execute(t, planOf(t, 1), dir, 1)
	_, err = small(t).Execute(context.Background(), dir, Options{Workers: 1})
	require.ErrorContains(t, err, "holds another study")
}

// The shards of any number are the study; one that is missing, twice or of another plan is refused.
func TestShards(t *testing.T) {
	p := small(t)
	want := hashOf(t, execute(t, p, t.TempDir(), 2))
	for _, n := range []int{1, 3} {
		dir := t.TempDir()
		for i := range n {
			_, err := p.Merge(dir)
			require.ErrorContains(t, err, "run the shards that are missing")
			s := Shard{i + 1, n}
			require.NoError(t, p.RunShard(context.Background(), dir, s, Options{Workers: 2}))
			require.NoError(t, p.RunShard(context.Background(), dir, s, Options{Workers: 2, Progress: func(Status) { t.Error("run again") }}))
		}
		rows, err := p.Merge(dir)
		require.NoError(t, err)
		require.Equal(t, want, hashOf(t, rows), "%d shards", n)

		data, err := os.ReadFile(Shard{1, n}.file(dir))
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(dir+"/shard-copy.jsonl", data, 0o644))
		_, err = p.Merge(dir)
		require.ErrorContains(t, err, "expected every run once")
		require.NoError(t, os.Remove(dir+"/shard-copy.jsonl"))
		less := *p
		less.Runs, less.MaxRuns = 20, 20
		_, err = less.Merge(dir)
		require.ErrorContains(t, err, "runs beyond its 20")
	}
}

// A killed shard leaves nothing under its name.
func TestAKilledShardLeavesNothing(t *testing.T) {
	p, dir := small(t), t.TempDir()
	ctx, cancel := context.WithCancel(context.Background())
	err := p.RunShard(ctx, dir, Shard{1, 2}, Options{Workers: 1, Progress: func(s Status) { cancel() }})
	require.ErrorIs(t, err, context.Canceled)
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, entries, 1)
	require.Equal(t, planFile, entries[0].Name())
}

// With a precision the number of runs follows from the rows alone: the same on one core, on two, from any
// folder, and in shards.
func TestPrecision(t *testing.T) {
	p := planOf(t, 8, []string{"ping-timeout", "1s", "5s"})
	p.Precision, p.MaxRuns, p.FailoverOnly = 500_000_000, 100, true
	for i := range p.cells {
		p.cells[i].failoverOnly = true
	}
	rows := execute(t, p, t.TempDir(), 1)
	want := hashOf(t, rows)
	first, second := len(rows.Of(0)), len(rows.Of(1))
	require.Greater(t, second, first, "polls each 5 s are less sure than polls each second")
	require.Less(t, second, 101)
	require.Equal(t, want, hashOf(t, execute(t, p, t.TempDir(), 2)))
	dir := t.TempDir()
	for i := range 2 {
		require.NoError(t, p.RunShard(context.Background(), dir, Shard{i + 1, 2}, Options{Workers: 1}))
	}
	merged, err := p.Merge(dir)
	require.NoError(t, err)
	require.Equal(t, want, hashOf(t, merged))
}
