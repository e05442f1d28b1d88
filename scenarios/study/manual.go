package study

import (
	"fmt"
	"io"
	"strings"
)

// Manual writes what axes there are.
func Manual(w io.Writer) error {
	var b strings.Builder
	for _, k := range kinds {
		fmt.Fprintf(&b, "  %s\n", k.form)
		doc := k.doc
		if k.values != "" {
			doc += ": " + k.values
		}
		fmt.Fprintf(&b, "      %s\n", doc)
	}
	_, err := io.WriteString(w, b.String())
	return err
}
