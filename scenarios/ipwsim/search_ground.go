package main

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"ipwsim/reports/words"
	"ipwsim/scenarios/script"
	"ipwsim/scenarios/search"
	"ipwsim/sim/cluster"
	"ipwsim/sim/finding"
	"ipwsim/sim/searched"
)

// ground is where a search takes place, and how its scenarios are run again.
type ground struct {
	search.Ground
	name string // of the cluster; "": drawn ones
	dir  string // of one that is not shipped
	find func(string) (fs.FS, error)
}

var wordOnly = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*$`)

// findGround is that of --cluster: a folder or a shipped cluster; "" for drawn ones.
func findGround(dir string) (*ground, error) {
	g := &ground{find: finder{}.find}
	if dir == "" {
		return g, nil
	}
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) && slices.Contains(shippedClusters(), dir) {
		g.name = dir
		return g, nil
	}
	files, err := folder(dir)
	if err != nil {
		return nil, err
	}
	bp, problems := cluster.Load(files, ".")
	if bp == nil {
		return nil, below(dir, problems).Err()
	}
	g.dir, g.name = dir, "our-cluster"
	if path, err := filepath.Abs(dir); err == nil && wordOnly.MatchString(filepath.Base(path)) {
		g.name = filepath.Base(path)
	}
	g.find = finder{override: files}.find
	g.Own = g.name
	g.Files, err = (&script.Script{Cluster: g.name}).ClusterFiles(g.find)
	return g, err
}

// entitle has the failure's scenario say in its first lines what goes wrong, as a run of it shows.
func (g *ground) entitle(ctx context.Context, f *searched.Failure) error {
	say := func(l words.Lang) string { return l.Say("search.crashes", f.Kind) }
	if f.Check != search.Crash {
		s, problems := script.Parse(f.Name+".txtar", []byte(f.Text))
		if err := problems.Err(); err != nil {
			return err
		}
		run, err := script.Run(ctx, s, script.Options{Cluster: g.find})
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
	f.Text = "# " + f.Title.En + "\n# ja: " + f.Title.Ja + "\n" + lines[2]
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
