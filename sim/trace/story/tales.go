package story

import "ipwsim/sim/trace"

// FailsOver is a pulled cable and a standby that answers so many seconds later.
func FailsOver(after float64) *trace.Trace {
	return Guide().At(60).Unplug("active").At(60 + after).Takes("standby").End(300)
}

// Taken is the guide's cluster after a failover: standby holds the VIP from 94 s.
func Taken() *Story { return Guide().At(60).Unplug("active").At(94).Takes("standby") }

// ComesBack is the cable's return at 200 s and the master answering so many seconds later.
func ComesBack(after float64) *trace.Trace {
	s := Taken().At(200).Plug("active", trace.Duplicate).Asks("active", trace.Released, 0.1)
	return s.At(203.2).Gives("standby", trace.ByPeer).At(200 + after).Takes("active").End(400)
}

// FailsOverBehind is a pulled cable behind a router, the standby in time, and the router's entry so much later.
func FailsOverBehind(taken, learned float64) *Story {
	s := Routed().At(60).Unplug("active")
	return s.At(60+taken).Holds("standby", trace.Preferred).At(60+taken+learned).Cache("core1", "standby")
}

// SplitBrain is two nodes that both hold the VIP from 100 s, when the path between them is whole again; after so
// many seconds the slave gives way.
func SplitBrain(lasts float64) *trace.Trace {
	s := Guide().At(40).Fault("unplug", "active").Link("active", false)
	s.At(75).Takes("standby").At(100).Fault("plug", "active").Link("active", true)
	return s.At(100+lasts).Gives("standby", trace.ByPeer).End(400)
}
