package windows

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/batch"
	"ipwsim/sim/trace"
)

// AtStartup is the trigger that the guide gives the active node besides OnAddAddress (G A).
var AtStartup = Trigger{Delay: 30 * time.Second, Interval: 5 * time.Minute, Duration: 15 * time.Minute}

// task runs the batch file on a node of that role.
func task(t *testing.T, role, text string, triggers ...Trigger) func(*NodeConfig) {
	b, problems := batch.Parse("arpclear.bat", []byte(text))
	require.NoError(t, problems.Err())
	return func(c *NodeConfig) {
		if c.Role == role {
			c.Tasks = []Task{{Name: "arpclear.bat", Triggers: triggers, Batch: b}}
		}
	}
}

// scheduled is what Task Scheduler has done on the machine since from, a line each with its time from
// there, and how the commands ended. netsh is left out.
func (l *lab) scheduled(machine string, from time.Duration) (lines []string) {
	for _, r := range l.env.Trace.Records {
		if r.Host != machine || r.At < from {
			continue
		}
		at := (r.At - from).Round(10 * ms)
		switch b := r.Body.(type) {
		case trace.Task:
			lines = append(lines, fmt.Sprintf("%v: %s", at, b.State))
		case trace.Command:
			if !strings.HasPrefix(b.Line, "netsh") {
				lines = append(lines, fmt.Sprintf("%v: %s: exit %d after %v", at, b.Line, b.Exit, b.Took.Round(10*ms)))
			}
		}
	}
	return lines
}

// booted is a lab whose active node has just started, with the task; the standby is off.
func booted(t *testing.T, text string, triggers ...Trigger) *lab {
	l := newLab(t, task(t, "active", text, triggers...))
	l.run(5 * s) // the client's address is usable
	l.active.Start()
	return l
}

// The delay and the repetition of the guide's trigger, G A(3): four starts, the last when the 15 min
// are over.
func TestH10_AtStartup(t *testing.T) {
	l := booted(t, "ping -n 2 192.168.10.150", AtStartup)
	start := l.s.Now()
	l.run(time.Hour)
	var starts []time.Duration
	for _, r := range l.env.Trace.Records {
		if b, ok := r.Body.(trace.Task); ok && b.State == trace.TaskStarted {
			starts = append(starts, r.At-start)
		}
	}
	require.Equal(t, []time.Duration{30 * s, 330 * s, 630 * s, 930 * s}, starts, "H10: after 30 s, then each 5 min for 15 min")
}

// H10: the entry that IPWatcher writes when it has added the VIP (W8) starts the task, and only that.
func TestH10_OnEvent100(t *testing.T) {
	l := settled(t, task(t, "standby", "arp -d", OnAddAddress, Trigger{Source: "IPWCS", ID: 101}, Trigger{Source: "other", ID: 100}))
	l.active.PowerOff()
	start := l.s.Now()
	l.run(time.Minute)
	added := start
	for _, r := range l.env.Trace.Records[l.seen:] {
		if b, ok := r.Body.(trace.Event); ok && b.ID == 100 {
			added = r.At
		}
	}
	require.Greater(t, added, start, "W8")
	require.Equal(t, []string{"0s: started", "50ms: arp -d: exit 0 after 50ms", "50ms: finished"}, l.scheduled("standby", added))
}

// H11, FIELD-FACTS surprise 5: the commands run one after the other, each as long as Windows takes.
func TestH11_Pace(t *testing.T) {
	for _, c := range []struct {
		name, text string
		do         func(l *lab)
		want       []string
	}{
		{"arp -d at once, a live client 9 s", "arp -d\nping -n 10 192.168.10.150\n", func(*lab) {}, []string{
			"0s: started", "50ms: arp -d: exit 0 after 50ms",
			"9.05s: ping -n 10 192.168.10.150: exit 0 after 9s", "9.05s: finished"}},
		{"a silent client 40 s", "ping -n 10 192.168.10.150\narp -d\n", func(l *lab) { l.client.BlockEcho(true) }, []string{
			"0s: started", "40s: ping -n 10 192.168.10.150: exit 1 after 40s",
			"40.05s: arp -d: exit 0 after 50ms", "40.05s: finished"}},
		{"a client that is off 30 s, counted as received", "ping -n 10 192.168.10.150\n", func(l *lab) { l.cables["client"].SetPlugged(false) }, []string{
			"0s: started", "30s: ping -n 10 192.168.10.150: exit 0 after 30s", "30s: finished"}},
		{"timeout, the cache emptied by netsh, a ping that waits 1 s for its answer", "timeout /t 4 /nobreak >nul\nping -w 1000 -n 2 192.168.10.150\nnetsh interface ip delete arpcache\n", func(l *lab) { l.client.BlockEcho(true) }, []string{
			"0s: started", "4s: timeout /t 4 /nobreak: exit 0 after 4s",
			"6s: ping -n 2 -w 1000 192.168.10.150: exit 1 after 2s", "6.5s: finished"}},
		{"-S with an address that is not there: general failure, 1 s apart", "ping -n 10 192.168.10.150 -S 192.168.10.202\nping -n 1 192.168.10.150 -S 192.168.10.202\n", func(*lab) {}, []string{
			"0s: started", "9s: ping -n 10 192.168.10.150 -S 192.168.10.202: exit 1 after 9s",
			"9s: ping -n 1 192.168.10.150 -S 192.168.10.202: exit 1 after 0s", "9s: finished"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := booted(t, c.text, Trigger{Delay: 10 * s})
			l.run(5 * s)
			l.active.StopService()
			l.run(4 * s)
			c.do(l)
			start := l.s.Now() + s
			l.run(2 * time.Minute)
			require.Equal(t, c.want, l.scheduled("active", start))
		})
	}
}

