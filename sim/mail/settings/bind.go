package settings

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	"ipwsim/core/diag"
	"ipwsim/core/text"
)

// ListsOf is the list of what the service of that name answers on; that of what it hides has "hidden" before its name.
func ListsOf(service string) (list string, has bool) {
	list, has = map[string]string{SMTPName: smtpBinds, POP3Name: pop3Binds, IMAPName: imapBinds}[service]
	return list, has
}

// anyAddress is how the product writes every address of the machine (M2).
const anyAddress = "*.*.*.*"

// BindRow is a line of a bind list.
type BindRow struct {
	Bind
	Line int // from 1
}

// ParseBinds reads the list of what a service answers on (M2): `<address> <port>` lines, where the
// address may be `*.*.*.*`, and a port followed by `*` speaks SSL [G 8]. It reports every problem, by line; with an error there are no rows.
//
// Inferred: the guide shows the list in a dialog box only; the file has the lines that step 10 writes.
func ParseBinds(file string, data []byte) ([]BindRow, diag.List) {
	r := reader{file: file}
	var rows []BindRow
	r.each(data, func(line string) {
		b, ok := r.bind(line)
		for _, row := range rows {
			if ok && row.Bind == b {
				r.errorf("%s is in line %d already; expected each line once", text.Quote(b.String()), row.Line)
			}
		}
		rows = append(rows, BindRow{b, r.line})
	})
	if len(rows) == 0 && r.problems.Err() == nil {
		r.problems.Errorf(file, 0, "the list is empty, so the service would answer nobody; expected `%s 25`, or no file to answer on all addresses", anyAddress)
	}
	if r.problems.Err() != nil {
		return nil, r.problems
	}
	return rows, r.problems
}

func (r *reader) bind(line string) (b Bind, ok bool) {
	w := words(line)
	if len(w) != 2 {
		r.errorf("%s is not an address and a port; expected both with a space between, as in `%s 25`", text.Quote(line), anyAddress)
		return b, false
	}
	var problem error
	if w[0] == anyAddress {
		b.Address = netip.IPv4Unspecified()
	} else if b.Address, problem = hostAddress(w[0]); problem != nil {
		r.errorf("%w, or %s for any", problem, anyAddress)
	}
	number, ssl := strings.CutSuffix(w[1], "*")
	port, err := strconv.ParseUint(number, 10, 16)
	if err != nil || port == 0 || number[0] == '0' {
		r.errorf("the port is %s; expected a number from 1 to 65535, without leading zeros, and with * behind it for SSL", text.Quote(w[1]))
		return b, false
	}
	b.Port, b.SSL = uint16(port), ssl
	return b, problem == nil
}

// String is the line of the list.
func (b Bind) String() string {
	ssl := ""
	if b.SSL {
		ssl = "*"
	}
	if b.Address.IsUnspecified() {
		return fmt.Sprintf("%s %d%s", anyAddress, b.Port, ssl)
	}
	return fmt.Sprintf("%s %d%s", b.Address, b.Port, ssl)
}

// allAddresses is what a service without a list listens on.
func allAddresses(port uint16) Bind { return Bind{Address: netip.IPv4Unspecified(), Port: port} }
