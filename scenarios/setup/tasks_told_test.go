package setup_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"
	"unicode/utf16"

	"github.com/stretchr/testify/require"

	"ipwsim/scenarios/setup"
)

const tool = `<Command>C:\Tools\arpclear.bat</Command>`

// A batch file without a folder is looked for in Windows' own, where it is not.
func TestTasksWhoseCommandHasNoFolder(t *testing.T) {
	for with, shown := range map[string]string{
		`<Command>arpclear.bat</Command>`:                                          "arpclear.bat",
		`<Command>"arpclear.bat"</Command><Arguments>1</Arguments>`:                `\"arpclear.bat\" 1`,
		`<Command>cmd.exe</Command><Arguments>/c arpclear.bat</Arguments>`:         "cmd.exe /c arpclear.bat",
		`<Command>powershell</Command><Arguments>.\arpclear.bat</Arguments>`:       `powershell .\\arpclear.bat`,
		`<Command>.\arpclear.bat</Command><WorkingDirectory/>`:                     `.\\arpclear.bat`,
		`<Command>%COMSPEC%</Command><Arguments>/c arpclear.bat</Arguments>`:       "",
		`<Command>%ProgramFiles%\EPOST\MS\arpclear.bat</Command>`:                  "",
		`<Command>arpclear.bat</Command><WorkingDirectory>C:\T</WorkingDirectory>`: "",
	} {
		made, problems := make2(t, replaced(t, exports(t, "works"), "wk-b/tasks.xml", tool, with), "wk-a", "wk-b", setup.Options{})
		if shown == "" {
			require.Empty(t, problems, with)
			require.Contains(t, string(made.Files["cluster.toml"]), `tasks = ["event-100", "startup"]  # wk-b`)
			continue
		}
		require.Len(t, problems, 1, with)
		require.Contains(t, problems.Error(), `wk-b/tasks.xml:2: warning: the command of the task, "`+shown+`", names no folder, and a task begins in System32, where the file is not, so it fails and is left out (H10); expected the whole path, or a WorkingDirectory`)
		require.Contains(t, string(made.Files["cluster.toml"]), "tasks = []  # wk-b/tasks.xml:2")
	}
}

// A drive that may be mapped is told: a task does not see it.
func TestTasksOnAMappedDrive(t *testing.T) {
	for with, letter := range map[string]string{
		`<Command>Z:\mail\arpclear.bat</Command>`: "Z", `<Command>cmd</Command><Arguments>/c "m:\arpclear.bat"</Arguments>`: "M",
		`<Command>D:\mail\arpclear.bat</Command>`: "", `<Command>\\WKFS\mail\arpclear.bat</Command>`: "",
	} {
		made, problems := make2(t, replaced(t, exports(t, "works"), "wk-b/tasks.xml", tool, with), "wk-a", "wk-b", setup.Options{})
		require.Contains(t, string(made.Files["cluster.toml"]), `tasks = ["event-100", "startup"]  # wk-b`)
		if letter == "" {
			require.Empty(t, problems, with)
			continue
		}
		require.Len(t, problems, 1, with)
		require.Contains(t, problems.Error(), "wk-b/tasks.xml:2: warning: the command of the task is on the drive "+letter+":. If somebody has mapped that to a folder of another computer")
	}
}

// So is a service there, by sc qc or by its export, whose text Windows may expand.
func TestServicesOnAMappedDrive(t *testing.T) {
	for program, letter := range map[string]string{`Z:\MS\ipwcs.exe -k`: "Z", `"h:\MS\ipwcs.exe"`: "H", `"C:\MS\ipwcs.exe"`: "", `E:\MS\ipwcs.exe`: ""} {
		text := utf16.Encode([]rune(program + "\x00"))
		var data []string
		for _, c := range text {
			data = append(data, fmt.Sprintf("%02x,%02x", c&0xff, c>>8))
		}
		export := "Windows Registry Editor Version 5.00\r\n\r\n[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\IPWCS]\r\n\"ImagePath\"=hex(2):" + strings.Join(data, ",") + "\r\n\r\n"
		for name, file := range map[string]string{
			"wk-a/sc.txt:3":      "[SC] QueryServiceConfig SUCCESS\r\nSERVICE_NAME: IPWCS\r\n        BINARY_PATH_NAME   : " + program + "\r\n        SERVICE_START_NAME : .\\Administrator\r\n",
			"wk-a/service.reg:4": export,
		} {
			m := exports(t, "works")
			delete(m, "wk-a/services.reg") // which says nothing of it, and goes first
			path, _, _ := strings.Cut(name, ":")
			m[path] = &fstest.MapFile{Data: []byte(file)}
			_, problems := make2(t, m, "wk-a", "wk-b", setup.Options{})
			require.Equal(t, letter != "", strings.Contains(problems.Error(), name+": warning: IPWCS is on the drive "+letter+":. If somebody has mapped that"), "%s %s: %s", name, program, problems)
		}
	}
}

