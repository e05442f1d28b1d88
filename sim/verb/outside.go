package verb

import (
	"net/netip"
	"strings"
	"time"

	"ipwsim/core/diag"
	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
	"ipwsim/sim/windows"
)

// ofMachines is what is done to a machine past its watcher (H18).
var ofMachines = []*Verb{
	{
		Name: "delete-address", Target: Node, Rest: "[vip]", bare: true, parse: parseAddress,
		Doc: "something else than the watcher, an operator or a network tool, deletes the VIP from the interface, the first unless another is named (H18)",
		Fault: &Fault{
			Said:  finding.Phrase{En: "{setting} was deleted on {target}, not by its watcher", Ja: "{target} の {setting} が監視プログラム以外によって削除された"},
			Bare:  finding.Phrase{En: "the VIP was deleted on {target}, not by its watcher", Ja: "{target} の VIP が監視プログラム以外によって削除された"},
			Mends: always, Touches: theAddress, // over at once: the watcher may add it again
		},
		act: onAddress((*windows.Node).DeleteAddress),
	},
	{
		Name: "add-address", Target: Node, Rest: "[vip]", bare: true, parse: parseAddress,
		Doc: "something else than the watcher adds the VIP to the interface, the first unless another is named (H18)",
		Fault: &Fault{
			Said:  finding.Phrase{En: "{setting} was added on {target}, not by its watcher", Ja: "{target} に {setting} が監視プログラム以外によって追加された"},
			Bare:  finding.Phrase{En: "the VIP was added on {target}, not by its watcher", Ja: "{target} に VIP が監視プログラム以外によって追加された"},
			Mends: always, Touches: theAddress,
		},
		act: onAddress((*windows.Node).AddAddress),
	},
	{
		Name: "team-failover", Target: Node,
		Doc: "the other card of the node's team takes over, with another MAC (H18); the team announces that if team_announces says so",
		Fault: &Fault{
			Said:  finding.Phrase{En: "the other card of {target}'s team took over", Ja: "{target} のチームのもう一方のカードに切り替わった"},
			Mends: always, Touches: parts(trace.CardPart),
		},
		act: func(d *doing) error {
			n, err := d.Node(d.Target)
			if err == nil && !n.FailOver() {
				err = diag.Errorf("%s has no team: there is no `team` in its table of cluster.toml", d.Target)
			}
			return err
		},
	},
	{
		Name: "clock", Target: Node, Rest: "<+time|-time>", parse: parseStep,
		Doc: "set the machine's clock forward or back: stamps in the log follow, timers do not (H18)",
		Fault: &Fault{
			Said:  finding.Phrase{En: "the clock of {target} was set by {setting}", Ja: "{target} の時計を {setting} ずらした"},
			Mends: always, Touches: parts(trace.ClockPart),
		},
		act: func(d *doing) error {
			return setOn(d, func(n *windows.Node) bool { return n.StepClock(time.Duration(d.Arg.(stepOf))) })
		},
	},
	{
		Name: "rename-interface", Target: Node, Rest: "<name>", parse: parseInterface,
		Doc: "give the interface another name, as a new card has; for netsh the one in ipwatch.dat is not there any more (H18). A name with blanks needs no quotes",
		Fault: &Fault{
			Said:    finding.Phrase{En: "the interface of {target} was renamed to {setting}", Ja: "{target} のネットワーク構成名が {setting} に変わった"},
			Touches: parts(trace.NamePart),
			undone: func(d *doing) bool {
				n, err := d.Node(d.Target)
				return err == nil && n.Watches(d.Arg.String())
			},
		},
		act: func(d *doing) error {
			return setOn(d, func(n *windows.Node) bool { return n.RenameInterface(d.Arg.String()) })
		},
	},
}

// vipOf is an address of a node.
type vipOf netip.Addr

func (v vipOf) String() string { return netip.Addr(v).String() }

func parseAddress(words []string) (Arg, error) {
	if len(words) != 1 {
		return nil, errForm
	}
	a, err := netip.ParseAddr(words[0])
	if err != nil || !a.Is4() {
		return nil, diag.Errorf("found %q, expected an IPv4 address", words[0])
	}
	return vipOf(a), nil
}

// address is the one that the call names, or the first VIP.
func (d *doing) address() netip.Addr {
	if v, named := d.Arg.(vipOf); named {
		return netip.Addr(v)
	}
	return d.VIPs()[0]
}

func theAddress(d *doing) []trace.Touch {
	return []trace.Touch{{Part: trace.AddressPart, Of: d.Target, End: d.address().String()}}
}

func onAddress(change func(*windows.Node, netip.Addr) bool) func(*doing) error {
	return func(d *doing) error {
		n, err := d.Node(d.Target)
		if err == nil && !change(n, d.address()) {
			err = diag.Errorf("%s is %s, and %v is %s on it; the fault changes nothing", d.Target, n.Status(), d.address(), n.AddressState(d.address()))
		}
		return err
	}
}

// stepOf is by how much a clock is set.
type stepOf time.Duration

func (s stepOf) String() string {
	if s > 0 {
		return "+" + time.Duration(s).String()
	}
	return time.Duration(s).String()
}

// mostStep is ten years: a clock whose battery is empty begins long ago.
const mostStep = 87_600 * time.Hour

func parseStep(words []string) (Arg, error) {
	if len(words) != 1 {
		return nil, errForm
	}
	d, err := time.ParseDuration(words[0])
	if err != nil || d == 0 || d.Abs() > mostStep {
		return nil, diag.Errorf("%q is no time other than 0, up to 87600h, as +1h or -30s", words[0])
	}
	return stepOf(d), nil
}

// iface is an interface's name.
type iface string

func (i iface) String() string { return string(i) }

func parseInterface(words []string) (Arg, error) {
	name := strings.Trim(strings.Join(words, " "), `"`)
	if name == "" {
		return nil, errForm
	}
	return iface(name), nil
}
