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

// together is the cluster with all those changes made.
func (p *plan) together(all []audited.Tried) candidate {
	p.out.Todo, p.listed = all, make([]int, len(all))
	steps := p.work(candidate{files: p.files, bp: p.bp}, 0)
	return steps[len(steps)-1]
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

// What gains only once the list is done is told at its end, on top of the rest: who does all of it, each change to the file and
// line that it says, hears nothing more that gains. A quick audit leaves that out.
func TestTheListIsFinal(t *testing.T) {
	const pings = "arp -d\r\nping -n 10 192.168.10.150 -S 192.168.10.202\r\nping -n 10 192.168.10.151 -S 192.168.10.202\r\n"
	f := cured(t).with(t, "node.standby", "tasks", "[]")
	f["active/arpclear.bat"], f["standby/arpclear.bat"] = []byte(pings), []byte(pings)
	opt := Options{Name: "ours", Files: f, Seed: 1, Marks: []string{"# assumed:"}, Workers: 1,
		only: []audited.FaultKind{audited.CableActive}, changes: []audited.ChangeKind{audited.AddTask, audited.CurePings, audited.ReleaseTime}}
	a, err := Run(t.Context(), opt)
	require.NoError(t, err)
	require.True(t, a.Final)
	require.Zero(t, a.Todo[0].After)
	last := a.Todo[len(a.Todo)-1]
	require.Positive(t, last.After)
	require.Equal(t, []any{audited.Choice, audited.Gains}, []any{last.Class, last.Verdict})
	require.Equal(t, len(a.Todo), a.Followed[len(a.Followed)-1].Of)
	require.Nil(t, changeOf(a.Tried, last.Change.Kind), "it is not told as one in vain, too")
	mends := 0
	for _, x := range a.Todo {
		if x.Class == audited.Mend {
			mends++
			continue
		}
		require.GreaterOrEqual(t, x.After, mends, "a choice gains what it says when the mistakes are mended")
	}
	require.Positive(t, mends)
	done := f
	for _, x := range a.Todo {
		for _, e := range x.Change.Edits {
			if at := e.Line; at > 0 {
				require.Equal(t, e.Old+e.Before, done.line(e.File, at), "%s: the line as it is when the others are done", x.Change.Kind)
			}
		}
		done = done.made(x.Change.Edits)
	}
	opt.Files = done
	a, err = Run(t.Context(), opt)
	require.NoError(t, err)
	require.Empty(t, a.Todo)
	require.True(t, a.Final)

	opt.Files, opt.Quick = f, true
	a, err = Run(t.Context(), opt)
	require.NoError(t, err)
	require.False(t, a.Final)
	require.Empty(t, a.Beyond)
	require.Zero(t, a.Todo[len(a.Todo)-1].After)
}

// Of two changes that cannot both be made the better one is in the list, and the other is told besides.
func TestOfTwoMasksOneIsInTheList(t *testing.T) {
	f := shipped(t, "mail").with(t, "node.active", "address", `"192.168.10.200/16"`).over(nil)
	f[tomlFile] = append([]byte("either_mask = true\n"), f[tomlFile]...)
	a := auditTrying(t, f, []audited.ChangeKind{audited.EitherMask}, audited.CableActive)
	require.Len(t, a.Todo, 1)
	require.Equal(t, audited.Instead, changeOf(a.Tried, audited.EitherMask).Verdict)
}

// Of several values of one setting the best is in the list, and none on top of it.
func TestOfASettingOneValueIsInTheList(t *testing.T) {
	for kind, fault := range map[audited.ChangeKind]audited.FaultKind{audited.Interval: audited.CableActive, audited.ReleaseTime: audited.RepairActive} {
		a := auditTrying(t, shipped(t, "guide"), []audited.ChangeKind{kind}, fault)
		require.Len(t, a.Todo, 1, kind)
		gain := a.Todo[0].Gain.Value
		require.Positive(t, gain)
		require.NotEmpty(t, a.Tried)
		for _, other := range a.Tried {
			require.Equal(t, kind, other.Change.Kind)
			require.LessOrEqual(t, other.Gain.Value, gain)
			require.NotEqual(t, a.Todo[0].Change.To, other.Change.To)
		}
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
	require.InDelta(t, a.Year.Mean.Value-last.Gain.Value, last.Left.Value, 1e-9)
	require.LessOrEqual(t, last.Left.Low, last.Left.Value)
	require.Greater(t, last.Left.High, last.Left.Value, "draws differ, so there is an interval")
}
