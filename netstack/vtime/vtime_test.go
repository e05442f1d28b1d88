package vtime

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

var epoch = time.Date(2025, 2, 7, 16, 19, 27, 0, time.UTC)

func newTest(t testing.TB) (*Scheduler, *Domain) {
	s := NewScheduler(0, epoch)
	t.Cleanup(s.Close)
	return s, s.NewDomain("node")
}

func TestEventsRunInOrderOfTimeThenSequence(t *testing.T) {
	s, _ := newTest(t)
	var got []string
	note := func(x string) func() { return func() { got = append(got, x) } }
	s.After(2*time.Second, note("late"))
	s.After(time.Second, note("first of the instant"))
	s.After(time.Second, note("second of the instant"))
	s.After(-time.Hour, note("past means now"))
	s.RunUntil(time.Second)
	require.Equal(t, []string{"past means now", "first of the instant", "second of the instant"}, got)
	require.Equal(t, time.Second, s.Now(), "the time stands where the run was to end")
	s.RunUntil(time.Hour)
	require.Equal(t, "late", got[3])
}

func TestEventOfNowRunsAfterTheCallerReturns(t *testing.T) {
	s, d := newTest(t)
	inside := false
	d.After(0, func() {
		inside = true
		d.After(0, func() { require.False(t, inside, "a zero timer ran inside AfterFunc") })
		inside = false
	})
	s.RunUntil(0)
}

// The order of any set of events, some of them stopped, is that of a stable sort by time.
func TestOrderIsAStableSort(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := NewScheduler(0, epoch)
		d := s.NewDomain("node")
		times := rapid.SliceOfN(rapid.IntRange(0, 9), 1, 60).Draw(t, "times")
		type ev struct{ at, n int }
		var want, got []ev
		var timers []Timer
		for n, at := range times {
			timers = append(timers, d.After(time.Duration(at), func() { got = append(got, ev{at, n}) }))
		}
		for n, at := range times {
			if rapid.Bool().Draw(t, "stop") {
				require.True(t, timers[n].Stop(), "an event that has not run can be stopped")
				require.False(t, timers[n].Stop(), "stopping twice says false")
			} else {
				want = append(want, ev{at, n})
			}
		}
		slices.SortStableFunc(want, func(a, b ev) int { return a.at - b.at })
		s.RunUntil(time.Second)
		require.Equal(t, want, got)
		for n := range timers {
			require.False(t, timers[n].Stop(), "an event that ran cannot be stopped")
		}
	})
}

func TestTimerOfASpentEventDoesNotStopItsSuccessor(t *testing.T) {
	s, d := newTest(t)
	old := d.After(time.Second, func() {})
	s.RunUntil(time.Second)
	ran := false
	d.After(time.Second, func() { ran = true }) // uses the spent event's memory again
	require.False(t, old.Stop())
	s.RunUntil(2 * time.Second)
	require.True(t, ran)
}

// H7: nothing of a frozen machine runs; on resume it goes on with what fell due, in its old order.
func TestH7_FrozenMachineRunsLaterInOrder(t *testing.T) {
	s, d := newTest(t)
	other := s.NewDomain("other")
	var got []string
	d.After(1*time.Second, func() { got = append(got, "node 1s") })
	d.After(2*time.Second, func() { got = append(got, "node 2s") })
	held := d.After(3*time.Second, func() { got = append(got, "stopped while held") })
	other.After(2*time.Second, func() { got = append(got, "other 2s") })
	d.Freeze()
	s.RunUntil(10 * time.Second)
	require.Equal(t, []string{"other 2s"}, got, "a frozen machine is silent, others go on")
	require.True(t, held.Stop(), "a timer that fell due while frozen can still be stopped")
	d.Thaw()
	s.RunUntil(10 * time.Second)
	require.Equal(t, []string{"other 2s", "node 1s", "node 2s"}, got)
}

// H7: what fell due while the machine was frozen can be taken back until it has run.
func TestH7_HeldEventsCanBeStoppedAfterTheThaw(t *testing.T) {
	s, d := newTest(t)
	ran := false
	held := d.After(time.Second, func() { ran = true })
	d.Freeze()
	s.RunUntil(2 * time.Second)
	d.Thaw()
	require.True(t, held.Stop())
	require.False(t, held.Stop())
	s.RunUntil(3 * time.Second)
	require.False(t, ran)
}

