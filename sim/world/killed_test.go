package world_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/cluster"
	"ipwsim/sim/trace"
	"ipwsim/sim/world"
)

// seenSince are the bodies of one kind on record since then, of one host.
func seenSince[B trace.Body](records []trace.Record, host string, from time.Duration) (all []B) {
	for _, r := range records {
		if b, is := r.Body.(B); is && r.Host == host && r.At >= from {
			all = append(all, b)
		}
	}
	return all
}

// The killed watcher's VIP goes on answering; nothing is asked, written or changed any more until the start, which
// releases first.
func TestH17_KilledWatcherLeavesTheAddress(t *testing.T) {
	w := settled(t, shipped(t, "guide", nil), 1)
	play(t, w, "ping; kill-service active")
	run(w, 5*time.Minute)
	for _, line := range seenSince[trace.PingLine](w.Trace().Records, "client", 0) {
		require.Equal(t, trace.Replied, line.Outcome)
	}
	require.Equal(t, []string{cluster.Active}, holders(w, vip))
	require.Empty(t, seenSince[trace.Pipe](w.Trace().Records, cluster.Active, 0))
	require.Empty(t, seenSince[trace.Command](w.Trace().Records, cluster.Active, 0))
	require.NoError(t, do(w, "start-service active"))
	run(w, 2*time.Second)
	require.Empty(t, holders(w, vip), "W5")
}

// A netsh that the watcher started goes on without it.
func TestH17_CommandOutlivesItsWatcher(t *testing.T) {
	w := settled(t, shipped(t, "guide", nil), 1)
	play(t, w, "stop-service active; kill-service active")
	run(w, 5*time.Second)
	require.Equal(t, []trace.Service{
		{Name: trace.Watcher, State: trace.StopPending}, {Name: trace.Watcher, State: trace.Stopped, Killed: true},
	}, seenSince[trace.Service](w.Trace().Records, cluster.Active, 0))
	done := seenSince[trace.Command](w.Trace().Records, cluster.Active, 0)
	require.Len(t, done, 1, "the delete ends; the flush behind it never began")
	require.Equal(t, trace.DeleteAddress, done[0].Does)
	require.Empty(t, holders(w, vip))
}

// The pipe of a killed watcher does not exist: who asks is told so at once.
func TestH17_KilledWatcherHasNoPipe(t *testing.T) {
	w := settled(t, shipped(t, "guide", nil), 1)
	play(t, w, "kill-service standby")
	run(w, time.Minute)
	asked := seenSince[trace.Pipe](w.Trace().Records, cluster.Active, 0)
	require.NotEmpty(t, asked)
	require.Equal(t, "error 2: the pipe does not exist", asked[0].Error)
	require.Less(t, asked[0].Took, time.Second)
}

// One service dies, the session with the share and the others go on.
func TestH17_OneMailServiceDies(t *testing.T) {
	w := settled(t, shipped(t, "mail", nil), 1)
	play(t, w, "kill-mail active EPSTDS; send; wait")
	require.NotEmpty(t, seenSince[trace.MailAccept](w.Trace().Records, cluster.Active, 0))
	require.Empty(t, seenSince[trace.MailDeliver](w.Trace().Records, cluster.Active, 0))
	play(t, w, "start-mail active EPSTDS; wait")
	require.NotEmpty(t, seenSince[trace.MailDeliver](w.Trace().Records, cluster.Active, 0))
}

// A mail service that a hand starts before Windows does, after a boot, is that boot's, and does not start twice.
func TestH17_StartedBeforeItsTurn(t *testing.T) {
	w := settled(t, shipped(t, "mail", nil), 1)
	play(t, w, "kill-mail active EPSTRS; power-off active; power-on active")
	run(w, 2*time.Minute+time.Second)
	require.NoError(t, do(w, "start-mail active"))
	run(w, 5*time.Minute)
	require.Equal(t, []string{cluster.Active}, holders(w, vip))
	play(t, w, "send; wait")
	require.NotEmpty(t, seenSince[trace.MailAccept](w.Trace().Records, cluster.Active, 0))
}

// exported is the guide's cluster with further values of the active node's export, of the watcher's service.
func exported(t *testing.T, values string) map[string]string {
	return map[string]string{"active/ipwcs.reg": "Windows Registry Editor Version 5.00\r\n\r\n" +
		"[HKEY_LOCAL_MACHINE\\SOFTWARE\\EPOST\\IPWCS]\r\n\"Balance\"=dword:00000000\r\n\r\n" +
		"[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\IPWCS]\r\n" + values + "\r\n"}
}

