package words_test

import (
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/reports/words"
	"ipwsim/sim/audited"
	"ipwsim/sim/finding"
)

// A story in which ping is always answered tells of the mail that was not accepted, the longest; one that has neither tells
// nothing.
func TestAStoryOfMailAlone(t *testing.T) {
	server := finding.MailRoute{Client: "pc", Server: netip.MustParseAddrPort("192.168.10.202:25")}
	f := &finding.Facts{
		Mail:   &finding.Mail{Downs: []finding.MailDown{{MailRoute: server, From: 0, To: time.Second}, {MailRoute: server, From: 60 * time.Second, To: 360 * time.Second, Fault: 1}}},
		Faults: []finding.Fault{{}},
	}
	s := &audited.Story{Run: &finding.Run{Facts: f}}
	all := words.English.AuditSilences(s, 3)
	require.Len(t, all, 1)
	require.Contains(t, all[0], "pc -> 192.168.10.202:25: 5 min in which no mail was accepted (")
	require.Contains(t, words.Japanese.AuditSilences(s, 3)[0], "メールが受け付けられない")

	s.Outages = []audited.Outage{{Outage: &finding.Outage{Client: "pc", To: time.Minute}}}
	require.Contains(t, words.English.AuditSilences(s, 3)[0], "without an answer", "who waits for ping is told of first")
	f.Mail.Downs, s.Outages = nil, nil
	require.Empty(t, words.English.AuditSilences(s, 3))
	f.Mail = nil
	require.Empty(t, words.English.AuditSilences(s, 3))
}

// How much is assumed is told at the top: the sum of what the end lists. With nothing assumed there is no word of it.
func TestAssumptionsAreCountedAtTheTop(t *testing.T) {
	a := &audited.Audit{}
	require.Empty(t, words.English.AuditAssumed(a))
	a.Plan.Unknown, a.Plan.Assumed, a.Plan.Boots = []string{"node.active.tasks", "router1.profile"}, []string{"pc3"}, make([]audited.Boot, 2)
	require.Equal(t, `5 assumptions decide who is healed and heard here, for no file tells (keys of cluster.toml: 2, kinds of clients: 1, times that Windows takes to boot: 2): see "How this was counted" at the end`, words.English.AuditAssumed(a))
	require.Contains(t, words.Japanese.AuditAssumed(a), "仮定 5 件")
}
