package study

import (
	"math"
	"math/rand/v2"
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"ipwsim/core"
	"ipwsim/sim/studied"
)

// watcher is the real watcher's step function, with answers from a stream of coin tosses.
type watcher struct {
	m       *core.Machine
	now     time.Duration
	miss    func(sent time.Duration) bool
	answer  *core.Echo
	answers time.Duration // when the answer to the last poll comes
	frozen  func(time.Duration) time.Duration
}

const tripTime = time.Millisecond

var watchedVIP = netip.MustParseAddr("192.168.10.202")

// newWatcher has a slave that has just polled for the first time, at 0.
func newWatcher(p polls, miss func(time.Duration) bool) *watcher {
	s := core.DefaultSettings()
	s.Balance, s.Interval, s.PingTimeout = core.Slave, p.interval, p.timeout
	w := &watcher{m: core.New(s, []core.Entry{{VIP: watchedVIP}}), miss: miss, frozen: func(t time.Duration) time.Duration { return t }}
	w.step(core.Start{})
	return w
}

// step feeds an event and does what the machine asks for: a command ends at once. It says whether the VIP
// is being taken.
func (w *watcher) step(ev core.Event) (taking bool) {
	var commands []core.Event
	for _, a := range w.m.Step(w.now, ev) {
		switch a := a.(type) {
		case core.SendEcho:
			if w.answer = nil; !w.miss(w.now) {
				w.answer, w.answers = &core.Echo{VIP: a.VIP, Seq: a.Seq}, w.frozen(w.now+tripTime)
			}
		case core.StateChanged:
			if a.State == core.Taking {
				return true
			}
		case core.Run:
			commands = append(commands, core.CommandDone{ID: a.ID})
		}
	}
	for _, done := range commands {
		taking = w.step(done) || taking
	}
	return taking
}

// untilTaken drives the watcher by its deadlines and the answers; false when the end comes first.
func (w *watcher) untilTaken(end time.Duration) bool {
	for {
		next, _ := w.m.Deadline()
		var ev core.Event = core.Tick{}
		if w.answer != nil && w.answers <= next {
			next, ev, w.answer = w.answers, *w.answer, nil
		}
		if next > end {
			return false
		}
		w.now = next
		if w.step(ev) {
			return true
		}
	}
}

// The count of core/poll.go, by the watcher itself: after an answer, how many polls it sends that are all missed,
// and when it takes the VIP.
func TestTail_MissesAreTheWatchers(t *testing.T) {
	for _, interval := range []time.Duration{1, 2, 5, 9, 10, 11, 30} {
		for _, timeout := range []time.Duration{1, 2, 3, 5, 12} {
			p := polls{interval: interval * time.Second, timeout: timeout * time.Second}
			sent := 0
			w := newWatcher(p, func(at time.Duration) bool {
				if at > 0 {
					sent++
				}
				return at > 0
			})
			require.True(t, w.untilTaken(time.Hour))
			require.Equal(t, p.misses(p.interval), sent, "%v", p)
			require.Equal(t, p.timeout+p.countdown(p.interval), w.now, "%v: one poll was answered, at 0", p)
		}
	}
}

// Exact counting agrees with naive sampling of the real watcher, where that can run: at high loss.
func TestTail_AgreesWithNaiveSampling(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	for _, p := range []polls{
		{miss: 0.3, interval: 5 * time.Second, timeout: time.Second},
		{miss: 0.4, interval: 10 * time.Second, timeout: 3 * time.Second},
		{miss: 0.6, interval: 10 * time.Second, timeout: 2 * time.Second},
		{miss: 0.5, interval: 3 * time.Second, timeout: 5 * time.Second},
	} {
		const n = 3000
		sum, square := 0.0, 0.0
		for range n {
			w := newWatcher(p, func(time.Duration) bool { return random.Float64() < p.miss })
			require.True(t, w.untilTaken(1000*time.Hour))
			sum += w.now.Seconds()
			square += w.now.Seconds() * w.now.Seconds()
		}
		mean := sum / n
		margin := 4 * math.Sqrt((square/n-mean*mean)/n) // 1 in 16,000 that it misses
		taken, _ := p.takes()
		exact := studied.Year.Seconds()/taken - p.recovery() // until the watcher takes it
		require.InDelta(t, exact, mean, margin, "%+v", p)

		twin := p // one miss fewer, as by a count that is off by one
		twin.interval -= p.timeout
		if twin.interval > 0 {
			wrong, _ := twin.takes()
			require.Greater(t, math.Abs(studied.Year.Seconds()/wrong-twin.recovery()-mean), margin, "the test sees a count that is off by one: %+v", p)
		}
	}
}

