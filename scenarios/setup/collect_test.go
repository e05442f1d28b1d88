package setup_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/scenarios/setup"
)

// The batch file that collects writes each file anew, however often it is run: what it appends to it has begun itself.
func TestCollectingTwiceStartsAnew(t *testing.T) {
	begun := map[string]bool{}
	for _, m := range regexp.MustCompile(`(>>?) ("%D%\\[^"]+")`).FindAllStringSubmatch(string(setup.Collect()), -1) {
		require.True(t, m[1] == ">" || begun[m[2]], m[0])
		begun[m[2]] = true
	}
	require.NotEmpty(t, begun)
}

// It finds the batch files that a batch file calls, in their folders or beside it.
func TestCollectingWhatABatchFileCalls(t *testing.T) {
	_, rest, found := strings.Cut(string(setup.Collect()), "[Text.Encoding]::Default), '")
	require.True(t, found)
	pattern, _, _ := strings.Cut(rest, "'")
	calls := regexp.MustCompile(strings.ReplaceAll(pattern, "%%", "%"))
	for line, want := range map[string][]string{
		`call "%~dp0heal.bat" 1 2`:                           {`%~dp0heal.bat`},
		`call C:\My Tools\heal.CMD`:                          {`C:\My Tools\heal.CMD`},
		`cmd /c "%ProgramFiles%\EPOST\MS\a b.bat" & x.bat 7`: {`%ProgramFiles%\EPOST\MS\a b.bat`, `x.bat`},
		`@call heal.bat > nul`:                               {`heal.bat`},
		`if exist "%~dp0\heal.bat" (call .\heal.bat)`:        {`%~dp0\heal.bat`, `heal.bat`},
		`echo batch.bats and bat`:                            nil,
	} {
		require.Equal(t, want, calls.FindAllString(line, -1), line)
	}
}
