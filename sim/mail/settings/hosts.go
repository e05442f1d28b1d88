package settings

import (
	"net/netip"
	"strings"

	"ipwsim/core/diag"
	"ipwsim/core/text"
)

// HostRow is a line of a hosts file.
type HostRow struct {
	Address netip.Addr
	Names   []string // lower case, at least one
	Line    int      // from 1
}

// ParseHosts reads Windows' hosts file (M7): an address and its names on a line, comments after #.
// Windows passes over a line that it cannot read, so such a line is a warning.
func ParseHosts(file string, data []byte) ([]HostRow, diag.List) {
	r := reader{file: file}
	var rows []HostRow
	r.each(data, func(line string) {
		line, _, _ = strings.Cut(line, "#")
		w := words(strings.ToLower(line))
		if len(w) == 0 {
			return
		}
		a, err := netip.ParseAddr(w[0])
		switch {
		case err != nil:
			r.warnf("%s is not an address, so Windows passes over the line; expected `<address> <name>`, as in `192.168.10.202 example.com`", text.Quote(w[0]))
		case len(w) == 1:
			r.warnf("%s has no name; expected `<address> <name>`, as in `192.168.10.202 example.com`", a)
		default:
			rows = append(rows, HostRow{a, w[1:], r.line})
		}
	})
	if r.problems.Err() != nil {
		return nil, r.problems
	}
	return rows, r.problems
}

// hostTable is what the services find in the file: IPv4 only (C4), in the order of the lines.
func hostTable(rows []HostRow) map[string][]netip.Addr {
	table := map[string][]netip.Addr{}
	for _, row := range rows {
		for _, name := range row.Names {
			if row.Address.Is4() {
				table[name] = append(table[name], row.Address)
			}
		}
	}
	return table
}
