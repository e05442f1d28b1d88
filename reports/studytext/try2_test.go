package studytext_test

import (
	"context"
	"fmt"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/reports/studypage"
	"ipwsim/reports/words"
	"ipwsim/scenarios"
	"ipwsim/scenarios/study"
	"ipwsim/sim/cluster"
	"ipwsim/sim/studied"
)

func TestTry2(t *testing.T) {
	bp, problems := cluster.Load(scenarios.Clusters(), "guide")
	require.NoError(t, problems.Err())
	d := study.NewDraft()
	d.Runs = 40
	d.Add("interval", "5,10,30,60")
	d.Add("ping-timeout", "1,3,5")
	d.Add("loss", "0,1%")
	p, problems := d.Plan(bp)
	require.NoError(t, problems.Err())
	rows, err := p.Execute(context.Background(), "", study.Options{Workers: 2})
	require.NoError(t, err)
	w, problems := study.ParseWant("median failover < 20s, false < 1/year")
	require.NoError(t, problems.Err())
	a, err := p.Answer(context.Background(), rows, studied.DefaultRates, w, study.Options{Workers: 2})
	require.NoError(t, err)
	for _, l := range []words.Lang{words.English, words.Japanese} {
		f, _ := os.Create(fmt.Sprintf("/tmp/pages/study-%s.html", l.Code()))
		require.NoError(t, studypage.Write(f, p.Study(rows, a), studypage.Options{Lang: l, Dir: "study", Again: []string{"ipwsim study study/plan.toml -o new-folder"}}))
		f.Close()
	}
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
		for _, l := range []words.Lang{words.English, words.Japanese} {
			f, _ := os.Create(fmt.Sprintf("/tmp/pages/%s-%s.html", name, l.Code()))
			require.NoError(t, studypage.Write(f, p.Study(rows, a), studypage.Options{Lang: l}))
			f.Close()
		}
	}
}
