package setup_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"ipwsim/scenarios/setup"
)

// What decides whether the cure runs, and the simulator does not play, is told; what never fires starts nothing.
func TestTasksThatAreNotPlayed(t *testing.T) {
	const policy = "<Settings>\r\n    <MultipleInstancesPolicy>Queue</MultipleInstancesPolicy>"
	for want, change := range map[string]struct{ old, with, tasks string }{
		`the task waits for event 100 in the log System, and the watcher writes to Application, so this EventTrigger never fires and is left out (H10); expected Path="Application"`: {
			`Path="Application"`, `Path="System"`, `["startup"]`},
		"the task waits for \"*[System[Provider[@Name='IPWCS'] and EventID=101]]\", and the watcher writes event 100 of source IPWCS":           {"EventID=100", "EventID=101", `["startup"]`},
		"the task waits for \"*[System[Provider[@Name='Watcher'] and EventID=100]]\", and the watcher":                                          {"@Name='IPWCS'", "@Name='Watcher'", `["startup"]`},
		"the task has an EventTrigger for other events than 100 of IPWCS, which the simulator does not have; it is left out (H10)":              {"Provider[@Name='IPWCS'] and EventID=100", "EventID=7", `["startup"]`},
		"the task has a LogonTrigger, which the simulator does not have; it is left out (H10)":                                                  {"</Triggers>", "<LogonTrigger/></Triggers>", ""},
		"a trigger of the task ends at 2020-01-01T00:00:00, by its EndBoundary; the simulator has it without end (H10)":                         {"</Subscription>", "</Subscription><EndBoundary>2020-01-01T00:00:00</EndBoundary>", ""},
		"the task runs only while its user is logged on, by its LogonType InteractiveToken, and at a server nobody is; so it is left out (H10)": {"<Settings>", "<Principals><Principal><LogonType>InteractiveToken</LogonType></Principal></Principals><Settings>", `[]`},
		"the MultipleInstancesPolicy of the task is Queue; the simulator has IgnoreNew":                                                         {"<Settings>", policy, ""},
		"the task starts only if the machine is idle, by its RunOnlyIfIdle":                                                                     {"<Settings>", "<Settings><RunOnlyIfIdle>true</RunOnlyIfIdle>", ""},
		"the task starts only if there is a network, by its RunOnlyIfNetworkAvailable":                                                          {"<Settings>", "<Settings><RunOnlyIfNetworkAvailable>true</RunOnlyIfNetworkAvailable>", ""},
	} {
		made, problems := make2(t, replaced(t, exports(t, "works"), "wk-b/tasks.xml", change.old, change.with), "wk-a", "wk-b", setup.Options{})
		require.Len(t, problems, 1, want)
		require.Contains(t, problems.Error(), "wk-b/tasks.xml:2: warning: "+want)
		if change.tasks == "" {
			change.tasks = `["event-100", "startup"]`
		}
		require.Contains(t, string(made.Files["cluster.toml"]), "tasks = "+change.tasks+"  # wk-b/tasks.xml:2")
	}
}

// A trigger that had ended when Windows last started, as systeminfo shows it, starts nothing any more.
func TestTasksThatHaveEnded(t *testing.T) {
	for boot, ended := range map[string]bool{
		"System Boot Time:          2020/01/02, 3:15:44": true, "System Boot Time:          1/2/2020, 12:00:01 AM": true, "システム起動時間:       2020/01/01, 0:00:01": true,
		"System Boot Time:          2019/12/31, 23:59:59": false, "System Boot Time:          12/1/2020, 1:00:00 AM": true, "System Boot Time:          1/12/2019, 13:00:00": false, "System Boot Time:          soon": false,
	} {
		m := replaced(t, exports(t, "works"), "wk-b/tasks.xml", "</Subscription>", "</Subscription><EndBoundary>2020-01-01T00:00:00</EndBoundary>")
		m["wk-b/systeminfo.txt"].Data = append(m["wk-b/systeminfo.txt"].Data, boot+"\r\n"...)
		made, problems := make2(t, m, "wk-a", "wk-b", setup.Options{})
		require.Len(t, problems, 1, boot)
		if !ended {
			require.Contains(t, problems.Error(), "ends at 2020-01-01T00:00:00, by its EndBoundary; the simulator has it without end", boot)
			require.Contains(t, string(made.Files["cluster.toml"]), `tasks = ["event-100", "startup"]  # wk-b`)
			continue
		}
		require.Contains(t, problems.Error(), "a trigger of the task ended at 2020-01-01T00:00:00, by its EndBoundary, and Windows has started after that, at ", boot)
		require.Contains(t, string(made.Files["cluster.toml"]), `tasks = ["startup"]  # wk-b/tasks.xml:2`)
	}
}

