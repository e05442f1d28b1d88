package text_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"ipwsim/core/diag"
	"ipwsim/core/golden"
	"ipwsim/reports/runtest"
	"ipwsim/reports/term"
	"ipwsim/reports/text"
	"ipwsim/reports/words"
	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

var sec = runtest.Seconds

func report(t require.TestingT, r *finding.Run, opt term.Options) string {
	var b strings.Builder
	require.NoError(t, text.Run(&b, r, opt))
	return b.String()
}

func suite(t require.TestingT, opt term.Options, all ...*finding.Run) string {
	var b strings.Builder
	require.NoError(t, text.Suite(&b, all, opt))
	return b.String()
}

func TestGoldens(t *testing.T) {
	for _, l := range runtest.Langs {
		opt := term.Options{Lang: l}
		pull, failing := runtest.Scenario(t, "cable-pull"), runtest.Failing(t)
		golden.Hold(t, "testdata/cable-pull."+l.Code()+".txt", report(t, pull, opt))
		golden.Hold(t, "testdata/suite."+l.Code()+".txt", suite(t, opt, pull, runtest.Scenario(t, "ad-client"), failing, runtest.Scenario(t, "vip-is-real"), &finding.Run{Scenario: "empty"}))
		if l == words.English {
			golden.Hold(t, "testdata/failing.en.txt", report(t, failing, opt))
		}
	}
}

// A report begins with what the run comes to: all held, or a weakness showed as the scenario expects, or not.
func TestTheOutcomeComesFirst(t *testing.T) {
	for _, c := range []struct {
		run    *finding.Run
		en, ja string
	}{
		{runtest.Scenario(t, "cable-pull"), "PASS  ", "成功  "},
		{runtest.Scenario(t, "vip-is-real"), "PASS  ", "成功  "}, // refused, as it expects
		{runtest.Scenario(t, "ad-client"), "WEAK  ", "弱点  "},
		{runtest.Failing(t), "FAIL  ", "失敗  "},
		{&finding.Run{Scenario: "empty"}, "FAIL  ", "失敗  "},
	} {
		for l, want := range map[words.Lang]string{words.English: c.en, words.Japanese: c.ja} {
			opt := term.Options{Lang: l}
			require.True(t, strings.HasPrefix(report(t, c.run, opt), want+c.run.Scenario+"\n"), c.run.Scenario)
			require.True(t, strings.HasPrefix(suite(t, opt, c.run), want+c.run.Scenario), c.run.Scenario)
		}
	}
}

// What did not hold is said with its reason, and so is a weakness that a scenario is there to show.
func TestReasonsAreGiven(t *testing.T) {
	wide := term.Options{Width: 400}
	out := report(t, runtest.Failing(t), wide)
	require.Regexp(t, `(?m)^ +because\n +- line 7: expect failover 30s\.\.40s; seen: \d+\.\d+ s for client$`, out)
	require.Contains(t, out, "- P8: a node stood ready for client, so 192.168.10.202 should be answered within 40 s (W14)")
	require.Contains(t, out, "run again: ipwsim run failing --seed 1\n")
	require.Contains(t, suite(t, wide, runtest.Failing(t)), "- line 7: expect failover 30s..40s; seen:")

	weak := report(t, runtest.Scenario(t, "ad-client"), wide)
	require.Regexp(t, `(?m)^ +shown on purpose\n +- P8: `, weak)
	require.Contains(t, weak, "  P8  shown  ")
	require.NotContains(t, weak, "because\n")
	require.NotContains(t, report(t, runtest.Scenario(t, "cable-pull"), wide), "shown")
}

