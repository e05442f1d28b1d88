package studytext_test

import (
	"bytes"
	"context"
	"io"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/core/golden"
	"ipwsim/reports/studytext"
	"ipwsim/reports/term"
	"ipwsim/reports/words"
	"ipwsim/scenarios"
	"ipwsim/scenarios/study"
	"ipwsim/sim/cluster"
	"ipwsim/sim/studied"
)

// planned is a draft on a shipped cluster.
func planned(t *testing.T, d *study.Draft, name string) *study.Plan {
	t.Helper()
	bp, problems := cluster.Load(scenarios.Clusters(), name)
	require.NoError(t, problems.Err())
	p, problems := d.Plan(bp)
	require.NoError(t, problems.Err())
	return p
}

// done is the plan with what came of it.
func done(t *testing.T, p *study.Plan, r studied.Rates, promise string) *studied.Study {
	t.Helper()
	rows, err := p.Execute(context.Background(), "", study.Options{Workers: 2})
	require.NoError(t, err)
	var w study.Want
	if promise != "" {
		w, _ = study.ParseWant(promise)
	}
	a, err := p.Answer(context.Background(), rows, r, w, study.Options{Workers: 2})
	require.NoError(t, err)
	return p.Study(rows, a)
}

// written is a text, whose lines fit a terminal.
func written(t *testing.T, write func(io.Writer) error) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, write(&b))
	for line := range strings.SplitSeq(b.String(), "\n") {
		require.LessOrEqual(t, term.Columns(line), 80, line)
	}
	require.NotContains(t, b.String(), "study.", "every text is there")
	require.NotContains(t, b.String(), "%!")
	return b.String()
}

func report(t *testing.T, s *studied.Study, l words.Lang, brief bool) string {
	return written(t, func(w io.Writer) error { return studytext.Report(w, s, term.Options{Lang: l}, brief) })
}

// sentence is three words of English in a row.
var sentence = regexp.MustCompile(`[A-Za-z]*[a-z]{2,}[,;:]?(?: (?:[a-z][a-z'’-]*|I|VIP)[,;:]?){2,}`)

// japanese has no English sentence but commands.
func japanese(t *testing.T, text string) {
	t.Helper()
	for line := range strings.SplitSeq(text, "\n") {
		if !strings.HasPrefix(line, "  duckdb") && !strings.HasPrefix(line, "  python3") {
			require.NotRegexp(t, sentence, line)
		}
	}
}

// A study of two conditions with a promise, in both languages.
func TestReport(t *testing.T) {
	d := study.NewDraft()
	d.Runs = 60
	d.Add("interval", "5,12,15")
	d.Add("fault", "unplug,power")
	r := studied.DefaultRates
	r.Freezes, r.Repair = 12, time.Minute
	s := done(t, planned(t, d, "guide"), r, "median failover < 20s, false < 1/year")
	golden.Hold(t, "testdata/report.en.txt", report(t, s, words.English, true))
	ja := report(t, s, words.Japanese, true)
	golden.Hold(t, "testdata/report.ja.txt", ja)
	japanese(t, strings.ReplaceAll(ja, "interval fault", ""))
}

// The table of the field.
func TestTheFieldsTable(t *testing.T) {
	data, err := scenarios.ReadStudy("field-segment")
	require.NoError(t, err)
	d, problems := study.ParseFile("field-segment.toml", data)
	require.NoError(t, problems.Err())
	s := done(t, planned(t, d, d.Cluster), studied.DefaultRates, "")
	golden.Hold(t, "testdata/field.en.txt", report(t, s, words.English, true))
	ja := report(t, s, words.Japanese, true)
	require.Contains(t, ja, "切替  未取得  検査")
	japanese(t, regexp.MustCompile(`(?m)^profile .*, cure .*$`).ReplaceAllString(ja, ""))
}

