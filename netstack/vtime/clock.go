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
	return tcpip.MonotonicTime{}.Add(max(monotonicBase, -c.d.s.start) + c.d.s.now)
}

func (c clock) AfterFunc(delay time.Duration, f func()) tcpip.Timer {
	return &stackTimer{d: c.d, f: f, timer: c.d.After(delay, f)}
}

// stackTimer is a netstack timer: it can be armed again after it fired.
type stackTimer struct {
	d     *Domain
	f     func()
	timer Timer
}

func (t *stackTimer) Stop() bool { return t.timer.Stop() }

func (t *stackTimer) Reset(delay time.Duration) {
	t.timer.Stop()
	t.timer = t.d.After(delay, t.f)
}
