package setup_test

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"ipwsim/core/registry"
	"ipwsim/scenarios/setup"
)

// A setting that the export does not have is told with its default, and no line is said to have it.
func TestSettingsThatAreNotThere(t *testing.T) {
	without := func(server, value string) fstest.MapFS {
		m := exports(t, "works")
		f, list := registry.Parse("", m[server+"/ipwcs.reg"].Data)
		require.Empty(t, list)
		key := &f.Keys[0]
		key.Values = slices.DeleteFunc(slices.Clone(key.Values), func(v registry.Value) bool { return strings.Contains(value, v.Name) })
		m[server+"/ipwcs.reg"] = &fstest.MapFile{Data: f.Format()}
		return m
	}
	_, problems := make2(t, without("wk-b", "Interval PingTimeout"), "wk-a", "wk-b", setup.Options{})
	require.Equal(t, "wk-b/ipwcs.reg:3: warning: the key has no Interval, PingTimeout; the defaults are taken, as the guide gives them: Interval 30, PingTimeout 3 (W3)", problems.Error())

	made, problems := make2(t, without("wk-b", "Balance"), "wk-a", "wk-b", setup.Options{})
	require.Equal(t, "wk-b/ipwcs.reg:3: warning: the key has no Balance; the defaults are taken, as the guide gives them: Balance 0 (W3)", problems.Error())
	toml := string(made.Files["cluster.toml"])
	require.Contains(t, toml, "[node.active]  # assumed: wk-b/ipwcs.reg has no Balance, whose default is 0\nname = \"WK-B\"")
	require.Contains(t, toml, "[node.standby]  # by Balance, wk-a/ipwcs.reg:6\n")
	require.Contains(t, said(made.Assumed), "wk-b/ipwcs.reg has no Balance, whose default is 0")

	_, problems = make2(t, without("wk-a", "Balance"), "wk-a", "wk-b", setup.Options{})
	require.Contains(t, problems.Error(), "wk-a/ipwcs.reg: warning: Balance is 0 here and in wk-b/ipwcs.reg:6")
	require.Contains(t, problems.Error(), "wk-a/ipwcs.reg:3: warning: the key has no Balance")
}
