package study

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/parquet-go/parquet-go"

	"ipwsim/core/diag"
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
	Study   string `json:"study"` // Plan.Key
	*studied.Plan
}

// checkVersion refuses files that another version of the program has written.
func checkVersion(found int) error {
	if found != studied.Version {
		return diag.Errorf("found a study of version %d, expected %d: it was written by another version of ipwsim; run it again", found, studied.Version)
	}
	return nil
}

// prepare makes the study's folder, or finds that it holds the same study.
func (p *Plan) prepare(dir string) error {
	old, err := readPlan(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if entries, err := os.ReadDir(dir); err == nil && len(entries) > 0 {
			return diag.Errorf("%s holds other files; expected an empty or new folder, or one of this study", dir)
		}
	case err != nil:
		return err
	case old.Study != p.Key():
		return diag.Errorf("%s holds another study (another cluster, axes, seed or program); expected an empty or new folder, or one of this study", dir)
	}
	if err := os.MkdirAll(filepath.Join(dir, chunkDir), 0o755); err != nil {
		return err
	}
	return p.describe(dir)
}

// SameAs says why the study in dir is not this plan's: its cluster or the program has changed since.
func (p *Plan) SameAs(dir string) error {
	old, err := readPlan(dir)
	if err == nil && old.Study != p.Key() {
		err = diag.Errorf("%s: the cluster or the program has changed since, so that its runs cannot be shown", dir)
	}
	return err
}

// readPlan reads plan.json.
func readPlan(dir string) (planForm, error) {
	var form planForm
	path := filepath.Join(dir, planFile)
	data, err := os.ReadFile(path)
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
	if err := writeJSON(filepath.Join(dir, cellsFile), p.cells); err != nil {
		return err
	}
	if err := writeJSON(filepath.Join(dir, planFile), planForm{studied.Version, p.Key(), &p.Plan}); err != nil {
		return err
	}
	return writeWhole(filepath.Join(dir, tomlFile), p.File())
}

func writeJSON(path string, v any) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return err
	}
	return writeWhole(path, b.Bytes())
}

// Write writes the study's data into dir: rows.parquet, rows.csv, summary.json, and plan and cells. Rows come by cell
// and seed.
func (p *Plan) Write(dir string, rows []studied.Row, a *studied.Answers) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	parquetBytes, err := Parquet(rows)
	if err != nil {
		return diag.Errorf("%s: %w", parquetFile, err)
	}
	if err := errors.Join(writeWhole(filepath.Join(dir, parquetFile), parquetBytes), writeWhole(filepath.Join(dir, csvFile), CSV(rows))); err != nil {
		return err
	}
	if err := writeJSON(filepath.Join(dir, summaryFile), a); err != nil {
		return err
	}
	return p.describe(dir)
}

// Parquet is the rows as a Parquet file. NaN stays what it is.
func Parquet(rows []studied.Row) ([]byte, error) {
	var b bytes.Buffer
	version := parquet.KeyValueMetadata("ipwsim.version", fmt.Sprint(studied.Version))
	w := parquet.NewGenericWriter[studied.Row](&b, parquet.Compression(&parquet.Zstd), version)
	if _, err := w.Write(rows); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// CSV is the rows with a line of names; NaN is empty.
func CSV(rows []studied.Row) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	columns := studied.Columns()
	line := make([]string, len(columns))
	put := func() {
		if err := w.Write(line); err != nil {
			panic("study: a buffer that cannot be written: " + err.Error())
		}
	}
	for i, c := range columns {
		line[i] = c.Name
	}
	put()
	for r := range rows {
		for i, c := range columns {
			line[i] = c.Text(&rows[r], "")
		}
		put()
	}
	w.Flush()
	return b.Bytes()
}

// Load reads the folder of a finished study. Its answers may be missing.
func Load(dir string) (*studied.Study, error) {
	head, err := readPlan(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, diag.Errorf("%s: found no %s, expected the folder of a study", dir, planFile)
	}
	if err != nil {
		return nil, err
	}
	s := &studied.Study{Plan: *head.Plan}
	if err := readJSON(filepath.Join(dir, cellsFile), &s.Cells); err != nil {
		return nil, err
	}
	if err := readJSON(filepath.Join(dir, summaryFile), &s.Answers); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	path := filepath.Join(dir, parquetFile)
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, diag.Errorf("%s: found no %s: the study is not finished; its command goes on", dir, parquetFile)
	}
	if err != nil {
		return nil, err
	}
	if s.Rows, err = parquet.Read[studied.Row](bytes.NewReader(data), int64(len(data))); err != nil {
		return nil, diag.Errorf("%s: not what a study writes: %w", path, err)
	}
	for _, row := range s.Rows {
		if row.Cell < 0 || row.Cell >= len(s.Cells) {
			return nil, diag.Errorf("%s: found a row of cell %d, expected 0 to %d", path, row.Cell, len(s.Cells)-1)
		}
	}
	return s, nil
}

func readJSON(path string, into any) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, into); err != nil {
		return diag.Errorf("%s: not what a study writes: %w", path, err)
	}
	return nil
}
