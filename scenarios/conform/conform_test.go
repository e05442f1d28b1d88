package conform_test

import (
	"context"
	"io/fs"
	"net/netip"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/scenarios"
	"ipwsim/scenarios/conform"
	"ipwsim/scenarios/script"
	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

const sec = time.Second

var vip = netip.MustParseAddr("192.168.10.202")

// ran is a run of a shipped scenario, or of one in testdata.
func ran(t *testing.T, name string) *trace.Trace {
	mu.Lock()
	defer mu.Unlock()
	if runs[name] == nil {
		text, err := os.ReadFile(name)
		if !strings.HasPrefix(name, "testdata/") {
			text, err = scenarios.Read(name)
		}
		require.NoError(t, err)
		runs[name] = played(t, name, text)
	}
	one := *runs[name]
	one.Records = slices.Clone(one.Records)
	return &one
}

func played(t *testing.T, name string, text []byte) *trace.Trace {
	s, problems := script.Parse(name, text)
	require.NoError(t, problems.Err())
	r, err := script.Run(context.Background(), s, script.Options{Cluster: cluster})
	require.NoError(t, err)
	return r.Trace
}

func cluster(name string) (fs.FS, error) { return fs.Sub(scenarios.Clusters(), name) }

var (
	mu   sync.Mutex
	runs = map[string]*trace.Trace{}
)

// judged is what is said of a trace.
func judged(tr *trace.Trace) conform.Judged {
	r := conform.NewReader(&tr.Header)
	for i := range tr.Records {
		r.Read(&tr.Records[i])
	}
	return r.Close(tr.End)
}

// spoiler makes something wrong in a good run.
type spoiler struct {
	*trace.Trace
	t *testing.T
}

// find is the place of the first record of the node from a time on that is so.
func (s *spoiler) find(from time.Duration, node string, so func(trace.Body) bool) int {
	i := slices.IndexFunc(s.Records, func(r trace.Record) bool { return r.At >= from && r.Host == node && so(r.Body) })
	require.GreaterOrEqual(s.t, i, 0, "there is such a record")
	return i
}

func (s *spoiler) drop(i int) { s.Records = slices.Delete(s.Records, i, i+1) }

func (s *spoiler) again(i int) { s.Records = slices.Insert(s.Records, i+1, s.Records[i]) }

// delay has the record come later.
func (s *spoiler) delay(i int, by time.Duration) {
	r := s.Records[i]
	s.drop(i)
	s.add(r.At+by, r.Host, r.Body)
}

// add puts a record behind those of its time.
func (s *spoiler) add(at time.Duration, node string, b trace.Body) {
	i := slices.IndexFunc(s.Records, func(r trace.Record) bool { return r.At > at })
	if i < 0 {
		i = len(s.Records)
	}
	s.Records = slices.Insert(s.Records, i, trace.Record{At: at, Host: node, Body: b})
}

func (s *spoiler) change(i int, f func(trace.Body) trace.Body) {
	s.Records[i].Body = f(s.Records[i].Body)
}

func port(call trace.PortCall) func(trace.Body) bool {
	return func(b trace.Body) bool { p, is := b.(trace.Port); return is && p.Call == call }
}

func begins(does trace.CommandKind) func(trace.Body) bool {
	return func(b trace.Body) bool {
		p, is := b.(trace.Port)
		return is && p.Call == trace.CommandBegins && p.Does == does
	}
}

func polls(least int) func(trace.Body) bool {
	return func(b trace.Body) bool { p, is := b.(trace.Polls); return is && p.N >= least }
}

func event(b trace.Body) bool { e, is := b.(trace.Event); return is && e.Source == trace.Watcher }

func answers(a trace.PipeAnswer) func(trace.Body) bool {
	return func(b trace.Body) bool {
		p, is := b.(trace.Port)
		return is && p.Call == trace.RequestAnswered && p.Answer == a
	}
}

func service(state trace.ServiceState) func(trace.Body) bool {
	return func(b trace.Body) bool { s, is := b.(trace.Service); return is && s.State == state }
}

func says(a trace.PipeAnswer) func(trace.Body) trace.Body {
	return func(b trace.Body) trace.Body { p := b.(trace.Port); p.Answer = a; return p }
}

// spoilt is a good run with one thing made wrong.
type spoilt struct {
	kind, scenario, node string
	how                  func(s *spoiler)
}

// spoiled are good runs with one thing made wrong each, by what must be said of it. In cable-pull the active node loses
// its link at 20 s and has it back at 80 s; its standby takes the VIP at 51 s and gives it back at 84 s.
var spoiled = []spoilt{
	{"p10.start", "cable-pull", "active", func(s *spoiler) { s.drop(s.find(-time.Hour, "active", begins(trace.DeleteAddress))) }},
	{"p10.start", "cable-pull", "active", func(s *spoiler) { s.drop(s.find(-time.Hour, "active", begins(trace.FlushARP))) }},
	{"p10.early", "cable-pull", "active", func(s *spoiler) {
		i := s.find(-time.Hour, "active", begins(trace.DeleteAddress))
		s.add(s.Records[i].At, "active", trace.Port{Call: trace.PipeOpened})
	}},
	{"p10.open", "cable-pull", "active", func(s *spoiler) { s.drop(s.find(-time.Hour, "active", port(trace.PipeOpened))) }},
	{"p10.first-poll", "cable-pull", "standby", func(s *spoiler) {
		s.change(s.find(-time.Hour, "standby", polls(2)), func(b trace.Body) trace.Body { p := b.(trace.Polls); p.First += sec; return p })
	}},
	{"p10.flush", "cable-pull", "standby", func(s *spoiler) { s.drop(s.find(80*sec, "standby", begins(trace.FlushARP))) }},
	{"p10.stop", "service-stop", "active", func(s *spoiler) { s.drop(s.find(20*sec, "active", begins(trace.DeleteAddress))) }},
	{"p10.stop", "service-stop", "active", func(s *spoiler) { s.delay(s.find(20*sec, "active", begins(trace.FlushARP)), 10*time.Millisecond) }},
	{"p10.after", "service-stop", "active", func(s *spoiler) { s.add(20*sec, "active", trace.Port{Call: trace.PeerAsked, VIP: vip, Master: true}) }},
	{"p10.end", "service-stop", "active", func(s *spoiler) { s.drop(s.find(20*sec, "active", port(trace.PipeClosed))) }},
	{"p10.end", "service-stop", "active", func(s *spoiler) { s.delay(s.find(20*sec, "active", service(trace.Stopped)), sec) }},
	{"p10.ends", "service-stop", "active", func(s *spoiler) {
		s.add(20*sec, "active", trace.Service{Name: trace.Watcher, State: trace.Stopped})
	}},
	{"p10.pipe", "cable-pull", "active", func(s *spoiler) { s.again(s.find(-time.Hour, "active", port(trace.PipeOpened))) }},
	{"p10.event", "cable-pull", "standby", func(s *spoiler) { s.drop(s.find(20*sec, "standby", event)) }},
	{"p10.events", "cable-pull", "standby", func(s *spoiler) { s.again(s.find(20*sec, "standby", event)) }},
	{"p10.events", "cable-pull", "standby", func(s *spoiler) {
		s.change(s.find(20*sec, "standby", event), func(b trace.Body) trace.Body { e := b.(trace.Event); e.ID = 1; return e })
	}},
	{"p10.events", "cable-pull", "standby", func(s *spoiler) {
		s.change(s.find(20*sec, "standby", event), func(b trace.Body) trace.Body { e := b.(trace.Event); e.Text += "9"; return e })
	}},
	{"p10.poll", "cable-pull", "standby", func(s *spoiler) {
		s.change(s.find(0, "standby", polls(2)), func(b trace.Body) trace.Body { p := b.(trace.Polls); p.N--; return p })
	}},
	{"p10.poll", "cable-pull", "standby", func(s *spoiler) { // none at all from there on
		s.drop(s.find(0, "standby", polls(2)))
	}},
	{"p10.polls", "cable-pull", "standby", func(s *spoiler) {
		s.change(s.find(0, "standby", polls(2)), func(b trace.Body) trace.Body { p := b.(trace.Polls); p.N++; return p })
	}},
	{"p10.polls", "cable-pull", "active", func(s *spoiler) { // of a VIP that it holds
		s.add(10*sec, "active", trace.Polls{VIP: vip, N: 1, First: 10 * sec, Last: 10 * sec})
	}},
	{"p10.take", "cable-pull", "standby", func(s *spoiler) { s.delay(s.find(20*sec, "standby", begins(trace.AddAddress)), time.Millisecond) }},
	{"p10.take", "cable-pull", "standby", func(s *spoiler) { // it polls on
		s.change(s.find(50*sec, "standby", polls(2)), func(b trace.Body) trace.Body { p := b.(trace.Polls); p.N++; p.Last += 3 * sec; return p })
	}},
	{"p10.takes", "cable-pull", "standby", func(s *spoiler) {
		first := s.Records[s.find(40*sec, "standby", polls(10))].Body.(trace.Polls).First
		s.add(40*sec, "standby", trace.Polls{VIP: vip, N: 7, First: first, Last: first + 18*sec})
		s.add(40*sec, "standby", trace.Port{Call: trace.CommandBegins, VIP: vip, ID: 3, Does: trace.AddAddress})
	}},
	{"p10.yield", "cable-pull", "standby", func(s *spoiler) {
		first := s.Records[s.find(-time.Hour, "standby", polls(11))].Body.(trace.Polls).First
		at := first + 30*sec
		s.add(at, "standby", trace.Polls{VIP: vip, N: 11, First: first, Last: at})
		s.add(at, "standby", trace.Port{Call: trace.CommandBegins, VIP: vip, ID: 3, Does: trace.AddAddress})
	}},
	{"p10.released", "cable-pull", "standby", func(s *spoiler) { s.change(s.find(80*sec, "standby", answers(trace.Released)), says(trace.Refused)) }},
	{"p10.released", "cable-pull", "standby", func(s *spoiler) { s.drop(s.find(80*sec, "standby", answers(trace.Released))) }},
	{"p10.not-held", "clock-drifts", "standby", func(s *spoiler) { s.change(s.find(0, "standby", answers(trace.NotHeld)), says(trace.Refused)) }},
	{"p10.answer-early", "cable-pull", "standby", func(s *spoiler) {
		i := s.find(80*sec, "standby", answers(trace.Released))
		s.add(s.Records[s.find(80*sec, "standby", begins(trace.DeleteAddress))].At, "standby", s.Records[i].Body)
	}},
	{"p10.answers", "clock-drifts", "standby", func(s *spoiler) { s.again(s.find(0, "standby", answers(trace.NotHeld))) }},
	{"p10.answer-changed", "cable-pull", "active", func(s *spoiler) {
		s.change(s.find(80*sec, "active", func(b trace.Body) bool { _, is := b.(trace.Pipe); return is }), func(b trace.Body) trace.Body {
			p := b.(trace.Pipe)
			p.Answer = trace.Refused
			return p
		})
	}},
	{"p10.kept", "cable-pull", "standby", func(s *spoiler) { s.drop(s.find(80*sec, "standby", begins(trace.DeleteAddress))) }},
	{"p10.ask", "cable-pull", "active", func(s *spoiler) { s.drop(s.find(80*sec, "active", port(trace.PeerAsked))) }},
	{"p10.ask", "cable-pull", "active", func(s *spoiler) { s.delay(s.find(80*sec, "active", port(trace.PeerAsked)), time.Millisecond) }},
	{"p10.asks", "cable-pull", "active", func(s *spoiler) { s.again(s.find(80*sec, "active", port(trace.PeerAsked))) }},
	{"p10.asks", "cable-pull", "active", func(s *spoiler) { // as what it is not
		s.change(s.find(80*sec, "active", port(trace.PeerAsked)), func(b trace.Body) trace.Body { p := b.(trace.Port); p.Master = false; return p })
	}},
	{"p10.poll-at-once", "cable-pull", "active", func(s *spoiler) {
		s.change(s.find(83*sec, "active", polls(1)), func(b trace.Body) trace.Body {
			p := b.(trace.Polls)
			p.First, p.Last = p.First+100*time.Microsecond, p.Last+100*time.Microsecond
			return p
		})
	}},
	{"p10.granted", "cable-pull", "active", func(s *spoiler) { s.delay(s.find(80*sec, "active", begins(trace.AddAddress)), time.Millisecond) }},
	{"p10.assert", "clock-drifts", "active", func(s *spoiler) { s.drop(s.find(10*sec, "active", port(trace.PeerAsked))) }},
	{"p10.cycle", "slave-release-cycle", "standby", func(s *spoiler) { s.drop(s.find(sec, "standby", begins(trace.DeleteAddress))) }},
	{"p10.deletes", "cable-pull", "active", func(s *spoiler) { // when its link is gone
		s.add(21*sec, "active", trace.Port{Call: trace.CommandBegins, VIP: vip, ID: 4, Does: trace.DeleteAddress})
	}},
	{"p10.duplicate", "cable-pull", "active", func(s *spoiler) { s.drop(s.find(80*sec, "active", begins(trace.DeleteAddress))) }},
	{"p10.conflict", "two-masters", "standby", func(s *spoiler) { s.drop(s.find(-11700*time.Millisecond, "standby", begins(trace.DeleteAddress))) }},
	{"p10.refused", "two-masters", "active", func(s *spoiler) { s.change(s.find(-time.Hour, "active", answers(trace.Refused)), says(trace.NotHeld)) }},
}

// P10: each statement is there for something: a run in which just one thing is not as the rules say it breaks just that.
func TestP10_ASpoiledRunBreaksItsRule(t *testing.T) {
	caught := map[string]bool{}
	for _, row := range slices.Concat(spoiled, spoiledRouters) {
		s := &spoiler{ran(t, row.scenario), t}
		require.Empty(t, judged(s.Trace).Breaches, "%s is good", row.scenario)
		row.how(s)
		broken := judged(s.Trace).Breaches
		require.True(t, slices.ContainsFunc(broken, func(n finding.Note) bool {
			return string(n.Kind) == row.kind && n.Node == row.node
		}), "%s of %s, found %+v", row.kind, row.node, broken)
		caught[row.kind] = true
	}
	for _, s := range conform.Statements {
		require.True(t, caught[string(s.Kind)], "%s: no spoiled run breaks it", s.Kind)
	}
}

// P10: of a watcher without rules, or where nothing is told of ports, nothing is judged.
func TestP10_WatchersWithRulesAreJudged(t *testing.T) {
	tr := ran(t, "vrrp-stop")
	require.Equal(t, 3, judged(tr).Lives)
	tr = ran(t, "cable-pull")
	require.Equal(t, 2, judged(tr).Lives)
	tr.Header.Watcher = trace.VRRP // whose settings are not told
	require.Zero(t, judged(tr).Lives)
	tr.Header.Watcher = "another"
	require.Zero(t, judged(tr).Lives)
	tr.Header.Watcher = ""
	require.Zero(t, judged(tr).Lives)
}

// P10, H7: a frozen watcher goes on to find its wait over and its address changed, in one instant. Either may come first.
func TestP10_AWaitAndAnAddressThatEndAtOnce(t *testing.T) {
	text, err := os.ReadFile("testdata/wait-and-address.txtar")
	require.NoError(t, err)
	got := judged(played(t, "wait-and-address", text))
	require.Empty(t, got.Breaches)
	require.Equal(t, 1, got.Unsure)
}

// P10: what falls due is taken in by its time, whatever VIP the watcher is told of next.
func TestP10_AnAnswerThatIsTooLateForOneVIP(t *testing.T) {
	text, err := os.ReadFile("testdata/late-answer.txtar")
	require.NoError(t, err)
	require.Empty(t, judged(played(t, "late-answer", text)).Breaches)
}
