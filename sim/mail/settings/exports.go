package settings

import (
	"slices"
	"strings"

	"ipwsim/core/diag"
	"ipwsim/core/registry"
	"ipwsim/core/text"
)

// place is where something stands in a file; the zero place: nowhere.
type place struct {
	file string
	line int
}

// setting is a value of the registry as text.
type setting struct {
	text  string
	at    place // of its key when the value is not there
	found bool
}

// exports are the .reg files of one node, read as one registry.
type exports struct {
	files    []registry.File
	problems *diag.List
}

// key finds a key in whichever file has it.
func (e exports) key(name string) (key registry.Key, at place, found bool) {
	for _, f := range e.files {
		if key, found := f.Key(name); found {
			return key, place{f.Name, key.Line}, true
		}
	}
	return key, place{}, false
}

// startup is when Windows starts the service, by the first file that has its key (H17).
func (e exports) startup(service string) registry.Startup {
	for _, f := range e.files {
		if _, found := f.Key(servicesKey + `\` + service); found {
			s, problems := f.Startup(service)
			*e.problems = append(*e.problems, problems...)
			return s
		}
	}
	return registry.Startup{}
}

// keysBelow are the keys one step below that key, in the order of the files.
func (e exports) keysBelow(name string) (below []string) {
	prefix := name + `\`
	for _, f := range e.files {
		for _, key := range f.Keys {
			if len(key.Name) < len(prefix) || !strings.EqualFold(key.Name[:len(prefix)], prefix) {
				continue
			}
			if rest := key.Name[len(prefix):]; !strings.Contains(rest, `\`) {
				below = append(below, rest)
			}
		}
	}
	return below
}

// checkOnce reports keys that two files have: nobody could say which holds.
func (e exports) checkOnce() {
	first := map[string]place{}
	for _, f := range e.files {
		for _, key := range f.Keys {
			name := strings.ToUpper(key.Name)
			if other, twice := first[name]; twice && other.file != f.Name && e.read(name) {
				e.problems.Errorf(f.Name, key.Line, "the key %s is in %s:%d too; expected it in one export of the node", text.Quote(key.Name), other.file, other.line)
			} else if !twice {
				first[name] = place{f.Name, key.Line}
			}
		}
	}
}

// read says whether anything here reads the key; the name is in upper case.
func (e exports) read(name string) bool {
	return name == strings.ToUpper(ProductKey) || strings.HasPrefix(name, strings.ToUpper(domainsKey)+`\`) ||
		slices.ContainsFunc(Services, func(s string) bool { return name == strings.ToUpper(servicesKey+`\`+s) })
}

// text reads a value that may be left out.
func (e exports) text(key registry.Key, at place, name string) (s setting, ok bool) {
	v, found := key.Value(name)
	if !found {
		return setting{at: at}, true
	}
	at.line = v.Line
	if v.Type == registry.ExpandSZ {
		v.Type = registry.SZ // the same to the eye, and to the product: %USERNAME% is its own to replace
	}
	text, ok := v.Text()
	if !ok {
		e.problems.Errorf(at.file, at.line, "%s is a %s of %d bytes; expected a REG_SZ", name, v.Type, len(v.Data))
	}
	return setting{text, at, ok}, ok
}

// number reads a REG_DWORD that may be left out.
func (e exports) number(key registry.Key, at place, name string, missing, most uint32) uint32 {
	v, found := key.Value(name)
	if !found {
		return missing
	}
	n, ok := v.Number()
	switch {
	case !ok:
		e.problems.Errorf(at.file, v.Line, "%s is a %s of %d bytes; expected a REG_DWORD", name, v.Type, len(v.Data))
	case n < 1 || n > most:
		e.problems.Errorf(at.file, v.Line, "%s is %d (dword:%08x); expected 1 to %d", name, n, n, most)
	}
	return n
}

// missing reports a value that must be there, and what may have been meant for it.
func (e exports) missing(key registry.Key, at place, name string, expected diag.Text) {
	var others []string // that are no right names themselves
	for _, v := range key.Values {
		if !slices.Contains([]string{valueWork, valueInbox, valueAccounts}, v.Name) {
			others = append(others, v.Name)
		}
	}
	var hint diag.Text
	if other, near := diag.Nearest(name, others); near {
		hint = diag.Aside("there is %s", text.Quote(other))
	}
	e.problems.Errorf(at.file, at.line, "the value %s is missing%s; expected %s", name, hint, expected)
}
