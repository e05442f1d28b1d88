package registry

import (
	"fmt"
	"strings"

	"ipwsim/core/diag"
)

// suggestion names the setting that an unknown value was most likely meant to be, or all of them.
func suggestion(name string) string {
	var names []string
	for _, s := range settings {
		names = append(names, s.name)
	}
	if best, ok := diag.Nearest(name, names); ok {
		return "did you mean " + best + "?"
	}
	return fmt.Sprintf("expected one of %s", strings.Join(names, ", "))
}
