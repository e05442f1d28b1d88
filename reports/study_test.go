package reports

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// smallStudy has two settings under two conditions; the second setting is today's.
func smallStudy() Study {
	s := Study{Axes: []StudyAxis{{"interval", []string{"5s", "30s"}, true}, {"loss", []string{"0%", "1%"}, false}},
		Band: [2]float64{30, 40}, Confidence: 0.95, Assumed: "4 faults a year", Method: "counted", Today: "Interval 30s",
		FirstSeed: 1_000_000, Key: "abc", Commands: []string{"ipwsim study plan.toml -o again"}, Files: []StudyFile{{"rows.csv", "rows"}}}
	for i := range 4 {
		wait := []float64{9, 35}[i/2]
		c := StudyCell{Values: []string{s.Axes[0].Values[i/2], s.Axes[1].Values[i%2]}, Runs: 4, Today: i >= 2}
		for k := range 4 {
			c.Failover.Sample = append(c.Failover.Sample, StudyTime{Seconds: wait + float64(k)})
		}
		at := func(v float64) *StudyTime { return &StudyTime{Seconds: v} }
		c.Failover.Median = StudyQuantile{at(wait + 1), at(wait), at(wait + 3)}
		c.Failover.P99 = StudyQuantile{at(wait + 3), at(wait + 2), nil}
		c.Failover.Worst = at(wait + 3)
		c.Outage = StudyOutage{Faults: 4 * wait, Release: 600 - 400*float64(i/2)}
		c.False = StudyFalse{Loss: []float64{0, 2.9, 0, 9e-8}[i]}
		c.Worst = StudyWorst{Failover: at(wait + 3), Bound: wait + 3, Command: fmt.Sprintf("show --cell %d", i)}
		s.Cells = append(s.Cells, c)
	}
	s.Frontiers = []StudyFrontier{{"loss 0%", []int{0, 2}, []int{2}}, {"loss 1%", []int{1, 3}, []int{3}}}
	return s
}

func studyText(t require.TestingT, s Study) string {
	var b strings.Builder
	require.NoError(t, StudyHTML(&b, s))
	return b.String()
}

func TestTheAnswerComesFirst(t *testing.T) {
	s := smallStudy()
	page := studyText(t, s)
	require.Less(t, strings.Index(page, `id="answer"`), strings.Index(page, `class="heat"`))
	require.Contains(t, page, `>Interval 30s</a><span class="rest">Clients wait 36.0 s (median; 99 %: 38.0 s); outage: 340 s a year; false take-overs: never`)
	require.Contains(t, page, "Fastest with less than one false take-over a year, with loss 1%</dt><dd><a href=\"#cell-3\">interval 30s</a>", "interval 5s has 2.9 of them")

	require.Contains(t, page, "<dt>Mind, with loss 0%</dt>", "nothing is lost there")
	require.NotContains(t, page, "<dt>Mind, with loss 1%</dt>")

	s.Want = &StudyWant{Clauses: []StudyClause{{"false < 1/year", 1, 0}}, Settings: 2, Setting: "interval 30s", Cells: []int{2, 3},
		Confirmed: "kept", Verdict: "broken", Fresh: s.Cells[2:], Today: s.Cells[2:]}
	page = studyText(t, s)
	require.Contains(t, page, `<dt>Fastest setting that keeps this</dt><dd><a href="#cell-2">interval 30s</a>`)
	require.Contains(t, page, "it breaks the promise")
	s.Want.Setting, s.Want.Cells, s.Want.Fresh = "", nil, nil
	require.Contains(t, studyText(t, s), "No setting of the 2 is sure to keep this.")
}

func TestAPageOfAStudyHasEveryCell(t *testing.T) {
	page := studyText(t, smallStudy())
	for i := range 4 {
		require.Equal(t, 1, strings.Count(page, fmt.Sprintf(`<tr id="cell-%d">`, i)))
		require.Equal(t, 1, strings.Count(page, fmt.Sprintf(`<figure id="curve-%d">`, i)))
		require.Contains(t, page, fmt.Sprintf("<code>show --cell %d</code>", i))
	}
	require.Equal(t, 6, strings.Count(page, ` today"><a`), "three maps, two conditions")
	require.Equal(t, page, studyText(t, smallStudy()))
	require.NotContains(t, page, "NaN")
	require.Less(t, len(page), 100_000)
}

