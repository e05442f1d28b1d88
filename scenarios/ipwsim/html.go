package main

import (
	"io"
	"net/url"
	"os"
	"path"
	"path/filepath"

	"ipwsim/core/diag"
	"ipwsim/core/disk"
	"ipwsim/reports/page"
	"ipwsim/sim/finding"
)

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
