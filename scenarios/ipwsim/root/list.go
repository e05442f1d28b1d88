package root

import (
	"cmp"

	"github.com/spf13/cobra"

	"ipwsim/core/diag"
	"ipwsim/reports/exchange"
	"ipwsim/reports/term"
	"ipwsim/scenarios"
	"ipwsim/scenarios/ipwsim/cli"
	"ipwsim/scenarios/script"
)

func listCommand(lang *cli.Lang) *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "List the shipped scenarios",
		Long: `list prints the name and the title of every shipped scenario, for
ipwsim run NAME. With ! are those that show a weakness of a cluster.`,
		Example: "  ipwsim list",
		Args:    cli.NothingMore,
		RunE: func(c *cobra.Command, _ []string) error {
			wide := 0
			for _, name := range scenarios.Names() {
				wide = max(wide, len(name))
			}
			p := term.New(lang.Page(c.OutOrStdout()))
			for _, name := range scenarios.Names() {
				data, err := scenarios.Read(name)
				if err != nil {
					return err
				}
				s, problems := script.Parse(name+".txtar", data)
				if err := problems.Err(); err != nil {
					return err
				}
				mark := " "
				if s.ShowsWeakness() {
					mark = "!"
				}
				p.Para(term.Plain, mark+" "+term.Pad(name, wide)+"  ", cmp.Or(lang.Phrase(s.Title), name))
			}
			return p.Flush(c.OutOrStdout())
		},
	}
}

func schemaCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "schema [seeds|audit|history|nightly]",
		Short: "Print the JSON Schema of --json",
		Long: `schema prints the JSON Schema (draft 2020-12) of what run --json and report
--json print, schema seeds that of run --seeds --json, schema audit that of
audit --json, schema history that of history --json, schema nightly that of a
night's nightly.json. Each document says its version: it changes when a field
changes its meaning or its type, or goes. New fields do not change it.`,
		Example: `  ipwsim schema > ipwsim.schema.json
  ipwsim schema nightly > nightly.schema.json`,
		Args: cli.Arguments(0, 1),
		RunE: func(c *cobra.Command, args []string) error {
			schema := exchange.Schema
			switch {
			case len(args) == 0:
			case args[0] == "seeds":
				schema = exchange.SeedsSchema
			case args[0] == "audit":
				schema = exchange.AuditSchema
			case args[0] == "history":
				schema = exchange.HistorySchema
			case args[0] == "nightly":
				schema = exchange.NightSchema
			default:
				return diag.Errorf("found %q, expected %s", args[0], "seeds, audit, history, nightly")
			}
			_, err := c.OutOrStdout().Write(schema)
			return err
		},
	}
}
