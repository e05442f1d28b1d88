package verb

import (
	"net/netip"

	"ipwsim/core/diag"
	"ipwsim/sim/finding"
	"ipwsim/sim/stranger"
	"ipwsim/sim/trace"
	"ipwsim/sim/world"
)

var ofStrangers = []*Verb{
	{
		Name: "claim", Target: OfStranger, Rest: "<vip|address>", parse: parsePing,
		Doc: "a stranger sends one gratuitous ARP for the address, whoever has it (N7)",
		Fault: &Fault{
			Said:  finding.Phrase{En: "{target} claimed {setting}", Ja: "{target} が {setting} を名乗った"},
			Mends: always, Touches: spoken,
		},
		act: onStranger(func(s *stranger.Stranger, ip netip.Addr) bool { s.Claim(ip); return true }),
	},
	{
		Name: "probe", Target: OfStranger, Rest: "<vip|address>", parse: parsePing,
		Doc: "a stranger probes once for the address, from 0.0.0.0 (N7)",
		Fault: &Fault{
			Said:  finding.Phrase{En: "{target} probed for {setting}", Ja: "{target} が {setting} を検査した"},
			Mends: always, Touches: spoken,
		},
		act: onStranger(func(s *stranger.Stranger, ip netip.Addr) bool { s.Probe(ip); return true }),
	},
	{
		Name: "usurp", Target: OfStranger, Rest: "<vip|address>", parse: parsePing,
		Doc: "a stranger has the address from now on, as its own (N7)",
		Fault: &Fault{
			Said:    finding.Phrase{En: "{target} had {setting} as its own", Ja: "{target} が {setting} を自分のアドレスにした"},
			Touches: spoken,
		},
		act: onStranger((*stranger.Stranger).Take),
	},
	{
		Name: "leave", Target: OfStranger, Rest: "<vip|address>", parse: parsePing,
		Doc: "it has the address no more (N7)",
		Fault: &Fault{
			Said:  finding.Phrase{En: "{target} gave {setting} up", Ja: "{target} が {setting} を手放した"},
			Mends: always, Touches: spoken,
		},
		act: onStranger((*stranger.Stranger).Leave),
	},
	{
		Name: "answer", Target: OfStranger, Rest: "<all|vip|address>", parse: parseAnswered,
		Doc: "a stranger answers ARP for every address from now on, or for that one: proxy ARP (N7)",
		Fault: &Fault{
			Said:    finding.Phrase{En: "{target} answered ARP for {setting}", Ja: "{target} が ARP に応答し始めた: {setting}"},
			Touches: spoken,
		},
		act: answer(true),
	},
	{
		Name: "unanswer", Target: OfStranger, Rest: "<all|vip|address>", parse: parseAnswered,
		Doc: "it answers so no more (N7)",
		Fault: &Fault{
			Said:  finding.Phrase{En: "{target} answered ARP for {setting} no more", Ja: "{target} が ARP への応答をやめた: {setting}"},
			Mends: always, Touches: spoken,
		},
		act: answer(false),
	},
}

// spoken is what the stranger says of the address.
func spoken(d *doing) []trace.Touch {
	return []trace.Touch{{Part: trace.StrangerPart, Of: d.Target, End: d.Arg.String()}}
}

func onStranger(do func(*stranger.Stranger, netip.Addr) bool) func(*doing) error {
	return func(d *doing) error {
		s, err := d.Stranger(d.Target)
		if err == nil && !do(s, netip.Addr(d.Arg.(pinged))) {
			err = diag.Errorf("%s does so already", d.Target)
		}
		return err
	}
}

// answered is what a stranger answers for: all, or an address.
type answered struct {
	all bool
	ip  pinged
}

func (a answered) String() string {
	if a.all {
		return "all"
	}
	return a.ip.String()
}

func (a answered) resolved(w *world.World) (Arg, error) {
	if !a.all {
		a.ip = pinged(a.ip.of(w))
	}
	return a, nil
}

func parseAnswered(words []string) (Arg, error) {
	if len(words) == 1 && words[0] == "all" {
		return answered{all: true}, nil
	}
	ip, err := parsePing(words)
	if err != nil {
		return nil, err
	}
	return answered{ip: ip.(pinged)}, nil
}

func answer(on bool) func(*doing) error {
	return func(d *doing) error {
		s, err := d.Stranger(d.Target)
		a := d.Arg.(answered)
		switch {
		case err != nil:
			return err
		case a.all && s.AnswerAll(on), !a.all && s.Answer(netip.Addr(a.ip), on):
			return nil
		}
		return diag.Errorf("%s does so already", d.Target)
	}
}
