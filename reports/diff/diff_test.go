package diff_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"ipwsim/reports/diff"
	"ipwsim/reports/runtest"
	"ipwsim/reports/term"
	"ipwsim/reports/words"
	"ipwsim/sim/trace"
)

var sec = runtest.Seconds

// pull is a trace of the cable pull, the caller's to change.
func pull(t testing.TB) *trace.Trace {
	whole := runtest.Scenario(t, "cable-pull").Trace
	clone := *whole
	clone.Header.Nodes = append([]trace.Node(nil), whole.Header.Nodes...)
	clone.Records = append([]trace.Record(nil), whole.Records...)
	return &clone
}

// diffOf is the difference of two traces, and its text with every line whole; at 80 columns it is harmless as well.
func diffOf(t require.TestingT, a, b *trace.Trace, l words.Lang, files ...diff.File) (diff.Difference, string) {
	d, err := diff.Traces(a, b)
	require.NoError(t, err)
	text := func(width int) string {
		var out bytes.Buffer
		require.NoError(t, diff.Text(&out, [2]string{"one", "two"}, files, d, term.Options{Lang: l, Width: width}))
		runtest.Harmless(t, out.String(), width)
		return out.String()
	}
	text(80)
	return d, text(400)
}

func TestEqualTracesDoNotDiffer(t *testing.T) {
	for l, want := range map[words.Lang]string{words.English: "SAME  one and two: %d records\n", words.Japanese: "同一  one と two: %d レコード\n"} {
		d, out := diffOf(t, pull(t), pull(t), l)
		require.False(t, d.Any())
		require.Equal(t, fmt.Sprintf(want, len(pull(t).Records)), out)
	}
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
		what   string
		spoil  func(*trace.Trace)
		en, ja []string // what is said of it
	}{
		{"a record that says something else", func(b *trace.Trace) {
			b.Records[indexOf(b, "command", 50)].Body = trace.Command{Line: "netsh", Took: sec(1)}
		}, []string{
			"when 51.022 s", "where standby", "what command says something else",
			"cause no setting of the headers differs; the last fault before it, the same in both: the cable of active was pulled at 20.000 s",
			`+ 51.022 s standby command "", line "netsh", exit 0, took 1s`,
		}, []string{"時刻 51.022 秒", "場所 standby", "内容 command の内容が異なる", "直前の障害 (両方に共通): active のケーブルを抜いた (20.000 秒)"}},
		{"a record that comes later, with a setting", func(b *trace.Trace) {
			b.Header.Seed = 1<<64 - 1
			b.Records[indexOf(b, "command", 50)].At += sec(.1)
		}, []string{"setting seed: 1 | 18446744073709551615", "when 51.022 s", "what command, 0.1 s later in one", "cause settings that differ (seed); the last fault"},
			[]string{"設定 seed: 1 | 18446744073709551615", "内容 command (一方が 0.1 秒遅い)", "異なる設定 (seed)"}},
		{"a fault that is another", func(b *trace.Trace) {
			b.Records[indexOf(b, "fault", 0)].Body = trace.Fault{ID: 1, Verb: "power-off", Target: "active"}
		}, []string{"where network", "what fault says something else", "cause a fault that differs: the cable of active was pulled at 20.000 s; no fault came before it"},
			[]string{"場所 ネットワーク", "異なる障害: active のケーブルを抜いた (20.000 秒)", "これより前に障害はない"}},
		{"a record that comes earlier, elsewhere", func(b *trace.Trace) {
			i := indexOf(b, "command", 50)
			b.Records[i].At, b.Records[i].Host = b.Records[i].At-sec(.1), "active"
		}, []string{"when 50.922 s", "where active"}, []string{"時刻 50.922 秒"}},
		{"a record of another kind", func(b *trace.Trace) {
			i := indexOf(b, "command", 50)
			b.Records[i].Body, b.Records[i].Host = trace.Log{Text: "hello"}, ""
		}, []string{"what command of standby | log of network"}, []string{"内容 standbyのcommand | ネットワークのlog"}},
		{"an end that is cut off", func(b *trace.Trace) {
			b.Records, b.End = b.Records[:len(b.Records)-1], sec(100)
		}, []string{"end 110.000 s | 100.000 s", "what one run has no more records", "+ the end, at 100.000 s"},
			[]string{"終了 110.000 秒 | 100.000 秒", "一方の実行にはもうレコードがない"}},
		{"only the end", func(b *trace.Trace) { b.End++ }, []string{"end 110.000 s | 110.000 s", "records are the same"}, []string{"すべて同一"}},
		{"a client that one has", func(b *trace.Trace) { b.Header.Clients = nil }, []string{"setting clients[0].name: client | none"}, []string{"設定 clients[0].name: client | なし"}},
	} {
		for l, says := range map[words.Lang][]string{words.English: c.en, words.Japanese: c.ja} {
			b := pull(t)
			c.spoil(b)
			d, out := diffOf(t, pull(t), b, l)
			require.True(t, d.Any(), c.what)
			flat := strings.Join(strings.Fields(out), " ")
			for _, want := range says {
				require.Contains(t, flat, want, "%s:\n%s", c.what, out)
			}
			require.True(t, strings.HasPrefix(out, l.Say("diff.different")+"\n"))
		}
	}
}

