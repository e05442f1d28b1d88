package reports

import (
	"slices"
	"time"

	"ipwsim/sim/trace"
)

// mends names, for each fault that lasts, the fault that ends it.
var mends = map[string]string{
	"unplug": "plug", "cut": "mend", "shutdown": "power-on", "power-off": "power-on", "freeze": "resume",
	"stop-service": "start-service", "block-echo": "allow-echo", "block-pipe": "allow-pipe", "deny-pipe": "grant-pipe",
}

// faultSpan is a fault and how long it lasted; to is from where it was over at once.
type faultSpan struct {
	trace.Fault
	from, to time.Duration
}

// faultSpans pairs each fault with what ended it on the same target; the run's end if nothing did.
func faultSpans(t *trace.Trace) []faultSpan {
	var all []faultSpan
	open := map[string]int{} // by what ends it
	for _, r := range t.Records {
		f, ok := r.Body.(trace.Fault)
		if !ok {
			continue
		}
		target := ""
		if len(f.Args) > 0 {
			target = f.Args[0]
		}
		if i, ends := open[f.Verb+" "+target]; ends {
			all[i].to = r.At
			delete(open, f.Verb+" "+target)
		}
		s := faultSpan{f, r.At, r.At}
		if by, lasts := ending(f); lasts {
			s.to = t.End
			open[by+" "+target] = len(all)
		} else if f.Verb == "flap" && len(f.Args) > 1 {
			if d, err := time.ParseDuration(f.Args[1]); err == nil && d > 0 {
				s.to = r.At + d
			}
		}
		all = append(all, s)
	}
	return all
}

// ending is the verb that ends the fault, if it lasts.
func ending(f trace.Fault) (string, bool) {
	switch f.Verb {
	case "netsh", "impair": // the same verb again, with another setting
		mode := ""
		if len(f.Args) > 1 {
			mode = f.Args[1]
		}
		return f.Verb, mode != "ok" && mode != "none"
	}
	by, ok := mends[f.Verb]
	return by, ok
}

// faults draws the lane of the faults, and shades the stretches in which they lasted.
func (c *chart) faults(l lang, t *trace.Trace) {
	const rows, least = 4, 16
	all := faultSpans(t)
	if len(all) > mostBoxes/3 {
		var events []moment
		for _, f := range all {
			events = append(events, moment{f.from, "fault", faultText(f.Fault)})
		}
		c.add(group{Lanes: []track{c.marks(l, l.say(faultsLane), events, []string{"fault"})}})
		return
	}
	lane := track{Label: l.say(faultsLane)}
	for _, f := range all {
		b, ok := c.place(f.from, f.to)
		if !ok {
			continue
		}
		if f.to > f.from {
			band := b
			band.Class = "band"
			c.Bands = append(c.Bands, band)
		}
		b.Class, b.Text, b.Wide = "fault", faultText(f.Fault), true
		b.Title = l.stamp(f.from) + ": " + b.Text
		if b.W == "0" {
			b.Class, b.W = "fault once", percent(float64(least)/100)
		}
		lane.Boxes = append(lane.Boxes, b)
	}
	if len(lane.Boxes) == 0 {
		return
	}
	lane.Height = 6 + stack(lane.Boxes, rows, least)*(boxHeight+3)
	c.Groups = slices.Insert(c.Groups, 0, group{Lanes: []track{lane}})
}
