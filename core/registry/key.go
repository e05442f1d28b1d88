package registry

import (
	"slices"
	"strings"

	"ipwsim/core/diag"
	"ipwsim/core/text"
)

// roots are what a key's name can begin with.
var roots = []string{"HKEY_LOCAL_MACHINE", "HKEY_CURRENT_USER", "HKEY_CLASSES_ROOT", "HKEY_USERS", "HKEY_CURRENT_CONFIG"}

// parseKey reads a [KEY] line. After a bad one the values that follow are still checked.
func (p *parser) parseKey(line string) {
	p.values = map[string]int{}
	end := strings.LastIndexByte(line, ']') // the name itself may have brackets
	if end < 0 {
		p.errorf("the key %s has no closing bracket; expected [KEY]", text.Quote(line))
		return
	}
	name := line[1:end]
	if rest := strings.Trim(line[end+1:], " \t"); rest != "" && rest[0] != ';' {
		p.errorf("%s follows the key; expected nothing behind ]", text.Quote(rest))
	}
	if problem := keyProblem(name); problem != nil {
		p.errorf("%w", problem)
	} else if first, twice := p.keys[fold(name)]; twice {
		p.errorf("the key %s is in line %d already; expected each key once", text.Quote(name), first)
	} else {
		p.keys[fold(name)] = p.next
	}
	p.file.Keys = append(p.file.Keys, Key{Name: name, Line: p.next})
}

// keyProblem says what is wrong with a key's name, or nil.
func keyProblem(name string) error {
	parts := strings.Split(name, `\`)
	switch {
	case strings.HasPrefix(name, "-"):
		return diag.Errorf("%s deletes a key; expected an export, which has no deletions", text.Quote("["+name+"]"))
	case slices.Contains(roots, strings.ToUpper(parts[0])) && slices.Contains(parts[1:], ""):
		return diag.Errorf("the key %s has an empty part; expected one backslash between names", text.Quote(name))
	case slices.Contains(roots, strings.ToUpper(parts[0])):
		return nil
	}
	if r, found := text.Yen(name); found {
		return diag.Errorf(`the key %s has the yen sign %s; expected the backslash \ (U+005C)`, text.Quote(name), text.Name(r))
	}
	return diag.Errorf("the key %s begins with none of %s; expected the full name", text.Quote(name), strings.Join(roots, ", "))
}
