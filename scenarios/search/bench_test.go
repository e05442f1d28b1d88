package search

import (
	"context"
	"testing"
	"time"

	"ipwsim/scenarios/script"
)

// A case, drawn, run and judged.
func BenchmarkCase(b *testing.B) {
	var cases int
	for shard := 0; cases < b.N; shard++ {
		r, err := Search(context.Background(), shipped, Task{Seed: 1, Shard: shard, Cases: min(b.N-cases, 250)})
		if err != nil {
			b.Fatal(err)
		}
		cases += r.Cases
	}
}

// Its floor: the guide's cluster, quiet for as long as a case lasts on average.
func BenchmarkCaseFloor(b *testing.B) {
	drawn, err := Search(context.Background(), shipped, Task{Seed: 1, Cases: 250})
	if err != nil {
		b.Fatal(err)
	}
	w := plain(1)
	w.Interval, w.PingTimeout = 11, 2 // the average of what is drawn
	p, err := (&ground{shipped}).place(w)
	if err != nil {
		b.Fatal(err)
	}
	c := Case{World: w, End: drawn.Virtual / time.Duration(drawn.Cases)}
	text := c.text(p, "Quiet")
	for b.Loop() {
		s, problems := script.Parse("quiet.txtar", []byte(text))
		if err := problems.Err(); err != nil {
			b.Fatal(err)
		}
		if _, err := script.Run(context.Background(), s, script.Options{Cluster: shipped}); err != nil {
			b.Fatal(err)
		}
	}
}
