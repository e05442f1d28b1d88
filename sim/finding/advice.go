package finding

import "slices"

// Advice is what can be done about a silence.
type Advice string

// The pieces of advice: what the maker's guide says, or what follows from the rules of its watcher.
const (
	NoAdvice        Advice = ""
	ClearClient     Advice = "clear-client"     // arpclear.bat for the client [G A]
	ClearRouter     Advice = "clear-router"     // arpclear.bat through the router [G A]
	AllowEcho       Advice = "allow-echo"       // in the firewall [G 11]
	PrivateNetwork  Advice = "private-network"  // its category (H16)
	AllowPipe       Advice = "allow-pipe"       // in the firewall, and the account (W15)
	FewerCycles     Advice = "fewer-cycles"     // ReleaseTime (W18)
	ShorterInterval Advice = "shorter-interval" // W12
)

// Advice is what can be done about the outage, if it was longer than it had to be.
func (o *Outage) Advice() Advice {
	if o.Kind == FlapKind || o.Most > 0 && o.Length() <= o.Most {
		return NoAdvice
	}
	switch Telling(o.Parts).What {
	case WrongCache:
		return o.ifAnnounced(ClearClient)
	case RouterCache, WayBack:
		return o.ifAnnounced(ClearRouter)
	case Public:
		return PrivateNetwork
	case Blocked:
		return AllowEcho
	case Counting, Yielding:
		switch {
		case o.Kind == CycleKind && slices.Equal(o.Before, o.After):
			return FewerCycles
		case o.Kind == CycleKind:
			return AllowPipe
		case o.Most > 0:
			return ShorterInterval
		}
	}
	return NoAdvice
}

// ifAnnounced is advice that event 100 sets to work: nobody writes it where the node that answers in the end had held
// the VIP all along (W22).
func (o *Outage) ifAnnounced(a Advice) Advice {
	if o.Added {
		return a
	}
	return NoAdvice
}
