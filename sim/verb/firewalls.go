package verb

import (
	"strings"

	"ipwsim/core/diag"
	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
	"ipwsim/sim/windows"
)

var ofFirewalls = []*Verb{
	{
		Name: "block-echo", Target: Machine,
		Doc: "close the firewall for ICMP echo requests (H8)",
		Fault: &Fault{
			Said:    finding.Phrase{En: "{target} closed its firewall for echo requests", Ja: "{target} がファイアウォールで ping を遮断した"},
			Touches: parts(trace.EchoPart),
		},
		act: blockEcho(true),
	},
	{
		Name: "allow-echo", Target: Machine,
		Doc: "open it again (H8)",
		Fault: &Fault{
			Said:  finding.Phrase{En: "{target} opened its firewall for echo requests", Ja: "{target} が ping を許可した"},
			Mends: always, Touches: parts(trace.EchoPart),
		},
		act: blockEcho(false),
	},
	{
		Name: "network", Target: Node, Rest: "<public|domain>", parse: oneOf("public", "domain"),
		Doc: "what Windows takes the network for: on a public one the firewall lets nothing in, neither echo requests nor connections to the pipe or the mail services (H16)",
		Fault: &Fault{
			Said:  finding.Phrase{En: "{target} took its network for: {setting}", Ja: "{target} のネットワークプロファイル: {setting}"},
			ja:    strings.NewReplacer("public", "パブリック", "domain", "ドメイン").Replace,
			Mends: is("domain"), Touches: parts(trace.PublicPart),
		},
		act: func(d *doing) error {
			return setOn(d, func(n *windows.Node) bool { return n.SetPublic(d.word() == "public") })
		},
	},
	{
		Name: "block-pipe", Target: Node,
		Doc: "close the firewall for TCP 445: requests time out after 21 s (W15)",
		Fault: &Fault{
			Said:    finding.Phrase{En: "{target} closed its firewall for the pipe", Ja: "{target} がファイアウォールでパイプを遮断した"},
			Touches: pipeFor("firewall"),
		},
		act: func(d *doing) error { return setOn(d, func(n *windows.Node) bool { return n.BlockPipe(true) }) },
	},
	{
		Name: "allow-pipe", Target: Node,
		Doc: "open it again",
		Fault: &Fault{
			Said:  finding.Phrase{En: "{target} opened its firewall for the pipe", Ja: "{target} がパイプを許可した"},
			Mends: always, Touches: pipeFor("firewall"),
		},
		act: func(d *doing) error { return setOn(d, func(n *windows.Node) bool { return n.BlockPipe(false) }) },
	},
	{
		Name: "deny-pipe", Target: Node,
		Doc: "refuse the peer's account at the pipe: error 5 at once (W15)",
		Fault: &Fault{
			Said:    finding.Phrase{En: "{target} refused the peer's account at the pipe", Ja: "{target} がパイプで相手のアカウントを拒否した"},
			Touches: pipeFor("account"),
		},
		act: func(d *doing) error { return setOn(d, func(n *windows.Node) bool { return n.DenyPipe(true) }) },
	},
	{
		Name: "grant-pipe", Target: Node,
		Doc: "accept it again",
		Fault: &Fault{
			Said:  finding.Phrase{En: "{target} accepted the peer's account again", Ja: "{target} が相手のアカウントを許可した"},
			Mends: always, Touches: pipeFor("account"),
		},
		act: func(d *doing) error { return setOn(d, func(n *windows.Node) bool { return n.DenyPipe(false) }) },
	},
}

// pipeFor is what lets requests into the target's pipe: its firewall, or the account's right.
func pipeFor(what string) func(*doing) []trace.Touch {
	return func(d *doing) []trace.Touch {
		return []trace.Touch{{Part: trace.PipePart, Of: d.Target, End: what}}
	}
}

func blockEcho(block bool) func(*doing) error {
	return func(d *doing) error {
		m, err := d.Machine(d.Target)
		if err == nil && !m.BlockEcho(block) {
			err = diag.Errorf("%s is set so already", d.Target)
		}
		return err
	}
}
