package explore

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"

	"ipwsim/core"
)

func TestTry(t *testing.T) {
	get := func(name string, or int) int {
		if v, err := strconv.Atoi(os.Getenv(name)); err == nil {
			return v
		}
		return or
	}
	c := Case{VIPs: get("VIPS", 1), Netsh: [2]time.Duration{time.Duration(get("N0", 1000)) * time.Millisecond, time.Duration(get("N1", 1000)) * time.Millisecond}}
	for i := range c.Nodes {
		c.Nodes[i] = core.Settings{
			Interval: time.Duration(get("I", 3)) * time.Second, PingTimeout: time.Duration(get("P", 1)) * time.Second, ReleaseTime: get("R", 5),
			Balance: core.Balance(get("B"+strconv.Itoa(i), i)),
		}
	}
	start := time.Now()
	r, err := Explore(context.Background(), c, Bound{Departures: get("D", 1), Time: time.Duration(get("T", 0)) * time.Second, Progress: func(r Result) {
		t.Logf("progress %v %d %d %d", time.Since(start), r.Departures, r.States, r.Transitions)
	}})
	t.Logf("%+v %v %v", r, err, time.Since(start))
	if r.Broken != nil {
		t.Logf("%s %s %v node %d %v %+v", r.Broken.Rule, r.Broken.What, r.Broken.At, r.Broken.Node, r.Broken.Limit, r.Broken.Trail)
		for _, l := range r.Broken.Log {
			fmt.Printf("%8.3f %d %s\n", l.At.Seconds(), l.Node, l.Text)
		}
		os.WriteFile("/tmp/broken.txtar", r.Broken.Scenario(c), 0o644)
	}
}
