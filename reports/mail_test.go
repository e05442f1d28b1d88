package reports

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func mailRun() Result {
	r := cablePull()
	r.Mail = &Mail{
		Accepted: 84, Again: 2, Delivered: 58, Relayed: 20, Bounced: 1, Queued: 3, Lost: 1, Doubled: 1,
		Median: 2390 * time.Millisecond, Longest: 34 * time.Second,
		Failures: []MailFailure{{Stage: "connect", Count: 2}, {Stage: "dot", Code: 451, Count: 4}},
		Broken:   5, Read: 50, Unread: 6,
	}
	return r
}

func mailText(t *testing.T, r Result, lang string) string {
	var b bytes.Buffer
	require.NoError(t, Text(&b, r, Options{Lang: lang}))
	return b.String()
}

func TestMailInTheText(t *testing.T) {
	require.Contains(t, mailText(t, mailRun(), "en"), strings.Join([]string{
		"  84 accepted (a message counts once a recipient), 2 of the messages sent again",
		"  after a lost 250",
		"  58 in mailboxes, 20 with other domains' servers, 1 bounced, 3 still queued",
		"  1 lost, 1 there more than once",
		"  delivered 2.39 s after acceptance in the median, 34 s at most",
		"  50 read; 5 sessions broken, 6 looks for new mail failed",
		"  tries to send that failed: 2 x connect, 4 x dot (451)",
	}, "\n"))
	require.Contains(t, mailText(t, mailRun(), "ja"), "  消失 1 通、重複 1 通\n")
	require.NotContains(t, mailText(t, cablePull(), "en"), "== Mail", "a run without mail says nothing of it")
}

func TestMailInTheJSON(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, JSON(&b, []Result{mailRun(), cablePull()}))
	var d struct {
		Results []struct{ Mail map[string]any }
	}
	require.NoError(t, json.Unmarshal(b.Bytes(), &d))
	require.Equal(t, 84.0, d.Results[0].Mail["accepted"])
	require.Equal(t, 2.39, d.Results[0].Mail["median"])
	require.Equal(t, map[string]any{"stage": "dot", "code": 451.0, "count": 4.0}, d.Results[0].Mail["failures"].([]any)[1])
	require.Nil(t, d.Results[1].Mail)
}
