package collected

import (
	"regexp"
	"strings"

	"ipwsim/core/diag"
)

// Firewall is what netsh advfirewall says of incoming traffic.
type Firewall struct {
	Off     Value  // that it is off
	Profile string // the one in force: domain, private, public; "" when it does not say
	Rules   []Rule
}

// Rule is one of its rules.
type Rule struct {
	Name     string
	Enabled  bool
	In       bool
	Block    bool
	Protocol string
	Types    []string // of ICMP; none: any
	Profiles []string // domain, private, public
	Place
}

var (
	profileLine = regexp.MustCompile(`^(Domain|Private|Public|ドメイン|プライベート|パブリック) (?:Profile|プロファイル)`)
	stateLine   = regexp.MustCompile(`^(?:State|状態) +(\S+)`)
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
			f.Profile = profileOf(m[1])
		case r == nil:
			if m := stateLine.FindStringSubmatch(line); m != nil && isOne(m[1], "OFF", "オフ") {
				f.Off = Value{m[1], d.at(i)}
			}
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
	if problems.Err() == nil && f.Profile == "" && len(f.Rules) == 0 {
		problems.Errorf(file, 0, "found no rule; expected the output of `netsh advfirewall firewall show rule name=all dir=in`, English or Japanese")
	}
	return f, problems
}

func (r *Rule) read(name, value string) {
	switch {
	case isOne(name, "Enabled", "有効"):
		r.Enabled = isOne(value, "Yes", "はい")
	case isOne(name, "Direction", "方向"):
		r.In = isOne(value, "In", "入力")
	case isOne(name, "Action", "操作"):
		r.Block = isOne(value, "Block", "ブロック")
	case isOne(name, "Protocol", "プロトコル"):
		r.Protocol = value
	case isOne(name, "Profiles", "プロファイル"):
		for _, p := range listParts.Split(value, -1) {
			r.Profiles = append(r.Profiles, profileOf(p))
		}
	}
}

// echo says whether the rule is about echo requests over IPv4.
func (r Rule) echo() bool {
	if isOne(r.Protocol, "Any", "任意") {
		return true
	}
	if !isOne(r.Protocol, "ICMPv4", "1") {
		return false
	}
	for _, t := range r.Types {
		if isOne(t, "8", "Any", "任意") {
			return true
		}
	}
	return len(r.Types) == 0
}

// inForce says whether the rule holds in the profile. Where none is known, a rule for machines of a domain alone does
// not count.
func (r Rule) inForce(profile string) bool {
	for _, p := range r.Profiles {
		if p == profile || profile == "" && p != "domain" {
			return true
		}
	}
	return len(r.Profiles) == 0
}

// EchoBlocked says whether echo requests are dropped, and which line says so: a rule that blocks goes before one that
// lets in, and what no rule lets in is dropped. Where there are no rules it is not known.
func (f Firewall) EchoBlocked() (blocked bool, by Place, known bool) {
	if f.Off.Found() {
		return false, f.Off.Place, true
	}
	let := Place{}
	about := Place{}
	for _, r := range f.Rules {
		switch {
		case !r.In || !r.echo():
		case !r.Enabled || !r.inForce(f.Profile):
			if about.File == "" && !isOne(r.Protocol, "Any", "任意") {
				about = r.Place
			}
		case r.Block:
			return true, r.Place, true
		case let.File == "":
			let = r.Place
		}
	}
	switch {
	case let.File != "":
		return false, let, true
	case len(f.Rules) == 0:
		return false, Place{}, false
	case about.File == "":
		about = Place{f.Rules[0].File, 0}
	}
	return true, about, true
}
