package batch_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/batch"
)

// filesOf are batch files by their names.
func filesOf(all map[string]string) batch.Files {
	return func(name string) (string, []byte, bool) {
		data, found := all[strings.ToLower(name)]
		return "srv/" + strings.ToLower(name), []byte(data), found
	}
}

// A task's batch file calls others, which are played in their order, with their arguments; one without `call` is the last.
func TestH11_CalledFilesArePlayedInTheirOrder(t *testing.T) {
	files := filesOf(map[string]string{
		"on100.bat": "set V=10.0.0.31\r\ntimeout /t 3\r\ncall \"%~dp0heal.bat\" 10.0.0.30\r\nif exist C:\\T\\heal.bat call C:\\T\\heal.bat %V%\r\ncmd /c last.cmd\r\nlast.cmd\r\nping 10.0.0.9\r\n",
		"heal.bat":  "arp -d\r\nping -n 9 10.0.0.1 -S %1\r\ngoto :eof\r\nping 10.0.0.8\r\n",
		"last.cmd":  "netsh interface ip delete arpcache\r\nexit\r\n",
	})
	got, problems := batch.Play("task", []batch.Action{{Name: "On100.bat", Start: batch.Start{Path: `D:\Mail\On100.bat`}}}, files)
	require.Equal(t, "rem srv/on100.bat\r\ntimeout /t 3 /nobreak\r\nrem srv/heal.bat\r\narp -d\r\nping -n 9 10.0.0.1 -S 10.0.0.30\r\narp -d\r\nping -n 9 10.0.0.1 -S 10.0.0.31\r\nrem srv/last.cmd\r\n"+
		"netsh interface ip delete arpcache\r\nnetsh interface ip delete arpcache\r\n", string(got.Format()))
	require.Equal(t, `D:\Mail\heal.bat`, got.Called[1].Path)
	require.Contains(t, problems.Error(), "srv/on100.bat:7: warning: `ping -n 4 10.0.0.9` is never done: line 6 ends or halts the batch before it")
	again, _ := batch.Parse("arpclear.bat", got.Format())
	require.Equal(t, strings.Count(string(got.Format()), "ping"), strings.Count(string(again.Format()), "ping"))
}

// One that is not there is told by its name and line; a circle of calls ends.
func TestH11_CalledFilesThatAreNotThere(t *testing.T) {
	files := filesOf(map[string]string{"on100.bat": "@call C:\\T\\heal.bat 1\r\n", "round.bat": "call round.bat\r\nping 10.0.0.1\r\n"})
	got, problems := batch.Play("task", []batch.Action{{Name: "on100.bat"}, {Name: "round.bat"}}, files)
	require.Equal(t, []batch.Called{{Name: "heal.bat", Path: `C:\T\heal.bat`, Args: []string{"1"}, By: "srv/on100.bat", Line: 1}}, got.Missing)
	require.Contains(t, problems.Error(), `srv/on100.bat:1: warning: found "call C:\T\heal.bat 1", which is not played: the batch file heal.bat is not here`)
	require.NotEmpty(t, got.Commands)
}

// Each action of a task ends by itself: an exit in one keeps no other from being done, and what waits for ever does.
func TestH10_ActionsOfATask(t *testing.T) {
	files := filesOf(map[string]string{"a.bat": "arp -d\r\nexit\r\n", "b.bat": "ping -t 10.0.0.1\r\n", "c.bat": "arp -d\r\n"})
	actions := []batch.Action{{Name: "a.bat"}, {Line: "cmd /c ping -n 2 10.0.0.2 & exit 1"}, {Name: "b.bat"}, {Name: "c.bat"}}
	got, _ := batch.Play("task", actions, files)
	require.Equal(t, "rem srv/a.bat\r\narp -d\r\nrem task\r\nping -n 2 10.0.0.2\r\nrem srv/b.bat\r\nping -t 10.0.0.1\r\n", string(got.Format()))
}

// What stands behind a batch file that is started without `call` is never done, and an extension may be left out.
func TestH11_WithoutCallNothingComesBack(t *testing.T) {
	files := filesOf(map[string]string{"on100.bat": "call heal 10.0.0.30\r\nheal.cmd 10.0.0.31\r\n  heal.cmd 10.0.0.32\r\n", "heal.cmd": "ping -n 9 10.0.0.1 -S %1\r\n"})
	got, problems := batch.Play("task", []batch.Action{{Name: "on100.bat"}}, files)
	require.Len(t, got.Commands, 2)
	require.Contains(t, problems.Error(), `srv/on100.bat:3: warning: "heal.cmd 10.0.0.32" is never done: line 2 ends or halts the batch before it`)
}
