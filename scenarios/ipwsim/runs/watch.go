package runs

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"ipwsim/core/diag"
	"ipwsim/core/disk"
	"ipwsim/reports/term"
	"ipwsim/scenarios/ipwsim/cli"
	"ipwsim/scenarios/ipwsim/lookup"
	"ipwsim/scenarios/script"
	"ipwsim/scenarios/watch"
)

// watchEvery is how often files are looked at.
var watchEvery = 200 * time.Millisecond

// watched is what a command reads that can change.
type watched struct {
	named    func() []string // by the command line
	cluster  string          // of --cluster
	clusters []string        // folders, as the scenarios' files say now
}

// ofOnce are flags that mean nothing where work is done again and again.
var ofOnce = []string{"save", "files", "json", "annotations"}

// CheckWatch demands flags that make sense with --watch.
func CheckWatch(fl *pflag.FlagSet) error {
	if !fl.Changed("watch") {
		return nil
	}
	for _, name := range ofOnce {
		if fl.Changed(name) {
			return diag.Errorf("--%s: found --watch too, expected one of them: it is for what is done once", name)
		}
	}
	return nil
}

// runWatched runs the scenarios again and again.
func runWatched(c *cobra.Command, args []string, f runFlags) error {
	if _, err := expandAll(args, f.all); err != nil {
		return err
	}
	if f.cluster != "" {
		if _, err := lookup.Folder(f.cluster); err != nil {
			return err
		}
	}
	w := &watched{named: func() (all []string) {
		for _, arg := range args {
			all = append(all, scenarioPaths(arg)...)
		}
		return all
	}, cluster: f.cluster}
	w.read()
	for _, out := range []struct{ flag, path string }{{"--html", f.html}, {"--pages", f.pages}, {"--junit", f.junit}, {"--perfetto", f.perfetto}, {"--pcap", f.pcap}} {
		if err := w.outside(out.flag, out.path); err != nil {
			return err
		}
	}
	return w.again(c, f.lang, func() error { return run(c, args, f) })
}

// Watch does the work on the clusters and scenario files again and again.
func Watch(c *cobra.Command, paths []string, lang *cli.Lang, work func() error) error {
	w := &watched{named: func() []string { return paths }}
	w.read()
	return w.again(c, lang, work)
}

// scenarioPaths are an argument's scenario files on disk.
func scenarioPaths(arg string) (all []string) {
	entries, err := disk.List(arg)
	if err != nil {
		return []string{arg}
	}
	for _, e := range entries {
		if filepath.Ext(e.Name()) == ".txtar" {
			all = append(all, filepath.Join(arg, e.Name()))
		}
	}
	return all
}

// read finds the clusters.
func (w *watched) read() {
	w.clusters = nil
	if w.cluster != "" {
		w.clusters = []string{w.cluster}
		return
	}
	for _, path := range w.named() {
		data, err := disk.Read(path, disk.MostScenario)
		if err != nil { // it is a cluster, or is not there now
			continue
		}
		if s, _ := script.Parse(path, data); s.Cluster != "" {
			w.clusters = append(w.clusters, filepath.Join(filepath.Dir(path), s.Cluster))
		}
	}
}

func (w *watched) paths() []string { return append(w.named(), w.clusters...) }

// outside demands that what a flag writes is not in a cluster's folder, where it would be a change.
func (w *watched) outside(flag, path string) error {
	for _, dir := range w.clusters {
		rel, err := relative(dir, path)
		if info, none := os.Stat(dir); path != "" && none == nil && info.IsDir() && err == nil && filepath.IsLocal(rel) {
			return diag.Errorf("%s: found %s in the folder %s that --watch looks at, expected another place: each run would be followed by the next", flag, path, dir)
		}
	}
	return nil
}

// again does the work whenever something has changed, until the interrupt, which then is no error.
func (w *watched) again(c *cobra.Command, lang *cli.Lang, work func() error) error {
	if !slices.ContainsFunc(w.paths(), disk.Exists) {
		return diag.Errorf("--watch: found nothing that can change, expected a file, a folder or --cluster DIR: what is shipped stays as it is")
	}
	ticker := time.NewTicker(watchEvery)
	defer ticker.Stop()
	out, interrupted := c.OutOrStdout(), false
	err := watch.Again(c.Context(), ticker.C, w.paths, func() error {
		err := work()
		if interrupted = c.Context().Err() != nil; interrupted {
			return err
		}
		if cli.Silent(err) != nil {
			fmt.Fprintln(c.ErrOrStderr(), strings.TrimSpace(lang.Error(err)))
			err = cli.ErrSaid
		}
		fmt.Fprintf(out, "\n%s\n", lang.Say("watch.waits"))
		return err
	}, func(changed []string) {
		what := lang.Say("watch.changed", changed[0])
		if n := len(changed) - 1; n > 0 {
			what = lang.Say("watch.changed-more", changed[0], n)
		}
		page := term.New(lang.Page(out))
		page.Line(term.Plain, "")
		page.Line(term.Head, strings.Repeat("=", page.Width()))
		page.Para(term.Head, "", what)
		page.Line(term.Plain, "")
		_ = page.Flush(out) // out keeps its errors
		w.read()
	})
	if !interrupted {
		c.Annotations = map[string]string{cli.EndsByInterrupt: "yes"}
	}
	return err
}
