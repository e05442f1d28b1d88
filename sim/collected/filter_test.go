package collected_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/collected"
)

func of100(query, host string) collected.Match {
	return collected.Trigger{Kind: "EventTrigger", Selects: []collected.Select{{Log: "Application", Query: query}}}.Log100(host)
}

// The watcher's event 100 passes a filter, or not, as Windows reads it, however Event Viewer writes it.
func TestFilters(t *testing.T) {
	const source = "Provider[@Name='IPWCS']"
	for _, condition := range []string{
		source + " and EventID=100", source, source + " and (EventID &gt;= 100 and EventID &lt;= 103)", source + " and ( (EventID >= 100 and EventID <= 103) )",
		source + " and (EventID=7 or (EventID >= 100 and EventID <= 103) or EventID=200)", "(EventID=100)", "Provider[@Name='x' or @Name='IPWCS'] and EventID!=101",
		"EventID='100'", source + " and (Level=4 or Level=0) and (EventID=100)", source + " and not(EventID=101)", source + " and Computer='PC1'", source + " and Computer='pc1.example.com'",
		source + " and EventID=100 and TimeCreated[timediff(@SystemTime) &lt;= 3600000]", `Channel="Application" and EventID=100`,
	} {
		m := of100("*[System["+condition+"]]", "PC1")
		require.True(t, m.Is, condition)
		require.Equal(t, "Application", m.Log)
		require.Empty(t, m.Unknown, condition)
	}
	for _, condition := range []string{
		source + " and EventID=101", source + " and (EventID >= 101 and EventID <= 103)", source + " and EventID!=100", "Provider[@Name='x'] and EventID=100", "EventID=1000",
		source + " and not(EventID=100)", "Level=4", source + " and EventID > 100", source + " and Channel='System'", source + " and (EventID=100",
	} {
		m := of100("*[System["+condition+"]]", "PC1")
		require.Equal(t, strings.HasSuffix(condition, "(EventID=100"), m.Is, condition) // what cannot be read is taken by its words
		require.Empty(t, m.Computer)
	}
	for condition, unknown := range map[string]string{
		source + " and EventID[@Qualifiers='16384']=100": "Qualifiers", source + " and (Level=1 or Level=2) and EventID=100": "Level", "Level=2 and EventID=100": "Level",
		source + " and band(Keywords,36028797018963968)": "Keywords", source + " and Execution[@ProcessID=4] and Task=1": "ProcessID, Task",
	} {
		m := of100("*[System["+condition+"]]", "PC1")
		require.True(t, m.Is, condition)
		require.Equal(t, unknown, strings.Join(m.Unknown, ", "), condition)
	}
}

// The name of another computer keeps a trigger from firing; where this one's is not known it may be right.
func TestFiltersOfAnotherComputer(t *testing.T) {
	const query = "*[System[Provider[@Name='IPWCS'] and EventID=100 and Computer='PC2']]"
	require.Equal(t, collected.Match{Computer: "PC2", Query: query}, of100(query, "PC1"))
	require.Equal(t, collected.Match{Is: true, Log: "Application", Query: query}, of100(query, "PC2"))
	require.Equal(t, collected.Match{Is: true, Log: "Application", Query: query, Unknown: []string{"Computer"}}, of100(query, ""))
	require.Equal(t, collected.Match{}, of100(strings.Replace(query, "100", "101", 1), "PC1"))
}

// Parentheses without end, or too deep, are no harm.
func TestFiltersThatAreNone(t *testing.T) {
	for _, query := range []string{strings.Repeat("EventID(", 100_000), strings.Repeat("(", 100_000) + "EventID", "EventID[", "EventID/", "EventID=", "*[System[EventID"} {
		require.False(t, of100(query, "PC1").Is)
	}
}

// The end of a trigger is compared with the machine's clock; one of another zone's by the day.
func TestEnded(t *testing.T) {
	at := time.Date(2024, 4, 2, 0, 0, 0, 0, time.UTC)
	for end, ended := range map[string]bool{
		"2024-04-01T23:59:59": true, "2024-04-02T00:00:00": false, "2024-03-31T23:00:00Z": true, "2024-04-01T01:00:00Z": false, "2024-03-01T00:00:00.5+09:00": true, "": false, "never": false,
	} {
		require.Equal(t, ended, collected.Trigger{End: end}.Ended(at), end)
	}
}

// Where the day and the month may be either, Windows started no earlier than by the earlier reading.
func TestBooted(t *testing.T) {
	for shown, want := range map[string]string{
		"2025/05/18, 3:15:44": "2025-05-18 03:15:44", "12/1/2020, 1:00:00 PM": "2020-01-12 13:00:00", "31.12.2020, 01:02:03": "2020-12-31 01:02:03", "5/18/2025, 03:15:44": "2025-05-18 03:15:44",
	} {
		at, known := collected.System{Boot: collected.Value{Text: shown}}.Booted()
		require.True(t, known, shown)
		require.Equal(t, want, at.Format(time.DateTime))
	}
	_, known := collected.System{}.Booted()
	require.False(t, known)
}
