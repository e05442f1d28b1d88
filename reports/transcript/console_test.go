package transcript_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/reports/runtest"
	"ipwsim/reports/transcript"
	"ipwsim/reports/words"
	"ipwsim/sim/trace"
)

// The screen of each machine at which somebody typed, with the faults between its lines.
func TestConsolesShowWhatWasTypedAndPrinted(t *testing.T) {
	tr := &trace.Trace{}
	tr.Add(0, "", trace.Fault{ID: 1, Verb: "unplug", Target: "client"})
	tr.Add(sec(1), "active", trace.Console{Text: `C:\>`, Typed: "hostname"})
	tr.Add(sec(1), "client", trace.Console{Text: `C:\>`, Typed: "\x07"})
	tr.Add(sec(1), "active", trace.Console{Text: "hvt162EPST11"})
	tr.Add(sec(2), "", trace.Fault{ID: 2, Verb: "unplug", Target: "active"})
	teller := transcript.New(runtest.Trace(tr), words.English)
	require.Equal(t, []string{"active", "client"}, teller.Consoles())
	require.Equal(t, []string{`C:\>hostname`, "hvt162EPST11", "[2.000 s  unplug active]"}, lines(teller.Console("active")))
	require.NotContains(t, lines(teller.Console("client"))[0], "\x07")
}
