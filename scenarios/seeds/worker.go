package seeds

import (
	"context"
	"io"
	"io/fs"
	"runtime/debug"

	"ipwsim/scenarios/pool"
	"ipwsim/scenarios/script"
	"ipwsim/sim/cluster"
)

// brief is what a worker knows: the scenario, and all files of its cluster as they were when it began.
type brief struct {
	File  string            `json:"file"`
	Data  []byte            `json:"data"`
	Files map[string][]byte `json:"files"`
}

// Serve is the life of a worker of the crew that Options have: a process.
func Serve(in io.Reader, out io.Writer) error {
	debug.SetGCPercent(pool.GCPercent)
	return pool.Serve(in, out, func(b brief) (pool.Worker[[]uint64], error) {
		s, problems := script.Parse(b.File, b.Data)
		if err := problems.Err(); err != nil {
			return nil, err
		}
		opt := script.Options{Cluster: func(string) (fs.FS, error) { return cluster.Overlay(nothing{}, b.Files), nil }}
		return func(seeds []uint64, answer func(any) error) error {
			return perform(context.Background(), s, opt, seeds, func(r *row) error { return answer(r) })
		}, nil
	})
}

// nothing is an empty folder.
type nothing struct{}

func (nothing) Open(name string) (fs.File, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}
