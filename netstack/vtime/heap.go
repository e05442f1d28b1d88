package vtime

import "time"

// event is a task with its place in the order.
type event struct {
	at     time.Duration
	id     uint64 // a Timer knows it by; 0: spent
	lot    uint64 // order among events of one instant, where it is drawn: see DrawTies
	seq    uint64 // order among events of one instant and lot; a new one after a freeze
	index  int    // in the heap; unused while held by a frozen domain
	task   Task
	domain *Domain
}

func (e *event) before(o *event) bool {
	switch {
	case e.at != o.at:
		return e.at < o.at
	case e.lot != o.lot:
		return e.lot < o.lot
	}
	return e.seq < o.seq
}

// eventHeap is a binary heap that knows each event's index, so that timers can be taken out.
// container/heap would do the same through an interface at twice the cost a hop.
type eventHeap []*event

func (h *eventHeap) push(e *event) {
	*h = append(*h, e)
	e.index = len(*h) - 1
	h.up(e.index)
}

func (h *eventHeap) pop() *event {
	e := (*h)[0]
	h.remove(0)
	return e
}

func (h *eventHeap) remove(i int) {
	old := *h
	last := len(old) - 1
	old[i] = old[last]
	old[i].index = i
	old[last] = nil
	*h = old[:last]
	if i < last {
		h.down(i)
		h.up(i)
	}
}

// mend puts in order what was changed in place.
func (h eventHeap) mend() {
	for i := len(h)/2 - 1; i >= 0; i-- {
		h.down(i)
	}
}

func (h eventHeap) up(i int) {
	for i > 0 {
		parent := (i - 1) / 2
		if !h[i].before(h[parent]) {
			return
		}
		h.swap(i, parent)
		i = parent
	}
}

func (h eventHeap) down(i int) {
	for {
		least := i
		for c := 2*i + 1; c <= 2*i+2 && c < len(h); c++ {
			if h[c].before(h[least]) {
				least = c
			}
		}
		if least == i {
			return
		}
		h.swap(i, least)
		i = least
	}
}

func (h eventHeap) swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].index, h[j].index = i, j
}
