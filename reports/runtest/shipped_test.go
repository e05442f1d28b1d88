package runtest_test

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/reports/exchange"
	"ipwsim/reports/page"
	"ipwsim/reports/runtest"
	"ipwsim/reports/term"
	"ipwsim/reports/text"
	"ipwsim/reports/words"
	"ipwsim/scenarios"
	"ipwsim/sim/finding"
	"ipwsim/sim/says"
	"ipwsim/sim/trace"
)

// Every shipped scenario, run once, in every report. What is looked at here shows in runs only; what holds of any run
// each report's own tests say.
func TestShippedScenariosInEveryReport(t *testing.T) {
	published, strict := runtest.Schema(t, exchange.Schema, false), runtest.Schema(t, exchange.Schema, true)
	seen := map[string]bool{}
	var all []*finding.Run
	for _, name := range scenarios.Names() {
		t.Run(name, func(t *testing.T) {
			r := runtest.Framed(t, name)
			require.NotEmpty(t, r.Title.Ja, "no title in Japanese: a line \"# ja:\" below the first")
			whole := map[words.Lang]string{} // each line unbroken, without what is others'
			for _, l := range runtest.Langs {
				short := report(t, r, term.Options{Lang: l})
				runtest.Harmless(t, short, 80)
				require.LessOrEqual(t, strings.Count(short, "\n"), 400, "folded")
				whole[l] = ours(report(t, r, term.Options{Lang: l, Full: true, Width: 1000}), r)
				require.Empty(t, flaws(whole[l], seen))
			}
			require.NotEmpty(t, english(whole[words.English]))
			require.Empty(t, english(whole[words.Japanese]))

			var doc, junit, events bytes.Buffer
			require.NoError(t, exchange.JSON(&doc, []*finding.Run{r}))
			require.NoError(t, published(doc.Bytes()))
			require.NoError(t, strict(doc.Bytes()))
			require.NoError(t, exchange.JUnit(&junit, []*finding.Run{r}))
			require.NoError(t, xml.Unmarshal(junit.Bytes(), new(any)))
			require.NoError(t, exchange.Perfetto(&events, []*finding.Run{r}))

			r.Title.Ja, r.Captures = "題名", "captures"
			ja := pageIn(t, words.Japanese, r)
			require.Empty(t, unquoted(t, ja, r))
			require.Less(t, len(ja), 250_000, "it can be sent by mail; a Japanese page is the larger one")
			all = append(all, r)
		})
	}
	var suite strings.Builder
	require.NoError(t, page.Suite(&suite, all, func(*finding.Run) string { return "x.html" }, page.Options{Lang: words.Japanese}))
	require.Empty(t, unquoted(t, suite.String(), all...))
}

func report(t *testing.T, r *finding.Run, opt term.Options) string {
	var b strings.Builder
	require.NoError(t, text.Run(&b, r, opt))
	return b.String()
}

// theirs are the texts in a report that are others' and stand there as they were said: what the machines printed, the
// scenario's own lines, file names and the command line, and what the problems of files say, which is English
// everywhere.
func theirs(r *finding.Run) []string {
	all := []string{r.Scenario, r.File, r.Rerun}
	for _, p := range r.Problems {
		all = append(all, p.Message)
	}
	for _, e := range r.Expectations {
		all = append(all, e.Text)
	}
	if r.Trace == nil {
		return all
	}
	all = append(all, r.Trace.Header.Cluster)
	for _, x := range r.Trace.Records {
		switch b := x.Body.(type) {
		case trace.Log:
			all = append(all, words.SafeLines(b.Text)...) // of the watcher
		case trace.Command:
			all = append(all, b.Line)
		case trace.Console:
			all = append(all, strings.TrimRight(words.Safe(b.Text+b.Typed), " "))
		case trace.Event:
			all = append(all, b.Source, b.Text)
		case trace.Pipe:
			all = append(all, b.Error) // Windows' own words
		case trace.Fault:
			all = append(all, b.Line(), b.Setting)
		case trace.Rule:
			all = append(all, b.Text)
		case trace.PingStart:
			if b.Linux {
				all = append(all, "bytes of data", "no answer yet for icmp", says.LinuxPing{}.Failed())
			}
		}
	}
	return all
}

// ours is a report without what is others': a mark stands for each of theirs.
func ours(out string, r *finding.Run) string {
	all := slices.DeleteFunc(theirs(r), func(s string) bool { return s == "" })
	slices.SortStableFunc(all, func(a, b string) int { return cmp.Compare(len(b), len(a)) }) // the longest first
	var pairs []string
	for _, s := range slices.Compact(all) {
		pairs = append(pairs, s, "‡")
	}
	return strings.NewReplacer(pairs...).Replace(out)
}

var threeWords = regexp.MustCompile(`[A-Za-z][A-Za-z'-]*([ ,;:]{1,2}[A-Za-z][A-Za-z'-]*){2,}`)

// english are the pieces of a Japanese report that read like English: three words or more in a row.
func english(ja string) []string { return threeWords.FindAllString(ja, -1) }

// flaw is what a sentence has where something in it was left out.
var flaw = regexp.MustCompile(`\{[a-z-]+\}|%![a-z(]|(?:^|[^ ]) [;,。、]|\( | \)|\(\)|[;,] [;,]|。。|、、`)

// flaws are the lines with one, but for those that have been seen: reports have most of their lines in common.
func flaws(out string, seen map[string]bool) (all []string) {
	for line := range strings.Lines(out) {
		if !seen[line] && flaw.MatchString(line) {
			all = append(all, line)
		}
		seen[line] = true
	}
	return all
}

func TestTheLooksAtTextsSee(t *testing.T) {
	require.Equal(t, []string{"the VIP is"}, english("active が the VIP is 192.168.10.202"))
	require.Empty(t, english("client -> 192.168.10.202、ping.exe IPWCS 100"))
	for _, bad := range []string{"P1 (; ) of", "the {client} is", "in 30 s ; nobody", "応答 。", "%!d(string=x)", "active () is"} {
		require.NotEmpty(t, flaws(bad, map[string]bool{}), bad)
	}
	require.Empty(t, flaws("P1: active (link down; cable (20 s)) is, for 30-40 s (P1, W14); then.", map[string]bool{}))
	r := &finding.Run{Scenario: "pull", Expectations: []finding.Expectation{{Text: "expect failover 30s..40s"}}}
	require.Equal(t, "失敗  ‡\n 7 行目: ‡", ours("失敗  pull\n 7 行目: expect failover 30s..40s", r))
}
