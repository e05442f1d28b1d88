package mail_test

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/scenarios/check"
	"ipwsim/scenarios/facts"
	"ipwsim/sim/mail"
	"ipwsim/sim/trace"
)

// p5 is what the mail check finds in the lab's trace and on its share.
func p5(r *rig) (faults []string) {
	tr := *r.lab.Trace
	tr.End = time.Hour
	tr.Header.Nodes = []trace.Node{
		{Role: "active", Address: netip.MustParsePrefix("10.0.0.1/24"), LogicalIP: vip}, {Role: "standby", Address: netip.MustParsePrefix("10.0.0.2/24"), LogicalIP: vip},
	}
	tr.Header.VIPs = []trace.VIP{{Address: vip}}
	stock := r.stock()
	for _, s := range stock {
		tr.Add(tr.End, "share", s)
	}
	tr.Add(tr.End, "share", trace.MailAudit{Messages: len(stock)})
	one, _ := check.ByID("P5")
	for _, f := range one.Run(facts.Read(&tr)).Findings {
		faults = append(faults, string(f.Kind))
	}
	return faults
}

// A share that acknowledges before it has flushed loses what was accepted when it loses its power: P5
// finds it. An honest one loses nothing.
func TestTwinOfTheShareIsCaughtByP5(t *testing.T) {
	for lying, want := range map[bool]string{false: "", true: "p5.lost"} {
		r := newRig(t)
		r.disk.SetLyingSync(lying)
		mail.NewEPSTRS(r.active, r.seen(r.active), r.node, "active").Start()
		mail.Sender{Name: "s", Computer: "client", Server: atVIP, From: "sender@test.jp", To: []string{"user1@test.jp"}, Count: 1}.Start(r.client)
		r.lab.Run(10 * time.Second)
		require.Len(t, recorded[trace.MailAccept](r.lab.Trace), 1)
		r.disk.Crash()
		require.Contains(t, strings.Join(p5(r), "\n"), want, "lying: %v", lying)
		require.Equal(t, lying, len(p5(r)) > 0)
	}
}
