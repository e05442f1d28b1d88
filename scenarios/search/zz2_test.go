package search

import (
	"flag"
	"fmt"
	"io/fs"
	"os"
	"testing"

	"ipwsim/scenarios"
)

var zzcase = flag.Int("zzcase", -1, "")

func TestYY(t *testing.T) {
	g := &ground{func(name string) (fs.FS, error) { return fs.Sub(scenarios.Clusters(), name) }}
	i := *zzcase
	w := drawWorld(tape(1, i, worldTape))
	p, _ := g.place(w)
	d := drawing{tape(1, i, faultTape), p}
	c := newCase(w, p, drawFaults(d), d.chance(60))
	os.WriteFile(fmt.Sprintf("/tmp/h/s%d.txtar", i), []byte(c.text(p, "case")), 0o644)
}