// works says when the node's watcher began to run, and when it ended.
func works(w *world.World, host string) (all []string) {
	for _, r := range w.Trace().Records {
		if b, is := r.Body.(trace.Service); is && r.Host == host && r.At >= 0 && (b.State == trace.Running || b.State == trace.Stopped) {
			all = append(all, fmt.Sprint(r.At, " ", b.State))
		}
	}
	return all
}

func TestH17_StartTypes(t *testing.T) {
	for values, want := range map[string][]string{
		`"Start"=dword:00000002`:            {"2m3s running"},
		`"DelayedAutostart"=dword:00000001`: {"4m3s running"},
		`"Start"=dword:00000003`:            nil,
	} {
		w := settled(t, shipped(t, "guide", exported(t, values)), 1)
		require.Equal(t, []string{cluster.Active}, holders(w, vip), "at first somebody has started it")
		play(t, w, "power-off active; power-on active")
		run(w, 10*time.Minute)
		require.Equal(t, want, works(w, cluster.Active), values)
	}
}

// The first death is mended after a minute, and the fault is over with it; the second is not.
func TestH17_Recovery(t *testing.T) {
	w := settled(t, shipped(t, "guide", exported(t,
		`"FailureActions"=hex:80,51,01,00,00,00,00,00,00,00,00,00,02,00,00,00,14,00,00,00,01,00,00,00,60,ea,00,00,00,00,00,00,00,00,00,00`)), 1)
	play(t, w, "kill-service active")
	run(w, 2*time.Minute)
	play(t, w, "kill-service active")
	run(w, 2*time.Minute)
	require.Equal(t, []string{"0s stopped", "1m0s running", "2m0s stopped"}, works(w, cluster.Active))
	var over []time.Duration
	for _, r := range w.Trace().Records {
		if _, is := r.Body.(trace.Over); is {
			over = append(over, r.At)
		}
	}
	require.Equal(t, []time.Duration{time.Minute}, over)
	require.Equal(t, []int{7031, 7034}, events(w, "Service Control Manager"))
}

// Deaths are forgotten after the recovery's period, here 90 s, and go on counting within it.
func TestH17_ForgottenDeaths(t *testing.T) {
	w := settled(t, shipped(t, "guide", exported(t,
		`"FailureActions"=hex:5a,00,00,00,00,00,00,00,00,00,00,00,02,00,00,00,14,00,00,00,01,00,00,00,60,ea,00,00,00,00,00,00,00,00,00,00`)), 1)
	for _, until := range []time.Duration{90 * time.Second, 90 * time.Second, 89 * time.Second, 2 * time.Minute} {
		play(t, w, "kill-service active")
		run(w, until)
	}
	require.Equal(t, []int{7031, 7031, 7031, 7034}, events(w, "Service Control Manager"))
}

func events(w *world.World, source string) (ids []int) {
	for _, r := range w.Trace().Records {
		if b, is := r.Body.(trace.Event); is && b.Source == source {
			ids = append(ids, b.ID)
		}
	}
	return ids
}

// A machine does not know the accounts of another one: IPWCS that is to run as one of the other node's fails to log on, each
// time it is to start, and never takes the VIP.
func TestH17_AccountOfTheOtherNode(t *testing.T) {
	w := settled(t, shipped(t, "guide", exported(t, `"ObjectName"="hvt162EPST12\\Administrator"`)), 1)
	run(w, 5*time.Minute)
	require.Equal(t, []string{cluster.Standby}, holders(w, vip))
	require.Empty(t, seenSince[trace.Command](w.Trace().Records, cluster.Active, 0))
	require.Equal(t, []int{trace.LogonFailed}, events(w, trace.ControlManager))
	require.Empty(t, seenSince[trace.Service](w.Trace().Records, cluster.Active, -time.Hour))
}

// Without a right on the machine netsh is refused, so the node never takes the VIP.
func TestH17_AccountWithoutRight(t *testing.T) {
	w := settled(t, shipped(t, "guide", exported(t, `"ObjectName"=".\\mail"`)), 1)
	run(w, 5*time.Minute)
	require.Equal(t, []string{cluster.Standby}, holders(w, vip))
	for _, c := range seenSince[trace.Command](w.Trace().Records, cluster.Active, 0) {
		require.True(t, c.Does == trace.FlushARP || c.Exit == 1, c.Line)
	}
	for _, p := range seenSince[trace.Pipe](w.Trace().Records, cluster.Active, 0) {
		require.Equal(t, "error 5: access denied", p.Error)
	}
}
