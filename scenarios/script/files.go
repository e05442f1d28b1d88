package script

import (
	"bytes"
	"io/fs"
	"slices"
	"strings"

	"golang.org/x/tools/txtar"

	"ipwsim/sim/cluster"
)

// files takes the files to lay over the cluster's own; line is that of the first header.
func (p *parser) files(all []txtar.File, line int) {
	first := map[string]int{}
	for _, f := range all {
		switch {
		case !validPath(f.Name):
			p.errorf(line, "found file %q, expected a path below the cluster's folder, as standby/ipwcs.reg", f.Name)
		case first[f.Name] != 0:
			p.errorf(line, "found file %q again, expected it once; the first is in line %d", f.Name, first[f.Name])
		default:
			first[f.Name] = line
			p.keep(f, line)
		}
		line += 1 + bytes.Count(f.Data, []byte("\n"))
	}
}

func (p *parser) keep(f txtar.File, line int) {
	if !cluster.Reads(f.Name) && !slices.ContainsFunc(p.s.Steps, func(st Step) bool {
		name, is := st.TypedFile()
		return is && name == f.Name
	}) {
		p.problems.Warnf(p.file, line, "found file %q, which nothing reads, expected cluster.toml, a file of the share, or in active or standby ipwatch.dat, arpclear.bat, a .reg export or mail/<file>", f.Name)
	}
	if p.s.Files == nil {
		p.s.Files = map[string][]byte{}
	}
	p.s.Files[f.Name] = append([]byte{}, f.Data...) // never nil: an empty file is one
}

// validPath says whether the name is that of a file below a folder, on Windows too.
func validPath(name string) bool {
	return fs.ValidPath(name) && name != "." && !strings.ContainsAny(name, `\:`)
}
