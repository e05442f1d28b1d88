package nights

import (
	"context"
	"path/filepath"
	"slices"
	"strings"

	"ipwsim/core/disk"
	"ipwsim/reports/words"
	"ipwsim/scenarios/ipwsim/cli"
	"ipwsim/scenarios/ipwsim/lookup"
	"ipwsim/scenarios/script"
	"ipwsim/scenarios/search"
	"ipwsim/sim/finding"
	"ipwsim/sim/searched"
)

// ground is where a search takes place, and how its scenarios are run again.
type ground struct {
	lookup.Cluster // its Name is "" for drawn ones
}

// findGround is that of --cluster: a folder or a shipped cluster; "" for drawn ones.
func findGround(dir string) (*ground, error) {
	if dir == "" {
		return &ground{lookup.Cluster{Find: lookup.Finder{}.Find}}, nil
	}
	c, err := lookup.Find(dir)
	if err != nil {
		return nil, err
	}
	return &ground{*c}, nil
}

// search is what workers must know of it.
func (g *ground) search() search.Ground {
	if g.Dir == "" {
		return search.Ground{}
	}
	return search.Ground{Own: g.Name, Files: g.Files}
}

// tell gives each failure its title, and writes its scenario into the folder, if there is one.
func (g *ground) tell(ctx context.Context, s *searched.Search, dir string) error {
	for i := range s.Failures {
		x := &s.Failures[i]
		if err := g.entitle(ctx, x); err != nil {
			return err
		}
		if dir == "" {
			continue
		}
		path := filepath.Join(dir, x.Name+".txtar")
		if err := disk.WriteBytes(path, []byte(x.Text)); err != nil {
			return err
		}
		x.Rerun = "ipwsim run " + cli.Quoted(path)
		if g.Dir != "" {
			x.Rerun += " --cluster " + cli.Quoted(g.Dir)
		}
	}
	return nil
}

// entitle has the failure's scenario say in its first lines what goes wrong, as a run of it shows.
func (g *ground) entitle(ctx context.Context, f *searched.Failure) error {
	say := func(l words.Lang) string { return l.Say("search.crashes", f.Kind) }
	if f.Check != search.Crash {
		s, problems := script.Parse(f.Name+".txtar", []byte(f.Text))
		if err := problems.Err(); err != nil {
			return err
		}
		run, err := script.Run(ctx, s, script.Options{Cluster: g.Find})
		if err != nil {
			return err
		}
		o, found := objection(run, f)
		say = func(l words.Lang) string {
			if !found {
				return l.Say("search.gone")
			}
			return words.Teller{Lang: l, Facts: run.Facts}.Objection(o)
		}
	}
	f.Title = finding.Phrase{En: words.Safe(say(words.English)), Ja: words.Safe(say(words.Japanese))}
	lines := strings.SplitN(f.Text, "\n", 3) // two were the titles
	f.Text = "# Found by the search: " + f.Title.En + "\n# ja: 探索で見つかった: " + f.Title.Ja + "\n" + lines[2]
	return nil
}

// objection is that to the run which the failure is of, or else the first.
func objection(run *finding.Run, f *searched.Failure) (finding.Objection, bool) {
	all := run.Objections()
	if len(all) == 0 {
		return finding.Objection{}, false
	}
	i := slices.IndexFunc(all, func(o finding.Objection) bool {
		return o.Result != nil && o.Result.ID == f.Check || o.Expectation != nil && f.Check == "" && o.Expectation.Text == f.Kind
	})
	o := all[max(0, i)]
	if o.Expectation != nil {
		e := *o.Expectation
		e.Line = 0 // a title speaks of no line
		o.Expectation = &e
	}
	return o, true
}
