package conform

import (
	"net/netip"
	"slices"
	"time"

	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

// onTheWay is how long after its sender has fallen silent a frame may still arrive, where nothing delays frames.
const onTheWay = time.Second

// caches are the ARP caches of clients and routers: an entry ends a lifetime after its MAC could last be heard as the
// address (N3). Whether it was heard is not on record, but who could speak as the address is: a machine that has the MAC
// and the address in use. What strangers, proxies and switches that answer for others say is beyond that: their entries
// are not judged.
type caches struct {
	hosts    map[string]*cache
	owners   map[trace.MAC][]*speaker
	names    map[string]*speaker
	entries  map[trace.MAC][]*cached // usable ones
	silent   []*cached               // of them, those whose MAC cannot speak as the address
	unlinked []*cache                // clients whose link went in this instant
	due      time.Duration           // when the first of those may be too old
	delays   time.Duration           // the most that a frame is held up on its way by what was ever done to that
	hops     time.Duration           // cables
	broken   []finding.Note
}

// cache is a host's.
type cache struct {
	name  string
	holds time.Duration // the longest that an entry lasts that is not renewed
	fixed bool          // used or not; else it goes by RFC 4861
	runs  bool
	awake time.Duration // since when it runs
	gone  time.Duration // when its link went last
	lost  []*cached     // what it had then, in that instant
	has   map[netip.Addr]*cached
}

// cached is an entry that packets are sent by.
type cached struct {
	of    *cache
	ip    netip.Addr
	mac   trace.MAC
	state trace.NeighborState
	since time.Duration // from when RFC 4861 has to question it: it was made, or nobody used it
	heard time.Duration // when its MAC could last be heard; meaningless while it can
	told  bool
}

// speaker is a machine that can speak as its addresses.
type speaker struct {
	macs []trace.MAC
	runs bool
	uses map[netip.Addr]bool // addresses in use
}

func newCaches(h *trace.Header) caches {
	c := caches{
		hosts: map[string]*cache{}, owners: map[trace.MAC][]*speaker{}, names: map[string]*speaker{}, entries: map[trace.MAC][]*cached{},
		due: never, hops: time.Duration(len(h.Cables)),
	}
	if slices.ContainsFunc(h.Snoops, func(s trace.Snoop) bool { return s.Suppresses }) {
		return c // the switch speaks with any MAC
	}
	for _, n := range h.Nodes {
		c.speaks(n.Role, false, append([]trace.MAC{n.MAC}, n.Team...)...).macs = []trace.MAC{n.MAC}
	}
	for _, x := range h.Clients {
		c.speaks(x.Name, true, x.MAC)
		c.hosts[x.Name] = &cache{name: x.Name, holds: x.Holds, fixed: x.Fixed, runs: true, has: map[netip.Addr]*cached{}}
	}
	for _, r := range h.Routers {
		c.hosts[r.Name] = &cache{name: r.Name, holds: r.Holds, fixed: r.Fixed, runs: true, has: map[netip.Addr]*cached{}}
		if r.ProxyARP {
			continue
		}
		var macs []trace.MAC
		for _, i := range r.Interfaces {
			macs = append(macs, i.MAC)
		}
		c.speaks(r.Name, true, macs...)
	}
	return c
}

// speaks adds a machine that may come to have these MACs.
func (c *caches) speaks(name string, runs bool, macs ...trace.MAC) *speaker {
	s := &speaker{macs: macs, runs: runs, uses: map[netip.Addr]bool{}}
	c.names[name] = s
	for _, mac := range macs {
		c.owners[mac] = append(c.owners[mac], s)
	}
	return s
}

// read takes the next record in.
func (c *caches) read(rec *trace.Record) {
	switch b := rec.Body.(type) {
	case trace.Neighbor:
		if h := c.hosts[rec.Host]; h != nil {
			c.passes(rec.At)
			c.becomes(rec.At, h, b)
		}
	case trace.Address, trace.Card, trace.Power:
		if s := c.names[rec.Host]; s != nil {
			c.passes(rec.At)
			c.changes(rec.At, s, b)
		}
		if p, is := b.(trace.Power); is && c.hosts[rec.Host] != nil {
			c.powered(rec.At, c.hosts[rec.Host], p.State)
		}
	case trace.Link:
		if h := c.hosts[b.Cable]; h != nil {
			c.passes(rec.At)
			c.linked(rec.At, h, b.Up)
		}
	case trace.Rule:
		c.delays += b.Delay * c.hops
	case trace.Impairment:
		c.delays += b.Delay
	}
}

// changes takes in something of a speaker that may make it fall silent, or speak again.
func (c *caches) changes(at time.Duration, s *speaker, b trace.Body) {
	could := map[*cached]bool{}
	macs := slices.Clone(s.macs)
	for _, mac := range macs {
		for _, e := range c.entries[mac] {
			could[e] = c.heard(e)
		}
	}
	switch b := b.(type) {
	case trace.Address:
		s.uses[b.IP] = b.State == trace.Preferred
	case trace.Card:
		s.macs = []trace.MAC{b.MAC}
		if !slices.Contains(macs, b.MAC) {
			macs = append(macs, b.MAC)
		}
	case trace.Power:
		s.runs = b.State == trace.On || b.State == trace.Stopping
		if b.State == trace.Off {
			clear(s.uses)
		}
	}
	for _, mac := range macs {
		for _, e := range c.entries[mac] {
			switch can := c.heard(e); {
			case could[e] && !can:
				e.heard = at
				c.silences(e)
			case can && !could[e]:
				c.silent = slices.DeleteFunc(c.silent, func(o *cached) bool { return o == e })
			}
		}
	}
}

// heard says whether somebody can speak as the entry's address with its MAC now.
func (c *caches) heard(e *cached) bool {
	return slices.ContainsFunc(c.owners[e.mac], func(s *speaker) bool {
		return s.runs && s.uses[e.ip] && slices.Contains(s.macs, e.mac)
	})
}

// silences notes an entry whose MAC cannot be heard any more.
func (c *caches) silences(e *cached) {
	c.silent = append(c.silent, e)
	c.due = min(c.due, c.end(e))
}

// becomes takes in what a cache has for an address now. Where a MAC came from that is nobody's on record, nobody knows.
func (c *caches) becomes(at time.Duration, h *cache, b trace.Neighbor) {
	e := h.has[b.IP]
	if e != nil && (e.mac != b.MAC || !b.State.Usable()) {
		c.drop(e)
		e = nil
	}
	if !b.State.Usable() || len(c.owners[b.MAC]) == 0 {
		return
	}
	if e == nil {
		e = &cached{of: h, ip: b.IP, mac: b.MAC, heard: at, since: at}
		h.has[b.IP] = e
		c.entries[b.MAC] = append(c.entries[b.MAC], e)
		if !c.heard(e) {
			defer c.silences(e)
		}
	}
	if e.state == trace.Stale {
		e.since = at
		c.due = min(c.due, at)
	}
	e.state = b.State
}

// linked has a client forget its neighbours as its link goes (H5).
func (c *caches) linked(at time.Duration, h *cache, up bool) {
	h.lost = nil
	if up || !h.runs {
		return
	}
	h.gone = at
	for _, e := range h.has { // order: sorted below
		h.lost = append(h.lost, e)
	}
	slices.SortFunc(h.lost, func(a, b *cached) int { return a.ip.Compare(b.ip) })
	c.unlinked, c.due = append(c.unlinked, h), min(c.due, at)
}

// drop forgets an entry.
func (c *caches) drop(e *cached) {
	is := func(o *cached) bool { return o == e }
	e.of.lost = slices.DeleteFunc(e.of.lost, is)
	delete(e.of.has, e.ip)
	c.entries[e.mac] = slices.DeleteFunc(c.entries[e.mac], is)
	c.silent = slices.DeleteFunc(c.silent, is)
}

// powered takes in that the host runs, or stands still, or is off and forgets.
func (c *caches) powered(at time.Duration, h *cache, s trace.PowerState) {
	runs := s == trace.On || s == trace.Stopping
	if runs && !h.runs {
		h.awake, c.due = at, min(c.due, at)
	}
	h.runs = runs
	if s == trace.Off {
		for _, e := range h.has { // order: each by itself
			c.drop(e)
		}
	}
}

// end is when the entry of a host that runs must be gone, or be asked for: a lifetime after it could last be renewed, and
// for RFC 4861 after it was last left unused, too. What was due while the host stood still is done when it runs again.
func (c *caches) end(e *cached) time.Duration {
	h, from := e.of, e.heard
	switch {
	case !h.runs, !h.fixed && e.state == trace.Stale:
		return never
	case !h.fixed:
		from = max(from, e.since)
	}
	return max(from+h.holds+onTheWay+c.delays, h.awake)
}

// passes looks for entries that are too old when the time goes on to at.
func (c *caches) passes(at time.Duration) {
	if at <= c.due {
		return
	}
	c.due = never
	for _, h := range c.unlinked {
		if len(h.lost) > 0 {
			out := *linkCache
			out.Node, out.VIP, out.At, out.Until = h.name, h.lost[0].ip, h.gone, h.gone
			c.broken = append(c.broken, out)
			h.lost = nil
		}
	}
	c.unlinked = nil
	for _, e := range c.silent {
		if e.told {
			continue
		}
		if end := c.end(e); at <= end {
			c.due = min(c.due, end)
			continue
		}
		e.told = true
		out := *entryKept
		out.Node, out.VIP, out.Text, out.At, out.Until = e.of.name, e.ip, e.mac.String(), e.heard, c.end(e)
		c.broken = append(c.broken, out)
	}
}
