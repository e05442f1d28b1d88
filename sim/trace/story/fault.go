package story

import (
	"slices"
	"strings"
	"time"

	"ipwsim/sim/trace"
)

// Fault is something that is done to the world, with what it touches. What it does is told apart. One that
// lasts for a time is over by itself.
func (s *Story) Fault(verb, target string, setting ...string) *Story {
	f := trace.Fault{Verb: verb, Target: target, Setting: strings.Join(setting, " ")}
	f.Touches = s.touches(f)
	f.Breaks = !slices.Contains(mending, verb) && !slices.Contains(good, f.Setting)
	if verb == "clock" { // one that runs wrong does so until it runs right
		f.Breaks = strings.Contains(f.Setting, "%")
	}
	if verb == "flap" {
		f.For, _ = time.ParseDuration(f.Setting)
		f.Breaks = false
	}
	return s.Add("", f)
}

// mending are the verbs that give back.
var mending = []string{
	"plug", "mend", "power-on", "resume", "start-service", "allow-echo", "allow-pipe", "grant-pipe", "start-mail", "grant-logon", "delete-address", "add-address", "team-failover", "registry",
	"unrule", "move-port", "claim", "probe", "leave", "unanswer", "share-boot", "share-session",
}

// good are the settings that give back.
var good = []string{"ok", "takes", "none", "domain"}

// parts are what of their target the verbs touch.
var parts = map[string][]trace.Part{
	"unplug": {trace.LinkPart}, "plug": {trace.LinkPart}, "flap": {trace.LinkPart},
	"shutdown": machine, "power-off": machine, "power-on": machine,
	"freeze": {trace.RunPart}, "resume": {trace.RunPart},
	"stop-service": {trace.WatcherPart}, "start-service": {trace.WatcherPart}, "kill-service": {trace.WatcherPart},
	"rename-interface": {trace.NamePart}, "team-failover": {trace.CardPart}, "clock": {trace.ClockPart},
	"deny-logon": {trace.LogonPart}, "grant-logon": {trace.LogonPart},
	"netsh":      {trace.NetshPart},
	"network":    {trace.PublicPart},
	"block-echo": {trace.EchoPart}, "allow-echo": {trace.EchoPart},
	"disk": {trace.DiskPart}, "outside": {trace.OutsidePart},
}

// machine is all that goes with a machine's power.
var machine = []trace.Part{trace.PowerPart, trace.RunPart, trace.WatcherPart, trace.MailPart}

func (s *Story) touches(f trace.Fault) (all []trace.Touch) {
	words := strings.Fields(f.Setting)
	switch f.Verb {
	case "cut":
		return s.ends(trace.CutPart, f.Target, f.Setting)
	case "clock":
		if f.Setting == "right" || len(words) == 2 {
			return []trace.Touch{{Part: trace.PacePart, Of: f.Target}}
		}
	case "move-port":
		port := []trace.Touch{{Part: trace.PortPart, Of: f.Target}}
		return append(append(port, s.ends(trace.CutPart, f.Target, "")...), s.ends(trace.QualityPart, f.Target, "")...)
	case "mend":
		return s.ends(trace.CutPart, f.Target, "")
	case "impair":
		if n := len(words); n >= 2 && words[n-2] == "from" {
			return s.ends(trace.QualityPart, f.Target, words[n-1])
		}
		return s.ends(trace.QualityPart, f.Target, "")
	case "claim", "probe", "usurp", "leave", "answer", "unanswer":
		return []trace.Touch{{Part: trace.StrangerPart, Of: f.Target, End: f.Setting}}
	case "rule", "unrule":
		return []trace.Touch{{Part: trace.FramesPart, Of: f.Setting}}
	case "delete-address", "add-address":
		end := f.Setting
		if end == "" {
			end = s.Header.VIPs[0].Address.String()
		}
		return []trace.Touch{{Part: trace.AddressPart, Of: f.Target, End: end}}
	case "share-crash", "share-boot":
		return []trace.Touch{{Part: trace.DiskPart, Of: "share", End: "power"}}
	case "share-slow":
		return []trace.Touch{{Part: trace.DiskPart, Of: "share", End: "latency"}}
	case "share-account":
		return []trace.Touch{{Part: trace.DiskPart, Of: "share", End: "account"}}
	case "share-session":
		return []trace.Touch{{Part: trace.DiskPart, Of: f.Target, End: "session"}}
	case "registry":
		return []trace.Touch{{Part: trace.ValuePart, Of: f.Target, End: words[0]}}
	case "kill-mail", "stop-mail", "start-mail":
		return []trace.Touch{{Part: trace.MailPart, Of: f.Target, End: f.Setting}}
	case "block-pipe", "allow-pipe":
		return []trace.Touch{{Part: trace.PipePart, Of: f.Target, End: "firewall"}}
	case "deny-pipe", "grant-pipe":
		return []trace.Touch{{Part: trace.PipePart, Of: f.Target, End: "account"}}
	}
	if f.Verb == "power-off" || f.Verb == "power-on" {
		if !s.Header.IsMachine(f.Target) {
			return []trace.Touch{{Part: trace.PowerPart, Of: f.Target}}
		}
	}
	for _, p := range parts[f.Verb] {
		all = append(all, trace.Touch{Part: p, Of: f.Target})
	}
	if all == nil {
		panic("story: what does " + f.Verb + " touch?")
	}
	return all
}

// ends are an end of the cable, or both.
func (s *Story) ends(part trace.Part, cable, end string) []trace.Touch {
	if end != "" {
		return []trace.Touch{{Part: part, Of: cable, End: end}}
	}
	for _, c := range s.Header.Cables {
		if c.Name == cable {
			return []trace.Touch{{Part: part, Of: cable, End: c.A}, {Part: part, Of: cable, End: c.B}}
		}
	}
	panic("story: no cable is called " + cable)
}

// numbered gives faults their numbers and says which are over with which, as a world does.
func numbered(records []trace.Record, end time.Duration) []trace.Record {
	var n numbering
	for _, r := range records {
		n.pass(r.At)
		if f, is := r.Body.(trace.Fault); is {
			r.Body = n.number(r.At, f)
		}
		n.all = append(n.all, r)
	}
	n.pass(end)
	return n.all
}

type numbering struct {
	all    []trace.Record
	faults int
	open   []dated
}

// dated is a fault in force since then.
type dated struct {
	trace.Fault
	at time.Duration
}

func (n *numbering) number(at time.Duration, f trace.Fault) trace.Fault {
	n.faults++
	f.ID, f.Ends = n.faults, nil
	n.open = slices.DeleteFunc(n.open, func(o dated) bool {
		over := o.Mends(f)
		if over {
			f.Ends = append(f.Ends, o.ID)
		}
		return over
	})
	if f.Lasts() {
		n.open = append(n.open, dated{f, at})
	}
	return f
}

// pass ends the faults that have ended by themselves by now.
func (n *numbering) pass(now time.Duration) {
	n.open = slices.DeleteFunc(n.open, func(o dated) bool {
		over := o.For > 0 && o.at+o.For <= now
		if over {
			n.all = append(n.all, trace.Record{At: o.at + o.For, Body: trace.Over{Fault: o.ID}})
		}
		return over
	})
}
