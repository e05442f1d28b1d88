package seeds

import (
	"context"
	"encoding/json"
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

// gcPercent is how much garbage a world may leave behind: worlds are short, and many.
const gcPercent = 400

// Serve is the life of a worker of the crew that Options have: a process.
func Serve(in io.Reader, out io.Writer) error {
	debug.SetGCPercent(gcPercent)
	return pool.Serve(in, out, func(text json.RawMessage) (pool.Worker, error) {
		var b brief
		if err := json.Unmarshal(text, &b); err != nil {
			return nil, err
		}
		s, problems := script.Parse(b.File, b.Data)
		if err := problems.Err(); err != nil {
			return nil, err
		}
		opt := script.Options{Cluster: func(string) (fs.FS, error) { return cluster.Overlay(nothing{}, b.Files), nil }}
		return func(text json.RawMessage, answer func(any) error) error {
			var seeds []uint64
			if err := json.Unmarshal(text, &seeds); err != nil {
				return err
			}
			return perform(context.Background(), s, opt, seeds, func(r *row) error { return answer(r) })
		}, nil
	})
}

// nothing is an empty folder.
type nothing struct{}

func (nothing) Open(name string) (fs.File, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}
