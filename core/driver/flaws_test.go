package driver_test

import (
	"net/netip"
	"time"

	"ipwsim/core"
)

var clockTwins = []twin{
	{"clock-runs", "the clock runs back", func(f *fake) {
		f.broken.Clock = clock{fake: f, now: func() time.Duration { return -f.now }}
	}},
	{"clock-runs", "the clock stands still", func(f *fake) {
		f.broken.Clock = clock{fake: f, now: func() time.Duration { return 0 }}
	}},
	{"wake-once", "it wakes early", func(f *fake) {
		f.broken.Clock = clock{fake: f, wake: func(at time.Duration) { f.Wake(at - time.Millisecond) }}
	}},
	{"wake-once", "it wakes twice", func(f *fake) {
		f.broken.Clock = clock{fake: f, wake: func(at time.Duration) {
			f.Wake(at)
			f.after(at-f.now, f.in.Wake)
		}}
	}},
	{"wake-once", "it never wakes", func(f *fake) {
		f.broken.Clock = clock{fake: f, wake: func(time.Duration) {}}
	}},
	{"wake-replaced", "both timers go off", func(f *fake) {
		f.broken.Clock = clock{fake: f, wake: func(at time.Duration) { f.after(at-f.now, f.in.Wake) }}
	}},
	{"wake-replaced", "the first timer stays", func(f *fake) {
		armed := false
		f.broken.Clock = clock{fake: f, wake: func(at time.Duration) {
			if !armed {
				armed = true
				f.after(at-f.now, func() { armed = false; f.in.Wake() })
			}
		}}
	}},
	{"wake-in-the-past", "it wakes from within", func(f *fake) {
		f.broken.Clock = clock{fake: f, wake: func(time.Duration) { f.in.Wake() }}
	}},
	{"wake-in-the-past", "the past is forgotten", func(f *fake) {
		f.broken.Clock = clock{fake: f, wake: func(at time.Duration) {
			if at >= f.now {
				f.Wake(at)
			}
		}}
	}},
}

var echoTwins = []twin{
	{"echo-answered", "an answer counts twice", func(f *fake) {
		f.broken.Prober = prober{f, func(vip netip.Addr, answered func()) {
			f.Echo(vip, 0, func() { answered(); answered() })
		}}
	}},
	{"echo-answered", "it answers from within", func(f *fake) {
		f.broken.Prober = prober{f, func(_ netip.Addr, answered func()) { answered() }}
	}},
	{"echo-answered", "no answer is heard", func(f *fake) {
		f.broken.Prober = prober{f, func(netip.Addr, func()) {}}
	}},
	{"echo-answered", "the second request is not sent", func(f *fake) {
		sent := false
		f.broken.Prober = prober{f, func(vip netip.Addr, answered func()) {
			if !sent {
				f.Echo(vip, 0, answered)
			}
			sent = true
		}}
	}},
	{"echo-unanswered", "unreachable counts as an answer", func(f *fake) {
		f.broken.Prober = prober{f, func(_ netip.Addr, answered func()) { f.after(3*time.Second, answered) }}
	}},
	{"echo-told-apart", "any answer is everybody's", func(f *fake) {
		var all []func()
		f.broken.Prober = prober{f, func(vip netip.Addr, answered func()) {
			all = append(all, answered)
			f.Echo(vip, 0, func() {
				for _, a := range all {
					a()
				}
			})
		}}
	}},
	{"echo-without-link", "a request that cannot be sent is answered", func(f *fake) {
		f.broken.Prober = prober{f, func(_ netip.Addr, answered func()) { f.after(latency, answered) }}
	}},
}

