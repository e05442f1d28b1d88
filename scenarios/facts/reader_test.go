package facts

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"ipwsim/scenarios/conform"
	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
	"ipwsim/sim/trace/story"
)

// Reading as it happens gives at every instant what reading the run up to there gives; and who asks on the way
// changes nothing of what comes out.
func TestReader_EachInstantIsThePrefixRead(t *testing.T) {
	setCases(t, "1000")
	compared, waiting := 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		tr := busyTrace(rt)
		r := NewReader(&tr.Header)
		type snapshot struct {
			prefix *trace.Trace
			facts  *Facts
		}
		var all []snapshot
		for i := range tr.Records {
			now := tr.Records[i].At
			if i > 0 && now > tr.Records[i-1].At {
				f := r.Facts(now)
				if len(r.open) > 0 {
					waiting++ // an answer by ARP that may come or not
				} else {
					all = append(all, snapshot{&trace.Trace{Header: tr.Header, Records: tr.Records[:i], End: now}, f})
				}
			}
			r.Read(&tr.Records[i])
		}
		last := r.Close(tr.End)
		for _, s := range all { // when all is read, so that one that changes afterwards is found
			require.Equal(rt, Read(s.prefix), s.facts, "the facts at %s", s.prefix.End)
			compared++
		}
		require.Equal(rt, Read(tr), last, "the facts at the end")
	})
	require.Greater(t, compared, 1000)
	require.Greater(t, waiting, 100)
}

// Who asks for waits only is told the same, less whether rules were kept.
func TestReader_WaitsAreTheSame(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		tr := busyTrace(rt)
		r, want := NewWaits(&tr.Header), Read(tr)
		for i := range tr.Records {
			r.Read(&tr.Records[i])
		}
		want.Conform, want.Machines = conform.Judged{}, conform.MachinesJudged{}
		require.Equal(rt, want, r.Close(tr.End))
	})
}

// asking is a run in which pc waits for an answer to ARP from 93 s on, and what became of it at 96 s.
func asking(then trace.NeighborState) *story.Story {
	s := story.Guide().At(60).Unplug("active").Forget("pc")
	s.At(93).Add("pc", trace.Neighbor{IP: vip, State: trace.Incomplete}).At(94).Holds("standby", trace.Preferred)
	return s.At(96).Add("pc", trace.Neighbor{IP: vip, MAC: s.Header.Node("standby").MAC, State: then})
}

// Up to a question's end the reader does not know whether the asker is answered, and says nothing of what comes
// after it.
func TestReader_WaitsForTheAnswerToAQuestion(t *testing.T) {
	tr := asking(trace.Unreachable).End(200)
	r := NewReader(&tr.Header)
	for i := range tr.Records {
		rec := &tr.Records[i]
		if rec.At == seconds(96) {
			before := &trace.Trace{Header: tr.Header, Records: tr.Records[:i-2], End: seconds(95)}
			require.Equal(t, Read(before), r.Facts(seconds(95)), "the question, and the standby's address behind it, are not taken in")
		}
		r.Read(rec)
		if rec.At == seconds(96) {
			require.Empty(t, r.queue, "the question has come to its end")
		}
	}
	o := &useIn(r.Close(tr.End), "pc", vip).Outages[0]
	require.Equal(t, seconds(36), o.Length(), "H9: an echo that waits is lost when the host gives up")
}

// A node that stands still in the middle of a question gets no answer while it does: what happens meanwhile is
// known all the same when it has come to its end, and nothing of it is lost.
func TestReader_AFrozenAsker(t *testing.T) {
	tell := func(ending trace.NeighborState) *trace.Trace {
		s := story.Guide().At(60).Add("active", trace.Neighbor{IP: s50, State: trace.Incomplete})
		s.At(61).Fault("freeze", "active").Power("active", trace.Frozen)
		for i := range 10_000 { // more than any queue should have to move
			s.At(62+float64(i)*0.01).Add("pc", trace.PingLine{ID: 1, Seq: i, Outcome: trace.TimedOut})
		}
		s.At(94).Takes("standby").At(170).Fault("resume", "active").Power("active", trace.On)
		s.At(171).Cache("pc", "active")
		return s.At(173).Add("active", trace.Neighbor{IP: s50, MAC: trace.MAC{2, 0, 0, 0, 0, 9}, State: ending}).End(300)
	}
	for ending, want := range map[trace.NeighborState][]finding.Span{
		// While it asks in vain it answers nobody; of its way back nothing else is known.
		trace.Unreachable: {span(-65, 60, "active"), span(94, 171, "standby"), span(173, 300, "active")},
		trace.Reachable:   {span(-65, 61, "active"), span(94, 171, "standby"), span(171, 300, "active")},
	} {
		require.Equal(t, want, answered(tell(ending)), "the question ends %s", ending)
	}
}

// s50 is pc.
var s50 = story.Bare().Header.Clients[0].Address.Addr()

// A question whose asker loses its power is over.
func TestReader_AnAskerWithoutPowerAsksNoMore(t *testing.T) {
	tr := story.Guide().At(60).Add("standby", trace.Neighbor{IP: s50, State: trace.Incomplete}).At(61).PowerOff("standby").End(100)
	r := NewReader(&tr.Header)
	for i := range tr.Records {
		r.Read(&tr.Records[i])
	}
	require.Empty(t, r.open)
	require.Empty(t, r.queue)
}

// What comes and goes within an instant is not seen, even by who looks while an answer to ARP is awaited in it.
func TestReader_ALookWithinAnInstantSeesNothingOfIt(t *testing.T) {
	s := story.Guide().At(60).Holds("active", trace.Tentative).Add("standby", trace.Neighbor{IP: s50, State: trace.Incomplete})
	tr := s.Holds("active", trace.Preferred).At(62).Add("standby", trace.Neighbor{IP: s50, State: trace.Unreachable}).End(100)
	r := NewReader(&tr.Header)
	for i := range tr.Records {
		if tr.Records[i].At == seconds(62) {
			r.Facts(seconds(61))
		}
		r.Read(&tr.Records[i])
	}
	require.Equal(t, Read(tr), r.Close(tr.End))
	require.Empty(t, outages(tr))
}
