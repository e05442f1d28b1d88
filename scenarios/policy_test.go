package scenarios_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// The house in one sentence: a scenario builds a world, the world builds hosts, hosts sit on wires, everything writes
// the trace, facts are read from the trace alone, checks judge facts, and reports put into words what was found. Imports
// follow it. A row: a package, those of this module that it may know, modules of others, and why.
const mayImport = `
core                  |  |  | the watcher is the code a daemon runs: no I/O, no clock, no library
core/vrrp             | core |  | another watcher, as pure as the first
core/diag             |  |  | everything reports problems, so it depends on nothing
core/rules            |  |  | everybody cites the rules, so they depend on nothing
core/text             | core/diag | golang.org/x/text | encodings of input files
core/table            | core core/diag core/text | golang.org/x/text | a file format
core/registry         | core core/diag core/text |  | a file format
core/disk             | core/diag | golang.org/x/sys | files are opened in one place
core/golden           |  | github.com/stretchr/testify | texts of tests are held against files
core/driver           | core |  | the same on a simulated and on a real host
core/driver/porttest  | core core/driver |  | the contract of the ports, for any adapter

netstack/arp          |  |  | a cache's policy is plain data, for the host, its profile and the cluster's files
netstack/policy       |  |  | how systems differ is plain data, as a cache's policy is
netstack/vtime        | core/diag | gvisor.dev/gvisor | time knows nobody
netstack/wire         | core/diag netstack/vtime |  | wires know frames, not hosts
netstack/host         | netstack/arp netstack/policy netstack/vtime netstack/wire | gvisor.dev/gvisor | a host knows its wire, not who runs on it
netstack/capture      | core/disk netstack/wire |  | captures see frames only; what is said of them comes from above

sim/trace             |  |  | the only thing the upper half reads: it depends on nothing
sim/trace/story       | sim/trace |  | histories by hand, for tests
sim/finding           | core/diag sim/trace |  | what is found is plain data, made above and worded in reports
sim/studied           | core/diag sim/finding sim/trace |  | what came of a study is plain data, for its engine and for reports
sim/searched          | sim/finding |  | what came of a search is plain data, for its engine and for reports
sim/audited           | core/diag sim/finding |  | what came of an audit is plain data, for its engine and for reports
sim/profile           | core/diag netstack/arp netstack/policy |  | profiles are plain data, with texts about it
sim/batch             | core/diag core/text | golang.org/x/text | a file format
sim/share             | sim/share/nas | golang.org/x/sys | a share serves files over a connection it is given: it knows no network and no machine
sim/share/nas         |  |  | a protocol's messages are bytes
sim/share/sharetest   | sim/share | github.com/stretchr/testify pgregory.net/rapid | the contract of a share, for any implementation
sim/mail              | sim/mail/folder sim/mail/imap sim/mail/settings sim/share sim/trace | github.com/emersion | the services run on listeners, dialers and a share that they are given
sim/mail/folder       | sim/share sim/share/nas sim/trace |  | the layout of the mail work folder
sim/mail/reader       | sim/mail sim/mail/folder sim/trace | github.com/knadh/go-pop3 | a mail program knows the machine it runs on, and nothing of the services
sim/mail/imap         | sim/mail/folder sim/trace | golang.org/x/text | the protocol of IMAP4, over the mailboxes
sim/mail/logs         | sim/trace |  | what services log follows from what they did
sim/mail/settings     | core/diag core/registry core/text |  | the product's configuration files
sim/mail/mailtest     | netstack/arp netstack/host netstack/vtime netstack/wire sim/mail sim/trace | github.com/emersion/go-smtp | a network for tests of the services, and the floor of their benchmarks
sim/cluster           | core core/diag core/registry core/table core/text core/vrrp netstack/arp netstack/policy sim/batch sim/mail/settings sim/profile sim/says sim/trace | github.com/pelletier/go-toml | files to blueprint: builds nothing
sim/windows           | core core/driver core/table core/text netstack/arp netstack/host netstack/policy netstack/vtime netstack/wire sim/batch sim/says sim/trace |  | a machine runs batch files, but knows neither the cluster's files nor the scenario
sim/says              |  |  | what Windows says is text, for machines and for reports
sim/router            | netstack/arp netstack/host netstack/wire sim/trace |  | a router routes: it knows neither the machines nor the cluster's files
sim/console           | core core/diag core/driver core/table core/text netstack/host sim/says sim/trace sim/windows |  | what is typed on a machine, which it is given: it knows no cluster and no world
sim/stranger          | netstack/arp netstack/host netstack/wire sim/trace |  | a stranger knows a network, and nothing of the cluster
sim/world             | core core/diag core/driver core/registry core/vrrp netstack/host netstack/vtime netstack/wire sim/cluster sim/console sim/mail sim/mail/folder sim/mail/logs sim/mail/reader sim/mail/settings sim/profile sim/router sim/share sim/stranger sim/trace sim/windows |  | a world knows no scenario and no check
sim/verb              | core/diag netstack/wire sim/cluster sim/finding sim/mail sim/stranger sim/trace sim/windows sim/world |  | what can be done to a world: a verb knows the world, which does not know it
sim/collected         | core/diag core/registry core/table core/text sim/batch sim/mail/settings |  | what is exported on machines is files: it knows no cluster
sim/narrator          | sim/share/nas sim/trace | github.com/google/gopacket | it says what follows from a frame and the trace, and from nothing else

scenarios             |  |  | the shipped files
scenarios/conform     | sim/finding sim/trace |  | what a watcher does is held against its rules by the trace alone, never by the watcher's code
scenarios/facts       | scenarios/conform sim/finding sim/trace |  | facts are read from history, never from the live world
scenarios/check       | scenarios/facts sim/finding sim/trace |  | a check judges facts
scenarios/naive       | sim/finding sim/trace |  | the second definition of facts and checks takes nothing from the first
scenarios/truth       |  |  | tests only: files are run, and reports read as people read them
scenarios/frames      | netstack/wire sim/finding sim/narrator sim/trace | github.com/google/gopacket | a tap that knows whose cable it is on, for pages that show frames
scenarios/script      | core/diag core/disk netstack/capture netstack/wire scenarios/check scenarios/facts scenarios/frames sim/cluster sim/finding sim/narrator sim/trace sim/verb sim/world | golang.org/x/tools | a scenario does not know how it is reported
scenarios/search      | core core/diag core/driver core/registry netstack/arp netstack/wire scenarios/pool scenarios/script sim/cluster sim/finding sim/trace sim/windows |  | a search draws scenarios and runs them: it knows their language, and no report
scenarios/night       | core/diag core/disk scenarios/bugs scenarios/pool scenarios/search sim/searched | golang.org/x/sync | a night is searches put together, and data: no words
scenarios/audit       | core core/diag core/registry core/table netstack/arp scenarios/audit/edit scenarios/facts scenarios/pool scenarios/script scenarios/study sim/audited sim/batch sim/cluster sim/finding sim/mail/settings sim/profile sim/trace sim/windows | gonum.org/v1/gonum | an audit draws scenarios and runs them, as a search does, and gives data: no words
scenarios/audit/edit  | core/registry core/text sim/audited sim/batch |  | files are edited as text, line by line: it knows neither clusters nor why
scenarios/seeds       | core/diag scenarios/pool scenarios/script scenarios/study sim/cluster sim/finding sim/studied |  | a scenario under many seeds gives data, by the statistics of studies
scenarios/saved       | core/diag core/disk sim/finding sim/trace |  | a run on disk: it knows files, not reports
scenarios/history     | core/diag sim/studied | modernc.org/sqlite | nights are kept as data, in a file of their own: what made them is no matter
scenarios/watch       |  |  | files are looked at, whatever they hold
scenarios/pool        | core/diag | golang.org/x/sync | workers know nothing of their work
scenarios/bugs        | core/diag core/disk |  | known bugs are patches of the source, which are text: none is in the program
scenarios/loopback    | core/diag netstack/vtime sim/mail sim/trace |  | a machine in real time is a machine and no more
scenarios/study       | core core/diag core/disk core/text core/vrrp netstack/vtime scenarios/check scenarios/facts scenarios/pool sim/cluster sim/finding sim/profile sim/studied sim/trace sim/verb sim/world | github.com/parquet-go/parquet-go github.com/pelletier/go-toml gonum.org/v1/gonum | a study runs worlds itself and gives data: it needs no scenario file, and no words
scenarios/study/folder | core/disk reports/page reports/studypage reports/studytext reports/term scenarios/study sim/cluster sim/finding sim/studied |  | what a study leaves for people, put together from data and reports
scenarios/ipwsim      | scenarios/ipwsim/cli scenarios/ipwsim/root |  | the process: it hands over to the command line
scenarios/ipwsim/root | core/diag core/disk core/rules netstack/vtime reports/exchange reports/term reports/words scenarios scenarios/ipwsim/cli scenarios/ipwsim/clusters scenarios/ipwsim/live scenarios/ipwsim/lookup scenarios/ipwsim/nights scenarios/ipwsim/runs scenarios/ipwsim/studies scenarios/manual scenarios/script scenarios/study sim/cluster sim/profile | github.com/inconshreveable/mousetrap github.com/spf13/cobra github.com/spf13/pflag | it puts the commands together; nothing but main and tests of whole command lines knows it
scenarios/ipwsim/cli  | core/diag core/disk reports/page reports/term reports/words scenarios/pool | github.com/spf13/cobra github.com/spf13/pflag | what every command has knows no command
scenarios/ipwsim/lookup | core/diag core/disk scenarios sim/cluster |  | clusters are found by what a command line names, whatever is done with them
scenarios/ipwsim/runs | core/diag core/disk netstack/capture reports/diff reports/exchange reports/page reports/studypage reports/studytext reports/term reports/text reports/words scenarios scenarios/ipwsim/cli scenarios/ipwsim/lookup scenarios/pool scenarios/saved scenarios/script scenarios/seeds scenarios/watch sim/finding sim/studied sim/trace | github.com/spf13/cobra github.com/spf13/pflag | scenarios are run and reported
scenarios/ipwsim/studies | core/diag core/disk reports/page reports/studytext reports/term reports/text reports/words scenarios scenarios/ipwsim/cli scenarios/ipwsim/lookup scenarios/study scenarios/study/folder sim/cluster sim/finding sim/studied | github.com/spf13/cobra | worlds are run by the thousand, without a scenario
scenarios/ipwsim/nights | core core/diag core/disk reports/exchange reports/nightpage reports/nighttext reports/studypage reports/studytext reports/term reports/words scenarios scenarios/bugs scenarios/explore scenarios/history scenarios/ipwsim/cli scenarios/ipwsim/lookup scenarios/ipwsim/runs scenarios/night scenarios/pool scenarios/script scenarios/search scenarios/seeds scenarios/study sim/cluster sim/finding sim/searched sim/world | github.com/spf13/cobra | a night runs the shipped scenarios, too
scenarios/ipwsim/clusters | core/diag core/disk reports/auditpage reports/audittext reports/exchange reports/graph reports/term reports/words scenarios scenarios/audit scenarios/ipwsim/cli scenarios/ipwsim/lookup scenarios/ipwsim/runs scenarios/saved scenarios/script scenarios/setup sim/audited sim/cluster sim/collected sim/finding sim/profile | github.com/spf13/cobra golang.org/x/term | a cluster is judged and drawn, and so are runs of it
scenarios/ipwsim/live | core/diag core/disk reports/term reports/words scenarios scenarios/ipwsim/cli scenarios/ipwsim/lookup scenarios/loopback sim/cluster sim/console sim/mail sim/mail/settings sim/says sim/share sim/trace sim/verb sim/world | github.com/spf13/cobra golang.org/x/term | people use a cluster by hand: no scenario, no report
scenarios/ipwsim/clitest | reports/runtest scenarios scenarios/history scenarios/ipwsim/cli scenarios/ipwsim/root scenarios/night | github.com/stretchr/testify | command lines for tests of them
scenarios/setup       | core/diag core/registry core/table sim/collected sim/mail/settings sim/trace |  | a cluster's files are written of what was collected: check says what they are worth
scenarios/explore     | core core/diag sim/finding |  | the watcher in a world so plain that all of it can be tried: it knows no other

reports/words         | core/diag sim/audited sim/finding sim/searched sim/studied sim/trace |  | language: it knows what was found, not how it is laid out
scenarios/manual      | core/rules reports scenarios sim/console sim/mail |  | pages lie where what they are about lies
reports               |  |  | a page of the manual
reports/term          | reports/words | golang.org/x/term golang.org/x/text | a terminal's page, whatever stands on it
reports/lanes         | reports/words sim/finding sim/trace |  | who was in which state when; others draw it
reports/transcript    | reports/term reports/words sim/finding sim/says sim/trace |  | what people saw on the machines; others lay it out
reports/text          | reports/lanes reports/term reports/transcript reports/words sim/finding sim/trace |  | a report can be made again from a saved run
reports/exchange      | core/diag reports/lanes reports/words sim/audited sim/finding sim/searched sim/studied sim/trace | github.com/go-json-experiment/json github.com/jstemmer/go-junit-report | formats for programs, of what was found
reports/diff          | reports/term reports/words sim/finding sim/trace sim/verb |  | two traces side by side; what faults are called their verbs know
reports/chart         | reports/term |  | a drawing knows numbers and texts, not what they are about
reports/sheet         | reports/words |  | the frame of every page, whatever stands in it
reports/graph         | reports/chart reports/lanes reports/term reports/words sim/finding sim/trace |  | a network at a moment, drawn or as text, of what was found
reports/page          | core/rules reports/chart reports/graph reports/lanes reports/sheet reports/term reports/transcript reports/words sim/finding sim/trace |  | a page tells what was found, to those who have not seen the run
reports/nighttext     | reports/term reports/words sim/finding sim/searched |  | a text of a search is made from its data
reports/audittext     | core/diag reports/term reports/words sim/audited |  | a text of an audit is made from its data
reports/auditpage     | core/diag reports/chart reports/graph reports/sheet reports/words sim/audited sim/trace |  | a page of an audit is made from its data
reports/studytext     | reports/term reports/words sim/finding sim/studied |  | a text of a study is made from its data
reports/studypage     | reports/chart reports/graph reports/sheet reports/term reports/words sim/finding sim/studied sim/trace |  | a page of a study is made from its data
reports/nightpage     | reports/sheet reports/words sim/finding sim/searched |  | a page of a night is made from its data
reports/runtest       | core/diag reports/words scenarios scenarios/script sim/audited sim/finding sim/searched sim/studied sim/trace | github.com/santhosh-tekuri/jsonschema github.com/stretchr/testify golang.org/x/net golang.org/x/text pgregory.net/rapid | runs for tests of reports
reports/runtest/browser |  | github.com/chromedp github.com/stretchr/testify | pages are opened in a browser, for tests of them
`

