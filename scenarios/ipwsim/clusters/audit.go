package clusters

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"ipwsim/core/diag"
	"ipwsim/core/disk"
	"ipwsim/reports/auditpage"
	"ipwsim/reports/audittext"
	"ipwsim/reports/exchange"
	"ipwsim/reports/words"
	"ipwsim/scenarios/audit"
	"ipwsim/scenarios/ipwsim/cli"
	"ipwsim/scenarios/ipwsim/lookup"
	"ipwsim/sim/audited"
	"ipwsim/sim/cluster"
	"ipwsim/sim/finding"
)

// Auditors play for an audit.
var Auditors = cli.Trade{Name: "audit", Serve: audit.Serve}

// auditFlags are the flags of `ipwsim audit`.
type auditFlags struct {
	lang              *cli.Lang
	quick, json, full bool
	open              bool
	seed              uint64
	workers           int
	out, html         string
	rates             []string
	rate              map[string]float64
}

// AuditCommand is `ipwsim audit`.
func AuditCommand(lang *cli.Lang) *cobra.Command {
	f := auditFlags{lang: lang}
	c := &cobra.Command{
		Use:   "audit DIR",
		Short: "Say what to change in a cluster, and what it gains",
		Long: `audit reads a cluster's folder, or a shipped cluster, as check does. Then it
plays what happens in the field on it: every single fault and every pair of
cables, power, updates, backups, the watcher and switches, at drawn moments, for
all clients and VIPs. It ranks them by the mail time that they cost a year under
stated rates, and tries what could be changed: each change is made to a copy of
the files, and the same faults are played again. It ends in a list: what to
change, where, by which command, and what it gains, with its 95 % interval.

A client whose kind no file tells is played as both kinds, half of the draws
each: one that hears of a switch, and one that does not.

The rates are assumed. --rate sets one, by the name in the report's last part:
the kind of a fault for all things, or one fault as switch:sw1. One whose rate
is 0 is not played.

The same seed gives the same audit, to the byte, with any number of workers.

Exit status: 0 nothing to change, 1 something, or errors in the files, 2 it
could not run.`,
		Example: `  ipwsim audit ./our-cluster
  ipwsim audit ./our-cluster --quick
  ipwsim audit ./our-cluster --html audit.html   a page to show
  ipwsim audit ./our-cluster -o audit     page, stories, audit.json
  ipwsim audit ./our-cluster --rate freeze-active=365 --rate repair-active=0
  ipwsim audit guide --json`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return diag.Errorf("found %d clusters, expected one: a folder or a shipped cluster; shipped are %s", len(args), strings.Join(lookup.Shipped(), ", "))
			}
			return f.check()
		},
		RunE: func(c *cobra.Command, args []string) error { return f.run(c, args[0]) },
	}
	fl := c.Flags()
	fl.BoolVar(&f.quick, "quick", false, "fewer draws, no pairs: seconds in place of a minute")
	fl.BoolVar(&f.json, "json", false, "print JSON instead of text (ipwsim schema describes it)")
	fl.BoolVar(&f.full, "full", false, "leave nothing out")
	fl.Uint64Var(&f.seed, "seed", 1, "seed `N` of all that is drawn")
	fl.IntVar(&f.workers, "workers", runtime.GOMAXPROCS(0), "worker processes `N`")
	fl.StringVarP(&f.out, "output", "o", "", "write the page, audit.json and the stories into this `DIR`")
	fl.StringVar(&f.html, "html", "", "write a page to this `FILE`")
	fl.BoolVar(&f.open, "open", false, "open the page of --html in the browser, on a terminal")
	fl.StringArrayVar(&f.rates, "rate", nil, "so often a year, as `NAME=N`; again for more")
	return c
}

