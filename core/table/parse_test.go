package table_test

import (
	"bytes"
	"net/netip"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/core"
	"ipwsim/core/golden"
	"ipwsim/core/table"
)

func entry(peer, vip, name string) core.Entry {
	return core.Entry{Peer: peer, VIP: netip.MustParseAddr(vip), Interface: name}
}

func row(line int, e core.Entry) table.Row { return table.Row{Entry: e, Line: line} }

func TestW1EntriesAreTheSameInEveryEncoding(t *testing.T) {
	want := []core.Entry{
		entry(`\\hvt162EPST12`, "192.168.10.202", "イーサネット"),
		entry(`\\192.168.0.11`, "192.168.10.203", "ローカル エリア接続 2"),
	}
	for file, enc := range map[string]table.Encoding{
		"cp932-crlf.dat":       table.CP932,
		"cp932-lf.dat":         table.CP932,
		"utf8-lf.dat":          table.UTF8,
		"utf8-bom-crlf.dat":    table.UTF8BOM,
		"no-final-newline.dat": table.CP932,
	} {
		t.Run(file, func(t *testing.T) {
			got, problems := table.Parse(file, golden.Read(t, filepath.Join("testdata", "good", file)))
			require.Empty(t, problems)
			require.Equal(t, want, got.Entries())
			require.Equal(t, enc, got.Encoding())
			require.Equal(t, !strings.Contains(file, "-lf"), got.CRLF())
		})
	}
}

func TestW1EntryForms(t *testing.T) {
	for rule, tt := range map[string]struct {
		file string
		want []table.Row
	}{
		"blank lines are fine and count": {"blank-lines.dat", []table.Row{
			row(2, entry(`\\hvt162EPST12`, "192.168.10.202", "イーサネット")), row(5, entry(`\\epst2`, "10.0.0.9", "Ethernet 2"))}},
		"the order of -c and -i does not matter": {"vip-before-peer.dat", []table.Row{
			row(1, entry(`\\epst1`, "192.168.10.202", "Local Area Connection* 1"))}},
		"a second byte 0x5c is not a backslash": {"cp932-5c-trail.dat", []table.Row{
			row(1, entry(`\\ソ連表`, "192.168.10.202", "表示ソ 能"))}},
		"both codes of a character are read": {"cp932-two-codes.dat", []table.Row{
			row(1, entry(`\\epst1`, "192.168.10.202", "接続 髙")), row(2, entry(`\\epst1`, "192.168.10.203", "接続 髙"))}},
	} {
		t.Run(rule, func(t *testing.T) {
			got, problems := table.Parse(tt.file, golden.Read(t, filepath.Join("testdata", "good", tt.file)))
			require.Empty(t, problems)
			require.Equal(t, tt.want, got.Rows())
		})
	}
}

func TestAFileOverOneMebibyteIsAnError(t *testing.T) {
	_, problems := table.Parse("big.dat", bytes.Repeat([]byte("\n"), 1<<20+1))
	require.EqualError(t, problems.Err(),
		"big.dat: error: the file has 1048577 bytes; expected at most 1048576: one line for each virtual address")
}

func TestALongLineIsNotRepeatedInFull(t *testing.T) {
	_, problems := table.Parse("long.dat", bytes.Repeat([]byte("x"), 1<<20))
	require.Less(t, len(problems.Error()), 500)
}

func TestALineWithSeveralProblemsReportsThemAll(t *testing.T) {
	_, problems := table.Parse("x.dat", []byte("-c=epst1 -i=::1 -f=\n"))
	require.Len(t, problems, 3)
}
