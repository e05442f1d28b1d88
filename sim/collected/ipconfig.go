package collected

import (
	"net/netip"
	"regexp"
	"strings"

	"ipwsim/core/diag"
	"ipwsim/core/text"
)

// IPConfig is the output of `ipconfig /all`.
type IPConfig struct {
	Host     Value
	Suffixes []Value // domains that its names may have in DNS: the computer's, adapters', and those that are searched
	Japanese bool
	Adapters []Adapter
}

// Adapter is a network card with what Windows has given it.
type Adapter struct {
	Name      string
	MAC       Value // lower case, with hyphens
	Card      Value // what the driver calls it
	DHCP      Value // that it asks DHCP for its address
	Addresses []Address
	Gateways  []Address // without a length
	DNS       []Address // likewise
	Place

	vista, ended bool // it says IPv4; it says how NetBIOS is
	idle         bool // it has no link
	unread       bool // the address before could not be read
}

// Address is an address with the length of its network, which is not valid where no mask follows it.
type Address struct {
	netip.Prefix
	Duplicate bool // another machine has it, as this one found out
	Place
}

var adapterLine = regexp.MustCompile(`^\S.*?(?:adapter|アダプター?) (.+):\s*$`)

// suffixLabels are what ipconfig calls domains.
var suffixLabels = []string{
	"Primary Dns Suffix", "プライマリ DNS サフィックス", "Connection-specific DNS Suffix", "接続固有の DNS サフィックス",
	"DNS Suffix Search List", "DNS サフィックス検索一覧",
}

// farIn is where the further values of a label begin: no label is so far in.
const farIn = "                    "

// ParseIPConfig reads the output of `ipconfig /all` of Windows 2003 to 2025.
func ParseIPConfig(file string, data []byte) (IPConfig, diag.List) {
	d, problems := decode(file, data)
	var c IPConfig
	var a *Adapter
	last := "" // label
	for i, line := range d.lines {
		if m := adapterLine.FindStringSubmatch(line); m != nil {
			c.Adapters = append(c.Adapters, Adapter{Name: m[1], Place: d.at(i)})
			a, last = &c.Adapters[len(c.Adapters)-1], ""
			continue
		}
		name, value := last, strings.TrimSpace(line)
		if !strings.HasPrefix(line, farIn) {
			var ok bool
			if name, value, ok = label(line); !ok {
				c.Japanese = c.Japanese || strings.HasPrefix(line, "Windows IP 構成")
				continue
			}
			last = name
		}
		switch {
		case isOne(name, suffixLabels...):
			if value != "" {
				c.Suffixes = append(c.Suffixes, Value{value, d.at(i)})
			}
		case a != nil:
			a.read(name, value, d.at(i), &problems)
		case isOne(name, "Host Name", "ホスト名") && value != "":
			c.Host = Value{value, d.at(i)}
		}
	}
	if problems.Err() == nil && len(c.Adapters) == 0 {
		problems.Errorf(file, 0, "found no adapter; expected the output of `ipconfig /all`, English or Japanese")
	}
	c.checkEnd(d, &problems)
	return c, problems
}

// checkEnd holds adapters against what ipconfig says of each: the mask of an address, and since Vista, which says IPv4,
// at last the state of NetBIOS. One that says neither an address nor that it has no link is cut off, too.
func (c IPConfig) checkEnd(d document, problems *diag.List) {
	for i, a := range c.Adapters {
		for _, one := range a.Addresses {
			if !one.IsValid() {
				d.isCut(problems, one.Place, diag.Say("the address %s", one.Addr()), diag.Say("subnet mask"))
			}
		}
		switch {
		case i < len(c.Adapters)-1:
		case a.vista && !a.ended:
			d.mayBeCut(problems, diag.Say("the adapter's NetBIOS"))
		case len(a.Addresses) == 0 && !a.idle && !a.ended:
			d.mayBeCut(problems, diag.Say("an address of the adapter %s", text.Quote(a.Name)))
		}
	}
}

// read takes one value.
func (a *Adapter) read(name, value string, at Place, problems *diag.List) {
	ip, is := address(value)
	one := Address{Prefix: netip.PrefixFrom(ip, 32), Duplicate: strings.HasSuffix(value, "(Duplicate)") || strings.HasSuffix(value, "(重複)"), Place: at}
	a.ended = a.ended || strings.HasPrefix(name, "NetBIOS")
	a.idle = a.idle || isOne(name, "Media State", "メディアの状態")
	a.vista = a.vista || strings.HasPrefix(name, "IPv4")
	switch {
	case isOne(name, "Physical Address", "物理アドレス"):
		if macPattern.MatchString(value) {
			a.MAC = Value{strings.ToLower(value), at}
		}
	case isOne(name, "Description", "説明"):
		a.Card = Value{value, at}
	case isOne(name, "DHCP Enabled", "DHCP 有効"):
		if isOne(value, "Yes", "はい") {
			a.DHCP = Value{value, at}
		}
	case isOne(name, "IPv4 Address", "IP Address", "IPv4 アドレス", "IP アドレス", "Autoconfiguration IPv4 Address", "自動構成 IPv4 アドレス"):
		if !is {
			problems.Warnf(at.File, at.Line, "found %q, expected an IPv4 address", value)
			a.unread = true
			return
		}
		one.Prefix = netip.PrefixFrom(ip, -1) // the mask follows
		a.Addresses = append(a.Addresses, one)
	case isOne(name, "Subnet Mask", "サブネット マスク") && a.unread: // that of no address
		a.unread = false
	case isOne(name, "Subnet Mask", "サブネット マスク") && len(a.Addresses) > 0:
		bits, mask := 0, false
		if is {
			bits, mask = prefixOf(ip)
		}
		if !mask {
			problems.Warnf(at.File, at.Line, "found %q, expected a subnet mask, as 255.255.255.0", value)
			a.Addresses = a.Addresses[:len(a.Addresses)-1] // others may say it
			return
		}
		of := &a.Addresses[len(a.Addresses)-1]
		of.Prefix = netip.PrefixFrom(of.Addr(), bits)
	case is && isOne(name, "Default Gateway", "デフォルト ゲートウェイ"):
		a.Gateways = append(a.Gateways, one)
	case is && isOne(name, "DNS Servers", "DNS サーバー", "DNS サーバ"):
		a.DNS = append(a.DNS, one)
	}
}

// Team says whether it stands for several cards: a team of Windows' own, since 2012.
func (a Adapter) Team() bool {
	return strings.Contains(a.Card.Text, "Network Adapter Multiplexor Driver")
}

// Only is the one adapter with addresses; the zero Adapter where there are none, or several.
func (c IPConfig) Only() (one Adapter) {
	for _, a := range c.Adapters {
		switch {
		case len(a.Addresses) == 0:
		case one.Name != "":
			return Adapter{}
		default:
			one = a
		}
	}
	return one
}

// Adapter finds an adapter by its name, case aside.
func (c IPConfig) Adapter(name string) (a Adapter, found bool) {
	for _, a := range c.Adapters {
		if strings.EqualFold(a.Name, name) {
			return a, true
		}
	}
	return a, false
}
