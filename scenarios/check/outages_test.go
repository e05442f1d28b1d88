package check

import (
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/trace"
)

func TestOutages_FailoverIsMeasured(t *testing.T) {
	tr := failsOver(34)
	require.Equal(t, []Failover{{
		Outage: Outage{
			Client: "pc", VIP: vip, From: seconds(60), To: seconds(94), Before: []string{"active"}, After: []string{"standby"},
			Loss: LostLink, Cause: Cause{Kind: ByFault, At: seconds(60), Text: "unplug active"},
		},
		Lost: "active", Taker: "standby",
	}}, Failovers(tr), "A failover is the gap from the loss of one node to another's answer, with its cause.")
	require.Equal(t, seconds(34), Outages(tr)[0].Length(), "The length is what P1 judges.")
}

func TestOutages_BeforeTheFirstAnswerThereIsNone(t *testing.T) {
	require.Empty(t, Outages(guide().end(100)), "The start-up is no outage.")
}

func TestOutages_FlapIsNoFailover(t *testing.T) {
	tr := guide().at(60).unplug("active").at(61).plug("active", trace.Preferred).end(300)
	require.Len(t, Outages(tr), 1, "W19: a flap costs an outage.")
	require.Equal(t, seconds(4), Outages(tr)[0].Length(), "W19: a one-second flap costs about 4 s.")
	require.Empty(t, Failovers(tr), "The same node answers again: no failover.")
}

func TestOutages_OpenOutageIsSaid(t *testing.T) {
	o := Outages(guide().at(60).unplug("active").end(80))
	require.Len(t, o, 1, "An outage at the trace's end counts.")
	require.True(t, o[0].Open && o[0].To == seconds(80), "It is open, up to the trace's end.")
}

func TestOutages_CauseIsTheLatestFaultOrTheRelease(t *testing.T) {
	cause := func(s *story) Cause { return Outages(s.end(3000))[1].Cause }
	cycle := taken().at(1894).watch("standby", "releasing", "W18: the release cycle").at(1894.5).holds("standby", trace.Absent)
	require.Equal(t, Cause{ByCycle, seconds(1894), "standby", "W18: the release cycle"}, cause(cycle), "W18 is its own cause.")
	back := taken().at(200).plug("active", trace.Duplicate).at(203.2).gives("standby", "W16: the master asked")
	require.Equal(t, Cause{ByGiveBack, seconds(203.2), "standby", "W16: the master asked"}, cause(back), "W16 is its own cause.")
	late := taken().at(300).gives("standby", "W180 is no rule").at(301).takes("standby")
	require.Equal(t, Cause{Kind: ByFault, At: seconds(60), Text: "unplug active"}, cause(late), "Else it is the latest fault before.")
	none := guide().at(5).holds("active", trace.Absent).end(100)
	require.Equal(t, Unknown, Outages(none)[0].Cause.Kind, "Without fault or release the cause is unknown.")
}

func TestOutages_ClientsOwnCableIsNoLossOfTheNode(t *testing.T) {
	o := Outages(guide().at(60).fault("unplug", "pc").link("pc", false).end(100))
	require.Equal(t, NotLost, o[0].Loss, "A client that cuts itself off loses no node.")
}

func TestOutages_PathBetweenSwitches(t *testing.T) {
	s := guide()
	s.tr.Header.Cables[0].B = "far"
	s.tr.Header.Cables = append(s.tr.Header.Cables, trace.Cable{Name: "trunk", A: "far", B: "sw"})
	s.at(-100).link("trunk", true).at(60).fault("cut", "trunk").link("trunk", false).at(94).takes("standby")
	tr := s.end(300)
	require.Equal(t, LostPath, Failovers(tr)[0].Loss, "A trunk that fails loses the node behind it.")
	wants(t, "P1", Pass, tr, "P1: a node behind a cut trunk is taken over from as any other.")
}

func TestFailbacks_AreMeasuredFromTheReturn(t *testing.T) {
	require.Equal(t, []Failback{{
		Client: "pc", VIP: vip, Master: "active", Peer: "standby",
		From: seconds(200), To: seconds(207.5), Silent: seconds(4.3),
	}}, Failbacks(comesBack(7.5)), "P2: from the cable's return to the master's answer, and how long nobody answered.")
}

func TestFailbacks_OpenWhenTheMasterNeverAnswers(t *testing.T) {
	f := Failbacks(taken().at(200).plug("active", trace.Duplicate).end(300))
	require.Len(t, f, 1, "A failback that was due is listed.")
	require.True(t, f[0].Open && f[0].Length() == seconds(100), "It is open, up to the trace's end.")
}

func TestFailbacks_OfAFlappingCableTheLastReturnCounts(t *testing.T) {
	s := taken().at(190).fault("plug", "active").link("active", true).at(195).unplug("active")
	s.at(200).plug("active", trace.Duplicate).at(203.2).gives("standby", "W16").at(207.5).takes("active")
	f := Failbacks(s.end(300))
	require.Len(t, f, 1, "One answer ends one failback.")
	require.Equal(t, seconds(200), f[0].From, "It counts from the last return.")
}
