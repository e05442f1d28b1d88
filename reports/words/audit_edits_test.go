package words_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/reports/words"
	"ipwsim/sim/audited"
)

// follow makes the edits of a file as they are told, one after another, by the number that each says.
func follow(lines []string, all []words.AuditPlaced) []string {
	for _, one := range all {
		at := len(lines)
		if _, number, is := strings.Cut(one.Place, ":"); is {
			at = int(number[0] - '1')
		}
		switch last := one.Steps[len(one.Steps)-1]; one.Steps[0].Text {
		case words.English.Say("audit.edit-drop"):
			lines = slices.Delete(lines, at, at+1)
		case words.English.Say("audit.edit-change"):
			lines = slices.Replace(lines, at, at+1, last.Lines...)
		default:
			lines = slices.Insert(lines, at, last.Lines...)
		}
	}
	return lines
}

// Who makes edits one after another, as they are told, comes to the file that is meant: those further down come first, and
// what is added at one place is told at once and in its order.
func TestEditsAreToldInTheOrderInWhichTheyAreMade(t *testing.T) {
	edits := []audited.Edit{
		{File: "a.bat", Line: 2, New: "arp -d"}, {File: "a.bat", Line: 2, New: "ping 1"},
		{File: "a.bat", Line: 4, Old: "four", New: "FOUR"}, {File: "a.bat", Line: 5, Old: "five"}, {File: "a.bat", Line: 5, New: "before five"},
		{File: "b.bat", New: "alone"},
		{File: "a.bat", New: "end 1"}, {File: "a.bat", New: "end 2"},
	}
	first, all := words.English.AuditEdits(edits)
	require.Contains(t, first, "from the bottom up")
	var places []string
	n := 0
	for _, one := range all {
		places, n = append(places, one.Place), n+one.Edits
	}
	require.Equal(t, []string{"a.bat", "a.bat:5", "a.bat:5", "a.bat:4", "a.bat:2", "b.bat"}, places)
	require.Equal(t, len(edits), n)
	made := follow([]string{"one", "two", "three", "four", "five", "six"}, all[:5])
	require.Equal(t, []string{"one", "arp -d", "ping 1", "two", "three", "FOUR", "before five", "six", "end 1", "end 2"}, made)

	first, all = words.English.AuditEdits(edits[5:6])
	require.Empty(t, first, "one place has no order")
	require.Equal(t, []words.AuditPlaced{{Place: "b.bat", Edits: 1, Steps: []words.AuditStep{{Text: "add at the end:", Lines: []string{"alone"}}}}}, all)
}

// A key that an export lacks gets a line of its own, as the file has it.
func TestAnAddedKeyHasItsLine(t *testing.T) {
	const key, value = `[HKEY_LOCAL_MACHINE\SOFTWARE\A]`, `"B"="[c] d"`
	_, all := words.Japanese.AuditEdits([]audited.Edit{{File: "active/a.REG", New: key + " " + value}, {File: "active/a.dat", New: key + " " + value}})
	require.Equal(t, []string{key, value}, all[0].Steps[0].Lines)
	require.Equal(t, []string{key + " " + value}, all[1].Steps[0].Lines)
}
