package collected

import (
	"strings"

	"ipwsim/core/diag"
)

// Network is one that an adapter is on.
type Network struct {
	Adapter  string
	Category Value // the profile of the firewall that is in force on it: domain, private or public
}

// categories are Windows' own, in any language.
var categories = map[string]string{"public": "public", "private": "private", "domainauthenticated": "domain", "domain": "domain"}

// ParseNetworks reads the output of `Get-NetConnectionProfile`, of Windows since 2012.
func ParseNetworks(file string, data []byte) (all []Network, problems diag.List) {
	d, problems := decode(file, data)
	adapter := ""
	for i, line := range d.lines {
		name, value, _ := label(line)
		switch {
		case isOne(name, "InterfaceAlias"):
			adapter = value
		case isOne(name, "NetworkCategory") && categories[strings.ToLower(value)] == "":
			problems.Warnf(file, i+1, "found %q, expected Public, Private or DomainAuthenticated", value)
		case isOne(name, "NetworkCategory"):
			all = append(all, Network{adapter, Value{categories[strings.ToLower(value)], d.at(i)}})
		}
	}
	return all, problems
}

// Network finds the one that the adapter of that name is on.
func (s *Server) Network(adapter string) (n Network, found bool) {
	for _, n := range s.Networks {
		if isOne(n.Adapter, adapter) {
			return n, true
		}
	}
	return n, false
}
