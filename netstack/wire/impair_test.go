package wire

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"ipwsim/netstack/vtime"
)

// arrival is a numbered frame at its far end.
type arrival struct {
	n  int
	at time.Duration
}

// ear notes the numbered frames that arrive.
type ear struct {
	s   *vtime.Scheduler
	got []arrival
}

func (e *ear) Receive(_ *Port, f *Frame) {
	e.got = append(e.got, arrival{int(f.B[20])<<8 | int(f.B[21]), e.s.Now()})
	f.Free()
}

func (e *ear) LinkChanged(*Port, bool) {}

// line is one cable with a listener at each end.
type line struct {
	cable *Cable
	ports [2]*Port
	ears  [2]*ear
}

// lines lays n cables, "c0" and so on, in a network of a seed.
func lines(seed uint64, n int) (*vtime.Scheduler, *Network, []*line) {
	s := vtime.NewScheduler(0, time.Time{})
	net := NewNetwork(s)
	net.SetSeed(seed)
	var all []*line
	for i := range n {
		l := &line{ears: [2]*ear{{s: s}, {s: s}}}
		l.ports = [2]*Port{NewPort(fmt.Sprint("a", i), l.ears[0]), NewPort(fmt.Sprint("b", i), l.ears[1])}
		l.cable = net.Connect(fmt.Sprint("c", i), l.ports[0], l.ports[1], latency, nil)
		all = append(all, l)
	}
	return s, net, all
}

// send puts frames 0 to n-1 on the cable in a direction, gap apart, and lets them all arrive.
func (l *line) send(d Direction, n int, gap time.Duration) []arrival {
	s := l.cable.net.s
	e := l.ears[1-d]
	e.got = nil
	for i := range n {
		f := l.cable.net.NewFrame(60)
		clear(f.B)
		f.B[20], f.B[21] = byte(i>>8), byte(i)
		l.ports[d].Send(f)
		s.RunUntil(s.Now() + gap)
	}
	s.RunUntil(s.Now() + 2*MaxDelay)
	return e.got
}

func order(got []arrival) []int {
	var all []int
	for _, a := range got {
		all = append(all, a.n)
	}
	return all
}

func mustImpair(t require.TestingT, c *Cable, d Direction, i Impairment) {
	require.NoError(t, c.Impair(d, i))
}

// N1: what each impairment does to ten frames, 1 ms apart.
func TestN1_Impairments(t *testing.T) {
	for _, c := range []struct {
		name     string
		set      Impairment
		arrivals int
		count    Counters
	}{
		{"none", Impairment{}, 10, Counters{Sent: 10}},
		{"latency", Impairment{Latency: time.Second}, 10, Counters{Sent: 10}},
		{"loss of all", Impairment{Loss: 1}, 0, Counters{Sent: 10, Lost: 10}},
		{"duplication of all", Impairment{Duplicate: 1}, 20, Counters{Sent: 10, Duplicated: 10}},
		{"all held back", Impairment{Reorder: 1, Hold: time.Second}, 10, Counters{Sent: 10, Held: 10}},
		{"one-way cut", Impairment{Cut: true, Duplicate: 1}, 0, Counters{Sent: 10, Lost: 10}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, _, l := lines(1, 1)
			mustImpair(t, l[0].cable, AToB, c.set)
			got := l[0].send(AToB, 10, time.Millisecond)
			require.Len(t, got, c.arrivals)
			require.Equal(t, c.count, l[0].cable.Counters(AToB))
			if len(got) > 0 && c.set.Reorder == 0 {
				require.Equal(t, latency+c.set.Latency, got[0].at)
			}
			require.Len(t, l[0].send(BToA, 10, time.Millisecond), 10, "the other direction is as it was")
			require.Equal(t, Counters{Sent: 10}, l[0].ports[1].Counters())
			require.True(t, l[0].cable.Up(), "no impairment takes the link")
		})
	}
}

// Whatever latency and jitter are set between frames, no frame overtakes another without Reorder.
func TestJitterKeepsTheOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, _, l := lines(rapid.Uint64().Draw(t, "seed"), 1)
		var want []int
		delay := rapid.Int64Range(0, int64(20*time.Millisecond))
		for i := range rapid.IntRange(1, 50).Draw(t, "frames") {
			mustImpair(t, l[0].cable, AToB, Impairment{
				Latency: time.Duration(delay.Draw(t, "latency")), Jitter: time.Duration(delay.Draw(t, "jitter"))})
			f := l[0].cable.net.NewFrame(60)
			clear(f.B)
			f.B[21] = byte(i)
			l[0].ports[0].Send(f)
			want = append(want, i)
			s.RunUntil(s.Now() + time.Duration(delay.Draw(t, "gap")/10))
		}
		s.RunUntil(time.Hour)
		require.Equal(t, want, order(l[0].ears[1].got))
	})
}

