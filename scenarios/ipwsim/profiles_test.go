package main

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/profile"
)

func TestProfilesNamesEveryProfileWithItsSources(t *testing.T) {
	var out, errs bytes.Buffer
	require.Equal(t, exitPass, execute(context.Background(), []string{"profiles"}, &out, &errs))
	for _, p := range profiles() {
		require.Contains(t, "\n"+out.String(), "\n"+p.Title()+"\n", "each profile is listed")
		require.NotEmpty(t, p.Origins(), "%s says where its numbers come from", p.Title())
	}
	require.Len(t, profiles(), len(profile.Servers.Names())+len(profile.Neighbors.Names()))
	for _, line := range strings.Split(out.String(), "\n") {
		require.LessOrEqual(t, len([]rune(line)), columns, line)
	}
}

func TestProfilesByName(t *testing.T) {
	var out, errs bytes.Buffer
	require.Equal(t, exitError, execute(context.Background(), []string{"profiles", "srv-2008", "linus"}, &out, &errs))
	require.Contains(t, out.String(), "srv-2008")
	require.NotContains(t, out.String(), "srv-2003")
	require.Contains(t, errs.String(), `no profile is called "linus" (did you mean "linux"?)`)
}
