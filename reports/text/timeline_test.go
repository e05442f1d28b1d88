package text

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/reports/lanes"
	"ipwsim/reports/runtest"
	"ipwsim/reports/term"
	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

var sec = runtest.Seconds

func run(t *testing.T, r *finding.Run) string {
	var b strings.Builder
	require.NoError(t, Run(&b, r, term.Options{}))
	return b.String()
}

// A column shows the state that fills most of it, and a short one all the same, unless a graver needs its place.
func TestALaneShowsShortStates(t *testing.T) {
	span := func(from, to float64, s lanes.State) lanes.Span {
		return lanes.Span{From: sec(from), To: sec(to), State: s}
	}
	for _, c := range []struct {
		want  string
		spans []lanes.Span
	}{
		{"..........", nil},
		{"=====.....", []lanes.Span{span(-5, 50, "preferred")}},
		{"====.=====", []lanes.Span{span(0, 44, "preferred"), span(45, 200, "preferred")}},
		{"....=.....", []lanes.Span{span(44, 45, "preferred")}},
		{"....Dt====", []lanes.Span{span(48, 51, "duplicate"), span(51, 54, "tentative"), span(54, 100, "preferred")}},
		{"....D.....", []lanes.Span{span(41, 49, "answered"), span(49, 49.5, "duplicate")}},
		{"======####", []lanes.Span{span(0, 60, "preferred"), span(50, 100, "answered")}},
		{"-----###..", []lanes.Span{span(0, 50, lanes.Unused), span(50, 80, lanes.Answered), span(80, 100, lanes.Silent)}},
		{"?.........", []lanes.Span{span(0, 10, "rebooting")}},
	} {
		var g glyphs
		var bar strings.Builder
		for _, state := range cells(c.spans, 100, 10) {
			bar.WriteByte(g.glyph(state))
		}
		require.Equal(t, c.want, bar.String())
	}
}

// The legend explains the signs that are there, and no others.
func TestTheLegendExplainsWhatIsDrawn(t *testing.T) {
	out := run(t, runtest.Scenario(t, "master-alone"))
	require.Contains(t, out, "# answered")
	require.NotContains(t, out, "D duplicate")
	require.Contains(t, run(t, runtest.Scenario(t, "cable-pull")), "D duplicate")
}

func TestFaultsThatCollideAreStacked(t *testing.T) {
	tr := &trace.Trace{End: sec(100)}
	for i := range 60 {
		tr.Add(sec(50), "", trace.Fault{Verb: fmt.Sprint("fault", i)})
	}
	out := run(t, runtest.Trace(tr))
	require.Regexp(t, `(?m)^faults +a$\n^ +b$\n^ +c$\n^ +\+$`, out)
	require.Contains(t, out, "  a  50.000 s  fault0\n")
	require.Contains(t, out, "[... 40 more notes ...]")
	require.Contains(t, out, "  +  50.000 s  fault59\n")
}

// A fault that lasts is shown with its end.
func TestFaultsThatLastSayHowLong(t *testing.T) {
	r := runtest.Trace(&trace.Trace{End: sec(100)})
	r.Facts.Faults = []finding.Fault{
		{Fault: trace.Fault{Verb: "unplug", Target: "active", Breaks: true}, At: sec(20), Until: sec(80)},
		{Fault: trace.Fault{Verb: "freeze", Target: "standby", Breaks: true}, At: sec(30), Until: sec(100), Open: true},
		{Fault: trace.Fault{Verb: "plug", Target: "active"}, At: sec(80), Until: sec(80)},
	}
	require.Contains(t, run(t, r), "  a  20.000 s  unplug active  (until 80 s)\n  b  30.000 s  freeze standby  (to the end)\n  c  80.000 s  plug active\n")
}

func TestTheScaleFitsAnyRun(t *testing.T) {
	r := runtest.Fresh(t, "cable-pull")
	for _, end := range []float64{0.001, 0.3, 1, 59, 3600, 1e6, 9.2e9} {
		r.Trace.End = sec(end)
		runtest.Harmless(t, run(t, r), 80)
	}
}
