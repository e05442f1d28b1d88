package verb

import (
	"strings"

	"ipwsim/netstack/wire"
	"ipwsim/sim/cluster"
	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
	"ipwsim/sim/world"
)

var ofCables = []*Verb{
	{
		Name: "unplug", Target: Cable,
		Doc: "pull the cable; addresses become unusable, the configuration stays (H5)",
		Fault: &Fault{
			Said:    finding.Phrase{En: "the cable of {target} was pulled", Ja: "{target} のケーブルを抜いた"},
			Touches: theLink,
		},
		act: func(d *doing) error { return d.Plug(d.Target, false) },
	},
	{
		Name: "plug", Target: Cable,
		Doc: "plug the cable in again; duplicate address detection runs (H5)",
		Fault: &Fault{
			Said:  finding.Phrase{En: "the cable of {target} was plugged in", Ja: "{target} のケーブルを挿した"},
			Mends: always, Touches: theLink,
		},
		act: func(d *doing) error { return d.Plug(d.Target, true) },
	},
	{
		Name: "flap", Target: Cable, Rest: "<duration>", parse: parseSpan,
		Doc: "pull the cable and plug it in after the duration (W19)",
		Fault: &Fault{
			Said:    finding.Phrase{En: "the cable of {target} was out for {setting}", Ja: "{target} のケーブルを {setting}間抜いた"},
			Touches: theLink,
		},
		act: func(d *doing) error {
			err := d.Plug(d.Target, false)
			if err == nil {
				d.Over(d.fault, func() { _ = d.Plug(d.Target, true) }) // it is out: nobody else has touched it
			}
			return err
		},
	},
	{
		Name: "move-port", Target: Machine, Rest: "to <switch> [without notice]", parse: parseMoving,
		Doc: "move the machine to another port, of that switch or of the same, as a live migration does: the link does not go, and what disturbed its cable is left behind (N10). The hypervisor tells the switches by RARP; without notice they send to the old port until they hear from the machine, or forget it",
		Fault: &Fault{
			Said: finding.Phrase{En: "{target} was moved {setting}", Ja: "{target} を別のポートに移した: {setting}"},
			ja: func(s string) string {
				return strings.Replace(strings.TrimPrefix(s, "to "), " without notice", " (通知なし)", 1)
			},
			Mends: always, Touches: thePort,
		},
		act: func(d *doing) error {
			m := d.Arg.(moving)
			return d.MovePort(d.Target, m.to, !m.silent)
		},
	},
	{
		Name: "cut", Target: Cable, Rest: "<end>", parse: parseEnd,
		Doc: "what this end of the cable sends vanishes from now on; the link stays up (N1). An end is a machine, switch or router",
		Fault: &Fault{
			Said:    finding.Phrase{En: "nothing that {setting} sent got over the cable of {target}", Ja: "{target} のケーブルで {setting} の送信が届かなくなった"},
			Touches: func(d *doing) []trace.Touch { return ofEnds(d, trace.CutPart, d.Arg.String()) },
		},
		act: func(d *doing) error {
			return d.Disturb(d.Target, d.Arg.String(), func(i *wire.Impairment) { i.Cut = true })
		},
	},
	{
		Name: "mend", Target: Cable,
		Doc: "end what was cut on the cable",
		Fault: &Fault{
			Said:  finding.Phrase{En: "the cable of {target} was mended", Ja: "{target} のケーブルが直った"},
			Mends: always, Touches: func(d *doing) []trace.Touch { return ofEnds(d, trace.CutPart, "") },
		},
		act: func(d *doing) error { return d.Disturb(d.Target, "", func(i *wire.Impairment) { i.Cut = false }) },
	},
	{
		Name: "impair", Target: Cable, Rest: "<none|setting value...>", parse: parseImpair,
		Doc: "disturb the frames on the cable from now on (N1): loss 5%, latency 10ms, jitter 2ms, duplicate 1%, reorder 1% hold 3ms; then `from` and an end, for what that end sends only. P1 to P4, P7 and P8 leave unjudged what a disturbance may have changed",
		Fault: &Fault{
			Said:    finding.Phrase{En: "the cable of {target} was disturbed: {setting}", Ja: "{target} のケーブルの品質を変えた: {setting}"},
			Mends:   func(c Call) bool { return c.Arg.(impairing).Impairment == (cluster.Impairment{}) },
			Touches: func(d *doing) []trace.Touch { return ofEnds(d, trace.QualityPart, d.Arg.(impairing).from) },
		},
		act: func(d *doing) error {
			i := d.Arg.(impairing)
			return d.Disturb(d.Target, i.from, world.Impaired(i.Impairment))
		},
	},
}

// moving is where a machine's cable goes.
type moving struct {
	to     string
	silent bool // nobody tells the switches
}

func (m moving) String() string {
	if m.silent {
		return "to " + m.to + " without notice"
	}
	return "to " + m.to
}

func (m moving) names(Call) []Name { return []Name{{Kind: Switch, Word: m.to}} }

func parseMoving(words []string) (Arg, error) {
	silent := len(words) == 4 && words[2] == "without" && words[3] == "notice"
	if len(words) != 2 && !silent || words[0] != "to" {
		return nil, errForm
	}
	return moving{words[1], silent}, nil
}

func theLink(d *doing) []trace.Touch { return []trace.Touch{{Part: trace.LinkPart, Of: d.Target}} }

// thePort is the port, and all that can be wrong with the way there.
func thePort(d *doing) []trace.Touch {
	port := []trace.Touch{{Part: trace.PortPart, Of: d.Target}}
	return append(append(port, ofEnds(d, trace.CutPart, "")...), ofEnds(d, trace.QualityPart, "")...)
}

// ofEnds is the part of what the end of the target sends, or both ends when it is "".
func ofEnds(d *doing, part trace.Part, end string) []trace.Touch {
	if end != "" {
		return []trace.Touch{{Part: part, Of: d.Target, End: end}}
	}
	a, b := d.Ends(d.Target)
	return []trace.Touch{{Part: part, Of: d.Target, End: a}, {Part: part, Of: d.Target, End: b}}
}

// impairing is what a cable is to do to what its ends send, or one of them.
type impairing struct {
	cluster.Impairment
	from string
}

func (i impairing) String() string {
	s := i.Impairment.String()
	if i.from != "" {
		s += " from " + i.from
	}
	return s
}

func (i impairing) names(c Call) []Name {
	if i.from == "" {
		return nil
	}
	return []Name{{End, i.from, c.Target}}
}

func (i impairing) resolved(w *world.World) (Arg, error) {
	name, err := w.Who(i.from)
	i.from = name
	return i, err
}

func parseImpair(words []string) (Arg, error) {
	var i impairing
	if n := len(words); n >= 2 && words[n-2] == "from" {
		i.from, words = words[n-1], words[:n-2]
	}
	set, err := cluster.ParseImpairment(words)
	i.Impairment = set
	return i, err
}
