package main

import (
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path"
	"path/filepath"

	"github.com/spf13/cobra"

	"ipwsim/core/diag"
	"ipwsim/core/disk"
	"ipwsim/reports/exchange"
	"ipwsim/reports/page"
	"ipwsim/reports/term"
	"ipwsim/reports/text"
	"ipwsim/reports/words"
	"ipwsim/sim/finding"
)

// outputs are the reports that are wanted.
type outputs struct {
	lang                    *langFlag
	junit, perfetto, html   string
	json, full, annotations bool
}

func (o *outputs) flags(c *cobra.Command) {
	fl := c.Flags()
	fl.BoolVar(&o.json, "json", false, "print JSON instead of text (ipwsim schema describes it)")
	fl.BoolVar(&o.full, "full", false, "leave nothing out of transcripts and logs")
	fl.BoolVar(&o.annotations, "annotations", false, "print GitHub's ::error lines after the text")
	fl.StringVar(&o.junit, "junit", "", "write JUnit XML to this `FILE` as well")
	fl.StringVar(&o.html, "html", "", "write a page to this `FILE`, of many runs a folder")
	fl.StringVar(&o.perfetto, "perfetto", "", "write a trace for ui.perfetto.dev to this `FILE` as well")
}

func (o outputs) check() error {
	if o.json && o.annotations {
		return diag.Errorf("--annotations: found --json too, expected one of them: both go to standard output")
	}
	for _, file := range []struct{ flag, path string }{{"--junit", o.junit}, {"--perfetto", o.perfetto}} {
		if err := writable(file.flag, file.path); err != nil {
			return err
		}
	}
	return nil
}

// writable demands the folder of a file that a flag names, before there is anything to write.
func writable(flag, path string) error {
	if path == "" {
		return nil
	}
	dir := filepath.Dir(path)
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return diag.Errorf("%s: cannot write %s: found no folder %s", flag, path, dir)
	}
	return nil
}

// page is how a text looks there.
func (f *langFlag) page(w io.Writer) term.Options {
	return term.Options{Lang: f.Lang, Color: color(w)}
}

// write prints the report and writes the files.
func write(stdout, stderr io.Writer, runs []*finding.Run, o outputs, many bool) error {
	err := printReport(stdout, stderr, runs, o)
	if o.annotations {
		err = errors.Join(err, exchange.Annotate(stdout, exchange.Annotations(runs)))
	}
	for _, file := range []struct {
		path  string
		write func(io.Writer, []*finding.Run) error
	}{{o.junit, exchange.JUnit}, {o.perfetto, exchange.Perfetto}} {
		if file.path != "" {
			err = errors.Join(err, disk.Write(file.path, func(w io.Writer) error { return file.write(w, runs) }))
		}
	}
	if o.html != "" {
		err = errors.Join(err, pages(runs, o, many))
	}
	return err
}

func printReport(stdout, stderr io.Writer, runs []*finding.Run, o outputs) error {
	opt := o.lang.page(stdout)
	opt.Full = o.full
	switch {
	case o.json:
		return exchange.JSON(stdout, runs)
	case len(runs) == 1:
		return text.Run(stdout, runs[0], opt)
	}
	return errors.Join(text.Suite(stdout, runs, opt), warn(stderr, runs, o.lang))
}

// warn prints the problems a suite's report has no room for, each once, on a line of its own as errors are. A cluster
// refused as expected needs none.
func warn(w io.Writer, runs []*finding.Run, lang *langFlag) (err error) {
	seen := map[string]bool{}
	for _, r := range runs {
		if r.Refused && r.Outcome() != finding.Bad {
			continue
		}
		for _, x := range r.Problems {
			if line := lang.Problem(x); !seen[line] {
				_, failed := fmt.Fprintln(w, words.Safe(r.Scenario+": "+line))
				err, seen[line] = errors.Join(err, failed), true
			}
		}
	}
	return err
}

// color says whether to use colour: on a terminal, unless NO_COLOR has any value (no-color.org).
func color(w io.Writer) bool {
	return os.Getenv("NO_COLOR") == "" && isTerminal(w)
}

func isTerminal(w io.Writer) bool {
	o, ok := w.(*term.Out)
	return ok && o.Terminal()
}

// pages writes one run's page to the file, or for many runs a folder: a page each, and index.html
// with all of them.
func pages(runs []*finding.Run, o outputs, many bool) error {
	opt := page.Options{Lang: o.lang.Lang, Full: o.full}
	if !many {
		return disk.Write(o.html, func(w io.Writer) error { return page.Run(w, runs[0], opt) })
	}
	if err := os.MkdirAll(o.html, 0o777); err != nil {
		return err
	}
	for _, r := range runs {
		if err := disk.Write(filepath.Join(o.html, r.Scenario+".html"), func(w io.Writer) error { return page.Run(w, r, opt) }); err != nil {
			return err
		}
	}
	link := func(r *finding.Run) string { return "./" + url.PathEscape(r.Scenario) + ".html" }
	return disk.Write(filepath.Join(o.html, "index.html"), func(w io.Writer) error { return page.Suite(w, runs, link, opt) })
}

// pageFolder is where a run's page stands.
func pageFolder(path string, many bool) string {
	if many {
		return path
	}
	return filepath.Dir(path)
}

// captures is the address of the folder of captures as a page in dir sees it, "" for none.
func captures(pcap, dir string) string {
	if pcap == "" {
		return ""
	}
	rel, err := relative(dir, pcap)
	if err != nil {
		return ""
	}
	u := url.URL{Path: path.Clean(filepath.ToSlash(rel))}
	return u.String()
}

func relative(dir, target string) (string, error) {
	a, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	b, err := filepath.Abs(target)
	if err != nil {
		return "", err
	}
	return filepath.Rel(a, b)
}

// checkHTML demands a file for one run's page, a folder for those of many.
func checkHTML(path string, runs int) error {
	info, err := os.Stat(path)
	switch {
	case path == "" || err != nil && runs > 1: // still to be made
		return nil
	case err != nil:
		return writable("--html", path)
	case runs == 1 && info.IsDir():
		return diag.Errorf("--html: found folder %s, expected a file to write: it is one scenario", path)
	case runs > 1 && !info.IsDir():
		return diag.Errorf("--html: found file %s, expected a folder: there are %d scenarios", path, runs)
	}
	return nil
}
