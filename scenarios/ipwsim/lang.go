package main

import (
	"os"
	"strings"

	"ipwsim/core/diag"
	"ipwsim/reports/words"
)

// langFlag is --lang: the language of what people read.
type langFlag struct{ words.Lang }

// newLangFlag is the environment's language, as the C library reads it.
func newLangFlag() *langFlag {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if value := os.Getenv(name); value != "" {
			if value == "ja" || strings.HasPrefix(value, "ja_") || strings.HasPrefix(value, "ja.") {
				return &langFlag{words.Japanese}
			}
			break
		}
	}
	return &langFlag{words.English}
}

// find looks for --lang before the rest of the command line is read: what is wrong with that is said in the language too.
func (f *langFlag) find(args []string) {
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

func (f *langFlag) String() string { return f.Code() }

// Set reads what the command line says.
func (f *langFlag) Set(s string) error {
	lang, ok := words.Of(s)
	if !ok {
		return diag.Errorf("found %q, expected en or ja", s)
	}
	f.Lang = lang
	return nil
}

func (*langFlag) Type() string { return "LANG" }
