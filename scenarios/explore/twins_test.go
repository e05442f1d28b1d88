package explore_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/core"
	"ipwsim/scenarios/explore"
	"ipwsim/scenarios/script"
)

// broken is the real watcher with one thing wrong, in what reaches it or in what it wants.
type broken struct {
	*core.Machine
	step        func(b *broken, now time.Duration, ev core.Event) []core.Action
	slave, dead bool
}

func (b *broken) Step(now time.Duration, ev core.Event) []core.Action {
	if b.dead {
		return nil
	}
	return b.step(b, now, ev)
}

func (b *broken) Deadline() (time.Duration, bool) {
	if b.dead {
		return 0, false
	}
	return b.Machine.Deadline()
}

func (b *broken) Clone() explore.Watcher { return &broken{b.Machine.Clone(), b.step, b.slave, b.dead} }

func (b *broken) AppendState(to []byte, now time.Duration) []byte {
	if b.dead {
		return append(to, 0)
	}
	return b.Machine.AppendState(append(to, 1), now)
}

// wants spoils what the watcher wants, an action after the other.
func wants(spoil func(core.Action) []core.Action) func(*broken, time.Duration, core.Event) []core.Action {
	return func(b *broken, now time.Duration, ev core.Event) (all []core.Action) {
		for _, a := range b.Machine.Step(now, ev) {
			all = append(all, spoil(a)...)
		}
		return all
	}
}

// Broken watchers, each with the rule that it breaks and how few departures show it.
func TestBrokenWatchersAreCaught(t *testing.T) {
	for _, c := range []struct {
		name       string
		step       func(*broken, time.Duration, core.Event) []core.Action
		set        func(*core.Settings)
		rule       string
		what       explore.What
		departures int
	}{
		{name: "never answers a request", rule: "W15", what: explore.Unanswered, step: wants(func(a core.Action) []core.Action {
			if _, is := a.(core.AnswerPeer); is {
				return nil
			}
			return []core.Action{a}
		})},
		{name: "answers twice", rule: "W15", what: explore.AnsweredTwice, step: wants(func(a core.Action) []core.Action {
			if _, is := a.(core.AnswerPeer); is {
				return []core.Action{a, a}
			}
			return []core.Action{a}
		})},
		{name: "never asks", rule: "P2", what: explore.TooLate, departures: 1, step: wants(func(a core.Action) []core.Action {
			if _, is := a.(core.AskPeer); is {
				return nil
			}
			return []core.Action{a}
		})},
		{name: "runs commands without waiting", rule: "W5", what: explore.TwoCommands, step: func(b *broken, now time.Duration, ev core.Event) []core.Action {
			all := b.Machine.Step(now, ev)
			for _, a := range all {
				if r, is := a.(core.Run); is {
					return append(all, b.Machine.Step(now, core.CommandDone{ID: r.ID})...)
				}
			}
			return all
		}},
		{name: "does not notice a conflict", rule: "P4", what: explore.Nobody, departures: 1, step: func(b *broken, now time.Duration, ev core.Event) []core.Action {
			if e, is := ev.(core.AddressChanged); is && e.State == core.Duplicate {
				return nil
			}
			return b.Machine.Step(now, ev)
		}},
		{name: "says that it does not hold what it holds", rule: "P2", what: explore.TooLate, departures: 1, step: func(b *broken, now time.Duration, ev core.Event) []core.Action {
			if e, is := ev.(core.PeerAsked); is {
				return []core.Action{core.AnswerPeer{ID: e.ID, Answer: core.NotHeld}}
			}
			return b.Machine.Step(now, ev)
		}},
		{name: "says released and keeps it", rule: "P2", what: explore.TooLate, departures: 1, step: func(b *broken, now time.Duration, ev core.Event) []core.Action {
			if e, is := ev.(core.PeerAsked); is {
				return []core.Action{core.AnswerPeer{ID: e.ID, Answer: core.Released}}
			}
			return b.Machine.Step(now, ev)
		}},
		{name: "stops without a release", rule: "P6", what: explore.LeftBehind, departures: 1, step: func(b *broken, now time.Duration, ev core.Event) []core.Action {
			if _, is := ev.(core.Stop); is {
				b.dead = true
				return []core.Action{core.ClosePipe{}, core.Stopped{}}
			}
			return b.Machine.Step(now, ev)
		}},
		{name: "hears no answer to its polls", rule: "P4", what: explore.Nobody, departures: 1, step: func(b *broken, now time.Duration, ev core.Event) []core.Action {
			if _, is := ev.(core.Echo); is {
				return nil
			}
			return b.Machine.Step(now, ev)
		}},
		{name: "takes one poll late", rule: "P4", what: explore.Nobody, departures: 1, set: func(s *core.Settings) { s.Interval += 2 * s.PingTimeout }},
		{name: "does not yield", rule: "P4", what: explore.Nobody, step: func(b *broken, now time.Duration, ev core.Event) []core.Action {
			all := slices.Clone(b.Machine.Step(now, ev))
			for i, a := range all {
				if s, is := a.(core.StateChanged); is && b.slave && s.State == core.Polling {
					b.Machine.Step(now, core.Echo{VIP: s.VIP, Seq: all[i+1].(core.SendEcho).Seq})
				}
			}
			return all
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			cluster := master(6, 1, 5)
			cluster.New = func(s core.Settings, entries []core.Entry) explore.Watcher {
				if c.set != nil {
					c.set(&s)
				}
				b := &broken{Machine: core.New(s, entries), step: c.step, slave: s.Balance == core.Slave}
				if c.step == nil {
					b.step = func(b *broken, now time.Duration, ev core.Event) []core.Action { return b.Machine.Step(now, ev) }
				}
				return b
			}
			got, err := explore.Explore(context.Background(), cluster, explore.Bound{Departures: 2})
			require.NoError(t, err)
			require.NotNil(t, got.Broken, "%+v", got)
			require.Equal(t, c.rule+": "+string(c.what), got.Broken.Rule+": "+string(got.Broken.What), "%+v", got.Broken)
			require.Len(t, got.Broken.Trail, c.departures, "%+v", got.Broken)
			_, problems := script.Parse("story.txtar", got.Broken.Scenario(cluster))
			require.NoError(t, problems.Err())
		})
	}
}