// spoilt are the cable pull with one thing changed, each of which must not pass.
var spoilt = map[string]func(*finding.Run){
	"no trace":              func(r *finding.Run) { r.Trace, r.Facts = nil, nil },
	"a trace of nothing":    func(r *finding.Run) { r.Trace.Records = nil },
	"an inconclusive check": func(r *finding.Run) { r.Results[2].Verdict = finding.Inconclusive },
	"a failed check":        func(r *finding.Run) { r.Results[2].Verdict = finding.Fail },
	"a failed expectation":  func(r *finding.Run) { r.Expectations[1].OK = false },
	"nothing judged":        func(r *finding.Run) { r.Results, r.Expectations = nil, nil },
	"an expected weakness":  func(r *finding.Run) { r.Results[2].Verdict, r.Results[2].Expected = finding.Inconclusive, true },
	"nothing that could be": func(r *finding.Run) {
		r.Results[0].Verdict, r.Results[0].Reason = finding.Inconclusive, &finding.Note{Kind: "no-data", Because: &finding.Note{Kind: "missing.use"}}
	},
	"an unfinished case": func(r *finding.Run) {
		r.Results[0].Verdict, r.Results[0].Findings = finding.Inconclusive, []finding.Finding{{Note: finding.Note{Kind: "p1.unfinished"}}}
	},
	"nothing but not judged": func(r *finding.Run) { r.Results, r.Expectations = r.Results[4:5], nil },
}

func TestOnlyTheWholeTwinPasses(t *testing.T) {
	for name, spoil := range spoilt {
		r := runtest.Fresh(t, "cable-pull")
		require.True(t, strings.HasPrefix(report(t, r, term.Options{}), "PASS"))
		spoil(r)
		for _, out := range []string{report(t, r, term.Options{}), suite(t, term.Options{}, r)} {
			require.True(t, strings.HasPrefix(out, "FAIL"), name)
			require.NotContains(t, out, "PASS")
			require.Contains(t, out, "\n      - ", "%s: the reason is given", name)
		}
	}
}

func TestASuiteCounts(t *testing.T) {
	out := suite(t, term.Options{}, runtest.Scenario(t, "cable-pull"), runtest.Scenario(t, "ad-client"), runtest.Failing(t))
	require.Contains(t, out, "3 scenarios: 1 passed, 1 with a weakness, 1 failed\n")
	require.True(t, strings.HasPrefix(suite(t, term.Options{}), "FAIL  no data"), "of nothing")
}

// No line is too wide and nothing harmful comes out, whatever happened to whoever.
func TestAnyRunIsReportedHarmlessly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		opt := term.Options{Lang: rapid.SampledFrom(runtest.Langs).Draw(t, "lang"), Full: rapid.Bool().Draw(t, "full")}
		most := 80
		if rapid.Bool().Draw(t, "other width") {
			opt.Width = rapid.IntRange(40, 130).Draw(t, "width")
			most = opt.Width
		}
		all := rapid.SliceOfN(runtest.Runs(), 0, 2).Draw(t, "runs")
		fits := func(out string) {
			runtest.Harmless(t, out, math.MaxInt)
			var reruns []string
			for _, r := range all {
				reruns = append(reruns, words.Safe(r.Rerun))
			}
			slices.SortFunc(reruns, func(a, b string) int { return len(b) - len(a) }) // one may hold another
			for _, rerun := range reruns {
				out = strings.ReplaceAll(out, rerun, "") // it is not parted
			}
			runtest.Harmless(t, out, most)
		}
		fits(suite(t, opt, all...))
		for _, r := range all {
			out := report(t, r, opt)
			fits(out)
			require.Equal(t, out, report(t, r, opt), "equal runs give equal bytes")
			require.True(t, strings.HasPrefix(out, opt.Lang.Outcome(r.Outcome())))
		}
	})
}

func TestControlCharactersAreShown(t *testing.T) {
	r := runtest.Fresh(t, "cable-pull")
	r.Scenario = "x\x1b[2Jy\nPASS"
	r.Title.En = "bad \xff byte, \u202eturned, tab\t"
	r.Trace.Add(sec(110), "active", trace.Log{Text: "first\r\nsecond \x07\n"})
	r.Trace.Add(sec(110), "\x9bmal", trace.Log{Text: "hello"})
	out := report(t, r, term.Options{})
	require.Contains(t, out, `x\x1b[2Jy\x0aPASS`)
	require.Contains(t, out, `bad \xff byte, \u202eturned, tab\x09`)
	require.Contains(t, out, "] first\n    second \\x07\n")
	require.Contains(t, out, `Watcher's log on \x9bmal`)
	runtest.Harmless(t, out, 80)
}

