package registry_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/core"
	"ipwsim/core/registry"
)

func TestW3Settings(t *testing.T) {
	active := core.DefaultSettings()
	active.LogEnabled = true
	standby := active
	standby.Balance = core.Slave
	slow := core.DefaultSettings()
	slow.Interval, slow.PingTimeout = time.Minute, 5*time.Second

	for file, want := range map[string]core.Settings{
		"regedit-active.reg":     active,
		"regedit-standby.reg":    standby,
		"regedit-whole-tree.reg": active,
		"regedit4-cp932.reg":     active,
		"ansi-version5.reg":      standby,
		"utf8-comments.reg":      slow,
		"utf8-bom-defaults.reg":  core.DefaultSettings(),
	} {
		t.Run(file, func(t *testing.T) {
			got, problems := registry.Settings(good(t, file))
			require.Empty(t, problems)
			require.Equal(t, want, got)
		})
	}
}

// settingsOf reads the settings key with the given lines of values.
func settingsOf(t *testing.T, values string) (core.Settings, string) {
	file, problems := registry.Parse("x.reg",
		[]byte("Windows Registry Editor Version 5.00\n\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\EPOST\\IPWCS]\n"+values))
	require.Empty(t, problems)
	got, problems := registry.Settings(file)
	return got, problems.Error()
}

func TestW3LimitsOfEachValue(t *testing.T) {
	for name, limits := range map[string]struct{ least, most, under, over string }{
		"LogEnabled":  {"00000000", "00000001", "", "00000002"},
		"Interval":    {"00000006", "00015180", "00000000", "00015181"},
		"Balance":     {"00000000", "00000001", "", "00000002"},
		"ReleaseTime": {"00000001", "000f4240", "00000000", "000f4241"},
		"PingTimeout": {"00000001", "0000000f", "00000000", "00000e11"},
	} {
		for _, good := range []string{limits.least, limits.most} {
			_, problems := settingsOf(t, `"`+name+`"=dword:`+good+"\n")
			require.Empty(t, problems, name)
		}
		for _, bad := range []string{limits.under, limits.over} {
			if bad == "" {
				continue
			}
			_, problems := settingsOf(t, `"`+name+`"=dword:`+bad+"\n")
			require.Contains(t, problems, "x.reg:4: error: "+name+" is ", name)
		}
	}
}

func TestW12IntervalUnderTwoPingTimeoutsIsOnlyAWarning(t *testing.T) {
	got, problems := settingsOf(t, "\"PingTimeout\"=dword:00000010\n")
	require.Equal(t, "x.reg:4: warning: Interval is 30s and PingTimeout 16s, so one lost answer can look like a free address; "+
		"expected Interval at least twice PingTimeout", problems)
	require.Equal(t, 16*time.Second, got.PingTimeout)
}

func TestLinePointsAtAValue(t *testing.T) {
	file := good(t, "utf8-comments.reg")
	require.Equal(t, 5, file.Line("Interval"))
	require.Equal(t, 6, file.Line("pingtimeout"))
	require.Zero(t, file.Line("Balance"), "a default has no line")
	require.Zero(t, registry.File{}.Line("Balance"))
}
