package core_test

import (
	"net/netip"
	"testing"
	"time"

	"pgregory.net/rapid"

	. "ipwsim/core"
)

// script feeds a guard with events made of bytes, so that rapid and the fuzzer draw from the same.
type script struct {
	g       *guard
	now     time.Duration
	request int
}

var known = []netip.Addr{vip, other, netip.MustParseAddr("10.0.0.1")}

// delays are the times between two events; the machine's deadline counts as one more, and most.
var delays = []time.Duration{0, 0, ms, 200 * ms, s, 3 * s, 7 * s, 30 * s, 2000 * s, -s}

// play makes one event of an operation and its argument.
func (p *script) play(op, arg byte) {
	at, waits := p.g.m.Deadline()
	if delay := int(op>>4) & 15; delay < len(delays) {
		p.now += delays[delay]
	} else if waits {
		p.now = max(p.now, at)
	}
	p.g.step(p.now, p.event(op&15, arg))
}

func (p *script) event(op, arg byte) Event {
	ip := known[int(arg>>6)%len(known)]
	switch op {
	case 0:
		return Start{}
	case 1:
		if arg%16 == 0 { // rare, for it ends the run
			return Stop{}
		}
	case 2, 3:
		return Echo{VIP: ip, Seq: p.g.lastSeq - int(arg&3)}
	case 4, 5, 6:
		return AddressChanged{VIP: ip, State: AddressState(arg & 3)}
	case 7, 8, 9, 10:
		return CommandDone{ID: p.g.lastRun + int(arg>>4&3)/3, Exit: int(arg & 1), Output: "ok\r\n"}
	case 11:
		return NetworkUp{Interface: []string{entry.Interface, otherEntry.Interface, ""}[int(arg)%3]}
	case 12:
		return PeerAnswered{VIP: ip, Answer: Answer(arg & 3)}
	case 13:
		p.request++
		return PeerAsked{ID: p.request, VIP: ip, From: Balance(arg & 1)}
	case 14:
		return nil
	}
	return Tick{}
}

// playAll plays a whole run: three bytes of settings, then two bytes an event, then a stop whose
// commands all end.
func playAll(t rapid.TB, data []byte) {
	for len(data) < 3 {
		data = append(data, 0)
	}
	g := newGuard(t, Settings{
		LogEnabled:  data[0]&2 != 0,
		Balance:     Balance(data[0] & 1),
		Interval:    time.Duration(data[1]%40) * s,
		PingTimeout: time.Duration(data[2]%8) * s,
		ReleaseTime: int(data[0] >> 2),
	}, entry, otherEntry)
	p := &script{g: g}
	if data[0]&64 != 0 {
		g.step(0, Start{})
	}
	for data = data[3:]; len(data) >= 2; data = data[2:] {
		p.play(data[0], data[1])
	}
	g.step(p.now, Stop{})
	for range 10 {
		g.step(p.now, CommandDone{ID: g.lastRun})
	}
	if !g.stopped {
		t.Errorf("W6: not stopped when all commands have ended")
	}
}

// Any events in any order leave the machine sound; see guard.
func TestAnyEvents(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		playAll(t, rapid.SliceOfN(rapid.Byte(), 200, 2000).Draw(t, "events"))
	})
}

func FuzzStep(f *testing.F) {
	f.Add([]byte{64, 30, 3})
	f.Add([]byte{64, 30, 3, 0x07, 0, 0x07, 0, 0x02, 0, 0xff, 0, 0xff, 0, 0xff, 0})
	f.Add([]byte{65, 1, 3, 7, 0, 7, 0, 7, 0, 7, 0, 0xff, 0, 0xff, 0, 7, 0, 4, 2, 0x1d, 0, 4, 0, 7, 0})
	f.Add([]byte{66, 10, 3, 7, 0, 7, 0, 7, 0, 7, 0, 2, 0, 12, 0, 7, 0, 4, 3, 7, 1, 4, 2, 11, 0, 0xff, 0, 12, 3, 1, 0})
	f.Fuzz(func(t *testing.T, data []byte) { playAll(t, data) })
}

// BenchmarkPoll is one poll that is answered: what the watcher does all the time.
func BenchmarkPoll(b *testing.B) {
	m := New(settings(Slave), []Entry{entry})
	m.Step(0, Start{})
	m.Step(0, CommandDone{ID: 1})
	m.Step(0, CommandDone{ID: 2})
	b.ReportAllocs()
	seq := 1
	for b.Loop() {
		at, _ := m.Deadline()
		m.Step(at-s, Echo{VIP: vip, Seq: seq})
		seq = m.Step(at, Tick{})[0].(SendEcho).Seq
	}
}
