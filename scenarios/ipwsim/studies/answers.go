package studies

import (
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"

	"github.com/spf13/cobra"

	"ipwsim/reports/page"
	"ipwsim/reports/studytext"
	"ipwsim/reports/words"
	"ipwsim/scenarios/ipwsim/cli"
	"ipwsim/scenarios/study"
	studyfolder "ipwsim/scenarios/study/folder"
	"ipwsim/sim/studied"
)

// answerFlags are what a study's answers take beside its runs.
type answerFlags struct {
	want  string
	rates studied.Rates
}

func (f *answerFlags) register(c *cobra.Command) {
	d := studied.DefaultRates
	f.rates = d
	fl := c.Flags()
	fl.StringVar(&f.want, "want", "", "which setting keeps this `PROMISE`, see below")
	fl.Float64Var(&f.rates.Faults, "faults-per-year", d.Faults, "the holder is lost `N` times a year")
	fl.DurationVar(&f.rates.Repair, "repair", d.Repair, "`TIME` until the master is back")
	fl.Float64Var(&f.rates.Freezes, "freezes-per-year", d.Freezes, "the holder freezes `N` times a year")
	fl.DurationVar(&f.rates.Frozen, "freeze-time", d.Frozen, "for so long, `TIME`")
}

// promise reads --want and checks the rates, before anything is run.
func (f *answerFlags) promise() (study.Want, error) {
	if err := f.rates.Check(); err != nil {
		return nil, err
	}
	if f.want == "" {
		return nil, nil
	}
	w, problems := study.ParseWant(f.want)
	return w, problems.Err()
}

// finish answers, writes the study's folder, and prints what the runs say unless JSON is wanted.
func (f studyFlags) finish(c *cobra.Command, p planned, rows studied.Rows, opt study.Options) (*studied.Answers, error) {
	w, err := f.answers.promise()
	if err != nil {
		return nil, err
	}
	bar := newRunBar(c.ErrOrStderr(), f.lang.Lang)
	opt.Progress = bar.cells
	a, err := p.Answer(c.Context(), rows, f.answers.rates, w, opt)
	bar.End()
	if err != nil {
		return nil, goesOn(err, p.dir)
	}
	if p.dir != "" {
		if opt.Crew != nil { // what is written takes this process's memory
			opt.Crew.Rest()
		}
		shown := studyfolder.Options{Options: page.Options{Lang: f.lang.Lang}, Dir: cli.Quoted(p.dir), Again: f.again(p)}
		if err := studyfolder.Write(p.dir, p.Plan, rows, a, shown); err != nil {
			return nil, err
		}
	}
	if f.json {
		return a, nil
	}
	return a, printStudy(c.OutOrStdout(), p, p.Study(rows, a), f.lang)
}

// printJSON prints the answers as JSON, of several studies as a list, if that is wanted.
func (f studyFlags) printJSON(out io.Writer, all []*studied.Answers) error {
	switch {
	case !f.json:
		return nil
	case len(all) == 1:
		return indented(out, all[0])
	}
	return indented(out, all)
}

// indented writes JSON.
func indented(out io.Writer, v any) error {
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	_, err = out.Write(append(words.SafeJSON(text), '\n'))
	return err
}

func printStudy(out io.Writer, p planned, s *studied.Study, l *cli.Lang) error {
	if err := studytext.Report(out, s, l.Page(out), true); err != nil {
		return err
	}
	if p.dir == "" {
		return nil
	}
	fmt.Fprintf(out, "\n%s\n", l.Say("study.the-page", filepath.Join(p.dir, "index.html")))
	if !p.Table() {
		fmt.Fprintf(out, "\n%s\n  ipwsim study show %s --cell 0 --worst\n", l.Say("study.the-worst"), cli.Quoted(p.dir))
	}
	return nil
}

// again is the command that makes rows and page anew.
func (f studyFlags) again(p planned) []string {
	text := "ipwsim study " + cli.Quoted(filepath.Join(p.dir, "plan.toml")) + " -o new-folder"
	r, d := f.answers.rates, studied.DefaultRates
	for _, one := range []struct {
		flag  string
		value any
		given bool
	}{
		{"want", cli.Quoted(f.answers.want), f.answers.want != ""},
		{"faults-per-year", r.Faults, r.Faults != d.Faults}, {"repair", r.Repair, r.Repair != d.Repair},
		{"freezes-per-year", r.Freezes, r.Freezes != d.Freezes}, {"freeze-time", r.Frozen, r.Frozen != d.Frozen},
	} {
		if one.given {
			text += fmt.Sprintf(" --%s %v", one.flag, one.value)
		}
	}
	return []string{text}
}
