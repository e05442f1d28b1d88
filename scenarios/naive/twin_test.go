package naive_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/scenarios/facts"
	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

// Were a fact wrong, the comparison would say so.
func TestAWrongFactIsSeen(t *testing.T) {
	pulled, split := shipped(t, "../cable-pull.txtar"), shipped(t, "../split-brain.txtar")
	mail, echo := shipped(t, "../mail-read-cut.txtar"), shipped(t, "../echo-blocked.txtar")
	for what, twin := range map[string]struct {
		of    *trace.Trace
		spoil func(f *facts.Facts)
	}{
		"an outage begins later":         {pulled, func(f *facts.Facts) { f.Uses[0].Outages[0].From += time.Millisecond }},
		"an outage ends sooner":          {pulled, func(f *facts.Facts) { f.Uses[0].Outages[0].To -= time.Millisecond }},
		"an outage is forgotten":         {pulled, func(f *facts.Facts) { f.Uses[0].Outages = nil }},
		"another fault is blamed":        {pulled, func(f *facts.Facts) { f.Uses[0].Outages[0].Cause.Fault++ }},
		"the loss is another one":        {pulled, func(f *facts.Facts) { f.Uses[0].Outages[0].Loss = finding.LostPower }},
		"the kind is another one":        {pulled, func(f *facts.Facts) { f.Uses[0].Outages[0].Kind = finding.OtherKind }},
		"ping alone was not kept out":    {echo, func(f *facts.Facts) { f.Uses[0].Outages[0].Pings = nil }},
		"mail got through, too":          {pulled, func(f *facts.Facts) { f.Uses[0].Outages[0].Parts[0].Pings++ }},
		"a part is longer":               {pulled, func(f *facts.Facts) { f.Uses[0].Outages[0].Parts[0].Time++ }},
		"another node answers":           {pulled, func(f *facts.Facts) { f.Uses[0].Answered[0].By = []string{"standby"} }},
		"a failback is forgotten":        {pulled, func(f *facts.Facts) { f.Failbacks = nil }},
		"a node was never ready":         {pulled, func(f *facts.Facts) { f.Pairs[0].Ready[1] = nil }},
		"a watcher has started anew":     {pulled, func(f *facts.Facts) { one := &f.Nodes[1].VIPs[0]; one.Anew = append(one.Anew, 20*time.Second) }},
		"a holding is shorter":           {pulled, func(f *facts.Facts) { f.Holdings[0].To-- }},
		"a take-over that never was":     {pulled, func(f *facts.Facts) { f.Takeovers = append(f.Takeovers, facts.Takeover{Heard: true, Served: true}) }},
		"a dual is forgotten":            {split, func(f *facts.Facts) { f.Duals = nil }},
		"the client is not said to use":  {split, func(f *facts.Facts) { f.Uses[0].Never = true }},
		"a message is in a mailbox more": {mail, func(f *facts.Facts) { f.Mail.Copies[0].InBox++ }},
		"a delivery without the address": {mail, func(f *facts.Facts) { f.Mail.Unheld = append(f.Mail.Unheld, finding.Unheld{Did: finding.Sent}) }},
		"a recipient was not answered":   {mail, func(f *facts.Facts) { f.Mail.Told[0].To = f.Mail.Told[0].To[1:] }},
		"an acceptance is forgotten":     {mail, func(f *facts.Facts) { f.Mail.Copies = f.Mail.Copies[1:] }},
	} {
		t.Run(what, func(t *testing.T) {
			f := facts.Read(twin.of)
			require.Empty(t, differences(ofFacts(f), byNaive(twin.of)), "before it is spoilt")
			twin.spoil(f)
			require.NotEmpty(t, differences(ofFacts(f), byNaive(twin.of)))
		})
	}
}

// Were a record overlooked, the comparison would say so: of each of these kinds some record matters by itself.
func TestAnOverlookedRecordIsSeen(t *testing.T) {
	whole := shipped(t, "../cable-pull.txtar")
	for _, kind := range []string{"link", "power", "address", "neighbor", "service", "watch", "fault", "use"} {
		t.Run(kind, func(t *testing.T) {
			require.True(t, slices.ContainsFunc(all(len(whole.Records)), func(i int) bool {
				less := *whole
				less.Records = slices.Delete(slices.Clone(whole.Records), i, i+1)
				return whole.Records[i].Body.Kind() == kind && differences(byReader(&less), byNaive(whole)) != ""
			}))
		})
	}
}
