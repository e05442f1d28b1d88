package study

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/parquet-go/parquet-go"

	"ipwsim/core/diag"
	"ipwsim/core/disk"
	"ipwsim/sim/studied"
)

// The data files of a study's folder.
const (
	planFile    = "plan.json"
	tomlFile    = "plan.toml"
	cellsFile   = "cells.json"
	parquetFile = "rows.parquet"
	csvFile     = "rows.csv"
	summaryFile = "summary.json"
)

// planForm is plan.json.
type planForm struct {
	Version int    `json:"version"`
	Study   string `json:"study"`          // Plan.Key
	Content string `json:"cluster_sha256"` // of the cluster, wherever its folder is
	*studied.Plan
}

// checkVersion refuses files that another version of the program has written.
func checkVersion(found int) error {
	if found != studied.Version {
		return diag.Errorf("found a study of version %d, expected %d: it was written by another version of ipwsim; run it again", found, studied.Version)
	}
	return nil
}

// Prepare makes the study's folder, or finds that it holds the same study.
func (p *Plan) Prepare(dir string) error {
	if err := p.claim(dir); err != nil {
		return err
	}
	// What is there may be about to change: the study is not finished until Write says so again.
	if err := os.Remove(filepath.Join(dir, disk.SumsFile)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return p.describe(dir)
}

// claim makes the folder this study's. One plan.json is there first, and whoever comes with another study is refused.
func (p *Plan) claim(dir string) error {
	if err := disk.Make(dir); err != nil {
		return err
	}
	if err := p.Free(dir); err != nil {
		return err
	}
	if err := disk.Claim(filepath.Join(dir, planFile), indented(p.head())); err != nil {
		return err
	}
	return p.Free(dir)
}

// Free says, as an error, that a folder holds what is not this study's; one that is not there is free. It changes nothing.
func (p *Plan) Free(dir string) error {
	if err := disk.Plain(dir); err != nil {
		return err
	}
	old, err := readPlan(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist) && foreign(dir):
		return diag.Errorf("%s holds other files; expected an empty or new folder, or one of this study", dir)
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err == nil && old.Study != p.Key():
		return diag.Errorf("%s holds another study: %s; expected an empty or new folder, or one of this study", dir, p.differs(&old))
	}
	return err
}

// foreign says whether a folder without a plan holds what no study under way left there. One that has a plan by now is
// another study's, which has just begun.
func foreign(dir string) bool {
	entries, err := disk.List(dir)
	begun := slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return e.Name() == planFile })
	return err != nil && !errors.Is(err, fs.ErrNotExist) || !begun && slices.ContainsFunc(entries, func(e fs.DirEntry) bool {
		return e.Name() != chunkDir && filepath.Ext(e.Name()) != chunkExt && filepath.Ext(e.Name()) != disk.Unfinished
	})
}

// differs says in what a study is another one.
func (p *Plan) differs(old *planForm) diag.Text {
	if !slices.EqualFunc(old.Axes, p.Axes, func(a, b studied.Axis) bool { return a.Name == b.Name && slices.Equal(a.Values, b.Values) }) {
		return diag.Say("its axes are others")
	}
	if old.Seed != p.Seed {
		return diag.Say("its base seed is %d and not %d", old.Seed, p.Seed)
	}
	if old.Content != p.content() {
		return diag.Say("what is in the files of its cluster is not what was there, or the program reads them otherwise")
	}
	return diag.Say("its client, VIP, phase, horizon or end of a run are others")
}

// content is a hash of the cluster.
func (p *Plan) content() string { return disk.Sum(indented(p.base)) }

// head is what stands in plan.json.
func (p *Plan) head() planForm { return planForm{studied.Version, p.Key(), p.content(), &p.Plan} }

// SameAs says why the study in dir is not this plan's: its cluster or the program has changed since, or one of its
// files.
func (p *Plan) SameAs(dir string) error {
	old, err := readPlan(dir)
	if err == nil && old.Study != p.Key() {
		err = diag.Errorf("%s: the cluster or the program has changed since, so that its runs cannot be shown", dir)
	}
	if err == nil {
		_, err = disk.ReadSummed(dir, func(string) bool { return false })
	}
	if errors.Is(err, fs.ErrNotExist) { // it is not finished
		err = nil
	}
	return err
}

// readPlan reads plan.json.
func readPlan(dir string) (planForm, error) {
	var form planForm
	path := filepath.Join(dir, planFile)
	data, err := disk.Read(path, disk.MostResult)
	if err != nil {
		return form, err
	}
	// A study of version 1 says no version.
	var head struct {
		Version int    `json:"version"`
		Study   string `json:"study"`
	}
	if json.Unmarshal(data, &head) != nil || head.Study == "" {
		return form, diag.Errorf("%s: not a plan; expected the folder of a study", path)
	}
	if err := checkVersion(max(1, head.Version)); err != nil {
		return form, diag.Errorf("%s: %w", path, err)
	}
	if err := json.Unmarshal(data, &form); err != nil || form.Plan == nil {
		return form, diag.Errorf("%s: not what a study writes: %w", path, err)
	}
	return form, nil
}

