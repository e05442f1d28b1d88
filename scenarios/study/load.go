package study

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/parquet-go/parquet-go"
)

// The answers' files, beside the data.
const (
	summaryJSON = "summary.json"
	summaryText = "summary.txt"
)

// WriteAnswers writes the answers into the study's folder, as JSON and as text.
func (p *Plan) WriteAnswers(dir string, a *Answers) error {
	var asJSON, asText bytes.Buffer
	enc := json.NewEncoder(&asJSON)
	enc.SetIndent("", "  ")
	if err := errors.Join(enc.Encode(a), p.Report(&asText, a, false)); err != nil {
		return err
	}
	if err := writeWhole(filepath.Join(dir, summaryJSON), asJSON.Bytes()); err != nil {
		return err
	}
	return writeWhole(filepath.Join(dir, summaryText), asText.Bytes())
}

// Results are a finished study, read from its folder.
type Results struct {
	Study string // Plan.Key
	Axes  []Axis
	Cells []Cell
	Rows  []Row // by cell and seed
}

// Load reads the folder of a finished study.
func Load(dir string) (*Results, error) {
	var head planForm
	var r Results
	for _, one := range []struct {
		name string
		into any
	}{{planFile, &head}, {cellsFile, &r.Cells}} {
		path := filepath.Join(dir, one.name)
		data, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("%s: found no %s, expected the folder of a study", dir, one.name)
		}
		if err != nil {
			return nil, err
		}
		if err := json.Unmarshal(data, one.into); err != nil {
			return nil, fmt.Errorf("%s: not what a study writes: %w", path, err)
		}
	}
	if head.Plan == nil {
		return nil, fmt.Errorf("%s: found no plan, expected the folder of a study", filepath.Join(dir, planFile))
	}
	path := filepath.Join(dir, parquetFile)
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: found no %s: the study is not finished; its command goes on", dir, parquetFile)
	}
	if err != nil {
		return nil, err
	}
	if r.Rows, err = parquet.Read[Row](bytes.NewReader(data), int64(len(data))); err != nil {
		return nil, fmt.Errorf("%s: not what a study writes: %w", path, err)
	}
	for _, row := range r.Rows {
		if row.Cell < 0 || row.Cell >= len(r.Cells) {
			return nil, fmt.Errorf("%s: found a row of cell %d, expected 0 to %d", path, row.Cell, len(r.Cells)-1)
		}
	}
	r.Study, r.Axes = head.Study, head.Axes
	return &r, nil
}
