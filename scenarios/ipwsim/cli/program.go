package cli

import (
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"time"
)

// Release is the version that the build of an archive stamps, "" for none.
var Release string

// Program is this program's version: that of its archive or its module, or the commit it was built from.
func Program() string {
	if Release != "" {
		return "ipwsim " + Release
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "ipwsim"
	}
	version := info.Main.Version
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && version == "(devel)" {
			version = s.Value[:min(12, len(s.Value))]
		}
	}
	if version == "" || version == "(devel)" {
		version = "devel"
	}
	return "ipwsim " + version
}

// Typed is what people type to call the program.
var Typed = "ipwsim"

// Called sets Typed by the name that the system calls the program by.
func Called(name string) { Typed = called(name, runtime.GOOS) }

// called is what people type to call the program that the system calls by that name: go run makes one in a folder of its
// own, which is gone afterwards.
func called(name, system string) string {
	if strings.Contains(filepath.ToSlash(name), "/go-build") {
		return "go run ./scenarios/ipwsim"
	}
	return quotedOn(system, name)
}

// Quoted is the word as this system's shell reads it.
func Quoted(word string) string { return quotedOn(runtime.GOOS, word) }

// quotedOn is the word as a shell of the system, a GOOS, reads it.
func quotedOn(system, word string) string {
	if system == "windows" {
		if strings.ContainsAny(word, " \t&()^;,=!'`%") {
			return `"` + word + `"`
		}
		return word
	}
	if !strings.ContainsAny(word, " \t\n'\"\\$`&|;<>()*?[]#~!") {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

// Today is the date of runs: now, or what SOURCE_DATE_EPOCH says, so that the same run can give the same page.
func Today() time.Time {
	if n, err := strconv.ParseInt(os.Getenv("SOURCE_DATE_EPOCH"), 10, 64); err == nil {
		return time.Unix(n, 0).UTC()
	}
	return time.Now().UTC().Truncate(time.Minute)
}