// describe writes the plan and its cells.
func (p *Plan) describe(dir string) error {
	return errors.Join(
		disk.WriteBytes(filepath.Join(dir, cellsFile), indented(p.cells)),
		disk.WriteBytes(filepath.Join(dir, planFile), indented(p.head())),
		disk.WriteBytes(filepath.Join(dir, tomlFile), p.File()),
	)
}

// indented is JSON for files.
func indented(v any) []byte {
	data, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		panic("study: data that JSON cannot say: " + err.Error())
	}
	return append(data, '\n')
}

// Write writes the study's data into dir: rows.parquet, rows.csv, summary.json, and plan and cells; last the sums of all
// files that are there. Rows come by cell and seed.
func (p *Plan) Write(dir string, rows studied.Rows, a *studied.Answers) error {
	if err := p.Prepare(dir); err != nil {
		return err
	}
	err := errors.Join(
		disk.Write(filepath.Join(dir, parquetFile), func(w io.Writer) error { return writeParquet(w, rows) }),
		disk.Write(filepath.Join(dir, csvFile), func(w io.Writer) error { return writeCSV(w, rows) }),
		disk.WriteBytes(filepath.Join(dir, summaryFile), indented(a)),
	)
	if err != nil {
		return err
	}
	return disk.WriteSums(dir)
}

// groupRows is how many rows a group of the Parquet file has, all of which its writer holds at once.
const groupRows = 4096

// writeParquet writes the rows as a Parquet file. NaN stays what it is.
func writeParquet(to io.Writer, rows studied.Rows) error {
	version := parquet.KeyValueMetadata("ipwsim.version", fmt.Sprint(studied.Version))
	w := parquet.NewGenericWriter[studied.Row](to, parquet.Compression(&parquet.Zstd), version)
	for i, r := range rows.All() {
		_, err := w.Write([]studied.Row{*r})
		if (i+1)%groupRows == 0 {
			err = errors.Join(err, w.Flush())
		}
		if err != nil {
			return err
		}
	}
	return w.Close()
}

// writeCSV writes the rows after a line of names; NaN is empty.
func writeCSV(to io.Writer, rows studied.Rows) error {
	w := csv.NewWriter(to)
	columns := studied.Columns()
	line := make([]string, len(columns))
	for i, c := range columns {
		line[i] = c.Name
	}
	err := w.Write(line)
	for _, r := range rows.All() {
		for i, c := range columns {
			line[i] = c.Text(r, "")
		}
		err = errors.Join(err, w.Write(line))
	}
	w.Flush()
	return errors.Join(err, w.Error())
}

// Load reads the folder of a finished study, every file of which is as it was written.
func Load(dir string) (*studied.Study, error) {
	_, err := readPlan(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, diag.Errorf("%s: found no %s, expected the folder of a study", dir, planFile)
	}
	if err != nil {
		return nil, err
	}
	wanted := []string{planFile, cellsFile, summaryFile, parquetFile}
	files, err := disk.ReadSummed(dir, func(name string) bool { return slices.Contains(wanted, name) })
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(files) < len(wanted) {
		return nil, diag.Errorf("%s: found no %s of all its files: the study is not finished; its command goes on", dir, disk.SumsFile)
	}
	if err != nil {
		return nil, err
	}
	var head planForm
	s := new(studied.Study)
	for name, into := range map[string]any{planFile: &head, cellsFile: &s.Cells, summaryFile: &s.Answers} {
		if err := json.Unmarshal(files[name], into); err != nil {
			return nil, diag.Errorf("%s: not what a study writes: %w", filepath.Join(dir, name), err)
		}
	}
	s.Plan = *head.Plan
	for i, c := range s.Cells {
		if c.Index != i || len(c.Values) != len(s.Axes) {
			return nil, diag.Errorf("%s: not what a study writes: %w", filepath.Join(dir, cellsFile), diag.Say("its cells are not those of the plan"))
		}
	}
	path := filepath.Join(dir, parquetFile)
	if s.Rows, err = readParquet(files[parquetFile]); err != nil {
		return nil, diag.Errorf("%s: not what a study writes: %w", path, err)
	}
	for _, row := range s.Rows.All() {
		if row.Cell < 0 || row.Cell >= len(s.Cells) {
			return nil, diag.Errorf("%s: found a row of cell %d, expected 0 to %d", path, row.Cell, len(s.Cells)-1)
		}
		if err := row.Check(); err != nil {
			return nil, diag.Errorf("%s: not what a study writes: %w", path, err)
		}
	}
	return s, nil
}

// readParquet reads rows. The library panics on some files that nobody has written with it.
func readParquet(data []byte) (rows studied.Rows, err error) {
	defer func() {
		if why := recover(); why != nil {
			err = diag.Errorf("the file is broken")
		}
	}()
	file, err := parquet.OpenFile(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, err
	}
	in := parquet.NewGenericReader[studied.Row](file)
	some := make([]studied.Row, 128)
	for err == nil {
		var n int
		n, err = in.Read(some)
		for i := range some[:n] {
			rows = append(rows, some[i].Pack())
		}
	}
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return rows, errors.Join(err, in.Close())
}
