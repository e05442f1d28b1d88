// Package study answers what-if questions by many runs: how long clients wait, how often the standby
// takes over for nothing, and what that costs a year, for each setting of timers and network.
package study

// Row is one run: a cell, a seed, and what came of it. Times are seconds; a time that was not
// measured is NaN.
type Row struct {
	Cell int    `parquet:"cell" json:"cell" doc:"index into the study's cells (cells.json), from 0"`
	Seed uint64 `parquet:"seed" json:"seed" doc:"seed of the run; the same in every cell"`

	Phase  float64 `parquet:"phase" json:"phase" doc:"when the holder of the VIP was lost, from the run's time 0"`
	Return float64 `parquet:"return" json:"return" doc:"when it came back (power-on, for a machine that was off), from the run's time 0; empty when the run had ended"`

	Failover     float64 `parquet:"failover" json:"failover" doc:"from the VIP's falling silent (for a shutdown, the release) to the first answer by another node; empty when no node was lost that the client was answered by"`
	FailoverOpen bool    `parquet:"failover_open" json:"failover_open" doc:"no answer within the horizon: failover is a lower bound"`
	Failback     float64 `parquet:"failback" json:"failback" doc:"from the return of the master's network to the first answer by the master; empty after a freeze, or when no slave held the VIP"`
	FailbackOpen bool    `parquet:"failback_open" json:"failback_open" doc:"no answer within the horizon: failback is a lower bound"`
	Silent       float64 `parquet:"silent" json:"silent" doc:"of failback, how long nobody answered"`

	// The failover's outage, taken apart; they add up to Failover.
	ClientDown  float64 `parquet:"client_down" json:"client_down" doc:"of failover: the client had no link or no usable address"`
	Counting    float64 `parquet:"counting" json:"counting" doc:"of failover: no node had the VIP"`
	OutOfReach  float64 `parquet:"out_of_reach" json:"out_of_reach" doc:"of failover: only a node held it that the client does not reach"`
	Tentative   float64 `parquet:"tentative" json:"tentative" doc:"of failover: a node had it, not usable yet"`
	Blocked     float64 `parquet:"blocked" json:"blocked" doc:"of failover: a node held it, its firewall closed for echo"`
	WrongCache  float64 `parquet:"wrong_cache" json:"wrong_cache" doc:"of failover: a node held it, the client's ARP entry led elsewhere"`
	RouterCache float64 `parquet:"router_cache" json:"router_cache" doc:"of failover: the router's ARP entry led elsewhere"`
	WayBack     float64 `parquet:"way_back" json:"way_back" doc:"of failover: an ARP entry on the way back was wrong"`

	Dual float64 `parquet:"dual" json:"dual" doc:"how long two nodes within reach both held the VIP, over the whole run"`
}
