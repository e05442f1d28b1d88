package porttest

import "time"

var clockContracts = []Contract{
	{"clock-runs", "Now never runs back and follows the time that passes", clockRuns},
	{"wake-once", "Wake calls back once, at its time and not before", wakeOnce},
	{"wake-replaced", "a Wake replaces the one before, whichever is earlier", wakeReplaced},
	{"wake-in-the-past", "a Wake for a time that has passed calls back at once, but later", wakeInThePast},
}

func clockRuns(t TB, h Harness) {
	b := newBench(t, h)
	start := b.ports.Clock.Now()
	last := start
	for range 10 {
		b.host.Advance(step)
		now := b.ports.Clock.Now()
		if now < last {
			t.Errorf("Now ran back from %v to %v", last, now)
		}
		last = now
	}
	if passed := last - start; passed < 10*step || passed > 10*step+slack {
		t.Errorf("Now moved by %v in %v", passed, 10*step)
	}
}

func wakeOnce(t TB, h Harness) {
	b := newBench(t, h)
	at := b.wakeIn(500 * time.Millisecond)
	b.wait(2*time.Second, "wake")
	b.wantOnce("wake")
	b.wantWokenAt(at)
}

func wakeReplaced(t TB, h Harness) {
	for _, d := range []time.Duration{200 * time.Millisecond, 900 * time.Millisecond} {
		b := newBench(t, h)
		b.wakeIn(500 * time.Millisecond)
		at := b.wakeIn(d)
		b.wait(2*time.Second, "wake")
		b.wantOnce("wake")
		b.wantWokenAt(at)
		at = b.wakeIn(300 * time.Millisecond) // it can be used again
		b.host.Advance(quiet)
		if len(b.wakes) != 2 {
			t.Errorf("a timer that went off did not go off again at %v", at)
		}
	}
}

func wakeInThePast(t TB, h Harness) {
	b := newBench(t, h)
	b.wakeIn(-time.Second)
	b.wait(slack, "wake")
	b.wantOnce("wake")
}

func (b *bench) wakeIn(d time.Duration) time.Duration {
	at := b.ports.Clock.Now() + d
	b.call("Wake", func() { b.ports.Clock.Wake(at) })
	return at
}

func (b *bench) wantWokenAt(at time.Duration) {
	b.t.Helper()
	for _, w := range b.wakes {
		if w < at || w > at+slack {
			b.t.Errorf("woken at %v; expected %v or a little later", w, at)
		}
	}
}