// H6: after power loss nothing of the machine runs, and its procs end.
func TestH6_KilledMachineNeverRunsAgain(t *testing.T) {
	s, d := newTest(t)
	d.After(time.Second, func() { t.Error("a dead machine ran") })
	unwound := false
	d.Go("sleeper", func() {
		defer func() { unwound = true }()
		var p = d.Current()
		p.Sleep(time.Hour)
		t.Error("a dead machine's proc went on")
	})
	s.RunUntil(0)
	d.Kill()
	s.RunUntil(2 * time.Hour)
	require.True(t, unwound, "a dead machine's procs end at once")
}

func TestKilledWhileFrozen(t *testing.T) {
	s, d := newTest(t)
	d.Go("sleeper", func() { d.Current().Sleep(time.Second) })
	s.RunUntil(0)
	d.Freeze()
	s.RunUntil(5 * time.Second)
	d.Kill()
	s.RunUntil(10 * time.Second)
	require.Empty(t, s.procs)
}

// One proc runs at a time, in the order they became ready, each until it waits.
func TestProcsTakeTurns(t *testing.T) {
	s, d := newTest(t)
	var got []string
	for _, name := range []string{"a", "b"} {
		d.Go(name, func() {
			for range 3 {
				got = append(got, name) // a data race if two ran at once
				d.Current().Sleep(time.Second)
			}
		})
	}
	s.RunUntil(time.Minute)
	require.Equal(t, []string{"a", "b", "a", "b", "a", "b"}, got)
}

func TestWakeBeforeParkIsNotLost(t *testing.T) {
	s, d := newTest(t)
	done := false
	d.Go("p", func() {
		d.Current().Wake()
		d.Current().Park()
		done = true
	})
	s.RunUntil(0)
	require.True(t, done)
}

// Who still knows a proc that has ended, as a waiter that gave up, may wake it: nobody is there to
// take the baton, so it must not be handed out.
func TestWakeAfterTheEnd(t *testing.T) {
	s, d := newTest(t)
	var ended *Proc
	d.Go("p", func() { ended = d.Current() })
	d.Go("acceptor", func() {
		guest := d.Reserve("handler")
		go func() { guest.Join(); guest.Release() }()
		d.Current().Sleep(time.Second)
		guest.Wake()
	})
	s.RunUntil(0)
	ended.Wake()
	went := make(chan bool)
	go func() { s.RunUntil(time.Minute); close(went) }()
	select {
	case <-went:
	case <-time.After(10 * time.Second): // wall clock: a hang of the real program is what is looked for
		t.Fatal("the baton was handed to a proc that has ended")
	}
}

// An adopted goroutine runs at its turn, whenever the real scheduler starts it.
func TestAdoptedGoroutineWaitsForItsTurn(t *testing.T) {
	s, d := newTest(t)
	var got []string
	d.Go("acceptor", func() {
		p := d.Reserve("handler")
		go func() {
			time.Sleep(5 * time.Millisecond) // wall clock: the handler starts late in real time
			p.Join()
			got = append(got, "handler")
			p.Release()
		}()
		d.Current().Sleep(0)
		got = append(got, "acceptor")
	})
	d.After(time.Nanosecond, func() { got = append(got, "next event") })
	s.RunUntil(time.Second)
	require.Equal(t, []string{"handler", "acceptor", "next event"}, got)
}

func TestVirtualCallWithoutTheBatonPanics(t *testing.T) {
	_, d := newTest(t)
	p := &Proc{domain: d, name: "stray"}
	require.PanicsWithValue(t,
		"vtime: stray: virtual socket used by a goroutine without the baton; serve each connection on one goroutine",
		p.Join)
}

func TestStreamsAreIndependentOfEachOther(t *testing.T) {
	draw := func(seed uint64, name string, others ...string) uint64 {
		for _, o := range others {
			Stream(seed, o).Uint64()
		}
		return Stream(seed, name).Uint64()
	}
	require.Equal(t, draw(1, "netsh"), draw(1, "netsh", "ping", "boot"))
	require.NotEqual(t, draw(1, "netsh"), draw(2, "netsh"))
	require.NotEqual(t, draw(1, "netsh"), draw(1, "boot"))
}

func TestClockShowsTheSimulatedWallTime(t *testing.T) {
	s := NewScheduler(-time.Minute, epoch)
	defer s.Close()
	c := s.NewDomain("node").Clock()
	require.Equal(t, epoch.Add(-time.Minute), c.Now(), "a world may start before its zero")
	before := c.NowMonotonic()
	s.RunUntil(time.Minute)
	require.Equal(t, epoch.Add(time.Minute), c.Now())
	require.Equal(t, 2*time.Minute, c.NowMonotonic().Sub(before))
}

