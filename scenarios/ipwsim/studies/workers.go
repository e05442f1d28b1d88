package studies

import (
	"io"
	"runtime/debug"
	"time"

	"ipwsim/reports/words"
	"ipwsim/scenarios/ipwsim/cli"
	"ipwsim/scenarios/study"
)

// Runners run a study's worlds.
var Runners = cli.Trade{Name: "study", Serve: study.Serve}

// withWorkers calls do with options for so many workers: processes, unless one is enough. Only who runs worlds has the
// collector's pace of worlds: this process has the rows of all of them.
func withWorkers(n int, do func(study.Options) error) error {
	opt := study.Options{Workers: n}
	if n > 1 {
		crew, err := Runners.Hire(n)
		if err != nil {
			return err
		}
		defer crew.Close()
		opt.Crew = crew
	} else {
		debug.SetGCPercent(study.GCPercent)
	}
	return do(opt)
}

// runBar says how far a study is: runs, runs a second, and when it will be done.
type runBar struct{ cli.Meter }

func newRunBar(w io.Writer, lang words.Lang) *runBar { return &runBar{cli.NewMeter(w, lang)} }

func (b *runBar) show(s study.Status) {
	b.Tell(func(took time.Duration) string { return statusLine(b.Lang, s, took) })
}

func (b *runBar) cells(s study.Status) {
	b.Tell(func(time.Duration) string { return b.Say("progress.cells", s.Done, s.Total) })
}

// statusLine says how far a study is after some time.
func statusLine(l words.Lang, s study.Status, took time.Duration) string {
	rate, left := cli.RateOf(s.New, s.Total-s.Done, took)
	return l.Say("progress.runs", s.Done, s.Total, s.Cells, rate, left)
}
