package audit

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/audited"
	"ipwsim/sim/finding"
)

// Mail services that die, and a share that crashes, cost as long as they are away, though the VIP answers; that Windows
// starts the services again is worth all but a minute of it. The share nobody starts again sooner.
func TestMailThatIsAwayIsCounted(t *testing.T) {
	a := auditTrying(t, shipped(t, "mail"), []audited.ChangeKind{audited.MailRecovery}, audited.MailDiesActive, audited.ShareCrash)
	for _, row := range a.Rows {
		f := a.Faults[slices.IndexFunc(a.Faults, func(f audited.Fault) bool { return f.Name == row.Faults[0] })]
		mean := f.Lasts.Seconds()
		require.Equal(t, []finding.Obstacle{finding.NoMail}, []finding.Obstacle{row.Each.Parts[0].What})
		require.Greater(t, row.Each.Mean.Value, mean/2)
		require.Less(t, row.Each.Mean.Value, 3*mean/2+10)
		require.Positive(t, row.Longest.Seconds)
	}
	again := changeOf(a.Todo, audited.MailRecovery)
	require.Equal(t, []any{audited.Choice, audited.Gains}, []any{again.Class, again.Verdict})
	require.Len(t, again.ByFault, 1)
	require.Equal(t, audited.MailDiesActive, audited.FaultKind(again.ByFault[0].Fault))
	require.InDelta(t, costOf(a, "mail-dies").Each.Mean.Value-60, again.Gain.Value, 200)
	require.Equal(t, "sc failure EPSTRS reset= 86400 actions= restart/60000", again.Change.Do[0].Command)
	require.Equal(t, 4+4+2*4, a.Plan.MailRuns-4, "draws of each fault, of the change under each, and mail as it is")
}

func costOf(a *audited.Audit, name audited.FaultName) *audited.Row {
	return &a.Rows[slices.IndexFunc(a.Rows, func(r audited.Row) bool { return r.Faults[0] == name })]
}

// What a change of mail alone does not touch is not played again for it, and what shows in mail alone for no other change.
func TestNothingIsPlayedTwice(t *testing.T) {
	p := &plan{Options: Options{Name: "mail"}, name: "mail", files: shipped(t, "mail"), index: map[string]int{}}
	bp, problems := p.files.load()
	require.NoError(t, p.begin(bp, problems))
	p.propose()
	p.lead = p.quiet()
	b := p.agenda()
	for i, c := range p.candidates {
		for f := range p.faults {
			jobs := b.tried[i][f]
			switch {
			case p.faults[f].Kind.OfMail() && c.Kind == audited.MailRecovery:
				require.NotEqual(t, b.singles[f][:len(jobs)], jobs)
			case p.faults[f].Kind.OfMail():
				require.Empty(t, jobs)
			case c.Kind == audited.MailRecovery:
				require.Equal(t, b.singles[f][:len(jobs)], jobs)
			default:
				require.NotEqual(t, b.singles[f][:len(jobs)], jobs)
			}
		}
	}
}

// A program has no mail from between its last try that went well and the first that did not, to between the last that did
// not and the next that did; what failed before the fault, or has not failed, is none of it.
func TestTries(t *testing.T) {
	const s = time.Second
	spans := func(fault time.Duration, all ...[3]int) []finding.Span {
		x := &tries{}
		for _, one := range all {
			x.try(fault, time.Duration(one[0])*s, time.Duration(one[1])*s, one[2] == 1)
		}
		if x.down {
			x.end(100 * s)
		}
		return x.spans
	}
	span := func(from, to time.Duration) []finding.Span { return []finding.Span{{From: from * s, To: to * s}} }
	require.Equal(t, span(15, 45), spans(5*s, [3]int{10, 10, 1}, [3]int{20, 20, 0}, [3]int{40, 40, 0}, [3]int{50, 50, 1}))
	require.Equal(t, span(18, 45), spans(18*s, [3]int{10, 10, 1}, [3]int{20, 20, 0}, [3]int{40, 40, 0}, [3]int{50, 50, 1}))
	require.Equal(t, span(15, 100), spans(5*s, [3]int{10, 10, 1}, [3]int{20, 21, 0}))
	require.Equal(t, span(20, 24), spans(5*s, [3]int{10, 10, 1}, [3]int{20, 24, 1}), "it waited")
	require.Equal(t, span(22, 24), spans(13*s, [3]int{10, 12, 1}, [3]int{20, 24, 1}), "for longer than usual")
	require.Empty(t, spans(15*s, [3]int{10, 12, 1}, [3]int{20, 22, 1}), "as usual")
	require.Empty(t, spans(30*s, [3]int{10, 10, 1}, [3]int{20, 20, 0}, [3]int{40, 40, 0}, [3]int{50, 50, 1}))
	require.Empty(t, spans(5*s, [3]int{10, 10, 1}, [3]int{20, 20, 1}))
}

// Time without mail counts once: beside what is an outage of the VIP already.
func TestWithoutOutages(t *testing.T) {
	span := func(from, to int) finding.Span { return finding.Span{From: time.Duration(from), To: time.Duration(to)} }
	outage := func(from, to int) finding.Outage {
		return finding.Outage{From: time.Duration(from), To: time.Duration(to)}
	}
	all := []finding.Span{span(10, 20), span(30, 40)}
	require.Equal(t, all, without(all, nil))
	require.Equal(t, []finding.Span{span(10, 12), span(14, 18), span(35, 40)}, without(all, []finding.Outage{outage(12, 14), outage(18, 35)}))
	require.Empty(t, without(all, []finding.Outage{outage(0, 50)}))
	pings := outage(0, 50)
	pings.Pings = []finding.Span{span(11, 13)}
	require.Equal(t, []finding.Span{span(11, 13)}, without(all, []finding.Outage{pings}), "an outage to ping alone counts no mail")
}

// A firewall that lets no mail in at one node costs all of it while that node has the VIPs: what people send as well as what
// they read, by either protocol, though ping is answered.
func TestMailPortsThatAreShut(t *testing.T) {
	for ports, want := range map[string]struct{ lost, unread float64 }{"[25]": {1, 0}, "[110, 143]": {0, 0.5}} {
		f := shipped(t, "mail").with(t, "node.standby", "mail_blocked", ports)
		deaf := ports == "[110, 143]"
		if deaf {
			f = f.with(t, "node.standby", "echo_blocked", "true")
		}
		a := auditTrying(t, f, []audited.ChangeKind{audited.AllowMail}, audited.CableActive)
		require.False(t, a.Mail.Here.Bad(), "the active node's firewall is open")
		require.Equal(t, deaf, a.Mail.Left != nil && a.Mail.Left.Unread == want.unread, "who is not heard is not asked to give the VIPs back")
		require.Equal(t, want.lost, a.Mail.Away.Lost)
		require.Equal(t, want.unread, a.Mail.Away.Unread, "mail to others is not read here")
		open := changeOf(a.Todo, audited.AllowMail)
		require.NotNil(t, open)
		require.Equal(t, []any{"standby", audited.Mend, audited.Gains}, []any{open.Change.Node, open.Class, open.Verdict})
		require.Equal(t, "mail_blocked = []", open.Change.Edits[0].New)
		require.Contains(t, open.Change.Do[0].Command, "localport="+strings.Trim(strings.ReplaceAll(ports, " ", ""), "[]"))
	}
}
