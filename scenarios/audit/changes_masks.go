package audit

import (
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"ipwsim/sim/audited"
	"ipwsim/sim/cluster"
	"ipwsim/sim/trace"
)

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
