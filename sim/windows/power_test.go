package windows

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/core"
	"ipwsim/sim/trace"
)

// H6, W6: services, then the stack, then the link.
func TestH6_OrderlyShutdown(t *testing.T) {
	l := settled(t)
	require.True(t, l.active.Shutdown())
	require.False(t, l.active.Shutdown(), "H6: a machine that shuts down cannot be shut down")
	l.run(10 * s)
	require.Equal(t, []string{
		"power stopping",
		"service stop pending",
		"192.168.10.202 absent",
		"service stopped",
		"link down",
		"power off",
	}, l.story("active", "power", "service", "address", "link"), "H6: services stop, then the stack, then the link")
	require.Nil(t, l.active.Host())
	require.Equal(t, trace.Absent, l.active.AddressState(vip))
}

func TestH6_ShutdownWithoutService(t *testing.T) {
	l := settled(t)
	l.active.StopService()
	l.run(10 * s)
	l.skip()
	require.True(t, l.active.Shutdown())
	require.Equal(t, []string{"power stopping", "link down", "power off"},
		l.story("active", "power", "service", "link"), "H6: no service holds the shutdown up")
}

// A shutdown waits for the service even when somebody else is stopping it already.
func TestH6_ShutdownWaitsForAServiceThatStops(t *testing.T) {
	l := settled(t)
	require.True(t, l.active.StopService())
	require.True(t, l.active.Shutdown())
	l.run(10 * s)
	require.Equal(t, []string{
		"service stop pending",
		"power stopping",
		"192.168.10.202 absent",
		"service stopped",
		"link down",
		"power off",
	}, l.story("active", "power", "service", "address", "link"), "H6, W6: the VIP is released before the power goes")
}

func TestH6_PowerLossStopsAllAtOnce(t *testing.T) {
	l := settled(t)
	require.True(t, l.active.PowerOff())
	require.Equal(t, []string{"link down", "power off"},
		l.story("active", "power", "service", "address", "link", "watch"), "H6: power loss: no service stops, no address is released")
	l.silent(time.Hour)
}

// silent lets time pass in which a machine without power must leave no record.
func (l *lab) silent(d time.Duration) {
	l.t.Helper()
	l.skip()
	l.run(d)
	for _, r := range l.env.Trace.Records[l.seen:] {
		require.NotEqual(l.t, "active", r.Host, "H6: a machine without power does nothing, but at %v: %+v", r.At, r.Body)
	}
}

// A request over the pipe dies with the machine that made it, whatever the request waits for.
func TestH6_PowerLossWithAQuestionOut(t *testing.T) {
	for name, wait := range map[string]time.Duration{"just asked": 0, "connecting": s, "waiting to try again": 3500 * ms} {
		for _, frozen := range []bool{false, true} {
			t.Run(name, func(t *testing.T) {
				l := settled(t)
				l.standby.PowerOff()
				if frozen {
					l.active.Freeze()
				}
				l.active.service.Ask(`\\standby`, vip, core.Master, func(core.Answer) { t.Error("H6: a dead watcher hears an answer") })
				l.run(wait)
				l.active.PowerOff()
				l.silent(time.Minute)
				l.active.PowerOn()
				l.run(10 * time.Minute)
				require.Equal(t, trace.Preferred, l.active.AddressState(vip), "the machine works again after a boot")
			})
		}
	}
}

func TestH6_Boot(t *testing.T) {
	l := newLab(t)
	require.True(t, l.active.PowerOn())
	require.False(t, l.active.PowerOn(), "H6: power-on during the boot is refused")
	require.Equal(t, trace.Booting, l.active.Power())
	l.run(2*time.Minute - time.Nanosecond)
	require.Equal(t, []string{"power booting"}, l.story("active", "power", "link", "address", "service"), "H6: a boot takes 2 min here")
	l.skip()
	l.run(time.Nanosecond)
	require.Equal(t, []string{"192.168.10.200 tentative", "power on", "link up"},
		l.story("active", "power", "link", "address", "service"), "H6: after the boot the link comes up")
	require.False(t, l.active.PowerOn(), "H6: a machine that is on cannot be switched on")
	l.skip()
	l.run(3 * s)
	require.Equal(t, []string{"service start pending", "service running", "192.168.10.200 preferred"},
		l.story("active", "power", "link", "address", "service"), "H6: detection, then the services")
}

// A boot that was cut off does not shorten the next.
func TestH6_PowerLossDuringTheBoot(t *testing.T) {
	l := newLab(t)
	l.active.PowerOn()
	l.run(time.Minute)
	require.True(t, l.active.PowerOff())
	require.False(t, l.active.PowerOff())
	l.run(30 * s)
	l.skip()
	require.True(t, l.active.PowerOn())
	l.run(2*time.Minute - time.Nanosecond)
	require.Equal(t, []string{"power booting"}, l.story("active", "power"), "H6: every boot takes its whole time")
	l.run(time.Nanosecond)
	require.Equal(t, []string{"power booting", "power on"}, l.story("active", "power"))
	l.run(time.Hour)
	require.Equal(t, []string{"power booting", "power on"}, l.story("active", "power"), "H6: it boots once")
}