// check reads the rates.
func (f *auditFlags) check() error {
	f.rate = map[string]float64{}
	for _, text := range f.rates {
		name, number, _ := strings.Cut(text, "=")
		rate, err := strconv.ParseFloat(number, 64)
		if err != nil || !(rate >= 0 && rate <= 1e6) {
			return diag.Errorf("--rate: found %q, expected a fault's name and a number from 0 to 1000000, as %s", text, "cable-active=2")
		}
		f.rate[name] = rate
	}
	switch {
	case f.open && f.html == "":
		return diag.Errorf("--open: found no --html, expected --html FILE: it opens that page")
	case f.open && f.json:
		return diag.Errorf("--open: found --json too, expected one of them: JSON is all that --json prints")
	}
	return cli.Free(cli.File("--html", f.html), cli.AuditFolder("-o", f.out))
}

func (f *auditFlags) run(c *cobra.Command, dir string) error {
	where, problems, err := auditGround(dir)
	switch {
	case err != nil:
		return err
	case problems != nil:
		return f.refuse(c, dir, problems)
	}
	a, err := f.audit(c, dir, where)
	if err != nil {
		return err
	}
	if err := f.write(c, a, dir, where); err != nil {
		return err
	}
	if !a.Good() {
		return cli.ErrFindings
	}
	return nil
}

// auditGround is the cluster; problems where check refuses it, and it cannot be played as it is.
func auditGround(dir string) (*lookup.Cluster, diag.List, error) {
	problems, err := checkPath(context.Background(), dir, nil)
	switch {
	case err != nil:
		return nil, nil, err
	case problems.Without(cluster.Playable...).Err() != nil:
		return nil, problems, nil
	}
	where, err := lookup.Find(dir, cluster.Playable...)
	if err != nil {
		return nil, nil, err
	}
	if where.Files == nil { // a shipped one
		files, err := where.Find(where.Name)
		if err != nil {
			return nil, nil, err
		}
		if where.Files, err = cluster.Files(files); err != nil {
			return nil, nil, err
		}
	}
	return where, nil, nil
}

// refuse tells what is wrong with the files, as check does.
func (f *auditFlags) refuse(c *cobra.Command, dir string, problems diag.List) error {
	for _, p := range problems {
		fmt.Fprintln(c.ErrOrStderr(), f.lang.Located(p))
	}
	fmt.Fprintln(c.ErrOrStderr(), f.lang.Say("check.count", dir, counted(f.lang, problems.Count(diag.Error), "check.error", "check.errors"),
		counted(f.lang, problems.Count(diag.Warning), "check.warning", "check.warnings")))
	return cli.ErrFindings
}

func (f *auditFlags) audit(c *cobra.Command, dir string, where *lookup.Cluster) (*audited.Audit, error) {
	bar := newAuditBar(c.ErrOrStderr(), f.lang.Lang)
	defer bar.End()
	opt := audit.Options{
		Name: where.Name, Folder: dir, Files: where.Files, Seed: f.seed, Quick: f.quick, Rates: f.rate, Marks: assumedMarks(), Workers: f.workers, Progress: bar.show,
	}
	if f.workers > 1 {
		crew, err := Auditors.Hire(f.workers)
		if err != nil {
			return nil, err
		}
		defer crew.Close()
		opt.Crew = crew
	}
	a, err := audit.Run(c.Context(), opt)
	if err != nil {
		return nil, err
	}
	a.Program, a.Rerun = cli.Program(), f.again(dir)
	return a, nil
}

// assumedMarks are in the comments that init writes behind what it has assumed.
func assumedMarks() (all []string) {
	for _, l := range []words.Lang{words.English, words.Japanese} {
		all = append(all, "# "+strings.TrimSpace(l.Text(diag.Say("assumed: %w", diag.Say("%s", "")))))
	}
	return all
}

// again is the command that makes the audit again.
func (f *auditFlags) again(dir string) string {
	text := fmt.Sprintf("ipwsim audit %s --seed %d", cli.Quoted(dir), f.seed)
	if f.quick {
		text += " --quick"
	}
	for _, rate := range f.rates {
		text += " --rate " + cli.Quoted(rate)
	}
	return text
}