// compared is a pair of cells.
func compared() *studied.Comparison {
	v := func(x float64) *float64 { return &x }
	return &studied.Comparison{
		A:        studied.Party{Name: "study: interval 10s", Show: "study --cell 1", For: []studied.Who{{Client: "ad-pc", VIP: "192.168.10.202", Runs: 38}, {Client: "pc", VIP: "192.168.10.202", Runs: 2}}},
		B:        studied.Party{Name: "study: interval 20s", Show: "study --cell 3", Client: "ad-pc", For: []studied.Who{{Client: "ad-pc", VIP: "192.168.10.202", Runs: 40}}},
		Changed:  []studied.Change{{Setting: "client", B: "ad-pc"}, {Setting: "interval", A: "10s", B: "20s"}, {Setting: "values", A: "10s", B: "20s"}},
		Failover: studied.Paired{Pairs: 40, Longer: 40, Significance: 2e-12, Median: v(9.71), Low: v(9.35), High: v(10.3), Mean: v(9.93), MeanLow: v(9.54), MeanHigh: v(10.34)},
		Failback: studied.Paired{Pairs: 38, Unknown: 2, Shorter: 1, Significance: 1, Median: v(-0.001), Low: v(0)},
		Most:     []studied.SeedPair{{Seed: 1000034, A: studied.Time{Seconds: 13.4}, B: studied.Time{Seconds: 25.7, AtLeast: true}}},
	}
}

func TestCompare(t *testing.T) {
	text := func(l words.Lang, all ...*studied.Comparison) string {
		return written(t, func(w io.Writer) error { return studytext.Compare(w, all, term.Options{Lang: l}) })
	}
	golden.Hold(t, "testdata/compare.en.txt", text(words.English, compared()))
	ja := text(words.Japanese, compared(), compared())
	golden.Hold(t, "testdata/compare.ja.txt", ja)
	japanese(t, regexp.MustCompile(`(?m)^.*ipwsim study show.*$`).ReplaceAllString(ja, ""))
	c := compared()
	for want, p := range map[string]studied.Paired{
		"Failover is the same for every seed.":        {Pairs: 9, Significance: 1},
		"Failover: no significant difference.":        {Pairs: 9, Longer: 5, Shorter: 4, Significance: 1},
		"Failover is significantly shorter in B.":     {Pairs: 9, Shorter: 9, Significance: 0.004},
		"2 pairs say nothing: runs without an answer": {Pairs: 9, Longer: 9, Significance: 0.004},
	} {
		c.Failover = p
		require.Contains(t, text(words.English, c), want)
	}
	c.Failover, c.Failback = studied.Paired{Pairs: 9, Shorter: 9, Significance: 0.004}, studied.Paired{Pairs: 9, Shorter: 9, Significance: 0.004}
	require.NotContains(t, text(words.English, c), "neither is the better one")
	c.Failover = studied.Paired{Pairs: 9, Longer: 9, Significance: 0.004}
	require.Contains(t, text(words.English, c), "Failover is significantly longer in B.\nFailback is significantly shorter in B.\nSo neither is the better one of both")
	c.Failback = studied.Paired{}
	require.Contains(t, text(words.English, c), "Failback: no pair says anything.")
}

// made is a study of so many cells without a run.
func made(cells int) *studied.Study {
	s := &studied.Study{Plan: studied.Plan{Runs: 4, Axes: []studied.Axis{{Name: "interval"}}}, Answers: &studied.Answers{Promise: [2]float64{30, 40}, Frontiers: []studied.Frontier{{Cells: []int{0}}}}}
	for i := range cells {
		s.Answers.Cells = append(s.Answers.Cells, studied.Answer{Cell: i, Values: []string{"5s"}})
	}
	return s
}

// A study of more cells than a terminal has lines is printed in brief; the file has all.
func TestManyCellsInBrief(t *testing.T) {
	s := made(42)
	require.Contains(t, report(t, s, words.English, true), "The figures of each of the 42 cells are in summary.txt and summary.json.\n")
	require.NotContains(t, report(t, s, words.English, true), "Failback, s")
	require.Equal(t, 5*42+1, strings.Count(report(t, s, words.English, false), "5s "), "overview, made of, failover, failback, a year")
}

func TestRunsWithoutAFailoverAreTold(t *testing.T) {
	s := made(2)
	s.Answers.Cells[0].Runs, s.Answers.Cells[0].Failover.Runs = 10, 10
	require.NotContains(t, report(t, s, words.English, true), "have no failover")
	s.Answers.Cells[1].Runs, s.Answers.Cells[1].Failover.Runs = 10, 7
	require.Contains(t, report(t, s, words.English, true), "3 runs of 1 cells have no failover")
}

