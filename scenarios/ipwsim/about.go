package main

import (
	"fmt"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"ipwsim/sim/finding"
)

// tell says of a run what the command line knows: what its files are warned of, how to run it again, by which ipwsim.
func (s source) tell(r *finding.Run, cluster string) {
	r.Problems = append(append(r.Problems[:0:0], s.warnings...), r.Problems...)
	r.Rerun, r.Program = rerun(s.arg, cluster, r), program()
}

// rerun is the command that runs the scenario again.
func rerun(arg, cluster string, r *finding.Run) string {
	words := []string{"go run ./scenarios/ipwsim run", quoted(arg)}
	if cluster != "" {
		words = append(words, "--cluster", quoted(cluster))
	}
	if r.Trace != nil {
		words = append(words, fmt.Sprint("--seed ", r.Seed))
	}
	return strings.Join(words, " ")
}

// quoted is the word as a shell reads it.
func quoted(word string) string {
	if !strings.ContainsAny(word, " \t\n'\"\\$`&|;<>()*?[]#~!") {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

// program is this program's version: that of its module, or the commit it was built from.
func program() string {
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

// today is the date of runs: now, or what SOURCE_DATE_EPOCH says, so that the same run can give the same page.
func today() time.Time {
	if n, err := strconv.ParseInt(os.Getenv("SOURCE_DATE_EPOCH"), 10, 64); err == nil {
		return time.Unix(n, 0).UTC()
	}
	return time.Now().UTC().Truncate(time.Minute)
}
