// Package clusters has the commands about a cluster's files: to make and to check them, what to change in them, and what
// they describe.
package clusters

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"unicode"

	"github.com/spf13/cobra"
	terminal "golang.org/x/term"

	"ipwsim/core/diag"
	"ipwsim/core/disk"
	"ipwsim/reports/term"
	"ipwsim/scenarios/ipwsim/cli"
	"ipwsim/scenarios/setup"
	"ipwsim/sim/cluster"
	"ipwsim/sim/collected"
)

// InitCommand is `ipwsim init`.
func InitCommand(lang *cli.Lang) *cobra.Command {
	var collect bool
	c := &cobra.Command{
		Use:   "init COLLECTED DIR | init SERVER SERVER DIR | init --collect",
		Short: "Make a cluster's folder of what was collected on its two servers",
		Long: `init makes a cluster's folder out of what an administrator can export: one
folder for each server, both in COLLECTED or given one by one. In it are, under
any names: ipwatch.dat, arpclear.bat or whatever batch file its task starts,
hosts and the mail server's lists; .reg exports of the watcher, the services and
the mail product; and the output of ipconfig /all, arp -a, route print,
systeminfo, sc qc, schtasks /query /xml and netsh advfirewall, of English or
Japanese Windows.

Each key of cluster.toml has behind it the file and line that it is from. What
no file says is asked for on a terminal; else it is assumed, which is printed
and marked, or left as a line "# TODO:", which check and run refuse. Files that
contradict each other are told, with what is taken; so is what the files say and
the simulator does not play, as a task that starts only while the machine is
idle.

--collect prints a batch file that gathers all of it on a server, without
passwords and mail. Write it with cmd.exe: PowerShell's > makes UTF-16 of it.

Exit status: 0 made, 1 made, with lines to be answered, 2 could not be made.`,
		Example: `  ipwsim init --collect > collect.cmd
  ipwsim init ./collected ./our-cluster
  ipwsim check ./our-cluster
  ipwsim run cable-pull --cluster ./our-cluster`,
		Args: func(_ *cobra.Command, args []string) error {
			if collect && len(args) > 0 {
				return diag.Errorf("--collect: found %q, expected no folder beside it", args[0])
			}
			if !collect && len(args) != 2 && len(args) != 3 {
				return diag.Errorf("found %d folders, expected what was collected, as one folder or one for each server, and a new folder for the cluster", len(args))
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			if collect {
				c.OutOrStdout().(*term.Out).Own(setup.Collect())
				return nil
			}
			return makeCluster(c, lang, args[:len(args)-1], args[len(args)-1])
		},
	}
	c.Flags().BoolVar(&collect, "collect", false, "print the batch file to run on each server")
	return c
}

// makeCluster makes the folder and tells what is in it.
func makeCluster(c *cobra.Command, lang *cli.Lang, from []string, dir string) error {
	if err := cmp.Or(disk.Empty(dir), disk.TakesFiles(dir)); err != nil {
		return err
	}
	servers, problems, err := collectedIn(from)
	if err != nil {
		return err
	}
	if err := problems.Err(); err != nil {
		return err
	}
	o := setup.Options{Name: clusterName(dir), Say: lang.Text, Check: cluster.Answer}
	if f, is := c.InOrStdin().(*os.File); is && terminal.IsTerminal(int(f.Fd())) {
		o.Ask = asker(lang, f, c.ErrOrStderr())
	}
	made, told, err := setup.Make(servers, o)
	if err != nil {
		return err
	}
	if err := disk.Fill(dir, func() error {
		for name, data := range made.Files { // order: a set
			if err := disk.WriteBytes(filepath.Join(dir, filepath.FromSlash(name)), data); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		return err
	}
	for _, p := range append(problems, told...) {
		fmt.Fprintln(c.OutOrStdout(), lang.Located(p))
	}
	if err := tellMade(c.OutOrStdout(), lang, servers, made, dir); err != nil || len(made.Open) == 0 {
		return err
	}
	return cli.ErrFindings
}

// tellMade says what stands in the cluster's files without a source, and what does not stand there.
func tellMade(out io.Writer, lang *cli.Lang, servers [2]*collected.Server, made *setup.Cluster, dir string) error {
	p := term.New(lang.Page(out))
	for _, s := range servers {
		for _, file := range s.Unread {
			p.Para(term.Plain, "", lang.Error(diag.Errorf("%s: nothing is taken from it", file)))
		}
	}
	toml := filepath.Join(dir, "cluster.toml")
	for _, part := range []struct {
		title diag.Text
		all   []diag.Text
	}{
		{diag.Say("Assumed, for no file says it; mend it in %s where it is wrong:", toml), made.Assumed},
		{diag.Say("To be answered in %s, in place of the lines with TODO:", toml), made.Open},
	} {
		if len(part.all) == 0 {
			continue
		}
		p.Para(term.Plain, "", lang.Error(&part.title))
		for _, t := range part.all {
			if text := lang.Error(&t); strings.Contains(text, "`reg ") { // it is typed
				p.Command(term.Plain, "  - ", "", text)
			} else {
				p.Para(term.Plain, "  - ", text)
			}
		}
	}
	p.Command(term.Plain, "", lang.Error(diag.Errorf("The cluster is in %s. Next:", dir))+" ", "ipwsim check "+cli.Quoted(dir))
	return p.Flush(out)
}

// collectedIn reads two servers: the folders given, or the two in the one given.
func collectedIn(from []string) (servers [2]*collected.Server, problems diag.List, err error) {
	if len(from) == 1 {
		if from, err = pairIn(from[0]); err != nil {
			return servers, nil, err
		}
	}
	for i, dir := range from {
		server, list, err := serverIn(dir)
		if err != nil {
			return servers, nil, err
		}
		servers[i] = server
		problems = append(problems, list...)
	}
	if host := servers[0].Host().Text; host != "" && strings.EqualFold(host, servers[1].Host().Text) {
		return servers, nil, diag.Errorf("both folders are of %s: %s and %s; expected one of each server", host, from[0], from[1])
	}
	if sameFolder(from[0], from[1]) {
		return servers, nil, diag.Errorf("both are the folder %s; expected one of each server", from[0])
	}
	return servers, problems, nil
}

func sameFolder(a, b string) bool {
	one, err := os.Stat(a)
	other, err2 := os.Stat(b)
	return err == nil && err2 == nil && os.SameFile(one, other)
}

// serverIn reads a server's folder. What is told of it begins with the folder's name, as what the cluster says of its files.
func serverIn(dir string) (*collected.Server, diag.List, error) {
	whole, err := filepath.Abs(dir)
	if err != nil {
		return nil, nil, err
	}
	if info, err := os.Stat(whole); err == nil && !info.IsDir() {
		return nil, nil, diag.Errorf("found file %s, expected a folder", dir)
	}
	above := filepath.Dir(whole)
	if above == whole {
		return nil, nil, &fs.PathError{Op: "read", Path: dir, Err: fs.ErrInvalid}
	}
	server, list := collected.Read(disk.FolderUpTo(above, disk.MostExport), filepath.Base(whole))
	return server, list, nil
}

// foldersIn are the folders in one, without those that a Mac puts into an archive, or beside its files.
func foldersIn(dir string) (all []string, err error) {
	entries, err := disk.List(dir)
	for _, e := range entries {
		info, err := os.Stat(filepath.Join(dir, e.Name())) // a symlink to a folder is one
		if err == nil && info.IsDir() && e.Name() != "__MACOSX" && !strings.HasPrefix(e.Name(), ".") {
			all = append(all, filepath.Join(dir, e.Name()))
		}
	}
	return all, err
}

// isServer says whether the folder is a server's, by what is in it.
func isServer(dir string) bool {
	s, _, err := serverIn(dir)
	return err == nil && s.IsOne()
}

// mostFolders is how many are looked into: beside two servers' there is little else.
const mostFolders = 8

// pairIn are the two servers' folders in one. Where there are no two, it says where they may be.
func pairIn(dir string) ([]string, error) {
	found, err := foldersIn(dir)
	if err != nil {
		return nil, err
	}
	var servers []string
	for _, f := range found[:min(mostFolders, len(found))] {
		if isServer(f) {
			servers = append(servers, f)
		}
	}
	switch {
	case len(servers) == 2 && len(found) <= mostFolders:
		return servers, nil
	case isServer(dir):
		return nil, diag.Errorf("%s is the folder of one server, expected the folder that both are in, or two folders, one for each server", dir)
	case len(servers) == 1:
		return nil, diag.Errorf("found one server's folder alone in %s: %s; expected that of the other server beside it", dir, filepath.Base(servers[0]))
	case len(found) == 0:
		return nil, diag.Errorf("found no folder in %s, expected two, one for each server", dir)
	case len(found) > mostFolders || len(servers) > 0:
		return nil, diag.Errorf("found in %s: %s; expected two folders, one for each server", dir, few(found))
	}
	for _, f := range found {
		if in, err := foldersIn(f); err == nil && len(in) == 2 && isServer(in[0]) && isServer(in[1]) {
			return nil, diag.Errorf("found no two servers' folders in %s, but in a folder of it; did you mean %s?", dir, f)
		}
	}
	return nil, diag.Errorf("found in %s: %s; expected two folders, one for each server", dir, few(found))
}

// few are the names of the folders, or of the first of many.
func few(folders []string) string {
	var names []string
	for _, f := range folders[:min(mostFolders, len(folders))] {
		names = append(names, filepath.Base(f))
	}
	if len(folders) > mostFolders {
		names = append(names, "...")
	}
	return strings.Join(names, ", ")
}

// clusterName is the folder's name as a cluster's, or another where it cannot be.
func clusterName(dir string) string {
	whole, err := filepath.Abs(dir)
	name := filepath.Base(whole)
	odd := func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '-' && r != '_' }
	if err != nil || strings.ContainsFunc(name, odd) {
		return "our"
	}
	return name
}

// asker puts questions on a terminal.
func asker(lang *cli.Lang, in io.Reader, out io.Writer) func(setup.Question) (string, error) {
	lines := bufio.NewReader(in)
	return func(q setup.Question) (string, error) {
		if q.Refused != nil {
			fmt.Fprintln(out, lang.Error(q.Refused))
		}
		fmt.Fprint(out, lang.Error(&q.Text))
		if q.Assumed != "" {
			fmt.Fprintf(out, " [%s]", lang.Error(diag.Errorf("%s", q.Assumed)))
		}
		fmt.Fprint(out, " ")
		line, err := lines.ReadString('\n')
		if errors.Is(err, io.EOF) {
			err = nil
		}
		return line, err
	}
}
