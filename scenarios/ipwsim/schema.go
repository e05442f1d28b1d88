package main

import (
	"github.com/spf13/cobra"

	"ipwsim/reports/exchange"
)

func schemaCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON Schema of --json",
		Long: `schema prints the JSON Schema (draft 2020-12) of what run --json and report
--json print. Each document says its version: it changes when a field changes
its meaning or its type, or goes. New fields do not change it.`,
		Example: "  ipwsim schema > ipwsim.schema.json",
		Args:    nothingMore,
		RunE: func(c *cobra.Command, _ []string) error {
			_, err := c.OutOrStdout().Write(exchange.Schema)
			return err
		},
	}
}
