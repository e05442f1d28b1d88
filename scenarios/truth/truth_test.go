// Package truth_test holds reports against what users felt: each test is a kind of story that is easily told wrong.
package truth_test

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/reports/runtest"
	"ipwsim/reports/term"
	"ipwsim/reports/text"
	"ipwsim/reports/words"
	"ipwsim/scenarios"
	"ipwsim/scenarios/script"
	"ipwsim/sim/finding"
)

var sec = runtest.Seconds

// folder finds a cluster of testdata, or else a shipped one.
func folder(name string) (fs.FS, error) {
	own := filepath.Join("testdata", name)
	if _, err := os.Stat(own); err == nil {
		return os.DirFS(own), nil
	}
	return fs.Sub(scenarios.Clusters(), name)
}

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", path))
	require.NoError(t, err)
	return string(data)
}

// turned is the bureau's file with its clients in the opposite order.
func turned(t *testing.T) string {
	t.Helper()
	const client = "[[client]]\n"
	parts := strings.Split(strings.TrimSpace(read(t, "bureau/cluster.toml"))+"\n\n", client)
	slices.Reverse(parts[1:])
	return strings.Join(parts, client)
}

// play runs a scenario of testdata, with changes of its text: what is there, and what instead.
func play(t *testing.T, name string, changes ...string) *finding.Run {
	t.Helper()
	story := read(t, name+".txtar")
	for i := 0; i < len(changes); i += 2 {
		require.Contains(t, story, changes[i])
		story = strings.ReplaceAll(story, changes[i], changes[i+1])
	}
	s, problems := script.Parse(name+".txtar", []byte(story))
	require.NoError(t, problems.Err())
	r, err := script.Run(context.Background(), s, script.Options{Cluster: folder})
	require.NoError(t, err)
	requireJapanese(t, r)
	return r
}

// told is the text report, a paragraph a line.
func told(t *testing.T, r *finding.Run, lang words.Lang) string {
	t.Helper()
	var b strings.Builder
	require.NoError(t, text.Run(&b, r, term.Options{Lang: lang, Width: 2000}))
	return b.String()
}

// requireTold wants the sentences in the report: pairs of English and Japanese.
func requireTold(t *testing.T, r *finding.Run, pairs ...string) {
	t.Helper()
	for i, sentence := range pairs {
		require.Contains(t, told(t, r, runtest.Langs[i%2]), sentence)
	}
}

// requireHead wants the sentences in what the report begins with, and so before its timeline.
func requireHead(t *testing.T, r *finding.Run, pairs ...string) {
	t.Helper()
	for i, sentence := range pairs {
		head, _, _ := strings.Cut(told(t, r, runtest.Langs[i%2]), "\n== ")
		require.Contains(t, head, sentence)
	}
}

var (
	english = regexp.MustCompile(`[a-z]{2,} [a-z]{2,} [a-z]{2,}`)
	spoken  = regexp.MustCompile(`(?s)\A.*?\n== [^\n]*ping[^\n]*|\A.*?\n== [^\n]*IPWatcher|\n== 検査.*\z`) // all but transcripts and logs
	quoted  = regexp.MustCompile(`(?m)^ *再実行: .*$|^.* イベント .*$|expect [a-z ]+|^  [a-zA-Z]  +[0-9.]+ 秒  .*$`)
)

// requireJapanese wants the Japanese report to be so, less what it quotes of the scenario, of ping and of logs.
func requireJapanese(t *testing.T, r *finding.Run) {
	t.Helper()
	for _, part := range spoken.FindAllString(told(t, r, words.Japanese), -1) {
		require.NotRegexp(t, english, quoted.ReplaceAllString(part, ""))
	}
}

// outage is the client's first of the VIP from the time on.
func outage(t *testing.T, r *finding.Run, client, vip string, from float64) *finding.Outage {
	t.Helper()
	for _, o := range r.Facts.Outages() {
		if o.Client == client && o.VIP.String() == vip && o.From >= sec(from) {
			return o
		}
	}
	require.Fail(t, "no outage", "%s %s", client, vip)
	return nil
}

func result(t *testing.T, r *finding.Run, id string) *finding.Result {
	t.Helper()
	for i := range r.Results {
		if r.Results[i].ID == id {
			return &r.Results[i]
		}
	}
	require.Fail(t, "no check", id)
	return nil
}

const vip = "172.16.4.20"
