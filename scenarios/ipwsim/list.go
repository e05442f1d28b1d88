package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"ipwsim/scenarios"
	"ipwsim/scenarios/script"
)

const columns = 80

func listCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "List the shipped scenarios",
		Long: `list prints the name and the title of every shipped scenario, for
ipwsim run NAME.`,
		Example: "  ipwsim list",
		Args:    nothingMore,
		RunE: func(c *cobra.Command, _ []string) error {
			width := 0
			for _, name := range scenarios.Names() {
				width = max(width, len(name))
			}
			for _, name := range scenarios.Names() {
				data, err := scenarios.Read(name)
				if err != nil {
					return err
				}
				s, problems := script.Parse(name+".txtar", data)
				if err := problems.Err(); err != nil {
					return err
				}
				fmt.Fprint(c.OutOrStdout(), hang(fmt.Sprintf("%-*s  ", width, name), s.Title))
			}
			fmt.Fprint(c.OutOrStdout(), hang(fmt.Sprintf("%-*s  ", width, fieldName), "Table: each kind of server, ARP cache and L3 switch, with and without the cure"))
			return nil
		},
	}
}

func nothingMore(c *cobra.Command, args []string) error {
	if len(args) > 0 {
		return fmt.Errorf("found %q, expected nothing after %s", args[0], c.CommandPath())
	}
	return nil
}

// hang writes text behind a lead, and what does not fit the columns below its beginning.
func hang(lead, text string) string {
	var b strings.Builder
	indent, line, empty := strings.Repeat(" ", len(lead)), lead, true
	for _, word := range strings.Fields(text) {
		if !empty && len(line)+1+len(word) > columns {
			b.WriteString(line + "\n")
			line, empty = indent, true
		}
		if !empty {
			line += " "
		}
		line, empty = line+word, false
	}
	return b.String() + strings.TrimRight(line, " ") + "\n"
}
