package settings

import (
	"fmt"
	"io/fs"
	"strings"

	"ipwsim/core/text"
)

// UNC is the name of a folder on a share: `\\EPOST-TEC\cl_mail\db\` (C3).
type UNC struct {
	Server string // name or address
	Share  string
	Path   string // below the share, slash-separated; "" for its root
}

// Root is the share itself, as an operator writes it.
func (u UNC) Root() string { return `\\` + u.Server + `\` + u.Share }

// ParseUNC reads the name of a folder on a share, with or without a backslash at its end. A problem
// says what was found and what was expected.
func ParseUNC(s string) (u UNC, problem string) {
	const expected = `; expected a UNC name, as in \\EPOST-TEC\cl_mail`
	if r, found := text.Yen(s); found {
		return u, fmt.Sprintf(`%s has the yen sign %s; expected the backslash \ (U+005C), which fonts of Japanese Windows show as a yen sign too`, text.Quote(s), text.Name(r))
	}
	rest, ok := strings.CutPrefix(s, `\\`)
	parts := strings.Split(strings.TrimSuffix(rest, `\`), `\`)
	switch {
	case !ok:
		return u, fmt.Sprintf(`%s does not begin with two backslashes%s`, text.Quote(s), expected)
	case len(parts) < 2:
		return u, fmt.Sprintf("%s names no share%s", text.Quote(s), expected)
	}
	for _, part := range parts {
		if problem := partProblem(part); problem != "" {
			return u, fmt.Sprintf("%s %s%s", text.Quote(s), problem, expected)
		}
	}
	return UNC{parts[0], parts[1], strings.Join(parts[2:], "/")}, ""
}

// partProblem says why Windows takes no such name between two backslashes.
func partProblem(part string) string {
	if part == "" {
		return "has an empty part"
	}
	if i := strings.IndexAny(part, `/:*?"<>|`); i >= 0 {
		return fmt.Sprintf("has the character %c", part[i])
	}
	if _, found := text.Control(part); found || strings.ContainsRune(part, '\t') {
		return "has a control character"
	}
	if part != strings.Trim(part, ". ") || !fs.ValidPath(part) {
		return "has a part that begins or ends with a dot or a space"
	}
	return ""
}

// drive says whether the name is that of a folder on a drive: X:\mail.
func drive(s string) bool {
	return len(s) >= 2 && s[1] == ':' && letterOrDigit(rune(s[0])) && s[0] > '9'
}
