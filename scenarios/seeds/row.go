package seeds

import (
	"slices"

	"ipwsim/sim/finding"
	"ipwsim/sim/studied"
)

// row is what one seed came to.
type row struct {
	Seed    uint64          `json:"seed"`
	NoWorld bool            `json:"no_world,omitempty"` // it could not be run
	Outcome finding.Outcome `json:"outcome,omitempty"`
	Times   []timed         `json:"times,omitempty"`  // the longest of each figure, client and VIP
	Limits  []*studied.Time `json:"limits,omitempty"` // of each limit of the scenario the longest time; nil: none
	Causes  []cause         `json:"causes,omitempty"` // each once
}

// timed is a time with what it is.
type timed struct {
	figure
	studied.Time
}

// figure is a name, a client and a VIP; "" for whoever fared worst.
type figure struct {
	Name   finding.FigureName `json:"name"`
	Client string             `json:"client"`
	VIP    string             `json:"vip"`
}

type cause struct {
	Outcome finding.Outcome       `json:"outcome"`
	Kind    studied.SeedCauseKind `json:"kind"`
	Name    string                `json:"name,omitempty"`
	Line    int                   `json:"line,omitempty"`
}

// rowOf is what the run came to.
func rowOf(r *finding.Run) *row {
	one := &row{Seed: r.Seed, Outcome: r.Outcome()}
	if r.Facts != nil {
		one.measure(r)
	}
	for i := range r.Expectations {
		if e := &r.Expectations[i]; e.Limit != nil {
			one.Limits = append(one.Limits, longest(e.Seen))
		}
	}
	one.explain(r)
	return one
}

// measure takes the longest times. A client that could have waited and did not has a silence of 0.
func (o *row) measure(r *finding.Run) {
	for _, u := range r.Facts.Uses {
		if !u.Never {
			o.add(figure{studied.Silence, u.Client, u.VIP.String()}, studied.Time{})
			o.add(figure{studied.MailSilence, u.Client, u.VIP.String()}, studied.Time{})
		}
	}
	for _, x := range r.Facts.Outages() {
		o.add(figure{studied.Silence, x.Client, x.VIP.String()}, studied.Time{Seconds: x.Length().Seconds(), AtLeast: x.Open})
		o.add(figure{studied.MailSilence, x.Client, x.VIP.String()}, studied.Time{Seconds: x.Mailless().Seconds(), AtLeast: x.Open && !x.PingsAtEnd()})
	}
	for _, f := range r.Figures() {
		o.add(figure{f.Name, f.Client, f.VIP.String()}, studied.Time{Seconds: f.Time.Seconds(), AtLeast: f.Open})
	}
}

// add counts a time for its client and VIP, and for the worst of all.
func (o *row) add(f figure, t studied.Time) {
	for _, f := range []figure{{Name: f.Name}, f} {
		i := slices.IndexFunc(o.Times, func(x timed) bool { return x.figure == f })
		switch {
		case i < 0:
			o.Times = append(o.Times, timed{f, t})
		case longer(t, o.Times[i].Time):
			o.Times[i].Time = t
		}
	}
}

// longest is that of the times that were seen.
func longest(seen []finding.Note) (most *studied.Time) {
	for _, n := range seen {
		t := studied.Time{Seconds: n.Time.Seconds(), AtLeast: n.Open}
		if n.Kind == "seen.time" && (most == nil || longer(t, *most)) {
			most = &t
		}
	}
	return most
}

// explain says why the run failed, or which weaknesses it shows.
func (o *row) explain(r *finding.Run) {
	add := func(outcome finding.Outcome, kind studied.SeedCauseKind, name string, line int) {
		if c := (cause{outcome, kind, name, line}); !slices.Contains(o.Causes, c) {
			o.Causes = append(o.Causes, c)
		}
	}
	for _, x := range r.Objections() {
		switch {
		case x.Expectation != nil:
			add(finding.Bad, studied.Expectation, x.Expectation.Text, x.Expectation.Line)
		case x.Result == nil:
			add(finding.Bad, studied.NoData, "", 0)
		case x.Result.Verdict == finding.Fail:
			add(finding.Bad, studied.FailedCheck, x.Result.ID, 0)
		default:
			add(finding.Bad, studied.UndecidedCk, x.Result.ID, 0)
		}
	}
	if o.Outcome == finding.Bad {
		return
	}
	for _, c := range r.Weaknesses() {
		add(finding.Weakness, studied.FailedCheck, c.ID, 0)
	}
	for _, f := range r.Broken() {
		add(finding.Weakness, studied.LatePromise, string(f.Name), 0)
	}
}

// worse says whether the seed ended worse than the other: a failure before all, then the longer silence.
func (o *row) worse(other *row) bool {
	if a, b := o.Outcome == finding.Bad, other.Outcome == finding.Bad; a != b {
		return a
	}
	a, b := o.time(figure{Name: studied.Silence}), other.time(figure{Name: studied.Silence})
	return a != nil && (b == nil || longer(*a, *b))
}

// longer puts a time that was not over above all that were.
func longer(a, b studied.Time) bool {
	if a.AtLeast != b.AtLeast {
		return a.AtLeast
	}
	return a.Seconds > b.Seconds
}

// time is that of the figure; nil for none.
func (o *row) time(f figure) *studied.Time {
	for i := range o.Times {
		if o.Times[i].figure == f {
			return &o.Times[i].Time
		}
	}
	return nil
}
