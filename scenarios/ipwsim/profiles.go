package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"ipwsim/core/diag"
	"ipwsim/sim/profile"
)

func profilesCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "profiles [NAME...]",
		Short: "List the profiles of hosts and switches, with their sources",
		Long: `profiles prints what cluster.toml can name as a profile: how Windows
versions bring an address into use, and how ARP caches behave; each number with
its source and how sure it is (H documented by the maker, M seen once or
secondary, L a guess).`,
		Example: `  ipwsim profiles
  ipwsim profiles srv-2008 windows-vista7`,
		RunE: func(c *cobra.Command, args []string) error {
			for _, p := range profiles() {
				if len(args) == 0 || slices.Contains(args, p.Title()) {
					describe(c.OutOrStdout(), p)
				}
			}
			return unknown(args)
		},
	}
}

// profiles are all profiles, servers first.
func profiles() []profile.Described {
	var all []profile.Described
	for _, name := range profile.Servers.Names() {
		p, _ := profile.Servers.Lookup(name)
		all = append(all, p)
	}
	for _, name := range profile.Neighbors.Names() {
		p, _ := profile.Neighbors.Lookup(name)
		all = append(all, p)
	}
	return all
}

// describe prints a profile, its sources wrapped behind their mark.
func describe(w io.Writer, p profile.Described) {
	for line := range strings.Lines(profile.Describe(p)) {
		lead, rest, marked := strings.Cut(line, "] ")
		if !marked {
			fmt.Fprint(w, line)
			continue
		}
		fmt.Fprint(w, hang(lead+"] ", rest))
	}
}

// unknown is the error about names that no profile has.
func unknown(names []string) error {
	var known, bad []string
	for _, p := range profiles() {
		known = append(known, p.Title())
	}
	for _, n := range names {
		if slices.Contains(known, n) {
			continue
		}
		hint := ""
		if near, ok := diag.Nearest(n, known); ok {
			hint = fmt.Sprintf(" (did you mean %q?)", near)
		}
		bad = append(bad, fmt.Sprintf("no profile is called %q%s", n, hint))
	}
	if bad == nil {
		return nil
	}
	return errors.New(strings.Join(bad, "\n"))
}