// Files that differ are named, the scenario's by what it is, and make a difference by themselves.
func TestFilesThatDiffer(t *testing.T) {
	files := []diff.File{{}, {Name: "active/ipwatch.dat", Only: 1}, {Name: "standby/x\x1b[2J", Only: 2}, {Name: "cluster.toml"}}
	d, out := diffOf(t, pull(t), pull(t), words.English, files...)
	require.False(t, d.Any())
	require.Contains(t, out, "DIFFERENT\n")
	flat := strings.Join(strings.Fields(out), " ")
	require.Contains(t, flat, `file the scenario's file active/ipwatch.dat (in the first only) file standby/x\x1b[2J (in the second only) file cluster.toml`)
	_, out = diffOf(t, pull(t), pull(t), words.Japanese, files...)
	require.Contains(t, out, "active/ipwatch.dat (1 つ目のみ)")
}

// Two seeds of a scenario part somewhere, and their headers differ in the seed.
func TestTwoSeeds(t *testing.T) {
	a := runtest.Scenario(t, "cable-pull").Trace
	b := runtest.Play(t, "cable-pull", "cluster guide\nseed 2\nping client vip\nat 20s unplug active\nat 80s plug active\nend 110s\n").Trace
	d, out := diffOf(t, a, b, words.English)
	require.True(t, d.Parted)
	require.Contains(t, out, "seed: 1 | 2\n")
	require.Contains(t, out, "== The first difference ")
}

// Of any two traces the first difference is the first: all records before it are equal, and the pair at it is not.
func TestTheFirstDifferenceIsTheFirst(t *testing.T) {
	whole := pull(t)
	rapid.Check(t, func(rt *rapid.T) {
		b := pull(t)
		at := rapid.IntRange(0, len(b.Records)-1).Draw(rt, "at")
		switch rapid.IntRange(0, 2).Draw(rt, "how") {
		case 0:
			b.Records = b.Records[:at]
		case 1:
			b.Records[at].Host += "\x1b[2J"
		case 2:
			b.Records[at].At++
		}
		l := rapid.SampledFrom(runtest.Langs).Draw(rt, "lang")
		d, _ := diffOf(rt, whole, b, l)
		require.True(rt, d.Parted)
		require.Equal(rt, at, d.Same)
		back, _ := diffOf(rt, b, whole, l)
		require.Equal(rt, at, back.Same)
	})
}

// Traces at random are told apart without harm.
func TestAnyTwoTraces(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := runtest.Runs().Draw(t, "one"), runtest.Runs().Draw(t, "two")
		if a.Trace == nil || b.Trace == nil {
			return
		}
		diffOf(t, a.Trace, b.Trace, rapid.SampledFrom(runtest.Langs).Draw(t, "lang"))
		d, _ := diffOf(t, a.Trace, a.Trace, words.English)
		require.False(t, d.Any())
	})
}
