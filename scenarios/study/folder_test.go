package study

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"github.com/parquet-go/parquet-go"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"ipwsim/core/disk"
	"ipwsim/sim/studied"
)

// anyTime draws whole nanoseconds, as seconds, as most times of a run are.
var anyTime = rapid.Map(rapid.Int64Range(0, 1e14), func(ns int64) float64 { return time.Duration(ns).Seconds() })

// anyRow draws a row; each time may be NaN, and each name be any text.
var anyRow = rapid.Custom(func(t *rapid.T) studied.Row {
	var r studied.Row
	v := reflect.ValueOf(&r).Elem()
	for i, c := range studied.Columns() {
		switch f := v.Field(i); f.Kind() {
		case reflect.Float64:
			f.SetFloat(rapid.OneOf(rapid.Float64Range(0, 1e6), anyTime, rapid.Just(math.NaN())).Draw(t, c.Name))
		case reflect.Bool:
			f.SetBool(rapid.Bool().Draw(t, c.Name))
		case reflect.Int:
			f.SetInt(int64(rapid.IntRange(0, MaxCells).Draw(t, c.Name)))
		case reflect.String:
			f.SetString(rapid.StringMatching(`[a-z0-9"., -]{0,9}`).Draw(t, c.Name))
		default:
			f.SetUint(rapid.Uint64Range(0, MaxSeed*MaxRuns).Draw(t, c.Name))
		}
	}
	return r
})

// What is written as JSON, CSV and Parquet reads back to the same rows, and so does what is packed.
func TestRowsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		drawn := rapid.SliceOfN(anyRow, 1, 5).Draw(t, "rows")
		rows := pack(drawn...)
		var data, text bytes.Buffer
		require.NoError(t, errors.Join(writeParquet(&data, rows), writeCSV(&text, rows)))
		fromParquet, err := readParquet(data.Bytes())
		require.NoError(t, err)
		lines, err := csv.NewReader(&text).ReadAll()
		require.NoError(t, err)
		require.Len(t, lines, len(rows)+1)
		require.Equal(t, rows, fromParquet)
		for i := range rows {
			text, err := json.Marshal(drawn[i])
			require.NoError(t, err)
			var fromJSON studied.Row
			require.NoError(t, json.Unmarshal(text, &fromJSON))
			require.Equal(t, rows[i], fromJSON.Pack(), "%s", text)
			for c, column := range studied.Columns() {
				require.Equal(t, column.Name, lines[0][c])
				require.Equal(t, column.Text(&drawn[i], ""), lines[i+1][c])
			}
		}
	})
}

// However many rows there are, their writer holds those of one group, and a reader finds all.
func TestParquetGroupsAreBounded(t *testing.T) {
	var rows studied.Rows
	for k := range 2*groupRows + 1 {
		rows = append(rows, studied.Unmeasured(0, uint64(k), time.Duration(k)).Pack())
	}
	var data bytes.Buffer
	require.NoError(t, writeParquet(&data, rows))
	file, err := parquet.OpenFile(bytes.NewReader(data.Bytes()), int64(data.Len()))
	require.NoError(t, err)
	var sizes []int64
	for _, g := range file.RowGroups() {
		sizes = append(sizes, g.NumRows())
	}
	require.Equal(t, []int64{groupRows, groupRows, 1}, sizes)
	read, err := readParquet(data.Bytes())
	require.NoError(t, err)
	require.Equal(t, rows, read)
}

func TestRowsOfAnotherProgramAreRefused(t *testing.T) {
	text, err := json.Marshal(studied.Row{})
	require.NoError(t, err)
	var r studied.Row
	require.ErrorContains(t, json.Unmarshal(bytes.Replace(text, []byte(`"dual"`), []byte(`"duel"`), 1), &r), "the column dual is missing")
	before := bytes.Replace(text, []byte(`{`), []byte(`{"duel":1,`), 1)
	require.ErrorContains(t, json.Unmarshal(before, &r), "duel")
	require.ErrorContains(t, json.Unmarshal([]byte(`{"cell":1}`), &r), "the column seed is missing")
}

// A row that no run gives is refused, whatever sums a file has.
func TestRowsOfNoRunAreRefused(t *testing.T) {
	p := planOf(t, 1)
	rows := execute(t, p, t.TempDir(), 1)
	for want, spoil := range map[string]func(*studied.Row){
		"column no_node: found NaN, expected the seconds of a run":     func(r *studied.Row) { r.NoNode = math.NaN() },
		"column silent: found NaN, expected the seconds of a run":      func(r *studied.Row) { r.Failback, r.Silent = 0, math.NaN() },
		"column failover: found 1e+300, expected the seconds of a run": func(r *studied.Row) { r.Failover = 1e300 },
		"column silent: found -Inf, expected the seconds of a run":     func(r *studied.Row) { r.Silent = math.Inf(-1) },
		"": func(r *studied.Row) {
			r.Return, r.Failover, r.Failback, r.Silent = math.NaN(), math.NaN(), math.NaN(), math.NaN()
		},
	} {
		spoilt := *rows[0].Row()
		spoil(&spoilt)
		if want == "" {
			require.NoError(t, spoilt.Check())
			continue
		}
		dir := t.TempDir()
		a, err := p.Answer(t.Context(), rows, studied.DefaultRates, nil, Options{Workers: 1})
		require.NoError(t, err)
		require.NoError(t, p.Write(dir, pack(spoilt), a))
		_, err = Load(dir)
		require.EqualError(t, err, filepath.Join(dir, parquetFile)+": not what a study writes: "+want)
		if math.Abs(spoilt.Silent) > 1e308 {
			continue // JSON cannot say it
		}
		path := Shard{1, 1}.file(dir)
		require.NoError(t, writeChunk(path, chunkHead{Study: p.Key(), Shard: "1/1"}, pack(spoilt)))
		_, err = p.Merge(dir)
		require.ErrorContains(t, err, path+":2: not a row: "+want)
	}
}

