package naive_test

import (
	"net/netip"
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/trace"
)

// writing is a trace under construction that no world has written: its records are well-formed, but need not make
// sense together, so that they come in orders that a world shows once in a year.
type writing struct {
	source
	*trace.Trace
	now      time.Duration
	open     []trace.Fault
	accepted []trace.MailAccept
	pings    int
	faults   int
	kinds    []func() // of records
}

func drawTrace(s source) *trace.Trace {
	w := &writing{source: s, Trace: &trace.Trace{Header: drawHeader(s)}, now: -20 * time.Second}
	if s.chance(95) {
		w.settled()
	}
	for _, write := range w.all() { // each trace has some kinds only: what spoils all is not everywhere
		if s.chance(50) {
			w.kinds = append(w.kinds, write)
		}
	}
	changes := one(s, 5, 15, 40)
	for range 5 + s.below(50) {
		w.wait()
		switch {
		case len(w.kinds) == 0 || s.chance(changes):
			one(s, w.changeOfHolder, w.changeOfHolder, w.comeback, w.comeback, w.clashes, w.shutdown, w.ousted)()
		default:
			one(s, w.kinds...)()
		}
	}
	// Whether what happens in the last instant is still part of the run is a matter of taste.
	w.End = w.now + one(s, 10*time.Millisecond, time.Second, time.Minute)
	if s.chance(80) {
		w.Add(w.End, "share", trace.MailAudit{})
	}
	return w.Trace
}

// settled writes what a cluster writes that has come up.
func (w *writing) settled() {
	for _, c := range w.Header.Cables {
		w.add("", trace.Link{Cable: c.Name, Up: true})
	}
	for _, n := range w.Header.Nodes {
		w.add(n.Role, trace.Power{State: trace.On})
		w.add(n.Role, trace.Address{IP: n.Address.Addr(), State: trace.Preferred})
		w.add(n.Role, trace.Service{Name: trace.Watcher, State: trace.Running})
	}
	for _, c := range w.Header.Clients {
		w.add(c.Name, trace.Address{IP: c.Address.Addr(), State: trace.Preferred})
	}
	w.now += 10 * time.Second
	for _, v := range w.Header.VIPs {
		w.add(w.node().Role, trace.Address{IP: v.Address, State: trace.Preferred})
		for _, c := range w.Header.Clients {
			if w.chance(80) {
				w.add(c.Name, trace.Use{VIP: v.Address})
			}
		}
	}
}

// wait lets some time pass, or none.
func (w *writing) wait() {
	if !w.chance(40) {
		w.now += one(w.source, 10*time.Millisecond, 100*time.Millisecond, time.Second, 10*time.Second, w.upTo(45*time.Second), w.upTo(45*time.Second))
	}
}

// add adds a record, if it can follow those before.
func (w *writing) add(host string, b trace.Body) {
	w.Add(w.now, host, b)
	if !follows(w.Records) {
		w.Records = w.Records[:len(w.Records)-1]
	}
}

// follows says whether the last record can come after those before: addresses and services do not go from any state to
// any other.
func follows(records []trace.Record) bool {
	last := records[len(records)-1]
	switch now := last.Body.(type) {
	case trace.Address:
		return slices.Contains(nextAddress[before(records, func(b trace.Body) (trace.AddressState, bool) {
			a, ok := b.(trace.Address)
			return a.State, ok && a.IP == now.IP
		})], now.State)
	case trace.Service:
		return slices.Contains(nextService[before(records, func(b trace.Body) (trace.ServiceState, bool) {
			s, ok := b.(trace.Service)
			return s.State, ok && s.Name == now.Name
		})], now.State)
	case trace.Impairment:
		return !left(records, now.Cable, now.From)
	case trace.PortState:
		return !left(records, now.Cable, now.Switch)
	case trace.MailFile:
		return now.Mail == nil || len(now.Mail.To) < 2 || split(records, path.Base(now.To), len(now.Mail.To))
	}
	return true
}

// split says whether a letter to several has its copies.
func split(records []trace.Record, id string, copies int) bool {
	made := map[string]bool{}
	for _, rec := range records {
		if b, ok := rec.Body.(trace.MailFile); ok && b.Do == trace.FileCreated && strings.HasPrefix(path.Base(b.File), id+".") {
			made[b.File] = true
		}
	}
	return len(made) == copies
}

// left says whether a machine's cable, which is called as the machine is, has moved away from the end.
func left(records []trace.Record, cable, end string) bool {
	for _, rec := range slices.Backward(records) {
		if m, ok := rec.Body.(trace.Moved); ok && m.Cable == cable {
			return end != cable && end != m.Switch
		}
	}
	return false
}

