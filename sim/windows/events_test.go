package windows

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/batch"
	"ipwsim/sim/trace"
)

// events are those of source Tcpip that the machine has written since the last look.
func (l *lab) events(machine string) (all []trace.Event) {
	for _, r := range l.env.Trace.Records[l.seen:] {
		if e, is := r.Body.(trace.Event); is && r.Host == machine && e.Source == trace.Tcpip {
			e.Text = ""
			all = append(all, e)
		}
	}
	return all
}

// H15: both machines write of a conflict, each with the other's MAC; Task Scheduler hears it as any event.
func TestH15_EventsOfAConflict(t *testing.T) {
	onClaim := Task{Name: "told", Triggers: []Trigger{{Source: trace.Tcpip, ID: trace.AddressClaimed}}, Batch: batch.Batch{Commands: []batch.Command{{}}}}
	l := settled(t, func(c *NodeConfig) { c.Tasks = []Task{onClaim} })
	l.standby.host.NIC().Add(netip.PrefixFrom(vip, 24))
	l.run(5 * s)
	require.Equal(t, []trace.Event{{Source: "Tcpip", ID: 4199, IP: vip, MAC: trace.MAC{2, 0, 0, 0, 0, 201}}}, l.events("active"))
	require.Equal(t, []trace.Event{{Source: "Tcpip", ID: 4198, IP: vip, MAC: trace.MAC{2, 0, 0, 0, 0, 200}}}, l.events("standby"))
	require.Equal(t, []string{"task", "task"}, l.story("active", "task"), "started and finished")
	require.Empty(t, l.story("standby", "task"))
}

// H15: a link that is lost is written down; one that goes with the machine's power is not.
func TestH15_EventOfALostLink(t *testing.T) {
	l := settled(t)
	l.cables["active"].SetPlugged(false)
	l.standby.PowerOff()
	l.run(s)
	require.Equal(t, []trace.Event{{Source: "Tcpip", ID: 4202}}, l.events("active"))
	require.Empty(t, l.events("standby"))
}
