package main

import (
	"fmt"
	"runtime"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"ipwsim/reports"
	"ipwsim/scenarios"
	"ipwsim/scenarios/field"
)

// fieldName is what `ipwsim run` calls the table.
const fieldName = "field"

// runField runs the field table.
func runField(c *cobra.Command, f runFlags) error {
	if f.cluster != "" || f.junit != "" || f.perfetto != "" || f.annotations || f.pcap != "" || f.save != "" || f.hash {
		return fmt.Errorf("%s takes --seed, --lang, --json and --html only: it is many runs, on the shipped clusters", fieldName)
	}
	seed := uint64(1)
	if f.seedSet {
		seed = f.seed
	}
	cells := field.Cells()
	slices.SortStableFunc(cells, func(a, b field.Cell) int {
		if n := strings.Compare(a.Server, b.Server); n != 0 || a.Cure == b.Cure {
			return n
		}
		if b.Cure {
			return -1
		}
		return 1
	})
	p := newProgress(c.ErrOrStderr(), len(cells))
	rows, err := field.All(c.Context(), scenarios.Clusters(), cells, seed, runtime.GOMAXPROCS(0), func(cell field.Cell) { p.done(cell.String()) })
	p.end()
	if err != nil {
		return err
	}
	var table []reports.FieldRow
	for _, r := range rows {
		table = append(table, reports.FieldRow{
			Server: r.Server, Cache: r.Profile, Cure: r.Cure,
			Failover: wait(r.Failover), Failback: wait(r.Failback),
		})
	}
	if f.html != "" {
		if err := fieldPages(c.Context(), rows, table, f, seed); err != nil {
			return err
		}
	}
	if f.json {
		return reports.FieldJSON(c.OutOrStdout(), table)
	}
	return reports.Field(c.OutOrStdout(), table, reports.Options{Lang: f.lang, Color: color(c.OutOrStdout())})
}

func wait(m field.Measured) reports.Wait {
	return reports.Wait{Time: m.Time, Open: m.Open, Parts: partsOf(m.Parts)}
}
