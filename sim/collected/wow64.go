package collected

import (
	"ipwsim/core/diag"
	"ipwsim/core/registry"
)

// takeWOW64 takes the keys of a 32-bit product for the usual ones, where no export has those. The files stay as they are:
// what is typed on that machine must name them so.
func (s *Server) takeWOW64() diag.List {
	usual, problems := registry.Usual(s.Exports)
	s.Exports = usual
	return problems
}
