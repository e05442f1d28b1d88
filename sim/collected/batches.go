package collected

import (
	"net/netip"
	"path"
	"regexp"
	"strings"

	"ipwsim/core/diag"
	"ipwsim/core/text"
	"ipwsim/sim/batch"
)

// GuideBatch is the guide's name of the cure (G A).
const GuideBatch = "arpclear.bat"

// Batch is a batch file.
type Batch struct {
	File string // "": there is none
	Name string // in lower case, as Windows had it
	Data []byte
	By   batch.Start // how it is started; the zero Start: by its name alone
	Does batch.Batch // so started
}

func isBatch(name string) bool { return path.Ext(name) == ".bat" || path.Ext(name) == ".cmd" }

// Read is the file as it is started. Of what is odd in it that alone is a problem here for which nothing of it is played: check
// tells the rest.
func (b Batch) Read() (Batch, diag.List) {
	does, problems := b.By.Parse(b.File, b.Data)
	if b.Does = does; !text.Detect(b.Data).IsUTF16() {
		problems = nil
	}
	return b, problems
}

// Started is the file as a command starts it that names it.
func (b Batch) Started(command string) Batch {
	arguments, _ := Starts(command, b.Name)
	b.By = batch.Start{Path: PathIn(command, b.Name), Args: batch.Arguments(arguments)}
	return b
}

// Arguments are those behind it.
func (b Batch) Arguments() string { return strings.Join(b.By.Args, " ") }

// IsGuides says whether the path that starts it is the guide's own.
func (b Batch) IsGuides() bool {
	return strings.EqualFold(batch.Expand(b.By.Path), batch.Folder+`\`+GuideBatch)
}

// Targets are the addresses that its pings name, reached or not.
func (b Batch) Targets() (all []Target) {
	for _, t := range batch.Targets(b.Data, b.By.Args...) {
		all = append(all, Target{t.Addr, Place{b.File, t.Line}})
	}
	return all
}

// Target is a machine that a batch file pings.
type Target struct {
	netip.Addr
	At Place
}

// Heals says whether it may be the cure (H11): it pings somebody, or empties the ARP cache.
func (b Batch) Heals() bool {
	with, _ := b.Read()
	_, flushes := with.Does.Flush()
	return flushes || len(b.Targets()) > 0
}

// Batch finds the batch file of that name, in whichever case.
func (s *Server) Batch(name string) (b Batch, found bool) {
	for _, b := range s.Batches {
		if strings.EqualFold(b.Name, name) {
			return b, true
		}
	}
	return b, false
}

// Starts says whether a command line starts the file of that name, in whichever folder, and what stands behind it: up to
// what cmd.exe takes for its own.
func Starts(command, file string) (arguments string, starts bool) {
	lower, name := strings.ToLower(command), strings.ToLower(file)
	if name == "" {
		return "", false
	}
	for from := 0; ; {
		at := strings.Index(lower[from:], name)
		if at < 0 {
			return "", false
		}
		begin, end := from+at, from+at+len(name)
		if (begin == 0 || strings.HasSuffix(lower[:begin], "%~dp0") || strings.ContainsAny(lower[begin-1:begin], `\/"' ;,(&|@`+"`")) && (end == len(lower) || strings.ContainsAny(lower[end:end+1], `"' ;,)&|<>`)) {
			return behind(command[end:]), true
		}
		from = end
	}
}

// PathIn is the path of the file of that name in a command line that starts it.
func PathIn(command, file string) string {
	end := strings.LastIndex(strings.ToLower(command), strings.ToLower(file)) + len(file)
	before := command[:max(0, end-len(file))]
	switch {
	case strings.Contains(before, `"`):
		return command[strings.LastIndex(before, `"`)+1 : end]
	case cutPath.MatchString(command[:end]): // a task's program has blanks as they are
		return command[:end]
	}
	return command[strings.LastIndexAny(before, " \t")+1 : end]
}

// behind are the arguments behind a file's name and the quote of its path.
func behind(rest string) string {
	rest = strings.TrimPrefix(rest, `"`)
	if strings.Count(rest, `"`)%2 == 1 { // of cmd /c "..."
		rest = strings.TrimSuffix(strings.TrimSpace(rest), `"`)
	}
	if i := strings.IndexAny(rest, "&|<>"); i >= 0 {
		rest = rest[:i]
	}
	return strings.TrimSpace(rest)
}

var batchPath = regexp.MustCompile(`(?i)(?:"([^"]*\.(?:bat|cmd))"|([^\s"]*\.(?:bat|cmd)))(?:["\s]|$)`)

// BatchIn is the name of the batch file that a command line names first, without its folder; "": it names none.
func BatchIn(command string) string {
	m := batchPath.FindStringSubmatch(command)
	if m == nil {
		return ""
	}
	name := m[1] + m[2]
	return name[strings.LastIndexAny(name, `\/`)+1:]
}
