package registry_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/core/registry"
)

const service = "Windows Registry Editor Version 5.00\r\n\r\n[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\IPWCS]\r\n"

// H17: as Windows keeps it; 60,ea,00,00 are 60,000 ms.
func TestH17_Startup(t *testing.T) {
	for values, want := range map[string]registry.Startup{
		``:                                  {},
		`"Start"=dword:00000002`:            {},
		`"Start"=dword:00000003`:            {Manual: true},
		`"DelayedAutostart"=dword:00000000`: {},
		`"DelayedAutostart"=dword:00000001`: {Delayed: true},
		"\"Start\"=dword:00000003\r\n\"DelayedAutostart\"=dword:00000001":                  {Manual: true},
		`"FailureActions"=hex:80,51,01,00,00,00,00,00,00,00,00,00,00,00,00,00,14,00,00,00`: {},
		`"FailureActions"=hex:80,51,01,00,00,00,00,00,00,00,00,00,02,00,00,00,14,00,00,00,01,00,00,00,60,ea,00,00,00,00,00,00,00,00,00,00`: {
			Restarts: []time.Duration{time.Minute, registry.NoRestart}, Forget: 24 * time.Hour,
		},
		`"FailureActions"=hex:ff,ff,ff,ff,00,00,00,00,00,00,00,00,01,00,00,00,14,00,00,00,01,00,00,00,00,00,00,00`: {
			Restarts: []time.Duration{0}, Forget: registry.Remembers,
		},
	} {
		f, problems := registry.Parse("a.reg", []byte(service+values+"\r\n"))
		require.Empty(t, problems)
		got, problems := f.Startup("ipwcs")
		require.NoError(t, problems.Err(), values)
		require.Equal(t, want.Manual, len(problems) == 1, "who does not start by itself is warned of: %s", values)
		require.Equal(t, want, got, values)
	}
}

// What is written is read as the same.
func TestRecoveryIsReadAsWritten(t *testing.T) {
	for _, want := range []registry.Startup{
		{Restarts: []time.Duration{time.Minute, registry.NoRestart, 0}, Forget: 24 * time.Hour}, {Restarts: []time.Duration{0}, Forget: registry.Remembers},
	} {
		key := registry.Key{Name: registry.ServicesKey + `\IPWCS`, Values: []registry.Value{registry.RecoveryValue(want)}}
		f, problems := registry.Parse("a.reg", registry.File{Keys: []registry.Key{key}}.Format())
		require.Empty(t, problems)
		got, problems := f.Startup(registry.WatcherService)
		require.Empty(t, problems)
		require.Equal(t, want, got)
	}
}

func TestStartupMistakes(t *testing.T) {
	for values, want := range map[string]string{
		`"Start"="2"`:                       `Start is the text "2" (REG_SZ); expected 2 (automatic) or 3 (manual)`,
		`"Start"=dword:00000007`:            "Start is 7; expected 2 (automatic) or 3 (manual)",
		`"Start"=dword:00000004`:            "Start is 4 (disabled), so after a boot IPWCS does not run (H17), and here it is taken for 3 (manual), for a scenario may start it; expected 2 (automatic)",
		`"Start"=dword:00000003`:            "Start is 3 (manual), so after a boot IPWCS does not run until somebody starts it (H17); expected 2 (automatic)",
		`"DelayedAutostart"=dword:00000002`: "DelayedAutostart is 2; expected 0, or 1 for an automatic start that is delayed",
		`"FailureActions"=hex:80,51`:        "FailureActions is a REG_BINARY of 2 bytes that is not the list of actions that Windows writes; expected a header of 20 bytes and 8 for each action",
	} {
		f, problems := registry.Parse("a.reg", []byte(service+values+"\r\n"))
		require.Empty(t, problems)
		_, problems = f.Startup(registry.WatcherService)
		require.Len(t, problems, 1, values)
		require.Equal(t, want, problems[0].Message, values)
		require.Equal(t, 4, problems[0].Line)
	}
}

// The words of sc qc for a start type lead to the same key as Windows', and back.
func TestStartInTheWordsOfSC(t *testing.T) {
	for word, want := range map[string]registry.Startup{
		"AUTO_START": {}, "AUTO_START (DELAYED)": {Delayed: true}, "DEMAND_START": {Manual: true}, "DISABLED": {Manual: true}, "": {},
	} {
		f := registry.File{Keys: []registry.Key{registry.ServiceKey("IPWCS", "LocalSystem", word)}}
		got, _ := f.Startup("IPWCS")
		require.Equal(t, want, got, word)
		back, _ := f.StartWord("ipwcs")
		require.Equal(t, word, back)
		account, _, _ := f.Account("IPWCS")
		require.Equal(t, "LocalSystem", account)
	}
}
