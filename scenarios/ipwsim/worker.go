package main

import (
	"github.com/spf13/cobra"

	"ipwsim/scenarios/pool"
	"ipwsim/scenarios/study"
)

// workerName is the command that a crew's processes are started with.
const workerName = "worker"

// workerCommand is what the command starts of itself, once a core.
func workerCommand() *cobra.Command {
	return &cobra.Command{
		Use:    workerName,
		Hidden: true,
		Args:   arguments(0, 0),
		RunE: func(c *cobra.Command, _ []string) error {
			return study.Serve(c.InOrStdin(), c.OutOrStdout())
		},
	}
}

// withWorkers calls do with options for so many workers: processes, unless one is enough.
func withWorkers(n int, do func(study.Options) error) error {
	opt := study.Options{Workers: n}
	if n > 1 {
		crew, err := pool.Hire(n, workerName)
		if err != nil {
			return err
		}
		defer crew.Close()
		opt.Crew = crew
	}
	return do(opt)
}
