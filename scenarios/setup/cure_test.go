package setup_test

import (
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"ipwsim/scenarios/setup"
	"ipwsim/sim/collected"
)

// startedAs are the exports of works where the task of wk-b starts another file, which is there instead of arpclear.bat.
func startedAs(t *testing.T, name, command string) fstest.MapFS {
	m := replaced(t, exports(t, "works"), "wk-b/tasks.xml", tool, command)
	m["wk-b/"+name] = m["wk-b/arpclear.bat"]
	delete(m, "wk-b/arpclear.bat")
	return m
}

// A batch file that event 100 starts is the cure, whatever its name: it is arpclear.bat in the cluster, and its task is played.
func TestTheCureByAnotherName(t *testing.T) {
	paths := map[string]string{"vip_arp.bat": "vip_arp.bat", "arpclear.cmd": "ARPCLEAR.CMD", "Vip Arp.CMD": "vip arp.cmd", "heal.bat": "heal.bat"}
	for name, command := range map[string]string{
		"vip_arp.bat":  `<Command>C:\Tools\vip_arp.bat</Command>`,
		"arpclear.cmd": `<Command>C:\Tools\ARPCLEAR.CMD</Command>`,
		"Vip Arp.CMD":  `<Command>"C:\Tools\vip arp.cmd"</Command>`,
		"heal.bat":     `<Command>cmd.exe</Command><Arguments>/c "C:\Tools\heal.bat" &gt; nul</Arguments>`,
	} {
		m := startedAs(t, name, command)
		want := m["wk-b/"+name].Data
		made, problems := make2(t, m, "wk-a", "wk-b", setup.Options{})
		require.Len(t, problems, 1, name)
		require.Contains(t, problems.Error(), "wk-b/"+name+": warning: a task is to start this batch file on event 100 of IPWCS (wk-b/tasks.xml:2, H10); it is taken for the cure (H11), and is active/arpclear.bat in the cluster")
		toml := string(made.Files["cluster.toml"])
		require.Contains(t, toml, `tasks = ["event-100", "startup"]  # wk-b/tasks.xml:2`)
		require.Contains(t, toml, "task_file = 'C:\\Tools\\"+paths[name]+"'  # wk-b/tasks.xml:2")
		require.Equal(t, want, made.Files["active/arpclear.bat"])
		bp, problems := load(made)
		require.NoError(t, problems.Err())
		require.NotEmpty(t, bp.Nodes[0].Batch.Commands)
	}
}

// Of two it is the one that is started; arpclear.bat, if that is.
func TestTheCureOfTwo(t *testing.T) {
	other := `ping -n 3 10.90.20.15 -S 10.90.1.30` + "\r\n"
	m := replaced(t, exports(t, "works"), "wk-b/tasks.xml", tool, `<Command>C:\Tools\vip_arp.bat</Command>`)
	m["wk-b/vip_arp.bat"] = &fstest.MapFile{Data: []byte(other)}
	made, problems := make2(t, m, "wk-a", "wk-b", setup.Options{})
	require.Equal(t, other, string(made.Files["active/arpclear.bat"]))
	require.Contains(t, problems.Error(), "wk-b/arpclear.bat: warning: no task starts this batch file, and one starts wk-b/vip_arp.bat (wk-b/tasks.xml:2)")

	m = exports(t, "works")
	m["wk-b/vip_arp.bat"] = &fstest.MapFile{Data: []byte(other)}
	made, problems = make2(t, m, "wk-a", "wk-b", setup.Options{})
	require.Empty(t, problems)
	require.Equal(t, m["wk-b/arpclear.bat"].Data, made.Files["active/arpclear.bat"])
}