// Names from outside do not reach the terminal as they are, and wide ones keep the lines.
func TestHostileNames(t *testing.T) {
	s := made(2)
	s.Axes[0].Name = "\x1b[2J"
	s.Answers.Cells[0].Values[0] = "\x1b[31mred\u202e"
	s.Answers.Cells[1].Values[0] = strings.Repeat("幅", 60)
	s.Answers.Cells[0].Failover.For = []studied.Who{{Client: "\x1b]0;x\a", VIP: "1", Runs: 1}}
	for _, l := range []words.Lang{words.English, words.Japanese} {
		text := report(t, s, l, false)
		require.NotContains(t, text, "\x1b")
		require.NotContains(t, text, "\u202e")
	}
}

// Every column is described, in both languages.
func TestColumnsAreDescribed(t *testing.T) {
	for _, l := range []words.Lang{words.English, words.Japanese} {
		text := written(t, func(w io.Writer) error { return studytext.Columns(w, term.Options{Lang: l}) })
		for _, c := range studied.Columns() {
			require.Contains(t, text, "\n"+c.Name+" ")
		}
		if l == words.Japanese {
			japanese(t, text)
		}
	}
}

// Whose waits are told: of whom was asked for, else of who fared worst.
func TestWhose(t *testing.T) {
	all := []studied.Who{{Client: "ad-pc", VIP: "10.0.0.1", Runs: 997}, {Client: "a", VIP: "10.0.0.1", Runs: 1}, {Client: "b", VIP: "10.0.0.1", Runs: 1}, {Client: "c", VIP: "10.0.0.1", Runs: 1}}
	for want, got := range map[string]string{
		"For the client that fares worst: ad-pc in 1000 of 1000 runs (10.0.0.1).":                                                                   words.English.Whose("", "", []studied.Who{{Client: "ad-pc", VIP: "10.0.0.1", Runs: 1000}}),
		"For the client that fares worst: ad-pc in 997 of 1000 runs (10.0.0.1), a in 1 of 1000 runs (10.0.0.1), b in 1 of 1000 runs (10.0.0.1), ….": words.English.Whose("", "", all),
		"For the client ad-pc: ad-pc in 997 of 997 runs (10.0.0.1).":                                                                                words.English.Whose("ad-pc", "", all[:1]),
		"For the VIP 10.0.0.1 and the client that fares worst: ad-pc in 997 of 997 runs (10.0.0.1).":                                                words.English.Whose("", "10.0.0.1", all[:1]),
		"For the client ad-pc and the VIP 10.0.0.1.":                                                                                                words.English.Whose("ad-pc", "10.0.0.1", all),
		"最も待たされるクライアント: ad-pc (10.0.0.1) 997 回中 997 回。":                                                                                             words.Japanese.Whose("", "", all[:1]),
		"": words.English.Whose("", "", nil),
	} {
		require.Equal(t, want, got)
	}
}

func TestFigures(t *testing.T) {
	at := func(s float64) *studied.Time { return &studied.Time{Seconds: s} }
	share, interval := words.Share(studied.Share{Runs: 9, Part: 0.9999, Low: 0.99, High: 1})
	for want, got := range map[string]string{
		"<1e-9": words.Rate(1e-12), "0": words.Rate(0), "0.096": words.Rate(0.0957), "122184": words.Rate(122184.2), "1.2e6": words.Rate(1234567),
		"9.9": words.Rate(9.94), "99.9%": share, "99.0-100.0%": interval,
		"3.0 s less": words.English.More("%.1f", -3), "3.0 s more": words.English.More("%.1f", 3),
		"1.0-": words.Interval(studied.Quantile{Low: at(1)}), "-2.0": words.Interval(studied.Quantile{High: at(2)}), "": words.Interval(studied.Quantile{}),
		"-": words.StudyTime(nil), ">7.0": words.StudyTime(&studied.Time{Seconds: 7, AtLeast: true}),
		"1 h 30 min 0.5 s": words.English.Span(90*time.Minute + time.Second/2), "0 s": words.English.Span(0), "1 時間": words.Japanese.Span(time.Hour),
	} {
		require.Equal(t, want, got)
	}
}