func TestColourChangesNothingButTheColour(t *testing.T) {
	for _, r := range []*finding.Run{runtest.Scenario(t, "cable-pull"), runtest.Scenario(t, "ad-client"), runtest.Failing(t), {}} {
		bare, coloured := report(t, r, term.Options{}), report(t, r, term.Options{Color: true})
		require.NotContains(t, bare, "\x1b")
		word := map[finding.Outcome]term.Style{finding.Well: term.Good, finding.Weakness: term.Weak, finding.Bad: term.Bad}[r.Outcome()]
		require.True(t, strings.HasPrefix(coloured, string(word)))
		for _, st := range []term.Style{term.Good, term.Weak, term.Bad, term.Head, term.Note, "\x1b[0m"} {
			coloured = strings.ReplaceAll(coloured, string(st), "")
		}
		require.Equal(t, bare, coloured)
	}
}

func TestFullFoldsNothing(t *testing.T) {
	out := report(t, runtest.Scenario(t, "cable-pull"), term.Options{Full: true})
	require.NotContains(t, out, "[...")
	require.Greater(t, strings.Count(out, "Reply from 192.168.10.202: bytes=32"), 60)
	require.Contains(t, report(t, runtest.Scenario(t, "cable-pull"), term.Options{}), "[... ")
}

func TestAPingCutOffByTheEndSaysSo(t *testing.T) {
	r := runtest.Fresh(t, "cable-pull")
	require.IsType(t, trace.PingEnd{}, r.Trace.Records[len(r.Trace.Records)-1].Body)
	require.NotContains(t, report(t, r, term.Options{}), "the run ended while")
	r.Trace.Records = r.Trace.Records[:len(r.Trace.Records)-1]
	out := report(t, r, term.Options{})
	require.Contains(t, out, "[the run ended while ping was still running]")
	require.NotContains(t, out, "Ping statistics")
}

func TestThreePingsAreShown(t *testing.T) {
	tr := &trace.Trace{End: sec(10)}
	for id := range 5 {
		tr.Add(0, "client", trace.PingStart{ID: id, Target: runtest.VIP})
	}
	out := report(t, runtest.Trace(tr), term.Options{})
	require.Equal(t, 3, strings.Count(out, "== Ping from client"))
	require.Contains(t, out, "[... 2 more pings ...]")
	require.Equal(t, 5, strings.Count(report(t, runtest.Trace(tr), term.Options{Full: true}), "== Ping from client"))
}

// H10: an event that started nothing is told at the top; a repetition after the start of Windows is not, nor what
// happened before virtual time 0.
func TestH10ASwallowedEventIsAWarning(t *testing.T) {
	task := func(at float64, trigger string) finding.Task {
		return finding.Task{At: sec(at), Host: "standby", Task: trace.Task{Name: "arpclear.bat", State: trace.TaskSkipped, Trigger: trigger}, Since: sec(150), By: trace.TriggerStartup}
	}
	r := runtest.Fresh(t, "cable-pull")
	r.Facts.Tasks = []finding.Task{task(-20, "event IPWCS 100"), task(155, "event IPWCS 100"), task(176, trace.TriggerStartup)}
	en := report(t, r, term.Options{Width: 250})
	require.Contains(t, en, "warning: standby: arpclear.bat was not run for event IPWCS 100 at 155.000 s: the run begun by "+
		"the start of Windows at 150.000 s was still under way, and Windows starts no second one (H10)\n")
	require.Equal(t, 1, strings.Count(en, "warning: "))
	require.Less(t, strings.Index(en, "warning: "), strings.Index(en, "== "), "above the first section")
	require.Contains(t, report(t, r, term.Options{Lang: words.Japanese, Width: 250}), "警告: standby: ")
}

// Problems of files stand at the top, with their places.
func TestProblemsOfFilesAreShown(t *testing.T) {
	r := runtest.Fresh(t, "cable-pull")
	r.Problems = diag.List{{File: "ipwatch.dat", Line: 2, Severity: diag.Warning, Message: "both nodes have Balance 1"}}
	require.Contains(t, report(t, r, term.Options{}), "\n      warning: ipwatch.dat:2: both nodes have Balance 1\n")
}

