package collected

import (
	"regexp"
	"slices"
	"strings"

	"ipwsim/core/diag"
	"ipwsim/core/text"
)

// forPeople are files of a batch file that nothing is to be taken from: people look into them.
var forPeople = []string{"share-dir.txt", "netsh-ip-config.txt"}

// kindOf is the kind of the command that wrote it; "": none that is known.
func kindOf(d document) string {
	whole := strings.Join(d.lines, "\n")
	for _, o := range outputs {
		if slices.ContainsFunc(o.words, func(w string) bool { return strings.Contains(whole, w) }) {
			return o.kind
		}
	}
	return ""
}

// leave reports a file that is too large. A cluster is to have those that go by their names, so that is an error; it does
// without others, and what they would have said is not known.
func (s *Server) leave(file, name string, size int64) diag.List {
	if known(name) {
		return text.CheckSizeUpTo(file, size, text.MaxBytes, diag.Say("a file of one server"))
	}
	s.lose(name, diag.Say("%s has %d bytes, and at most %d are read", file, size, MaxBytes))
	return unused(text.CheckSizeUpTo(file, size, MaxBytes, diag.Say("nothing is taken from it")))
}

// lose notes why a kind of output is not known. Where nothing can be read the file's name, in lower case, tells what it was
// to be, as the batch file of `ipwsim init --collect` calls it.
func (s *Server) lose(name string, why diag.Text) {
	switch {
	case strings.Contains(name, "firewall"):
		s.Lost[OfFirewall] = why
		s.Firewall.Cut = true // there are more rules than those of another file
	case strings.Contains(name, "task"):
		s.Lost[OfTasks] = why
	}
}

// denials are what commands say that need an administrator's rights.
var denials = regexp.MustCompile(`(?i)access is denied|requires elevation|run as administrator|アクセスが拒否|管理者として実行|管理者特権|昇格`)

// refused is the line with which a command says that it was refused; "": it does not.
func refused(d document) string {
	for _, line := range d.lines[:min(len(d.lines), 10)] {
		if denials.MatchString(line) {
			return strings.TrimSpace(line)
		}
	}
	return ""
}

// unused are problems of a file that a cluster does without.
func unused(list diag.List) (warnings diag.List) {
	for _, p := range list {
		p.Severity = diag.Warning
		warnings = append(warnings, p)
	}
	return warnings
}
