package windows

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/core"
	"ipwsim/core/table"
	"ipwsim/core/text"
)

func logging(c *NodeConfig) { c.Settings.LogEnabled = true }

// fileOf is a file of the product as text; "" where it does not exist.
func fileOf(t *testing.T, n *Node, name string) string {
	for _, f := range n.ProductFiles() {
		if f.Name == name {
			decoded, ok := text.DecodeCP932(f.Data)
			require.True(t, ok)
			return decoded
		}
	}
	return ""
}

// W10: with LogEnabled the log is kept in iplog, a file a day, stamped and with CRLF; what netsh
// printed is in none.
func TestW10_LogIsKeptByDay(t *testing.T) {
	l := newLab(t, logging)
	l.active.Start()
	l.run(time.Minute)
	today := fileOf(t, l.active, `iplog\20250207.log`)
	require.True(t, strings.HasPrefix(today, "[07/Feb/2025:16:19:30] E-POST IP Watcher (1.15) x64\r\n"), today)
	require.Contains(t, today, `netsh interface ip delete address "イーサネット" addr=192.168.10.202`+"\r\n[07/Feb/2025:16:19:30] end code is 0\r\n")
	require.Empty(t, fileOf(t, l.active, `iplog\20250208.log`))
	l.run(8 * time.Hour)
	l.active.StopService()
	l.run(s)
	require.Contains(t, fileOf(t, l.active, `iplog\20250208.log`), "Service Stoped.\r\n")
	require.NotContains(t, fileOf(t, l.active, `iplog\20250207.log`), "[08/", "a day that is over is not written to")
}

// W3: without LogEnabled there is no log, and -debug writes none either.
func TestW10_NoLogNoFile(t *testing.T) {
	l := newLab(t)
	l.active.Start()
	l.run(time.Minute)
	l.active.StopService()
	l.run(s)
	var lines []core.Log
	require.True(t, l.active.StartDebug(Debug{Line: func(line core.Log) { lines = append(lines, line) }, Ended: func() {}}))
	l.run(s)
	require.NotEmpty(t, lines)
	files := l.active.ProductFiles()
	require.Len(t, files, 1)
	require.Equal(t, TableFile, files[0].Name)
}

// W4: a table that is written takes effect when the watcher starts next, not before.
func TestW4_TableIsReadAtTheNextStart(t *testing.T) {
	l := settled(t)
	other := core.Entry{Peer: `\\standby`, VIP: vip.Next(), Interface: iface}
	written, problems := table.New(other)
	require.NoError(t, problems.Err())
	l.active.WriteTable(written)
	l.run(2 * time.Minute)
	require.Equal(t, coreHeld(l), []bool{true, false})
	l.active.StopService()
	l.run(2 * s)
	l.active.StartService()
	l.run(2 * time.Minute)
	require.Equal(t, coreHeld(l), []bool{false, true})
}

// coreHeld says which of the VIP and the address after it the master has.
func coreHeld(l *lab) []bool {
	return []bool{l.active.AddressState(vip) == "preferred", l.active.AddressState(vip.Next()) == "preferred"}
}

// A watcher on a console ends with Ctrl-C, and says so.
func TestW4_DebugEnds(t *testing.T) {
	l := settled(t)
	d := Debug{Line: func(core.Log) {}, Ended: func() { l.env.Trace.End = l.s.Now() }}
	require.False(t, l.active.StartDebug(d), "the service runs")
	l.active.StopService()
	l.run(2 * s)
	require.True(t, l.active.StartDebug(d))
	l.run(s)
	l.active.StopService()
	l.run(2 * s)
	require.NotZero(t, l.env.Trace.End)
	require.True(t, l.active.StartService())
}
