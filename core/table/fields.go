package table

import (
	"net/netip"
	"strings"
	"unicode"

	"ipwsim/core/diag"
	"ipwsim/core/text"
)

// Each check returns what was found and what was expected, or nil when all is well.

// peerProblem checks a UNC name of a computer: by name or by address (C1).
func peerProblem(peer string) error {
	if r, found := text.Yen(peer); found {
		return diag.Errorf(`-c=%s has the yen sign %s; expected the backslash \ (U+005C), which fonts of Japanese Windows show as a yen sign too`, peer, text.Name(r))
	}
	const expected = `; expected two backslashes and a computer, as in \\server or \\192.168.0.2`
	name, unc := strings.CutPrefix(peer, `\\`)
	switch {
	case peer == "":
		return diag.Errorf("-c= is empty" + expected)
	case len(peer) > 1 && peer[1] == ':':
		return diag.Errorf("-c=%s begins with a drive letter"+expected, text.Shorten(peer))
	case strings.HasPrefix(peer, "//"):
		return diag.Errorf("-c=%s has slashes"+expected, text.Shorten(peer))
	case !unc && strings.HasPrefix(peer, `\`):
		return diag.Errorf("-c=%s begins with a single backslash"+expected, text.Shorten(peer))
	case !unc:
		return diag.Errorf("-c=%s does not begin with backslashes"+expected, text.Shorten(peer))
	case strings.HasPrefix(name, `\`):
		return diag.Errorf("-c=%s begins with more than two backslashes"+expected, text.Shorten(peer))
	case name == "" || name == "." || name == "?":
		return diag.Errorf("-c=%s names no other computer"+expected, text.Shorten(peer))
	case strings.Contains(name, `\`):
		return diag.Errorf("-c=%s goes on behind the computer's name, with a share or a folder"+expected, text.Shorten(peer))
	}
	return hostProblem(name)
}

// hostProblem checks what follows the two backslashes.
func hostProblem(name string) error {
	if addr, err := netip.ParseAddr(name); err == nil {
		if problem := addrProblem(addr); problem != nil {
			return diag.Errorf(`-c=\\%s %w`, name, problem)
		}
		return nil
	}
	if strings.Trim(name, "0123456789.") == "" {
		return diag.Errorf(`-c=\\%s is not an IPv4 address; expected four numbers from 0 to 255 without leading zeros`, text.Shorten(name))
	}
	for _, r := range name {
		if unicode.IsSpace(r) {
			return diag.Errorf(`-c=\\%s has a space that is not ASCII, %U; expected ASCII spaces between the options`, text.Shorten(name), r)
		}
		if strings.ContainsRune(`/:*?"<>|,;=`, r) {
			return diag.Errorf(`-c=\\%s has the character %s; expected the name of a computer`, text.Shorten(name), text.Name(r))
		}
	}
	return nil
}

// parseVIP reads the virtual address. A problem means the address is not to be used.
func parseVIP(vip string) (addr netip.Addr, problem error) {
	const expected = "; expected an IPv4 address, as in 192.168.0.2"
	switch {
	case vip == "":
		return addr, diag.Errorf("-i= is empty" + expected)
	case strings.Contains(vip, "/"):
		return addr, diag.Errorf("-i=%s has a mask; expected the address alone, as in 192.168.0.2", text.Shorten(vip))
	}
	addr, err := netip.ParseAddr(vip)
	if err != nil {
		return addr, diag.Errorf("-i=%s is not an address"+expected+", numbers from 0 to 255 without leading zeros", text.Shorten(vip))
	}
	if problem := addrProblem(addr); problem != nil {
		return addr, diag.Errorf("-i=%s %w", vip, problem)
	}
	return addr, nil
}

// addrProblem says why no single host can have the address. The cluster is IPv4 only (C4).
func addrProblem(addr netip.Addr) error {
	const expected = "; expected the address of one host"
	switch {
	case !addr.Is4():
		return diag.Errorf("is an IPv6 address; expected IPv4, the only one that the cluster supports")
	case addr.As4()[0] == 0:
		return diag.Errorf("is an unspecified address" + expected)
	case addr.IsLoopback():
		return diag.Errorf("is a loopback address" + expected)
	case addr.IsMulticast():
		return diag.Errorf("is a multicast address" + expected)
	case addr == netip.AddrFrom4([4]byte{255, 255, 255, 255}):
		return diag.Errorf("is the broadcast address" + expected)
	case addr.As4()[0] >= 240:
		return diag.Errorf("is a reserved address" + expected)
	}
	return nil
}

// interfaceProblem checks a name that netsh takes as it stands, so every space and quote counts.
func interfaceProblem(name string) error {
	switch trimmed := strings.TrimSpace(name); {
	case trimmed == "":
		return diag.Errorf("-f= is empty; expected the name of a network interface")
	case trimmed != name:
		return diag.Errorf("-f=%s begins or ends with a space; expected the name alone", text.Quote(name))
	case strings.Contains(name, `"`):
		return diag.Errorf("-f=%s has quotes; expected the name without them, even if it has spaces", text.Shorten(name))
	case strings.Contains(name, "\t"):
		return diag.Errorf("-f=%s has a tab; expected spaces", text.Quote(name))
	}
	return nil
}
