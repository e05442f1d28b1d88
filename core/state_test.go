package core_test

import (
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	. "ipwsim/core"
)

// twin is a machine with the numbers that it has used, so that what happens can be said without them.
type twin struct {
	m        *Machine
	now      time.Duration
	seq      map[string]int // the last poll's, by VIP
	command  int
	asked    int
	requests map[string][]int // of the peer, that wait, by VIP and age
}

func (w *twin) clone() *twin {
	c := *w
	c.m = w.m.Clone()
	c.seq, c.requests = maps.Clone(w.seq), map[string][]int{}
	for vip, ids := range w.requests {
		c.requests[vip] = slices.Clone(ids)
	}
	return &c
}

// deed is something that happens to a machine, without times and numbers of its own.
type deed struct {
	After time.Duration // from the last; -1: at the deadline
	Ev    Event         // its number counts back from the last of its kind
}

// do says what the machine did, without numbers.
func (w *twin) do(d deed) (did []Action) {
	if at, waits := w.m.Deadline(); d.After >= 0 || !waits {
		w.now += max(d.After, 0)
	} else {
		w.now = max(w.now, at)
	}
	ev := d.Ev
	switch e := ev.(type) {
	case Echo:
		e.Seq = w.seq[e.VIP.String()] - e.Seq
		ev = e
	case CommandDone:
		e.ID = w.command - e.ID
		ev = e
	case PeerAsked:
		w.asked++
		e.ID = w.asked
		w.requests[e.VIP.String()] = append(w.requests[e.VIP.String()], e.ID)
		ev = e
	}
	for _, a := range w.m.Step(w.now, ev) {
		switch act := a.(type) {
		case SendEcho:
			w.seq[act.VIP.String()] = act.Seq
			act.Seq = 0
			a = act
		case Run:
			w.command = act.ID
			act.ID = 0
			a = act
		case AnswerPeer:
			a = w.answered(act)
		}
		did = append(did, a)
	}
	return did
}

// answered names the request by its place among the VIP's.
func (w *twin) answered(a AnswerPeer) Action {
	for i, vip := range known[:2] {
		if n := slices.Index(w.requests[vip.String()], a.ID); n >= 0 {
			w.requests[vip.String()] = slices.Delete(w.requests[vip.String()], n, n+1)
			a.ID = 100*i + n
			break
		}
	}
	return a
}

func (w *twin) state() string { return string(w.m.AppendState(nil, w.now)) }

func anyDeed(r *rand.Rand) deed {
	if r.IntN(60) == 0 {
		return deed{0, Stop{}}
	}
	ip := known[r.IntN(2)]
	evs := []Event{
		Tick{}, Tick{}, Tick{}, NetworkUp{entry.Interface}, Echo{VIP: ip}, Echo{VIP: ip, Seq: 1},
		CommandDone{}, CommandDone{}, CommandDone{}, CommandDone{Exit: 1}, CommandDone{ID: 1},
		AddressChanged{ip, Absent}, AddressChanged{ip, Tentative}, AddressChanged{ip, Preferred}, AddressChanged{ip, Duplicate},
		PeerAnswered{ip, Released}, PeerAnswered{ip, NoAnswer}, PeerAsked{VIP: ip, From: Master}, PeerAsked{VIP: ip, From: Slave},
	}
	return deed{[]time.Duration{-1, -1, 0, s}[r.IntN(4)], evs[r.IntN(len(evs))]}
}

// A clone does what its machine does, and neither feels what happens to the other; and where two histories led to one
// state, the same deeds have the same effects from there on.
func TestSameStateSameFuture(t *testing.T) {
	for _, set := range []Settings{
		{Balance: Master, Interval: 2 * s, PingTimeout: s, ReleaseTime: 2}, {Balance: Slave, Interval: 2 * s, PingTimeout: s, ReleaseTime: 2},
		{Balance: Master, Interval: s, PingTimeout: 3 * s, ReleaseTime: 2}, {Balance: Slave, Interval: s, PingTimeout: 3 * s, ReleaseTime: 2, LogEnabled: true},
	} {
		r := rand.New(rand.NewPCG(uint64(set.Balance), uint64(set.Interval)))
		met, before := 0, map[string]*twin{}
		for range 150 {
			w := &twin{m: New(set, []Entry{entry, otherEntry}), seq: map[string]int{}, requests: map[string][]int{}}
			w.do(deed{0, Start{}})
			for range 60 {
				if old := before[w.state()]; old == nil {
					before[w.state()] = w.clone()
				} else {
					met++
					a, b := old.clone(), w.clone()
					for range 10 {
						d := anyDeed(r)
						if x, y := a.do(d), b.do(d); !reflect.DeepEqual(x, y) || a.state() != b.state() { // require.Equal takes its time
							require.Equal(t, x, y, "%#v", d)
							require.Equal(t, a.state(), b.state(), "%#v", d)
						}
					}
				}
				w.do(anyDeed(r))
			}
		}
		require.Greater(t, met, 1000, "histories that met")
	}
}
