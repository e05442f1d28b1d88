package audit

import (
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/audited"
)

// A quick audit plays a change on few draws of a fault that does nobody anything, with it and without: on all of any other.
func TestAQuickAuditSparesWhatIsHarmless(t *testing.T) {
	for quick, want := range map[bool]map[audited.FaultKind]int{
		true:  {audited.CableActive: 8, audited.CableStandby: firstLook},
		false: {audited.CableActive: 12, audited.CableStandby: 12},
	} {
		f := cured(t)
		p := &plan{Options: Options{Name: "ours", Files: f, Seed: 1, Quick: quick, Workers: 1, changes: []audited.ChangeKind{audited.ReleaseTime},
			only: []audited.FaultKind{audited.CableActive, audited.CableStandby}}, seed: 1, name: "ours", files: f, index: map[string]int{}}
		bp, problems := f.load()
		require.NoError(t, p.begin(bp, problems))
		p.out.Plan.Draws, p.out.Plan.TriedDraws, p.out.Plan.PairDraws = want[audited.CableActive], want[audited.CableActive], 0
		p.propose()
		p.lead = p.quiet()
		b := p.agenda()
		all, err := p.play(t.Context(), b, nil, 0)
		require.NoError(t, err)
		require.Len(t, all, p.out.Plan.Runs)
		for i, fault := range p.faults {
			require.Len(t, b.singles[i], want[audited.CableActive], "as it is: all of them")
			require.Len(t, b.tried[0][i], want[fault.Kind], fault.Name)
		}
	}
}
