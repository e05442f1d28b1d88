// Package study answers what-if questions by many runs: how long clients wait, how often the standby
// takes over for nothing, and what that costs a year, for each setting of timers and network.
package study

// Row is one run: a cell, a seed, and what came of it. Times are seconds; a time that was not
// measured is NaN.
type Row struct {
	Cell int    `parquet:"cell" json:"cell"` // index into the study's cells
	Seed uint64 `parquet:"seed" json:"seed"`

	Phase float64 `parquet:"phase" json:"phase"` // of the fault, from the run's time 0

	Failover     float64 `parquet:"failover" json:"failover"`           // from the fault to the first answer by another node
	FailoverOpen bool    `parquet:"failover_open" json:"failover_open"` // no answer within the horizon: Failover is a lower bound
	Failback     float64 `parquet:"failback" json:"failback"`           // from the return to the first answer by the master
	FailbackOpen bool    `parquet:"failback_open" json:"failback_open"`
	Silent       float64 `parquet:"silent" json:"silent"` // of the failback, how long nobody answered

	// The failover's outage, taken apart; they add up to Failover.
	ClientDown  float64 `parquet:"client_down" json:"client_down"`
	Counting    float64 `parquet:"counting" json:"counting"`
	OutOfReach  float64 `parquet:"out_of_reach" json:"out_of_reach"`
	Tentative   float64 `parquet:"tentative" json:"tentative"`
	Blocked     float64 `parquet:"blocked" json:"blocked"`
	WrongCache  float64 `parquet:"wrong_cache" json:"wrong_cache"`
	RouterCache float64 `parquet:"router_cache" json:"router_cache"`
	WayBack     float64 `parquet:"way_back" json:"way_back"`

	Dual float64 `parquet:"dual" json:"dual"` // how long two nodes within reach both held the VIP, over the whole run
}
