// Package facts reads a run once, as it happens: records in, facts out. The same code serves a finished trace,
// a saved one, a running world, and a search that stops at the first violation. What it costs grows with the
// records, and with each client's own changes and the network's.
package facts

import (
	"net/netip"
	"time"

	"ipwsim/scenarios/conform"
	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

// Facts are what happened in a run: what reports show, and beside it what checks look at.
type Facts struct {
	*finding.Facts
	Header *trace.Header

	slow, fast map[string]int64 // by node: by how many millionths its clock was fast, at its slowest and fastest

	Powered  bool // some node was on
	Serviced bool // the watcher's service is on record, or nowhere was it to start with Windows (H17)
	Held     []bool

	Nodes []Node // by role
	Pairs []Pair // as Facts.Uses

	Joined    map[[2]string]Line // when two nodes reach each other
	Changes   []time.Duration    // of the network of the nodes
	Noise     []Noise
	Asked     []Request
	Setbacks  []Setback
	Cycles    []Release
	Takeovers []Takeover
	Deafs     []Deaf
	Unreached []Unreached
	VainPings []VainPing
	Stops     []Stop
	Conform   conform.Judged
	Machines  conform.MachinesJudged

	readings readings
}

// Node is what a node could do, and when.
type Node struct {
	*trace.Node      // as the run began
	Works       Line // its watcher runs, the network under it or not
	Mute        Line // its firewall drops echo requests
	Shut        Line // its firewall drops requests over the pipe
	Missed      Line // another node sends to a card that its team has left (H18)
	VIPs        []NodeVIP
}

// NodeVIP is a node and one VIP.
type NodeVIP struct {
	VIP     netip.Addr
	Foreign Line            // a machine that is no node answers its polls (N7)
	Hidden  Line            // ARP inspection hides the node's copy from all others
	Held    Line            // it is the node's, reached or not
	Sees    Line            // the watcher's polls for it are answered by another node
	Awaits  Line            // the node is a master at work, within reach of a slave at work, and has not got it
	Anew    []time.Duration // the service's starts and the watcher's own releases (W13)
}

// Pair is a client and one VIP.
type Pair struct {
	*finding.Use
	Client *trace.Client
	VIP    int
	Ready  []Line // by node: it could serve the client, were the VIP its own
	Joined []Line // by node: the client can ask the node itself
	Held   Line   // somebody would answer the client, were the ARP caches empty
	Silent []Stretch
}

// Stretch is a time in which one obstacle stood between a client and an answer.
type Stretch struct {
	From, To time.Duration
	What     finding.Obstacle
	Dual     bool // two nodes within reach held the VIP
}

// Read reads a whole trace.
func Read(t *trace.Trace) *Facts {
	r := NewReader(&t.Header)
	for rec := range t.All() {
		r.Read(rec)
	}
	return r.Close(t.End)
}

// Reader reads a run. An ARP entry that is being asked for is right or wrong only when the answer has come or
// not, so that the reader is up to 3 s behind, and longer while the asker is frozen.
type Reader struct {
	model *model
	queue []*trace.Record // not taken in yet
	head  int             // of queue
	fate  []fate          // of queue
	open  map[entry]int   // whose answer is awaited: where in the queue, counted from the first record ever
	base  int             // records that have left the queue

	at      time.Duration // of the instant that is being taken in
	changed bool          // something that all clients depend on
	dirty   []int         // clients with changes of their own
	marked  []bool        // by client: it is in dirty

	pairs []*pair
	nodes []*nodeLines
	readings
	past
	people
	mail     *mailReader
	conform  *conform.Reader // nil: nobody asks
	machines *conform.Machines
}

// entry is an ARP entry.
type entry struct {
	host string
	ip   netip.Addr
}

// fate is what becomes of a record's question by ARP.
type fate uint8

const (
	known   fate = iota // it asks nothing, or is answered
	awaited             // nobody can tell yet
	vain                // nobody answers
	untold              // the run ended before
)

// NewReader returns a reader of a run that has not begun. The header must stay as it is.
func NewReader(h *trace.Header) *Reader {
	r := NewWaits(h)
	r.conform, r.machines = conform.NewReader(h), conform.NewMachines(h)
	return r
}

// NewWaits is NewReader for who asks for waits only, and often: whether the machines keep their rules is not judged, so
// that their checks have no data.
func NewWaits(h *trace.Header) *Reader {
	m := newModel(h)
	r := &Reader{model: m, open: map[entry]int{}, marked: make([]bool, len(m.clients)), mail: newMailReader(h)}
	r.nodes = newNodeLines(m)
	r.pairs = newPairs(m)
	r.readings = newReadings(h)
	r.past.init(m)
	r.people.init(m)
	return r
}

// Read takes the next record in. It must stay as it is while the reader is used.
func (r *Reader) Read(rec *trace.Record) {
	if r.conform != nil {
		r.conform.Read(rec)
		r.machines.Read(rec)
	}
	if n, is := rec.Body.(trace.Neighbor); len(r.queue) == 0 && !(is && n.State == trace.Incomplete) {
		r.take(rec, known) // nothing is awaited, and this asks nothing
		return
	}
	r.queue = append(r.queue, rec)
	r.fate = append(r.fate, known)
	switch b := rec.Body.(type) {
	case trace.Neighbor:
		r.asks(entry{rec.Host, b.IP}, b.State)
	case trace.Power:
		if b.State == trace.Off {
			for e := range r.open { // order: each by itself
				if e.host == rec.Host {
					r.answer(e, known)
				}
			}
		}
	}
	r.takeIn()
}

// asks notes that a host begins to ask for an address by ARP, or what has become of it: what it sends
// meanwhile waits, and is lost when it gives up (H9). A holder that comes between its last question and its
// giving up is not heard of.
func (r *Reader) asks(e entry, s trace.NeighborState) {
	if s == trace.Unreachable || s == trace.Removed {
		r.answer(e, vain)
	} else {
		r.answer(e, known)
	}
	if s == trace.Incomplete {
		last := len(r.queue) - 1
		r.open[e] = r.base + last
		r.fate[last] = awaited
	}
}

func (r *Reader) answer(e entry, f fate) {
	if i, asked := r.open[e]; asked {
		r.fate[i-r.base] = f
		delete(r.open, e)
	}
}

// takeIn takes in what is known for sure.
func (r *Reader) takeIn() {
	for ; r.head < len(r.queue) && r.fate[r.head] != awaited; r.head++ {
		r.take(r.queue[r.head], r.fate[r.head])
	}
	if r.head == len(r.queue) || r.head > 4096 {
		left := copy(r.queue, r.queue[r.head:])
		copy(r.fate, r.fate[r.head:])
		r.queue, r.fate = r.queue[:left], r.fate[:left]
		r.base += r.head
		r.head = 0
	}
}

// take takes a record in whose fate is known.
func (r *Reader) take(rec *trace.Record, f fate) {
	if rec.At != r.at {
		r.settle()
		r.at = rec.At
	}
	r.apply(rec, f)
}

// Close takes in what is left and returns the facts up to the end of the run.
func (r *Reader) Close(end time.Duration) *Facts {
	for e := range r.open { // order: each by itself
		r.answer(e, untold)
	}
	r.takeIn()
	r.settle()
	if r.conform != nil {
		r.conform.Close(end)
		r.machines.Close(end)
	}
	return r.facts(end)
}

// Facts are the facts up to now, before whatever happens now; the reader goes on. They stay as they are.
func (r *Reader) Facts(now time.Duration) *Facts {
	more := r.head < len(r.queue) && r.queue[r.head].At == r.at // of the instant is not taken in yet
	if r.at < now && !more {
		r.settle()
	}
	return r.facts(now)
}

// Answering is who answers a client at a VIP now, by the use's place among Facts.Uses: what somebody who waits for
// an answer asks again and again. Facts(now) says the same, and costs more.
func (r *Reader) Answering(now time.Duration, use int) []string {
	more := r.head < len(r.queue) && r.queue[r.head].At == r.at
	if r.at < now && !more {
		r.settle()
	}
	return r.model.names[r.pairs[use].by]
}

// settle looks at what stands after an instant: what comes and goes within it is not seen.
func (r *Reader) settle() {
	if r.changed {
		for _, n := range r.nodes {
			n.look(r)
		}
		r.past.look(r)
		for _, p := range r.pairs {
			p.look(r)
		}
	} else {
		for _, c := range r.dirty {
			for _, p := range r.pairs[c*len(r.model.vips):][:len(r.model.vips)] {
				p.look(r)
			}
		}
	}
	for _, c := range r.dirty {
		r.marked[c] = false
	}
	r.changed, r.dirty = false, r.dirty[:0]
}

// soil notes that something changed that only the client depends on.
func (r *Reader) soil(client int) {
	if !r.marked[client] {
		r.marked[client] = true
		r.dirty = append(r.dirty, client)
	}
}