// What a filter asks for besides the event is told: another computer's never fires, and what nobody knows may.
func TestTasksWithFilters(t *testing.T) {
	for with, want := range map[string]struct{ told, tasks string }{
		"EventID=100 and Computer='WK-A'":                   {"the task waits for events of the computer WK-A, and this is WK-B (wk-b/ipconfig.txt:4), so this EventTrigger never fires and is left out (H10); expected Computer='WK-B'", `["startup"]`},
		"(Level=1 or Level=2) and (EventID=100)":            {"the task waits for \"*[System[Provider[@Name='IPWCS'] and (Level=1 or Level=2) and (EventID=100)]]\", and whether event 100 of IPWCS is such by its Level is not known; it is played as firing (H10)", `["event-100", "startup"]`},
		"EventID[@Qualifiers='16384']=100":                  {"and whether event 100 of IPWCS is such by its Qualifiers is not known", `["event-100", "startup"]`},
		"(EventID &amp;gt;= 100 and EventID &amp;lt;= 103)": {"", `["event-100", "startup"]`},
		"(EventID &gt;= 100 and EventID &lt;= 103)":         {"", `["event-100", "startup"]`},
	} {
		made, problems := make2(t, replaced(t, exports(t, "works"), "wk-b/tasks.xml", "EventID=100", with), "wk-a", "wk-b", setup.Options{})
		require.Contains(t, string(made.Files["cluster.toml"]), "tasks = "+want.tasks+"  # wk-b/tasks.xml:2")
		if want.told == "" {
			require.Empty(t, problems, with)
			continue
		}
		require.Len(t, problems, 1, with)
		require.Contains(t, problems.Error(), want.told)
	}
}

// A task's own delay and repetitions are played.
func TestTasksOfOtherTimes(t *testing.T) {
	for tasks, change := range map[string][2]string{
		`["event-100 after 5m0s", "startup"]`:                       {"</Subscription>", "</Subscription><Delay>PT5M</Delay>"},
		`["event-100 every 1m0s for 10m0s", "startup"]`:             {"</Subscription>", "</Subscription><Repetition><Interval>PT1M</Interval><Duration>PT10M</Duration></Repetition>"},
		`["event-100", "startup after 1m30s every 5m0s for 15m0s"]`: {"<Delay>PT30S", "<Delay>PT1M30S"},
		`["event-100", "startup after 30s every 5m0s"]`:             {"<Duration>PT15M</Duration>", ""},
	} {
		made, problems := make2(t, replaced(t, exports(t, "works"), "wk-b/tasks.xml", change[0], change[1]), "wk-a", "wk-b", setup.Options{})
		require.Empty(t, problems, tasks)
		require.Contains(t, string(made.Files["cluster.toml"]), "tasks = "+tasks+"  # wk-b/tasks.xml:2")
		_, problems = load(made)
		require.NoError(t, problems.Err(), "as a cluster has them")
	}
}

// A path with a space and without quotes, as `schtasks /tr` takes it, starts nothing.
func TestTasksWhoseCommandIsCut(t *testing.T) {
	const was = `<Command>C:\Tools\arpclear.bat</Command>`
	made, problems := make2(t, replaced(t, exports(t, "works"), "wk-b/tasks.xml", was, `<Command>C:\Program</Command><Arguments>Files\EPOST\MS\arpclear.bat</Arguments>`), "wk-a", "wk-b", setup.Options{})
	require.Len(t, problems, 1)
	require.Contains(t, problems.Error(), `wk-b/tasks.xml:2: warning: the command of the task is cut at a space: it starts "C:\Program" with the argument "Files\EPOST\MS\arpclear.bat", and there is no such program, so it fails and is left out (H10); expected the whole path in quotes, as "C:\Program Files\EPOST\MS\arpclear.bat"`)
	require.Contains(t, string(made.Files["cluster.toml"]), "tasks = []  # wk-b/tasks.xml:2")
	for _, whole := range []string{
		`<Command>"C:\Program Files\EPOST\MS\arpclear.bat"</Command>`, `<Command>cmd</Command><Arguments>/c C:\Tools\arpclear.bat</Arguments>`, `<Command>C:\Windows\System32\cmd</Command><Arguments>/c cd /d C:\Tools &amp; arpclear.bat</Arguments>`,
		`<Command>C:\Tools\run.exe</Command><Arguments>arpclear.bat</Arguments>`, `<Command>C:\Tools\run</Command><Arguments>C:\Tools\arpclear.bat</Arguments>`,
		`<Command>powershell</Command><Arguments>.\arpclear.bat</Arguments><WorkingDirectory>C:\Tools</WorkingDirectory>`, `<Command>C:\Tools\arpclear.bat</Command><Arguments>1</Arguments>`,
	} {
		made, problems := make2(t, replaced(t, exports(t, "works"), "wk-b/tasks.xml", was, whole), "wk-a", "wk-b", setup.Options{})
		require.Empty(t, problems, whole)
		require.Contains(t, string(made.Files["cluster.toml"]), `tasks = ["event-100", "startup"]  # wk-b`)
	}
}

