package search

import (
	"context"
	"flag"
	"fmt"
	"os"
	"runtime/debug"
	"testing"
	"time"
)

var zzseed = flag.Uint64("zzseed", 1, "")
var zzfrom = flag.Int("zzfrom", 0, "")
var zzn = flag.Int("zzn", 4, "")

func TestZZ(t *testing.T) {
	debug.SetGCPercent(400)
	start := time.Now()
	sum := map[Probe]int{}
	kinds := map[string]int{}
	for sh := *zzfrom; sh < *zzfrom+*zzn; sh++ {
		r, err := Search(context.Background(), shipped, Task{Seed: *zzseed, Shard: sh, Cases: 300})
		if err != nil {
			fmt.Println("ERR", sh, err)
			continue
		}
		fmt.Println(sh, time.Since(start), r.Cases, r.Runs, r.Virtual/time.Duration(r.Cases), r.Failed)
		for p, n := range r.Probes {
			sum[p] += n
		}
		for i, s := range r.Stories {
			k := s.Check + "-" + s.Kind + "-" + s.Why
			kinds[k]++
			if kinds[k] == 1 {
				f := fmt.Sprintf("/tmp/h/st/%d-%d-%d.txtar", *zzseed, sh, i)
				os.WriteFile(f, []byte(s.Text), 0o644)
				fmt.Println(f, k, s.Faults, s.At)
			}
		}
	}
	fmt.Println(kinds)
	for _, p := range Probes {
		if sum[p] < 30 {
			fmt.Println(p, sum[p])
		}
	}
}
