package main

import (
	"errors"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"ipwsim/core/diag"
)

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
		return diag.Errorf("invalid argument %q for %q flag: %w", bad.GetValue(), name, bad.Unwrap())
	}
	return err
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
			all = append(all, errors.New("\t"+n))
		}
		all = append(all, errors.New(""))
	}
	return errors.Join(all...)
}

// arguments demands so many of them.
func arguments(least, most int) cobra.PositionalArgs {
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