// One that a task cannot start is carried over all the same: the task is to be mended, not the batch.
func TestTheCureThatIsNotStarted(t *testing.T) {
	m := replaced(t, startedAs(t, "vip_arp.bat", `<Command>C:\Tools\vip_arp.bat</Command>`), "wk-b/tasks.xml", "<Settings>\r\n    <Enabled>true", "<Settings><Enabled>false")
	made, problems := make2(t, m, "wk-a", "wk-b", setup.Options{})
	require.NotEmpty(t, made.Files["active/arpclear.bat"])
	require.Contains(t, problems.Error(), "the task is disabled, so it is left out (H10)")
	made, problems = make2(t, startedAs(t, "vip_arp.bat", `<Command>vip_arp.bat</Command>`), "wk-a", "wk-b", setup.Options{})
	require.NotEmpty(t, made.Files["active/arpclear.bat"])
	require.Contains(t, problems.Error(), `the command of the task, "vip_arp.bat", names no folder`)
}

// A batch file that was not collected is asked for: it most likely is the cure. A file that heals nobody is none.
func TestTheCureThatWasNotCollected(t *testing.T) {
	m := startedAs(t, "vip_arp.bat", `<Command>C:\Tools\vip_arp.bat</Command>`)
	was := m["wk-b/vip_arp.bat"]
	delete(m, "wk-b/vip_arp.bat")
	made, _ := make2(t, m, "wk-a", "wk-b", setup.Options{})
	require.Contains(t, said(made.Open), `event 100 of IPWCS starts "C:\\Tools\\vip_arp.bat" (wk-b/tasks.xml:2), which is not among the files of wk-b, and may be the cure (H11), active/arpclear.bat: copy it into wk-b`)
	_, problems := load(made)
	require.ErrorContains(t, problems.Err(), "not answered yet")

	m["wk-b/arpclear.bat"] = was
	m["wk-b/vip_arp.bat"] = &fstest.MapFile{Data: []byte("eventcreate /l application /t information /id 1 /d moved\r\n")}
	made, problems = make2(t, m, "wk-a", "wk-b", setup.Options{})
	require.Empty(t, made.Open)
	require.Contains(t, problems.Error(), `wk-b/tasks.xml:2: warning: event 100 of IPWCS starts "C:\\Tools\\vip_arp.bat" by this task, and what is played of that neither pings nor empties the ARP cache`)
	require.Contains(t, string(made.Files["cluster.toml"]), "tasks = []")

	m = replaced(t, exports(t, "works"), "wk-b/tasks.xml", tool, `<Command>C:\Tools\notify.exe</Command>`)
	made, problems = make2(t, m, "wk-a", "wk-b", setup.Options{})
	require.Empty(t, made.Open)
	require.Contains(t, problems.Error(), `event 100 of IPWCS starts "C:\\Tools\\notify.exe" by this task, which is no batch file that was collected, and is left out`)
}

// Where no file says what the tasks start, the only batch file that heals is taken.
func TestTheOnlyBatchFileWithoutTasks(t *testing.T) {
	m := startedAs(t, "arp_heal.cmd", tool)
	delete(m, "wk-b/tasks.xml")
	made, problems := make2(t, m, "wk-a", "wk-b", setup.Options{})
	require.Contains(t, problems.Error(), "wk-b/arp_heal.cmd: warning: there is no arpclear.bat, and no export of the tasks; this batch file pings or empties the ARP cache, so it is taken for the cure (H11)")
	require.NotEmpty(t, made.Files["active/arpclear.bat"])
	m["wk-b/other.bat"] = m["wk-b/arp_heal.cmd"]
	made, _ = make2(t, m, "wk-a", "wk-b", setup.Options{})
	require.Empty(t, made.Files["active/arpclear.bat"], "which of two nobody knows")
}

// What stands behind the batch file in its task is what its %1 and so on are.
func TestTheArgumentsOfATask(t *testing.T) {
	m := replaced(t, exports(t, "works"), "wk-b/tasks.xml", tool, `<Command>"C:\Tools\arpclear.bat"</Command><Arguments>10.90.1.30 10.90.20.15</Arguments>`)
	m["wk-b/arpclear.bat"] = &fstest.MapFile{Data: []byte("arp -d\r\nping -n 9 %2 -S %1\r\n")}
	made, problems := make2(t, m, "wk-a", "wk-b", setup.Options{})
	require.Empty(t, problems)
	require.Contains(t, string(made.Files["cluster.toml"]), `task_arguments = "10.90.1.30 10.90.20.15"  # wk-b/tasks.xml:2`)
	bp, problems := load(made)
	require.NoError(t, problems.Err())
	require.Equal(t, "ping -n 9 10.90.20.15 -S 10.90.1.30", bp.Nodes[0].Batch.Commands[1].String())
}

