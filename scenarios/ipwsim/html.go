package main

import (
	"fmt"
	"io"
	"net/url"
	"os"
	"path"
	"path/filepath"

	"ipwsim/reports"
	"ipwsim/scenarios/frames"
)

// pages writes one run's page to the file, or for many runs a folder: a page each, and index.html
// with all of them.
func pages(results []reports.Result, o outputs, many bool) error {
	opt := reports.Options{Lang: o.lang, Full: o.full}
	if !many {
		return writeFile(o.html, func(w io.Writer) error { return reports.HTML(w, results[0], opt) })
	}
	if err := os.MkdirAll(o.html, 0o755); err != nil {
		return err
	}
	for _, r := range results {
		if err := writeFile(filepath.Join(o.html, r.Scenario+".html"), func(w io.Writer) error { return reports.HTML(w, r, opt) }); err != nil {
			return err
		}
	}
	link := func(r reports.Result) string { return url.PathEscape(r.Scenario) + ".html" }
	return writeFile(filepath.Join(o.html, "index.html"), func(w io.Writer) error { return reports.HTMLSuite(w, results, link, opt) })
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

// framesOf are the recorded frames as reports read them.
func framesOf(all []frames.Frame) []reports.Frame {
	var out []reports.Frame
	for _, f := range all {
		r := reports.Frame{At: f.At, From: f.From, To: f.To, Cast: f.Cast, Kind: string(f.Kind), Text: f.Text,
			File: f.Sent.Cable + ".pcapng", Number: f.Sent.Number, Lost: f.Lost}
		for _, a := range f.Reached {
			r.Reached = append(r.Reached, reports.Arrival{Station: a.Station, File: a.Cable + ".pcapng", Number: a.Number})
		}
		out = append(out, r)
	}
	return out
}

// checkHTML demands a file for one run's page, a folder for those of many.
func checkHTML(path string, runs int) error {
	info, err := os.Stat(path)
	switch {
	case path == "" || err != nil: // still to be made
		return nil
	case runs == 1 && info.IsDir():
		return fmt.Errorf("--html: found folder %s, expected a file to write: it is one scenario", path)
	case runs > 1 && !info.IsDir():
		return fmt.Errorf("--html: found file %s, expected a folder: there are %d scenarios", path, runs)
	}
	return nil
}
