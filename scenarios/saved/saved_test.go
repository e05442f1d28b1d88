package saved

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"maps"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"ipwsim/core/disk"
	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

func example() *Run {
	t := &trace.Trace{End: time.Minute, Header: trace.Header{
		Version: trace.Version, Scenario: "case", Seed: 1<<64 - 1, Epoch: time.Date(2025, 2, 7, 16, 19, 27, 0, time.UTC),
		Nodes: []trace.Node{}, Clients: []trace.Client{}, Cables: []trace.Cable{},
		VIPs: []trace.VIP{{Address: netip.MustParseAddr("192.168.10.202")}},
	}}
	t.Add(time.Second, "", trace.Fault{ID: 1, Verb: "unplug", Target: "active", Breaks: true})
	return &Run{
		File: "a b/case.txtar", Arg: "a b/case.txtar", Cluster: "ours", Order: 3,
		Scenario: []byte("# Title\r\n"), Files: map[string][]byte{"cluster.toml": []byte("x"), "active/ipwatch.dat": {}},
		Played: finding.Played{Seed: 1<<64 - 1, Hash: "ab", Hits: []uint64{0, 7}, Trace: t},
	}
}

func saved(t *testing.T, r *Run) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "new", "run")
	require.NoError(t, r.Write(dir))
	return dir
}

func TestARunSurvivesTheDisk(t *testing.T) {
	refused := example()
	refused.Played.Trace, refused.Played.Hits = nil, nil
	for _, want := range []*Run{example(), refused} {
		got, err := Read(saved(t, want))
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
}

// A trace that the list of checksums does not name is none.
func TestATraceThatNoChecksumVouchesForIsNotRead(t *testing.T) {
	dir := saved(t, example())
	path := filepath.Join(dir, disk.SumsFile)
	list, err := os.ReadFile(path)
	require.NoError(t, err)
	lines := slices.DeleteFunc(strings.SplitAfter(string(list), "\n"), func(l string) bool { return strings.Contains(l, traceFile) })
	require.NoError(t, os.WriteFile(path, []byte(strings.Join(lines, "")), 0o644))
	_, err = Read(dir)
	require.ErrorContains(t, err, "cut off")
}

// A run is saved whole or not at all.
func TestNoHalfRuns(t *testing.T) {
	r := example()
	r.Files["standby/"+strings.Repeat("x", 300)] = nil // no file system has such names
	parent := t.TempDir()
	for _, dir := range []string{parent, filepath.Join(parent, "new")} {
		require.ErrorContains(t, r.Write(dir), "xxx")
		left, err := os.ReadDir(parent)
		require.NoError(t, err)
		require.Empty(t, left)
	}
}

func TestEqualRunsGiveEqualFiles(t *testing.T) {
	a, err := disk.ReadSummed(saved(t, example()), func(string) bool { return true })
	require.NoError(t, err)
	b, err := disk.ReadSummed(saved(t, example()), func(string) bool { return true })
	require.NoError(t, err)
	require.NotEmpty(t, a[traceFile])
	require.Equal(t, a, b)
}

func TestOneRunOrAFolderOfThem(t *testing.T) {
	dir := t.TempDir()
	for order, name := range []string{"second", "first"} {
		r := example()
		r.Order, r.Arg = -order, name
		require.NoError(t, r.Write(filepath.Join(dir, name)))
	}
	all, err := ReadAll(dir)
	require.NoError(t, err)
	require.Equal(t, []string{"first", "second"}, []string{all[0].Arg, all[1].Arg})
	one, err := ReadAll(filepath.Join(dir, "first"))
	require.NoError(t, err)
	require.Len(t, one, 1)

	_, err = ReadAll(t.TempDir())
	require.ErrorContains(t, err, "found no SHA256SUMS, expected a folder that `ipwsim run --save` wrote")
	_, err = ReadAll(filepath.Join(dir, "no"))
	require.Error(t, err)
	study := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(study, "rows.parquet"), nil, 0o644))
	_, err = ReadAll(study)
	require.ErrorContains(t, err, "found the folder of a study, whose page is its index.html; expected one that `ipwsim run --save` wrote")
}

func TestOnlyAnEmptyFolderIsWrittenTo(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "mine.txt"), nil, 0o644))
	require.ErrorContains(t, example().Write(dir), "found mine.txt in "+dir+", expected a folder that is new or empty")
}