// Where no task starts it on one server, its arguments are those of the other's: so a task that is added there gives them.
func TestTheArgumentsOfTheOtherServer(t *testing.T) {
	m := replaced(t, exports(t, "works"), "wk-b/tasks.xml", tool, `<Command>"C:\Tools\arpclear.bat"</Command><Arguments>10.90.1.30 10.90.20.15</Arguments>`)
	m = replaced(t, m, "wk-a/tasks.xml", "arpclear.bat", "other.exe")
	for _, s := range []string{"wk-a", "wk-b"} {
		m[s+"/arpclear.bat"] = &fstest.MapFile{Data: []byte("arp -d\r\nping -n 9 %2 -S %1\r\n")}
	}
	made, _ := make2(t, m, "wk-a", "wk-b", setup.Options{})
	require.Contains(t, said(made.Assumed), `standby: task_arguments = "10.90.1.30 10.90.20.15": no task of WK-A starts wk-a/arpclear.bat, and on the other server one does, with these`)
	bp, _ := load(made)
	require.Equal(t, "ping -n 9 10.90.20.15 -S 10.90.1.30", bp.Nodes[1].Batch.Commands[1].String())
}

// They are not, where something starts it here, if only another batch file, nor where it takes none; where no export says what
// starts it, that is why.
func TestTheArgumentsOfTheOtherServerAreNotTaken(t *testing.T) {
	with := func(started string) fstest.MapFS {
		m := replaced(t, exports(t, "works"), "wk-b/tasks.xml", tool, `<Command>"C:\Tools\arpclear.bat"</Command><Arguments>10.90.1.30 10.90.20.15</Arguments>`)
		m["wk-b/arpclear.bat"] = &fstest.MapFile{Data: []byte("arp -d\r\nping -n 9 %2 -S %1\r\n")}
		return replaced(t, m, "wk-a/tasks.xml", "arpclear.bat", started)
	}
	m := with("on100.bat")
	m["wk-a/on100.bat"] = &fstest.MapFile{Data: []byte("call C:\\Tools\\arpclear.bat\r\n")}
	made, _ := make2(t, m, "wk-a", "wk-b", setup.Options{})
	require.NotContains(t, said(made.Assumed), "standby: task_arguments")

	m = with("other.exe")
	made, _ = make2(t, m, "wk-a", "wk-b", setup.Options{})
	require.NotContains(t, said(made.Assumed), "standby: task_arguments", "it takes none")

	delete(m, "wk-a/tasks.xml")
	m["wk-a/arpclear.bat"] = m["wk-b/arpclear.bat"]
	made, _ = make2(t, m, "wk-a", "wk-b", setup.Options{})
	require.Contains(t, said(made.Assumed), `standby: task_arguments = "10.90.1.30 10.90.20.15": no export of the tasks of WK-A, and on the other server one starts arpclear.bat, with these`)
}

// A command starts a file that it names as a word of its own; what stands behind it is the file's.
func TestWhatACommandStarts(t *testing.T) {
	for command, want := range map[string]string{
		`C:\Tools\arpclear.bat`: "", `"C:\My Tools\ArpClear.BAT" 1 2`: "1 2", `cmd /c "C:\T\arpclear.bat 1 2"`: "1 2", `cmd /c ""C:\T\arpclear.bat" "a b" 2"`: `"a b" 2`,
		`cmd /c cd /d C:\T & arpclear.bat 7 >> log.txt`: "7", `C:\T\my_arpclear.bat`: "none", `C:\T\arpclear.bat.old`: "none", `run.exe arpclear.bat`: "",
	} {
		arguments, starts := collected.Starts(command, "arpclear.bat")
		require.Equal(t, want != "none", starts, command)
		if starts {
			require.Equal(t, want, arguments, command)
		}
	}
}

