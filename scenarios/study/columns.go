package study

import (
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
)

// column is a field of Row as data files have it.
type column struct {
	name, doc string
	index     int // of the field
}

// columns are the fields of Row in their order.
var columns = func() []column {
	var all []column
	row := reflect.TypeFor[Row]()
	for i := range row.NumField() {
		tag := row.Field(i).Tag
		all = append(all, column{tag.Get("json"), tag.Get("doc"), i})
	}
	return all
}()

// Columns describes every column of the data files, a line each and what is long below its beginning.
func Columns() string {
	var b strings.Builder
	b.WriteString("rows.parquet and rows.csv have one row a run, sorted by cell and seed. Times are\n" +
		"in seconds; one that was not measured is empty in CSV, NaN in Parquet.\n\n")
	for _, c := range columns {
		line := fmt.Sprintf("%-15s", c.name)
		for _, word := range strings.Fields(c.doc) {
			if len(line)+1+len(word) > 80 {
				b.WriteString(line + "\n")
				line = strings.Repeat(" ", 15)
			}
			line += " " + word
		}
		b.WriteString(line + "\n")
	}
	b.WriteString("\nExamples:\n" +
		"  duckdb -c \"select cell, median(failover) from 'rows.parquet' group by cell\"\n" +
		"  python3 -c \"import pandas; print(pandas.read_csv('rows.csv').describe())\"\n")
	return b.String()
}

// text is the column's value; none for NaN.
func (c column) text(row *Row, none string) string {
	v := reflect.ValueOf(row).Elem().Field(c.index)
	switch v.Kind() {
	case reflect.Float64:
		if math.IsNaN(v.Float()) {
			return none
		}
		return strconv.FormatFloat(v.Float(), 'g', -1, 64)
	case reflect.Bool:
		return strconv.FormatBool(v.Bool())
	case reflect.Int:
		return strconv.FormatInt(v.Int(), 10)
	case reflect.Uint64:
		return strconv.FormatUint(v.Uint(), 10)
	}
	panic("study: no text for a column of kind " + v.Kind().String())
}

// MarshalJSON writes NaN as null.
func (r Row) MarshalJSON() ([]byte, error) {
	b := []byte{'{'}
	for i, c := range columns {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(strconv.AppendQuote(b, c.name), ':')
		b = append(b, c.text(&r, "null")...)
	}
	return append(b, '}'), nil
}

// UnmarshalJSON reads null as NaN, and wants every column.
func (r *Row) UnmarshalJSON(data []byte) error {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(data, &fields); err != nil {
		return err
	}
	if len(fields) != len(columns) {
		return fmt.Errorf("found %d columns, expected %d", len(fields), len(columns))
	}
	for _, c := range columns {
		raw, ok := fields[c.name]
		if !ok {
			return fmt.Errorf("the column %s is missing", c.name)
		}
		field := reflect.ValueOf(r).Elem().Field(c.index)
		if string(raw) == "null" && field.Kind() == reflect.Float64 {
			field.SetFloat(math.NaN())
			continue
		}
		if err := json.Unmarshal(raw, field.Addr().Interface()); err != nil {
			return fmt.Errorf("column %s: %w", c.name, err)
		}
	}
	return nil
}

// ColumnDocs are the columns' names, each with what it is.
func ColumnDocs() (all [][2]string) {
	for _, c := range columns {
		all = append(all, [2]string{c.name, c.doc})
	}
	return all
}
