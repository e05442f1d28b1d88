package facts

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
	"ipwsim/sim/trace/story"
)

// H8: where a firewall or a rule keeps out echo requests alone, mail goes on; what may keep out connections too is a
// silence of mail, and so is what leads the client elsewhere.
func TestH8_PingAloneIsKeptOut(t *testing.T) {
	drops := func(rules ...trace.Rule) *story.Story {
		s := story.Guide().At(10)
		for _, r := range rules {
			r.Verdict = trace.Drop
			s = s.Drops(r)
		}
		return s
	}
	icmp := trace.Rule{Protocol: "icmp"}
	all := []finding.Span{span(10, 100)}
	for name, c := range map[string]struct {
		told *story.Story
		want []finding.Span
	}{
		"a firewall closed for echo":            {story.Guide().At(10).Blocks("active", trace.EchoRule), all},
		"one closed for all":                    {story.Guide().At(10).Blocks("active", trace.Inbound), nil},
		"a rule for ICMP":                       {drops(icmp), all},
		"one for echo requests":                 {drops(trace.Rule{Protocol: "icmp", Form: "echo"}), all},
		"one for IP":                            {drops(trace.Rule{Protocol: "ip"}), nil},
		"one for all":                           {drops(trace.Rule{}), nil},
		"one more for TCP":                      {drops(icmp, trace.Rule{Protocol: "tcp"}), nil},
		"one more for some of TCP":              {drops(icmp, trace.Rule{Protocol: "tcp", Some: true}), nil},
		"one more for a port":                   {drops(icmp, trace.Rule{Protocol: "tcp", Port: 25}), nil},
		"one more for the pipe's port":          {drops(icmp, trace.Rule{Protocol: "tcp", Port: 445}), all},
		"one more for TCP to somebody else":     {drops(icmp, trace.Rule{Protocol: "tcp", To: "standby"}), all},
		"one more for UDP":                      {drops(icmp, trace.Rule{Protocol: "udp"}), all},
		"the cable is pulled a moment after it": {story.Guide().At(10).Blocks("active", trace.EchoRule).At(30).Unplug("active"), []finding.Span{span(10, 30)}},
		"an ARP entry leads elsewhere, too":     {story.Guide().At(10).Blocks("active", trace.EchoRule).At(40).Cache("pc", "standby"), []finding.Span{span(10, 40)}},
		"nothing is closed":                     {story.Guide().At(10).Unplug("active"), nil},
	} {
		o := only(c.told.End(100))
		require.Equal(t, c.want, o.Pings, name)
		require.Equal(t, seconds(90), o.Length(), name)
		sum := seconds(0)
		for _, p := range o.Parts {
			sum += p.Pings
		}
		require.Equal(t, o.PingOnly(), sum, name)
		require.Equal(t, o.Length()-sum, o.Mailless(), name)
	}
}

// A holder's firewall that lets no mail in keeps mail out for as long as it keeps ping out, and has no silence of ping alone.
func TestClosedMailPortsAreNoPingAlone(t *testing.T) {
	blocked := func(rules ...trace.FirewallRule) time.Duration {
		s := story.Guide().At(20)
		for _, rule := range rules {
			s.Blocks("active", rule)
		}
		return Read(s.End(100)).Uses[0].Outages[0].PingOnly()
	}
	require.Equal(t, 80*time.Second, blocked(trace.EchoRule))
	require.Zero(t, blocked(trace.EchoRule, trace.MailRule))
}
