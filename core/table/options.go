package table

import (
	"strings"

	"golang.org/x/text/width"

	"ipwsim/core/diag"
	"ipwsim/core/text"
)

// form is what every line must look like (W1).
var form = diag.Say(`-c=\\peer -i=VIP -f=interface name`)

// The options of a line.
const (
	optPeer      = "-c="
	optVIP       = "-i="
	optInterface = "-f="
)

var allOptions = []string{optPeer, optVIP, optInterface}

// options are the values of one line by option. The reported ones have no value to go on with.
type options struct {
	values   map[string]string
	reported map[string]bool
}

func (o options) get(opt string) (value string, found bool) {
	value, found = o.values[opt]
	return value, found && !o.reported[opt]
}

// split cuts a line into its options and reports what is not one, is missing, or is there twice.
// ok is false when the line has no option at all.
func (p *parser) split(line string) (opts options, ok bool) {
	opts = options{map[string]string{}, map[string]bool{}}
	var unknown []string
	for rest := strings.TrimLeft(line, " \t"); rest != ""; {
		if name, found := strings.CutPrefix(rest, optInterface); found {
			opts.values[optInterface] = name // to the end of the line, spaces and all
			break
		}
		word := rest
		if i := strings.IndexAny(rest, " \t"); i >= 0 {
			word = rest[:i]
		}
		rest = strings.TrimLeft(rest[len(word):], " \t")
		if !p.take(&opts, word) {
			unknown = append(unknown, word)
		}
	}
	if len(opts.values) == 0 {
		p.errorf("%s is not an entry; expected %s%s", text.Quote(line), form, hint(unknown[0]))
		return opts, false
	}
	for _, word := range unknown {
		p.errorf("unknown option %s; expected %s%s", text.Quote(word), form, hint(word))
	}
	p.checkSwallowed(&opts)
	p.checkMissing(opts, unknown)
	return opts, true
}

// take stores -c or -i. It returns false when the word is neither.
func (p *parser) take(opts *options, word string) bool {
	for _, opt := range []string{optPeer, optVIP} {
		value, found := strings.CutPrefix(word, opt)
		if !found {
			continue
		}
		if first, twice := opts.values[opt]; twice {
			p.errorf("option %s is there twice, with %s and %s; expected it once", opt, text.Quote(first), text.Quote(value))
			opts.reported[opt] = true
		}
		opts.values[opt] = value
		return true
	}
	return false
}

// checkSwallowed finds options behind -f, which have become part of the interface name.
func (p *parser) checkSwallowed(opts *options) {
	for _, opt := range allOptions {
		if !swallowed(opts.values[optInterface], opt) {
			continue
		}
		if opt == optInterface {
			p.errorf("option -f= is there twice; expected it once, as the last")
		} else {
			p.errorf("option %s stands behind -f=, which runs to the end of the line; expected -f= as the last option", opt)
		}
		opts.reported[opt], opts.reported[optInterface] = true, true
	}
}

func swallowed(name, opt string) bool {
	return strings.Contains(name, " "+opt) || strings.Contains(name, "\t"+opt)
}

// checkMissing keeps quiet about an option that an unknown word was meant to be.
func (p *parser) checkMissing(opts options, unknown []string) {
	for _, opt := range allOptions {
		meant := false
		for _, word := range unknown {
			meant = meant || strings.HasPrefix(strings.ToLower(plain(word)), opt[:2])
		}
		if _, found := opts.values[opt]; !found && !opts.reported[opt] && !meant {
			p.errorf("option %s is missing; expected %s", opt, form)
		}
	}
}

// plain undoes what editors and input methods make of ASCII.
func plain(word string) string {
	word = width.Fold.String(word)
	for _, dash := range []string{"‐", "‑", "–", "—", "―", "−", "ー"} {
		if rest, found := strings.CutPrefix(word, dash); found {
			return "-" + rest
		}
	}
	return word
}

// hint says why a word may have been meant as an option, or nothing.
func hint(word string) diag.Text {
	if strings.HasPrefix(word, "#") || strings.HasPrefix(word, ";") || strings.HasPrefix(word, "//") {
		return diag.Aside("the table has no comments")
	}
	for _, opt := range allOptions {
		switch folded := plain(word); {
		case strings.HasPrefix(folded, opt):
			return diag.Aside("write %s in half-width ASCII", opt)
		case strings.HasPrefix(strings.ToLower(folded), opt):
			return diag.Aside("write %s in lower case", opt)
		case strings.HasPrefix(folded, opt[:2]):
			return diag.Aside("write %s and the value behind it without a space", opt)
		}
	}
	return diag.Text{}
}
