package audit

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"ipwsim/scenarios/script"
	"ipwsim/sim/audited"
	"ipwsim/sim/finding"
)

// mostStories is how many rows are told, and mostOutages how many silences of each.
const (
	mostStories = 10
	mostOutages = 10
)

// tell runs again, on all of the cluster's files, what the rows that cost most have to tell: the draw with the longest
// silence of each.
func (p *plan) tell(ctx context.Context, b *agenda, all []*outcome) error {
	for i := range p.out.Rows {
		row := &p.out.Rows[i]
		if len(p.out.Stories) == mostStories || row.Longest == nil || row.Year.Value <= 0 {
			continue
		}
		j := slices.IndexFunc(b.draws, func(d draw) bool { return d.seed == row.Longest.Seed })
		s, err := p.story(ctx, b.draws[j], all[j], len(p.out.Stories)+1)
		if err != nil {
			return err
		}
		s.Row = i
		p.out.Stories = append(p.out.Stories, *s)
	}
	return nil
}

func (p *plan) story(ctx context.Context, d draw, o *outcome, nth int) (*audited.Story, error) {
	var names []string
	for _, f := range d.faults {
		names = append(names, strings.ReplaceAll(string(f.Name), ":", "-"))
	}
	s := &audited.Story{Name: fmt.Sprintf("%02d-%s", nth, strings.Join(names, "-and-")), Assumed: d.assumed}
	s.Text = fmt.Sprintf("%send %v\n", d.text(p.opening()), o.End)
	if f := p.played(p.files, d.assumed); d.assumed || len(p.resting) > 0 {
		s.Text += fmt.Sprintf("-- %s --\n%s", tomlFile, f[tomlFile])
		if !strings.HasSuffix(s.Text, "\n") {
			s.Text += "\n"
		}
	}
	parsed, problems := script.Parse(s.Name+".txtar", []byte("# "+s.Name+"\n"+s.Text))
	if err := problems.Err(); err != nil {
		return nil, err
	}
	run, err := script.Run(ctx, parsed, script.Options{Cluster: p.files.find, Most: mostEvents, Frames: false})
	if err != nil {
		return nil, err
	}
	s.Run = run
	s.Outages = outages(run, d)
	return s, nil
}

// outages are the longest of each client and VIP that began with the faults, or that were there where nothing happens: none
// where mail alone was away.
func outages(r *finding.Run, d draw) []audited.Outage {
	all := []audited.Outage{}
	calm := d.faults[0].Kind == audited.Calm
	for _, u := range r.Facts.Uses {
		var most *finding.Outage
		for i := range u.Outages {
			if x := &u.Outages[i]; x.To > d.at[0] && (calm || x.From >= d.at[0]) && (most == nil || longer(x, most) < 0) {
				most = x
			}
		}
		if most != nil && !u.Never {
			all = append(all, audited.Outage{Outage: most, Advice: most.Advice()})
		}
	}
	slices.SortStableFunc(all, func(a, b audited.Outage) int { return longer(a.Outage, b.Outage) })
	return all[:min(len(all), mostOutages)]
}

// longer puts the outage first that was longer of mail, of equal ones the longer to ping.
func longer(a, b *finding.Outage) int {
	return cmp.Or(cmp.Compare(b.Mailless(), a.Mailless()), cmp.Compare(b.Length(), a.Length()))
}
