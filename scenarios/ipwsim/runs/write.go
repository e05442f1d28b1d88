package runs

import (
	"errors"
	"io"
	"net/url"
	"path"
	"path/filepath"

	"github.com/spf13/cobra"

	"ipwsim/core/diag"
	"ipwsim/core/disk"
	"ipwsim/netstack/capture"
	"ipwsim/reports/exchange"
	"ipwsim/reports/page"
	"ipwsim/reports/term"
	"ipwsim/reports/text"
	"ipwsim/scenarios/ipwsim/cli"
	"ipwsim/sim/finding"
)

// outputs are the reports that are wanted.
type outputs struct {
	lang                    *cli.Lang
	junit, perfetto         string
	html, pages             string // the page of one run, the folder of many
	json, full, annotations bool
}

func (o *outputs) flags(c *cobra.Command) {
	fl := c.Flags()
	fl.BoolVar(&o.json, "json", false, "print JSON instead of text (ipwsim schema describes it)")
	fl.BoolVar(&o.full, "full", false, "leave nothing out of transcripts and logs")
	fl.BoolVar(&o.annotations, "annotations", false, "print GitHub's ::error lines after the text")
	fl.StringVar(&o.junit, "junit", "", "write JUnit XML to this `FILE` as well")
	fl.StringVar(&o.html, "html", "", "write a page to this `FILE`; of many, see --pages")
	fl.StringVar(&o.pages, "pages", "", "write into `DIR` a page each, and index.html of all")
	fl.StringVar(&o.perfetto, "perfetto", "", "write a trace for ui.perfetto.dev to this `FILE` as well")
}

func (o outputs) check() error {
	if o.json && o.annotations {
		return diag.Errorf("--annotations: found --json too, expected one of them: both go to standard output")
	}
	if o.html != "" && o.pages != "" {
		return diag.Errorf("--pages: found --html too, expected one of them: the page of one scenario, or a folder of pages")
	}
	return cli.Free(cli.File("--junit", o.junit), cli.File("--perfetto", o.perfetto), cli.File("--html", o.html), cli.PagesFolder("--pages", o.pages))
}

// checkRuns demands one scenario for what is of one.
func (o outputs) checkRuns(n int) error {
	if o.html != "" && n > 1 {
		return diag.Errorf("--html: found %d scenarios, expected one: it is the page of one; --pages DIR writes a page each, and index.html", n)
	}
	return nil
}

// write prints the report and writes the files.
func write(stdout, stderr io.Writer, runs []*finding.Run, o outputs) error {
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
	opt := page.Options{Lang: o.lang.Lang, Full: o.full}
	if o.html != "" {
		err = errors.Join(err, disk.Write(o.html, func(w io.Writer) error { return page.Run(w, runs[0], opt) }))
	}
	if o.pages != "" {
		err = errors.Join(err, pages(o.pages, runs, opt))
	}
	return err
}

func printReport(stdout, stderr io.Writer, runs []*finding.Run, o outputs) error {
	opt := o.lang.Page(stdout)
	opt.Full = o.full
	switch {
	case o.json:
		return exchange.JSON(stdout, runs)
	case len(runs) == 1:
		return text.Run(stdout, runs[0], opt)
	}
	return errors.Join(text.Suite(stdout, runs, opt), warn(stderr, runs, o.lang))
}

// warn prints the problems a suite's report has no room for, each once. A cluster refused as expected needs none.
func warn(w io.Writer, runs []*finding.Run, lang *cli.Lang) error {
	p := term.New(lang.Page(w))
	seen := map[string]bool{}
	for _, r := range runs {
		if r.Refused && r.Outcome() != finding.Bad {
			continue
		}
		for _, x := range r.Problems {
			if line := lang.Problem(x); !seen[line] {
				p.Para(term.Plain, r.Scenario+": ", line)
				seen[line] = true
			}
		}
	}
	return p.Flush(w)
}

// pages writes a page a run into the folder, and index.html with all of them.
func pages(dir string, runs []*finding.Run, opt page.Options) error {
	if err := disk.Make(dir); err != nil {
		return err
	}
	for _, r := range runs {
		if err := disk.Write(filepath.Join(dir, r.Scenario+".html"), func(w io.Writer) error { return page.Run(w, r, opt) }); err != nil {
			return err
		}
	}
	link := func(r *finding.Run) string { return "./" + url.PathEscape(r.Scenario) + ".html" }
	return disk.Write(filepath.Join(dir, "index.html"), func(w io.Writer) error { return page.Suite(w, runs, link, opt) })
}

// pageFolder is where a run's page stands.
func (o outputs) pageFolder() string {
	if o.pages != "" {
		return o.pages
	}
	return filepath.Dir(o.html)
}

// captures is the address of the folder of captures as a page in dir sees it, "" for none. A page numbers frames by
// their cable, which one file of all cables does not.
func captures(pcap, dir string) string {
	if pcap == "" || capture.OneFile(pcap) {
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
