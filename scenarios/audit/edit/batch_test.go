package edit

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/core/text"
	"ipwsim/sim/audited"
	"ipwsim/sim/batch"
)

// spelled are edits in a line.
func spelled(all []audited.Edit) string {
	var lines []string
	for _, e := range all {
		lines = append(lines, fmt.Sprintf("%d: %s => %s", e.Line, e.Old, e.New))
	}
	return strings.Join(lines, "; ")
}

// A line that changes is told whole, as it stands and as it shall: what begins it and where its output goes stays, in the
// encoding of the file.
func TestALineThatChangesIsToldWhole(t *testing.T) {
	const one, two = "192.168.10.150 -S 192.168.10.202", "192.168.10.151 -S 192.168.10.202"
	for name, c := range map[string]struct{ bat, want string }{
		"another count": {"@ping " + one + " -n 10 >nul 2>&1\r\n", "1: @ping " + one + " -n 10 >nul 2>&1 => @ping " + one + " -n 5 >nul 2>&1"},
		"of a CP932 file": {"rem 予備\r\n@ping -n 10 " + one + " >> C:\\記録.txt\r\n",
			"2: @ping -n 10 " + one + " >> C:\\記録.txt => @ping -n 5 " + one + " >> C:\\記録.txt"},
	} {
		data, err := text.Encode(c.bat, text.CP932)
		require.NoError(t, err)
		has, _ := batch.Parse("a.bat", data)
		require.Len(t, has.Commands, 1, name)
		p := *has.Commands[0].Ping
		p.Count = 5
		made, edits, told := Batch("a.bat", data, has, []batch.Command{{Ping: &p}})
		require.True(t, told, name)
		require.Equal(t, c.want, spelled(edits), name)
		said, ok := text.DecodeCP932(made)
		require.True(t, ok, name)
		require.Contains(t, said, edits[0].New, name)
	}

	data := []byte("@ping -n 10 " + one + " >nul\r\nping " + two + "  2>nul\r\n")
	has, _ := batch.Parse("a.bat", data)
	a, b := has.Commands[0], has.Commands[1]
	_, edits, told := Batch("a.bat", data, has, []batch.Command{b, a})
	require.True(t, told)
	require.Equal(t, "1: @ping -n 10 "+one+" >nul => ping "+two+"  2>nul; 2: ping "+two+"  2>nul => @ping -n 10 "+one+" >nul", spelled(edits), "lines that change places")
	_, edits, told = Batch("a.bat", data, has, []batch.Command{a})
	require.True(t, told)
	require.Equal(t, "2: ping "+two+"  2>nul => ", spelled(edits), "one that goes")
}

// Another ping takes the place of one in a line, and no more.
func TestAPingInItsLine(t *testing.T) {
	has, _ := batch.Parse("a.bat", []byte("ping -n 5 192.168.10.151 -S 192.168.10.203 | find \"TTL\"\r\n"))
	const ping = "ping -n 5 192.168.10.151 -S 192.168.10.203"
	for line, want := range map[string]string{
		"ping 1.2.3.4":                                ping,
		"@ping 1.2.3.4>nul":                           "@" + ping + ">nul",
		"ping -n 3 1.2.3.4 2>nul":                     ping + " 2>nul",
		`start "" /b ping.exe 1.2.3.4 -w 500 > x.txt`: `start "" /b ` + ping + " > x.txt",
		`ping 1.2.3.4 | find "TTL" >nul`:              ping + ` | find "TTL" >nul`,
		"if not exist x (ping 1.2.3.4)":               "if not exist x (" + ping + ")",
	} {
		require.Equal(t, want, repinged(line, *has.Commands[0].Ping))
	}
}
