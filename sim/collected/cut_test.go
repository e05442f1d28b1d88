package collected_test

import (
	"bytes"
	"os"
	"path"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/collected"
)

// Wherever an output is cut off, within a line or behind one, it is told, or nothing is missed: the same is read as
// from all of it. Some ends cannot be seen: those between parts that are whole.
func TestWhatIsCutOffIsTold(t *testing.T) {
	const servers = "../../scenarios/setup/testdata"
	for _, folder := range []string{"harbor/HBMAIL2", "works/wk-b"} {
		entries, err := os.ReadDir(path.Join(servers, folder))
		require.NoError(t, err)
		for _, e := range entries {
			if ext := path.Ext(e.Name()); ext != ".txt" && ext != ".xml" && ext != ".reg" || e.Name() == "notes.txt" {
				continue
			}
			data, err := os.ReadFile(path.Join(servers, folder, e.Name()))
			require.NoError(t, err)
			whole, told := readOne(e.Name(), data)
			require.False(t, told, "%s: all of it", e.Name())
			for _, n := range cuts(data) {
				read, told := readOne(e.Name(), data[:n])
				if !told && !reflect.DeepEqual(whole, read) {
					require.True(t, betweenParts(e.Name(), data[:n], read), "%s/%s, cut at byte %d: %q", folder, e.Name(), n, data[max(0, n-60):n])
				}
			}
		}
	}
}

// A rule of the firewall without its end is an error, at its line. Where there may be more rules it is not known what no
// rule lets in; what one lets in, or forbids, is.
func TestAFirewallThatIsCutOff(t *testing.T) {
	begun, let := rule("Yes", "Allow", "Private", "8"), rule("Yes", "Allow", "Private", "8")
	begun, _, _ = strings.Cut(begun, "Action")
	_, problems := collected.ParseFirewall("f", []byte(private+begun))
	require.ErrorContains(t, problems.Err(), `f:5: error: the rule "R" has no Action, so the file is cut off`)

	for text, want := range map[string]struct{ blocked, known bool }{
		private + portRule("Yes", "Allow", "Any", "TCP", "25"): {},
		private + rule("No", "Allow", "Private", "8"):          {},
		private + let: {false, true},
		private + rule("Yes", "Block", "Private", "8"):                     {true, true},
		private + portRule("Yes", "Allow", "Any", "TCP", "25") + "\nOk.\n": {true, true},
	} {
		f, problems := collected.ParseFirewall("f", []byte(text))
		require.NoError(t, problems.Err())
		require.Equal(t, strings.Contains(text, "Ok."), len(problems) == 0)
		blocked, _, known := f.Blocked(collected.Inbound{})
		require.Equal(t, want, struct{ blocked, known bool }{blocked, known}, text)
	}
}

// betweenParts says whether a file ends where nothing can tell that there was more.
func betweenParts(name string, data []byte, read *collected.Server) bool {
	switch {
	case name == "arp.txt": // a neighbour more
		return bytes.HasSuffix(data, []byte("\n"))
	case path.Ext(name) == ".reg": // a key more: each ends in a blank line
		return bytes.HasSuffix(data, []byte("\r\x00\n\x00\r\x00\n\x00")) && len(read.Exports[0].Keys) > 0
	case name == "firewall.txt": // the other command's output
		return read.Firewall.Rules == nil
	case name == "ipconfig.txt": // the adapter with the address, without which no cluster is made
		return read.IPConfig.Adapters[len(read.IPConfig.Adapters)-1].Addresses == nil
	}
	return false
}

// cuts are the ends of lines and the middles of them.
func cuts(data []byte) (all []int) {
	last := 0
	for i := range data {
		if data[i] == '\n' {
			end := i + 1
			if bytes.HasPrefix(data, []byte{0xff, 0xfe}) {
				end++
			}
			all = append(all, last+(end-last)/2&^1, end)
			last = end
		}
	}
	return all
}

// readOne reads a server that has one file, which is told to be wrong, or of no use, or is not.
func readOne(name string, data []byte) (s *collected.Server, told bool) {
	s, problems := collected.Read(fstest.MapFS{"s/" + name: {Data: data}}, "s")
	told = len(problems) > 0 || len(s.Unread) > 0
	s.RawExport = nil
	return s, told
}