// H10: a trigger that fires while the task runs is lost; the next one after its end is not.
func TestH11_BranchesAsTheRunGoes(t *testing.T) {
	l := booted(t, "ping -n 1 192.168.10.150 && arp -d\nping -n 1 192.168.10.99 | find \"TTL\" && arp -d\n"+
		"if errorlevel 1 (timeout /t 2) else (timeout /t 3)\nping -n 1 192.168.10.150 || exit\n"+
		"if %errorlevel%==1 (timeout /t 4) else (timeout /t 5)\nping -n 1 192.168.10.99 -w 500 | find \"TTL\" || exit\narp -d", AtStartup)
	start := l.s.Now()
	l.run(2 * time.Minute)
	var did []string
	for _, line := range l.scheduled("active", start) {
		_, what, _ := strings.Cut(line, ": ")
		what, _, _ = strings.Cut(what, ": ")
		did = append(did, what)
	}
	require.Equal(t, []string{
		"arp -d", // the watcher's own
		"started", "ping -n 1 192.168.10.150", "arp -d", `ping -n 1 192.168.10.99 | find "TTL"`, "timeout /t 2 /nobreak", "ping -n 1 192.168.10.150",
		"timeout /t 5 /nobreak", `ping -n 1 -w 500 192.168.10.99 | find "TTL"`, "finished",
	}, did)
}

func TestH10_NoSecondInstance(t *testing.T) {
	l := booted(t, "ping -n 10 192.168.10.150 -S 192.168.10.202", Trigger{Delay: 60 * s, Interval: 4 * s, Duration: 12 * s})
	start := l.s.Now() + 60*s
	l.run(2 * time.Minute)
	require.Equal(t, []string{"0s: started", "4s: skipped", "8s: skipped",
		"9s: ping -n 10 192.168.10.150 -S 192.168.10.202: exit 0 after 9s", "9s: finished", "12s: started",
		"21s: ping -n 10 192.168.10.150 -S 192.168.10.202: exit 0 after 9s", "21s: finished"}, l.scheduled("active", start))
}

// H10: a batch that waits for a key runs on, so the next start is none; one whose branch waits for it does if that is taken.
func TestH10_HaltedForEver(t *testing.T) {
	trigger := Trigger{Delay: 60 * s, Interval: 20 * s, Duration: 40 * s}
	for text, want := range map[string][]string{
		"arp -d\npause":                   {"0s: started", "50ms: arp -d: exit 0 after 50ms", "20s: skipped", "40s: skipped"},
		"if errorlevel 1 pause\nexit":     {"0s: started", "0s: finished", "20s: started", "20s: finished", "40s: started", "40s: finished"},
		"if not errorlevel 1 pause\nexit": {"0s: started", "20s: skipped", "40s: skipped"},
	} {
		l := booted(t, text, trigger)
		start := l.s.Now() + 60*s
		l.run(3 * time.Minute)
		require.Equal(t, want, l.scheduled("active", start), text)
		l.active.Shutdown()
		l.run(10 * s)
		require.Equal(t, want[1] == "20s: skipped" || want[2] == "20s: skipped", slices.ContainsFunc(l.scheduled("active", start), func(line string) bool { return strings.HasSuffix(line, ": terminated") }), text)
	}
}

// H10: a task is ended at its limit, whatever it does then; the next start finds it over.
func TestH10_TheLimitOfATask(t *testing.T) {
	for text, want := range map[string][]string{
		"ping -n 30 192.168.10.150 -S 192.168.10.202": {"0s: started", "5s: terminated", "20s: started", "25s: terminated"},
		"pause": {"0s: started", "5s: terminated", "20s: started", "25s: terminated"},
		"arp -d\ntimeout /t 4": {"0s: started", "50ms: arp -d: exit 0 after 50ms", "4.05s: timeout /t 4 /nobreak: exit 0 after 4s", "4.05s: finished", "20s: started",
			"20.05s: arp -d: exit 0 after 50ms", "24.05s: timeout /t 4 /nobreak: exit 0 after 4s", "24.05s: finished"},
	} {
		l := newLab(t, task(t, "active", text, Trigger{Delay: 60 * s, Interval: 20 * s, Duration: 20 * s}), func(c *NodeConfig) {
			for i := range c.Tasks {
				c.Tasks[i].Limit = 5 * s
			}
		})
		l.run(5 * s)
		l.active.Start()
		start := l.s.Now() + 60*s
		l.run(3 * time.Minute)
		require.Equal(t, want, l.scheduled("active", start), text)
	}
}

