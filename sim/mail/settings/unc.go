package settings

import (
	"io/fs"
	"net/netip"
	"strings"

	"ipwsim/core/diag"
	"ipwsim/core/text"
)

// UNC is the name of a folder on a share: `\\EPOST-TEC\cl_mail\db\` (C3).
type UNC struct {
	Server string // its name, that with its domain, or its address
	Share  string
	Path   string // below the share, slash-separated; "" for its root
}

// Root is the share itself, as an operator writes it.
func (u UNC) Root() string { return `\\` + u.Server + `\` + u.Share }

// ParseUNC reads the name of a folder on a share, with or without a backslash at its end. The error
// says what was found and what was expected.
func ParseUNC(s string) (u UNC, problem error) {
	const expected = `; expected a UNC name, as in \\EPOST-TEC\cl_mail`
	if r, found := text.Yen(s); found {
		return u, diag.Errorf(`%s has the yen sign %s; expected the backslash \ (U+005C), which fonts of Japanese Windows show as a yen sign too`, text.Quote(s), text.Name(r))
	}
	rest, ok := strings.CutPrefix(s, `\\`)
	parts := strings.Split(strings.TrimSuffix(rest, `\`), `\`)
	switch {
	case !ok:
		return u, diag.Errorf(`%s does not begin with two backslashes`+expected, text.Quote(s))
	case len(parts) < 2:
		return u, diag.Errorf("%s names no share"+expected, text.Quote(s))
	}
	for _, part := range parts {
		if problem := partProblem(part); problem != nil {
			return u, diag.Errorf("%s %w"+expected, text.Quote(s), problem)
		}
	}
	return UNC{parts[0], parts[1], strings.Join(parts[2:], "/")}, nil
}

// partProblem says why Windows takes no such name between two backslashes.
func partProblem(part string) error {
	if part == "" {
		return diag.Errorf("has an empty part")
	}
	if i := strings.IndexAny(part, `/:*?"<>|`); i >= 0 {
		return diag.Errorf("has the character %c", part[i])
	}
	if _, found := text.Control(part); found || strings.ContainsRune(part, '\t') {
		return diag.Errorf("has a control character")
	}
	if part != strings.Trim(part, ". ") || !fs.ValidPath(part) {
		return diag.Errorf("has a part that begins or ends with a dot or a space")
	}
	return nil
}

// SameComputer says whether two names are of one computer as Windows takes them: without case, and with its domain or
// without it (C1). Of two with domains these are the same.
func SameComputer(a, b string) bool {
	for _, name := range []string{a, b} {
		if _, err := netip.ParseAddr(name); err == nil {
			return a == b
		}
	}
	shortA, domainA, _ := strings.Cut(a, ".")
	shortB, domainB, _ := strings.Cut(b, ".")
	return strings.EqualFold(shortA, shortB) && (domainA == "" || domainB == "" || strings.EqualFold(domainA, domainB))
}

// Computer is the server's name without its domain; an address as it is.
func (u UNC) Computer() string {
	if _, err := netip.ParseAddr(u.Server); err == nil {
		return u.Server
	}
	name, _, _ := strings.Cut(u.Server, ".")
	return name
}

// drive says whether the name is that of a folder on a drive: X:\mail.
func drive(s string) bool {
	return len(s) >= 2 && s[1] == ':' && letterOrDigit(rune(s[0])) && s[0] > '9'
}
