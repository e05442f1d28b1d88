package main

import (
	"strings"

	"github.com/spf13/cobra"

	"ipwsim/core/diag"
	"ipwsim/sim/console"
	"ipwsim/sim/says"
	"ipwsim/sim/world"
)

func consoleCommand(lang *langFlag) *cobra.Command {
	var windows string
	var seed uint64
	var cold bool
	c := &cobra.Command{
		Use:   "console CLUSTER",
		Short: "Type commands on a cluster's machines by hand, in virtual time",
		Long: `console runs a cluster (a folder, or a shipped one) and lets you type at the
command prompts of its nodes and clients what an administrator types. Virtual
time passes by what commands take, and by wait. A line is

  a command     typed at the prompt of the machine in the prompt
  standby>      go to that machine; standby> arp -a types there
  wait 30s      let so much time pass
  !unplug active   a fault, or what people do: see ipwsim help verbs
  ^C            Ctrl-C, for ping -t and ipwcs -debug
  exit          the end, as the end of the input and Ctrl-C

Commands are ` + wrapped(console.Commands()) + `.

Exit status: 0 ended, 2 could not run.`,
		Example: `  ipwsim console guide
  ipwsim console ./our-cluster --windows ja
  printf 'ipconfig /all\n!unplug active\nwait 45s\nstandby> ipconfig /all\n' |
      ipwsim console guide`,
		Annotations: map[string]string{endsByInterrupt: "yes"},
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return diag.Errorf("found %d clusters, expected one: a folder or a shipped cluster; shipped are %s",
					len(args), strings.Join(shippedClusters(), ", "))
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			bp, err := readCluster("", args[0], c.ErrOrStderr(), lang.Lang)
			if err != nil {
				return err
			}
			switch l := says.Language(windows); l {
			case "":
			case says.English, says.Japanese:
				bp.Language = l
			default:
				return diag.Errorf("--windows: found %q, expected en or ja", windows)
			}
			if !c.Flags().Changed("seed") {
				seed = bp.Seed
			}
			w := world.New(bp, world.Options{Scenario: "console", Seed: seed, Cold: cold})
			defer w.Close()
			w.Settle()
			return newPrompt(w, bp, lang.page(c.OutOrStdout()), c.InOrStdin(), c.OutOrStdout()).run(c.Context())
		},
	}
	c.Flags().StringVar(&windows, "windows", "", "`LANG` of every Windows, en or ja; else as the cluster says")
	c.Flags().Uint64Var(&seed, "seed", 0, "seed of all randomness, not the cluster's `N`")
	c.Flags().BoolVar(&cold, "cold", false, "begin with nodes that have no power")
	return c
}

// wrapped are words in lines that fit below the others.
func wrapped(all []string) string {
	text, column := "", len("Commands are ")
	for i, word := range all {
		if i > 0 {
			word = ", " + word
		}
		if column += len(word); column > 76 {
			word, column = strings.Replace(word, ", ", ",\n", 1), len(word)
		}
		text += word
	}
	return text
}
