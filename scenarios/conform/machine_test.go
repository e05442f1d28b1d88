package conform_test

import (
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/scenarios/conform"
	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

func machinesJudged(tr *trace.Trace) conform.MachinesJudged {
	j := conform.NewMachines(&tr.Header)
	for i := range tr.Records {
		j.Read(&tr.Records[i])
	}
	return j.Close(tr.End)
}

func address(s trace.AddressState) func(trace.Body) bool {
	return func(b trace.Body) bool { a, is := b.(trace.Address); return is && a.IP == vip && a.State == s }
}

// added is the watcher writing that it has added a VIP.
func added(b trace.Body) bool {
	e, is := b.(trace.Event)
	return is && e.Source == trace.Watcher && e.ID == 100
}

// task is a task coming to that state.
func task(s trace.TaskState) func(trace.Body) bool {
	return func(b trace.Body) bool { a, is := b.(trace.Task); return is && a.State == s }
}

// silent has the client's ARP cache tell of nothing any more.
func silent(s *spoiler, from time.Duration) {
	s.Records = slices.DeleteFunc(s.Records, func(r trace.Record) bool { return r.At > from && r.Host == "client" && r.Body.Kind() == "neighbor" })
}

// keeps has a machine's ARP cache keep what it has as its link goes.
func keeps(s *spoiler, host string) {
	i := s.find(0, "", func(b trace.Body) bool { l, is := b.(trace.Link); return is && l.Cable == host && !l.Up })
	at := s.Records[i].At
	s.Records = slices.DeleteFunc(s.Records, func(r trace.Record) bool { return r.At == at && r.Host == host && r.Body.Kind() == "neighbor" })
}

// lets is the end of a network's being taken for a public one.
func lets(b trace.Body) bool {
	f, is := b.(trace.Firewall)
	return is && f.Rule == trace.Inbound && !f.Blocked
}

func phase(p trace.PortPhase) func(trace.Body) bool {
	return func(b trace.Body) bool { s, is := b.(trace.PortState); return is && s.State == p }
}

func starting(b trace.Body) bool {
	s, is := b.(trace.Service)
	return is && s.State == trace.StartPending
}

// spoiledMachines are as spoiled, of what Windows does.
var spoiledMachines = []struct {
	kind, scenario, node string
	how                  func(s *spoiler)
}{
	{"p11.early", "cable-pull", "standby", func(s *spoiler) { s.delay(s.find(20*sec, "standby", address(trace.Preferred)), -10*time.Millisecond) }},
	{"p11.early", "cable-pull", "standby", func(s *spoiler) { // it counts from when its address before that was added
		s.delay(s.find(20*sec, "standby", address(trace.Tentative)), 2*sec)
	}},
	{"p11.early", "cable-pull", "active", func(s *spoiler) { // what was a duplicate is used all the same
		i := s.find(80*sec, "active", address(trace.Duplicate))
		s.add(s.Records[i].At+time.Millisecond, "active", trace.Address{IP: vip, State: trace.Preferred})
	}},
	{"p11.late", "cable-pull", "standby", func(s *spoiler) { s.delay(s.find(20*sec, "standby", address(trace.Preferred)), 10*time.Millisecond) }},
	{"p11.late", "cable-pull", "standby", func(s *spoiler) { s.drop(s.find(20*sec, "standby", address(trace.Preferred))) }},
	{"p11.yields", "cable-pull", "standby", func(s *spoiler) {
		s.add(70*sec, "standby", trace.Address{IP: vip, State: trace.Duplicate})
	}},
	{"p11.yields", "cable-pull", "standby", func(s *spoiler) {
		s.add(70*sec, "standby", trace.Address{IP: vip, State: trace.Tentative})
	}},
	{"p11.link", "cable-pull", "active", func(s *spoiler) { s.drop(s.find(20*sec, "active", address(trace.Tentative))) }},
	{"p11.boot", "power-loss", "active", func(s *spoiler) {
		i := s.find(20*sec, "active", func(b trace.Body) bool { p, is := b.(trace.Power); return is && p.State == trace.On })
		s.Records = slices.Insert(s.Records, i, trace.Record{At: s.Records[i].At, Host: "active", Body: trace.Address{IP: vip.Next(), State: trace.Tentative}})
	}},
	{"p11.asleep", "freeze", "active", func(s *spoiler) {
		i := s.find(0, "active", func(b trace.Body) bool { p, is := b.(trace.Power); return is && p.State == trace.Frozen })
		s.add(s.Records[i].At+sec, "active", trace.Address{IP: vip, State: trace.Absent})
	}},
	{"p11.cache", "cable-pull", "standby", func(s *spoiler) {
		i := s.find(80*sec, "standby", func(b trace.Body) bool { c, is := b.(trace.Command); return is && c.Does == trace.FlushARP })
		s.Records = slices.Insert(s.Records, i, trace.Record{At: s.Records[i].At, Host: "standby", Body: trace.Neighbor{IP: vip, State: trace.Reachable}})
	}},
	{"p11.tries", "standby-cable", "active", func(s *spoiler) {
		i := s.find(0, "active", func(b trace.Body) bool { p, is := b.(trace.Pipe); return is && p.Error == trace.PathNotFound })
		b := s.Records[i].Body.(trace.Pipe)
		b.Took -= 12 * sec
		s.Records[i].Body = b
		s.delay(i, -12*sec)
	}},
	{"p11.link-cache", "cable-pull", "active", func(s *spoiler) { keeps(s, "active") }},
	{"p11.link-cache", "linux-client-flap", "client", func(s *spoiler) { keeps(s, "client") }},
	{"p11.public", "public-after-link", "active", func(s *spoiler) { s.drop(s.find(80*sec, "active", lets)) }},
	{"p11.public", "public-after-link", "active", func(s *spoiler) { s.delay(s.find(80*sec, "active", lets), 10*time.Millisecond) }},
	{"p11.public", "public-after-boot", "active", func(s *spoiler) { s.drop(s.find(80*sec, "active", lets)) }},
	{"p11.task", "arpclear", "standby", func(s *spoiler) { // skipped though it does not run
		i := s.find(0, "standby", task(trace.TaskFinished))
		b := s.Records[i].Body.(trace.Task)
		b.State = trace.TaskSkipped
		s.add(s.Records[i].At+time.Millisecond, "standby", b)
	}},
	{"p11.task", "arpclear", "standby", func(s *spoiler) { s.again(s.find(0, "standby", task(trace.TaskStarted))) }},
	{"p11.task-missed", "arpclear", "standby", func(s *spoiler) {
		s.drop(s.find(0, "standby", task(trace.TaskStarted)))
		s.drop(s.find(0, "standby", task(trace.TaskFinished)))
	}},
	{"p11.task-missed", "arpclear", "standby", func(s *spoiler) { s.delay(s.find(0, "standby", task(trace.TaskStarted)), time.Millisecond) }},
	{"p11.task-starts", "arpclear", "standby", func(s *spoiler) { s.drop(s.find(0, "standby", added)) }},
	{"p11.task-starts", "arpclear", "standby", func(s *spoiler) {
		first := s.Records[s.find(0, "standby", task(trace.TaskStarted))]
		for _, state := range []trace.TaskState{trace.TaskStarted, trace.TaskTerminated} {
			s.add(first.At-sec, "standby", trace.Task{Name: "arpclear.bat", State: state, Trigger: first.Body.(trace.Task).Trigger})
		}
	}},
	{"p11.task-runs-on", "arpclear", "standby", func(s *spoiler) { s.drop(s.find(0, "standby", task(trace.TaskFinished))) }},
	{"p11.claims", "defended-router", "active", func(s *spoiler) {
		claimed := func(b trace.Body) bool { e, is := b.(trace.Event); return is && e.ID == trace.AddressClaimed }
		i := s.find(0, "active", claimed)
		s.add(s.Records[i].At+9*sec, "active", s.Records[i].Body)
	}},
	{"p11.start", "service-recovery", "active", func(s *spoiler) { s.drop(s.find(20*sec, "active", starting)) }},
	{"p11.start", "service-recovery", "active", func(s *spoiler) { s.delay(s.find(20*sec, "active", starting), 10*time.Millisecond) }},
	{"p11.start", "power-loss", "active", func(s *spoiler) { s.drop(s.find(20*sec, "active", starting)) }},
	{"p11.start", "service-delayed", "active", func(s *spoiler) { s.drop(s.find(20*sec, "active", starting)) }},
	{"p11.starts", "service-delayed", "active", func(s *spoiler) { s.delay(s.find(20*sec, "active", starting), -sec) }},
	{"p11.starts", "service-recovery", "active", func(s *spoiler) { s.delay(s.find(20*sec, "active", starting), -10*time.Millisecond) }},
	{"p11.starts", "service-recovery", "active", func(s *spoiler) { // its second death is to be left at that
		s.add(260*sec, "active", s.Records[s.find(20*sec, "active", starting)].Body)
	}},
	{"p11.entry", "ad-client", "client", func(s *spoiler) { silent(s, 20*sec) }},  // what it has lasts for good
	{"p11.entry", "cable-pull", "client", func(s *spoiler) { silent(s, 20*sec) }}, // likewise, and RFC 4861 would ask
	{"p11.entry", "ad-client", "client", func(s *spoiler) { // it lasts too long, if somewhat
		s.delay(s.find(20*sec, "client", func(b trace.Body) bool { n, is := b.(trace.Neighbor); return is && n.State == trace.Removed }), 19*sec)
	}},
	{"p11.port-early", "boot-spanning-tree", "sw1", func(s *spoiler) { s.delay(s.find(0, "", phase(trace.Learning)), -10*time.Millisecond) }},
	{"p11.port-early", "boot-spanning-tree", "sw1", func(s *spoiler) { s.delay(s.find(0, "", phase(trace.Forwarding)), -sec) }},
	{"p11.port-early", "boot-spanning-tree", "sw1", func(s *spoiler) { // it does not wait at all
		for range 3 {
			s.drop(s.find(0, "", func(b trace.Body) bool { _, is := b.(trace.PortState); return is }))
		}
	}},
	{"p11.port-early", "boot-spanning-tree", "sw1", func(s *spoiler) { // its link was lost again meanwhile
		at := s.Records[s.find(0, "", phase(trace.Listening))].At + 5*sec
		s.add(at, "", trace.Link{Cable: "standby"})
		s.add(at, "", trace.Link{Cable: "standby", Up: true})
		s.add(at, "", trace.PortState{Switch: "sw1", Cable: "standby", State: trace.Listening})
	}},
	{"p11.port-late", "boot-spanning-tree", "sw1", func(s *spoiler) { s.delay(s.find(0, "", phase(trace.Forwarding)), time.Millisecond) }},
	{"p11.port-late", "boot-spanning-tree", "sw1", func(s *spoiler) { s.drop(s.find(0, "", phase(trace.Forwarding))) }},
}

// P11: a good run breaks nothing, and each spoiled one what it was spoiled to break.
func TestP11_ASpoiledRunBreaksItsRule(t *testing.T) {
	caught := map[string]bool{}
	for _, row := range spoiledMachines {
		s := &spoiler{ran(t, row.scenario), t}
		good := machinesJudged(s.Trace)
		require.Empty(t, good.Breaches, "%s is good", row.scenario)
		require.NotZero(t, good.Used)
		row.how(s)
		broken := machinesJudged(s.Trace).Breaches
		require.True(t, slices.ContainsFunc(broken, func(n finding.Note) bool {
			return string(n.Kind) == row.kind && n.Node == row.node
		}), "%s of %s, found %+v", row.kind, row.node, broken)
		caught[row.kind] = true
	}
	for _, s := range conform.MachineStatements {
		require.True(t, caught[string(s.Kind)], "%s: no spoiled run breaks it", s.Kind)
	}
}

// sleeper is what P11 says of a machine that is frozen in its detection, from 1 s to 20 s, and loses its link meanwhile, and
// of what then comes.
func sleeper(then ...trace.Record) []finding.Note {
	own := netip.MustParsePrefix("192.168.10.200/24")
	for i := range then {
		if a, is := then[i].Body.(trace.Address); is {
			a.IP = own.Addr()
			then[i].Host, then[i].Body = "active", a
		}
	}
	return machinesJudged(&trace.Trace{
		Header: trace.Header{Watcher: "0.0", Nodes: []trace.Node{{Role: "active", Address: own, DAD: 3 * sec}}}, End: 30 * sec,
		Records: append([]trace.Record{
			{At: 0, Body: trace.Link{Cable: "active", Up: true}}, {At: 0, Host: "active", Body: trace.Power{State: trace.On}},
			{At: 0, Host: "active", Body: trace.Address{IP: own.Addr(), State: trace.Tentative}}, {At: sec, Host: "active", Body: trace.Power{State: trace.Frozen}},
			{At: 5 * sec, Body: trace.Link{Cable: "active"}}, {At: 20 * sec, Host: "active", Body: trace.Power{State: trace.On}},
		}, then...),
	}).Breaches
}

// P11: what was due while a machine was frozen happens as it wakes, before it knows that it has lost its link; not later.
func TestP11_AWakingMachineIsBehind(t *testing.T) {
	use := func(at time.Duration) []finding.Note {
		return sleeper(trace.Record{At: at, Body: trace.Address{State: trace.Preferred}}, trace.Record{At: at, Body: trace.Address{State: trace.Tentative}})
	}
	require.Empty(t, use(20*sec))
	require.NotEmpty(t, use(20*sec+time.Millisecond))
}

// P11: one that is frozen again as it wakes has not looked at its link: it does so the next time.
func TestP11_FrozenAgainAsItWakes(t *testing.T) {
	power := func(at time.Duration, s trace.PowerState) trace.Record {
		return trace.Record{At: at, Host: "active", Body: trace.Power{State: s}}
	}
	gone := trace.Record{At: 25 * sec, Body: trace.Address{State: trace.Tentative}}
	used := trace.Record{At: 20 * sec, Body: trace.Address{State: trace.Preferred}} // what was due in its sleep comes first
	require.Empty(t, sleeper(used, power(20*sec, trace.Frozen), power(25*sec, trace.On), gone))
	require.NotEmpty(t, sleeper(used, power(20*sec, trace.Frozen), power(25*sec, trace.On)), "it uses an address without a link")

	neighbor := trace.Record{At: 0, Host: "active", Body: trace.Neighbor{IP: netip.MustParseAddr("192.168.10.150"), State: trace.Reachable}}
	wakes := func(then ...trace.Record) []finding.Note {
		return machinesJudged(&trace.Trace{
			Header: trace.Header{Watcher: "0.0", Nodes: []trace.Node{{Role: "active", DAD: 3 * sec}}}, End: 30 * sec,
			Records: append([]trace.Record{
				{At: 0, Body: trace.Link{Cable: "active", Up: true}}, power(0, trace.On), neighbor,
				power(sec, trace.Frozen), {At: 5 * sec, Body: trace.Link{Cable: "active"}}, power(20*sec, trace.On),
			}, then...),
		}).Breaches
	}
	back := trace.Record{At: 25 * sec, Body: trace.Link{Cable: "active", Up: true}}
	require.NotEmpty(t, wakes(), "it has looked, and keeps its neighbours")
	require.Empty(t, wakes(power(20*sec, trace.Frozen), back, power(25*sec, trace.On)), "when it looks the link is there")
	require.NotEmpty(t, wakes(power(20*sec, trace.Frozen), power(25*sec, trace.On)), "when it looks the link is gone")
}

// P11: a machine that wakes in the instant in which its link is back has slept through the flap (H7): its detection goes on. One
// whose link comes back later begins it anew.
func TestP11_AFlapThatWasSleptThrough(t *testing.T) {
	used := func(back, at time.Duration) []finding.Note {
		return sleeper(trace.Record{At: back, Body: trace.Link{Cable: "active", Up: true}}, trace.Record{At: at, Body: trace.Address{State: trace.Preferred}})
	}
	require.Empty(t, used(20*sec, 22*sec))
	require.NotEmpty(t, used(21*sec, 22*sec), "too early")
	require.Empty(t, used(21*sec, 24*sec))
	require.NotEmpty(t, used(20*sec, 24*sec), "too late")
}

// P11: the time of a delayed service runs from when the others start, which a frozen machine puts off.
func TestP11_ADelayedStartAfterAFreeze(t *testing.T) {
	started := func(at time.Duration) []finding.Note {
		tr := &trace.Trace{
			Header: trace.Header{Watcher: "0.0", Nodes: []trace.Node{{Role: "active", DAD: 3 * sec, Startup: trace.Startup{Delayed: true}}}}, End: 200 * sec,
			Records: []trace.Record{{At: 0, Body: trace.Link{Cable: "active", Up: true}}},
		}
		for _, x := range []struct {
			at    time.Duration
			state trace.PowerState
		}{{0, trace.On}, {5 * sec, trace.Off}, {10 * sec, trace.On}, {12 * sec, trace.Frozen}, {20 * sec, trace.On}} {
			tr.Records = append(tr.Records, trace.Record{At: x.at, Host: "active", Body: trace.Power{State: x.state}})
		}
		tr.Records = append(tr.Records, trace.Record{At: at, Host: "active", Body: trace.Service{Name: trace.Watcher, State: trace.StartPending}})
		return machinesJudged(tr).Breaches
	}
	require.Empty(t, started(140*sec))
	require.NotEmpty(t, started(133*sec), "as if it had not been frozen")
	require.NotEmpty(t, started(141*sec), "late")
}