var nextAddress = map[trace.AddressState][]trace.AddressState{
	"":              {trace.Tentative, trace.Preferred},
	trace.Absent:    {trace.Tentative, trace.Preferred},
	trace.Tentative: {trace.Preferred, trace.Duplicate, trace.Absent},
	trace.Preferred: {trace.Tentative, trace.Duplicate, trace.Absent},
	trace.Duplicate: {trace.Tentative, trace.Absent},
}

var nextService = map[trace.ServiceState][]trace.ServiceState{
	"":                 {trace.StartPending, trace.Running},
	trace.StartPending: {trace.Running, trace.StopPending, trace.Stopped},
	trace.Running:      {trace.StopPending, trace.Stopped},
	trace.StopPending:  {trace.Stopped},
	trace.Stopped:      {trace.StartPending, trace.Running},
}

// before is the state of what the last record is about before it, of the machine that it is on.
func before[S ~string](records []trace.Record, state func(trace.Body) (S, bool)) (none S) {
	last := len(records) - 1
	for _, rec := range slices.Backward(records[:last]) {
		if rec.Host != records[last].Host {
			continue
		}
		if s, ok := state(rec.Body); ok {
			return s
		}
		if p, ok := rec.Body.(trace.Power); ok && p.State == trace.Off {
			return none
		}
	}
	return none
}

func (w *writing) node() trace.Node {
	return one(w.source, orStranger(w.Header.Nodes, trace.Node{Role: "stranger", Address: prefix(0, 99)})...)
}

func (w *writing) client() trace.Client {
	return one(w.source, orStranger(w.Header.Clients, trace.Client{Name: "stranger", Address: prefix(0, 99)})...)
}

func (w *writing) vip() netip.Addr {
	return one(w.source, orStranger(w.Header.VIPs, trace.VIP{Address: address(0, 99)})...).Address
}

// orStranger is a stranger where there is nobody else.
func orStranger[T any](all []T, stranger T) []T {
	if len(all) == 0 {
		return []T{stranger}
	}
	return all
}

// machine is mostly a node.
func (w *writing) machine() string {
	switch {
	case w.chance(70):
		return w.node().Role
	case len(w.Header.Routers) > 0 && w.chance(30):
		return one(w.source, w.Header.Routers...).Name
	}
	return w.client().Name
}

// Records in any order: the two agree where worlds seldom go.
func TestDrawnRecordsAgree(t *testing.T) {
	t.Parallel()
	each(t, 300, func(t *testing.T, seed uint64) {
		drawn := drawTrace(newSource(seed))
		if differences(byReader(drawn), byNaive(drawn)) != "" {
			drawn = shrunk(drawn)
			var b strings.Builder
			require.NoError(t, drawn.Write(&b))
			t.Errorf("seed %d:\n%s\nthe trace, less what does not matter:\n%s", seed, differences(byReader(drawn), byNaive(drawn)), b.String())
		}
	})
}

// What clients were told of recipients whom no service has is among what is drawn, or that the two agree on it says nothing.
func TestForgottenRecipientsAreDrawn(t *testing.T) {
	drawn := 0
	for seed := uint64(1); seed <= 500; seed++ {
		if slices.ContainsFunc(byNaive(drawTrace(newSource(seed))), func(line string) bool { return strings.Contains(line, "p5.told-for") }) {
			drawn++
		}
	}
	require.Greater(t, drawn, 10)
}

// What shrinks a trace may drop a fault, and what is left of it keeps its number: both still judge it, and alike.
func TestRecordsWithoutAFaultAgree(t *testing.T) {
	isFault := func(r trace.Record) bool { _, is := r.Body.(trace.Fault); return is }
	for seed := uint64(1); seed <= 60; seed++ {
		drawn := drawTrace(newSource(seed))
		if i := slices.IndexFunc(drawn.Records, isFault); i >= 0 {
			drawn.Records = slices.Delete(drawn.Records, i, i+1)
		}
		require.Empty(t, differences(byReader(drawn), byNaive(drawn)), "seed %d", seed)
	}
}

// shrunk is the trace with no more records than it needs to be told two ways.
func shrunk(t *trace.Trace) *trace.Trace {
	less := func(keep []int) *trace.Trace {
		one := &trace.Trace{Header: t.Header, End: t.End}
		for _, i := range keep {
			one.Records = append(one.Records, t.Records[i])
		}
		return one
	}
	return less(fewest(len(t.Records), func(keep []int) bool {
		few := less(keep)
		return !slices.ContainsFunc(all(len(few.Records)), func(i int) bool { return !follows(few.Records[:i+1]) }) &&
			differences(byReader(few), byNaive(few)) != ""
	}))
}