// allowed is a row of mayImport.
type allowed struct {
	own, foreign []string
	why          string
}

// policy reads mayImport.
func policy(t *testing.T) map[string]allowed {
	rows := map[string]allowed{}
	for line := range strings.Lines(mayImport) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		f := strings.Split(line, "|")
		require.Len(t, f, 4, line)
		rows[strings.TrimSpace(f[0])] = allowed{strings.Fields(f[1]), strings.Fields(f[2]), strings.TrimSpace(f[3])}
	}
	return rows
}

// source is a package of this module, with its types.
type source struct {
	PkgPath   string
	Imports   []string
	Syntax    []*ast.File
	TypesInfo *types.Info
}

var (
	fset     = token.NewFileSet()
	compiled = map[string]string{} // by package: what the compiler has written of its types
	imports  = importer.ForCompiler(fset, "gc", func(path string) (io.ReadCloser, error) { return os.Open(compiled[path]) })
)

// module is read once for all policies.
var module = sync.OnceValues(func() (all []*source, err error) {
	list := exec.Command("go", "list", "-export", "-deps", "-json=ImportPath,Dir,Export,GoFiles,Imports", "ipwsim/...")
	list.Stderr = os.Stderr
	out, err := list.Output()
	for dec := json.NewDecoder(bytes.NewReader(out)); err == nil && dec.More(); { // each after those that it imports
		var p struct {
			ImportPath, Dir, Export string
			GoFiles, Imports        []string
		}
		err = dec.Decode(&p)
		if compiled[p.ImportPath] = p.Export; err != nil || !strings.HasPrefix(p.ImportPath, "ipwsim/") {
			continue
		}
		s := &source{PkgPath: p.ImportPath, Imports: p.Imports}
		for _, name := range p.GoFiles {
			err = errors.Join(err, s.parse(filepath.Join(p.Dir, name), nil))
		}
		all, err = append(all, s), errors.Join(err, s.check())
	}
	return all, err
})

