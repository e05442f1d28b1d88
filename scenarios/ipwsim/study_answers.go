package main

import (
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"ipwsim/scenarios/study"
)

// answerFlags are what a study's answers take beside its runs.
type answerFlags struct {
	want  string
	rates study.Rates
}

func (f *answerFlags) register(c *cobra.Command) {
	d := study.DefaultRates
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

// answer prints and writes what the runs say.
func (f studyFlags) answer(c *cobra.Command, p *study.Plan, rows []study.Row) error {
	w, err := f.answers.promise()
	if err != nil {
		return err
	}
	a, err := p.Answer(c.Context(), rows, f.answers.rates, w, study.Options{Workers: f.workers})
	if err != nil {
		return goesOn(err, f.out)
	}
	if err := p.WriteAnswers(f.out, a); err != nil {
		return err
	}
	if err := f.studyPage(p, rows, a); err != nil {
		return err
	}
	out := c.OutOrStdout()
	fmt.Fprintln(out)
	if err := p.Report(out, a, true); err != nil {
		return err
	}
	fmt.Fprintf(out, "\nThe page: %s\n", filepath.Join(f.out, "index.html"))
	fmt.Fprintf(out, "\nThe transcript of the worst case of cell 0:\n  ipwsim study show %s --cell 0 --worst\n", quoted(f.out))
	return nil
}