// Whose task may empty the ARP cache Windows decides by the account, and for most by the RunLevel.
func TestTasksByWhatTheyRunAs(t *testing.T) {
	const highest = "<RunLevel>HighestAvailable</RunLevel>"
	const least = "the task runs with the least rights, for its RunLevel is not HighestAvailable, and User Account Control takes an administrator's from "
	for who, want := range map[string]string{
		"<UserId>S-1-5-18</UserId>": "",
		`<UserId>NT AUTHORITY\SYSTEM</UserId><RunLevel>LeastPrivilege</RunLevel>`: "",
		"<UserId>S-1-5-21-1187264930-2240913377-3560127845-500</UserId>":          "",
		`<UserId>WK-B\Administrator</UserId>`:                                     "",
		`<UserId>WK-B\mailadmin</UserId>` + highest:                               "",
		`<UserId>WK-B\mailadmin</UserId><RunLevel>LeastPrivilege</RunLevel>`:      least + `WK-B\mailadmin`,
		"<UserId>S-1-5-21-1187264930-2240913377-3560127845-1500</UserId>":         least + "S-1-5-21-1187264930-2240913377-3560127845-1500",
		"<UserId>S-1-5-19</UserId>" + highest:                                     "the task runs as S-1-5-19, which is no administrator",
		`<UserId>NT AUTHORITY\NETWORK SERVICE</UserId>` + highest:                 `the task runs as NT AUTHORITY\NETWORK SERVICE, which is no administrator`,
		"<UserId>NetworkService</UserId>":                                         "the task runs as NetworkService, which is no administrator",
	} {
		m := replaced(t, exports(t, "works"), "wk-b/tasks.xml", "<Settings>", "<Principals><Principal>"+who+"<LogonType>Password</LogonType></Principal></Principals><Settings>")
		made, problems := make2(t, m, "wk-a", "wk-b", setup.Options{})
		toml := string(made.Files["cluster.toml"])
		require.Contains(t, toml, `tasks = ["event-100", "startup"]  # wk-b/tasks.xml:2`)
		if want == "" {
			require.Empty(t, problems, who)
			require.NotContains(t, toml, "task_unelevated", who)
			continue
		}
		require.Len(t, problems, 1, who)
		require.Contains(t, problems.Error(), "wk-b/tasks.xml:2: warning: "+want)
		require.Contains(t, problems.Error(), "so `arp -d` (wk-b/arpclear.bat:2) fails; it is played so (H10, H11)")
		require.Contains(t, toml, "task_unelevated = true  # wk-b/tasks.xml:2")
		_, problems = load(made)
		require.NoError(t, problems.Err())
		require.Contains(t, problems.Error(), ".task_unelevated: `arp -d` in ")
	}
}

// A task of a group runs while one of it is logged on.
func TestTasksOfAGroup(t *testing.T) {
	m := replaced(t, exports(t, "works"), "wk-b/tasks.xml", "<Settings>", "<Principals><Principal><GroupId>S-1-5-32-544</GroupId></Principal></Principals><Settings>")
	made, problems := make2(t, m, "wk-a", "wk-b", setup.Options{})
	require.Len(t, problems, 1)
	require.Contains(t, problems.Error(), "wk-b/tasks.xml:2: warning: the task runs only while one of the group S-1-5-32-544 is logged on, by its GroupId")
	require.Contains(t, string(made.Files["cluster.toml"]), "tasks = []  # wk-b/tasks.xml:2")
}

// A trigger that begins after the export starts nothing yet: the file was written when its time in the file system says, or
// before. Without a zone it may be any.
func TestTasksThatBeginLater(t *testing.T) {
	wrote := time.Date(2025, time.May, 18, 3, 0, 0, 0, time.UTC)
	for start, later := range map[string]bool{
		"2025-05-18T17:00:01": true, "2025-05-18T17:00:00": false, "2025-05-19T12:00:01+09:00": true, "2025-05-19T12:00:00+09:00": false, "2020-01-01T00:00:00": false, "soon": false,
	} {
		m := replaced(t, exports(t, "works"), "wk-b/tasks.xml", "</Subscription>", "</Subscription><StartBoundary>"+start+"</StartBoundary>")
		_, problems := make2(t, m, "wk-a", "wk-b", setup.Options{})
		require.Empty(t, problems, "when the file was written is not known")
		m["wk-b/tasks.xml"].ModTime = wrote
		made, problems := make2(t, m, "wk-a", "wk-b", setup.Options{})
		if !later {
			require.Empty(t, problems, start)
			require.Contains(t, string(made.Files["cluster.toml"]), `tasks = ["event-100", "startup"]  # wk-b`)
			continue
		}
		require.Len(t, problems, 1, start)
		require.Contains(t, problems.Error(), "wk-b/tasks.xml:2: warning: a trigger of the task begins at "+start+", by its StartBoundary, and that is after the export, so it starts nothing yet and is left out (H10)")
		require.Contains(t, string(made.Files["cluster.toml"]), `tasks = ["startup"]  # wk-b/tasks.xml:2`)
	}
}