// reboot is the master losing its power for so long that the slave holds the VIP, until the end of its boot.
func reboot(t *testing.T, change ...func(*NodeConfig)) *lab {
	l := settled(t, change...)
	l.active.PowerOff()
	l.run(time.Minute)
	require.Equal(t, trace.Preferred, l.standby.AddressState(vip), "W12: the slave took over")
	l.active.PowerOn()
	l.run(2*time.Minute - time.Nanosecond)
	l.skip()
	l.run(time.Nanosecond)
	return l
}

// H6: an added address is persistent, and becomes Duplicate when the peer holds it at the boot. The
// service's first act is to delete it (W5).
func TestH6_KeptVIPIsDuplicateAtBoot(t *testing.T) {
	l := reboot(t)
	require.Equal(t, trace.Tentative, l.active.AddressState(vip), "H6: an address added by netsh outlives a reboot")
	l.run(4 * s)
	require.Equal(t, []string{
		"192.168.10.200 tentative", "192.168.10.202 tentative",
		"192.168.10.202 duplicate",
		"192.168.10.200 preferred",
		"192.168.10.202 absent",
	}, l.story("active", "address"), "H3: the peer defends the VIP; W5: the service deletes the copy")
	require.Equal(t, trace.Preferred, l.standby.AddressState(vip), "H3: the established owner keeps its address")
}

func TestH6_VIPIsGoneAfterABootWhereTheProfileSaysSo(t *testing.T) {
	l := reboot(t, func(c *NodeConfig) { c.KeepVIP = false })
	l.run(4 * s)
	require.Equal(t, []string{"192.168.10.200 tentative", "192.168.10.200 preferred"}, l.story("active", "address"),
		"H6: keep_vip_over_reboot = false")
}

func TestH6_ReleasedVIPIsNotThereAfterABoot(t *testing.T) {
	l := settled(t)
	l.active.Shutdown()
	l.run(10 * s)
	l.active.PowerOn()
	l.run(2*time.Minute + s)
	require.Len(t, l.active.Host().NIC().Addresses(), 1, "W6: what the stop released is not stored either")
}

// A kept VIP that nobody else holds is usable at once, and W5 takes it off again. While netsh fails
// it cannot; then the watcher holds what it has instead of polling itself.
func TestW5_KeptVIPAtServiceStart(t *testing.T) {
	for mode, want := range map[NetshMode]string{
		NetshWorks: "releasing W5, polling W5, taking W12, held W8",
		NetshFails: "releasing W5, held W19",
		NetshLies:  "releasing W5, held W19",
	} {
		l := settled(t)
		l.active.PowerOff()
		l.standby.PowerOff()
		l.skip()
		l.active.PowerOn()
		l.active.SetNetsh(mode)
		l.run(4 * time.Minute)
		require.Equal(t, want, strings.Join(l.story("active", "watch"), ", "), "W5: the VIP is on the interface at the start; netsh %s", mode)
	}
}

// Each change of a machine's life, in each of its states: what is not possible says false and does
// nothing.
func TestH6_H7_WhatIsPossibleWhen(t *testing.T) {
	changes := []struct {
		name string
		do   func(n *Node) bool
	}{
		{"power-off", (*Node).PowerOff}, {"power-on", (*Node).PowerOn}, {"shutdown", (*Node).Shutdown},
		{"freeze", (*Node).Freeze}, {"resume", (*Node).Resume},
		{"stop-service", (*Node).StopService}, {"start-service", (*Node).StartService},
	}
	for _, c := range []struct{ state, reached, possible string }{
		{"off", "power-off", "power-on"},
		{"booting", "power-off power-on", "power-off"},
		{"on", "", "power-off shutdown freeze stop-service"},
		{"on, IPWCS stopping", "stop-service", "power-off shutdown freeze"},
		{"on, IPWCS stopped", "stop-service wait", "power-off shutdown freeze start-service"},
		{"stopping", "shutdown", "power-off"},
		{"frozen", "freeze", "power-off resume"},
		{"frozen, IPWCS stopping", "stop-service freeze", "power-off resume"},
	} {
		for _, change := range changes {
			l := settled(t)
			for _, word := range strings.Fields(c.reached) {
				for _, x := range changes {
					if x.name == word {
						require.True(t, x.do(l.active))
					}
				}
				if word == "wait" {
					l.run(s)
				}
			}
			before := len(l.env.Trace.Records)
			can := strings.Contains(" "+c.possible+" ", " "+change.name+" ")
			require.Equal(t, can, change.do(l.active), "%s while %s", change.name, c.state)
			require.Equal(t, can, len(l.env.Trace.Records) > before, "%s while %s: a record only of what happens", change.name, c.state)
			l.run(5 * time.Minute) // whatever comes of it must not be a panic
		}
	}
}
