package main

import (
	"math"
	"regexp"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"ipwsim/core/diag"
	"ipwsim/scenarios/study"
)

// span is what a number can be.
type span struct{ least, most uint64 }

// spans are those of the flags with whole numbers, by name: the same in every command.
var spans = map[string]span{
	"runs": {1, study.MaxRuns}, "max-runs": {1, study.MaxRuns}, "workers": {1, 1024}, "cell": {0, study.MaxCells - 1},
	"cases": {1, 1e9}, "part": {0, 1e6},
	"seed": {0, math.MaxUint64}, "smtp": {0, math.MaxUint16}, "pop3": {0, math.MaxUint16}, "imap": {0, math.MaxUint16},
}

// number is a flag's value that takes decimal numbers of the span only: 010 is no other way to write 8.
type number struct {
	pflag.Value
	span
}

var decimal = regexp.MustCompile(`^(0|[1-9][0-9]*)$`)

// Set reads what the command line says.
func (n number) Set(text string) error {
	v, err := strconv.ParseUint(text, 10, 64)
	if err != nil || !decimal.MatchString(text) || v < n.least || v > n.most {
		return diag.Errorf("found %q, expected %s", text, n.want())
	}
	return n.Value.Set(text)
}

func (n number) want() diag.Text { return diag.Say("a whole number from %d to %d", n.least, n.most) }

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
			f.Value = number{f.Value, s}
		} else if f.Value.Type() == "string" {
			f.Value = given{f.Value}
		}
	})
	for _, sub := range c.Commands() {
		bound(sub)
	}
}
