package collected

import (
	"strings"

	"ipwsim/core/diag"
)

// A file that was cut off, as by a full disk or a broken copy, says less than the command did: a rule of the firewall, a
// route or an address that is not there would be taken for one that the machine does not have. What a command always
// writes at its end, or in each of its parts, tells. Certain signs are errors, others warnings.

// lastLine is the number of the last line that is not blank, from 1, and what it says; 0 for none.
func (d document) lastLine() (n int, line string) {
	for n = len(d.lines); n > 0; n-- {
		if line = strings.TrimSpace(d.lines[n-1]); line != "" {
			break
		}
	}
	return n, line
}

// whole warns of a file that ends within a line, which no command does.
func (d document) whole(problems *diag.List) {
	if n, _ := d.lastLine(); d.unended && n == len(d.lines) {
		problems.Warnf(d.file, n, "the file ends without a line end, so it may be cut off; expected a line end, as the command writes it")
	}
}

// mayBeCut warns that what the command writes behind the last line is missing.
func (d document) mayBeCut(problems *diag.List, missing diag.Text) {
	if n, _ := d.lastLine(); problems.Err() == nil {
		problems.Warnf(d.file, n, "the file ends here without %s, so it may be cut off; expected the whole output", missing)
	}
}

// isCut reports a part of the output, which begins in the line, without its end.
func (d document) isCut(problems *diag.List, at Place, part diag.Text, missing error) {
	if problems.Err() == nil {
		problems.Errorf(at.File, at.Line, "%s has no %s, so the file is cut off; expected the whole output", part, missing)
	}
}
