package search

import (
	"context"
	"io"
	"io/fs"
	"runtime/debug"

	"ipwsim/scenarios/pool"
	"ipwsim/sim/cluster"
)

// Ground is where a search takes place.
type Ground struct {
	Own   string            `json:"own,omitempty"`   // the name of a cluster that is not shipped, and ...
	Files map[string][]byte `json:"files,omitempty"` // ... its files
}

// Serve is the life of a worker: it does tasks on a Ground, which is its brief. shipped finds the shipped clusters.
func Serve(in io.Reader, out io.Writer, shipped func(string) (fs.FS, error)) error {
	debug.SetGCPercent(pool.GCPercent)
	return pool.Serve(in, out, func(g Ground) (pool.Worker[Task], error) {
		find := func(name string) (fs.FS, error) {
			if g.Own != "" && name == g.Own {
				return cluster.Overlay(nothing{}, g.Files), nil
			}
			return shipped(name)
		}
		return func(t Task, answer func(any) error) error {
			r, err := Search(context.Background(), find, t)
			if err != nil {
				return err
			}
			return answer(r)
		}, nil
	})
}

// Ask lets one of the crew do the task on the ground.
func Ask(ctx context.Context, crew *pool.Crew, g Ground, t Task) (*Result, error) {
	b, err := pool.BriefOf(g)
	if err != nil {
		return nil, err
	}
	r := new(Result)
	err = pool.Ask(ctx, crew, b, t, func(one *Result) error {
		r = one
		return nil
	})
	return r, err
}

// nothing is an empty folder.
type nothing struct{}

func (nothing) Open(name string) (fs.File, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}