// Cells of another plan are refused, whatever sum their file has.
func TestCellsOfNoPlanAreRefused(t *testing.T) {
	for from, to := range map[string]string{`"cell": 0`: `"cell": 1`, `"5s"`: `"5s", "6s"`, "\"values\": [\n      \"5s\"\n    ],": ""} {
		p, dir := planOf(t, 1, []string{"interval", "5s", "6s"}), t.TempDir()
		rows := execute(t, p, dir, 1)
		require.NoError(t, p.Write(dir, rows, nil))
		_, err := Load(dir)
		require.NoError(t, err)
		path := filepath.Join(dir, cellsFile)
		data, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Contains(t, string(data), from)
		require.NoError(t, os.WriteFile(path, bytes.Replace(data, []byte(from), []byte(to), 1), 0o644))
		require.NoError(t, disk.WriteSums(dir))
		_, err = Load(dir)
		require.EqualError(t, err, path+": not what a study writes: its cells are not those of the plan")
	}
}

func TestLoadExplains(t *testing.T) {
	dir := t.TempDir()
	_, err := Load(dir)
	require.ErrorContains(t, err, "found no plan.json, expected the folder of a study")
	p := planOf(t, 1)
	require.NoError(t, p.Prepare(dir))
	_, err = Load(dir)
	require.ErrorContains(t, err, "the study is not finished")
	for _, name := range []string{parquetFile, summaryFile} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte("{}"), 0o644))
	}
	require.NoError(t, disk.WriteSums(dir))
	_, err = Load(dir)
	require.ErrorContains(t, err, "rows.parquet: not what a study writes")
	require.NoError(t, os.WriteFile(dir+"/plan.json", []byte("{}"), 0o644))
	_, err = Load(dir)
	require.ErrorContains(t, err, "plan.json: not a plan; expected the folder of a study")
}

// Each byte of a finished study's files that was changed, or cut off, is noticed by whoever reads the study, and none of
// the chunks' is believed when it goes on.
func TestEachDamageOfAStudyIsNoticed(t *testing.T) {
	p, dir := planOf(t, 3, []string{"interval", "5s", "6s"}), t.TempDir()
	p.FailoverOnly = true
	rows := execute(t, p, dir, 2)
	a, err := p.Answer(context.Background(), rows, studied.DefaultRates, nil, Options{Workers: 2})
	require.NoError(t, err)
	require.NoError(t, p.Write(dir, rows, a))
	var files []string
	require.NoError(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if !d.IsDir() {
			files = append(files, path)
		}
		return err
	}))
	rapid.Check(t, func(t *rapid.T) {
		path := rapid.SampledFrom(files).Draw(t, "file")
		whole, err := os.ReadFile(path)
		require.NoError(t, err)
		damaged := bytes.Clone(whole)
		at := rapid.IntRange(0, len(whole)-1).Draw(t, "at")
		if damaged[at] = rapid.Byte().Draw(t, "byte"); damaged[at] == whole[at] {
			damaged = damaged[:at]
		}
		require.NoError(t, os.WriteFile(path, damaged, 0o644))
		defer func() { require.NoError(t, os.WriteFile(path, whole, 0o644)) }()
		_, err = Load(dir)
		require.Error(t, err)
		require.NotContains(t, err.Error(), "\n")
		if filepath.Ext(path) == chunkExt {
			_, err = p.collect(dir)
			require.ErrorContains(t, err, path)
		}
	})
}

// Of two studies that are started in one folder the second is refused, and so is a shard of another.
func TestAFolderBelongsToOneStudy(t *testing.T) {
	first, second := planOf(t, 1), planOf(t, 1, []string{"interval", "7s"})
	dir := t.TempDir()
	done := make(chan error)
	for _, p := range []*Plan{first, second} {
		go func() { done <- p.Prepare(dir) }()
	}
	errs := []error{<-done, <-done}
	if errs[0] == nil {
		errs[0], errs[1] = errs[1], errs[0]
	}
	require.ErrorContains(t, errs[0], "holds another study")
	require.NoError(t, errs[1])
	dir = t.TempDir()
	require.NoError(t, first.RunShard(t.Context(), dir, Shard{1, 1}, Options{Workers: 1}))
	require.ErrorContains(t, second.RunShard(t.Context(), dir, Shard{1, 1}, Options{Workers: 1}), "holds another study")
	require.ErrorContains(t, second.Prepare(dir), "holds another study")
	require.NoError(t, first.Prepare(dir))
}

