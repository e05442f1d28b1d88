package porttest

import (
	"fmt"
	"net/netip"
	"slices"
	"time"

	"ipwsim/core"
	"ipwsim/core/driver"
)

// bench is a host under test and what it has called back. It stands where the driver would.
type bench struct {
	t     TB
	host  Host
	ports driver.Ports

	calling string   // the port call under way; "": none
	heard   []string // callbacks and inputs in their order
	wakes   []time.Duration
}

var _ driver.Inputs = (*bench)(nil)

func newBench(t TB, h Harness) *bench {
	b := &bench{t: t}
	b.host = h(t, b)
	b.ports = b.host.Ports()
	return b
}

// call makes a call of a port, during which nothing may come back.
func (b *bench) call(name string, f func()) {
	b.calling = name
	f()
	b.calling = ""
}

func (b *bench) hear(what string, args ...any) {
	what = fmt.Sprintf(what, args...)
	if b.calling != "" {
		b.t.Errorf("%q was called back from within %s; expected later", what, b.calling)
	}
	b.heard = append(b.heard, what)
}

// Wake is part of driver.Inputs.
func (b *bench) Wake() {
	b.wakes = append(b.wakes, b.ports.Clock.Now())
	b.hear("wake")
}

// AddressChanged is part of driver.Inputs.
func (b *bench) AddressChanged(vip netip.Addr, s core.AddressState) {
	if vip == b.host.Free() || vip == b.host.Taken() {
		b.hear("%v %v", vip, s)
	}
}

// NetworkUp is part of driver.Inputs.
func (b *bench) NetworkUp(iface string) { b.hear("network up on %s", iface) }

// NetworkDown is part of driver.Inputs.
func (b *bench) NetworkDown(iface string) { b.hear("network down on %s", iface) }

func (b *bench) ended(what string) func(int, string) {
	return func(exit int, _ string) {
		if exit == 0 {
			b.hear("%s done", what)
		} else {
			b.hear("%s failed", what)
		}
	}
}

// The limits of a check. On a simulated clock they cost nothing, on a real one they bound a failure.
const (
	step         = 20 * time.Millisecond
	commandLimit = 10 * time.Second
	usableLimit  = 15 * time.Second // duplicate detection on link and address
	quiet        = 2 * time.Second  // long enough for something wrong to show
	slack        = time.Second      // what a busy real machine may be late
)

// wait lets time pass until want was heard, at most limit.
func (b *bench) wait(limit time.Duration, want string) bool {
	b.t.Helper()
	for waited := time.Duration(0); waited < limit && !slices.Contains(b.heard, want); waited += step {
		b.host.Advance(step)
	}
	if !slices.Contains(b.heard, want) {
		b.t.Errorf("%q was not heard within %v; expected it once. Heard: %q", want, limit, b.heard)
		return false
	}
	return true
}

// wantOnce lets a little time pass, then wants to have heard each of these once, and whatever else.
func (b *bench) wantOnce(want ...string) {
	b.t.Helper()
	b.host.Advance(quiet)
	for _, w := range want {
		if n := b.count(w); n != 1 {
			b.t.Errorf("%q was heard %d times; expected once. Heard: %q", w, n, b.heard)
		}
	}
}

// wantNever wants none of these to have been heard so far.
func (b *bench) wantNever(never ...string) {
	b.t.Helper()
	for _, w := range never {
		if b.count(w) > 0 {
			b.t.Errorf("%q was heard; expected never. Heard: %q", w, b.heard)
		}
	}
}

func (b *bench) count(what string) int {
	n := 0
	for _, h := range b.heard {
		if h == what {
			n++
		}
	}
	return n
}

func (b *bench) add(vip netip.Addr) {
	b.call("Add", func() { b.ports.Addresses.Add(b.host.Interface(), vip, b.ended("add")) })
}

func (b *bench) delete(vip netip.Addr) {
	b.call("Delete", func() { b.ports.Addresses.Delete(b.host.Interface(), vip, b.ended("delete")) })
}

// hold adds the free address and waits until it is usable.
func (b *bench) hold() bool {
	b.t.Helper()
	b.add(b.host.Free())
	return b.wait(commandLimit, "add done") && b.wait(usableLimit, b.is(b.host.Free(), core.Preferred))
}

func (b *bench) is(vip netip.Addr, s core.AddressState) string { return fmt.Sprintf("%v %v", vip, s) }
