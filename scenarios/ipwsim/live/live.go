// Package live has the commands with which people use a cluster by hand: at its command prompts, in virtual time, and
// with their mail programs, in real time.
package live

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"

	"ipwsim/core/diag"
	"ipwsim/core/disk"
	"ipwsim/reports/words"
	"ipwsim/scenarios"
	"ipwsim/scenarios/ipwsim/lookup"
	"ipwsim/sim/cluster"
)

// readCluster reads a cluster's folder, or a shipped cluster; what begins errors about its name.
func readCluster(what, name string, warn io.Writer, lang words.Lang) (*cluster.Blueprint, error) {
	var files fs.FS
	shipped := lookup.Shipped()
	info, err := os.Stat(name)
	switch {
	case err == nil && info.IsDir():
		files = disk.Folder(name)
	case slices.Contains(shipped, name):
		files, err = fs.Sub(scenarios.Clusters(), name)
		if err != nil {
			return nil, err
		}
	default:
		return nil, diag.Errorf("%sfound %q, expected a cluster's folder or a shipped cluster%s; shipped are %s",
			what, name, diag.Suggest(name, shipped), strings.Join(shipped, ", "))
	}
	bp, problems := cluster.Load(files, ".")
	problems = lookup.Below(name, problems)
	if err := problems.Err(); err != nil {
		return nil, err
	}
	for _, p := range problems {
		fmt.Fprintln(warn, lang.Located(p))
	}
	return bp, nil
}
