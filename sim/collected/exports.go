package collected

import (
	"path"
	"strings"

	"ipwsim/core/diag"
	"ipwsim/core/registry"
	"ipwsim/core/text"
)

// takeExport takes an export of the registry. One that cannot be read, or that is empty as where there was no such key, is
// none: what a cluster lacks for that is asked for.
func (s *Server) takeExport(file string, data []byte) (problems diag.List) {
	if strings.TrimSpace(string(data)) == "" {
		problems.Warnf(file, 0, "the file is empty; expected an export: the key may not be there, or the export has failed")
		return problems
	}
	if enc := text.Detect(data); enc == text.UTF16BE || enc == text.UTF16Bare {
		problems.Warnf(file, 0, "the file is %s, and is copied as UTF-16LE with BOM, as regedit writes it", enc)
		data = text.LittleEndian(data)
	}
	reg, list := registry.Parse(file, data)
	problems = append(problems, list...)
	switch {
	case list.Err() != nil:
		problems = unused(problems)
		problems.Warnf(file, 0, "nothing is taken from this export, for its errors; expected one that regedit or `reg export` wrote")
		return problems
	case len(reg.Keys) == 0:
		problems.Warnf(file, 0, "found no key, so the file may be cut off; expected an export")
	}
	s.Exports = append(s.Exports, reg)
	s.RawExport[file] = data
	return problems
}

// rankOf puts exports first that the batch file of `ipwsim init --collect` writes: others may be old copies.
func rankOf(file string) int {
	switch strings.ToLower(path.Base(file)) {
	case "ipwcs.reg", "epost.reg", "services.reg":
		return 0
	}
	return 1
}
