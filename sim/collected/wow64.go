package collected

import (
	"slices"
	"strings"

	"ipwsim/core/diag"
	"ipwsim/core/registry"
)

// The product's keys, and where a 32-bit one has them on 64-bit Windows.
const (
	productKeys = `HKEY_LOCAL_MACHINE\SOFTWARE\EPOST`
	wow64Keys   = `HKEY_LOCAL_MACHINE\SOFTWARE\WOW6432Node\EPOST`
)

// takeWOW64 takes the keys of a 32-bit product for the usual ones, where no export has those.
func (s *Server) takeWOW64() (problems diag.List) {
	for i, f := range s.Exports {
		var first registry.Key
		taken := f
		taken.Keys = slices.Clone(f.Keys)
		for j, k := range taken.Keys {
			usual, is := usualKey(k.Name)
			if _, _, has := s.Export(usual); !is || has {
				continue
			}
			if first.Name == "" {
				first = k
			}
			taken.Keys[j].Name = usual
		}
		if first.Name != "" {
			s.Exports[i], s.RawExport[f.Name] = taken, taken.Format()
			problems.Warnf(f.Name, first.Line, "%s is of a 32-bit product on 64-bit Windows, and no export has the usual key; it is taken for that, %s, as all behind it are", first.Name, productKeys)
		}
	}
	return problems
}

// usualKey is the name of a 32-bit product's key without that; is says whether it is one.
func usualKey(name string) (usual string, is bool) {
	n := len(wow64Keys)
	if len(name) < n || !strings.EqualFold(name[:n], wow64Keys) || len(name) > n && name[n] != '\\' {
		return name, false
	}
	return productKeys + name[n:], true
}
