package windows

import (
	"fmt"
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/trace"
)

// prints is what the client's ping.exe runs print after from, each line with its time since then.
func (l *lab) prints(from time.Duration) (lines []string) {
	for _, r := range l.env.Trace.Records[l.seen:] {
		switch r.Body.(type) {
		case trace.PingLine, trace.PingEnd:
			lines = append(lines, fmt.Sprintf("%v: %s", (r.At-from).Round(10*ms), tell(r.Body)))
		}
	}
	return lines
}

// pinged is a lab where the client can ping the master, after the change; and how a ping of n
// requests goes.
func pinged(t *testing.T, n int, do func(l *lab)) []string {
	l := settled(t)
	l.client.Ping(vip, netip.Addr{}, 1, nil) // the client knows the VIP's MAC
	l.run(s)
	do(l)
	l.skip()
	start := l.s.Now()
	ended := 0
	l.client.Ping(vip, netip.Addr{}, n, func() { ended++ })
	l.run(2 * time.Minute)
	require.Equal(t, 1, ended, "H9: a ping with -n ends by itself, once")
	return l.prints(start)
}

func TestH9_Pace(t *testing.T) {
	for _, c := range []struct {
		name string
		do   func(l *lab)
		want []string
	}{
		{"replies: 1 s from one request to the next", func(*lab) {},
			[]string{"0s: 1 reply", "1s: 2 reply", "2s: 3 reply", "2s: sent 3 received 3"}},
		{"timeouts: 4 s each, without a pause", func(l *lab) { l.active.BlockEcho(true) },
			[]string{"4s: 1 timeout", "8s: 2 timeout", "12s: 3 timeout", "12s: sent 3 received 0"}},
		{"unreachable: 3 s each, without a pause, counted as received", func(l *lab) {
			l.active.Freeze()
			l.client.Host().NIC().FlushNeighbors()
		}, []string{"3s: 1 unreachable", "6s: 2 unreachable", "9s: 3 unreachable", "9s: sent 3 received 3"}},
		{"no link: general failure, 1 s apart, not received", func(l *lab) { l.cables["client"].SetPlugged(false) },
			[]string{"0s: 1 failure", "1s: 2 failure", "2s: 3 failure", "2s: sent 3 received 0"}},
		{"the holder goes in between", func(l *lab) { l.s.After(1500*ms, func() { l.active.BlockEcho(true) }) },
			[]string{"0s: 1 reply", "1s: 2 reply", "6s: 3 timeout", "6s: sent 3 received 2"}},
	} {
		require.Equal(t, c.want, pinged(t, 3, c.do), "H9: %s", c.name)
	}
}

// H9: from one request to the next is 1 s, however long the reply took.
func TestH9_SpacingIsThatOfTheRequests(t *testing.T) {
	l := settled(t)
	l.delayed(l.client.Machine, 300*ms)
	l.run(4 * s)
	l.skip()
	start := l.s.Now()
	l.client.Ping(vip, netip.Addr{}, 3, nil)
	l.run(10 * s)
	var sent []time.Duration
	for _, r := range l.env.Trace.Records[l.seen:] {
		if b, ok := r.Body.(trace.PingLine); ok {
			require.GreaterOrEqual(t, b.RTT, 300*ms)
			sent = append(sent, r.At-b.RTT-start)
		}
	}
	require.Equal(t, []time.Duration{0, s, 2 * s}, sent, "H9: 1 s spacing")
}

// H9: timed out while the dead neighbour is cached, unreachable from then on.
func TestH9_DeadNeighbour(t *testing.T) {
	l := settled(t)
	l.standby.PowerOff()
	l.client.Ping(vip, netip.Addr{}, 0, nil)
	l.run(time.Minute)
	l.skip()
	l.active.PowerOff()
	l.run(2 * time.Minute)
	var outcomes []trace.PingOutcome
	for _, r := range l.env.Trace.Records[l.seen:] {
		if b, ok := r.Body.(trace.PingLine); ok {
			outcomes = append(outcomes, b.Outcome)
		}
	}
	require.Equal(t, []trace.PingOutcome{trace.TimedOut, trace.HostUnreachable}, slices.Compact(slices.Clone(outcomes)),
		"H9: first timeouts, then unreachable")
	timeouts := slices.Index(outcomes, trace.HostUnreachable)
	require.GreaterOrEqual(t, timeouts, 2, "H9: 8 s at least: 5 s of DELAY, 3 s of probes")
	require.LessOrEqual(t, timeouts, 14, "H9: 53 s at most: before these, 45 s of REACHABLE")
}

