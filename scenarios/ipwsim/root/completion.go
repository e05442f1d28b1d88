package root

import (
	"bytes"
	"strings"

	"github.com/spf13/cobra"

	"ipwsim/core/diag"
	"ipwsim/reports/term"
	"ipwsim/scenarios"
	"ipwsim/scenarios/ipwsim/cli"
	"ipwsim/scenarios/ipwsim/lookup"
	"ipwsim/sim/cluster"
	"ipwsim/sim/profile"
)

// shells are those that can complete.
var shells = []string{"bash", "zsh", "fish", "powershell"}

// completionCommand is in place of cobra's, whose words are in English.
func completionCommand() *cobra.Command {
	var bare bool
	c := &cobra.Command{
		Use:   "completion " + strings.Join(shells, "|"),
		Short: "Print a script with which your shell completes names",
		Long: `completion prints a script with which a shell completes commands, flags and the
names of what is shipped, by the Tab key. Put it where the shell looks for it:
new shells have it then. bash needs the package bash-completion for it, and zsh
its compinit.`,
		Example: `  source <(ipwsim completion bash)   this shell alone; zsh too
  ipwsim completion bash > /etc/bash_completion.d/ipwsim
  echo "autoload -U compinit; compinit" >> ~/.zshrc
  ipwsim completion zsh > "${fpath[1]}/_ipwsim"
  ipwsim completion fish > ~/.config/fish/completions/ipwsim.fish
  ipwsim completion powershell | Out-String | Invoke-Expression`,
		Args: cli.Arguments(1, 1),
		RunE: func(c *cobra.Command, args []string) error {
			var b bytes.Buffer
			root := c.Root()
			write := map[string]func() error{
				"bash": func() error { return root.GenBashCompletionV2(&b, !bare) },
				"fish": func() error { return root.GenFishCompletion(&b, !bare) },
				"zsh": func() error {
					if bare {
						return root.GenZshCompletionNoDesc(&b)
					}
					return root.GenZshCompletion(&b)
				},
				"powershell": func() error {
					if bare {
						return root.GenPowerShellCompletion(&b)
					}
					return root.GenPowerShellCompletionWithDesc(&b)
				},
			}[args[0]]
			if write == nil {
				return diag.Errorf("found %q, expected %s", args[0], diag.Say("one of %s", strings.Join(shells, ", ")))
			}
			err := write()
			c.OutOrStdout().(*term.Out).Own(b.Bytes())
			return err
		},
	}
	c.Flags().BoolVar(&bare, "no-descriptions", false, "names alone, without what each is")
	return c
}

// completed lets shells complete the names of what is shipped. Where files can stand, too, the shell adds them.
func completed(root *cobra.Command) {
	fixed := func(d cobra.ShellCompDirective, names ...string) cobra.CompletionFunc {
		return func(_ *cobra.Command, _ []string, begun string) (all []string, _ cobra.ShellCompDirective) {
			for _, n := range names {
				if strings.HasPrefix(n, begun) {
					all = append(all, n)
				}
			}
			return all, d
		}
	}
	const orFiles = cobra.ShellCompDirectiveDefault
	for name, names := range map[string][]string{"run": scenarios.Names(), "check": lookup.Shipped(), "clusters": lookup.Shipped(), "console": lookup.Shipped(), "compare": lookup.Shipped(), "study": scenarios.Studies("")} {
		c, _, _ := root.Find([]string{name})
		c.ValidArgsFunction = fixed(orFiles, names...)
	}
	c, _, _ := root.Find([]string{"profiles"})
	c.ValidArgsFunction = fixed(cobra.ShellCompDirectiveNoFileComp, append(profile.Servers.Names(), profile.Neighbors.Names()...)...)
	c, _, _ = root.Find([]string{"completion"})
	c.ValidArgsFunction = fixed(cobra.ShellCompDirectiveNoFileComp, shells...)
	var flags func(c *cobra.Command)
	flags = func(c *cobra.Command) {
		for name, complete := range map[string]cobra.CompletionFunc{
			"lang": fixed(cobra.ShellCompDirectiveNoFileComp, "en", "ja"), "windows": fixed(cobra.ShellCompDirectiveNoFileComp, "en", "ja"),
			"node": fixed(cobra.ShellCompDirectiveNoFileComp, cluster.Active, cluster.Standby), "cluster": fixed(orFiles, lookup.Shipped()...),
		} {
			if c.LocalFlags().Lookup(name) == nil {
				continue
			}
			if err := c.RegisterFlagCompletionFunc(name, complete); err != nil {
				panic(err) // the flag is there, and has none yet
			}
		}
		for _, sub := range c.Commands() {
			flags(sub)
		}
	}
	flags(root)
}
