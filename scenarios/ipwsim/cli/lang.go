package cli

import (
	"io"
	"os"
	"strings"

	"ipwsim/core/diag"
	"ipwsim/reports/term"
	"ipwsim/reports/words"
)

// Lang is --lang: the language of what people read.
type Lang struct{ words.Lang }

// NewLang is the environment's language, as the C library reads it.
func NewLang() *Lang {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if value := os.Getenv(name); value != "" {
			if value == "ja" || strings.HasPrefix(value, "ja_") || strings.HasPrefix(value, "ja.") {
				return &Lang{words.Japanese}
			}
			break
		}
	}
	return &Lang{words.English}
}

// Find looks for --lang before the rest of the command line is read: what is wrong with that is said in the language too.
func (f *Lang) Find(args []string) {
	for i, arg := range args {
		name, code, in := strings.Cut(arg, "=")
		if name != "--lang" {
			continue
		}
		if !in && i+1 < len(args) {
			code = args[i+1]
		}
		if lang, ok := words.Of(code); ok {
			f.Lang = lang
		}
	}
}

// String is the language's code.
func (f *Lang) String() string { return f.Code() }

// Set reads what the command line says.
func (f *Lang) Set(s string) error {
	lang, ok := words.Of(s)
	if !ok {
		return diag.Errorf("found %q, expected en or ja", s)
	}
	f.Lang = lang
	return nil
}

// Type is what help calls the flag's value.
func (*Lang) Type() string { return "LANG" }

// Page is how a text looks there: in colour on a terminal, unless NO_COLOR has any value (no-color.org).
func (f *Lang) Page(w io.Writer) term.Options {
	return term.Options{Lang: f.Lang, Color: os.Getenv("NO_COLOR") == "" && IsTerminal(w), Program: Typed}
}

// IsTerminal says whether what is written there is seen at once.
func IsTerminal(w io.Writer) bool {
	o, ok := w.(*term.Out)
	return ok && o.Terminal()
}
