package facts

import (
	"net/netip"
	"time"

	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
	"ipwsim/sim/trace/story"
)

var vip = story.VIP

func seconds(s float64) time.Duration { return story.Seconds(s) }

func span(from, to float64, by ...string) finding.Span {
	return finding.Span{From: seconds(from), To: seconds(to), By: by}
}

func pick[T any](first bool, a, b T) T {
	if first {
		return a
	}
	return b
}

// useOf is the client's use of the VIP.
func useOf(tr *trace.Trace, client string, ip netip.Addr) finding.Use {
	return useIn(Read(tr), client, ip)
}

func useIn(f *Facts, client string, ip netip.Addr) finding.Use {
	for _, u := range f.Uses {
		if u.Client == client && u.VIP == ip {
			return u
		}
	}
	panic("no client is called " + client)
}

// answered is P0 of pc.
func answered(tr *trace.Trace) []finding.Span { return useOf(tr, "pc", vip).Answered }

// outages are pc's.
func outages(tr *trace.Trace) []finding.Outage { return useOf(tr, "pc", vip).Outages }

// only is the one outage of pc.
func only(tr *trace.Trace) *finding.Outage {
	all := outages(tr)
	if len(all) != 1 {
		panic("there should be one outage")
	}
	return &all[0]
}

// pinged are parts to ping alone.
func pinged(all []finding.Part) []finding.Part {
	for i := range all {
		all[i].Pings = all[i].Time
	}
	return all
}

// parts of an outage, in its order.
func parts(obstaclesAndSeconds ...any) (all []finding.Part) {
	for i := 0; i < len(obstaclesAndSeconds); i += 2 {
		var sec float64
		switch n := obstaclesAndSeconds[i+1].(type) {
		case int:
			sec = float64(n)
		case float64:
			sec = n
		}
		all = append(all, finding.Part{What: obstaclesAndSeconds[i].(finding.Obstacle), Time: seconds(sec)})
	}
	return all
}

// sum is the time of all parts.
func sum(o *finding.Outage) (d time.Duration) {
	for _, p := range o.Parts {
		d += p.Time
	}
	return d
}
