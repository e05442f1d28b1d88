package batch_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/batch"
)

// played are the commands that a batch does with arguments, in a line.
func played(text, arguments string) (string, string) {
	got, problems := batch.Parse("x.bat", []byte(text), batch.Arguments(arguments)...)
	return strings.ReplaceAll(strings.TrimSpace(string(got.Format())), "\r\n", "; "), problems.Error()
}

// What the task gives, the file's own folder and what the file sets are put in the places of variables, as cmd.exe does.
func TestVariablesThatAreKnown(t *testing.T) {
	for text, want := range map[string]string{
		"ping %1 -S %2":                         "ping -n 4 10.0.0.1 -S 10.0.0.9",
		"ping %~1 -S %~2":                       "ping -n 4 10.0.0.1 -S 10.0.0.9",
		"for %%i in (%*) do ping -n 1 %%i":      "ping -n 1 10.0.0.1; ping -n 1 10.0.0.9",
		"for %%i in (\"%1\") do ping -n 1 %%~i": "ping -n 1 10.0.0.1",
		"shift\nping %1":                        "ping -n 4 10.0.0.9",
		"if \"%3\"==\"\" ping %1":               "ping -n 4 10.0.0.1",
		"arp -d\nif not \"%3\"==\"\" ping %3":   "arp -d",
		"cd /d %~dp0\nping %1":                  "ping -n 4 10.0.0.1",
		"set D=%~dp0\nif \"%D%\"==\"C:\\Program Files\\EPOST\\MS\\\" ping %1": "ping -n 4 10.0.0.1",
		"if /i %~nx0==X.BAT ping %1":                                          "ping -n 4 10.0.0.1",
		"if \"%~f0\"==\"C:\\Program Files\\EPOST\\MS\\x.bat\" ping %1":        "ping -n 4 10.0.0.1",
		"echo %date% %time% %~z1 %ERRORLEVEL%\nping %1":                       "ping -n 4 10.0.0.1",
		"setlocal enabledelayedexpansion\nset A=%1\nping !A!":                 "ping -n 4 10.0.0.1",
		"arp -d\nexit /b %ERRORLEVEL%":                                        "arp -d",
		"call :one %2\ngoto :eof\n:one\nping -n 1 %1\nexit /b":                "ping -n 1 10.0.0.9",
		"call :one 1\ncall :one 2\nexit /b\n:one\nif %1==2 goto two\nping -n 1 10.0.0.1\ngoto :eof\n:two\nping -n 2 10.0.0.2": "ping -n 1 10.0.0.1; ping -n 2 10.0.0.2",
		"arp -d\ncall :one\nping -n 1 %1\nexit /b\n:one\nexit":                                                                "arp -d",
	} {
		got, told := played(text, "10.0.0.1 10.0.0.9")
		require.Empty(t, told, text)
		require.Equal(t, want, got, text)
	}
}

// What cannot be known is told with its line, and the line is left out. Of an argument that is not given nothing is put there.
func TestVariablesThatAreNotKnown(t *testing.T) {
	for text, want := range map[string]string{
		"arp -d\nping %LAST%": `x.bat:2: warning: found "ping %LAST%", which is not played: the variable %LAST% has no value that the file gives it`,
		"ping %~$PATH:1":      `x.bat:1: warning: found "ping %~$PATH:1", which is not played: "%~$PATH:1" asks for more of an argument than is known here`,
		"ping %~z1":           `x.bat:1: warning: found "ping %~z1", which is not played: "%~z1" asks for more of an argument than is known here`,
		"ping %2 -S 10.0.0.9": `x.bat:1: warning: found "%2", for which there is no argument, so it is taken for nothing; expected task_arguments in cluster.toml, if the task has some`,
		"set RC=%ERRORLEVEL%\nif %RC%==0 ping 10.0.0.1": `x.bat:2: warning: found "if %RC%==0 ping 10.0.0.1", which is not played: what it asks is not known here`,
		":a\narp -d\ncall :a":                           `x.bat:3: warning: found "call :a", which is not played: calls go more than 20 deep here, perhaps without end`,
		"call :gone":                                    `x.bat:1: warning: found ":gone", which is not played: there is no label :gone`,
		"call :a\nexit /b\n:a\nping -n 1 10.0.0.1\nif errorlevel 1 exit /b\narp -d": `x.bat:1: warning: found "call :a", which is not played: how it ends only the run knows`,
	} {
		got, told := played(text, "10.0.0.1")
		require.Contains(t, strings.ReplaceAll(told, `"call :gone"`, `":gone"`), want, text)
		require.NotContains(t, got, "ping", text)
	}
}

// Where a label does not exist cmd.exe ends the batch: what stands behind is never done.
func TestAGotoWithoutItsLabelEndsTheBatch(t *testing.T) {
	for text, want := range map[string]string{
		"arp -d\ngoto pings\nping -n 1 10.0.0.1":                                     "arp -d",
		"arp -d\ngoto :Pings\n:pingss\nping -n 1 10.0.0.1":                           "arp -d",
		"ping -n 1 10.0.0.1\nif errorlevel 1 goto gone\narp -d":                      "ping -n 1 10.0.0.1; if errorlevel 1 (; exit /b; ); arp -d",
		"for %%i in (1 2) do (\nping -n 1 10.0.0.%%i\ngoto gone\n)\nping 10.0.0.3\n": "ping -n 1 10.0.0.1",
	} {
		got, told := played(text, "")
		require.Equal(t, want, got, text)
		require.Contains(t, told, ", and the file has no such label, so the batch ends there, as cmd.exe has it", text)
	}
	_, told := played("arp -d\ngoto pings\nping -n 1 10.0.0.1", "")
	require.Contains(t, told, "x.bat:2: warning: found `goto pings`")
	require.Contains(t, told, "x.bat:3: warning: `ping -n 1 10.0.0.1` is never done: line 2 ends or halts the batch before it")
}

// A loop is played for each of its words, whatever is said of the first: what is wrong with one is told once.
func TestALoopWithANoteIsPlayedWhole(t *testing.T) {
	const note = "a file that is not written here"
	got, said := played("for %%p in (10.0.0.1 10.0.0.2) do ping -n 3 %%p -S 10.0.0.9 >> C:\\x.log\r\n", "")
	require.Equal(t, "ping -n 3 10.0.0.1 -S 10.0.0.9; ping -n 3 10.0.0.2 -S 10.0.0.9", got)
	require.Equal(t, 1, strings.Count(said, note), said)

	got, said = played("for %%v in (10.0.0.8 10.0.0.9) do call :one %%v\r\nexit /b\r\n:one\r\nfor %%p in (10.0.0.1 10.0.0.2) do ping %%p -S %1 >> C:\\x.log\r\n", "")
	require.Equal(t, 4, strings.Count(got, "ping"), got)
	require.Equal(t, 1, strings.Count(said, note), said)
}
