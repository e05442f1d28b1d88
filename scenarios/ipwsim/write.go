package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"ipwsim/reports"
)

// outputs are the reports that are wanted.
type outputs struct {
	lang, junit, perfetto, html string
	json, full, annotations     bool
}

func (o *outputs) flags(c *cobra.Command) {
	fl := c.Flags()
	fl.StringVar(&o.lang, "lang", "en", "language `LANG` of the report, en or ja")
	fl.BoolVar(&o.json, "json", false, "print JSON instead of text (ipwsim schema describes it)")
	fl.BoolVar(&o.full, "full", false, "leave nothing out of transcripts and logs")
	fl.BoolVar(&o.annotations, "annotations", false, "print GitHub's ::error lines after the text")
	fl.StringVar(&o.junit, "junit", "", "write JUnit XML to this `FILE` as well")
	fl.StringVar(&o.html, "html", "", "write a page to this `FILE`, of many runs a folder")
	fl.StringVar(&o.perfetto, "perfetto", "", "write a trace for ui.perfetto.dev to this `FILE` as well")
}

func (o outputs) check() error {
	switch {
	case o.lang != "en" && o.lang != "ja":
		return fmt.Errorf("--lang: found %q, expected en or ja", o.lang)
	case o.json && o.annotations:
		return errors.New("--annotations: found --json too, expected one of them: both go to standard output")
	}
	return nil
}

// write prints the report and writes the files.
func write(stdout, stderr io.Writer, results []reports.Result, o outputs, many bool) error {
	err := printReport(stdout, stderr, results, o)
	if o.annotations {
		err = errors.Join(err, reports.Annotate(stdout, reports.Annotations(results)))
	}
	for _, file := range []struct {
		path  string
		write func(io.Writer, []reports.Result) error
	}{{o.junit, reports.JUnit}, {o.perfetto, reports.Perfetto}} {
		if file.path != "" {
			err = errors.Join(err, writeFile(file.path, func(w io.Writer) error { return file.write(w, results) }))
		}
	}
	if o.html != "" {
		err = errors.Join(err, pages(results, o, many))
	}
	return err
}

func printReport(stdout, stderr io.Writer, results []reports.Result, o outputs) error {
	opt := reports.Options{Lang: o.lang, Color: color(stdout), Full: o.full}
	switch {
	case o.json:
		return reports.JSON(stdout, results)
	case len(results) == 1:
		return reports.Text(stdout, results[0], opt)
	}
	warn(stderr, results)
	return reports.TextSuite(stdout, results, opt)
}

// warn prints the warnings a suite's report has no room for, each once. A cluster refused as
// expected needs none.
func warn(w io.Writer, results []reports.Result) {
	seen := map[string]bool{}
	for _, r := range results {
		if r.Refused && r.Passed() {
			continue
		}
		for _, text := range r.Warnings {
			if !seen[text] {
				fmt.Fprintf(w, "%s: warning: %s\n", r.Scenario, text)
			}
			seen[text] = true
		}
	}
}

// writeFile writes to a temporary file beside path and renames it: path is whole or as it was.
func writeFile(path string, write func(io.Writer) error) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name()) // gone after the rename
	if err := errors.Join(write(tmp), tmp.Chmod(0o644), tmp.Close()); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), path)
}

// color says whether to use colour: on a terminal, unless NO_COLOR has any value (no-color.org).
func color(w io.Writer) bool {
	return os.Getenv("NO_COLOR") == "" && isTerminal(w)
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
