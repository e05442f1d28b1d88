package profile

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func all() []Described {
	var ps []Described
	for _, name := range Neighbors.Names() {
		n, _ := Neighbors.Lookup(name)
		ps = append(ps, n)
	}
	for _, name := range Servers.Names() {
		s, _ := Servers.Lookup(name)
		ps = append(ps, s)
	}
	return ps
}

func TestEveryProfileHasItsSources(t *testing.T) {
	for _, p := range all() {
		require.NotEmpty(t, p.Origins(), p.Title())
		for _, s := range p.Origins() {
			require.NotEmpty(t, s.About.Error(), p.Title())
			require.NotEmpty(t, s.From.Error(), p.Title())
			require.Contains(t, []string{"H", "M", "L", "-"}, s.Confidence, p.Title())
		}
	}
}

func TestEverySettingHasItsValue(t *testing.T) {
	for _, p := range all() {
		for _, s := range p.Settings() {
			require.NotEmpty(t, s.Name.Error(), p.Title())
			require.NotEmpty(t, s.Value.Error(), "%s: %s", p.Title(), s.Name)
		}
	}
}