var addressTwins = []twin{
	{"add", "done twice", func(f *fake) {
		f.broken.Addresses = addresses{fake: f, add: func(vip netip.Addr, done func(int, string)) {
			f.Add("", vip, func(exit int, output string) { done(exit, output); done(exit, output) })
		}}
	}},
	{"add", "done from within", func(f *fake) {
		f.broken.Addresses = addresses{fake: f, add: func(vip netip.Addr, done func(int, string)) {
			f.Add("", vip, func(int, string) {})
			done(0, "")
		}}
	}},
	{"add", "the interface says nothing", func(f *fake) {
		f.in = inputs{Inputs: f.in, changed: func(netip.Addr, core.AddressState) {}}
	}},
	{"add", "the command lies", func(f *fake) {
		f.broken.Addresses = addresses{fake: f, add: func(_ netip.Addr, done func(int, string)) { f.FlushARP(done) }}
	}},
	{"add-twice", "an address that is there is added again", func(f *fake) {
		f.broken.Addresses = addresses{fake: f, add: func(vip netip.Addr, done func(int, string)) {
			f.Add("", vip, func(int, string) { done(0, "") })
		}}
	}},
	{"add-conflict", "no duplicate is detected", func(f *fake) {
		in := f.in
		f.in = inputs{Inputs: in, changed: func(vip netip.Addr, s core.AddressState) {
			if s == core.Duplicate {
				s = core.Preferred
			}
			in.AddressChanged(vip, s)
		}}
	}},
	{"delete", "a deletion is not reported", func(f *fake) {
		in := f.in
		f.in = inputs{Inputs: in, changed: func(vip netip.Addr, s core.AddressState) {
			if s != core.Absent {
				in.AddressChanged(vip, s)
			}
		}}
	}},
	{"delete", "done from within", func(f *fake) {
		f.broken.Addresses = addresses{fake: f, del: func(vip netip.Addr, done func(int, string)) {
			f.Delete("", vip, func(int, string) {})
			done(0, "")
		}}
	}},
	{"delete-missing", "what is not there is deleted with success", func(f *fake) {
		f.broken.Addresses = addresses{fake: f, del: func(_ netip.Addr, done func(int, string)) { f.FlushARP(done) }}
	}},
	{"add-again", "a deleted address is still in the way", func(f *fake) {
		deleted := false
		f.broken.Addresses = addresses{fake: f, add: func(vip netip.Addr, done func(int, string)) {
			if deleted {
				f.after(commandTime, func() { done(1, "The object already exists.") })
				return
			}
			f.Add("", vip, done)
		}, del: func(vip netip.Addr, done func(int, string)) { deleted = true; f.Delete("", vip, done) }}
	}},
	{"flush", "it never ends", func(f *fake) {
		f.broken.Addresses = addresses{fake: f, flush: func(func(int, string)) {}}
	}},
	{"flush", "it fails", func(f *fake) {
		f.broken.Addresses = addresses{fake: f, flush: func(done func(int, string)) {
			f.after(commandTime, func() { done(1, "") })
		}}
	}},
}

var linkTwins = []twin{
	{"link-loss", "losing the link deletes the addresses", func(f *fake) {
		in := f.in
		f.in = inputs{Inputs: in, changed: func(vip netip.Addr, s core.AddressState) {
			if !f.link {
				s = core.Absent
			}
			in.AddressChanged(vip, s)
		}}
	}},
	{"link-down", "the network's loss goes unnoticed", func(f *fake) {
		f.in = inputs{Inputs: f.in, down: func(string) {}}
	}},
	{"link-back", "the network's return goes unnoticed", func(f *fake) {
		f.in = inputs{Inputs: f.in, up: func(string) {}}
	}},
	{"link-back", "another interface's name", func(f *fake) {
		in := f.in
		f.in = inputs{Inputs: in, up: func(string) { in.NetworkUp("eth0") }}
	}},
	{"link-back", "reported up, then up again", func(f *fake) {
		in := f.in
		f.in = inputs{Inputs: in, up: func(name string) { in.NetworkUp(name); in.NetworkUp(name) }}
	}},
	{"link-back", "reported before an echo request can be sent", func(f *fake) {
		in := f.in
		f.in = inputs{Inputs: in, up: func(name string) {
			f.usable = false
			f.after(10*time.Second, func() { f.usable = true })
			in.NetworkUp(name)
		}}
	}},
	{"link-back-address", "the address stays tentative", func(f *fake) {
		in := f.in
		f.in = inputs{Inputs: in, changed: func(vip netip.Addr, s core.AddressState) {
			if s != core.Preferred || f.links == 0 {
				in.AddressChanged(vip, s)
			}
		}}
	}},
}
