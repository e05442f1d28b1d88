package vtime

import (
	"time"

	"gvisor.dev/gvisor/pkg/tcpip"
)

// Clock returns the machine's time as netstack wants it. Timers never fire inside AfterFunc or
// Reset, not even with a zero delay: netstack calls both with its locks held.
func (d *Domain) Clock() tcpip.Clock { return clock{d} }

type clock struct{ d *Domain }

func (c clock) Now() time.Time { return c.d.s.Wall() }

// monotonicBase keeps the readings positive while a world's time is still negative; one that starts sooner has a longer.
const monotonicBase = 24 * time.Hour

func (c clock) NowMonotonic() tcpip.MonotonicTime {
	return tcpip.MonotonicTime{}.Add(max(monotonicBase, -c.d.s.start) + c.d.Now())
}

func (c clock) AfterFunc(delay time.Duration, f func()) tcpip.Timer {
	t := &stackTimer{d: c.d, f: f}
	t.Reset(delay)
	return t
}

// stackTimer is a netstack timer: it can be armed again after it fired. Without a delay it is netstack's way to do
// something without its locks, of which nothing reaches TCP; a delayed one may be TCP's own.
type stackTimer struct {
	d     *Domain
	f     func()
	timer Timer
}

func (t *stackTimer) Stop() bool { return t.timer.Stop() }

func (t *stackTimer) Reset(delay time.Duration) {
	t.timer.Stop()
	f := t.f
	if delay > 0 {
		f = t.touch
	}
	t.timer = t.d.After(delay, f)
}

func (t *stackTimer) touch() {
	t.d.Touch()
	t.f()
}
