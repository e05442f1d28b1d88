package scenarios_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/stat"

	"ipwsim/scenarios/script"
	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

// The same behaviour by a second hand: the times of the guide's cluster as the rules alone give them, without packets,
// ARP caches or a watcher.
type byRules struct{ interval, timeout float64 } // seconds

const (
	booting   = 120  // of the guide's cluster, to the link [H6]
	detecting = 3    // [H3]; services start one detection after the link [H6]
	flushing  = 0.05 // arp -d
	cycle     = 4    // ReleaseTime in the runs below, in intervals [W18]
)

// netsh takes from 0.2 to 1 s [H2].
func netsh(r *rand.Rand) float64 { return 0.2 + 0.8*r.Float64() }

// quantities are what both hands measure, in seconds.
var quantities = []struct {
	name string
	rule func(byRules, *rand.Rand) float64
	run  func(*testing.T, *finding.Run, moments) float64
}{
	{"cold start", // W5: the release and arp -d at the start. W7, W12: an interval of misses. W8, H3: the address is added, and tentative
		func(m byRules, r *rand.Rand) float64 {
			return booting + detecting + netsh(r) + flushing + m.interval + netsh(r) + detecting
		},
		func(t *testing.T, out *finding.Run, _ moments) float64 {
			i := slices.IndexFunc(out.Trace.Records, func(r trace.Record) bool {
				a, is := r.Body.(trace.Address)
				return is && a.IP == guideVIP && a.State == trace.Preferred
			})
			require.Positive(t, i)
			require.Equal(t, "active", out.Trace.Records[i].Host, "W13")
			return out.Trace.Records[i].At.Seconds()
		}},
	{"failover", // W14
		func(m byRules, r *rand.Rand) float64 {
			return m.timeout*r.Float64() + m.interval + netsh(r) + detecting
		},
		func(t *testing.T, out *finding.Run, at moments) float64 {
			return outageOf(t, out, finding.FailoverKind, at.pulled, at.plugged).Length().Seconds()
		}},
	{"failback", // H5: the master's detection. W16: it asks at once; W17: the peer's delete, and its own add
		func(_ byRules, r *rand.Rand) float64 { return detecting + netsh(r) + netsh(r) + detecting },
		func(t *testing.T, out *finding.Run, at moments) float64 {
			require.Len(t, out.Facts.Failbacks, 1)
			require.Equal(t, at.plugged, out.Facts.Failbacks[0].From)
			return out.Facts.Failbacks[0].Length().Seconds()
		}},
	{"silent in a failback", // from the peer's delete on
		func(_ byRules, r *rand.Rand) float64 { return netsh(r) + detecting },
		func(_ *testing.T, out *finding.Run, _ moments) float64 {
			return out.Facts.Failbacks[0].Silent.Seconds()
		}},
	{"release cycle", // W18: it yields, W13
		func(m byRules, r *rand.Rand) float64 { return 2*m.interval + netsh(r) + detecting },
		func(t *testing.T, out *finding.Run, at moments) float64 {
			return outageOf(t, out, finding.CycleKind, at.off, out.Facts.End).Length().Seconds()
		}},
}

var guideVIP = netip.MustParseAddr("192.168.10.202")

// moments are when a run's faults come.
type moments struct{ pulled, plugged, off, end time.Duration }

func outageOf(t *testing.T, out *finding.Run, kind finding.OutageKind, from, to time.Duration) *finding.Outage {
	t.Helper()
	for _, o := range out.Facts.Outages() {
		if o.Kind == kind && from <= o.From && o.From < to && !o.Open {
			return o
		}
	}
	require.Fail(t, "no outage", "%s from %v to %v", kind, from, to)
	return nil
}

// play runs a cold start, a failover, a failback and a release cycle. The fault comes at any moment of a poll.
func (m byRules) play(t *testing.T, seed uint64) (*finding.Run, moments) {
	interval := time.Duration(m.interval) * time.Second
	phase := time.Duration(rand.New(rand.NewPCG(seed, 1)).Float64() * m.timeout * float64(time.Second)).Round(time.Microsecond)
	at := moments{pulled: (booting+20)*time.Second + 3*interval + phase}
	at.plugged = at.pulled + interval + 30*time.Second
	at.off = at.plugged + 30*time.Second
	at.end = at.off + (1+cycle+2)*interval + 30*time.Second
	text := fmt.Sprintf("cluster guide cold\nexpect problem ReleaseTime is %d\nping client vip\n"+
		"at 0s power-on active\nat 0s power-on standby\nat %v unplug active\nat %v plug active\nat %v power-off active\nend %v\n",
		cycle, at.pulled, at.plugged, at.off, at.end)
	for balance, role := range []string{"active", "standby"} {
		text += fmt.Sprintf("-- %s/ipwcs.reg --\nWindows Registry Editor Version 5.00\n\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\EPOST\\IPWCS]\n"+
			"\"Interval\"=dword:%08x\n\"PingTimeout\"=dword:%08x\n\"ReleaseTime\"=dword:%08x\n\"Balance\"=dword:%08x\n",
			role, int(m.interval), int(m.timeout), cycle, balance)
	}
	s, problems := script.Parse("model.txtar", []byte(text))
	require.NoError(t, problems.Err())
	out, err := script.Run(context.Background(), s, script.Options{Cluster: cluster, Seed: &seed})
	require.NoError(t, err)
	return out, at
}

// The runs' distributions are the rules': two samples of each quantity, by the test of Kolmogorov and Smirnov.
func TestDistributionsFollowFromTheRules(t *testing.T) {
	intervals, timeouts, seeds := []float64{30}, []float64{3}, 100
	if *nightly {
		intervals, timeouts, seeds = []float64{10, 30, 60}, []float64{1, 3, 5}, 300
	}
	for _, interval := range intervals {
		for _, timeout := range timeouts {
			t.Run(fmt.Sprintf("Interval %v, PingTimeout %v", interval, timeout), func(t *testing.T) {
				m := byRules{interval, timeout}
				ran := make([][]float64, len(quantities))
				for seed := range seeds {
					out, at := m.play(t, uint64(seed+1))
					for i, q := range quantities {
						ran[i] = append(ran[i], q.run(t, out, at))
					}
				}
				r := rand.New(rand.NewPCG(uint64(interval), uint64(timeout)))
				for i, q := range quantities {
					ruled := make([]float64, 10*seeds)
					for k := range ruled {
						ruled[k] = q.rule(m, r)
					}
					p := sameDistribution(ran[i], ruled)
					t.Logf("%-20s p = %.2f, means %.3f and %.3f s", q.name, p, stat.Mean(ran[i], nil), stat.Mean(ruled, nil))
					require.Greater(t, p, 0.01, q.name)
					for k := range ruled {
						ruled[k]++ // its broken twin: a second is seen
					}
					require.Less(t, sameDistribution(ran[i], ruled), 0.01, q.name)
				}
			})
		}
	}
}

// sameDistribution is the probability that two samples of one distribution differ as much as these or more, after
// Kolmogorov's limit.
func sameDistribution(a, b []float64) float64 {
	slices.Sort(a)
	slices.Sort(b)
	n := float64(len(a)*len(b)) / float64(len(a)+len(b))
	lambda := math.Sqrt(n) * stat.KolmogorovSmirnov(a, nil, b, nil)
	if lambda < 0.2 {
		return 1 // the series converges slowly there, to 1
	}
	p := 0.0
	for k := 1; k <= 100; k++ {
		p += 2 * math.Pow(-1, float64(k-1)) * math.Exp(-2*lambda*lambda*float64(k*k))
	}
	return p
}
