package settings

import (
	"net/netip"

	"ipwsim/core/diag"
	"ipwsim/core/text"
)

// HiddenRow is a line of hiddensmtpip.dat, hiddenpopip.dat or hiddenimapip.dat.
type HiddenRow struct {
	Address netip.Addr
	Line    int // from 1
}

// ParseHidden reads the addresses that a service is not to answer on (M3), one a line. It reports
// every problem, by line; with an error there are no rows.
func ParseHidden(file string, data []byte) ([]HiddenRow, diag.List) {
	r := reader{file: file}
	var rows []HiddenRow
	r.each(data, func(line string) {
		w := words(line)
		if len(w) != 1 {
			r.errorf("%s is more than an address; expected one address a line", text.Quote(line))
			return
		}
		a, problem := hostAddress(w[0])
		if problem != nil {
			r.errorf("%w", problem)
			return
		}
		for _, row := range rows {
			if row.Address == a {
				r.errorf("%s is in line %d already; expected each address once", a, row.Line)
			}
		}
		rows = append(rows, HiddenRow{a, r.line})
	})
	if r.problems.Err() != nil {
		return nil, r.problems
	}
	if len(rows) == 0 {
		r.problems.Warnf(file, 0, "the file is empty and hides nothing; expected the node's real address (guide, step 16), or no file")
	}
	return rows, r.problems
}
