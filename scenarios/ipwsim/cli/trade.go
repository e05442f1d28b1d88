package cli

import (
	"io"

	"ipwsim/scenarios/pool"
)

// Worker is the command that the processes of a crew are started with; its argument is their trade.
const Worker = "worker"

// Trade is a kind of work that processes of a crew do for a command.
type Trade struct {
	Name  string
	Serve func(in io.Reader, out io.Writer) error // a worker's life
}

// Args are the arguments that make this program a worker.
func (t Trade) Args() []string { return []string{Worker, t.Name} }

// Hire returns a crew of n, see pool.Hire.
func (t Trade) Hire(n int) (*pool.Crew, error) { return pool.Hire(n, t.Args()...) }