// A study is known by what is in its cluster's files, wherever they are; what it differs in is said.
func TestAStudyKnowsItsClusterByContent(t *testing.T) {
	axis := []string{"interval", "7s"}
	first, dir := planOf(t, 1, axis), t.TempDir()
	require.NoError(t, first.Prepare(dir))
	moved := planOf(t, 1, axis)
	moved.Cluster = "elsewhere/our-cluster"
	require.NoError(t, moved.Prepare(dir))
	for want, change := range map[string]func(*Plan){
		"its axes are others":                      func(p *Plan) { p.Axes = []studied.Axis{{Name: "interval", Values: []string{"8s"}}} },
		"its base seed is 1 and not 2":             func(p *Plan) { p.Seed = 2 },
		"the files of its cluster is not what was": func(p *Plan) { p.base.Nodes[0].Boot++ },
		"its client, VIP, phase, horizon or end":   func(p *Plan) { p.FailoverOnly = true },
	} {
		other := planOf(t, 1, axis)
		change(other)
		require.ErrorContains(t, other.Prepare(dir), dir+" holds another study: ", want)
		require.ErrorContains(t, other.Prepare(dir), want)
	}
}

// A study's folder that holds a pipe, for which its files would wait, or a device is refused before anything runs.
func TestAStudyWritesToNoDevice(t *testing.T) {
	p := planOf(t, 1)
	for _, name := range []string{csvFile, "index.html", chunkDir + "/pipe"} {
		dir := t.TempDir()
		require.NoError(t, p.Prepare(dir))
		path := filepath.Join(dir, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o777))
		require.NoError(t, os.Symlink(os.DevNull, path))
		require.EqualError(t, p.Prepare(dir), path+": it is a device; expected a regular file")
		require.EqualError(t, p.RunShard(t.Context(), dir, Shard{1, 1}, Options{Workers: 1}), path+": it is a device; expected a regular file")
	}
}

// A study is read back as it was written, its answers with it.
func TestAStudyReadsBack(t *testing.T) {
	p, dir := planOf(t, 3, []string{"interval", "5s", "6s"}), t.TempDir()
	p.FailoverOnly = true
	rows := execute(t, p, dir, 2)
	a, err := p.Answer(context.Background(), rows, studied.DefaultRates, nil, Options{Workers: 2})
	require.NoError(t, err)
	require.NoError(t, p.Write(dir, rows, a))
	s, err := Load(dir)
	require.NoError(t, err)
	want := p.Study(rows, a)
	require.Equal(t, hashOf(t, want.Rows), hashOf(t, s.Rows))
	require.Equal(t, want.Plan, s.Plan)
	require.Equal(t, want.Cells, s.Cells)
	require.Equal(t, want.Answers, s.Answers)
}

// One version number stands in every file, and files of another version are refused with a sentence.
func TestOtherVersionsAreRefused(t *testing.T) {
	p, dir := planOf(t, 1), t.TempDir()
	rows := execute(t, p, dir, 1)
	a, err := p.Answer(context.Background(), rows, studied.DefaultRates, nil, Options{Workers: 1})
	require.NoError(t, err)
	require.NoError(t, p.Write(dir, rows, a))
	for _, name := range []string{planFile, summaryFile} {
		data, err := os.ReadFile(filepath.Join(dir, name))
		require.NoError(t, err)
		require.Contains(t, string(data), "\n  \"version\": 2,\n", name)
	}
	data, err := os.ReadFile(filepath.Join(dir, parquetFile))
	require.NoError(t, err)
	file, err := parquet.OpenFile(bytes.NewReader(data), int64(len(data)))
	require.NoError(t, err)
	version, _ := file.Lookup("ipwsim.version")
	require.Equal(t, "2", version)

	change := func(path, from, to string) {
		data, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Contains(t, string(data), from)
		require.NoError(t, os.WriteFile(path, bytes.Replace(data, []byte(from), []byte(to), 1), 0o644))
	}
	chunk, err := filepath.Glob(filepath.Join(dir, chunkDir, "*"))
	require.NoError(t, err)
	change(chunk[0], `"version":2`, `"version":3`)
	_, err = p.Execute(context.Background(), dir, Options{Workers: 1})
	require.ErrorContains(t, err, ".jsonl:1: found a study of version 3, expected 2: it was written by another version of ipwsim; run it again")
	change(filepath.Join(dir, planFile), "  \"version\": 2,\n", "")
	for _, refused := range []func() error{
		func() error { _, err := Load(dir); return err },
		func() error { _, err := p.Execute(context.Background(), dir, Options{Workers: 1}); return err },
	} {
		require.ErrorContains(t, refused(), "plan.json: found a study of version 1, expected 2")
	}
}
