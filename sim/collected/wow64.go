package collected

import (
	"slices"

	"ipwsim/core/diag"
	"ipwsim/core/registry"
)

// takeWOW64 takes the keys of a 32-bit product for the usual ones, where no export has those.
func (s *Server) takeWOW64() diag.List {
	usual, problems := registry.Usual(s.Exports)
	same := func(a, b registry.Key) bool { return a.Name == b.Name }
	for i, f := range usual {
		if !slices.EqualFunc(f.Keys, s.Exports[i].Keys, same) {
			s.RawExport[f.Name] = f.Format()
		}
	}
	s.Exports = usual
	return problems
}
