package audit

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/audited"
)

// planFor is a plan of the files with its changes.
func planFor(t *testing.T, f files) *plan {
	p := &plan{Options: Options{Name: "ours", Files: f}, name: "ours", files: f, index: map[string]int{}}
	bp, problems := f.load()
	require.NotNil(t, bp, "%v", problems)
	require.NoError(t, p.begin(bp, problems))
	p.propose()
	return p
}

// mends are the changes of mistakes.
func (p *plan) mends() (all []audited.Tried) {
	for _, c := range p.candidates {
		if c.class == audited.Mend {
			all = append(all, audited.Tried{Change: c.Change})
		}
	}
	return all
}

// After all mends nothing is left to be mended, though several are of one file, and one of both nodes' batches; after all but
// one that one is.
func TestMendsTogetherLeaveNothingToMend(t *testing.T) {
	f := cured(t).with(t, "node.active", "echo_blocked", "true").with(t, "node.active", "public_after_boot", `"20s"`).with(t, "node.standby", "pipe_blocked", "true").with(t, "node.standby", "tasks", "[]")
	f["active/ipwcs.reg"] = []byte("Windows Registry Editor Version 5.00\r\n\r\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\EPOST\\IPWCS]\r\n\"Interval\"=dword:0000000a\r\n\"PingTimeout\"=dword:00000002\r\n\"Balance\"=dword:00000000\r\n\"ReleaseTime\"=dword:0000003c\r\n")
	p := planFor(t, f)
	all := p.mends()
	var kinds []audited.ChangeKind
	for _, m := range all {
		kinds = append(kinds, m.Change.Kind)
	}
	require.Subset(t, kinds, []audited.ChangeKind{audited.AllowEcho, audited.PrivateNetwork, audited.AllowPipe, audited.SameInterval, audited.SamePingTimeout, audited.CureClient, audited.AddTask})
	c := p.together(all)
	require.NotNil(t, c.bp)
	require.Empty(t, planFor(t, c.files).mends())
	for i := range all {
		but := slices.Delete(slices.Clone(all), i, i+1)
		left := planFor(t, p.together(but).files).mends()
		require.True(t, slices.ContainsFunc(left, func(x audited.Tried) bool { return again(&x.Change, &all[i].Change) }), "%+v", all[i].Change)
	}
}

// What two changes gain together is less than the sum where one gains what the other has gained, and not less than the
// better of them alone. What is left is the rest of the year.
func TestTheListIsFollowed(t *testing.T) {
	f := shipped(t, "guide")
	a := auditOf(t, f, audited.UpdateActive)
	require.Greater(t, len(a.Todo), 1)
	last := a.Followed[len(a.Followed)-1]
	require.Equal(t, len(a.Todo), last.Of)
	sum, best := 0.0, 0.0
	for _, x := range a.Todo {
		sum, best = sum+x.Gain.Value, max(best, x.Gain.Value)
	}
	require.GreaterOrEqual(t, last.Gain.Value, best)
	require.LessOrEqual(t, last.Gain.Value, sum+1)
	require.InDelta(t, a.Year.Mean.Value-last.Gain.Value, last.Left, 1e-9)
}
