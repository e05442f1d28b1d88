package study

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"math"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// anyRow draws a row; each time may be NaN.
var anyRow = rapid.Custom(func(t *rapid.T) Row {
	var r Row
	v := reflect.ValueOf(&r).Elem()
	for _, c := range columns {
		switch f := v.Field(c.index); f.Kind() {
		case reflect.Float64:
			f.SetFloat(rapid.OneOf(rapid.Float64Range(0, 1e6), rapid.Just(math.NaN())).Draw(t, c.name))
		case reflect.Bool:
			f.SetBool(rapid.Bool().Draw(t, c.name))
		case reflect.Int:
			f.SetInt(int64(rapid.IntRange(0, MaxCells).Draw(t, c.name)))
		default:
			f.SetUint(rapid.Uint64Range(0, MaxSeed*MaxRuns).Draw(t, c.name))
		}
	}
	return r
})

// What is written as JSON, CSV and Parquet reads back to the same rows.
func TestRowsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows := rapid.SliceOfN(anyRow, 1, 5).Draw(t, "rows")
		data, err := Parquet(rows)
		require.NoError(t, err)
		fromParquet, err := parquet.Read[Row](bytes.NewReader(data), int64(len(data)))
		require.NoError(t, err)
		lines, err := csv.NewReader(bytes.NewReader(CSV(rows))).ReadAll()
		require.NoError(t, err)
		require.Len(t, lines, len(rows)+1)
		for i := range rows {
			text, err := json.Marshal(rows[i])
			require.NoError(t, err)
			var fromJSON Row
			require.NoError(t, json.Unmarshal(text, &fromJSON))
			require.True(t, same(&rows[i], &fromJSON), "%s", text)
			require.True(t, same(&rows[i], &fromParquet[i]))
			for c, column := range columns {
				require.Equal(t, column.name, lines[0][c])
				require.Equal(t, column.text(&rows[i], ""), lines[i+1][c])
			}
		}
	})
}

func TestRowsOfAnotherProgramAreRefused(t *testing.T) {
	text, err := json.Marshal(Row{})
	require.NoError(t, err)
	var r Row
	require.ErrorContains(t, json.Unmarshal(bytes.Replace(text, []byte(`"dual"`), []byte(`"duel"`), 1), &r), "the column dual is missing")
	require.ErrorContains(t, json.Unmarshal([]byte(`{"cell":1}`), &r), "found 1 columns, expected "+strconv.Itoa(len(columns)))
}

// Every column is described, in lines of a terminal.
func TestColumnsAreDescribed(t *testing.T) {
	for _, c := range columns {
		require.NotEmpty(t, c.doc, c.name)
		require.Contains(t, Columns(), "\n"+c.name+" ")
	}
	for _, line := range strings.Split(Columns(), "\n") {
		require.LessOrEqual(t, len(line), 80, line)
	}
}

// The table: quantiles are of the runs that were measured; open ends come last and are marked.
func TestSummary(t *testing.T) {
	p := planOf(t, 4, []string{"interval", "5s", "30s"})
	nan := math.NaN()
	rows := []Row{
		{Cell: 0, Failover: 10, Failback: 7}, {Cell: 0, Failover: 30, Failback: 5},
		{Cell: 0, Failover: 12, FailoverOpen: true, Failback: nan}, {Cell: 0, Failover: nan, Failback: nan},
		{Cell: 1, Failover: nan, Failback: nan},
	}
	var b strings.Builder
	require.NoError(t, p.Summary(&b, rows))
	require.Equal(t, ""+
		"interval   runs  failover                     failback      30 to\n"+
		"                 median   95 %   99 %  worst  median  worst  40 s\n"+
		"5s            4    30.0  >12.0  >12.0  >12.0     5.0    7.0   33%\n"+
		"30s           1       -      -      -      -       -      -     -\n", b.String())
}