// N3: a wrong entry is shown with how long it was wrong; what an announcement sets right at once is not, nor what was
// over before virtual time 0.
func TestN3WrongEntriesAreShown(t *testing.T) {
	r := runtest.Fresh(t, "cable-pull")
	belief := func(from, to float64) finding.Belief {
		return finding.Belief{Host: "core1", VIP: runtest.VIP, MAC: trace.MAC{2}, Whose: "active", To: sec(110), Wrong: []finding.Span{{From: sec(from), To: sec(to), By: []string{"standby"}}}}
	}
	r.Facts.Beliefs = []finding.Belief{belief(-20, -10), belief(54, 54.05)}
	require.NotContains(t, report(t, r, term.Options{}), "ARP entries")
	require.Contains(t, report(t, r, term.Options{Full: true}), "ARP entries")
	r.Facts.Beliefs = append(r.Facts.Beliefs, belief(54, 54.5))
	out := report(t, r, term.Options{Width: 120})
	require.Contains(t, out, "     54.000 s  core1    led to active (02-00-00-00-00-00) for 0.5 s; the holder was standby\n")
	for range 5 {
		r.Facts.Beliefs = append(r.Facts.Beliefs, r.Facts.Beliefs...)
	}
	require.Contains(t, report(t, r, term.Options{}), "[... 22 more lines: --full shows them ...]")
}

// Of many figures the worst are shown: those not over, those outside what is expected, those outside what is promised,
// then the longest.
func TestOfManyFiguresTheWorstAreShown(t *testing.T) {
	r := runtest.Trace(&trace.Trace{End: sec(1000)})
	r.Trace.Add(0, "", trace.Over{})
	for i := range 20 {
		one := runtest.ByHand(sec(float64(40*i)), sec(30+float64(i)/10)).Uses[0]
		one.Outages[0].Promise = finding.Promise{Least: sec(30), Most: sec(40), Guide: true}
		r.Facts.Uses = append(r.Facts.Uses, one)
	}
	r.Facts.Uses[3].Outages[0].Open = true
	r.Facts.Uses[4].Outages[0].Most = sec(30)
	out := report(t, r, term.Options{})
	require.Equal(t, []string{"failover  > 30.3 s", "failover    30.4 s", "failover    31.9 s", "failover    31.8 s", "failover    31.7 s", "failover    31.6 s"}, lined(out, "failover "))
	require.Contains(t, out, "\n      and 14 more, none worse\n")
}

// lined are the lines that begin so, without what comes behind the figure.
func lined(out, begin string) (all []string) {
	for line := range strings.Lines(out) {
		if line = strings.TrimSpace(line); strings.HasPrefix(line, begin) {
			all = append(all, line[:strings.Index(line, " s")+2])
		}
	}
	return all
}

// Outages that are alike are one entry, of many the longest are shown, and a few frames on their way are no part.
func TestOutagesAreGrouped(t *testing.T) {
	r := runtest.Trace(&trace.Trace{End: sec(10000)})
	for i := range 3 {
		u := runtest.ByHand(sec(float64(100*i)), sec(34)).Uses[0]
		u.Outages[0].Parts = append(u.Outages[0].Parts, finding.Part{What: finding.WrongCache, Time: 400 * time.Microsecond})
		r.Facts.Uses = append(r.Facts.Uses, u)
	}
	out := report(t, r, term.Options{})
	require.Contains(t, out, "3 alike, from 0 s, 100 s, 200 s")
	require.NotContains(t, out, words.English.Obstacle(finding.WrongCache))
	for i := range 20 {
		r.Facts.Uses = append(r.Facts.Uses, runtest.ByHand(sec(float64(100*i)), sec(float64(40+i))).Uses[0])
	}
	out = report(t, r, term.Options{})
	require.Contains(t, out, fmt.Sprintf("  %s\n", words.English.Say("more-outages", 9)))
	require.Contains(t, report(t, r, term.Options{Full: true}), "client -> 192.168.10.202  40 s")
}

// A client that has used no VIP is named, and nothing is said of its silence.
func TestAClientThatUsesNothingIsNotJudged(t *testing.T) {
	r := runtest.Trace(&trace.Trace{End: sec(10)})
	r.Facts.Uses = []finding.Use{{Client: "idle", VIP: runtest.VIP, Never: true}}
	out := report(t, r, term.Options{})
	require.Contains(t, out, words.Teller{}.Note(finding.Note{Kind: "unused", Client: "idle", VIP: runtest.VIP}))
	require.NotContains(t, out, words.English.Say("no-silence"), "nobody was there who could have waited")
}
