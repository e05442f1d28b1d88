package collected

import (
	"regexp"
	"slices"
	"strings"

	"ipwsim/core/diag"
	"ipwsim/core/text"
)

// Firewall is what netsh advfirewall says of incoming traffic.
type Firewall struct {
	Off     Value  // that it is off
	Policy  Value  // what becomes of what no rule names: AllowInbound, BlockInbound, or BlockInboundAlways, whatever rules say
	Profile string // the one in force, or two with a comma: domain, private, public; "" when it does not say
	Rules   []Rule
	Cut     bool // the end of its output is missing: there may be more rules

	shown []shown // the profiles whose settings it has
}

// shown are the settings of a profile.
type shown struct {
	name        string
	off, policy Value
}

// Rule is one of its rules.
type Rule struct {
	Name     string
	Enabled  bool
	In       bool
	Block    bool
	Protocol string
	Types    []string // of ICMP; none: any
	Ports    []string // of TCP or UDP, on this machine; none: any
	From, To []string // addresses: of who sends, of this machine; none: any
	Profiles []string // domain, private, public
	Programs []string // the program and the service that it is about, of verbose output; none: not said
	ended    bool     // its last line is there
	Place
}

var (
	profileLine = regexp.MustCompile(`^(Domain|Private|Public|ドメイン|プライベート|パブリック) (?:Profile|プロファイル)`)
	stateLine   = regexp.MustCompile(`^(?:State|状態) +(\S+)`)
	policyLine  = regexp.MustCompile(` (AllowInbound|BlockInbound|BlockInboundAlways),(?:Allow|Block)Outbound\s*$`)
	profiles    = map[string]string{"ドメイン": "domain", "プライベート": "private", "パブリック": "public"}
	listParts   = regexp.MustCompile(`[,、]\s*`)
)

func profileOf(s string) string {
	if p, ok := profiles[s]; ok {
		return p
	}
	return strings.ToLower(s)
}

// ParseFirewall reads the output of `netsh advfirewall show currentprofile`, of `netsh advfirewall firewall show rule
// name=all dir=in`, or of both in one file.
func ParseFirewall(file string, data []byte) (f Firewall, problems diag.List) {
	d, problems := decode(file, data)
	var r *Rule
	types := false // the next line is one of ICMP types
	for i, line := range d.lines {
		name, value, ok := label(line)
		switch m := profileLine.FindStringSubmatch(line); {
		case ok && isOne(name, "Rule Name", "規則名"):
			f.Rules = append(f.Rules, Rule{Name: value, In: true, Place: d.at(i)})
			r, types = &f.Rules[len(f.Rules)-1], false
		case r == nil && m != nil:
			f.shown = append(f.shown, shown{name: profileOf(m[1])})
		case r == nil:
			f.readProfile(line, d.at(i))
		case ok:
			r.read(name, value)
			types = false
		case types && len(strings.Fields(line)) > 0:
			r.Types = append(r.Types, strings.Fields(line)[0])
		default:
			first, _, _ := strings.Cut(strings.TrimSpace(line), " ")
			types = isOne(first, "Type", "種類")
		}
	}
	f.settle()
	if problems.Err() == nil && len(f.shown) == 0 && len(f.Rules) == 0 {
		problems.Errorf(file, 0, "found no rule; expected the output of `netsh advfirewall firewall show rule name=all dir=in`, English or Japanese")
	}
	f.Cut = f.checkEnd(d, &problems)
	return f, problems
}

// checkEnd says whether the end is missing, which netsh writes as Ok., or that of a rule, which is its action.
func (f *Firewall) checkEnd(d document, problems *diag.List) (cut bool) {
	for _, r := range f.Rules {
		if !r.ended {
			d.isCut(problems, r.Place, diag.Say("the rule %s", text.Quote(r.Name)), diag.Say("Action"))
		}
	}
	if _, last := d.lastLine(); !isOne(last, "Ok.", "OK") {
		d.mayBeCut(problems, diag.Say("the %s of netsh", text.Quote("Ok.")))
		return true
	}
	return false
}

// readProfile reads a line of a profile's settings.
func (f *Firewall) readProfile(line string, at Place) {
	if len(f.shown) == 0 {
		f.shown = append(f.shown, shown{})
	}
	last := &f.shown[len(f.shown)-1]
	if m := stateLine.FindStringSubmatch(line); m != nil && isOne(m[1], "OFF", "オフ") {
		last.off = Value{m[1], at}
	}
	if m := policyLine.FindStringSubmatch(line); m != nil {
		last.policy = Value{m[1], at}
	}
}

// everyProfile is how many there are: all of them are what `show allprofiles` writes, and not those in force.
const everyProfile = 3

// settle takes what holds of the profiles that are shown: off is the firewall if it is in each, and so let in is what no
// rule names.
func (f *Firewall) settle() {
	f.shown = slices.DeleteFunc(f.shown, func(s shown) bool { return s == shown{} })
	var names []string
	off := len(f.shown) > 0
	for i, s := range f.shown {
		names = append(names, s.name)
		if off = off && s.off.Found(); i == 0 || !isOne(s.policy.Text, "AllowInbound") {
			f.Policy = s.policy
		}
	}
	if off {
		f.Off = f.shown[0].off
	}
	if len(names) < everyProfile {
		f.Profile = strings.Join(names, ",")
	}
}

// InForce are the profiles that are in force; none: it does not say.
func (f Firewall) InForce() []string {
	if f.Profile == "" {
		return nil
	}
	return strings.Split(f.Profile, ",")
}

// On is the firewall on networks of one profile: each is in force on those of its category, which the network that an adapter
// is on decides.
func (f Firewall) On(profile string) Firewall {
	f.Profile = profile
	for _, s := range f.shown {
		if s.name == profile {
			f.Off, f.Policy = s.off, s.policy
		}
	}
	return f
}

func (r *Rule) read(name, value string) {
	switch {
	case isOne(name, "Enabled", "有効"):
		r.Enabled = isOne(value, "Yes", "はい")
	case isOne(name, "Direction", "方向"):
		r.In = isOne(value, "In", "入力")
	case isOne(name, "Action", "操作"):
		r.Block, r.ended = isOne(value, "Block", "ブロック"), true
	case isOne(name, "Protocol", "プロトコル"):
		r.Protocol = value
	case isOne(name, "LocalPort", "ローカル ポート"):
		r.Ports = listParts.Split(value, -1)
	case isOne(name, "RemoteIP", "リモート IP"):
		r.From = listParts.Split(value, -1)
	case isOne(name, "LocalIP", "ローカル IP"):
		r.To = listParts.Split(value, -1)
	case isOne(name, "Program", "Service", "プログラム", "サービス"):
		r.Programs = append(r.Programs, value)
	case isOne(name, "Profiles", "プロファイル"):
		for _, p := range listParts.Split(value, -1) {
			r.Profiles = append(r.Profiles, profileOf(p))
		}
	}
}
