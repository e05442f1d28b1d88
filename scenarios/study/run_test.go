package study

import (
	"context"
	"fmt"
	"io/fs"
	"math"
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/scenarios"
	"ipwsim/scenarios/script"
	"ipwsim/sim/cluster"
	"ipwsim/sim/finding"
	"ipwsim/sim/studied"
	"ipwsim/sim/trace"
)

// W11-W14 by hand: on a lossless network a failover takes 0..PingTimeout to the first missed poll, uniform
// as the phase is, an Interval, netsh, and the address's detection. Least, median and most agree in every
// cell within netsh's spread; where netsh takes a fixed time the distribution agrees too.
func TestW14_AgreesWithArithmetic(t *testing.T) {
	const n = 60
	p := planOf(t, n, []string{"netsh", "500ms..500ms", "200ms..1s"}, []string{"interval", "5s", "60s"}, []string{"ping-timeout", "1s", "5s"})
	p.FailoverOnly = true
	for i := range p.cells {
		c := &p.cells[i]
		c.failoverOnly = true
		var polls []float64 // of a PingTimeout, to the first missed poll
		for k := range n {
			r := ran(c, p.SeedOf(k))
			require.False(t, r.FailoverOpen)
			polls = append(polls, r.Failover-(c.Interval+c.NetshMin+c.Tentative).Seconds())
		}
		slices.Sort(polls)
		spread := (c.NetshMax - c.NetshMin).Seconds()
		const latency = 0.001
		pt := c.PingTimeout.Seconds()
		what := p.Describe(c.Values, studied.Every)
		require.GreaterOrEqual(t, polls[0], 0.0, "W14's least: %s", what)
		require.LessOrEqual(t, polls[n-1], pt+spread+latency, "W14's most: %s", what)
		require.InDelta(t, pt/2+spread/2, (polls[n/2-1]+polls[n/2])/2, spread/2+0.15*pt+latency, "W14's median: %s", what)
		require.Less(t, polls[0], spread+0.1*pt, "the least is met: %s", what)
		require.Greater(t, polls[n-1], 0.9*pt, "the most is met: %s", what)
		if spread == 0 {
			require.Less(t, distance(polls, pt), 1.63/math.Sqrt(n), "Kolmogorov's bound at 1 %%: %s", what)
		}
	}
}

// distance is Kolmogorov's, of sorted values from the uniform distribution over 0..most.
func distance(values []float64, most float64) (d float64) {
	for i, v := range values {
		f := v / most
		d = max(d, math.Abs(f-float64(i)/float64(len(values))), math.Abs(float64(i+1)/float64(len(values))-f))
	}
	return d
}

// A run that ends with its answer gives what the whole run gives: the same as a scenario with the same faults
// at the same times, which goes on for minutes and is read as a whole.
func TestTheFullRunGivesTheSame(t *testing.T) {
	p := planOf(t, 1, []string{"fault", "unplug", "shutdown", "power", "freeze"})
	for i := range p.cells {
		for k := range 3 {
			c := &p.cells[i]
			row := ran(c, p.SeedOf(k))
			full := fullRun(t, c, row)
			same := func(want time.Duration, got float64, what string) {
				require.InDelta(t, want.Seconds(), got, 1e-9, "%s, seed %d: %s", c.Fault, row.Seed, what)
			}
			over := full.Outages()[0]
			require.Equal(t, finding.FailoverKind, over.Kind)
			same(over.Length(), row.Failover, "failover")
			require.Equal(t, []string{over.Client, over.VIP.String()}, []string{row.FailoverClient, row.FailoverVIP})
			require.Equal(t, []float64{30, 40}, []float64{row.FailoverLeast, row.FailoverMost})
			heaps := row.Heaps()
			same(over.Length(), heaps[studied.Free]+heaps[studied.Tentative]+heaps[studied.Cache]+heaps[studied.Else], "parts")
			dual := time.Duration(0)
			for _, d := range full.Duals {
				dual += d.To - d.From
			}
			same(dual, row.Dual, "dual")
			if c.Fault == studied.Freeze {
				require.Empty(t, full.Failbacks)
				require.True(t, math.IsNaN(row.Failback))
				require.Positive(t, row.Dual)
				continue
			}
			back := full.Failbacks[0]
			same(back.Length(), row.Failback, "failback")
			same(back.Silent, row.Silent, "silent")
			same(back.Silent, row.FailbackFree+row.FailbackTentative+row.FailbackCache, "parts of the silence")
			require.Equal(t, []float64{5, 10}, []float64{row.FailbackLeast, row.FailbackMost})
		}
	}
}

// fullRun is the row's run as a scenario.
func fullRun(t *testing.T, c *Cell, row studied.Row) *finding.Facts {
	at := func(seconds float64) time.Duration { return time.Duration(math.Round(seconds * 1e9)) }
	text := fmt.Sprintf("# %s\ncluster guide\nping client vip\nat %v %s holder\nat %v %s active\nend %v\n",
		c.Fault, at(row.Phase), begin[c.Fault], at(row.Return), back[c.Fault], at(row.Return)+5*time.Minute)
	s, problems := script.Parse("full.txtar", []byte(text))
	require.NoError(t, problems.Err())
	out, err := script.Run(context.Background(), s, script.Options{Seed: &row.Seed, Cluster: func(name string) (fs.FS, error) {
		return fs.Sub(scenarios.Clusters(), name)
	}})
	require.NoError(t, err)
	return out.Facts
}

