package script

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/scenarios/check"
	"ipwsim/scenarios/facts"
	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
	"ipwsim/sim/trace/story"
)

var vip = story.VIP

// tale is a trace written by hand of the guide's cluster with two clients.
type tale struct{ *story.Story }

func sec(s float64) time.Duration { return story.Seconds(s) }

// guide is the cluster standing whole: active has the VIP, and both clients use it.
func guide() tale {
	s := tale{story.Bare()}
	h := s.Header
	h.Clients = append(h.Clients, h.Clients[0])
	h.Clients[0].Name, h.Clients[1].Name = "client", "branch"
	h.Clients[1].Address, h.Clients[1].MAC = netip.MustParsePrefix("192.168.10.51/24"), trace.MAC{2, 0, 0, 0, 0, 10}
	h.Cables = nil
	s.at(-100)
	for _, n := range []string{"active", "standby", "client", "branch"} {
		h.Cables = append(h.Cables, trace.Cable{Name: n, A: n, B: "sw"})
		s.Link(n, true).Power(n, trace.On).Own(n, trace.Preferred)
	}
	s.Service("active", trace.Running).Service("standby", trace.Running)
	return s.at(-65).takes("active").uses("client").uses("branch")
}

func (s tale) at(seconds float64) tale                    { s.At(seconds); return s }
func (s tale) add(host string, b trace.Body) tale         { s.Add(host, b); return s }
func (s tale) power(host string, p trace.PowerState) tale { s.Power(host, p); return s }
func (s tale) uses(client string) tale                    { s.Uses(client); return s }
func (s tale) cache(client, node string) tale             { s.Cache(client, node); return s }

// holds puts the VIP in a state on a node.
func (s tale) holds(node string, state trace.AddressState) tale { s.Holds(node, state); return s }

// takes is the VIP becoming usable on a node, with every client's cache.
func (s tale) takes(node string) tale {
	return s.holds(node, trace.Preferred).cache("client", node).cache("branch", node)
}

func (s tale) unplug(cable string) tale { s.Fault("unplug", cable).Link(cable, false); return s }

func (s tale) plug(cable string) tale { s.Fault("plug", cable).Link(cable, true); return s }

// pings are ping.exe's lines, a second apart from then on.
func (s tale) pings(from float64, client string, outcomes ...trace.PingOutcome) tale {
	for i, o := range outcomes {
		s.at(from+float64(i)).add(client, trace.PingLine{ID: 1, Outcome: o})
	}
	return s
}

// failsOver loses the active node at 20 s; the standby answers so many seconds later.
func failsOver(after float64) tale {
	return guide().at(20).unplug("active").at(20 + after).takes("standby")
}

// comesBack goes on: the active node is back at 80 s and answers so many seconds later.
func comesBack(after float64) tale {
	s := failsOver(34).at(80).plug("active").holds("active", trace.Duplicate)
	return s.at(80+after/2).holds("standby", trace.Absent).at(80 + after).takes("active")
}

func (s tale) end(seconds float64) *trace.Trace { return s.End(seconds) }

// expected parses what follows `expect`.
func expected(t *testing.T, text string) *Expect {
	t.Helper()
	s, problems := Parse("x.txtar", []byte("cluster guide\nexpect "+text+"\n"))
	require.NoError(t, problems.Err())
	return &s.Expects[0]
}

// judged holds an expectation against a finished run.
func judged(e *Expect, tr *trace.Trace) (bool, string) {
	f := facts.Read(tr)
	ok, seen := (&judge{trace: tr, facts: f, results: check.All(f)}).judge(e)
	return ok, told(seen)
}

// told are notes for who reads a test: what reports make of them is theirs.
func told(notes []finding.Note) string {
	var all []string
	for _, n := range notes {
		all = append(all, toldOne(n))
	}
	return strings.Join(all, ", ")
}

func toldOne(n finding.Note) string {
	text := map[finding.Kind]string{
		"seen.refused": "nothing was run", "seen.none": "no " + n.Text + " began in this stretch", "seen.held-none": "held by none",
		"seen.held": "held by " + n.Text, "seen.answered": "answered by " + n.Text, "seen.unanswered": "not answered", "seen.text": n.Text,
		"seen.not": "not in this stretch", "seen.at": "at " + n.At.String(), "seen.no-request": "no request ended in this stretch",
		"seen.no-line": "no ping line in this stretch", "seen.no-mail": "no mail was accepted in this stretch",
		"seen.no-connection": "no connection ended in this stretch", "seen.no-problem": "the cluster's files have no problem",
		"seen.problems": "other problems: " + n.Text, "seen.hits": fmt.Sprint(n.N, " hits"), "seen.mail": fmt.Sprint(n.N, " ", n.Text),
		"seen.time": fmt.Sprintf("%.3f s for %s", n.Time.Seconds(), n.Client), "seen.check": fmt.Sprintf("%s: %s", n.Text, strings.Join(n.Rules, "")),
		"seen.delivery": fmt.Sprintf("message %s took %.3f s for %s", n.Text, n.Time.Seconds(), n.Client),
	}[n.Kind]
	if text == "" {
		return fmt.Sprintf("%+v", n)
	}
	if n.VIP.IsValid() {
		text += " of " + n.VIP.String()
	}
	if n.Open {
		text += ", not over when the run ended"
	}
	return text
}
