package audit

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/audited"
)

// Of the cure what is missing is told, and no more: no task where one starts the batch at event 100, lines of the batch where
// there is one, and no line of cluster.toml that says already what it shall.
func TestOfTheCureWhatIsMissing(t *testing.T) {
	const rem = "@echo off\r\narp -d\r\nrem ping -n 10 192.168.10.150 -S 192.168.10.202\r\n"
	for name, c := range map[string]struct {
		bat, tasks string
		hand       audited.Hand
		task       bool
	}{
		"its pings":          {rem, `["event-100", "startup"]  # TKMAIL01/tasks.xml:5`, audited.EditBatch, false},
		"its pings and task": {rem, `["startup"]  # TKMAIL01/tasks.xml:5`, audited.EditBatch, true},
		"all":                {"", `[]`, audited.CopyBatch, true},
	} {
		f := cured(t).with(t, "node.active", "tasks", c.tasks)
		if f["active/arpclear.bat"] = []byte(c.bat); c.bat == "" {
			delete(f, "active/arpclear.bat")
		}
		x := planFor(t, f).candidate(t, audited.InstallCure)
		require.Equal(t, "active", x.Node, name)
		require.Contains(t, x.Do, audited.Do{On: "hvt162EPST11", Hand: c.hand}, name)
		typed := slices.ContainsFunc(x.Do, func(d audited.Do) bool { return d.Command != "" })
		toml := slices.ContainsFunc(x.Edits, func(e audited.Edit) bool { return e.File == tomlFile })
		require.Equal(t, []bool{c.task, c.task}, []bool{typed, toml}, name)
		require.Equal(t, c.task, len(x.Do) > 1, "%s: nothing else to do", name)
	}
}

// An edit that changes nothing is told nowhere, whatever is said behind the value.
func TestNoEditChangesNothing(t *testing.T) {
	f := cured(t).with(t, "node.active", "echo_blocked", "true  # firewall.txt:7")
	same, ok := f.setTOML(table{"node.active", 0}, "echo_blocked", "true")
	require.True(t, ok)
	require.Empty(t, same)
	other, _ := f.setTOML(table{"node.active", 0}, "echo_blocked", "false")
	require.Len(t, other, 1)

	p := planFor(t, f)
	d := p.draft(audited.Interval, audited.Choice)
	d.edited([]audited.Edit{{File: "active/ipwcs.reg", Line: 4, Old: "x", New: "x"}}, true)
	before := len(p.candidates)
	d.done()
	require.Len(t, p.candidates, before)
}
