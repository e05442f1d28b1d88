package history

import (
	"database/sql"
	"fmt"
	"slices"
	"strconv"
	"time"
)

// Nights are all nights, by date.
func (h *History) Nights() (all []Night, err error) {
	err = h.do(func(tx *sql.Tx) error {
		at := map[string]int{}
		if err := each(tx, "SELECT id, date, version, seed, cluster, cases FROM nights ORDER BY date, id", func(scan scanner) error {
			var n Night
			var date, seed string
			if err := scan(&n.ID, &date, &n.Version, &seed, &n.Cluster, &n.Cases); err != nil {
				return err
			}
			var err error
			if n.Date, err = time.Parse(dateForm, date); err != nil {
				return err
			}
			if n.Seed, err = strconv.ParseUint(seed, 10, 64); err != nil {
				return err
			}
			at[n.ID], all = len(all), append(all, n)
			return nil
		}); err != nil {
			return err
		}
		if err := details(tx, func(id string) *Night {
			if i, there := at[id]; there {
				return &all[i]
			}
			return new(Night) // somebody has deleted it
		}); err != nil {
			return err
		}
		if i := slices.IndexFunc(all, func(n Night) bool { return !sound(&n) }); i >= 0 {
			return fmt.Errorf("the night %q has a number that is none", all[i].ID)
		}
		return nil
	})
	return all, err
}

type scanner func(into ...any) error

// details reads what belongs to the nights.
func details(tx *sql.Tx, night func(id string) *Night) error {
	var id string
	for _, part := range []struct {
		query string
		take  func(scan scanner) error
	}{
		{`SELECT night, name, unit, "values" FROM samples ORDER BY night, name`, func(scan scanner) error {
			var s Sample
			var b []byte
			if err := scan(&id, &s.Name, &s.Unit, &b); err != nil {
				return err
			}
			s.Values = values(b)
			night(id).Samples = append(night(id).Samples, s)
			return nil
		}},
		{"SELECT night, name, cases, caught FROM bugs ORDER BY night, name", func(scan scanner) error {
			var b Bug
			err := scan(&id, &b.Name, &b.Cases, &b.Caught)
			if err == nil {
				night(id).Bugs = append(night(id).Bugs, b)
			}
			return err
		}},
		{"SELECT night, name, cases FROM probes ORDER BY night, name", func(scan scanner) error {
			var p Probe
			err := scan(&id, &p.Name, &p.Cases)
			if err == nil {
				night(id).Probes = append(night(id).Probes, p)
			}
			return err
		}},
		{"SELECT night, signature, cases, story FROM failures ORDER BY night, signature", func(scan scanner) error {
			var f Failure
			err := scan(&id, &f.Signature, &f.Cases, &f.Story)
			if err == nil {
				night(id).Failures = append(night(id).Failures, f)
			}
			return err
		}},
	} {
		if err := each(tx, part.query, part.take); err != nil {
			return err
		}
	}
	return nil
}

// each calls take for every row.
func each(tx *sql.Tx, query string, take func(scan scanner) error) error {
	rows, err := tx.Query(query)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := take(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}
