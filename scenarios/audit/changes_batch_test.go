package audit

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/audited"
)

// made are the files with the edits of a change made as they are told: before a line, in its place, or at the end.
func (f files) made(edits []audited.Edit) files {
	all := f.over(nil)
	for i := len(edits) - 1; i >= 0; i-- { // from the end, so that the lines before are still counted as they were
		e := edits[i]
		eol := "\r\n"
		if !bytes.Contains(all[e.File], []byte(eol)) {
			eol = "\n"
		}
		lines := strings.Split(strings.TrimSuffix(string(all[e.File]), eol), eol)
		switch at := e.Line - 1; {
		case e.Line == 0:
			lines = append(lines[:len(lines):len(lines)], e.New)
		case e.Old == "":
			lines = slices.Insert(lines, at, e.New)
		case e.New == "":
			lines = slices.Delete(lines, at, at+1)
		default:
			lines[at] = e.New
		}
		all[e.File] = []byte(strings.Join(lines, eol) + eol)
	}
	return all
}

func (p *plan) candidate(t *testing.T, kind audited.ChangeKind) candidate {
	i := slices.IndexFunc(p.candidates, func(c candidate) bool { return c.Kind == kind })
	require.GreaterOrEqual(t, i, 0, kind)
	return p.candidates[i]
}

// What is added to a batch goes before what ends or halts it: who does as he is told does not hear the same again. What is
// wrong with that line itself is not answered.
func TestLinesAreAddedWhereTheBatchComesToThem(t *testing.T) {
	for _, last := range []string{"exit /b 0", "pause", "goto :eof", "ping -n 1 127.0.0.1 & exit"} {
		f := twoVIPs(t, "@echo off\r\narp -d\r\nping %150 -S %202 >nul\r\nping %151 -S %202\r\n"+last+"\r\nping %150 -S %203\r\n")
		c := planFor(t, f).candidate(t, audited.CureEveryVIP)
		require.Equal(t, audited.Edit{File: "active/arpclear.bat", Line: 5, New: "arp -d", Before: last}, c.Edits[0], last)
		require.Equal(t, string(c.files["active/arpclear.bat"]), strings.Replace(string(f["active/arpclear.bat"]), last,
			"arp -d\r\nping -n 4 192.168.10.150 -S 192.168.10.203\r\narp -d\r\nping -n 4 192.168.10.151 -S 192.168.10.203\r\n"+last, 1), "else as it was")
		p := planFor(t, f)
		for _, i := range c.answered {
			require.Contains(t, p.lint[i].Message, "no ping comes from", last)
		}
		require.Len(t, c.answered, 2, last)
		again := planFor(t, c.files)
		require.False(t, slices.ContainsFunc(again.candidates, func(c candidate) bool { return c.Kind == audited.CureEveryVIP }), last)
	}
}

// Pings that the batch never comes to are none: those that are tried go before its end, and those are still told of.
func TestABatchThatEndsBeforeItsPingsGetsThemBefore(t *testing.T) {
	f := twoVIPs(t, "exit /b\r\nping %150 -S %202\r\n")
	c := planFor(t, f).candidate(t, audited.InstallCure)
	require.Equal(t, 1, c.Edits[0].Line)
	problems := c.lint(t)
	require.Contains(t, problems.Error(), "is never done")
	require.NotContains(t, problems.Error(), "no ping is ever done")
}

// Fewer pings are a change of each line in its place.
func TestFewerPingsChangeTheirLines(t *testing.T) {
	f := twoVIPs(t, "arp -d\r\nping -n 10 %150 -S %202\r\nping -n 10 %151 -S %202 >nul\r\narp -d\r\nping -n 5 %150 -S %203\r\nping -n 10 %151 -S %203\r\npause\r\n")
	c := planFor(t, f).candidate(t, audited.CurePings)
	var lines []int
	for _, e := range c.Edits[:len(c.Edits)/2] {
		require.Equal(t, e.New, strings.Replace(e.Old, "-n 10", "-n 5", 1))
		lines = append(lines, e.Line)
	}
	require.Equal(t, []int{2, 3, 6}, lines)
	require.Empty(t, c.answered, "pause still halts it")
	require.Equal(t, strings.ReplaceAll(string(f["active/arpclear.bat"]), "-n 10", "-n 5"), string(c.files["active/arpclear.bat"]))
}

// A loop's count is changed where it stands. Where one thing takes more than a line the change is played as a file of its
// own, and answers nothing of other lines.
func TestALineThatDoesMore(t *testing.T) {
	for bat, in := range map[string]bool{"for %%i in (150 151) do ping -n 10 192.168.10.%%i -S 192.168.10.202 >nul\ndel x\n": true, "for %%i in (150 151) do (\n  ping -n 10 192.168.10.%%i -S 192.168.10.202\n)\ndel x\n": false} {
		f := cured(t)
		f["active/arpclear.bat"], f["standby/arpclear.bat"] = []byte(bat), []byte(bat)
		c := planFor(t, f).candidate(t, audited.CurePings)
		require.Equal(t, in, string(c.files["active/arpclear.bat"]) == strings.Replace(bat, "-n 10", "-n 5", 1))
		require.Empty(t, c.answered)
	}
}

// Each change of a batch is told so that it makes the file that is played.
func TestEditsOfABatchMakeWhatIsPlayed(t *testing.T) {
	f := twoVIPs(t, "arp -d\r\nping -n 10 %150 -S %202\r\narp -d\r\nping -n 10 %151 -S %202\r\nping -n 10 %151 -S %202\r\nping %150 -S %203\r\nexit /b\r\n")
	_, ok := f.setTOML(table{"client", 1}, "profile", `"windows-vista7"`) // %151 hears no announcement: it needs a ping first
	require.True(t, ok)
	var kinds []audited.ChangeKind
	for _, c := range planFor(t, f).candidates {
		if c.Do[0].Hand != audited.EditBatch {
			continue
		}
		require.Equal(t, string(f.made(c.Edits)["active/arpclear.bat"]), string(c.files["active/arpclear.bat"]), c.Kind)
		kinds = append(kinds, c.Kind)
	}
	require.Subset(t, kinds, []audited.ChangeKind{audited.CurePair, audited.CureOnce, audited.CureOrder, audited.CureFlush, audited.CurePings})
}

// A batch file with another name on its machine is told by that, and a task that is added starts it there, with its arguments.
func TestABatchOfAnotherName(t *testing.T) {
	f := cured(t).with(t, "node.active", "task_file", `'C:\Tools\vip arp.bat'`).with(t, "node.active", "task_arguments", `"192.168.10.202"`).with(t, "node.active", "tasks", "[]")
	f["active/arpclear.bat"] = []byte("arp -d\r\nping -n 10 192.168.10.151 -S %1\r\n")
	var commands, files []string
	for _, c := range planFor(t, f).candidates {
		for _, do := range c.Do {
			if do.On == "hvt162EPST11" && strings.Contains(do.Command, "ONEVENT") {
				commands = append(commands, do.Command)
			}
			if do.On == "hvt162EPST11" && do.Hand == audited.EditBatch {
				files = append(files, do.File)
			}
		}
	}
	require.Len(t, commands, 1)
	require.Contains(t, commands[0], `/tr "\"C:\Tools\vip arp.bat\" 192.168.10.202" /sc ONEVENT`)
	require.NotEmpty(t, files)
	for _, file := range files {
		require.Equal(t, `C:\Tools\vip arp.bat`, file)
	}
}
