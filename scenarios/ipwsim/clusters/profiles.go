package clusters

import (
	"errors"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"ipwsim/core/diag"
	"ipwsim/reports/term"
	"ipwsim/reports/words"
	"ipwsim/scenarios/ipwsim/cli"
	"ipwsim/scenarios/ipwsim/lookup"
	"ipwsim/sim/cluster"
	"ipwsim/sim/profile"
)

// ProfilesCommand is `ipwsim profiles`.
func ProfilesCommand(lang *cli.Lang) *cobra.Command {
	var dir string
	c := &cobra.Command{
		Use:   "profiles [NAME...]",
		Short: "List the profiles of hosts and switches, with their sources",
		Long: `profiles prints what cluster.toml can name as a profile: how Windows
versions bring an address into use, and how ARP caches behave; each number with
its source and how sure it is (H documented by the maker, M seen once or
secondary, L a guess). With --cluster it prints that cluster's own profiles too,
each [[profile]] of its cluster.toml; what is set there is marked "set" and
goes before the sources of the base.`,
		Example: `  ipwsim profiles
  ipwsim profiles srv-2008 windows-vista7
  ipwsim profiles our-core --cluster ./our-cluster`,
		RunE: func(c *cobra.Command, args []string) error {
			all, err := profiles(dir)
			if err != nil {
				return err
			}
			for _, p := range all {
				if len(args) == 0 || slices.Contains(args, p.Title()) {
					if err := describe(c.OutOrStdout(), p, lang.Lang); err != nil {
						return err
					}
				}
			}
			return unknown(args, all)
		},
	}
	c.Flags().StringVar(&dir, "cluster", "", "the own profiles of the cluster in this `DIR` too")
	return c
}

// profiles are the shipped profiles, servers first, then the cluster's own, if there is one.
func profiles(dir string) ([]profile.Described, error) {
	var all []profile.Described
	for _, name := range profile.Servers.Names() {
		p, _ := profile.Servers.Lookup(name)
		all = append(all, p)
	}
	for _, name := range profile.Neighbors.Names() {
		p, _ := profile.Neighbors.Lookup(name)
		all = append(all, p)
	}
	if dir == "" {
		return all, nil
	}
	files, err := lookup.Folder(dir)
	if err != nil {
		return nil, err
	}
	bp, problems := cluster.Load(files, ".")
	if bp == nil {
		return nil, lookup.Below(dir, problems)
	}
	return append(all, bp.Profiles...), nil
}

// describe prints a profile: its name, its settings, and where they come from.
func describe(w io.Writer, p profile.Described, lang words.Lang) error {
	const nameColumns = 38
	out := term.New(term.Options{Lang: lang})
	out.Line(term.Plain, p.Title())
	for _, s := range p.Settings() {
		out.Para(term.Plain, "  "+term.Pad(lang.Text(s.Name), nameColumns)+" ", lang.Text(s.Value))
	}
	for _, s := range p.Origins() {
		out.Para(term.Plain, "  ["+s.Confidence+"] ", lang.Text(s.About)+": "+lang.Text(s.From))
	}
	return out.Flush(w)
}

// unknown is the error about names that no profile has.
func unknown(names []string, all []profile.Described) error {
	var known []string
	var bad []error
	for _, p := range all {
		known = append(known, p.Title())
	}
	for _, n := range names {
		if slices.Contains(known, n) {
			continue
		}
		bad = append(bad, diag.Errorf("no profile is called %q%s", n, diag.Suggest(n, known)))
	}
	return errors.Join(bad...)
}