func (s *source) parse(name string, text any) error {
	f, err := parser.ParseFile(fset, name, text, parser.ParseComments|parser.SkipObjectResolution)
	s.Syntax = append(s.Syntax, f)
	return err
}

func (s *source) check() error {
	s.TypesInfo = &types.Info{Uses: map[*ast.Ident]types.Object{}, Types: map[ast.Expr]types.TypeAndValue{}}
	_, err := (&types.Config{Importer: imports}).Check(s.PkgPath, fset, s.Syntax, s.TypesInfo)
	return err
}

func loadModule(t *testing.T) []*source {
	t.Helper()
	all, err := module()
	require.NoError(t, err)
	require.NotEmpty(t, all)
	return all
}

func TestImportPolicy(t *testing.T) {
	rows := policy(t)
	for _, p := range loadModule(t) {
		name := strings.TrimPrefix(p.PkgPath, "ipwsim/")
		rule, ok := rows[name]
		if !ok {
			t.Errorf("package %s has no row in the import policy: give it one, with its reason", name)
			continue
		}
		for _, path := range p.Imports {
			if bad := banned(path, rule.own, rule.foreign); bad != "" {
				t.Errorf("%s imports %s: %s (%s)", name, path, bad, rule.why)
			}
		}
		for _, own := range rule.own {
			if !slices.Contains(p.Imports, "ipwsim/"+own) {
				t.Errorf("%s does not import %s any more: its row may be shorter", name, own)
			}
		}
		delete(rows, name)
	}
	require.Empty(t, rows, "rows of packages that are no more")
}