// H10: a task may wait after its event, and be repeated without end.
func TestH10_DelaysAndRepetitions(t *testing.T) {
	late := OnAddAddress
	late.Delay, late.Interval = 7*s, 20*s
	l := settled(t, task(t, "standby", "exit", late))
	l.active.PowerOff()
	l.run(2 * time.Minute)
	added := time.Duration(0)
	for _, r := range l.env.Trace.Records[l.seen:] {
		if b, ok := r.Body.(trace.Event); ok && b.ID == 100 {
			added = r.At
		}
	}
	require.NotZero(t, added, "W8")
	require.Equal(t, []string{"7s: started", "7s: finished", "27s: started", "27s: finished", "47s: started", "47s: finished"}, l.scheduled("standby", added)[:6])
}

// H10, H6, H7: what becomes of a task that runs when the machine stops.
func TestH10_EndOfTheMachine(t *testing.T) {
	for _, c := range []struct {
		name string
		do   func(l *lab)
		want []string
	}{
		{"power loss ends it without a word", func(l *lab) { l.active.PowerOff() }, []string{"0s: started"}},
		{"shutdown terminates it, and starts nothing more", func(l *lab) { l.active.Shutdown() },
			[]string{"0s: started", "5s: terminated", "5.55s: arp -d: exit 0 after 50ms"}}, // W6: the service's own
		{"a frozen machine goes on later", func(l *lab) {
			l.active.Freeze()
			l.s.After(20*s, func() { l.active.Resume() })
		}, []string{"0s: started", "25s: skipped", "28s: ping -n 10 192.168.10.150 -S 192.168.10.202: exit 0 after 28s", "28s: finished"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := booted(t, "ping -n 10 192.168.10.150 -S 192.168.10.202", Trigger{Delay: 60 * s, Interval: 8 * s, Duration: 8 * s})
			start := l.s.Now() + 60*s
			l.run(65 * s)
			c.do(l)
			l.run(40 * s)
			require.Equal(t, c.want, l.scheduled("active", start))
			pings := len(l.prints(start))
			l.run(time.Minute)
			require.Len(t, l.prints(start), pings, "nothing pings on")
		})
	}
}

// H10: the guide's two triggers of one task meet when a master boots alone: the run that the start of
// Windows began is under way when IPWatcher takes the VIP (W7, W8), so the entry starts nothing.
func TestH10_TheStartSwallowsTheEvent(t *testing.T) {
	l := booted(t, "ping -n 60 192.168.10.150 -S 192.168.10.202", AtStartup, OnAddAddress)
	l.run(2 * time.Minute)
	var got []trace.Task
	for _, r := range l.env.Trace.Records {
		if b, ok := r.Body.(trace.Task); ok {
			got = append(got, b)
		}
	}
	require.Equal(t, []trace.Task{
		{Name: "arpclear.bat", State: trace.TaskStarted, Trigger: trace.TriggerStartup},
		{Name: "arpclear.bat", State: trace.TaskSkipped, Trigger: "event IPWCS 100"},
		{Name: "arpclear.bat", State: trace.TaskFinished},
	}, got)
}

// H11: without an administrator's rights nothing empties the ARP cache, and pings go all the same.
func TestH11_ATaskWithoutRights(t *testing.T) {
	for limited, want := range map[bool][]string{
		false: {"arp -d: exit 0", "ping -n 1 192.168.10.150: exit 0", "exit 0", "arp -d: exit 0"},
		true:  {"arp -d: exit 1", "ping -n 1 192.168.10.150: exit 0", "exit 1"},
	} {
		given := task(t, "active", "arp -d\nping -n 1 192.168.10.150\nnetsh interface ip delete arpcache && arp -d\n", Trigger{Delay: 10 * s})
		l := newLab(t, given, func(c *NodeConfig) {
			for i := range c.Tasks {
				c.Tasks[i].Limited = limited
			}
		})
		l.run(5 * s)
		l.active.Start()
		start := l.s.Now()
		l.run(30 * s)
		var did []string
		forgot := false
		for _, r := range l.env.Trace.Records {
			if b, is := r.Body.(trace.Neighbor); is && r.Host == "active" && r.At > start+10*s {
				forgot = forgot || b.State == trace.Removed
			}
			if b, is := r.Body.(trace.Command); is && r.Host == "active" && r.At >= start+10*s && b.Does != trace.AddAddress {
				line := b.Line + ": "
				if strings.HasPrefix(b.Line, "netsh") {
					line = ""
				}
				did = append(did, fmt.Sprintf("%sexit %d", line, b.Exit))
			}
		}
		require.Equal(t, want, did, limited)
		require.Equal(t, !limited, forgot, "who was asked for is still in the cache")
	}
}
