package collected_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/collected"
)

// A terminal server has a thousand rules and more, and many tasks: files over a megabyte are read to their last part.
func TestLargeExportsAreRead(t *testing.T) {
	firewall := private + strings.Repeat(strings.TrimSuffix(portRule("Yes", "Allow", "Any", "UDP", "53"), "\n")+"\nProgram: "+strings.Repeat("x", 2000)+"\n", 600) +
		rule("Yes", "Block", "Private", "8") + "\nOk.\n"
	tasks := "<Tasks>" + strings.Repeat("<Task>\n<!-- "+strings.Repeat("x", 2000)+" -->\n</Task>\n", 600) + task[strings.Index(task, "<Task"):] + "</Tasks>\n"
	require.Greater(t, min(len(firewall), len(tasks)), 1<<20)
	s, problems := collected.Read(fstest.MapFS{"s/fw.txt": {Data: []byte(firewall)}, "s/t.xml": {Data: []byte(tasks)}}, "s")
	require.NoError(t, problems.Err())
	require.Empty(t, s.Unread)
	require.Len(t, s.Firewall.Rules, 601)
	blocked, by, known := s.Firewall.Blocked(collected.Inbound{})
	require.True(t, blocked && known)
	require.Equal(t, 1+strings.Count(firewall[:strings.LastIndex(firewall, "Rule Name")], "\n"), by.Line)
	require.Len(t, s.Tasks, 601)
	require.Equal(t, 1+strings.Count(tasks[:strings.LastIndex(tasks, "<Task")], "\n"), s.Tasks[600].Line)
}

// Of a file that is empty, too large or of another command it is told why nothing is known; a file for people is no matter.
func TestWhatIsLostIsTold(t *testing.T) {
	for file, c := range map[string]struct{ data, told, why string }{
		"firewall.txt": {"\r\n", "s/firewall.txt: warning: the file is empty", "s/firewall.txt is empty"},
		"Tasks.xml":    {"", "s/Tasks.xml: warning: the file is empty", "s/Tasks.xml is empty"},
		"TASKS.XML":    {"<Tasks>\n<Task><Triggers></Task>\n", "s/TASKS.XML:2: warning: not valid XML", "nothing is taken from s/TASKS.XML"},
		"tasks.xml":    {strings.Repeat(" ", collected.MaxBytes+1), "s/tasks.xml: warning: the file has 16777217 bytes; expected at most 16777216", "s/tasks.xml has 16777217 bytes, and at most 16777216 are read"},
		"FIREWALL.TXT": {strings.Repeat("\n", 1_000_001), "s/FIREWALL.TXT:1000001: warning: found 1000001 lines", "of s/FIREWALL.TXT nothing is read"},
	} {
		s, problems := collected.Read(fstest.MapFS{"s/" + file: {Data: []byte(c.data)}}, "s")
		require.NoError(t, problems.Err())
		require.Contains(t, problems.Error(), c.told)
		kind := collected.OfFirewall
		if strings.EqualFold(file, "tasks.xml") {
			kind = collected.OfTasks
		}
		why := s.Lost[kind]
		require.Equal(t, c.why, why.Error())
	}
	s, _ := collected.Read(fstest.MapFS{"s/a.txt": {Data: []byte(private + rule("Yes", "Allow", "Private", "8") + "\nOk.\n")}, "s/firewall.txt": {}}, "s")
	_, _, known := s.Firewall.Blocked(collected.Inbound{Port: 25})
	require.False(t, known, "the other file may have a rule for it")
	s, problems := collected.Read(fstest.MapFS{"s/share-dir.txt": {Data: []byte(" Volume\n")}, "s/netsh-ip-config.txt": {Data: []byte("Configuration\n")}}, "s")
	require.Empty(t, problems)
	require.Empty(t, s.Unread)
	_, problems = collected.Read(fstest.MapFS{"s/smtpip.dat": {Data: make([]byte, 1<<20+1)}}, "s")
	require.ErrorContains(t, problems.Err(), "s/smtpip.dat: error: the file has 1048577 bytes; expected at most 1048576: a file of one server")
}
