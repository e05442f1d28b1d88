package explore

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"net/netip"
	"slices"
	"time"

	"ipwsim/core"
)

const (
	maxVIPs = 2
	never   = time.Duration(1<<63 - 1)
)

// The hosts' times (H2, H3, H6, H14).
const (
	probes     = 3
	probeEvery = time.Second
	detection  = probes * probeEvery
	flushTime  = 50 * time.Millisecond
	bootTime   = 10 * time.Second
	hangLimit  = 30 * time.Second // then the port ends a command that hangs
	readLimit  = 10 * time.Second // then a request that nobody answers is over
)

// dials are the times from one attempt to connect to the next, and to giving up.
var dials = [...]time.Duration{3 * time.Second, 6 * time.Second, 12 * time.Second}

// world is two nodes and what is between them, at a moment.
type world struct {
	c        *rules
	now      time.Duration
	nodes    [2]node
	split    bool
	events   []event // by age
	left     int     // departures
	tied     bool    // another order than the plain one was taken
	clocks   clocks
	happened int // events, so far
	trail    *choice
	broken   *Break
	lines    *[]Line // nil: nobody reads them
}

// power is whether a node has it.
type power int8

const (
	off power = iota
	booting
	on
)

// node is one machine with its watcher.
type node struct {
	power                 power
	unplugged, frozen     bool
	noEcho, noPipe        bool // the firewall drops echo requests, or the pipe's connections
	usable                bool // its own address
	address               [maxVIPs]core.AddressState
	watcher               Watcher // nil: the service does not run
	stopping, pipe        bool
	running, hung         bool // a command
	spoilt                bool // a command failed, lied or hung since the last start or stop
	state                 [maxVIPs]core.State
	asking                [maxVIPs]asking
	seq, command, request int
	requests              []request // of the peer, that wait for an answer
}

// asking is how far a request to the peer is.
type asking int8

const (
	no asking = iota
	dialling
	waiting
)

type request struct {
	id    int
	vip   int8
	waits bool // the asker still does
}

// event is something that will happen.
type event struct {
	at      time.Duration
	kind    kind
	node    int8
	vip     int8
	n       int // of a probe, an echo's poll, a command, an attempt, an answer
	late    bool
	exit    int
	command core.Command
}

type kind int8

const (
	booted kind = iota
	ownUsable
	serviceStarts
	probing
	news // n is the state
	commandEnds
	commandDone
	echo
	dialled
	readEnds
	asked
	answered
	tick
)

func newWorld(c *rules, departures int) *world {
	w := &world{c: c, left: departures, clocks: newClocks()}
	for i := range w.nodes {
		w.powerOn(i)
	}
	return w
}

func (w *world) clone() *world {
	c := *w
	c.events = slices.Clone(w.events)
	for i := range c.nodes {
		n := &c.nodes[i]
		if n.watcher != nil {
			n.watcher = n.watcher.Clone()
		}
		n.requests = slices.Clone(n.requests)
	}
	return &c
}

func (w *world) after(d time.Duration, e event) {
	e.at = w.now + d
	w.events = append(w.events, e)
}

// drop takes back the node's events of the kinds, of any kind if none is named.
func (w *world) drop(node int, vip int, kinds ...kind) {
	w.events = slices.DeleteFunc(w.events, func(e event) bool {
		return int(e.node) == node && (vip < 0 || int(e.vip) == vip) && (len(kinds) == 0 || slices.Contains(kinds, e.kind))
	})
}

// next is when something happens next, and what can be first then: any of what is due, but what a node is told of its
// address comes in order.
func (w *world) next(due []event) (time.Duration, []event) {
	first := never
	consider := func(e event) {
		at := max(e.at, w.now)
		if at < first {
			first, due = at, due[:0]
		}
		if at == first && (e.kind != news || !slices.ContainsFunc(due, func(o event) bool { return order(o, e) == 0 })) {
			due = append(due, e)
		}
	}
	for _, e := range w.events {
		if !w.nodes[e.node].frozen {
			consider(e)
		}
	}
	for i := range w.nodes {
		if n := &w.nodes[i]; n.watcher != nil && !n.frozen {
			if at, waits := n.watcher.Deadline(); waits {
				consider(event{at: at, kind: tick, node: int8(i)})
			}
		}
	}
	slices.SortStableFunc(due, order)
	return first, due
}

// order makes two worlds with the same events alike. Events of one kind keep theirs, by age.
func order(a, b event) int {
	return cmp.Or(cmp.Compare(a.node, b.node), cmp.Compare(a.kind, b.kind), cmp.Compare(a.vip, b.vip))
}

// key is the state but for the clocks, in which one can be further than the other.
func (w *world) key(b []byte) ([]byte, [16]byte) {
	b = append(b[:0], flags(w.split))
	for i := range w.nodes {
		n := &w.nodes[i]
		b = append(b, byte(n.power), flags(n.unplugged, n.frozen, n.noEcho, n.noPipe, n.usable, n.watcher != nil, n.stopping, n.pipe),
			flags(n.running, n.hung, n.spoilt), byte(len(n.requests)))
		for v := range w.c.VIPs {
			b = append(b, byte(n.address[v]), byte(n.state[v]), byte(n.asking[v]))
		}
		for _, r := range n.requests {
			b = append(b, byte(r.vip), flags(r.waits))
		}
		if n.watcher != nil {
			b = n.watcher.AppendState(b, w.now)
		}
	}
	b = w.clocks.appendKey(b, w.now)
	slices.SortStableFunc(w.events, order)
	for _, e := range w.events {
		if e.kind == echo {
			e.n = w.nodes[e.node].seq - e.n
		}
		b = append(b, byte(e.kind), byte(e.node), byte(e.vip), flags(e.late), byte(e.exit))
		switch e.kind {
		case commandEnds, commandDone: // the last, and who runs it knows which
		case asked: // the last of the requests
		default:
			b = append(b, byte(e.n))
		}
		b = binary.LittleEndian.AppendUint64(b, uint64(max(e.at-w.now, 0)))
	}
	sum := sha256.Sum256(b)
	return b, [16]byte(sum[:16])
}

func flags(all ...bool) (b byte) {
	for i, set := range all {
		if set {
			b |= 1 << i
		}
	}
	return b
}

// entries is the table of both nodes (W1).
func entries(node, vips int) []core.Entry {
	all := make([]core.Entry, vips)
	for v := range all {
		all[v] = core.Entry{Peer: `\\` + names[1-node], VIP: vipAddr[v], Interface: interfaceName}
	}
	return all
}

const interfaceName = "LAN"

var (
	names   = [2]string{"hvt162EPST11", "hvt162EPST12"}
	vipAddr = [maxVIPs]netip.Addr{netip.MustParseAddr("192.168.10.202"), netip.MustParseAddr("192.168.10.203")}
)

// vipOf is the VIP's place in the table.
func vipOf(ip netip.Addr) int { return slices.Index(vipAddr[:], ip) }
