// Package folder is what a finished study leaves for people beside its data: texts, the page, and the pages of worst
// cases; and single runs of it, as reports show them.
package folder

import (
	"fmt"
	"io"
	"path/filepath"

	"ipwsim/core/disk"
	"ipwsim/reports/page"
	"ipwsim/reports/studypage"
	"ipwsim/reports/studytext"
	"ipwsim/reports/term"
	"ipwsim/scenarios/study"
	"ipwsim/sim/cluster"
	"ipwsim/sim/finding"
	"ipwsim/sim/studied"
)

// Options say how a study is told.
type Options struct {
	page.Options          // of the language, and of the pages of worst cases
	Dir          string   // the study's folder as its commands name it, quoted where a shell needs that
	Again        []string // the commands that make it again
	Program      string   // the version of ipwsim
}

// mostWorst is of how many cells the page of the worst case is written.
const mostWorst = 12

// Write writes a finished study into dir: its data, summary.txt, columns.txt and index.html; and the pages of the worst
// cases of today's cells, of those that are wanted or on a frontier, and of others, at most twelve, into worst.
func Write(dir string, p *study.Plan, rows studied.Rows, a *studied.Answers, opt Options) error {
	s := p.Study(rows, a)
	text := term.Options{Lang: opt.Lang}
	if err := p.Prepare(dir); err != nil {
		return err
	}
	pages, err := worst(dir, p, a, opt)
	if err != nil {
		return err
	}
	for _, one := range []struct {
		name  string
		write func(io.Writer) error
	}{
		{"summary.txt", func(w io.Writer) error { return studytext.Report(w, s, text, false) }},
		{"columns.txt", func(w io.Writer) error { return studytext.Columns(w, text) }},
		{"index.html", func(w io.Writer) error {
			h := cluster.Header(p.Cells()[0].Blueprint(), "", p.Seed)
			return studypage.Write(w, s, studypage.Options{Lang: opt.Lang, Dir: opt.Dir, Again: opt.Again, Pages: pages, Header: &h})
		}},
	} {
		if err := disk.Write(filepath.Join(dir, one.name), one.write); err != nil {
			return err
		}
	}
	return p.Write(dir, rows, a) // last, with the sums of all
}

// worst writes the pages of worst cases and returns their addresses.
func worst(dir string, p *study.Plan, a *studied.Answers, opt Options) (map[int]string, error) {
	pages := map[int]string{}
	for _, i := range a.First(mostWorst) {
		if a.Cells[i].Worst.Failover == nil {
			continue
		}
		pages[i] = fmt.Sprintf("worst/cell-%d.html", i)
		r := ShowWorst(p, i, a.Cells[i].Worst, opt)
		path := filepath.Join(dir, filepath.FromSlash(pages[i]))
		if err := disk.Make(filepath.Dir(path)); err != nil {
			return nil, err
		}
		if err := disk.Write(path, func(w io.Writer) error { return page.Run(w, r, opt.Options) }); err != nil {
			return nil, err
		}
	}
	return pages, nil
}

// Show runs a run of a cell again, for a report. The cell is one of the plan's.
func Show(p *study.Plan, cell int, seed uint64, opt Options) *finding.Run {
	return shown(study.Replay(&p.Cells()[cell], seed), p, cell, nil, fmt.Sprint("--seed ", seed), opt)
}

// ShowWorst runs a cell's worst case again, which was searched before.
func ShowWorst(p *study.Plan, cell int, w studied.Worst, opt Options) *finding.Run {
	return shown(study.ReplayWorst(&p.Cells()[cell], w), p, cell, &w, "--worst", opt)
}

func shown(r *finding.Run, p *study.Plan, cell int, w *studied.Worst, which string, opt Options) *finding.Run {
	e := r.Expectations[0]
	r.Title = studytext.Title(&p.Plan, &p.Cells()[cell].Cell, w, e.Client, e.VIP)
	r.Rerun = fmt.Sprintf("ipwsim study show %s --cell %d %s", opt.Dir, cell, which)
	r.Program = opt.Program
	return r
}
