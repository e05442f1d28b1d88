package studied

import (
	"bytes"
	"encoding/json"
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"

	"ipwsim/core/diag"
	"ipwsim/sim/finding"
)

// Row is one run: a cell, a seed, and what came of it. Times are seconds; a time that was not measured is NaN. What
// each column is, reports have words for.
type Row struct {
	Cell   int     `parquet:"cell" json:"cell"` // index into the study's cells, from 0
	Seed   uint64  `parquet:"seed" json:"seed"`
	Phase  float64 `parquet:"phase" json:"phase"`   // when the holder was lost, from the run's time 0
	Return float64 `parquet:"return" json:"return"` // when it came back; NaN: the run had ended

	// The longest failover that began with the fault, of any client and VIP.
	Failover       float64 `parquet:"failover" json:"failover"`
	FailoverOpen   bool    `parquet:"failover_open" json:"failover_open"` // a lower bound
	FailoverClient string  `parquet:"failover_client,dict" json:"failover_client"`
	FailoverVIP    string  `parquet:"failover_vip,dict" json:"failover_vip"`
	FailoverLeast  float64 `parquet:"failover_least" json:"failover_least"` // promised for it; 0 and 0: nothing
	FailoverMost   float64 `parquet:"failover_most" json:"failover_most"`

	// What it was made of: a column for each obstacle. They add up to it.
	ClientDown  float64 `parquet:"client_down" json:"client_down"`
	WayBack     float64 `parquet:"way_back" json:"way_back"`
	RouterCache float64 `parquet:"router_cache" json:"router_cache"`
	WrongCache  float64 `parquet:"wrong_cache" json:"wrong_cache"`
	NoEntry     float64 `parquet:"no_entry" json:"no_entry"`
	Blocked     float64 `parquet:"blocked" json:"blocked"`
	Filtered    float64 `parquet:"filtered" json:"filtered"`
	Redetection float64 `parquet:"redetection" json:"redetection"`
	Detection   float64 `parquet:"detection" json:"detection"`
	OutOfReach  float64 `parquet:"out_of_reach" json:"out_of_reach"`
	Conflict    float64 `parquet:"conflict" json:"conflict"`
	Netsh       float64 `parquet:"netsh" json:"netsh"`
	Yielding    float64 `parquet:"yielding" json:"yielding"`
	Counting    float64 `parquet:"counting" json:"counting"`
	HolderAway  float64 `parquet:"holder_away" json:"holder_away"`
	NoNode      float64 `parquet:"no_node" json:"no_node"`

	// Of it, for how long ping alone was kept out, while mail's connections got through.
	PingOnly float64 `parquet:"ping_only" json:"ping_only"`

	// The longest failback, of any client and VIP.
	Failback       float64 `parquet:"failback" json:"failback"`
	FailbackOpen   bool    `parquet:"failback_open" json:"failback_open"`
	FailbackClient string  `parquet:"failback_client,dict" json:"failback_client"`
	FailbackVIP    string  `parquet:"failback_vip,dict" json:"failback_vip"`
	FailbackLeast  float64 `parquet:"failback_least" json:"failback_least"`
	FailbackMost   float64 `parquet:"failback_most" json:"failback_most"`

	// Of it, how long nobody answered, and why.
	Silent            float64 `parquet:"silent" json:"silent"`
	FailbackFree      float64 `parquet:"failback_free" json:"failback_free"`
	FailbackTentative float64 `parquet:"failback_tentative" json:"failback_tentative"`
	FailbackCache     float64 `parquet:"failback_cache" json:"failback_cache"`

	Dual float64 `parquet:"dual" json:"dual"` // two nodes within reach both held the VIP, over the whole run
}

// Unmeasured is the row of a run in which nothing was measured yet.
func Unmeasured(cell int, seed uint64, phase time.Duration) Row {
	nan := math.NaN()
	return Row{Cell: cell, Seed: seed, Phase: phase.Seconds(), Return: nan, Failover: nan, Failback: nan, Silent: nan}
}

// Heap is obstacles of one kind.
type Heap int

// The heaps.
const (
	Free      Heap = iota // nobody within the client's reach had the VIP
	Tentative             // it was tentative, or a duplicate
	Cache                 // an ARP cache led elsewhere, or nowhere
	Else
)

// HeapOf is the heap of an obstacle.
func HeapOf(o finding.Obstacle) Heap {
	switch o {
	case finding.Counting, finding.Awaiting, finding.Yielding, finding.Failing, finding.Netsh, finding.OutOfReach, finding.HolderAway, finding.NodesGone:
		return Free
	case finding.Detection, finding.Redetection, finding.Conflict:
		return Tentative
	case finding.WrongCache, finding.NoEntry, finding.RouterCache, finding.WayBack:
		return Cache
	}
	return Else
}

// PartColumn is the name of an obstacle's column.
func PartColumn(o finding.Obstacle) string { return strings.ReplaceAll(string(o), " ", "_") }

