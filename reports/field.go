package reports

import (
	"encoding/json"
	"fmt"
	"io"
	"time"
)

// FieldRow is one case of the field table.
type FieldRow struct {
	Server, Cache string // profiles: of the nodes; of the ARP cache between client and VIP
	Cure          bool   // arpclear.bat ran on the nodes
	Failover      Wait   // from the cable's pull to the answer
	Failback      Wait   // from the cable's return to the master's answer
	Page          string // address of the page of its run; "" for none
}

// Wait is a time and the parts of the silence in it.
type Wait struct {
	Time  time.Duration
	Open  bool // not over when the run ended
	Parts []Part
}

// Field writes the field table: a block for each server and cure, a row for each ARP cache.
func Field(w io.Writer, rows []FieldRow, opt Options) error {
	p := newPage(opt)
	p.para(plain, "", p.say(fieldIntro))
	for i, r := range rows {
		if i == 0 || r.Server != rows[i-1].Server || r.Cure != rows[i-1].Cure {
			cure := fieldWithout
			if r.Cure {
				cure = fieldWith
			}
			p.section(fmt.Sprintf("%s, %s", r.Server, p.say(cure)))
			p.line(plain, pad("", 21)+fieldCells(p.say(fieldFailover), p.say(fieldFree), p.say(fieldTentative), p.say(fieldWrong))+
				"  "+fieldCells(p.say(fieldFailback), p.say(fieldFree), p.say(fieldTentative), p.say(fieldWrong)))
		}
		p.line(plain, pad(cut(r.Cache, 20), 21)+r.Failover.cells()+"  "+r.Failback.cells())
	}
	return p.flush(w)
}

func fieldCells(time, free, tentative, wrong string) string {
	return padLeft(time, 9) + padLeft(free, 6) + padLeft(tentative, 5) + padLeft(wrong, 8)
}

func (w Wait) cells() string {
	total := tenths(w.Time)
	if w.Open {
		total = ">" + total
	}
	return fieldCells(total, w.part(PartCounting, PartOutOfReach), w.part(PartTentative), w.part(PartWrongCache, PartRouterCache, PartWayBack))
}

// part is the sum of some parts, or a dash for none.
func (w Wait) part(names ...string) string {
	var sum time.Duration
	for _, p := range w.Parts {
		for _, n := range names {
			if p.Name == n {
				sum += p.Time
			}
		}
	}
	if sum == 0 {
		return "-"
	}
	return tenths(sum)
}

// FieldDocument is what FieldJSON writes. Times are seconds, to the microsecond.
type FieldDocument struct {
	Kind    string       `json:"ipwsim"` // "field"
	Version int          `json:"version"`
	Rows    []FieldEntry `json:"rows"`
}

// FieldEntry is a FieldRow in JSON.
type FieldEntry struct {
	Server   string    `json:"server"`
	Cache    string    `json:"arp_cache"`
	Cure     bool      `json:"cure"`
	Failover WaitEntry `json:"failover"`
	Failback WaitEntry `json:"failback"`
}

// WaitEntry is a Wait in JSON.
type WaitEntry struct {
	Seconds Seconds            `json:"seconds"`
	Open    bool               `json:"open"`
	Parts   map[string]Seconds `json:"parts"`
}

func waitEntry(x Wait) WaitEntry {
	e := WaitEntry{Seconds(x.Time), x.Open, map[string]Seconds{}}
	for _, p := range x.Parts {
		e.Parts[p.Name] += Seconds(p.Time)
	}
	return e
}

// FieldJSON writes the field table for scripts.
func FieldJSON(w io.Writer, rows []FieldRow) error {
	doc := FieldDocument{"field", Version, []FieldEntry{}}
	for _, r := range rows {
		doc.Rows = append(doc.Rows, FieldEntry{r.Server, r.Cache, r.Cure, waitEntry(r.Failover), waitEntry(r.Failback)})
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(doc)
}
