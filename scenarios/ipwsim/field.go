package main

import (
	"fmt"
	"runtime"

	"github.com/spf13/cobra"

	"ipwsim/scenarios"
	"ipwsim/scenarios/study"
	"ipwsim/sim/studied"
)

// fieldName is what `ipwsim run` calls the table of the field, a shipped study.
const fieldName = "field"

// runField is `ipwsim study field`, by the flags of run. --html names the folder of the studies.
func runField(c *cobra.Command, f runFlags) error {
	if f.cluster != "" || f.junit != "" || f.perfetto != "" || f.annotations || f.pcap != "" || f.save != "" || f.hash {
		return fmt.Errorf("%s takes --seed, --lang, --json and --html only: it is many runs, on the shipped clusters", fieldName)
	}
	plans, err := shippedStudies(scenarios.Studies(fieldName), f.html, func(d *study.Draft) {
		if f.seedSet {
			d.Seed = f.seed
		}
	})
	if err != nil {
		return err
	}
	all := studyFlags{workers: runtime.GOMAXPROCS(0), lang: f.lang, json: f.json, answers: answerFlags{rates: studied.DefaultRates}}
	return all.runAll(c, plans)
}