// The recurrence against the closed form, and against all streams of answers of a short time.
func TestTail_RunsOfMisses(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k, miss := rapid.IntRange(1, 12).Draw(t, "k"), rapid.Float64Range(0.01, 0.99).Draw(t, "miss")
		e := polls{miss: miss}.untilRun(k)
		pk := math.Pow(miss, float64(k))
		require.InEpsilon(t, (1-pk)/((1-miss)*pk), e, 1e-9)
		lossier := polls{miss: miss + 0.005}
		require.Less(t, lossier.untilRun(k), e)
		require.Greater(t, polls{miss: miss}.untilRun(k+1), e)
	})
	require.Equal(t, 7.0, polls{miss: 1}.untilRun(7))
	taken, split := polls{interval: time.Minute, timeout: time.Second}.takes()
	require.Zero(t, taken)
	require.Zero(t, split)
}

// Freezes against the real watcher whose holder is frozen, at every phase, with loss and without.
func TestTail_FreezesAgreeWithTheWatcher(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, c := range []struct {
		miss, length float64 // seconds
		p            polls
	}{
		{0, 11.2, polls{interval: 10 * time.Second, timeout: 3 * time.Second}},
		{0, 10.5, polls{interval: 10 * time.Second, timeout: 2 * time.Second}},
		{0, 9.9, polls{interval: 10 * time.Second, timeout: 2 * time.Second}},
		{0, 13, polls{interval: 10 * time.Second, timeout: 2 * time.Second}},
		{0.3, 7.5, polls{interval: 10 * time.Second, timeout: 3 * time.Second}},
		{0.2, 10.4, polls{interval: 10 * time.Second, timeout: 3 * time.Second}},
		{0.4, 6.2, polls{interval: 10 * time.Second, timeout: 2 * time.Second}},
	} {
		c.p.miss = c.miss
		length := time.Duration(c.length * float64(time.Second))
		const n = 2000
		hits, runs := 0, 0
		for range n {
			from := 5*time.Minute + time.Duration(random.Float64()*float64(c.p.timeout))
			w := newWatcher(c.p, func(time.Duration) bool { return random.Float64() < c.miss })
			w.frozen = func(at time.Duration) time.Duration {
				if from <= at && at < from+length {
					return from + length
				}
				return at
			}
			if w.untilTaken(from) {
				continue
			}
			runs++
			if w.untilTaken(from + length + c.p.interval) {
				hits++
			}
		}
		s := share(hits, 0, runs)
		want := c.p.frozen(length)
		baseline := float64(length+c.p.interval) / float64(c.p.timeout) * math.Pow(c.miss, float64(c.p.misses(c.p.interval)))
		require.GreaterOrEqual(t, s.High+0.01, want, "%+v", c)
		require.LessOrEqual(t, s.Low-0.01-baseline, want, "%+v", c)
	}
}

// A frozen watcher takes nothing of it.
func TestTail_AFrozenWatcherTakesNothing(t *testing.T) {
	for _, length := range []time.Duration{3, 7, 30, 300} {
		w := newWatcher(polls{interval: 5 * time.Second, timeout: time.Second}, func(time.Duration) bool { return false })
		require.False(t, w.untilTaken(time.Minute))
		w.now += length * time.Second
		w.answer = nil // what came in while it was frozen is stale
		require.False(t, w.step(core.Tick{}))
		require.False(t, w.untilTaken(w.now+time.Minute))
	}
}