// Common random numbers: a seed has the same phase in every cell, scaled, and the same netsh times.
func TestCommonRandomNumbers(t *testing.T) {
	p := planOf(t, 1, []string{"interval", "10s", "20s"}, []string{"netsh", "0s..0s", "0s..1s"})
	for k := range 10 {
		rows := []*studied.Row{}
		for i := range p.cells {
			row := ran(&p.cells[i], p.SeedOf(k))
			rows = append(rows, &row)
		}
		unit := rows[0].Phase / 12 // 10 s rounded up to whole polls of 3 s
		require.InDelta(t, unit, rows[2].Phase/21, 1e-6)
		require.Equal(t, rows[0].Phase, rows[1].Phase)
		require.NotEqual(t, ran(&p.cells[0], p.SeedOf(k+1)).Phase, rows[0].Phase)
	}
	require.Equal(t, ran(&p.cells[1], 5), ran(&p.cells[1], 5), "a function of its arguments")
}

// severalVIPs is the guide's cluster with four VIPs.
func severalVIPs(t testing.TB) *cluster.Blueprint {
	bp := shippedCluster(t, "guide")
	for _, vip := range []string{"192.168.10.203", "192.168.10.204", "192.168.10.205"} {
		bp.VIPs = append(bp.VIPs, netip.MustParseAddr(vip))
		for i := range bp.Nodes {
			e := bp.Nodes[i].Entries[0]
			e.VIP = netip.MustParseAddr(vip)
			bp.Nodes[i].Entries = append(bp.Nodes[i].Entries, e)
		}
	}
	return bp
}

// ran is Run of a world that is not halted.
func ran(c *Cell, seed uint64) studied.Row {
	row, err := Run(c, seed)
	if err != nil {
		panic(err)
	}
	return row
}

// worstOf is FindWorst likewise.
func worstOf(c *Cell, seed uint64) studied.Worst {
	w, err := c.FindWorst(seed)
	if err != nil {
		panic(err)
	}
	return w
}

// A world that is halted has nothing to measure: neither a run nor a search for the worst is a row then.
func TestAHaltedWorldIsAnError(t *testing.T) {
	for fault := range begin {
		p := planOn(t, storming(t), 1, []string{"fault", string(fault)})
		c := &p.Cells()[0]
		_, err := Run(c, 1)
		require.ErrorContains(t, err, "cell 0, seed 1: more than ")
		_, err = c.FindWorst(1)
		require.ErrorContains(t, err, "cell 0, seed 1: more than ")
		_, err = p.Execute(t.Context(), t.TempDir(), Options{Workers: 1})
		require.ErrorContains(t, err, "cell 0, seed ")
	}
}

// storming is a cluster whose switches are in a ring.
func storming(t *testing.T) *cluster.Blueprint {
	bp := shippedCluster(t, "guide")
	for _, name := range []string{"sw2", "sw3"} {
		bp.Switches = append(bp.Switches, cluster.Switch{Name: name, PortFast: true})
	}
	bp.Trunks = []cluster.Trunk{{A: bp.Switches[0].Name, B: "sw2"}, {A: "sw2", B: "sw3"}, {A: "sw3", B: bp.Switches[0].Name}}
	return bp
}

// A machine that shuts down with several VIPs is switched on when it is off.
func TestAShutdownWithSlowNetsh(t *testing.T) {
	bp := severalVIPs(t)
	d := NewDraft()
	d.VIP = "192.168.10.202"
	d.Add("fault", "shutdown")
	d.Add("active.netsh", "25s..25s")
	p, problems := d.Plan(bp)
	require.NoError(t, problems.Err())
	c := &p.Cells()[0]
	row, full := ran(c, 3), Replay(c, 3)
	var on, off float64
	for _, r := range full.Trace.Records {
		if power, ok := r.Body.(trace.Power); ok && r.Host == cluster.Active && power.State == trace.Off {
			off = r.At.Seconds()
		} else if ok && r.Host == cluster.Active && power.State == trace.Booting {
			on = r.At.Seconds()
		}
	}
	require.Equal(t, row.Return, on)
	require.Greater(t, on, off)
	require.Less(t, row.Phase+row.Failover, off, "the first VIP has moved while the last is being released")
}

// Where no frame arrives nobody is answered: nothing was measured, and that is no number.
func TestNothingToMeasure(t *testing.T) {
	p := planOf(t, 1, []string{"loss", "100%"}, []string{"fault", "unplug", "freeze"})
	for i := range p.cells {
		row := ran(&p.cells[i], 1)
		require.True(t, math.IsNaN(row.Failover))
		require.True(t, math.IsNaN(row.Failback))
	}
}

// No answer within the horizon is a lower bound, not a number.
func TestOpenEnds(t *testing.T) {
	p := planOf(t, 1, []string{"interval", "30s"})
	c := &p.cells[0]
	c.Horizon = 20 * time.Second
	row := ran(c, 1)
	require.True(t, row.FailoverOpen)
	require.InDelta(t, 20, row.Failover, 1e-9)
	require.True(t, math.IsNaN(row.Failback))
}
