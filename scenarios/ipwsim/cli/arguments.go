package cli

import (
	"regexp"
	"strconv"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"ipwsim/core/diag"
)

// Arguments demands so many of them.
func Arguments(least, most int) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		switch n := len(args); {
		case n >= least && n <= most:
			return nil
		case least == most:
			return diag.Errorf("accepts %d arg(s), received %d", most, n)
		case least == 0:
			return diag.Errorf("accepts at most %d arg(s), received %d", most, n)
		default:
			return diag.Errorf("accepts between %d and %d arg(s), received %d", least, most, n)
		}
	}
}

// NothingMore demands no argument.
func NothingMore(c *cobra.Command, args []string) error {
	if len(args) > 0 {
		return diag.Errorf("found %q, expected nothing after %s", args[0], c.CommandPath())
	}
	return nil
}

// Number is a flag's value that takes decimal numbers from Least to Most only: 010 is no other way to write 8.
type Number struct {
	pflag.Value
	Least, Most uint64
}

var decimal = regexp.MustCompile(`^(0|[1-9][0-9]*)$`)

// Set reads what the command line says.
func (n Number) Set(text string) error {
	v, err := strconv.ParseUint(text, 10, 64)
	if err != nil || !decimal.MatchString(text) || v < n.Least || v > n.Most {
		return diag.Errorf("found %q, expected %s", text, n.Want())
	}
	return n.Value.Set(text)
}

// Want is what the flag can be, in words.
func (n Number) Want() diag.Text { return diag.Say("a whole number from %d to %d", n.Least, n.Most) }