// The rest after an unreachable is a setting: of 4 of these each takes the 3 s of ARP, and it.
func TestH9_RestsAfterUnreachable(t *testing.T) {
	for _, rest := range []time.Duration{0, time.Second} {
		l := settled(t)
		l.client.SetPingPause(rest)
		l.skip()
		l.client.Ping(netip.MustParseAddr("192.168.10.99"), netip.Addr{}, 4, nil)
		l.run(time.Minute)
		var at []time.Duration
		for _, r := range l.env.Trace.Records[l.seen:] {
			if b, ok := r.Body.(trace.PingLine); ok {
				require.Equal(t, trace.HostUnreachable, b.Outcome)
				at = append(at, r.At)
			}
		}
		require.Len(t, at, 4)
		for i, d := range at[1:] {
			require.Equal(t, 3*time.Second+rest, d-at[i], "H9")
		}
	}
}

func TestH9_WhatALineSays(t *testing.T) {
	l := settled(t)
	l.client.Ping(vip, netip.Addr{}, 0, nil)
	l.run(100 * ms)
	l.cables["active"].SetPlugged(false)
	l.client.Host().NIC().FlushNeighbors()
	l.run(5 * s)
	var lines []trace.PingLine
	for _, r := range l.env.Trace.Records[l.seen:] {
		switch b := r.Body.(type) {
		case trace.PingStart:
			require.Equal(t, trace.PingStart{ID: 1, Target: vip, Bytes: 32}, b, "H9: 32 bytes")
		case trace.PingLine:
			lines = append(lines, b)
		}
	}
	rtt := lines[0].RTT
	require.Less(t, rtt, 2*ms)
	require.Equal(t, []trace.PingLine{
		{ID: 1, Seq: 1, Outcome: trace.Replied, From: vip, RTT: rtt, TTL: 128},
		{ID: 1, Seq: 2, Outcome: trace.HostUnreachable, From: l.client.Address().Addr()},
	}, lines, `H9: TTL 128; "Reply from <own address>: Destination host unreachable."`)
}

// H9: -t runs until Ctrl-C; the request waited for then is left out of the summary.
func TestH9_CtrlC(t *testing.T) {
	l := settled(t)
	start := l.s.Now()
	p := l.client.Ping(vip, netip.Addr{}, 0, nil)
	l.run(2500 * ms)
	p.Stop()
	p.Stop()
	l.run(10 * s)
	require.Equal(t, []string{"0s: 1 reply", "1s: 2 reply", "2s: 3 reply", "2.5s: sent 3 received 3"}, l.prints(start))
	l.skip()
	l.active.BlockEcho(true)
	start = l.s.Now()
	p = l.client.Ping(vip, netip.Addr{}, 0, nil)
	l.run(5 * s)
	p.Stop()
	l.run(10 * s)
	require.Equal(t, []string{"4s: 1 timeout", "5s: sent 1 received 0"}, l.prints(start), "nothing is printed after the summary")
}

// H9: a reply after 4 s counts for nothing, not even for the request that is out when it comes.
func TestH9_LateRepliesAreNotCounted(t *testing.T) {
	l := settled(t)
	box := l.delayed(l.client.Machine, 4100*ms)
	l.run(4 * s)
	l.skip()
	start := l.s.Now()
	l.client.Ping(vip, netip.Addr{}, 3, nil)
	l.run(20 * s)
	require.Equal(t, []string{"4s: 1 timeout", "8s: 2 timeout", "12s: 3 timeout", "12s: sent 3 received 0"}, l.prints(start))
	require.Equal(t, 3, box.held, "all were answered, late")
}

// FIELD-FACTS, "ping -S with a tentative address".
func TestH9_SourceAddress(t *testing.T) {
	for state, want := range map[trace.AddressState][]string{
		trace.Preferred: {"0s: 1 reply", "0s: sent 1 received 1"},
		trace.Tentative: {"0s: 1 failure", "0s: sent 1 received 0"},
		trace.Absent:    {"0s: 1 failure", "0s: sent 1 received 0"},
	} {
		l := settled(t)
		from := netip.MustParseAddr("192.168.10.204")
		if state != trace.Absent {
			l.active.Host().NIC().Add(netip.PrefixFrom(from, 24))
		}
		if state == trace.Preferred {
			l.run(4 * s)
		}
		require.Equal(t, state, l.active.AddressState(from))
		l.skip()
		start := l.s.Now()
		l.active.Ping(l.client.Address().Addr(), from, 1, nil)
		l.run(10 * s)
		require.Equal(t, want, l.prints(start), "H9: -S with a source that is %s", state)
	}
}

// H9: several pings at a time have their own numbers.
func TestH9_PingsKeepApart(t *testing.T) {
	l := settled(t)
	l.client.Ping(vip, netip.Addr{}, 1, nil)
	l.active.Ping(l.client.Address().Addr(), netip.Addr{}, 1, nil)
	l.client.Ping(netip.MustParseAddr("192.168.10.99"), netip.Addr{}, 1, nil)
	l.run(10 * s)
	got := map[int]trace.PingOutcome{}
	for _, r := range l.env.Trace.Records[l.seen:] {
		if b, ok := r.Body.(trace.PingLine); ok {
			got[b.ID] = b.Outcome
		}
	}
	require.Equal(t, map[int]trace.PingOutcome{1: trace.Replied, 2: trace.Replied, 3: trace.HostUnreachable}, got)
}
