package main

import (
	"context"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"ipwsim/reports"
	"ipwsim/scenarios"
	"ipwsim/scenarios/field"
	"ipwsim/scenarios/script"
)

// fieldPages writes the table as index.html into the folder, and for the worst cell of each kind of
// server, with and without the cure, its scenario's file and the page of its run.
func fieldPages(ctx context.Context, rows []field.Row, table []reports.FieldRow, f runFlags, seed uint64) error {
	if err := os.MkdirAll(f.html, 0o755); err != nil {
		return err
	}
	for _, i := range worstCells(rows) {
		page, err := cellPage(ctx, rows[i].Cell, f, seed)
		if err != nil {
			return err
		}
		table[i].Page = url.PathEscape(page)
	}
	return writeFile(filepath.Join(f.html, "index.html"), func(w io.Writer) error {
		return reports.FieldHTML(w, table, reports.Options{Lang: f.lang})
	})
}

// worstCells are the rows with the longest wait, one of each server and cure.
func worstCells(rows []field.Row) []int {
	worst := func(r field.Row) float64 { return max(r.Failover.Time, r.Failback.Time).Seconds() }
	var all []int
	for i, r := range rows {
		at := slices.IndexFunc(all, func(j int) bool { return rows[j].Server == r.Server && rows[j].Cure == r.Cure })
		switch {
		case at < 0:
			all = append(all, i)
		case worst(r) > worst(rows[all[at]]):
			all[at] = i
		}
	}
	return all
}

// cellPage runs a cell again for its page; the scenario's file beside it is what the page says to run.
func cellPage(ctx context.Context, c field.Cell, f runFlags, seed uint64) (string, error) {
	text, err := c.Text(scenarios.Clusters())
	if err != nil {
		return "", err
	}
	path := filepath.Join(f.html, c.File())
	if err := writeFile(path, func(w io.Writer) error { _, err := w.Write(text); return err }); err != nil {
		return "", err
	}
	s, problems := script.Parse(path, text)
	if err := problems.Err(); err != nil {
		return "", err
	}
	src := source{script: s, find: finder{}.find, arg: path, data: text}
	out, err := script.Run(ctx, s, script.Options{Cluster: src.find, Seed: &seed, Frames: true})
	if err != nil {
		return "", err
	}
	page := strings.TrimSuffix(c.File(), ".txtar") + ".html"
	return page, writeFile(filepath.Join(f.html, page), func(w io.Writer) error {
		return reports.HTML(w, result(src, "", out), reports.Options{Lang: f.lang})
	})
}
