package core_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	. "ipwsim/core"
	"ipwsim/core/golden"
)

// logged is the log of events, each a name and what happens.
func logged(m *Machine, events ...Event) string {
	var b strings.Builder
	run := 0
	for _, ev := range events {
		if done, ok := ev.(CommandDone); ok {
			done.ID = run
			ev = done
		}
		for _, a := range m.Step(0, ev) {
			switch a := a.(type) {
			case Log:
				b.WriteString(shown(a))
			case Run:
				run = a.ID
			}
		}
	}
	return b.String()
}

// shown is the line, a stamp standing for any.
func shown(l Log) string {
	if l.Bare {
		return l.Text + "\n"
	}
	return "[] " + l.Text + "\n"
}

func loggingSettings(b Balance) Settings {
	set := settings(b)
	set.LogEnabled = true
	return set
}

const notFound = "\r\n要素が見つかりません。\r\n\r\n"

// W10: a start, a check and a stop are logged as in the guide's transcript [G 11].
func TestW10_TranscriptOfStartCheckStop(t *testing.T) {
	m := New(loggingSettings(Master), []Entry{entry})
	golden.Hold(t, "testdata/start-check-stop.log", logged(m,
		Start{}, CommandDone{Exit: 1, Output: notFound}, CommandDone{},
		Stop{}, CommandDone{Exit: 1, Output: notFound}, CommandDone{},
	))
}

// W10: two entries, each read, released and checked in turn.
func TestW10_TranscriptOfTwoEntries(t *testing.T) {
	m := New(loggingSettings(Slave), []Entry{entry, otherEntry})
	golden.Hold(t, "testdata/two-entries.log", logged(m,
		Start{}, CommandDone{}, CommandDone{}, CommandDone{}, CommandDone{},
	))
}

// W10: what happens to a VIP between start and stop.
func TestW10_TranscriptOfALife(t *testing.T) {
	m := New(loggingSettings(Slave), []Entry{entry})
	lines := logged(m, Start{}, CommandDone{}, CommandDone{}, Echo{vip, 1})
	var b strings.Builder
	r := &rig{t: t, m: m}
	keep := func(got []Action) {
		for _, a := range got {
			if l, ok := a.(Log); ok {
				b.WriteString(shown(l))
			}
		}
	}
	for r.next() <= 33*s {
		keep(r.advance())
	}
	for _, ev := range []Event{
		CommandDone{ID: 3}, AddressChanged{vip, Preferred},
		PeerAsked{1, vip, Master}, AddressChanged{vip, Absent}, CommandDone{ID: 4}, CommandDone{ID: 5},
		AddressChanged{vip, Preferred}, AddressChanged{vip, Duplicate}, CommandDone{ID: 6, Exit: 1, Output: "failed"},
	} {
		keep(r.step(ev))
	}
	golden.Hold(t, "testdata/life-of-a-slave.log", lines+b.String())
}

// W10: LogEnabled = 0 logs nothing.
func TestW10_NoLog(t *testing.T) {
	require.Empty(t, logged(New(settings(Master), []Entry{entry}),
		Start{}, CommandDone{Output: notFound}, CommandDone{}, Stop{}, CommandDone{}, CommandDone{}))
}
