package study

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A study of more cells than a terminal has lines is printed in brief; the file has all.
func TestManyCellsInBrief(t *testing.T) {
	p := planOf(t, 1, []string{"interval", "5s", "10s", "20s"}, []string{"ping-timeout", "1s", "2s", "3s", "4s", "5s", "6s", "7s"}, []string{"profile", "srv-2008", "srv-2012plus"})
	a := &Answers{Frontiers: []Frontier{{"", []int{3, 41}}}}
	for i := range p.cells {
		a.Cells = append(a.Cells, p.cells[i].answer(nil, DefaultRates, Worst{}))
	}
	text := func(brief bool) string {
		var b bytes.Buffer
		require.NoError(t, p.Report(&b, a, brief))
		for line := range strings.SplitSeq(b.String(), "\n") {
			require.LessOrEqual(t, len(line), lineWidth, line)
		}
		return b.String()
	}
	require.Contains(t, text(true), "42 cells: the figures of each are in summary.txt and summary.json.\n")
	require.Contains(t, text(true), "20s 7s srv-2012plus")
	require.NotContains(t, text(true), "Failback")
	require.Equal(t, 3, strings.Count(text(false), "10s 4s srv-2008"), "failover, failback, a year")
}

func TestTexts(t *testing.T) {
	for want, got := range map[string]string{
		"<1e-9": rate(1e-12), "0": rate(0), "0.096": rate(0.0957), "122184": rate(122184.2), "1.2e+06": rate(1234567),
		"9.9": rate(9.94), "-": Share{}.String(), "99.0-100.0%": Share{Runs: 9, Low: 0.99, High: 1}.String(),
		"3.0 s less": moreOrLess("%.1f s", -3), "3.0 s more": moreOrLess("%.1f s", 3),
		"1.0-": Quantile{Low: &Time{Seconds: 1}}.interval(), "-2.0": Quantile{High: &Time{Seconds: 2}}.interval(), "": Quantile{}.interval(),
	} {
		require.Equal(t, want, got)
	}
}

func TestRunsWithoutAFailoverAreTold(t *testing.T) {
	a := &Answers{Cells: []CellAnswer{{Runs: 10, Failover: Times{Runs: 10}}, {Runs: 10, Failover: Times{Runs: 7}}}}
	require.Contains(t, a.nothingLost(), "3 runs of 1 cells have no failover")
	require.Empty(t, (&Answers{Cells: a.Cells[:1]}).nothingLost())
}
