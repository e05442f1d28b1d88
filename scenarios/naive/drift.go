package naive

import (
	"time"

	"ipwsim/sim/trace"
)

// drift is the least and the most by which the node's clock was fast, in millionths, in so many records; a clock that
// nothing is on record of is right.
func (r *Run) drift(role string, records int) (least, most int64) {
	for _, rec := range r.t.Records[:records] {
		if b, ok := rec.Body.(trace.Drift); ok && rec.Host == role {
			least, most = min(least, b.PPM), max(most, b.PPM)
		}
	}
	return least, most
}

// polls is the longest that the node's poll waited for its answer, up to so many records.
func (r *Run) polls(role string, records int) time.Duration {
	slow, _ := r.drift(role, records)
	n := r.setting(role, r.t.Records[records].At)
	if n.Watcher != nil { // it hears advertisements
		return counted(n.Watcher.Settles, slow)
	}
	return counted(n.PingTimeout, slow)
}

// counted is how long it takes until a clock that is so fast has counted a time.
func counted(d time.Duration, ppm int64) time.Duration {
	if ppm == 0 {
		return d
	}
	return time.Duration(float64(d) * 1e6 / float64(1e6+ppm))
}

// stretched is the node with its times as such a clock counts them.
func stretched(n *trace.Node, ppm int64) *trace.Node {
	if ppm == 0 {
		return n
	}
	x := *n
	x.Interval, x.PingTimeout, x.ReleaseTime = counted(n.Interval, ppm), counted(n.PingTimeout, ppm), counted(n.ReleaseTime, ppm)
	x.NetshMin, x.NetshMax, x.DAD = counted(n.NetshMin, ppm), counted(n.NetshMax, ppm), counted(n.DAD, ppm)
	if w := n.Watcher; w != nil {
		x.Watcher = &trace.OtherWatcher{
			Kind: w.Kind, Least: counted(w.Least, ppm), Most: counted(w.Most, ppm), Returns: counted(w.Returns, ppm), Settles: counted(w.Settles, ppm),
		}
	}
	return &x
}

// slowed is the node of the role with the settings of a time, as its clock counts them at its slowest, hurried at its
// fastest.
func (r *Run) slowed(role string, at time.Duration) *trace.Node {
	least, _ := r.drift(role, len(r.t.Records))
	return stretched(r.setting(role, at), least)
}

func (r *Run) hurried(role string, at time.Duration) *trace.Node {
	_, most := r.drift(role, len(r.t.Records))
	return stretched(r.setting(role, at), most)
}
