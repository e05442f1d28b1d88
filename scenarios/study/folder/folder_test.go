package folder

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/reports/page"
	"ipwsim/reports/studypage"
	"ipwsim/reports/words"
	"ipwsim/scenarios"
	"ipwsim/scenarios/study"
	"ipwsim/sim/cluster"
	"ipwsim/sim/studied"
)

// done is a small study that was run and answered.
func done(t *testing.T) (*study.Plan, studied.Rows, *studied.Answers) {
	t.Helper()
	bp, problems := cluster.Load(scenarios.Clusters(), "guide")
	require.NoError(t, problems.Err())
	d := study.NewDraft()
	d.Runs, d.FailoverOnly = 4, true
	d.Add("interval", "5,30")
	p, problems := d.Plan(bp)
	require.NoError(t, problems.Err())
	rows, err := p.Execute(context.Background(), "", study.Options{Workers: 2})
	require.NoError(t, err)
	a, err := p.Answer(context.Background(), rows, studied.DefaultRates, nil, study.Options{Workers: 2})
	require.NoError(t, err)
	return p, rows, a
}

// The files that the page names are beside it, the pages of worst cases too, and what shows one gives the same page.
// The same rows give the same folder.
func TestTheFolderIsWhole(t *testing.T) {
	p, rows, a := done(t)
	opt := Options{Dir: "study", Again: []string{"ipwsim study study/plan.toml -o again"}}
	dirs := [2]string{t.TempDir(), t.TempDir()}
	for _, dir := range dirs {
		require.NoError(t, Write(dir, p, rows, a, opt))
	}
	for _, name := range append([]string{"index.html", "plan.json"}, studypage.Files...) {
		require.FileExists(t, filepath.Join(dirs[0], name))
	}
	index, err := os.ReadFile(filepath.Join(dirs[0], "index.html"))
	require.NoError(t, err)
	require.Contains(t, string(index), `<a href="worst/cell-1.html">its page</a>`)
	require.Contains(t, string(index), "<code>ipwsim study show study --cell 1 --worst</code>")
	require.NoError(t, filepath.WalkDir(dirs[0], func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		one, err := os.ReadFile(path)
		require.NoError(t, err)
		other, err := os.ReadFile(strings.Replace(path, dirs[0], dirs[1], 1))
		require.NoError(t, err)
		require.True(t, bytes.Equal(one, other), path)
		return nil
	}))

	var shown bytes.Buffer
	w, err := p.Cells()[1].FindWorst(p.SeedOf(0))
	require.NoError(t, err)
	require.NoError(t, page.Run(&shown, ShowWorst(p, 1, w, opt), opt.Options))
	linked, err := os.ReadFile(filepath.Join(dirs[0], "worst", "cell-1.html"))
	require.NoError(t, err)
	require.Equal(t, string(linked), shown.String())

	s, err := study.Load(dirs[0])
	require.NoError(t, err)
	require.Equal(t, a, s.Answers)
}

// A run that is shown says which it is, in both languages, and how to see it again.
func TestShownRuns(t *testing.T) {
	p, _, a := done(t)
	opt := Options{Dir: "'my study'"}
	r := Show(p, 0, 1_000_002, opt)
	require.Equal(t, "Cell 0: interval 5s; fares worst: client with 192.168.10.202", r.Title.En)
	require.Equal(t, "セル 0: interval 5s。最も待たされるのは client (192.168.10.202)", r.Title.Ja)
	require.Equal(t, "ipwsim study show 'my study' --cell 0 --seed 1000002", r.Rerun)
	require.True(t, r.Expectations[0].OK)
	w := ShowWorst(p, 1, a.Cells[1].Worst, opt)
	require.Regexp(t, `^Cell 1: interval 30s; its worst case: fault at \d+(\.\d+)? s, netsh takes 1 s; fares worst: client with 192.168.10.202$`, w.Title.En)
	require.Contains(t, w.Title.Ja, "最悪の場合")
	require.Equal(t, "ipwsim study show 'my study' --cell 1 --worst", w.Rerun)
	require.True(t, w.Expectations[0].OK, "it is within W14")
}

// A folder in Japanese.
func TestAJapaneseFolder(t *testing.T) {
	p, rows, a := done(t)
	dir := t.TempDir()
	require.NoError(t, Write(dir, p, rows, a, Options{Options: page.Options{Lang: words.Japanese}, Dir: "study"}))
	for _, name := range []string{"index.html", "summary.txt", "columns.txt", "worst/cell-0.html"} {
		data, err := os.ReadFile(filepath.Join(dir, name))
		require.NoError(t, err)
		require.Contains(t, string(data), "クライアント", name)
	}
}
