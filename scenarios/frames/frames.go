// Package frames keeps the frames around the moments that matter of a run: who sent what to whom,
// whether it arrived, and where a capture of the run has it.
package frames

import (
	"net/netip"
	"time"

	"ipwsim/netstack/wire"
	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

// How much is kept: so long before and after each moment, and at most so many frames a run.
const (
	before = time.Second
	after  = 3500 * time.Millisecond
	most   = 3000
)

// A Recorder sees the frames of a run. Moments are faults, changes of a VIP's state on a node, and
// changes of the MAC that a host has for a VIP, from virtual time 0.
type Recorder struct {
	history  *trace.Trace
	read     int // records taken in
	stations map[trace.MAC]string
	cables   map[string]string // the station on a cable of its own
	vips     map[netip.Addr]bool
	believed map[entry]trace.MAC

	count   map[string]int
	until   time.Duration // keep what is sent up to then
	waiting []*sent       // of the last second, kept if a moment comes
	latest  map[string]*sent
	kept    []*sent
	cut     time.Duration
	crowd   map[finding.FrameKind]int // kept of each since the last moment
}

// entry is a host's ARP entry.
type entry struct {
	host string
	ip   netip.Addr
}

// sent is a frame that may be kept, not read yet.
type sent struct {
	finding.Frame
	bytes string
	crowd finding.FrameKind // Mail or Share, of which only some are kept
}

// Record records n from now on; history is the trace that the run writes meanwhile.
func Record(n *wire.Network, history *trace.Trace) *Recorder {
	r := &Recorder{
		history: history, stations: map[trace.MAC]string{}, cables: map[string]string{}, vips: map[netip.Addr]bool{},
		believed: map[entry]trace.MAC{}, count: map[string]int{}, until: -1, latest: map[string]*sent{}, crowd: map[finding.FrameKind]int{},
	}
	h := &history.Header
	for _, node := range h.Nodes {
		r.stations[node.MAC], r.cables[node.Role] = node.Role, node.Role
		for _, mac := range node.Team {
			r.stations[mac] = node.Role
		}
	}
	for _, c := range h.Clients {
		r.stations[c.MAC], r.cables[c.Name] = c.Name, c.Name
	}
	for _, router := range h.Routers {
		for _, i := range router.Interfaces {
			r.stations[i.MAC], r.cables[i.Cable] = router.Name, router.Name
		}
	}
	for _, o := range h.Others {
		r.stations[o.MAC], r.cables[o.Name] = o.Name, o.Name
	}
	for _, v := range h.VIPs {
		r.vips[v.Address] = true
	}
	n.AddTap(r.frame)
	n.AddDropTap(r.dropped)
	return r
}

// Frames are those kept, in the order they were sent, and the time from which on there was no room
// for more; 0: there was.
func (r *Recorder) Frames() ([]finding.Frame, time.Duration) {
	all := make([]finding.Frame, len(r.kept))
	for i, s := range r.kept {
		s.Kind, s.Text = describe([]byte(s.bytes))
		all[i] = s.Frame
	}
	return all, r.cut
}

func (r *Recorder) frame(at time.Duration, c *wire.Cable, b []byte) {
	r.count[c.Name()]++
	place := finding.Place{Cable: c.Name(), Number: r.count[c.Name()]}
	if at < -before || len(b) < wire.HeaderLen {
		return
	}
	r.catchUp()
	station, own := r.cables[c.Name()]
	switch {
	case !own: // a trunk between switches
	case r.stations[trace.MAC(b[6:12])] == station:
		r.sent(at, station, place, b)
	default:
		r.arrived(station, place, b)
	}
}

// sent takes a frame from its sender, for good or until it is too old.
func (r *Recorder) sent(at time.Duration, station string, place finding.Place, b []byte) {
	dst := wire.MAC(b[0:6])
	s := &sent{finding.Frame{At: at, From: station, To: r.stations[trace.MAC(dst)], Cast: dst.IsGroup(), Sent: place}, string(b), crowded(b)}
	r.latest[s.bytes] = s
	if at <= r.until {
		if r.room(s) {
			r.keep(s)
		} else {
			r.release(s)
		}
		return
	}
	r.waiting = append(r.waiting, s)
	r.forget(at)
}

// arrived notes that a frame was put on the last cable to the station, if it is for it.
func (r *Recorder) arrived(station string, place finding.Place, b []byte) {
	s := r.latest[string(b)]
	if s != nil && (s.Cast || s.To == station) && s.From != station {
		s.Reached = append(s.Reached, finding.Arrival{Station: station, Place: place})
	}
}

// dropped takes back an arrival, and says why.
func (r *Recorder) dropped(d wire.Dropped, b []byte) {
	s := r.latest[string(b)]
	if s == nil {
		return
	}
	s.Lost = string(d.Reason) + ", cable " + d.Cable.Name()
	for i, a := range s.Reached {
		if a.Cable == d.Cable.Name() {
			s.Reached = append(s.Reached[:i], s.Reached[i+1:]...)
			return
		}
	}
}

// forget lets go of the frames that no moment can call for any more.
func (r *Recorder) forget(at time.Duration) {
	n := 0
	for n < len(r.waiting) && r.waiting[n].At < at-before {
		r.release(r.waiting[n])
		n++
	}
	r.waiting = r.waiting[n:]
}

// release ends the wait for a frame's arrival.
func (r *Recorder) release(s *sent) {
	if r.latest[s.bytes] == s {
		delete(r.latest, s.bytes)
	}
}

func (r *Recorder) keep(s *sent) {
	if len(r.kept) < most {
		r.kept = append(r.kept, s)
		return
	}
	r.release(s)
	if r.cut == 0 {
		r.cut = s.At
	}
}

// catchUp reads the trace on, and at a moment keeps what was just sent.
func (r *Recorder) catchUp() {
	if r.read == r.history.Len() {
		return
	}
	for rec := range r.history.From(r.read) {
		r.read++
		if !r.moment(rec) || rec.At < 0 {
			continue
		}
		r.until = max(r.until, rec.At+after)
		r.forget(rec.At)
		r.crowd = map[finding.FrameKind]int{}
		for _, s := range r.thin(r.waiting) {
			r.keep(s)
		}
		r.waiting = nil
	}
}

// moment says whether a record is something to show frames around.
func (r *Recorder) moment(rec *trace.Record) bool {
	switch b := rec.Body.(type) {
	case trace.Fault, trace.Over:
		return true
	case trace.Address:
		return r.vips[b.IP]
	case trace.Neighbor:
		e := entry{rec.Host, b.IP}
		if !r.vips[b.IP] || !b.State.Usable() || r.believed[e] == b.MAC {
			return false
		}
		r.believed[e] = b.MAC
		return true
	}
	return false
}
