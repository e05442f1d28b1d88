package root

import (
	"errors"
	"math"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"ipwsim/core/diag"
	"ipwsim/scenarios/ipwsim/cli"
	"ipwsim/scenarios/study"
)

// spans are those of the flags with whole numbers, by name: the same in every command.
var spans = map[string]struct{ least, most uint64 }{
	"runs": {1, study.MaxRuns}, "max-runs": {1, study.MaxRuns}, "workers": {1, 1024}, "cell": {0, study.MaxCells - 1},
	"cases": {1, 1e9}, "part": {0, 1e6},
	"seed": {0, math.MaxUint64}, "smtp": {0, math.MaxUint16}, "pop3": {0, math.MaxUint16}, "imap": {0, math.MaxUint16},
}

// given is a flag's value that is not empty: who wants none leaves the flag out.
type given struct{ pflag.Value }

// Set reads what the command line says.
func (g given) Set(text string) error {
	if strings.TrimSpace(text) == "" {
		return diag.Errorf("found %q, expected %s", text, notEmpty)
	}
	return g.Value.Set(text)
}

var notEmpty = diag.Say("a text that is not empty; leave the flag out for none")

// bound gives the numbers among the flags of a command, and of those below it, their spans, and wants texts.
func bound(c *cobra.Command) {
	c.Flags().VisitAll(func(f *pflag.Flag) {
		if s, ok := spans[f.Name]; ok {
			f.Value = cli.Number{Value: f.Value, Least: s.least, Most: s.most}
		} else if f.Value.Type() == "string" {
			f.Value = given{f.Value}
		}
	})
	for _, sub := range c.Commands() {
		bound(sub)
	}
}

// flagError is pflag's error with words that can be said in another language.
func flagError(_ *cobra.Command, err error) error {
	var none *pflag.NotExistError
	var bare *pflag.ValueRequiredError
	var bad *pflag.InvalidValueError
	switch {
	case errors.As(err, &none) && none.GetSpecifiedShortnames() != "":
		return diag.Errorf("unknown shorthand flag: %q in -%s", none.GetSpecifiedName()[0], none.GetSpecifiedShortnames())
	case errors.As(err, &none):
		return diag.Errorf("unknown flag: --%s", none.GetSpecifiedName())
	case errors.As(err, &bare) && bare.GetSpecifiedShortnames() != "":
		return diag.Errorf("flag needs an argument: %q in -%s", bare.GetSpecifiedName()[0], bare.GetSpecifiedShortnames())
	case errors.As(err, &bare):
		return diag.Errorf("flag needs an argument: --%s", bare.GetSpecifiedName())
	case errors.As(err, &bad):
		name := "--" + bad.GetFlag().Name
		if short := bad.GetFlag().Shorthand; short != "" && bad.GetFlag().ShorthandDeprecated == "" {
			name = "-" + short + ", " + name
		}
		if n, is := bad.GetFlag().Value.(cli.Number); is {
			return diag.Errorf("%s: found %q, expected %s", name, bad.GetValue(), n.Want())
		}
		if _, is := bad.GetFlag().Value.(given); is {
			return diag.Errorf("%s: found %q, expected %s", name, bad.GetValue(), notEmpty)
		}
		if want := valuesOf[bad.GetFlag().Value.Type()]; want.Format != "" {
			return diag.Errorf("%s: found %q, expected %s", name, bad.GetValue(), want)
		}
		return diag.Errorf("%s: %w", name, bad.Unwrap())
	}
	return err
}

// valuesOf is what flags of pflag's types can be.
var valuesOf = map[string]diag.Text{
	"intSlice": diag.Say("whole numbers parted by commas"),
	"float64":  diag.Say("a number"),
	"duration": diag.Say("a time as 10s, 1m30s or 500ms"),
}

// unknownCommand is cobra's error about a command that the root has not, in such words.
func unknownCommand(root *cobra.Command, err error) error {
	var said *diag.Text // it has such words already
	_, rest, is := strings.Cut(err.Error(), "unknown command ")
	first, _, found := strings.Cut(rest, " for ")
	if !is || !found || errors.As(err, &said) {
		return err
	}
	name := strings.Trim(first, `"`)
	all := []error{diag.Errorf("unknown command %s for %q", first, root.CommandPath())}
	if near := root.SuggestionsFor(name); len(near) > 0 {
		all = append(all, errors.New(""), diag.Errorf("Did you mean this?"))
		for _, n := range near {
			all = append(all, errors.New("  "+n))
		}
		all = append(all, errors.New(""))
	}
	return errors.Join(all...)
}