// A batch file that calls the cure starts it, and a task may have the cure's commands itself.
func TestTheCureThatIsCalledOrWrittenOut(t *testing.T) {
	m := replaced(t, exports(t, "works"), "wk-b/tasks.xml", tool, `<Command>C:\Tools\on_failover.bat</Command>`)
	m["wk-b/on_failover.bat"] = &fstest.MapFile{Data: []byte("@echo off\r\nrem arpclear.bat heals\r\necho moved\r\ncall \"%~dp0arpclear.bat\"\r\n")}
	made, problems := make2(t, m, "wk-a", "wk-b", setup.Options{})
	require.Len(t, problems, 1)
	require.Contains(t, problems.Error(), "wk-b/on_failover.bat:4: warning: a task is to start this batch file on event 100 of IPWCS (wk-b/tasks.xml:2, H10), and it calls wk-b/arpclear.bat, which is taken for the cure (H11)")
	require.Contains(t, string(made.Files["cluster.toml"]), `tasks = ["event-100", "startup"]  # wk-b/tasks.xml:2`)

	for _, command := range []string{
		`<Command>cmd.exe</Command><Arguments>/c "arp -d &amp; ping -n 9 10.90.20.15 -S 10.90.1.30"</Arguments>`,
		`<Command>arp</Command><Arguments>-d</Arguments></Exec><Exec><Command>ping</Command><Arguments>-n 9 10.90.20.15 -S 10.90.1.30</Arguments>`,
	} {
		m = replaced(t, exports(t, "works"), "wk-b/tasks.xml", tool, command)
		delete(m, "wk-b/arpclear.bat")
		made, problems = make2(t, m, "wk-a", "wk-b", setup.Options{})
		require.Len(t, problems, 1)
		require.Contains(t, problems.Error(), "by this task itself, and no batch file; that is taken for the cure (H10, H11), and is active/arpclear.bat in the cluster")
		require.Contains(t, string(made.Files["cluster.toml"]), `tasks = ["event-100", "startup"]  # wk-b/tasks.xml:2`)
		bp, _ := load(made)
		require.Equal(t, "arp -d\r\nping -n 9 10.90.20.15 -S 10.90.1.30\r\n", string(bp.Nodes[0].Batch.Format()))
	}
}

// wrapped are the exports of works where the task of wk-b starts a batch file that calls others.
func wrapped(t *testing.T, wrapper string, called map[string]string) fstest.MapFS {
	m := startedAs(t, "on_failover.bat", `<Command>C:\Tools\on_failover.bat</Command>`)
	m["wk-b/on_failover.bat"] = &fstest.MapFile{Data: []byte(wrapper)}
	for name, text := range called {
		m["wk-b/"+name] = &fstest.MapFile{Data: []byte(text)}
	}
	return m
}

const healing = "arp -d\r\nping -n 9 10.90.20.15 -S %1\r\n"

// Of a file that calls several others all are played, in their order, with what it gives them.
func TestTheCureThatCallsSeveral(t *testing.T) {
	wrapper := "@echo off\r\nset V=10.90.1.31\r\ntimeout /t 2\r\ncall \"%~dp0heal.bat\" 10.90.1.30\r\ncall \"%~dp0heal.bat\" %V%\r\n"
	made, problems := make2(t, wrapped(t, wrapper, map[string]string{"heal.bat": healing}), "wk-a", "wk-b", setup.Options{})
	require.Len(t, problems, 1)
	require.Contains(t, problems.Error(), "wk-b/on_failover.bat: warning: event 100 of IPWCS starts this batch file (wk-b/tasks.xml:2, H10), and what it and all others do that are started or called then is taken for the cure (H11): wk-b/on_failover.bat, wk-b/heal.bat. It is written out in its order, and is active/arpclear.bat in the cluster")
	require.Equal(t, "rem wk-b/on_failover.bat\r\ntimeout /t 2 /nobreak\r\nrem wk-b/heal.bat\r\narp -d\r\nping -n 9 10.90.20.15 -S 10.90.1.30\r\narp -d\r\nping -n 9 10.90.20.15 -S 10.90.1.31\r\n", string(made.Files["active/arpclear.bat"]))
	toml := string(made.Files["cluster.toml"])
	require.Contains(t, toml, "task_file = 'C:\\Tools\\on_failover.bat'  # wk-b/tasks.xml:2")
	require.NotContains(t, toml, "task_arguments")
	require.Contains(t, toml, `address = "10.90.20.15/16"  # wk-b/heal.bat:2`)
	_, problems = load(made)
	require.NotContains(t, problems.Error(), "active/arpclear.bat:7: warning: no ping comes from")
}