func banned(path string, own, foreign []string) string {
	if local, ok := strings.CutPrefix(path, "ipwsim/"); ok {
		if !slices.Contains(own, local) {
			return "not among the packages it may know"
		}
		return ""
	}
	if !strings.Contains(strings.Split(path, "/")[0], ".") {
		return "" // the standard library
	}
	if !slices.ContainsFunc(foreign, func(m string) bool { return path == m || strings.HasPrefix(path, m+"/") }) {
		return "not among the modules it may use"
	}
	return ""
}

// What the root of the project has is few, and the same for good.
func TestTheRootHasFewThings(t *testing.T) {
	entries, err := os.ReadDir("..")
	require.NoError(t, err)
	ignored, err := os.ReadFile("../.gitignore")
	require.NoError(t, err)
	made := strings.Fields(string(ignored))
	for _, e := range entries {
		if name := e.Name(); !strings.HasPrefix(name, ".") && !slices.Contains(made, "/"+name) && !slices.Contains(made, "/"+name+"/") {
			require.Contains(t, []string{"sim", "netstack", "scenarios", "core", "reports", "go.mod", "go.sum", "Makefile", "README.md"}, name)
		}
	}
}

func TestImportPolicyCatches(t *testing.T) {
	require.NotEmpty(t, banned("ipwsim/sim/world", []string{"sim/trace"}, nil))
	require.NotEmpty(t, banned("github.com/spf13/cobra", nil, []string{"github.com/spf13/pflag"}))
	require.Empty(t, banned("ipwsim/sim/trace", []string{"sim/trace"}, nil))
	require.Empty(t, banned("encoding/json", nil, nil))
}

