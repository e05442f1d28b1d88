package studytext_test

import (
	"context"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/reports/studytext"
	"ipwsim/reports/term"
	"ipwsim/reports/words"
	"ipwsim/scenarios"
	"ipwsim/scenarios/study"
	"ipwsim/sim/cluster"
	"ipwsim/sim/studied"
)

func TestTry(t *testing.T) {
	bp, problems := cluster.Load(scenarios.Clusters(), "guide")
	require.NoError(t, problems.Err())
	d := study.NewDraft()
	d.Runs = 40
	d.Add("interval", "5,10")
	d.Add("fault", "unplug,power")
	p, problems := d.Plan(bp)
	require.NoError(t, problems.Err())
	rows, err := p.Execute(context.Background(), "", study.Options{Workers: 2})
	require.NoError(t, err)
	w, problems := study.ParseWant("p95 failover < 20s, false < 1/year")
	require.NoError(t, problems.Err())
	a, err := p.Answer(context.Background(), rows, studied.DefaultRates, w, study.Options{Workers: 2})
	require.NoError(t, err)
	for _, l := range []words.Lang{words.English, words.Japanese} {
		require.NoError(t, studytext.Report(os.Stdout, p.Study(rows, a), term.Options{Lang: l}, true))
	}
	studytext.Columns(os.Stdout, term.Options{})
	studytext.Columns(os.Stdout, term.Options{Lang: words.Japanese})
	for _, name := range scenarios.Studies("field") {
		data, err := scenarios.ReadStudy(name)
		require.NoError(t, err)
		d, problems := study.ParseFile(name, data)
		require.NoError(t, problems.Err())
		bp, _ := cluster.Load(scenarios.Clusters(), d.Cluster)
		p, problems := d.Plan(bp)
		require.NoError(t, problems.Err())
		rows, err := p.Execute(context.Background(), "", study.Options{Workers: 2})
		require.NoError(t, err)
		a, err := p.Answer(context.Background(), rows, studied.DefaultRates, nil, study.Options{Workers: 2})
		require.NoError(t, err)
		require.NoError(t, studytext.Report(os.Stdout, p.Study(rows, a), term.Options{}, true))
	}
}
