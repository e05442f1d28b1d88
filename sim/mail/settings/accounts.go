package settings

import (
	"slices"
	"strings"

	"ipwsim/core/diag"
	"ipwsim/core/text"
)

// UserRow is a line of an account file.
type UserRow struct {
	User
	Line int // from 1
}

// accountForm is how a line begins; more fields may follow.
var accountForm = diag.Say("the account, a tab and the password")

const (
	maxColumns    = 10
	maxNameLength = 64 // RFC 5321, 4.5.3.1.1
)

// permissions are the fields of a line that may keep its user from a service.
var permissions = []struct {
	column  int
	service string
}{{8, "POP3"}, {9, "IMAP4"}}

// ParseAccounts reads the accounts of a domain (M5), `<domain>.idx`. It reports every problem, by
// line; with an error there are no rows.
//
// Inferred: the product's own .idx format is not published. The file has the lines that Account
// Manager exports (the maker's FAQ): account, password, full name, domain, home folder, flags of SMTP
// and APOP authentication, limit of the mailbox, POP3 and IMAP4 allowed (0 or 1), with tabs between.
// All but the first two may be left out and say nothing here.
func ParseAccounts(file string, data []byte) ([]UserRow, diag.List) {
	r := reader{file: file}
	var rows []UserRow
	r.each(data, func(line string) {
		u, ok := r.user(line)
		for _, row := range rows {
			if ok && row.Name == u.Name {
				r.errorf("account %s is in line %d already; expected each once, and Windows does not tell case apart", u.Name, row.Line)
			}
		}
		rows = append(rows, UserRow{u, r.line})
	})
	if r.problems.Err() != nil {
		return nil, r.problems
	}
	if len(rows) == 0 {
		r.problems.Warnf(file, 0, "the file has no accounts, so all mail for the domain is refused; expected lines with %s", accountForm)
	}
	return rows, r.problems
}

func (r *reader) user(line string) (u User, ok bool) {
	f := strings.Split(line, "\t")
	switch problem := nameProblem(f[0]); {
	case len(f) < 2:
		r.errorf("%s has no tab; expected %s", text.Quote(line), accountForm)
	case len(f) > maxColumns:
		r.errorf("the line has %d fields; expected at most %d, with tabs between", len(f), maxColumns)
	case problem != nil:
		r.errorf("account %s %w", text.Quote(f[0]), problem)
	case f[1] == "":
		r.errorf("account %s has no password; expected one behind the tab", f[0])
	case strings.Trim(f[1], "*") == "":
		r.errorf("account %s has the password %s, which Account Manager writes for one that it does not know; expected the password itself", f[0], text.Quote(f[1]))
	default:
		r.services(f)
		return User{strings.ToLower(f[0]), f[1]}, true
	}
	return u, false
}

// services warns of an account that the product would keep from reading its mail.
func (r *reader) services(f []string) {
	for _, p := range permissions {
		if p.column < len(f) && f[p.column] == "0" {
			r.warnf("account %s may not use %s; expected 1: that some accounts may not is not simulated", f[0], p.service)
		}
	}
}

// devices are names that Windows keeps for itself, whatever follows them after a dot.
var devices = strings.Fields("con prn aux nul com1 com2 com3 com4 com5 com6 com7 com8 com9 lpt1 lpt2 lpt3 lpt4 lpt5 lpt6 lpt7 lpt8 lpt9")

// nameProblem says why a name can be no account: it is the local part of an address and the name of
// a folder, both without quoting.
func nameProblem(name string) error {
	const expected = "; expected ASCII letters, digits and . - _ +"
	for _, r := range name {
		if !letterOrDigit(r) && !strings.ContainsRune(".-_+", r) {
			return diag.Errorf("has the character %s"+expected, text.Name(r))
		}
	}
	stem, _, _ := strings.Cut(strings.ToLower(name), ".")
	switch {
	case name == "":
		return diag.Errorf("is empty" + expected)
	case len(name) > maxNameLength:
		return diag.Errorf("has %d characters; expected at most %d", len(name), maxNameLength)
	case name[0] == '.', name[len(name)-1] == '.', strings.Contains(name, ".."):
		return diag.Errorf("has a dot in front, at the end or beside another; expected dots between other characters")
	case slices.Contains(devices, stem):
		return diag.Errorf("is a device of Windows and can be no folder; expected another name")
	}
	return nil
}

func letterOrDigit(r rune) bool {
	return r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
}

// FormatAccounts is the file of the users, UTF-8 with CRLF. ParseAccounts reads the same from it.
func FormatAccounts(users []User) []byte {
	var b strings.Builder
	for _, u := range users {
		b.WriteString(u.Name + "\t" + u.Password + "\r\n")
	}
	return []byte(b.String())
}
