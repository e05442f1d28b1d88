package study

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"

	"github.com/parquet-go/parquet-go"
)

// The data files, beside those of Execute.
const (
	parquetFile = "rows.parquet"
	csvFile     = "rows.csv"
	columnsFile = "columns.txt"
)

// Write writes the study's data into dir: rows.parquet, rows.csv, plan and cells as JSON, and what the
// columns are. Rows come by cell and seed.
func (p *Plan) Write(dir string, rows []Row) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	parquetBytes, err := Parquet(rows)
	if err != nil {
		return fmt.Errorf("%s: %w", parquetFile, err)
	}
	for _, one := range []struct {
		name string
		data []byte
	}{{parquetFile, parquetBytes}, {csvFile, CSV(rows)}, {columnsFile, []byte(Columns())}} {
		if err := writeWhole(filepath.Join(dir, one.name), one.data); err != nil {
			return err
		}
	}
	return p.describe(dir)
}

// Parquet is the rows as a Parquet file. NaN stays what it is.
func Parquet(rows []Row) ([]byte, error) {
	var b bytes.Buffer
	w := parquet.NewGenericWriter[Row](&b, parquet.Compression(&parquet.Zstd))
	if _, err := w.Write(rows); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// CSV is the rows with a line of names; NaN is empty.
func CSV(rows []Row) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	line := make([]string, len(columns))
	put := func() {
		if err := w.Write(line); err != nil {
			panic("study: a buffer that cannot be written: " + err.Error())
		}
	}
	for i, c := range columns {
		line[i] = c.name
	}
	put()
	for r := range rows {
		for i, c := range columns {
			line[i] = c.text(&rows[r], "")
		}
		put()
	}
	w.Flush()
	return b.Bytes()
}
