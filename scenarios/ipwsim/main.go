// Command ipwsim simulates a cluster of two Windows mail servers kept by IPWatcher, in virtual time.
//
// Its rooms: cli and lookup know no command; runs, studies and live build on them, nights and clusters on runs, too; root
// puts all together, and clitest tries it.
package main

import (
	"os"

	"ipwsim/scenarios/ipwsim/cli"
	"ipwsim/scenarios/ipwsim/root"
)

// release is the version that the build of an archive stamps.
var release string

func main() {
	cli.Release = release
	os.Exit(root.Main(os.Args, os.Stdout, os.Stderr))
}
