package verb

import (
	"math"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"ipwsim/core/diag"
	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
	"ipwsim/sim/windows"
	"ipwsim/sim/world"
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
		Name: "clock", Target: Node, Rest: "<+time|-time|p% fast|p% slow|right>", parse: parseClock,
		Doc: "set the machine's clock forward or back: stamps in the log follow, timers do not. Or have it run fast or slow by up to 2%: all that the machine times goes by it, until it runs right again (H18)",
		Fault: &Fault{
			Said:  finding.Phrase{En: "the clock of {target} was changed: {setting}", Ja: "{target} の時計を変えた: {setting}"},
			ja:    strings.NewReplacer(" fast", " 速く", " slow", " 遅く", "right", "正常な進み方").Replace,
			Mends: func(c Call) bool { p, runs := c.Arg.(paceOf); return !runs || p == 0 },
			Touches: func(d *doing) []trace.Touch {
				if _, runs := d.Arg.(paceOf); runs {
					return parts(trace.PacePart)(d)
				}
				return parts(trace.ClockPart)(d)
			},
		},
		act: func(d *doing) error {
			return setOn(d, func(n *windows.Node) bool {
				if ppm, runs := d.Arg.(paceOf); runs {
					return n.Drift(int64(ppm))
				}
				return n.StepClock(time.Duration(d.Arg.(stepOf)))
			})
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
	{
		Name: "registry", Target: Node, Rest: "<value> <data>", parse: parseValue,
		Doc: "write a value of the node's registry, as reg add does: LogEnabled, Interval, Balance, ReleaseTime or PingTimeout of IPWCS, or LogicalIP of EPSTDS. It has no effect until the service starts again (W3)",
		Fault: &Fault{
			Said:  finding.Phrase{En: "a registry value of {target} was changed: {setting}", Ja: "{target} のレジストリ値が変更された: {setting}"},
			Mends: always,
			Touches: func(d *doing) []trace.Touch {
				return []trace.Touch{{Part: trace.ValuePart, Of: d.Target, End: d.Arg.(valueOf).name}}
			},
		},
		act: func(d *doing) error { return d.SetValue(d.Target, d.Arg.(valueOf).name, d.Arg.(valueOf).data) },
	},
}

// valueOf is a value of a registry and what it becomes.
type valueOf struct{ name, data string }

func (v valueOf) String() string { return v.name + " " + v.data }

func parseValue(words []string) (Arg, error) {
	if len(words) != 2 {
		return nil, errForm
	}
	name, data, err := world.ReadValue(words[0], words[1])
	return valueOf{name, data}, err
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
	if !windows.IsHosts(netip.PrefixFrom(a, a.BitLen())) {
		return nil, diag.Errorf("%s is no host's address; expected the address of one host", a)
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
		switch {
		case err != nil || change(n, d.address()):
		case !windows.IsHosts(netip.PrefixFrom(d.address(), n.Address().Bits())):
			err = diag.Errorf("%s is no host's address; expected the address of one host", d.address())
		default:
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

// paceOf is by how many millionths a clock runs fast.
type paceOf int64

// percent is so many millionths.
const percent = 10_000

func (p paceOf) String() string {
	switch {
	case p > 0:
		return strconv.FormatFloat(float64(p)/percent, 'f', -1, 64) + "% fast"
	case p < 0:
		return strconv.FormatFloat(float64(-p)/percent, 'f', -1, 64) + "% slow"
	}
	return "right"
}

// parseClock reads by how much a clock is set, or how it runs from now on.
func parseClock(words []string) (Arg, error) {
	if len(words) == 1 && words[0] == "right" {
		return paceOf(0), nil
	}
	if len(words) == 1 {
		return parseStep(words)
	}
	if len(words) != 2 || words[1] != "fast" && words[1] != "slow" {
		return nil, errForm
	}
	number, is := strings.CutSuffix(words[0], "%")
	p, err := strconv.ParseFloat(number, 64)
	ppm := paceOf(math.Round(p * percent))
	if !is || err != nil || ppm < 1 || ppm > 2*percent {
		return nil, diag.Errorf("found %q, expected above 0%% to 2%%, as 0.5%%", words[0])
	}
	if words[1] == "slow" {
		ppm = -ppm
	}
	return ppm, nil
}

func parseStep(words []string) (Arg, error) {
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
