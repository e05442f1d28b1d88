package clusters

import (
	"io/fs"
	"path/filepath"

	"github.com/spf13/cobra"

	"ipwsim/core/diag"
	"ipwsim/core/disk"
	"ipwsim/reports/term"
	"ipwsim/scenarios"
	"ipwsim/scenarios/ipwsim/cli"
	"ipwsim/scenarios/ipwsim/lookup"
)

// shipped says what each shipped cluster is.
var shipped = map[string]diag.Text{
	"guide":      diag.Say("the construction guide's: two nodes and a client on one switch; its cluster.toml explains all keys"),
	"l3":         diag.Say("the guide's nodes, and the client in an office behind an L3 switch"),
	"mail":       diag.Say("the guide's, with its mail services, the share, and a mail server outside"),
	"offices":    diag.Say("the guide's nodes behind a core switch, and four offices, each behind its own L3 switch"),
	"strangers":  diag.Say("the guide's, with a printer on its switch that has no part in it"),
	"two-switch": diag.Say("the nodes on two switches with one trunk, whose loss splits the cluster"),
	"vrrp":       diag.Say("two nodes that keep the VIP by plain VRRP, as keepalived on Linux does"),
}

// Command is `ipwsim clusters`.
func Command(lang *cli.Lang) *cobra.Command {
	return &cobra.Command{
		Use:   "clusters [NAME DIR]",
		Short: "List the shipped clusters, or copy one to begin from",
		Long: `clusters prints the name of every shipped cluster, and what it is. With a NAME
and a DIR it copies that cluster's files into a new folder, for you to change
them: cluster.toml, and for each node a folder with the files that are on the
machine. Of servers that you have, init makes a cluster.`,
		Example: `  ipwsim clusters
  ipwsim clusters mail ./our-cluster
  ipwsim check ./our-cluster`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 0 && len(args) != 2 {
				return diag.Errorf("found %d, expected the name of a shipped cluster and a new folder, or neither", len(args))
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 2 {
				return copyShipped(c, lang, args[0], args[1])
			}
			wide := 0
			for _, name := range lookup.Shipped() {
				wide = max(wide, len(name))
			}
			p := term.New(lang.Page(c.OutOrStdout()))
			for _, name := range lookup.Shipped() {
				p.Para(term.Plain, term.Pad(name, wide)+"  ", lang.Text(shipped[name]))
			}
			return p.Flush(c.OutOrStdout())
		},
	}
}

// copyShipped copies the files of a shipped cluster into a new folder.
func copyShipped(c *cobra.Command, lang *cli.Lang, name, dir string) error {
	if _, is := shipped[name]; !is {
		return diag.Errorf("found %q, expected a shipped cluster: `ipwsim clusters` lists them", name)
	}
	if err := disk.Empty(dir); err != nil {
		return err
	}
	from, err := fs.Sub(scenarios.Clusters(), name)
	if err != nil {
		return err
	}
	err = disk.Fill(dir, func() error {
		return fs.WalkDir(from, ".", func(path string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			data, err := fs.ReadFile(from, path)
			if err != nil {
				return err
			}
			return disk.WriteBytes(filepath.Join(dir, filepath.FromSlash(path)), data)
		})
	})
	if err != nil {
		return err
	}
	p := term.New(lang.Page(c.OutOrStdout()))
	p.Command(term.Plain, "", lang.Error(diag.Errorf("The cluster is in %s. Next:", dir))+" ", "ipwsim check "+cli.Quoted(dir))
	return p.Flush(c.OutOrStdout())
}
