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
func pages(results []reports.Result, f runFlags, many bool) error {
	opt := reports.Options{Lang: f.lang, Full: f.full}
	if !many {
		results[0].Captures = captures(f.pcap, filepath.Dir(f.html))
		return writeFile(f.html, func(w io.Writer) error { return reports.HTML(w, results[0], opt) })
	}
	if err := os.MkdirAll(f.html, 0o755); err != nil {
		return err
	}
	for _, r := range results {
		if f.pcap != "" {
			r.Captures = captures(filepath.Join(f.pcap, r.Scenario), f.html)
		}
		if err := writeFile(filepath.Join(f.html, r.Scenario+".html"), func(w io.Writer) error { return reports.HTML(w, r, opt) }); err != nil {
			return err
		}
	}
	link := func(r reports.Result) string { return url.PathEscape(r.Scenario) + ".html" }
	return writeFile(filepath.Join(f.html, "index.html"), func(w io.Writer) error { return reports.HTMLSuite(w, results, link, opt) })
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

// checkHTML demands that a page a run can have a name of its own.
func checkHTML(results []source, f runFlags) error {
	if f.html == "" {
		return nil
	}
	if len(results) == 1 {
		if info, err := os.Stat(f.html); err == nil && info.IsDir() {
			return fmt.Errorf("--html: found folder %s, expected a file to write: it is one scenario", f.html)
		}
		return nil
	}
	if info, err := os.Stat(f.html); err == nil && !info.IsDir() {
		return fmt.Errorf("--html: found file %s, expected a folder: there are %d scenarios", f.html, len(results))
	}
	return apart(results, "--html", "page")
}
