// Package history keeps what nights of search and measuring came to, in one SQLite file, and says what has changed by
// tests of significance.
//
//	h, err := history.Open("nights.db")   // makes the file where there is none
//	added, err := h.Add(night)            // in one transaction; a night that is there already is not added again
//	nights, err := h.Nights()             // by date
//	h.Close()
//	report := history.Compare(nights)
//
// SamplesOf takes a night's samples from a scenario's seeds.
//
// A kill or a power cut at any moment loses at most the night that Add had not returned from, and never a part of one:
// the file has SQLite's rollback journal, and each commit is forced to the disk.
package history

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"ipwsim/core/diag"
	"ipwsim/sim/studied"
)

// What a night is, and what a comparison says, are plain data of sim/studied.
type (
	Night   = studied.Night
	Sample  = studied.NightSample
	Bug     = studied.NightBug
	Probe   = studied.NightProbe
	Failure = studied.NightFailure
	Change  = studied.NightChange
	Report  = studied.NightReport
)

// The units of samples.
const (
	Seconds = studied.Seconds
	Ratio   = studied.Ratio
)

// History is an open file. It can be used by several goroutines.
type History struct {
	path string
	db   *sql.DB
}

const (
	application = 0x69707773 // "ipws", in the file's header
	version     = 1          // of the tables
)

const tables = `
CREATE TABLE nights (id TEXT PRIMARY KEY, date TEXT NOT NULL, version TEXT NOT NULL, seed TEXT NOT NULL, cluster TEXT NOT NULL, cases INTEGER NOT NULL);
CREATE TABLE samples (night TEXT NOT NULL REFERENCES nights, name TEXT NOT NULL, unit TEXT NOT NULL, n INTEGER NOT NULL, median REAL, p95 REAL, p99 REAL, "values" BLOB NOT NULL, PRIMARY KEY (night, name));
CREATE TABLE bugs (night TEXT NOT NULL REFERENCES nights, name TEXT NOT NULL, cases INTEGER NOT NULL, caught INTEGER NOT NULL, PRIMARY KEY (night, name));
CREATE TABLE probes (night TEXT NOT NULL REFERENCES nights, name TEXT NOT NULL, cases INTEGER NOT NULL, PRIMARY KEY (night, name));
CREATE TABLE failures (night TEXT NOT NULL REFERENCES nights, signature TEXT NOT NULL, cases INTEGER NOT NULL, story TEXT NOT NULL, PRIMARY KEY (night, signature));
`

// Open opens the file, and makes it where there is none. A file that is damaged, or is something else, is an error.
func Open(path string) (*History, error) {
	const driver = "sqlite"
	if !slices.Contains(sql.Drivers(), driver) {
		return nil, diag.Errorf("%s: a history cannot be opened by this build of the program: it has no SQLite", path)
	}
	h := &History{path: path}
	full, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	if info, err := os.Stat(full); err == nil && info.IsDir() {
		return nil, diag.Errorf("%s: found a folder, expected the file of a history", path)
	}
	name := url.URL{Scheme: "file", Path: filepath.ToSlash(full), RawQuery: "_txlock=immediate&_pragma=busy_timeout(10000)&_pragma=synchronous(FULL)&_pragma=foreign_keys(1)"}
	if h.db, err = sql.Open(driver, name.String()); err != nil {
		return nil, h.wrong(err)
	}
	h.db.SetMaxOpenConns(1)
	if err := h.prepare(); err != nil {
		return nil, errors.Join(err, h.db.Close())
	}
	return h, nil
}

// Close closes the file.
func (h *History) Close() error { return h.db.Close() }

// prepare makes the tables in a file that is new, and looks at any other.
func (h *History) prepare() error {
	return h.do(func(tx *sql.Tx) error {
		var app, tablesOf, pages int
		var check string
		for _, x := range []struct {
			pragma string
			into   any
		}{{"application_id", &app}, {"user_version", &tablesOf}, {"page_count", &pages}, {"quick_check(1)", &check}} {
			if err := tx.QueryRow("PRAGMA " + x.pragma).Scan(x.into); err != nil {
				return err
			}
		}
		switch {
		case check != "ok":
			return errors.New(check)
		case pages <= 1 && app == 0: // nothing is in it
			_, err := tx.Exec(fmt.Sprint(tables, "PRAGMA application_id = ", application, "; PRAGMA user_version = ", version))
			return err
		case app != application:
			return diag.Errorf("%s: found another program's database, expected the file of a history", h.path)
		case tablesOf != version:
			return diag.Errorf("%s: found version %d of the history, expected %d: another version of the program wrote it", h.path, tablesOf, version)
		}
		return nil
	})
}