// write gives the stories their titles, and prints and writes what is wanted.
func (f *auditFlags) write(c *cobra.Command, a *audited.Audit, dir string, where *lookup.Cluster) error {
	failed := f.clear()
	for i := range a.Stories {
		s := &a.Stories[i]
		row := &a.Rows[s.Row]
		s.Title = finding.Phrase{En: words.Safe(words.English.AuditRow(a, row)), Ja: words.Safe(words.Japanese.AuditRow(a, row))}
		head := "# " + s.Title.En + "\n# ja: " + s.Title.Ja + "\n"
		if f.out == "" {
			s.Text = head + s.Text
			continue
		}
		path := filepath.Join(f.out, s.Name+".txtar")
		s.Rerun = "ipwsim run " + cli.Quoted(path)
		if where.Dir != "" {
			s.Rerun += " --cluster " + cli.Quoted(where.Dir)
		}
		s.Text = head + "# " + words.Safe(s.Rerun) + "\n" + s.Text
		failed = errors.Join(failed, disk.WriteBytes(path, []byte(s.Text)))
	}
	if f.out != "" {
		failed = errors.Join(failed, disk.Write(filepath.Join(f.out, cli.AuditFile), func(w io.Writer) error { return exchange.Audit(w, a) }))
		failed = errors.Join(failed, f.page(filepath.Join(f.out, "index.html"), a, dir))
	}
	if f.html != "" {
		failed = errors.Join(failed, f.page(f.html, a, dir))
	}
	if f.json {
		return errors.Join(failed, exchange.Audit(c.OutOrStdout(), a))
	}
	opt := f.lang.Page(c.OutOrStdout())
	opt.Full = f.full
	failed = errors.Join(failed, audittext.Audit(c.OutOrStdout(), a, opt))
	if f.open && failed == nil {
		failed = open(runtime.GOOS, f.html, c.OutOrStdout(), f.lang)
	}
	return failed
}

// clear takes away the stories of an earlier audit in the folder, which this one may not have.
func (f *auditFlags) clear() error {
	if f.out == "" {
		return nil
	}
	data, err := disk.Read(filepath.Join(f.out, cli.AuditFile), disk.MostResult)
	if err != nil {
		return nil // there is none
	}
	var old struct{ Stories []struct{ Name string } }
	if err := json.Unmarshal(data, &old); err != nil {
		return nil // of another version: its files are not known
	}
	for _, s := range old.Stories {
		if err := os.Remove(filepath.Join(f.out, filepath.Base(s.Name)+".txtar")); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// page writes the page of an audit.
func (f *auditFlags) page(path string, a *audited.Audit, dir string) error {
	opt := auditpage.Options{Lang: f.lang.Lang}
	files, err := clusterNamed(dir)
	if err != nil {
		return err
	}
	if bp, _ := cluster.LoadWith(files, ".", cluster.Playable...); bp != nil {
		h := cluster.Header(bp, "", f.seed)
		opt.Header = &h
	}
	return disk.Write(path, func(w io.Writer) error { return auditpage.Write(w, a, opt) })
}

// auditBar says how many runs are done, how fast, and when they all are.
type auditBar struct{ cli.Meter }

func newAuditBar(w io.Writer, lang words.Lang) *auditBar { return &auditBar{cli.NewMeter(w, lang)} }

func (b *auditBar) show(done, total int) {
	b.Tell(func(took time.Duration) string {
		rate, left := cli.RateOf(done, total-done, took)
		return b.Say("progress.audit", done, total, rate, b.Span(left))
	})
}

// open says where the page is and, on a terminal, shows it in the system's browser.
func open(system, page string, w io.Writer, lang *cli.Lang) error {
	fmt.Fprintln(w, lang.Say("drop.page", page))
	if !cli.IsTerminal(w) {
		return nil
	}
	with := opener(system, page)
	if err := exec.Command(with[0], with[1:]...).Start(); err != nil {
		return diag.Errorf("cannot open %s: %w", page, err)
	}
	return nil
}

// opener is the command that opens a page on the system, a GOOS.
func opener(system, page string) []string {
	switch system {
	case "windows":
		return []string{"rundll32", "url.dll,FileProtocolHandler", page}
	case "darwin":
		return []string{"open", page}
	}
	return []string{"xdg-open", page}
}