// A task or a trigger that somebody has disabled starts nothing, and is told: it was there for something. Of what it would
// not do anyway there is no word.
func TestTasksThatAreDisabled(t *testing.T) {
	for want, change := range map[string]struct{ old, with, tasks string }{
		"the task is disabled, so it is left out (H10); expected it enabled":                     {"<Settings>\r\n    <Enabled>true", "<Settings><Enabled>false", "[]"},
		"the EventTrigger of the task is disabled, so it is left out (H10); expected it enabled": {"<Enabled>true</Enabled>\r\n      <Subscription>", "<Enabled>false</Enabled><Subscription>", `["startup"]`},
		"the BootTrigger of the task is disabled, so it is left out (H10); expected it enabled":  {"<BootTrigger>", "<LogonTrigger><Enabled>false</Enabled></LogonTrigger><BootTrigger><Enabled>false</Enabled></BootTrigger><BootTrigger>", `["event-100", "startup"]`},
	} {
		made, problems := make2(t, replaced(t, exports(t, "works"), "wk-b/tasks.xml", change.old, change.with), "wk-a", "wk-b", setup.Options{})
		require.Len(t, problems, 1, want)
		require.Contains(t, problems.Error(), "wk-b/tasks.xml:2: warning: "+want)
		require.Contains(t, string(made.Files["cluster.toml"]), "tasks = "+change.tasks+"  # wk-b/tasks.xml:2")
	}
}

// Settings as Task Scheduler writes them by itself are no matter.
func TestTasksThatArePlayed(t *testing.T) {
	for _, settings := range []string{
		"<Principals><Principal><LogonType>Password</LogonType></Principal></Principals><Settings><MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy><ExecutionTimeLimit>PT72H</ExecutionTimeLimit><RunOnlyIfIdle>false</RunOnlyIfIdle>",
		"<Settings><ExecutionTimeLimit>PT0S</ExecutionTimeLimit>", "<Settings><ExecutionTimeLimit>P3D</ExecutionTimeLimit>",
	} {
		_, problems := make2(t, replaced(t, exports(t, "works"), "wk-b/tasks.xml", "<Settings>", settings), "wk-a", "wk-b", setup.Options{})
		require.Empty(t, problems, settings)
	}
}

// The time after which a task is ended is played where its batch may take so long; a batch without end takes longer than any.
func TestTheLimitOfATask(t *testing.T) {
	limit := func(limit, bat string) string {
		m := replaced(t, exports(t, "works"), "wk-b/tasks.xml", "<Settings>", "<Settings><ExecutionTimeLimit>"+limit+"</ExecutionTimeLimit>")
		if bat != "" {
			m["wk-b/arpclear.bat"] = &fstest.MapFile{Data: []byte(bat)}
		}
		made, _ := make2(t, m, "wk-a", "wk-b", setup.Options{})
		_, after, _ := strings.Cut(string(made.Files["cluster.toml"]), "task_limit = ")
		value, _, _ := strings.Cut(after, "\n")
		return value
	}
	require.Equal(t, `"5s"  # wk-b/tasks.xml:2`, limit("PT5S", ""))
	require.Equal(t, `"10m0s"  # wk-b/tasks.xml:2`, limit("PT10M", ""))
	require.Empty(t, limit("PT72H", ""), "it never takes so long")
	require.Empty(t, limit("PT0S", ""))
	require.Equal(t, `"72h0m0s"  # wk-b/tasks.xml:2`, limit("PT72H", "ping -t 10.90.20.15 -S 10.90.1.30\r\n"))
	require.Equal(t, `"72h0m0s"  # wk-b/tasks.xml:2`, limit("PT72H", "ping 10.90.20.15 -S 10.90.1.30\r\npause\r\n"))
}
