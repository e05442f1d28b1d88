package audit

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/core/registry"
	"ipwsim/scenarios/audit/edit"
	"ipwsim/sim/audited"
)

// However many edits a change has, their lines are those of the files as they are before it: a line that changes is what is
// said of it, and what is added stands behind the name of its table or key.
func TestLinesAreThoseBeforeTheChange(t *testing.T) {
	f := shipped(t, "mail")
	p := planFor(t, f)
	d := p.draft(audited.Interval, audited.Choice)
	for _, role := range []string{"active", "standby"} {
		d.toml(table{"node." + role, 0}, "echo_blocked", "false")
		d.toml(table{"node." + role, 0}, "pipe_blocked", "false")
		d.toml(table{"node." + role, 0}, "switch", `"other"`)
	}
	n := &p.bp.Nodes[0]
	for _, service := range []string{"EPSTRS", "EPSTDS", "EPSTPOP3S"} {
		d.edited(edit.Registry(d.files, d.plan.files, mailFolder(n), edit.Restarted(service, recoverAfter)))
		d.edited(edit.Registry(d.files, d.plan.files, mailFolder(n), edit.Text(registry.ServicesKey+`\`+service, "ObjectName", `.\other`)))
	}
	changed, added := 0, 0
	for _, e := range d.Edits {
		lines := strings.Split(utf8Of(t, f[e.File]), "\n")
		switch {
		case e.Line == 0:
		case e.Old == "":
			added++
			require.True(t, strings.HasPrefix(lines[e.Line-2], "["), "%+v goes behind %q", e, lines[e.Line-2])
		default:
			changed++
			require.Equal(t, e.Old, strings.TrimSpace(lines[e.Line-1]))
		}
	}
	require.Greater(t, changed, 4)
	require.Greater(t, added, 6)
}
