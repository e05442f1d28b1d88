package audit

import (
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"time"

	"ipwsim/netstack/arp"
	"ipwsim/sim/audited"
	"ipwsim/sim/cluster"
	"ipwsim/sim/profile"
	"ipwsim/sim/trace"
)

// proposeNetwork are settings of switches and routers.
func (p *plan) proposeNetwork() {
	for i, s := range p.bp.Switches {
		if s.PortFast {
			continue
		}
		d := p.draft(audited.PortFast, audited.Choice)
		d.Node = s.Name
		d.toml(table{"switch", i}, "port_fast", "true")
		d.hand(s.Name, audited.OnSwitch)
		d.done()
	}
	for i, r := range p.bp.Routers {
		if deaf := deafTo(r.Profile); len(deaf) > 0 && r.Profile.GratuitousRequest == arp.Ignore {
			p.proposeRouter(audited.L3Announce, i, "update", deaf...)
		}
		if r.Profile.Age > shortAge {
			p.proposeRouter(audited.L3Age, i, inUnits(shortAge), "age")
		}
	}
}

// deafTo are the keys of the announcements that the cache ignores.
func deafTo(n profile.Neighbor) (keys []string) {
	if n.GratuitousRequest == arp.Ignore {
		keys = append(keys, "gratuitous_request")
	}
	if n.GratuitousReply == arp.Ignore {
		keys = append(keys, "gratuitous_reply")
	}
	return keys
}

// inUnits is a time without the units that it has none of: 4h, not 4h0m0s.
func inUnits(d time.Duration) string {
	text := d.String()
	for _, none := range []string{"0s", "0m"} {
		if before, is := strings.CutSuffix(text, none); is && strings.TrimRight(before, "hm") != before {
			text = before
		}
	}
	return text
}

// shortAge is how long a router shall believe an ARP entry.
const shortAge = 5 * time.Minute

// proposeRouter gives the router's profile another value of those keys: where it is one of the cluster's own and nobody
// else's, in its place; where it is a shipped one, in a profile of the router's own, which is added.
func (p *plan) proposeRouter(kind audited.ChangeKind, nth int, value string, keys ...string) {
	r := p.bp.Routers[nth]
	d := p.draft(kind, audited.Choice)
	d.Node, d.To = r.Name, value
	if kind == audited.L3Age {
		d.From = inUnits(r.Profile.Age)
	}
	_, shipped := profile.Neighbors.Lookup(r.Profile.Name)
	own := table{"profile", slices.IndexFunc(p.bp.Profiles, func(o profile.Described) bool { return o.Title() == r.Profile.Name })}
	switch {
	case shipped:
		name := p.unused(r.Name + "-own")
		d.toml(table{"router", nth}, "profile", fmt.Sprintf("%q", name))
		lines := []string{"[[profile]]", fmt.Sprintf("name = %q", name), fmt.Sprintf("base = %q", r.Profile.Name)}
		for _, k := range keys {
			lines = append(lines, fmt.Sprintf("%s = %q", k, value))
		}
		d.tomlEnd(lines...)
	case p.users(r.Profile.Name) > 1:
		return // a profile has no other own one as its base
	default:
		for _, k := range keys {
			d.toml(own, k, fmt.Sprintf("%q", value))
		}
	}
	d.hand(r.Name, audited.OnSwitch)
	d.done()
}

// unused is the name, or one like it, that no profile has.
func (p *plan) unused(name string) string {
	for slices.ContainsFunc(p.bp.Profiles, func(o profile.Described) bool { return o.Title() == name }) {
		name += "-own"
	}
	return name
}

// users are how many machines have the profile for their ARP cache.
func (p *plan) users(name string) (n int) {
	for _, r := range p.bp.Routers {
		if r.Profile.Name == name {
			n++
		}
	}
	for _, c := range p.bp.Clients {
		if c.Profile.Name == name {
			n++
		}
	}
	for _, s := range p.bp.Nodes {
		if s.ARP.Name == name {
			n++
		}
	}
	return n
}

// proposeMask gives the node the mask of its segment, which the rest of that has (H20). Where nobody has told which of the
// two masks is right, each node is tried with the other's: then all others of the segment have that, too.
func (p *plan) proposeMask(n *cluster.Node) {
	kind, length := audited.SameMask, p.bp.Subnet.Bits()
	if p.bp.EitherMask {
		kind, length = audited.EitherMask, p.bp.Peer(n).Address.Bits()
	}
	right := netip.PrefixFrom(n.Address.Addr(), length)
	if right == n.Address {
		return
	}
	d := p.draft(kind, audited.Mend)
	d.mail, d.Node, d.From, d.To = true, n.Role, trace.Mask(n.Address.Bits()).String(), trace.Mask(length).String()
	d.toml(table{"node." + n.Role, 0}, "address", fmt.Sprintf("%q", right))
	if right.Masked() != p.bp.Subnet {
		d.edited(d.files.setSubnet(p.bp.Subnet, length), true)
	}
	if p.bp.EitherMask {
		d.edited(d.files.dropEither(), true)
	}
	d.shell(n, "Set-NetIPAddress", fmt.Sprintf("-IPAddress %s -PrefixLength %d", right.Addr(), length))
	if n.Watcher.Kind == cluster.IPWCS {
		d.hand(n.Name, audited.RenewVIP)
	}
	d.done()
}

var addressLine = regexp.MustCompile(`^\s*address\s*=\s*"([0-9./]+)"`)

// setSubnet gives all addresses of the subnet another prefix length.
func (f files) setSubnet(subnet netip.Prefix, length int) (edits []audited.Edit) {
	lines := strings.Split(string(f[tomlFile]), "\n")
	for i, line := range lines {
		m := addressLine.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		if p, err := netip.ParsePrefix(m[1]); err == nil && p.Masked() == subnet {
			lines[i] = fmt.Sprintf("address = %q", netip.PrefixFrom(p.Addr(), length))
			edits = append(edits, audited.Edit{File: tomlFile, Line: i + 1, Old: strings.TrimSpace(line), New: lines[i]})
		}
	}
	f[tomlFile] = []byte(strings.Join(lines, "\n"))
	return edits
}

// dropEither takes the key out that says that nobody has told which mask is right.
func (f files) dropEither() []audited.Edit {
	lines := strings.Split(string(f[tomlFile]), "\n")
	i := slices.IndexFunc(lines, func(line string) bool {
		key, _, is := strings.Cut(line, "=")
		return is && strings.TrimSpace(key) == "either_mask"
	})
	if i < 0 {
		return nil
	}
	old := strings.TrimSpace(lines[i])
	f[tomlFile] = []byte(strings.Join(slices.Delete(lines, i, i+1), "\n"))
	return []audited.Edit{{File: tomlFile, Line: i + 1, Old: old}}
}
