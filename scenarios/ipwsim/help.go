package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"ipwsim/scenarios/script"
)

// helpCommand is cobra's own, but for what it does with a topic that does not exist: an error.
func helpCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "help [command]",
		Short: "Help about any command",
		Long:  "help shows what a command does, its flags and examples.",
		Example: `  ipwsim help run
  ipwsim help verbs   the language of scenario files`,
		RunE: func(c *cobra.Command, args []string) error {
			topic, _, err := c.Root().Find(args)
			if err != nil {
				return fmt.Errorf("%w\n`ipwsim help` lists the commands", err)
			}
			topic.InitDefaultHelpFlag()
			return topic.Help()
		},
	}
}

// verbsTopic is the page `ipwsim help verbs`.
func verbsTopic() *cobra.Command {
	c := &cobra.Command{Use: "verbs", Short: "The language of scenario files"}
	c.SetHelpFunc(func(c *cobra.Command, _ []string) {
		if err := script.Manual(c.OutOrStdout()); err != nil {
			fmt.Fprintln(c.ErrOrStderr(), err)
		}
	})
	return c
}
