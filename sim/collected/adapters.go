package collected

import (
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"ipwsim/core/registry"
	"ipwsim/core/text"
)

// Adapters are known by other exports where ipconfig shows none: by netsh, the registry, the routes and, without masks, arp.

var netshHead = regexp.MustCompile(`^(?:Configuration for interface "(.+)"|インターフェイス "(.+)" の構成)\s*$`)

// parseNetsh reads the output of `netsh interface ip show config`.
func parseNetsh(d document) (all []Adapter) {
	for i, line := range d.lines {
		if m := netshHead.FindStringSubmatch(line); m != nil {
			all = append(all, Adapter{Name: m[1] + m[2], Place: d.at(i)})
			continue
		}
		name, value, ok := label(line)
		if !ok || len(all) == 0 {
			continue
		}
		a := &all[len(all)-1]
		ip, is := address(value)
		switch {
		case is && isOne(name, "IP Address", "IP アドレス"):
			a.Addresses = append(a.Addresses, Address{Prefix: netip.PrefixFrom(ip, -1), Place: d.at(i)})
		case isOne(name, "Subnet Prefix", "サブネット プレフィックス", "SubnetMask", "Subnet Mask", "サブネット マスク") && len(a.Addresses) > 0:
			of := &a.Addresses[len(a.Addresses)-1]
			first, _, _ := strings.Cut(value, " ")
			if prefix, err := netip.ParsePrefix(first); err == nil {
				of.Prefix = netip.PrefixFrom(of.Addr(), prefix.Bits())
			} else if bits, ok := prefixOf(ip); is && ok {
				of.Prefix = netip.PrefixFrom(of.Addr(), bits)
			}
		case is && isOne(name, "Default Gateway", "デフォルト ゲートウェイ"):
			a.Gateways = append(a.Gateways, Address{Prefix: netip.PrefixFrom(ip, 32), Place: d.at(i)})
		case isOne(name, "DHCP enabled", "DHCP 有効") && isOne(value, "Yes", "はい"):
			a.DHCP = Value{value, d.at(i)}
		}
	}
	return all
}

// interfacesKey begins the keys that Windows has an adapter's addresses in, by a number of its own for a name.
const interfacesKey = `HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters\Interfaces\`

// ofRegistry are the adapters of an export of those.
func ofRegistry(exports []registry.File) (all []Adapter) {
	for _, f := range exports {
		for _, k := range f.Keys {
			if len(k.Name) <= len(interfacesKey) || !strings.EqualFold(k.Name[:len(interfacesKey)], interfacesKey) {
				continue
			}
			a := Adapter{Place: Place{f.Name, k.Line}}
			for _, names := range [][3]string{{"IPAddress", "SubnetMask", "DefaultGateway"}, {"DhcpIPAddress", "DhcpSubnetMask", "DhcpDefaultGateway"}} {
				ips, at := listIn(k, names[0])
				masks, _ := listIn(k, names[1])
				for i, s := range ips[:min(len(ips), len(masks))] {
					ip, isIP := address(s)
					mask, isMask := address(masks[i])
					if bits, ok := prefixOf(mask); isIP && isMask && ok && !ip.IsUnspecified() {
						a.Addresses = append(a.Addresses, Address{Prefix: netip.PrefixFrom(ip, bits), Place: Place{f.Name, at}})
					}
				}
				gateways, at := listIn(k, names[2])
				for _, s := range gateways {
					if ip, is := address(s); is && !ip.IsUnspecified() {
						a.Gateways = append(a.Gateways, Address{Prefix: netip.PrefixFrom(ip, 32), Place: Place{f.Name, at}})
					}
				}
			}
			all = append(all, a)
		}
	}
	return all
}

// listIn are the texts of a value, one or more, and its line.
func listIn(k registry.Key, name string) (all []string, line int) {
	v, _ := k.Value(name)
	if v.Type != registry.SZ && v.Type != registry.MultiSZ {
		return nil, 0
	}
	s, _ := text.DecodeUTF16(v.Data)
	return strings.FieldsFunc(s, func(r rune) bool { return r == 0 }), v.Line
}

// ofRoutes are the adapters by the subnets that they are in.
func ofRoutes(routes []Route) (all []Adapter) {
	at := func(ip netip.Addr) *Adapter {
		i := slices.IndexFunc(all, func(a Adapter) bool { return a.Addresses[0].Addr() == ip })
		if i < 0 {
			return nil
		}
		return &all[i]
	}
	for _, r := range routes {
		if r.isOwn() && at(r.Interface) == nil {
			all = append(all, Adapter{Place: r.Place, Addresses: []Address{{Prefix: netip.PrefixFrom(r.Interface, r.To.Bits()), Place: r.Place}}})
		}
	}
	for _, r := range routes {
		if a := at(r.Interface); a != nil && r.To.Bits() == 0 && r.Gateway.IsValid() {
			a.Gateways = append(a.Gateways, Address{Prefix: netip.PrefixFrom(r.Gateway, 32), Place: r.Place})
		}
	}
	return all
}

// ofNeighbors are the adapters that arp -a shows, without masks.
func ofNeighbors(neighbors []Neighbor) (all []Adapter) {
	for _, n := range neighbors {
		if !slices.ContainsFunc(all, func(a Adapter) bool { return a.Addresses[0].Addr() == n.Interface }) {
			all = append(all, Adapter{Place: n.Place, Addresses: []Address{{Prefix: netip.PrefixFrom(n.Interface, -1), Place: n.Place}}})
		}
	}
	return all
}

// takeAdapters takes the adapters of other exports where ipconfig shows none. One without a name has that which the table
// has, if a VIP of the table belongs to it or there is no other; else it is called by its address.
func (s *Server) takeAdapters() {
	if len(s.IPConfig.Adapters) > 0 {
		return
	}
	for _, all := range [][]Adapter{s.netsh, ofRegistry(s.Exports), ofRoutes(s.Routes), ofNeighbors(s.Neighbors)} {
		all = slices.DeleteFunc(all, func(a Adapter) bool {
			return len(a.Addresses) == 0 || a.Addresses[0].Addr().IsLoopback()
		})
		if len(all) > 0 {
			s.IPConfig.Adapters = s.named(all)
			return
		}
	}
}

func (s *Server) named(all []Adapter) []Adapter {
	for i := range all {
		a := &all[i]
		for _, row := range s.Table.Rows() {
			holds := func(x Address) bool { return x.Addr() == row.VIP || x.IsValid() && x.Contains(row.VIP) }
			if a.Name == "" && (len(all) == 1 || slices.ContainsFunc(a.Addresses, holds)) {
				a.Name, a.Place = row.Interface, Place{s.TableFile, row.Line}
			}
		}
		if a.Name == "" {
			a.Name = a.Addresses[0].Addr().String()
		}
	}
	return all
}
