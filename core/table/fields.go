package table

import (
	"fmt"
	"net/netip"
	"strings"
	"unicode"

	"ipwsim/core/text"
)

// Each check returns what was found and what was expected, or "" when all is well.

// peerProblem checks a UNC name of a computer: by name or by address (C1).
func peerProblem(peer string) string {
	if r, found := text.Yen(peer); found {
		return fmt.Sprintf(`-c=%s has the yen sign %s; expected the backslash \ (U+005C), which fonts of Japanese Windows show as a yen sign too`, peer, text.Name(r))
	}
	const expected = `; expected two backslashes and a computer, as in \\server or \\192.168.0.2`
	name, unc := strings.CutPrefix(peer, `\\`)
	switch {
	case peer == "":
		return "-c= is empty" + expected
	case len(peer) > 1 && peer[1] == ':':
		return fmt.Sprintf("-c=%s begins with a drive letter%s", text.Shorten(peer), expected)
	case strings.HasPrefix(peer, "//"):
		return fmt.Sprintf("-c=%s has slashes%s", text.Shorten(peer), expected)
	case !unc && strings.HasPrefix(peer, `\`):
		return fmt.Sprintf("-c=%s begins with a single backslash%s", text.Shorten(peer), expected)
	case !unc:
		return fmt.Sprintf("-c=%s does not begin with backslashes%s", text.Shorten(peer), expected)
	case strings.HasPrefix(name, `\`):
		return fmt.Sprintf("-c=%s begins with more than two backslashes%s", text.Shorten(peer), expected)
	case name == "" || name == "." || name == "?":
		return fmt.Sprintf("-c=%s names no other computer%s", text.Shorten(peer), expected)
	case strings.Contains(name, `\`):
		return fmt.Sprintf("-c=%s goes on behind the computer's name, with a share or a folder%s", text.Shorten(peer), expected)
	}
	return hostProblem(name)
}

// hostProblem checks what follows the two backslashes.
func hostProblem(name string) string {
	if addr, err := netip.ParseAddr(name); err == nil {
		if problem := addrProblem(addr); problem != "" {
			return fmt.Sprintf(`-c=\\%s %s`, name, problem)
		}
		return ""
	}
	if strings.Trim(name, "0123456789.") == "" {
		return fmt.Sprintf(`-c=\\%s is not an IPv4 address; expected four numbers from 0 to 255 without leading zeros`, text.Shorten(name))
	}
	for _, r := range name {
		if unicode.IsSpace(r) {
			return fmt.Sprintf(`-c=\\%s has a space that is not ASCII, %U; expected ASCII spaces between the options`, text.Shorten(name), r)
		}
		if strings.ContainsRune(`/:*?"<>|,;=`, r) {
			return fmt.Sprintf(`-c=\\%s has the character %s; expected the name of a computer`, text.Shorten(name), text.Name(r))
		}
	}
	return ""
}

// parseVIP reads the virtual address. A problem means the address is not to be used.
func parseVIP(vip string) (addr netip.Addr, problem string) {
	const expected = "; expected an IPv4 address, as in 192.168.0.2"
	switch {
	case vip == "":
		return addr, "-i= is empty" + expected
	case strings.Contains(vip, "/"):
		return addr, fmt.Sprintf("-i=%s has a mask; expected the address alone, as in 192.168.0.2", text.Shorten(vip))
	}
	addr, err := netip.ParseAddr(vip)
	if err != nil {
		return addr, fmt.Sprintf("-i=%s is not an address%s, numbers from 0 to 255 without leading zeros", text.Shorten(vip), expected)
	}
	if problem := addrProblem(addr); problem != "" {
		return addr, fmt.Sprintf("-i=%s %s", vip, problem)
	}
	return addr, ""
}

// addrProblem says why no single host can have the address. The cluster is IPv4 only (C4).
func addrProblem(addr netip.Addr) string {
	const expected = "; expected the address of one host"
	switch {
	case !addr.Is4():
		return "is an IPv6 address; expected IPv4, the only one that the cluster supports"
	case addr.As4()[0] == 0:
		return "is an unspecified address" + expected
	case addr.IsLoopback():
		return "is a loopback address" + expected
	case addr.IsMulticast():
		return "is a multicast address" + expected
	case addr == netip.AddrFrom4([4]byte{255, 255, 255, 255}):
		return "is the broadcast address" + expected
	case addr.As4()[0] >= 240:
		return "is a reserved address" + expected
	}
	return ""
}

// interfaceProblem checks a name that netsh takes as it stands, so every space and quote counts.
func interfaceProblem(name string) string {
	switch trimmed := strings.TrimSpace(name); {
	case trimmed == "":
		return "-f= is empty; expected the name of a network interface"
	case trimmed != name:
		return fmt.Sprintf("-f=%s begins or ends with a space; expected the name alone", text.Quote(name))
	case strings.Contains(name, `"`):
		return fmt.Sprintf("-f=%s has quotes; expected the name without them, even if it has spaces", text.Shorten(name))
	case strings.Contains(name, "\t"):
		return fmt.Sprintf("-f=%s has a tab; expected spaces", text.Quote(name))
	}
	return ""
}
