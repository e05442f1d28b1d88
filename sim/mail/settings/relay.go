package settings

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"ipwsim/core/diag"
	"ipwsim/core/text"
)

// RelayRow is a line of effect.dat: what clients at addresses of the range may do.
type RelayRow struct {
	Range  netip.Prefix
	Denied bool // their mail is refused, whomever it is for; else they may send to other domains
	Line   int  // from 1
}

// ParseRelay reads effect.dat, the product's list of machines for which it relays ("relay per
// machine"): a range a line, as 192.168.*.*, 192.168.1.0/28 or 192.168.1.5, with `false` behind it
// to refuse their mail, or `only` to pass over the lines below. It reports every problem, by line;
// with an error there are no rows. Lines of the product's other kinds, for senders, are warnings.
func ParseRelay(file string, data []byte) ([]RelayRow, diag.List) {
	r := reader{file: file}
	var rows []RelayRow
	only := false
	r.each(data, func(line string) {
		w := words(line)
		_, err := strconv.ParseUint(strings.SplitN(w[0], ".", 2)[0], 10, 64)
		switch {
		case only:
			r.warnf("the line is behind one with `only`, so nobody reads it; expected it above")
		case err != nil && !strings.HasPrefix(w[0], "*"):
			r.warnf("%s is no range of addresses, and rules for senders are not simulated; expected lines as `192.168.*.*`", text.Quote(line))
		case len(w) > 2 || len(w) == 2 && !slices.Contains([]string{"false", "only"}, strings.ToLower(w[1])):
			r.errorf("%s is no range with `false`, `only` or nothing behind it; expected one, as in `192.168.*.*`", text.Quote(line))
		default:
			p, problem := addressRange(w[0])
			if problem != nil {
				r.errorf("%w", problem)
				return
			}
			row := RelayRow{Range: p, Line: r.line, Denied: len(w) == 2 && strings.EqualFold(w[1], "false")}
			for _, other := range rows {
				if other.Range == row.Range {
					r.errorf("%s is in line %d already; expected each range once", p, other.Line)
				}
			}
			rows = append(rows, row)
			only = len(w) == 2 && !row.Denied
		}
	})
	if r.problems.Err() != nil {
		return nil, r.problems
	}
	return rows, r.problems
}

// addressRange reads 192.168.*.*, 192.168.1.0/28 or one address.
func addressRange(s string) (p netip.Prefix, problem error) {
	const expected = "; expected an IPv4 address, or a range as 192.168.*.* or 192.168.1.0/28"
	if strings.Contains(s, "/") {
		p, err := netip.ParsePrefix(s)
		if err != nil || !p.Addr().Is4() {
			return p, diag.Errorf("%s is not a range"+expected, text.Quote(s))
		}
		if p != p.Masked() {
			return p, diag.Errorf("%s begins within its range"+expected, text.Quote(s))
		}
		return p, nil
	}
	parts := strings.Split(s, ".")
	bits := 8 * len(parts)
	for i := len(parts) - 1; i >= 0 && parts[i] == "*"; i-- {
		parts[i], bits = "0", 8*i
	}
	a, err := netip.ParseAddr(strings.Join(parts, "."))
	if err != nil || !a.Is4() {
		return p, diag.Errorf("%s is not a range"+expected, text.Quote(s))
	}
	return netip.PrefixFrom(a, bits), nil
}

// Relay is what the clients of a node may do, by address: the first row whose range has it decides.
//
// Inferred: without a row that lets somebody send, the clients of our own networks may send to other domains, those with a
// private address. The product looks at the sender's address there, which anybody may use.
type Relay []RelayRow

// May says whether a client may send to other domains, and whether its mail is refused altogether.
func (rows Relay) May(client netip.Addr) (relay, denied bool) {
	for _, row := range rows {
		if row.Range.Contains(client) {
			return !row.Denied, row.Denied
		}
	}
	for _, row := range rows {
		if !row.Denied {
			return false, false
		}
	}
	return client.IsPrivate() || client.IsLoopback() || client.IsLinkLocalUnicast(), false
}

// checkRelay finds a server that would send anybody's mail to anybody.
func (c *checker) checkRelay() {
	for _, row := range c.n.Node.Relay {
		if !row.Denied && row.Range.Bits() < 8 {
			c.warnf(place{c.n.relayFile, row.Line}, "%s may send to any domain, which makes %s an open relay for the whole world; expected our own networks, as in `192.168.*.*`", row.Range, SMTPName)
		}
	}
}

// sameRelay wants who may send to be the same whichever node has the VIP.
func (c *checker) sameRelay(first *NodeFiles) {
	same := func(a, b RelayRow) bool { return a.Range == b.Range && a.Denied == b.Denied }
	if here, there := c.n.Node.Relay, first.Node.Relay; !slices.EqualFunc(here, there, same) {
		where := func(n *NodeFiles) string {
			if n.relayFile != "" {
				return n.relayFile
			}
			return n.Folder
		}
		c.warnf(place{file: where(c.n)}, "who may send to other domains is not the same as in %s; expected the same on both nodes", where(first))
	}
}