// part is the column of an obstacle.
func (r *Row) part(o finding.Obstacle) *float64 {
	switch o {
	case finding.ClientDown:
		return &r.ClientDown
	case finding.WayBack:
		return &r.WayBack
	case finding.RouterCache:
		return &r.RouterCache
	case finding.WrongCache:
		return &r.WrongCache
	case finding.NoEntry:
		return &r.NoEntry
	case finding.Blocked, finding.Public:
		return &r.Blocked
	case finding.Filtered:
		return &r.Filtered
	case finding.Redetection:
		return &r.Redetection
	case finding.Detection:
		return &r.Detection
	case finding.OutOfReach:
		return &r.OutOfReach
	case finding.Conflict:
		return &r.Conflict
	case finding.Netsh, finding.Failing:
		return &r.Netsh
	case finding.Yielding:
		return &r.Yielding
	case finding.Counting, finding.Awaiting:
		return &r.Counting
	case finding.HolderAway:
		return &r.HolderAway
	}
	return &r.NoNode
}

// Heaps are how long the obstacles of each kind stood in the way of the failover.
func (r *Row) Heaps() (all [Else + 1]float64) {
	for _, o := range finding.Obstacles {
		switch o {
		case finding.Failing, finding.Foreign, finding.Public, finding.Awaiting: // in the columns of netsh, no node, blocked, and counting
		default:
			all[HeapOf(o)] += *r.part(o)
		}
	}
	return all
}

// Over takes a failover in.
func (r *Row) Over(o *finding.Outage) {
	r.Failover, r.FailoverOpen = o.Length().Seconds(), o.Open
	r.FailoverClient, r.FailoverVIP = o.Client, o.VIP.String()
	r.FailoverLeast, r.FailoverMost = o.Least.Seconds(), o.Most.Seconds()
	for _, p := range o.Parts {
		*r.part(p.What) = p.Time.Seconds()
	}
	r.PingOnly = o.PingOnly().Seconds()
}

// Back takes a failback in, with the obstacles of its silence.
func (r *Row) Back(f *finding.Failback, parts []finding.Part) {
	r.Failback, r.FailbackOpen, r.Silent = f.Length().Seconds(), f.Open, f.Silent.Seconds()
	r.FailbackClient, r.FailbackVIP = f.Client, f.VIP.String()
	r.FailbackLeast, r.FailbackMost = f.Least.Seconds(), f.Most.Seconds()
	for _, p := range parts {
		switch HeapOf(p.What) {
		case Free:
			r.FailbackFree += p.Time.Seconds()
		case Tentative:
			r.FailbackTentative += p.Time.Seconds()
		case Cache:
			r.FailbackCache += p.Time.Seconds()
		}
	}
}

// Column is a field of Row as data files have it.
type Column struct {
	Name  string
	index int // of the field
	word  bool
	time  bool
	none  bool   // it may be NaN
	key   []byte // as JSON has it, with the colon
}

// columns are the fields of Row in their order.
var columns = func() (all []Column) {
	row, without := reflect.TypeFor[Row](), reflect.ValueOf(Unmeasured(0, 0, 0))
	for i := range row.NumField() {
		f := row.Field(i)
		c := Column{Name: f.Tag.Get("json"), index: i, word: f.Type.Kind() == reflect.String, time: f.Type.Kind() == reflect.Float64}
		c.key = []byte(strconv.Quote(c.Name) + ":")
		c.none = c.time && math.IsNaN(without.Field(i).Float())
		all = append(all, c)
	}
	return all
}()

// Columns are the columns of the data files, in their order.
func Columns() []Column { return columns }

// Text is the column's value; none for NaN.
func (c Column) Text(row *Row, none string) string {
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
	case reflect.String:
		return v.String()
	}
	panic("studied: no text for a column of kind " + v.Kind().String())
}

// longest is more seconds than a run has.
const longest = 1e9

// Check refuses what no run gives: an infinite time, NaN where a run always has one, or of failback and silence one only.
func (r *Row) Check() error {
	row := reflect.ValueOf(r).Elem()
	for _, c := range columns {
		if !c.time {
			continue
		}
		if v := row.Field(c.index).Float(); !(math.Abs(v) <= longest || c.none && math.IsNaN(v)) { // so that NaN fails too
			return diag.Errorf("column %s: found %v, expected the seconds of a run", c.Name, v)
		}
	}
	if math.IsNaN(r.Silent) != math.IsNaN(r.Failback) {
		return diag.Errorf("column %s: found %v, expected the seconds of a run", "silent", r.Silent)
	}
	return nil
}

// MarshalJSON writes NaN as null.
func (r Row) MarshalJSON() ([]byte, error) {
	b := append(make([]byte, 0, 1024), '{')
	for i, c := range columns {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, c.key...)
		text := c.Text(&r, "null")
		if c.word {
			quoted, err := json.Marshal(text)
			if err != nil {
				return nil, err
			}
			b = append(b, quoted...)
			continue
		}
		b = append(b, text...)
	}
	return append(b, '}'), nil
}

// UnmarshalJSON reads null as NaN, and wants every column, as MarshalJSON writes them.
func (r *Row) UnmarshalJSON(data []byte) error {
	rest := data
	for _, c := range columns {
		at := bytes.Index(rest, c.key) // no text has it: its quotes would be escaped
		if at < 0 {
			return diag.Errorf("the column %s is missing", c.Name)
		}
		rest = rest[at+len(c.key):]
	}
	*r = nowhere // which null leaves as it is
	type plain Row
	in := json.NewDecoder(bytes.NewReader(data))
	in.DisallowUnknownFields()
	return in.Decode((*plain)(r))
}

// nowhere has NaN for each time.
var nowhere = func() (r Row) {
	for _, c := range columns {
		if c.time {
			reflect.ValueOf(&r).Elem().Field(c.index).SetFloat(math.NaN())
		}
	}
	return r
}()
