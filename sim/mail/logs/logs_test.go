package logs_test

import (
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/mail/logs"
	"ipwsim/sim/trace"
)

// M5: each log lies in the folder of its kind, below the computer's name, a file a day.
func TestM5_LogsByKindAndComputer(t *testing.T) {
	at := netip.MustParseAddrPort("192.168.10.202:25")
	tr := &trace.Trace{Header: trace.Header{Epoch: time.Date(2025, 2, 7, 23, 59, 0, 0, time.UTC)}}
	for i, b := range []trace.Body{
		trace.MailAccept{ID: "1-a", From: "a@example.com", To: []string{"b@example.com", "c@example.net"}, MessageID: "1.a", Size: 9},
		trace.MailDeliver{ID: "1-a", To: "b@example.com", Box: "inbox/b"},
		trace.MailRelay{ID: "1-a", To: "c@example.net", Server: at},
		trace.MailRetry{ID: "1-a", To: "c@example.net", Try: 1, Why: "timed out", Next: time.Minute},
		trace.MailBounce{ID: "1-a", To: "c@example.net", Why: "retry limit"},
		trace.MailSession{Service: "EPSTRS", Local: at, Remote: at, End: trace.QuitEnd, Took: 20 * time.Millisecond},
		trace.MailSession{Service: "EPSTPOP3S", Local: at, Remote: at, User: "b", End: trace.HiddenEnd},
		trace.MailSession{Service: "EPSTIMAP4S", Local: at, Remote: at, End: trace.QuitEnd},
	} {
		tr.Add(time.Duration(i)*15*time.Second, "active", b)
	}
	tr.Add(3*time.Minute, "standby", trace.MailAccept{ID: "2-s"})
	tr.Add(3*time.Minute, "active", trace.Log{Text: "no mail"})
	var names []string
	files := logs.Files(tr, "active", "hvt162EPST11")
	for _, f := range files {
		names = append(names, f.Name)
	}
	const by = "/hvt162EPST11/2025020"
	require.Equal(t, []string{
		"acceptlog" + by + "7.log", "faillog" + by + "7.log", "faillog" + by + "8.log", "imap4log" + by + "8.log", "inlog" + by + "8.log",
		"outlocallog" + by + "7.log", "outlog" + by + "7.log", "pop3log" + by + "8.log", "senderlog" + by + "7.log", "senderlog" + by + "8.log",
	}, names)
	require.Equal(t, "[07/Feb/2025:23:59:00] 1-a from=<a@example.com> to=<b@example.com>,<c@example.net> message-id=1.a size=9\r\n", string(files[0].Data))
	require.Equal(t, "[07/Feb/2025:23:59:15] 1-a to=<b@example.com> delivered to inbox\\b\r\n", string(files[5].Data))
	require.Equal(t, "[08/Feb/2025:00:00:30] 192.168.10.202:25 192.168.10.202:25 user=b hidden after 0s\r\n", string(files[7].Data))
}
