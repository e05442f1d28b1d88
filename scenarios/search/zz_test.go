package search

import (
	"context"
	"fmt"
	"io/fs"
	"runtime/debug"
	"testing"
	"time"

	"ipwsim/scenarios"
)

func TestZZ(t *testing.T) {
	debug.SetGCPercent(400)
	find := func(name string) (fs.FS, error) { return fs.Sub(scenarios.Clusters(), name) }
	start := time.Now()
	r, err := Search(context.Background(), find, Task{Seed: 1, Shard: 0, Cases: 1000})
	if err != nil {
		t.Fatal(err)
	}
	fmt.Println(time.Since(start), r.Cases, r.Runs, r.Virtual/time.Duration(r.Cases), r.Failed, r.Hopeless, r.Twice)
	for _, p := range Probes {
		if r.Probes[p] < 30 {
			fmt.Println(p, r.Probes[p])
		}
	}
	for _, s := range r.Stories {
		fmt.Printf("-----\n%+v\n%s\n", s.Failure, s.Text)
	}
}
