package collected

import (
	"net/netip"
	"regexp"
	"strings"

	"ipwsim/core/diag"
)

// IPConfig is the output of `ipconfig /all`.
type IPConfig struct {
	Host     Value
	Japanese bool
	Adapters []Adapter
}

// Adapter is a network card with what Windows has given it.
type Adapter struct {
	Name      string
	MAC       Value // lower case, with hyphens
	Addresses []Address
	Gateways  []Address // without a length
	DNS       []Address // likewise
	Place
}

// Address is an address with the length of its network.
type Address struct {
	netip.Prefix
	Place
}

var adapterLine = regexp.MustCompile(`^\S.*?(?:adapter|アダプター?) (.+):\s*$`)

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
		case a != nil:
			a.read(name, value, d.at(i), &problems)
		case isOne(name, "Host Name", "ホスト名") && value != "":
			c.Host = Value{value, d.at(i)}
		}
	}
	if problems.Err() == nil && len(c.Adapters) == 0 {
		problems.Errorf(file, 0, "found no adapter; expected the output of `ipconfig /all`, English or Japanese")
	}
	return c, problems
}

// read takes one value.
func (a *Adapter) read(name, value string, at Place, problems *diag.List) {
	ip, is := address(value)
	one := Address{netip.PrefixFrom(ip, 32), at}
	switch {
	case isOne(name, "Physical Address", "物理アドレス"):
		if macPattern.MatchString(value) {
			a.MAC = Value{strings.ToLower(value), at}
		}
	case isOne(name, "IPv4 Address", "IP Address", "IPv4 アドレス", "IP アドレス", "Autoconfiguration IPv4 Address", "自動構成 IPv4 アドレス"):
		if !is {
			problems.Errorf(at.File, at.Line, "found %q, expected an IPv4 address", value)
			return
		}
		a.Addresses = append(a.Addresses, one)
	case isOne(name, "Subnet Mask", "サブネット マスク") && len(a.Addresses) > 0:
		bits, mask := 0, false
		if is {
			bits, mask = prefixOf(ip)
		}
		if !mask {
			problems.Errorf(at.File, at.Line, "found %q, expected a subnet mask, as 255.255.255.0", value)
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

// Adapter finds an adapter by its name, case aside.
func (c IPConfig) Adapter(name string) (a Adapter, found bool) {
	for _, a := range c.Adapters {
		if strings.EqualFold(a.Name, name) {
			return a, true
		}
	}
	return a, false
}