// do is one transaction: all of it, or nothing.
func (h *History) do(what func(*sql.Tx) error) error {
	tx, err := h.db.BeginTx(context.Background(), nil)
	if err != nil {
		return h.wrong(err)
	}
	if err := what(tx); err != nil {
		_ = tx.Rollback() // what is not committed is not there
		return h.wrong(err)
	}
	return h.wrong(tx.Commit())
}

// wrong is an error of the database with its file.
func (h *History) wrong(err error) error {
	var said diag.Text
	if err == nil || errors.As(err, &said) {
		return err
	}
	why := strings.Join(strings.Fields(err.Error()), " ") // on one line
	return diag.Errorf("%s: the history cannot be used, it may be damaged: %s", h.path, why)
}

// dateForm is how dates stand in the file: as text they are in order.
const dateForm = "2006-01-02T15:04:05.000000000Z"

// underWay is called in Add before the commit, for tests.
var underWay = func() {}

// Add adds the night, and says whether it was not there. One with an ID that is there is left as it was.
func (h *History) Add(n Night) (added bool, err error) {
	switch {
	case n.ID == "":
		return false, diag.Errorf("found a night without an ID, expected one of its own")
	case !sound(&n):
		return false, diag.Errorf("the night %s has a number that is none, is negative or too large", n.ID)
	}
	err = h.do(func(tx *sql.Tx) error {
		r, err := tx.Exec("INSERT OR IGNORE INTO nights VALUES (?,?,?,?,?,?)", n.ID, n.Date.UTC().Format(dateForm), n.Version, strconv.FormatUint(n.Seed, 10), n.Cluster, n.Cases)
		if err != nil {
			return err
		}
		rows, err := r.RowsAffected()
		if added = rows == 1; err != nil || !added {
			return err
		}
		if err := insert(&n, tx); err != nil {
			return err
		}
		underWay()
		return nil
	})
	return added && err == nil, err
}

// mostCases is how many cases a night can have.
const mostCases = 1e12

// sound says whether all numbers of the night are some.
func sound(n *Night) bool {
	ok := func(cases int64) bool { return cases >= 0 && cases <= mostCases }
	return ok(n.Cases) &&
		!slices.ContainsFunc(n.Samples, func(s Sample) bool {
			return slices.ContainsFunc(s.Values, func(v float64) bool { return math.IsNaN(v) || v < 0 })
		}) &&
		!slices.ContainsFunc(n.Bugs, func(b Bug) bool { return !ok(b.Cases) || b.Caught && b.Cases == 0 }) &&
		!slices.ContainsFunc(n.Probes, func(p Probe) bool { return !ok(p.Cases) }) &&
		!slices.ContainsFunc(n.Failures, func(f Failure) bool { return !ok(f.Cases) })
}

// insert writes all that belongs to the night.
func insert(n *Night, tx *sql.Tx) error {
	var all []error
	exec := func(query string, args ...any) {
		_, err := tx.Exec(query, append([]any{n.ID}, args...)...)
		all = append(all, err)
	}
	for _, s := range n.Samples {
		q := s.Quantiles(0.5, 0.95, 0.99)
		exec("INSERT INTO samples VALUES (?,?,?,?,?,?,?,?)", s.Name, s.Unit, len(s.Values), column(q[0]), column(q[1]), column(q[2]), blob(s.Values))
	}
	for _, b := range n.Bugs {
		exec("INSERT INTO bugs VALUES (?,?,?,?)", b.Name, b.Cases, b.Caught)
	}
	for _, p := range n.Probes {
		exec("INSERT INTO probes VALUES (?,?,?)", p.Name, p.Cases)
	}
	for _, f := range n.Failures {
		exec("INSERT INTO failures VALUES (?,?,?,?)", f.Signature, f.Cases, f.Story)
	}
	return errors.Join(all...)
}

// column is a number for SQL, which knows no NaN.
func column(v float64) any {
	if math.IsNaN(v) {
		return nil
	}
	return v
}

func blob(values []float64) []byte {
	b := make([]byte, 0, 8*len(values))
	for _, v := range values {
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
	}
	return b
}

func values(b []byte) (all []float64) {
	for ; len(b) >= 8; b = b[8:] {
		all = append(all, math.Float64frombits(binary.LittleEndian.Uint64(b)))
	}
	return all
}
