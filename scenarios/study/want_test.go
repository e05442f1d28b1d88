package study

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/studied"
)

// want is a promise.
func want(t testing.TB, text string) Want {
	w, problems := ParseWant(text)
	require.NoError(t, problems.Err())
	return w
}

func TestEveryMistakeOfAPromiseIsNamed(t *testing.T) {
	_, problems := ParseWant("p99 failovr < 20s, false > 1/year, outage < 10m, p95 failback <, median failover < 20, band >= 101%, fast, p99 failover < -1s")
	require.Equal(t, `error: --want: unknown figure "p99 failovr" (did you mean "p99 failover"?); expected one of median failover, p95 failover, p99 failover, worst failover, median failback, p95 failback, p99 failback, worst failback, false, split, outage, band
error: --want: false: found >, expected < or <=
error: --want: outage: found "10m", expected a time a year, as 10m/year
error: --want: p95 failback: found "", expected a time with its unit, as 20s
error: --want: median failover: found "20", expected a time with its unit, as 20s
error: --want: band: found "101%", expected a percentage, as 99%
error: --want: found "fast", expected a figure, < or >, and a limit, as p99 failover < 20s
error: --want: p99 failover: found "-1s", expected a time with its unit, as 20s`, problems.Error())
	w := want(t, " p99  failover<20s ,band >= 99%, outage <= 1h/year")
	require.Equal(t, []string{"p99 failover < 20s", "band >= 99%", "outage <= 1h/year"}, []string{w[0].Text, w[1].Text, w[2].Text})
	require.Equal(t, 3600.0, w[2].limit)
}

// What is written is read again, and no text makes it panic.
func FuzzParseWant(f *testing.F) {
	for _, m := range metrics {
		f.Add(m.name + " < 1/year")
		f.Add(m.name + " >= 99%, x")
	}
	f.Fuzz(func(t *testing.T, text string) {
		w, problems := ParseWant(text)
		if problems.Err() != nil {
			require.NotContains(t, problems.Error(), "%!")
			return
		}
		require.NotEmpty(t, w)
		var parts []string
		for _, c := range w {
			parts = append(parts, c.Text)
		}
		again, problems := ParseWant(strings.Join(parts, ", "))
		require.NoError(t, problems.Err())
		for i := range w {
			require.Equal(t, w[i].Text, again[i].Text)
			require.Equal(t, w[i].limit, again[i].limit)
		}
	})
}

// A figure is judged by its whole interval, never by its point alone.
func TestPromisesAreJudgedByIntervals(t *testing.T) {
	at := func(low, high float64) *studied.Answer {
		a := &studied.Answer{Band: studied.Share{Low: 0.9, High: 0.95}, False: studied.False{Loss: 0.5, Freeze: 0.4}}
		if low > 0 {
			a.Failover.P99.Low = &studied.Time{Seconds: low}
		}
		if high > 0 {
			a.Failover.P99.High = &studied.Time{Seconds: high}
		}
		return a
	}
	for _, c := range []struct {
		text string
		a    *studied.Answer
		want studied.Verdict
	}{
		{"p99 failover < 20s", at(18, 19), studied.Kept},
		{"p99 failover < 20s", at(18, 20), studied.Unsure},
		{"p99 failover <= 20s", at(18, 20), studied.Kept},
		{"p99 failover < 20s", at(18, 0), studied.Unsure},
		{"p99 failover < 20s", at(0, 0), studied.Unsure},
		{"p99 failover < 20s", at(20, 0), studied.Broken},
		{"p99 failover < 20s", at(21, 22), studied.Broken},
		{"false < 1/year", at(0, 0), studied.Kept},
		{"false < 0.9/year", at(0, 0), studied.Broken},
		{"false <= 0.9/year", at(0, 0), studied.Kept},
		{"band >= 90%", at(0, 0), studied.Kept},
		{"band > 90%", at(0, 0), studied.Unsure},
		{"band > 95%", at(0, 0), studied.Broken},
		{"p99 failover < 20s, band > 90%", at(18, 19), studied.Unsure},
		{"p99 failover < 20s, band > 90%", at(21, 22), studied.Broken},
	} {
		require.Equal(t, c.want, want(t, c.text).judge(c.a), "%s of %v", c.text, c.a.Failover.P99)
	}
}

// answered is a small study on two conditions, with its answers.
func answered(t *testing.T, promise string) (*Plan, *studied.Answers) {
	p := planOf(t, 60, []string{"interval", "5s", "12s", "15s"}, []string{"fault", "unplug", "power"})
	p.FailoverOnly = true
	for i := range p.cells {
		p.cells[i].failoverOnly = true
	}
	r := studied.DefaultRates
	r.Freezes, r.Repair = 12, time.Minute
	a, err := p.Answer(context.Background(), execute(t, p, t.TempDir(), 2), r, want(t, promise), Options{Workers: 2})
	require.NoError(t, err)
	return p, a
}

// The fastest setting that keeps a promise under all conditions is found, fresh seeds confirm it, and
// today's is held against it.
func TestWantIsFoundAndConfirmed(t *testing.T) {
	_, a := answered(t, "p95 failover < 20s, false < 1/year")
	w := a.Want
	require.Equal(t, "interval 12s", w.Setting, "5 s take a freeze of 10 s for a fault")
	require.Equal(t, []int{2, 3}, w.Cells)
	require.Equal(t, []int{2, 2}, w.Kept, "15 s are too slow for the one, 5 s too fast for the other")
	require.Equal(t, studied.Kept, w.Confirmed)
	require.NotEqual(t, a.Cells[2].Failover, w.Fresh[0].Failover, "the seeds are fresh")
	require.Equal(t, studied.Broken, w.Verdict, "the guide's setting takes over 30 s")
	require.Equal(t, []studied.Frontier{{Condition: "fault unplug", All: []int{0, 2, 4}, Cells: []int{0, 2}}, {Condition: "fault power", All: []int{1, 3, 5}, Cells: []int{1, 3}}}, a.Frontiers)
}

func TestNoSettingKeepsIt(t *testing.T) {
	p := planOf(t, 40, []string{"interval", "5s", "10s"})
	rows := execute(t, p, t.TempDir(), 2)
	a, err := p.Answer(context.Background(), rows, studied.DefaultRates, want(t, "p95 failover < 9s, median failover < 12s"), Options{Workers: 2})
	require.NoError(t, err)
	require.Empty(t, a.Want.Setting)
	require.Empty(t, a.Want.Fresh)
	require.Empty(t, a.Want.Cells)
	require.Equal(t, []int{0, 1}, a.Want.Kept)
	require.Equal(t, studied.Broken, a.Want.Verdict)
	a, err = p.Answer(context.Background(), rows, studied.DefaultRates, want(t, "p95 failover < 12s"), Options{Workers: 2})
	require.NoError(t, err)
	require.Equal(t, []int{1}, a.Want.Unsure, "40 runs say too little of 95 %")
}

// An own setting that is a cell of the study is not run again.
func TestTodayIsACell(t *testing.T) {
	p := planOf(t, 10, []string{"interval", "10", "30"})
	a, err := p.Answer(context.Background(), execute(t, p, t.TempDir(), 2), studied.DefaultRates, want(t, "band >= 10%"), Options{Workers: 2})
	require.NoError(t, err)
	require.Equal(t, a.Cells[1].Failover, a.Want.Today[0].Failover)
	require.Equal(t, -1, a.Want.Today[0].Cell)
}
