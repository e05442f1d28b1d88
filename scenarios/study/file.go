package study

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"

	"ipwsim/core/diag"
	"ipwsim/core/text"
)

// fileForm is a study file:
//
//	cluster = "our-cluster"      # a folder, or a shipped cluster; the guide's if left out
//	client = "ad-pc"             # whose waits count; in each run those of whoever fares worst if left out
//	runs = 1000                  # or precision = "0.2s"
//	seed = 1
//
//	[[axis]]
//	name = "interval"
//	values = "5,10,20..60/20"
type fileForm struct {
	Cluster   string     `toml:"cluster,omitempty"`
	Client    string     `toml:"client,omitempty"`
	VIP       string     `toml:"vip,omitempty"`
	Runs      *int       `toml:"runs,omitempty"`
	Precision string     `toml:"precision,omitempty"`
	MaxRuns   *int       `toml:"max-runs,omitempty"`
	Seed      *int64     `toml:"seed,omitempty"`
	Phase     string     `toml:"phase,omitempty"`
	Horizon   string     `toml:"horizon,omitempty"`
	Short     bool       `toml:"failover-only,omitempty"`
	Axis      []axisForm `toml:"axis,omitempty"`
}

type axisForm struct {
	Name   string `toml:"name"`
	Values string `toml:"values"`
}

// ParseFile reads a study file. It is strict: a key that is not known is an error. Problems come with
// file and line; what needs the cluster is checked by Plan.
func ParseFile(name string, data []byte) (*Draft, diag.List) {
	var problems diag.List
	var form fileForm
	if problems = text.CheckTOML(name, data); problems != nil {
		return nil, problems
	}
	dec := toml.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&form); err != nil {
		fileProblems(name, err, &problems)
		return nil, problems
	}
	lines := keyLines(data, form)
	if len(lines) == 0 {
		problems.Errorf(name, 0, "found no setting; expected one at least, as runs = 1000, or an [[axis]]")
		return nil, problems
	}
	d := NewDraft()
	d.at = func(key string) (string, int) { return name, lines[key] }
	d.Cluster, d.Client, d.VIP = form.Cluster, form.Client, form.VIP
	d.Precision, d.Phase, d.Horizon, d.FailoverOnly = form.Precision, form.Phase, form.Horizon, form.Short
	for _, n := range []struct{ from, to *int }{{form.Runs, &d.Runs}, {form.MaxRuns, &d.MaxRuns}} {
		if n.from != nil {
			*n.to = *n.from
		}
	}
	if form.Seed != nil {
		if *form.Seed < 0 {
			problems.Errorf(name, lines["seed"], "seed: found %d, expected 0 to %d", *form.Seed, uint64(MaxSeed))
		}
		d.Seed = uint64(max(0, *form.Seed))
	}
	for i, a := range form.Axis {
		line := lines[axisKey(i)]
		if a.Name == "" {
			problems.Errorf(name, line, "axis: name is missing; expected one, as interval")
		}
		if a.Values == "" {
			problems.Errorf(name, line, "axis: values is missing; expected values parted by commas")
		}
		d.Add(a.Name, a.Values)
	}
	if problems.Err() != nil {
		return nil, problems
	}
	return d, problems
}

// fileProblems are what the decoder says, a line each.
func fileProblems(name string, err error, problems *diag.List) {
	var strict *toml.StrictMissingError
	var one *toml.DecodeError
	switch {
	case errors.As(err, &strict):
		for _, e := range strict.Errors {
			line, _ := e.Position()
			problems.Errorf(name, line, "unknown key %.60q; expected cluster, client, vip, runs, precision, max-runs, seed, phase, horizon, failover-only, or [[axis]] with name and values", strings.Join(e.Key(), "."))
		}
	case errors.As(err, &one):
		line, _ := one.Position()
		if want, ok := wanted[strings.Join(one.Key(), ".")]; ok && strings.Contains(one.Error(), "cannot decode") {
			problems.Errorf(name, line, "%s: found another type, expected %s", strings.Join(one.Key(), "."), want)
			return
		}
		problems.Errorf(name, line, "%w", diag.Word(strings.Join(strings.Fields(strings.TrimPrefix(one.Error(), "toml: ")), " ")))
	default:
		problems.Errorf(name, 0, "%w", err)
	}
}

// wanted are the types of the keys.
var wanted = map[string]diag.Text{
	"cluster": diag.Say("a string"), "client": diag.Say("a string"), "vip": diag.Say("a string"), "phase": diag.Say(`a string, as "20s"`), "runs": diag.Say("a whole number"), "precision": diag.Say(`a string, as "0.2s"`), "max-runs": diag.Say("a whole number"),
	"seed": diag.Say("a whole number"), "horizon": diag.Say(`a string, as "5m"`), "failover-only": diag.Say("true or false"),
	"axis": diag.Say("tables that begin with [[axis]]"), "axis.name": diag.Say("a string"), "axis.values": diag.Say(`a string, as "5,10,20"`),
}

// axisKey stands for the i-th [[axis]] among lines.
func axisKey(i int) string { return fmt.Sprintf("[[axis]] %d", i) }

// keyLines are the lines of the keys, an axis by its name.
func keyLines(data []byte, form fileForm) map[string]int {
	lines := map[string]int{}
	axis := -1
	var p unstable.Parser
	p.Reset(data)
	for p.NextExpression() {
		e := p.Expression()
		it := e.Key()
		if !it.Next() {
			continue
		}
		key := it.Node()
		line := 1 + bytes.Count(data[:key.Raw.Offset], []byte("\n"))
		switch {
		case e.Kind == unstable.ArrayTable:
			axis++
			lines[axisKey(axis)] = line
		case axis < 0:
			lines[string(key.Data)] = line
		case string(key.Data) == "values" && axis < len(form.Axis):
			lines[form.Axis[axis].Name] = line
		}
	}
	return lines
}

// File is the plan as a study file. It reads back to the same plan.
func (p *Plan) File() []byte {
	seed := int64(p.Seed)
	form := fileForm{Cluster: p.Cluster, Client: p.Client, Runs: &p.Runs, Seed: &seed, Short: p.FailoverOnly}
	if p.Precision > 0 {
		form.Precision, form.MaxRuns = short(p.Precision), &p.MaxRuns
	}
	if p.VIP.IsValid() {
		form.VIP = p.VIP.String()
	}
	if p.Phase > 0 {
		form.Phase = short(p.Phase)
	}
	if p.Horizon > 0 {
		form.Horizon = short(p.Horizon)
	}
	for _, a := range p.Axes {
		form.Axis = append(form.Axis, axisForm{a.Name, strings.Join(a.Values, ",")})
	}
	b, err := toml.Marshal(form)
	if err != nil {
		panic("study: a plan cannot be written: " + err.Error())
	}
	return b
}
