package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"golang.org/x/term"

	"ipwsim/reports"
)

// write prints the report and writes the files asked for.
func write(stdout, stderr io.Writer, results []reports.Result, f runFlags, many bool) error {
	err := printReport(stdout, stderr, results, f)
	if f.junit != "" {
		err = errors.Join(err, writeFile(f.junit, func(w io.Writer) error { return reports.JUnit(w, results) }))
	}
	if f.html != "" {
		err = errors.Join(err, pages(results, f, many))
	}
	return err
}

func printReport(stdout, stderr io.Writer, results []reports.Result, f runFlags) error {
	opt := reports.Options{Lang: f.lang, Color: color(stdout), Full: f.full}
	switch {
	case f.json:
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

// color says whether to use colour: on a terminal, unless NO_COLOR is set.
func color(w io.Writer) bool {
	_, no := os.LookupEnv("NO_COLOR")
	return !no && isTerminal(w)
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
