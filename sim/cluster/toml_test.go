package cluster

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"ipwsim/core/diag"
)

func TestLinesOfKeys(t *testing.T) {
	lines := keyLines([]byte(`top = 1
[a.b]
"quoted key" = 2
c.d = 3
[[list]]
x = 1

[[list]]
x = 2 # second
[list.sub]
y = [
  { z = 1 },
  { z = 2 },
]
`))
	require.Equal(t, map[string]int{
		"top": 1, "a": 2, "a.b": 2, "a.b.quoted key": 3, "a.b.c": 4, "a.b.c.d": 4,
		"list": 5, "list[0]": 5, "list[0].x": 6, "list[1]": 8, "list[1].x": 9,
		"list[1].sub": 10, "list[1].sub.y": 11, "list[1].sub.y[0].z": 12, "list[1].sub.y[1].z": 13,
	}, lines)
	d := document{lines: lines}
	require.Equal(t, 8, d.line("list[1].missing"), "a missing key is missed at its table")
	require.Equal(t, 5, d.line("list[7]"))
	require.Equal(t, 0, d.line("nowhere.at.all"))
}

// Notepad puts a BOM in front of UTF-8 and ends lines with CRLF.
func TestTOMLFromNotepad(t *testing.T) {
	var problems diag.List
	doc, ok := parseTOML("cluster.toml", []byte("\ufeffname = \"x\"\r\n\r\n[node.active]\r\nname = 1\r\n"), &problems)
	require.True(t, ok)
	require.Empty(t, problems)
	require.Equal(t, "x", doc.root["name"])
	require.Equal(t, 4, doc.line("node.active.name"))
}

func TestTOMLInCP932IsRefusedAtItsLine(t *testing.T) {
	var problems diag.List
	_, ok := parseTOML("cluster.toml", []byte("name = \"x\"\ninterface = \"\x83C\x81[\x83T\"\n"), &problems)
	require.False(t, ok)
	require.Equal(t, "cluster.toml:2: error: the text is not UTF-8; expected the file saved as UTF-8", problems.Error())
}

// What such a line asks for is not counted a second time, as missing; what no line asks for is.
func TestOpenLinesAreCountedOnce(t *testing.T) {
	m := shipped(t, "guide")
	toml := strings.Replace(string(m["cluster.toml"].Data), "address = \"192.168.10.201/24\"\n", "# TODO: standby: address = ? its own\n", 1)
	m["cluster.toml"] = &fstest.MapFile{Data: []byte(toml + "\n# TODO: B has no ipwatch.dat: copy it into standby/\n")}
	delete(m, "standby/ipwatch.dat")
	_, problems := Load(m, ".")
	require.Equal(t, 2, problems.Count(diag.Error), problems.Error())
	require.Contains(t, problems.Error(), "not answered yet: \"standby: address")
	require.Contains(t, problems.Error(), "not answered yet: \"B has no ipwatch.dat")

	delete(m, "active/ipwatch.dat")
	m["cluster.toml"].Data = []byte(strings.Replace(string(m["cluster.toml"].Data), "interface = \"イーサネット\"\n", "", 1))
	_, problems = Load(m, ".")
	require.Equal(t, 4, problems.Count(diag.Error), problems.Error())
}

// A line that was left to be answered stops the cluster: what it asks for would be guessed.
func TestOpenLinesAreErrors(t *testing.T) {
	m := shipped(t, "guide")
	data := append([]byte("# a note: TODO: later\n  # TODO: the mask?\n"), m["cluster.toml"].Data...)
	m["cluster.toml"] = &fstest.MapFile{Data: data}
	_, problems := Load(m, ".")
	require.EqualError(t, problems.Err(), `cluster.toml:2: error: not answered yet: "the mask?"; expected the answer, and the line with TODO gone`)
}
