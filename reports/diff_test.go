package reports

import (
	"bytes"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"ipwsim/sim/trace"
)

func diffOf(t require.TestingT, a, b *trace.Trace) (Difference, string) {
	d, err := Differ(a, b)
	require.NoError(t, err)
	var out bytes.Buffer
	require.NoError(t, DiffText(&out, [2]string{"one", "two"}, nil, d, Options{}))
	return d, out.String()
}

func TestEqualTracesDoNotDiffer(t *testing.T) {
	d, out := diffOf(t, cablePullTrace(), cablePullTrace())
	require.False(t, d.Any())
	require.Equal(t, "SAME  one and two: "+strconv.Itoa(len(cablePullTrace().Records))+" records\n", out)
}

// indexOf is where the trace has the first record of the kind at or after a time.
func indexOf(t *trace.Trace, kind string, from float64) int {
	for i, r := range t.Records {
		if r.Body.Kind() == kind && r.At >= sec(from) {
			return i
		}
	}
	panic("no such record")
}

func TestTheFirstDifferenceAndItsCause(t *testing.T) {
	for _, c := range []struct {
		what  string
		spoil func(*trace.Trace)
		says  []string
	}{
		{"a record that says something else", func(b *trace.Trace) {
			b.Records[indexOf(b, "command", 50)].Body = trace.Command{Line: "netsh", Took: sec(1)}
		}, []string{"when 51.600 s", "where standby", "what command says something else",
			"cause no setting of the headers differs; the last fault before it is unplug active at 20.000 s, the same in both",
			`+ 51.600 s standby command line "netsh", exit 0, took 1000000000`}},
		{"a record that comes later, with a setting", func(b *trace.Trace) {
			b.Header.Seed = 1<<64 - 1
			b.Records[indexOf(b, "command", 50)].At += sec(.1)
		}, []string{"setting seed: 0 | 18446744073709551615", "when 51.600 s", "what command, 100ms later in one", "cause settings that differ (seed); the last fault"}},
		{"a fault that is another", func(b *trace.Trace) {
			b.Records[indexOf(b, "fault", 0)].Body = trace.Fault{Verb: "power-off", Args: []string{"active"}}
		}, []string{"where network", "what fault says something else", "cause a fault that differs: unplug active at 20.000 s; no fault came before it"}},
		{"an end that is cut off", func(b *trace.Trace) {
			b.Records, b.End = b.Records[:len(b.Records)-1], sec(170)
		}, []string{"end 180.000 s | 170.000 s", "what one run has no more records", "+ the end, at 170.000 s"}},
		{"only the end", func(b *trace.Trace) { b.End++ }, []string{"end 180.000 s | 180.000 s", "records are the same"}},
		{"a node that one has", func(b *trace.Trace) { b.Header.Clients = nil }, []string{"setting clients[0].name: client | none"}},
	} {
		b := cablePullTrace()
		c.spoil(b)
		d, out := diffOf(t, cablePullTrace(), b)
		require.True(t, d.Any(), c.what)
		words := strings.Join(strings.Fields(out), " ")
		for _, want := range c.says {
			require.Contains(t, words, want, "%s:\n%s", c.what, out)
		}
		requireHarmless(t, out, 80)
	}
}

// Of any two traces the first difference is the first: all records before it are equal, and the pair at
// it is not.
func TestTheFirstDifferenceIsTheFirst(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := cablePullTrace(), cablePullTrace()
		at := rapid.IntRange(0, len(b.Records)-1).Draw(t, "at")
		switch rapid.IntRange(0, 2).Draw(t, "how") {
		case 0:
			b.Records = b.Records[:at]
		case 1:
			b.Records[at].Host += "\x1b[2J"
		case 2:
			b.Records[at].At++
		}
		d, out := diffOf(t, a, b)
		require.True(t, d.Parted)
		require.Equal(t, at, d.Same)
		requireHarmless(t, out, 80)
		back, _ := diffOf(t, b, a)
		require.Equal(t, at, back.Same)
	})
}