// A netstack timer can be armed again after it fired, which Go's own allows too.
func TestStackTimerRearms(t *testing.T) {
	s, d := newTest(t)
	n := 0
	timer := d.Clock().AfterFunc(time.Second, func() { n++ })
	s.RunUntil(time.Second)
	require.Equal(t, 1, n)
	require.False(t, timer.Stop(), "a timer that fired is not armed")
	timer.Reset(time.Second)
	timer.Reset(2 * time.Second)
	s.RunUntil(2 * time.Second)
	require.Equal(t, 1, n, "the later Reset replaces the earlier")
	s.RunUntil(3 * time.Second)
	require.Equal(t, 2, n)
}

func BenchmarkEvent(b *testing.B) {
	s := NewScheduler(0, epoch)
	d := s.NewDomain("node")
	var f func()
	f = func() { d.After(time.Microsecond, f) }
	f()
	b.ReportAllocs()
	for b.Loop() {
		s.step(1 << 62)
	}
}

func BenchmarkBaton(b *testing.B) {
	s := NewScheduler(0, epoch)
	defer s.Close()
	d := s.NewDomain("node")
	d.Go("p", func() {
		for d.Current().Park() {
		}
	})
	s.RunUntil(0)
	p := s.procs[0]
	for b.Loop() {
		p.Wake()
		s.runReady()
	}
}

func TestTheEventsOfABurstAreNotKept(t *testing.T) {
	s, _ := newTest(t)
	ran := 0
	for range 3 * maxFree {
		s.After(time.Second, func() { ran++ })
	}
	s.RunUntil(time.Second)
	require.Equal(t, 3*maxFree, ran)
	require.Len(t, s.free, maxFree)
}

// H18: what a machine waits for goes by its own clock, what it waits for already too, and nothing else does.
func TestH18_DriftingClock(t *testing.T) {
	for ppm, want := range map[int64][2]time.Duration{
		20_000: {scaled(10*time.Second, million, million+20_000), scaled(30*time.Second, million, million+20_000)}, -20_000: {10204081632, 30612244898}, 0: {10 * time.Second, 30 * time.Second},
	} {
		s, d := newTest(t)
		other := s.NewDomain("other")
		s.RunUntil(5 * time.Second)
		fired := map[string]time.Duration{}
		note := func(name string) func() { return func() { fired[name] = s.Now() - 5*time.Second } }
		d.After(10*time.Second, note("before"))
		other.After(10*time.Second, note("other's"))
		d.SetDrift(ppm)
		d.After(30*time.Second, func() {
			note("after")()
			require.GreaterOrEqual(t, d.Now(), 35*time.Second, "a timer is never early")
			require.Less(t, d.Now(), 35*time.Second+10)
		})
		s.RunUntil(time.Minute)
		require.InDelta(t, want[0], fired["before"], 2)
		require.InDelta(t, want[1], fired["after"], 2)
		require.Equal(t, 10*time.Second, fired["other's"])
		ahead := d.Now() - s.Now()
		d.SetDrift(0)
		s.RunUntil(time.Hour)
		require.Equal(t, ahead, d.Now()-s.Now(), "right again, it is as far ahead as it was")
	}
}

// A change in the clock's pace leaves the order of what is due.
func TestDriftKeepsTheOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := NewScheduler(0, epoch)
		d, other := s.NewDomain("node"), s.NewDomain("other")
		var got []time.Duration
		for _, at := range rapid.SliceOfN(rapid.Int64Range(0, int64(time.Hour)), 1, 40).Draw(t, "times") {
			one := []*Domain{d, other}[rapid.IntRange(0, 1).Draw(t, "whose")]
			one.After(time.Duration(at), func() { got = append(got, s.Now()) })
		}
		for _, ppm := range rapid.SliceOfN(rapid.Int64Range(-20_000, 20_000), 1, 5).Draw(t, "drifts") {
			d.SetDrift(ppm)
			s.RunUntil(s.Now() + time.Minute)
		}
		before := d.Now()
		s.RunUntil(2 * time.Hour)
		require.True(t, slices.IsSorted(got))
		require.Greater(t, d.Now(), before)
		s.Close()
	})
}