// Every file that is changed, cut off or taken away is told of, in one line that names it.
func TestSpoiltFilesAreToldOf(t *testing.T) {
	for _, name := range []string{"meta.json", "trace.jsonl", "scenario.txtar", "cluster/cluster.toml"} {
		for what, spoil := range map[string]func(string) error{
			"was changed or cut off": func(path string) error { return os.Truncate(path, 0) },
			"it does not exist":      os.Remove,
		} {
			dir := saved(t, example())
			path := filepath.Join(dir, filepath.FromSlash(name))
			require.NoError(t, spoil(path))
			_, err := Read(dir)
			require.ErrorContains(t, err, what)
			require.ErrorContains(t, err, path)
			require.NotContains(t, err.Error(), "\n")
		}
	}
	dir := saved(t, example())
	require.NoError(t, os.WriteFile(filepath.Join(dir, disk.SumsFile), []byte("nonsense\n"), 0o644))
	_, err := Read(dir)
	require.ErrorContains(t, err, disk.SumsFile+`:1: found "nonsense", expected a SHA-256, two blanks and a file's path, sorted by path`)
	require.NoError(t, os.WriteFile(filepath.Join(dir, disk.SumsFile), []byte("00  ../../etc/passwd\n"), 0o644))
	_, err = Read(dir)
	require.ErrorContains(t, err, disk.SumsFile+`:1: found "00  ../../etc/passwd"`)
}

// Each byte of a saved run's files that was changed, or cut off, is noticed.
func TestEachDamageOfASavedRunIsNoticed(t *testing.T) {
	dir := saved(t, example())
	files, _, err := readFiles(dir)
	require.NoError(t, err)
	names := append(slices.Sorted(maps.Keys(files)), disk.SumsFile, traceFile)
	rapid.Check(t, func(t *rapid.T) {
		path := filepath.Join(dir, filepath.FromSlash(rapid.SampledFrom(names).Draw(t, "file")))
		whole, err := os.ReadFile(path)
		require.NoError(t, err)
		at := rapid.IntRange(0, len(whole)).Draw(t, "at")
		damaged := append(bytes.Clone(whole[:at]), rapid.Byte().Draw(t, "byte"))
		if at < len(whole) && damaged[at] != whole[at] {
			damaged = append(damaged, whole[at+1:]...)
		} else if at < len(whole) {
			damaged = damaged[:at]
		}
		require.NoError(t, os.WriteFile(path, damaged, 0o644))
		defer func() { require.NoError(t, os.WriteFile(path, whole, 0o644)) }()
		_, err = Read(dir)
		require.ErrorContains(t, err, dir)
		require.NotContains(t, err.Error(), "\n")
	})
}

// What is whole but not of this format is told of as well.
func TestOtherFormatsAreToldOf(t *testing.T) {
	for want, change := range map[string][3]string{
		"meta.json: found a run saved in version 0 of the format, and this ipwsim reads version 2: run the scenario again": {"meta.json", `"version": 2`, `"version": 0`},
		`meta.json: found kind "x", expected "saved run"`:                                                                  {"meta.json", "saved run", "x"},
		"meta.json: expected what `ipwsim run --save` wrote":                                                               {"meta.json", "{", "["},
		`trace.jsonl: record 2: unknown kind "earthquake"`:                                                                 {"trace.jsonl", `"kind":"fault"`, `"kind":"earthquake"`},
		"trace.jsonl: record 3: the trace has no end record":                                                               {"trace.jsonl", `{"t":60000000000,"kind":"end","body":{}}` + "\n", ""},
	} {
		dir := saved(t, example())
		path := filepath.Join(dir, change[0])
		data, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Contains(t, string(data), change[1])
		data = []byte(strings.Replace(string(data), change[1], change[2], 1))
		require.NoError(t, os.WriteFile(path, data, 0o644))
		resum(t, dir, change[0], data)
		_, err = Read(dir)
		require.ErrorContains(t, err, want)
		require.NotContains(t, err.Error(), "\n")
	}
}

// resum makes the list agree with a changed file.
func resum(t *testing.T, dir, name string, data []byte) {
	path := filepath.Join(dir, disk.SumsFile)
	list, err := os.ReadFile(path)
	require.NoError(t, err)
	var lines []string
	for line := range strings.Lines(string(list)) {
		if strings.HasSuffix(line, "  "+name+"\n") {
			line = fmt.Sprintf("%x  %s\n", sha256.Sum256(data), name)
		}
		lines = append(lines, line)
	}
	require.NoError(t, os.WriteFile(path, []byte(strings.Join(lines, "")), 0o644))
}