// virtualOnly is where virtual time and seeded randomness rule.
func virtualOnly(path string) bool {
	for _, p := range []string{"core", "netstack", "sim", "scenarios/check", "scenarios/facts", "scenarios/script"} {
		if path == "ipwsim/"+p || strings.HasPrefix(path, "ipwsim/"+p+"/") {
			return true
		}
	}
	return false
}

// fixes names each ban's way out.
var wallClock = map[string]string{
	"Now": "take the time as an argument, or ask the Domain", "Since": "subtract virtual times", "Until": "subtract virtual times",
	"Sleep": "use Proc.Sleep", "After": "use Domain.After", "AfterFunc": "use Domain.After",
	"NewTimer": "use Domain.After", "NewTicker": "use Domain.After again and again", "Tick": "use Domain.After again and again",
}

// TestDeterminismPolicy bans what makes two runs of one seed differ. A true need is marked in its
// line: "wall clock" for real time, "order:" and the reason for a walk over a map.
func TestDeterminismPolicy(t *testing.T) {
	for _, p := range loadModule(t) {
		if !virtualOnly(p.PkgPath) {
			continue
		}
		for _, f := range p.Syntax {
			for _, complaint := range nondeterminism(f, p.TypesInfo) {
				t.Error(complaint)
			}
		}
	}
}