// Frames wait for those before them only while those are on their way: a pulled cable has lost them.
func TestPulledCableHasNoOrderToKeep(t *testing.T) {
	s, _, l := lines(1, 1)
	c := l[0].cable
	mustImpair(t, c, AToB, Impairment{Latency: time.Hour})
	l[0].ports[0].Send(frameTo(&peer{port: l[0].ports[0]}, Broadcast))
	c.SetPlugged(false)
	c.SetPlugged(true)
	mustImpair(t, c, AToB, Impairment{})
	require.Equal(t, []arrival{{0, latency}}, l[0].send(AToB, 1, 0))
	require.Equal(t, uint64(1), c.Counters(AToB).Lost)
	require.Equal(t, 2*MaxDelay, s.Now())
}

// The twin of TestJitterKeepsTheOrder: with Reorder the same frames do overtake, and only held ones fall
// behind.
func TestReorderingOvertakes(t *testing.T) {
	_, _, l := lines(1, 1)
	mustImpair(t, l[0].cable, AToB, Impairment{Reorder: 0.1, Hold: 10 * time.Millisecond})
	got := l[0].send(AToB, 1000, time.Millisecond)
	require.Len(t, got, 1000)
	require.False(t, slices.IsSorted(order(got)))
	prompt := 0
	for _, a := range got {
		late := a.at - latency - time.Duration(a.n)*time.Millisecond
		require.LessOrEqual(t, late, 10*time.Millisecond)
		if late == 0 {
			prompt++
		}
	}
	require.Equal(t, 1000-int(l[0].cable.Counters(AToB).Held), prompt, "only frames held back are late")
}

func TestJitterIsUniform(t *testing.T) {
	_, _, l := lines(1, 1)
	mustImpair(t, l[0].cable, AToB, Impairment{Jitter: time.Millisecond})
	var sum time.Duration
	got := l[0].send(AToB, 10_000, 2*time.Millisecond)
	for _, a := range got {
		late := a.at - latency - time.Duration(a.n)*2*time.Millisecond
		require.True(t, late >= 0 && late <= time.Millisecond, late)
		sum += late
	}
	require.InDelta(t, 0.5, sum.Seconds()/10_000*1000, 0.02, "the mean, in ms")
}

// The rate of loss, duplication and holding back is the probability: within five standard deviations
// over 10,000 frames, for each seed.
func TestRates(t *testing.T) {
	const n = 10_000
	rates := map[string]func(*Impairment, float64){
		"loss":      func(i *Impairment, p float64) { i.Loss = p },
		"duplicate": func(i *Impairment, p float64) { i.Duplicate = p },
		"reorder":   func(i *Impairment, p float64) { i.Reorder, i.Hold = p, time.Millisecond },
	}
	for name, set := range rates { // order: subtests, each on its own
		t.Run(name, func(t *testing.T) {
			for seed := range uint64(5) {
				for _, p := range []float64{0.001, 0.05, 0.5, 0.9} {
					_, _, l := lines(seed, 1)
					var i Impairment
					set(&i, p)
					mustImpair(t, l[0].cable, AToB, i)
					l[0].send(AToB, n, time.Microsecond)
					c := l[0].cable.Counters(AToB)
					require.InDelta(t, p*n, c.Lost+c.Duplicated+c.Held, 5*math.Sqrt(n*p*(1-p)), "p %v, seed %d", p, seed)
				}
			}
		})
	}
}

func TestImpairmentOffIsAsNeverSet(t *testing.T) {
	_, _, l := lines(1, 2)
	mustImpair(t, l[0].cable, AToB, Impairment{})
	require.Nil(t, l[0].cable.ways[AToB], "nothing was asked for")
	mustImpair(t, l[0].cable, AToB, rough)
	require.Equal(t, rough, l[0].cable.Impairment(AToB))
	mustImpair(t, l[0].cable, AToB, Impairment{})
	require.Equal(t, l[1].send(AToB, 1, 0)[0].at+2*MaxDelay, l[0].send(AToB, 1, 0)[0].at)
}

func TestImpairmentTakesNoNonsense(t *testing.T) {
	for _, c := range []struct {
		set  Impairment
		want string
	}{
		{Impairment{Loss: 1.5}, "wire: cable c0: loss: found 1.5, expected a probability of 0 to 1"},
		{Impairment{Duplicate: math.NaN()}, "wire: cable c0: duplicate: found NaN, expected a probability of 0 to 1"},
		{Impairment{Latency: -1}, "wire: cable c0: latency: found -1ns, expected 0 to 24h0m0s"},
		{Impairment{Reorder: 0.1}, "wire: cable c0: reorder: a hold of more than 0 is expected with it"},
	} {
		_, _, l := lines(1, 1)
		require.EqualError(t, l[0].cable.Impair(AToB, c.set), c.want)
		require.Zero(t, l[0].cable.Impairment(AToB), "a refused impairment changes nothing")
	}
}

func TestImpairmentNeedsTheSeed(t *testing.T) {
	_, net, _ := bench(1)
	require.ErrorContains(t, net.Cables()[0].Impair(AToB, Impairment{Loss: 0.5}), "needs the network's seed")
	require.NoError(t, net.Cables()[0].Impair(AToB, Impairment{Cut: true}), "a cut draws nothing")
}