func TestStudiesOfNothing(t *testing.T) {
	page := studyText(t, Study{Confidence: 0.95, Cells: []StudyCell{{}}, Frontiers: []StudyFrontier{{All: []int{0}}}})
	require.Contains(t, page, "the cluster as it is")
	require.NotContains(t, page, "NaN")
	require.NotContains(t, page, "Inf")
}

// A curve that ends at 1 has the interval of Dvoretzky, Kiefer and Wolfowitz around it, and never leaves the drawing.
func TestDistributions(t *testing.T) {
	v := newStudyView(&Study{Confidence: 0.95})
	x := scale{high: 10, from: curveLeft, to: curveRight}
	steps, margin := v.distribution([]StudyTime{{4, false}, {2, false}, {9, true}, {4, false}}, x)
	require.Equal(t, []step{{math.Round(2*x.at(2)) / 2, 0.25}, {math.Round(2*x.at(4)) / 2, 0.75}}, steps, "one has no answer")
	require.InDelta(t, math.Sqrt(math.Log(40)/8), margin, 1e-12)
}

// Labels that found room cover neither each other nor a point.
func TestLabelsDoNotMeet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := newLabels(0, 0, 300, 200)
		n := rapid.IntRange(1, 30).Draw(t, "points")
		at := make([][2]float64, n)
		for i := range at {
			at[i] = [2]float64{rapid.Float64Range(10, 290).Draw(t, "x"), rapid.Float64Range(10, 190).Draw(t, "y")}
			l.block(at[i][0], at[i][1])
		}
		for i := range at {
			l.put(at[i][0], at[i][1], "30s / 3s")
		}
		for i, a := range l.taken {
			for j, b := range l.taken[:i] {
				if i < n && j < n {
					continue // points may
				}
				require.False(t, a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom)
			}
		}
	})
}

// Whatever an axis, a value or a folder is called, it stays text.
func TestAStudyWithHostileNames(t *testing.T) {
	const bad = "</title><script>alert(1)</script>\"'><img src=x onerror=y>\x1b[2J\u202e\xff"
	s := smallStudy()
	s.Axes[0].Name, s.Axes[0].Values = bad, []string{bad, "30s"}
	s.Today, s.Assumed, s.Commands, s.Frontiers[0].Condition = bad, bad, []string{bad}, bad
	s.Files, s.Columns = []StudyFile{{"javascript:alert(1)", bad}}, []StudyFile{{bad, bad}}
	for i := range s.Cells {
		s.Cells[i].Values[0] = bad
		s.Cells[i].Worst.Command, s.Cells[i].Worst.Page = bad, "javascript:alert(2)"
	}
	s.Want = &StudyWant{Clauses: []StudyClause{{bad, 1, 1}}, Setting: bad, Cells: []int{0, 1}, Confirmed: bad, Today: s.Cells[:2]}
	page := studyText(t, s)
	require.Equal(t, 1, strings.Count(page, "<script>"), "its own")
	require.NotContains(t, page, "<img")
	require.NotContains(t, page, `href="javascript:`)
	require.NotContains(t, page, "\x1b")
	require.NotContains(t, page, "\u202e")
	require.Contains(t, page, "&lt;script&gt;alert(1)&lt;/script&gt;")
	require.Contains(t, page, `\x1b[2J\u202e\xff`)
	requirePageHarmless(t, page)
}

func TestManyCellsAreCutDown(t *testing.T) {
	s := smallStudy()
	var values []string
	for i := range 600 {
		values = append(values, fmt.Sprint(i, "s"))
	}
	s.Axes[0].Values = values
	s.Cells, s.Frontiers = nil, []StudyFrontier{{"", nil, []int{1199}}}
	for i := range 1200 {
		s.Cells = append(s.Cells, StudyCell{Values: []string{values[i/2], s.Axes[1].Values[i%2]}})
		s.Frontiers[0].All = append(s.Frontiers[0].All, i)
	}
	page := studyText(t, s)
	require.Contains(t, page, "1000 of 1200 cells are shown")
	require.Contains(t, page, `<tr id="cell-1199">`, "it is on the frontier")
	require.Equal(t, mostCurves, strings.Count(page, `<figure id="curve-`))
	require.Less(t, len(page), 3_000_000)
}