func nondeterminism(f *ast.File, info *types.Info) []string {
	comments := map[int]string{}
	for _, g := range f.Comments {
		for _, c := range g.List {
			comments[fset.Position(c.Pos()).Line] += c.Text
		}
	}
	var all []string
	complain := func(n ast.Node, mark, format string, args ...any) {
		at := fset.Position(n.Pos())
		if !strings.Contains(comments[at.Line], mark) {
			all = append(all, fmt.Sprintf("%s:%d: ", at.Filename, at.Line)+fmt.Sprintf(format, args...))
		}
	}
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			if fn, ok := info.Uses[n.Sel].(*types.Func); ok && fn.Pkg() != nil && fn.Signature().Recv() == nil {
				judgeCall(fn, n, complain)
			}
		case *ast.RangeStmt:
			if tv, ok := info.Types[n.X]; ok {
				if _, isMap := tv.Type.Underlying().(*types.Map); isMap {
					complain(n, "order:", "a walk over a map has another order each time: walk sorted keys, or say `// order: why it does not show`")
				}
			}
		}
		return true
	})
	return all
}

func judgeCall(fn *types.Func, n ast.Node, complain func(ast.Node, string, string, ...any)) {
	switch path := fn.Pkg().Path(); {
	case path == "time" && wallClock[fn.Name()] != "":
		complain(n, "wall clock", "time.%s is banned, %s", fn.Name(), wallClock[fn.Name()])
	case path == "math/rand", path == "math/rand/v2" && !strings.HasPrefix(fn.Name(), "New"):
		complain(n, "wall clock", "%s.%s is banned, use vtime.Stream(seed, name)", path, fn.Name())
	case path == "crypto/rand":
		complain(n, "wall clock", "crypto/rand is banned, use vtime.Stream(seed, name)")
	}
}

// opens are the functions of package os that only core/disk may call.
var opens = []string{"Create", "CreateTemp", "DirFS", "Open", "OpenFile", "ReadDir", "ReadFile", "Rename", "WriteFile"}

// TestFilesAreOpenedInOnePlace: limits of inputs and whole outputs are kept there.
func TestFilesAreOpenedInOnePlace(t *testing.T) {
	for _, p := range loadModule(t) {
		forTests := []string{"ipwsim/core/golden", "ipwsim/scenarios/ipwsim/clitest", "ipwsim/reports/runtest", "ipwsim/reports/runtest/browser"}
		if p.PkgPath == "ipwsim/core/disk" || slices.Contains(forTests, p.PkgPath) {
			continue
		}
		for _, f := range p.Syntax {
			ast.Inspect(f, func(n ast.Node) bool {
				if s, ok := n.(*ast.SelectorExpr); ok {
					if fn, ok := p.TypesInfo.Uses[s.Sel].(*types.Func); ok && fn.Pkg() != nil && fn.Pkg().Path() == "os" && fn.Signature().Recv() == nil && slices.Contains(opens, fn.Name()) {
						t.Errorf("%s: os.%s: use core/disk", fset.Position(n.Pos()), fn.Name())
					}
				}
				return true
			})
		}
	}
}

// TestTracesAreReadWhole: a long trace's Records are only its last ones.
func TestTracesAreReadWhole(t *testing.T) {
	for _, p := range loadModule(t) {
		if p.PkgPath == "ipwsim/sim/trace" || p.PkgPath == "ipwsim/sim/trace/story" || p.PkgPath == "ipwsim/scenarios/naive" {
			continue // naive reads a trace that is Whole
		}
		for _, f := range p.Syntax {
			ast.Inspect(f, func(n ast.Node) bool {
				if s, ok := n.(*ast.SelectorExpr); ok {
					if v, ok := p.TypesInfo.Uses[s.Sel].(*types.Var); ok && v.Name() == "Records" && v.Pkg() != nil && v.Pkg().Path() == "ipwsim/sim/trace" {
						t.Errorf("%s: trace.Records: use All, From or Len", fset.Position(n.Pos()))
					}
				}
				return true
			})
		}
	}
}

func TestDeterminismPolicyCatches(t *testing.T) {
	const text = `package bad
import ("math/rand/v2"; "time")
func f(m map[string]int) (n int64) {
	n = time.Now().Unix()
	time.Sleep(1)
	n += rand.Int64()
	for _, v := range m { n += int64(v) }
	for _, v := range m { n += int64(v) } // order: a sum
	_ = time.Now() // wall clock
	_ = rand.New(nil)
	return n
}`
	loadModule(t)
	bad := &source{PkgPath: "bad"}
	require.NoError(t, bad.parse("bad.go", text))
	require.NoError(t, bad.check())
	var lines []string
	for _, c := range nondeterminism(bad.Syntax[0], bad.TypesInfo) {
		lines = append(lines, strings.SplitN(c, ": ", 2)[0])
	}
	require.Equal(t, []string{"bad.go:4", "bad.go:5", "bad.go:6", "bad.go:7"}, lines)
}
