package vtime

import "iter"

// carrier is a goroutine that procs run on, one after another. The baton goes to it and back as a coroutine's does, past
// Go's scheduler, and the stack that it has grown serves the next proc.
type carrier struct {
	work func()
	next func() (struct{}, bool) // goes on with the work until it parks or is done
	stop func()
	park func(struct{}) bool // called by the work: gives the baton back until next
}

// idle are carriers without work.
var idle = make(chan *carrier, 64)

// hire returns a carrier for the work, which has not begun.
func hire(work func()) *carrier {
	select {
	case c := <-idle:
		c.work = work
		return c
	default:
	}
	c := &carrier{work: work}
	c.next, c.stop = iter.Pull(func(park func(struct{}) bool) {
		c.park = park
		for more := true; more; more = park(struct{}{}) {
			c.work()
		}
	})
	return c
}

// dismiss takes a carrier back whose work is done.
func (c *carrier) dismiss() {
	c.work = nil
	select {
	case idle <- c:
	default:
		c.stop()
	}
}