// One that is called and was not collected is asked for, by its name: it most likely is the cure, or a part of it.
func TestTheCureThatIsCalledAndWasNotCollected(t *testing.T) {
	wrapper := "@echo off\r\ncall \"%~dp0heal.bat\" 10.90.1.30\r\n"
	const asked = "event 100 of IPWCS starts wk-b/on_failover.bat (wk-b/tasks.xml:2), which calls C:\\Tools\\heal.bat (wk-b/on_failover.bat:2); that is not among the files of wk-b, and may be the cure (H11), active/arpclear.bat: copy it into wk-b"
	made, problems := make2(t, wrapped(t, wrapper, nil), "wk-a", "wk-b", setup.Options{})
	require.Contains(t, said(made.Open), asked)
	require.NotContains(t, problems.Error(), "neither pings")
	_, problems = load(made)
	require.ErrorContains(t, problems.Err(), "not answered yet")

	made, _ = make2(t, wrapped(t, wrapper+"call rest.bat 10.90.1.31\r\n", map[string]string{"rest.bat": healing}), "wk-a", "wk-b", setup.Options{})
	require.Contains(t, said(made.Open), asked, "it may heal whom the other does not")
	_, problems = load(made)
	require.NotRegexp(t, `(?m)^active/arpclear`, problems.Error(), "what a part lacks nobody knows")

	m := startedAs(t, "vip30.bat", `<Command>C:\Tools\vip30.bat</Command></Exec><Exec><Command>C:\Tools\vip31.bat</Command>`)
	made, _ = make2(t, m, "wk-a", "wk-b", setup.Options{})
	require.Contains(t, said(made.Open), `event 100 of IPWCS starts "C:\\Tools\\vip31.bat" (wk-b/tasks.xml:2), which is not among the files of wk-b`)
}

// Several batch files that event 100 starts are played one behind the other, of one task or of two.
func TestTwoCures(t *testing.T) {
	m := startedAs(t, "vip30.bat", `<Command>C:\Tools\vip30.bat</Command></Exec><Exec><Command>C:\Tools\vip31.bat</Command>`)
	m["wk-b/vip30.bat"] = &fstest.MapFile{Data: []byte("arp -d\r\nping -n 9 10.90.20.15 -S 10.90.1.30\r\nexit\r\n")}
	m["wk-b/vip31.bat"] = &fstest.MapFile{Data: []byte("arp -d\r\nping -n 9 10.90.20.15 -S 10.90.1.31\r\n")}
	const both = "rem wk-b/vip30.bat\r\narp -d\r\nping -n 9 10.90.20.15 -S 10.90.1.30\r\nrem wk-b/vip31.bat\r\narp -d\r\nping -n 9 10.90.20.15 -S 10.90.1.31\r\n"
	made, problems := make2(t, m, "wk-a", "wk-b", setup.Options{})
	require.Len(t, problems, 1)
	require.Equal(t, both, string(made.Files["active/arpclear.bat"]))

	one := startedAs(t, "vip30.bat", `<Command>C:\Tools\vip30.bat</Command>`)["wk-b/tasks.xml"]
	two := startedAs(t, "vip31.bat", `<Command>C:\Tools\vip31.bat</Command>`)["wk-b/tasks.xml"]
	m["wk-b/tasks.xml"], m["wk-b/tasks2.xml"] = one, two
	made, problems = make2(t, m, "wk-a", "wk-b", setup.Options{})
	require.Equal(t, both, string(made.Files["active/arpclear.bat"]))
	require.Contains(t, problems.Error(), "warning: event 100 of IPWCS starts this task beside another one")
}
