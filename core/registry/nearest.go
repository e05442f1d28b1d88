package registry

import (
	"strings"

	"ipwsim/core/diag"
)

// suggestion names the setting that an unknown value was most likely meant to be, or all of them.
func suggestion(name string) diag.Text {
	var names []string
	for _, s := range settings {
		names = append(names, s.name)
	}
	if best, ok := diag.Nearest(name, names); ok {
		return diag.Say("did you mean %s?", best)
	}
	return diag.Say("expected one of %s", strings.Join(names, ", "))
}
