package world_test

import (
	"fmt"
	"net/netip"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/core/registry"
	"ipwsim/sim/cluster"
	"ipwsim/sim/trace"
	"ipwsim/sim/world"
)

// C1, C5: at time 0 a cluster has settled: the master holds every VIP, and nobody else does.
func TestC5_TheMasterHoldsTheVIPAtZero(t *testing.T) {
	for _, name := range []string{"guide", "two-switch"} {
		bp := shipped(t, name, nil)
		for seed := range uint64(20) {
			w := settled(t, bp, seed)
			require.Zero(t, w.Now())
			require.Equal(t, []netip.Addr{vip}, w.VIPs())
			require.Equal(t, []string{cluster.Active}, holders(w, vip), "C5: %s, seed %d", name, seed)
		}
	}
}

// export is a .reg export with these values and otherwise the defaults of W3.
func export(values ...string) string {
	text := "Windows Registry Editor Version 5.00\n\n[" + registry.SettingsKey + "]\n"
	for _, v := range values {
		name, n, _ := strings.Cut(v, "=")
		text += fmt.Sprintf("%q=dword:%s\n", name, n)
	}
	return text
}

// The time before zero is enough for other settings and servers too.
func TestSettlingFollowsTheSettings(t *testing.T) {
	for name, files := range map[string]map[string]string{
		"Interval 10 min": {
			"active/ipwcs.reg":  export("Interval=00000258", "Balance=00000000"),
			"standby/ipwcs.reg": export("Interval=00000258", "Balance=00000001"),
		},
		"Interval 5 s": {
			"active/ipwcs.reg":  export("Interval=00000005", "PingTimeout=00000001", "Balance=00000000"),
			"standby/ipwcs.reg": export("Interval=00000005", "PingTimeout=00000001", "Balance=00000001"),
		},
		"slow netsh": toml(t, "guide", `["0.2s", "1s"]`, `["9s", "10s"]`),
		"srv-2003":   toml(t, "guide", "srv-2012plus\"\nboot", "srv-2003\"\nboot"),
	} {
		for seed := range uint64(5) {
			w := settled(t, shipped(t, "guide", files), seed)
			require.Equal(t, []string{cluster.Active}, holders(w, vip), "C5: %s, seed %d", name, seed)
		}
	}
}

// W21: with two masters, and with two slaves, which wait for twice as long (W13), one of them holds the
// VIP at time 0.
func TestW21_EqualRolesSettle(t *testing.T) {
	for _, balance := range []string{"Balance=00000000", "Balance=00000001"} {
		bp := shipped(t, "guide", map[string]string{"active/ipwcs.reg": export(balance), "standby/ipwcs.reg": export(balance)})
		for seed := range uint64(10) {
			require.Len(t, holders(settled(t, bp, seed), vip), 1, "C1: %s, seed %d", balance, seed)
		}
	}
}

func TestW1_SeveralVIPs(t *testing.T) {
	second := netip.MustParseAddr("192.168.10.203")
	table := func(peer string) string {
		return `-c=\\` + peer + " -i=192.168.10.202 -f=イーサネット\r\n" + `-c=\\` + peer + " -i=192.168.10.203 -f=イーサネット\r\n"
	}
	w := settled(t, shipped(t, "guide", map[string]string{
		"active/ipwatch.dat": table("hvt162EPST12"), "standby/ipwatch.dat": table("hvt162EPST11"),
	}), 1)
	require.Equal(t, []netip.Addr{vip, second}, w.VIPs())
	for _, role := range []string{cluster.Active, cluster.Standby, cluster.Active} {
		for _, ip := range w.VIPs() {
			require.Equal(t, []string{role}, holders(w, ip), "W1: every VIP of the table moves")
		}
		if role == cluster.Active {
			require.NoError(t, do(w, "flap active 1m"))
		}
		run(w, 50*time.Second)
	}
}

// What the blueprint says of a node is what the node does.
func TestTheBlueprintIsBuilt(t *testing.T) {
	files := toml(t, "guide", "\nboot = \"2m\"", "\nboot = \"7s\"\nkeep_vip_over_reboot = false", `mac = "00-15-5d-0a-0b-c9"`, "echo_blocked = true\npipe_blocked = true\nmail_blocked = [25]")
	w := settled(t, shipped(t, "guide", files), 1)
	var blocked []string
	for _, r := range w.Trace().Records {
		if b, ok := r.Body.(trace.Firewall); ok && b.Blocked {
			blocked = append(blocked, r.Host+" "+string(b.Rule))
		}
	}
	require.Equal(t, []string{"standby echo", "standby pipe", "standby mail"}, blocked, "H8: echo_blocked; W15: pipe_blocked")

	require.NoError(t, do(w, "power-off active"))
	require.NoError(t, do(w, "power-on active"))
	run(w, 7*time.Second-1)
	require.Equal(t, trace.Booting, power(w, "active"), "H6: boot")
	run(w, 1)
	require.Equal(t, trace.On, power(w, "active"), "H6: boot")
	before := len(w.Trace().Records)
	run(w, 10*time.Second)
	for _, r := range w.Trace().Records[before:] {
		if b, ok := r.Body.(trace.Address); ok {
			require.NotEqual(t, vip, b.IP, "H6: keep_vip_over_reboot = false")
		}
	}
}

// power is the machine's state as the trace has it.
func power(w *world.World, role string) (state trace.PowerState) {
	for _, r := range w.Trace().Records {
		if b, ok := r.Body.(trace.Power); ok && r.Host == role {
			state = b.State
		}
	}
	return state
}

// A cold world begins at time 0 with the nodes off and the clients on.
func TestH6_ColdStart(t *testing.T) {
	w := world.New(shipped(t, "guide", nil), world.Options{Seed: 1, Cold: true})
	defer w.Close()
	w.Settle()
	require.Zero(t, w.Now())
	run(w, time.Minute)
	require.Empty(t, power(w, "active")+power(w, "standby"), "nothing is on")
	require.Equal(t, trace.On, power(w, "client"))
	require.ErrorContains(t, do(w, "unplug holder"), "no node holds 192.168.10.202")
	require.NoError(t, do(w, "power-on active"))
	require.NoError(t, do(w, "power-on standby"))
	run(w, 3*time.Minute)
	require.Equal(t, []string{cluster.Active}, holders(w, vip), "W13: the master goes first")
}

// story runs a world through some faults.
func story(t testing.TB, seed uint64) *world.World {
	w := settled(t, shipped(t, "guide", nil), seed)
	require.NoError(t, w.Ping("client", vip))
	for _, text := range []string{"flap active 1m", "freeze standby", "resume standby", "shutdown active", "power-on active"} {
		run(w, 20*time.Second)
		require.NoError(t, do(w, text))
		run(w, 25*time.Second)
	}
	w.EndPings()
	return w
}

func TestSameSeedSameTrace(t *testing.T) {
	first := written(t, story(t, 7))
	require.Equal(t, first, written(t, story(t, 7)), "one seed, one history")
	require.NotEqual(t, first, written(t, story(t, 8)), "another seed, another history")
}

func TestTheTraceEndsNow(t *testing.T) {
	w := settled(t, shipped(t, "guide", nil), 1)
	require.Equal(t, time.Duration(0), w.Trace().End)
	run(w, time.Minute)
	require.Equal(t, time.Minute, w.Trace().End)
	last := w.Trace().Records[0].At
	require.Negative(t, last, "the start of the cluster lies before time 0")
	for _, r := range w.Trace().Records {
		require.GreaterOrEqual(t, r.At, last, "records come in order of time")
		last = r.At
	}
}

func TestPing(t *testing.T) {
	w := settled(t, shipped(t, "guide", nil), 1)
	require.EqualError(t, w.Ping("nobody", vip), "no client is named \"nobody\"")
	require.Error(t, w.Ping("active", vip), "a node is no client")
	require.NoError(t, w.Ping("client", vip))
	run(w, 2500*time.Millisecond)
	w.EndPings()
	records := w.Trace().Records
	require.Equal(t, trace.PingEnd{ID: 1, Sent: 3, Received: 3}, records[len(records)-1].Body, "H9: Ctrl-C prints the summary")
	n := len(records)
	w.EndPings()
	run(w, 0)
	require.Len(t, w.Trace().Records, n, "a ping ends once")
}

// ends are worlds in every state one can be closed in.
var ends = map[string]string{
	"just settled":            "",
	"pinging":                 "ping",
	"unplugged":               "unplug active; wait; unplug client",
	"nodes off":               "power-off active; shutdown standby; wait",
	"booting":                 "power-off active; wait; power-on active",
	"shutting down":           "shutdown active",
	"service stopping":        "stop-service active",
	"service stopped":         "stop-service active; wait",
	"frozen":                  "freeze active; wait; freeze standby",
	"frozen, then off":        "freeze active; wait; power-off active; wait",
	"a request out":           "block-pipe standby; wait; wait",
	"a request out, frozen":   "block-pipe standby; wait; wait; freeze active; wait",
	"an answer outstanding":   "unplug active; wait; wait; wait; netsh standby lie; plug active; soon",
	"an answer that is late":  "unplug active; wait; wait; wait; netsh standby lie; plug active; soon; freeze standby; wait",
	"mail, services killed":   "send; send outside; wait; kill-mail active; wait; start-mail active; soon",
	"mail, power cut":         "send; send outside; wait; power-off active",
	"mail, frozen":            "send; send outside; connect; wait; freeze active; wait",
	"netsh fails on the peer": "unplug active; wait; wait; wait; netsh standby fail; plug active; wait",
}

func play(t *testing.T, w *world.World, script string) {
	for step := range strings.SplitSeq(script, ";") {
		switch step = strings.TrimSpace(step); step {
		case "":
		case "wait":
			run(w, 20*time.Second)
		case "soon":
			run(w, 3100*time.Millisecond)
		case "ping":
			require.NoError(t, w.Ping("client", vip))
		case "connect":
			require.NoError(t, w.Connect("client", netip.AddrPortFrom(vip, 25)))
		case "send":
			require.NoError(t, w.StartSending(world.Send{Client: "client", From: "tanaka@example.com", To: []string{"suzuki@example.com"}, Every: time.Second}))
		case "send outside":
			require.NoError(t, w.StartSending(world.Send{Client: "client", From: "tanaka@example.com", To: []string{"carol@example.net"}, Every: time.Second}))
		default:
			require.NoError(t, do(w, step))
		}
	}
}

func TestCloseLeavesNoGoroutine(t *testing.T) {
	bp, withMail := shipped(t, "guide", nil), shipped(t, "mail", nil)
	for name, script := range ends {
		t.Run(name, func(t *testing.T) {
			bp := bp
			if strings.HasPrefix(name, "mail") {
				bp = withMail
			}
			once := func() {
				w := world.New(bp, world.Options{Seed: 1})
				w.Settle()
				play(t, w, script)
				want := written(t, w)
				w.Close()
				require.Equal(t, want, written(t, w), "the trace stays as it is")
			}
			once() // hires the carriers, which stay for the next world
			before, left := runtime.NumGoroutine(), 0
			for range 10 { // netstack's goroutines end on their own time
				time.Sleep(5 * time.Millisecond)
				before = min(before, runtime.NumGoroutine())
			}
			once()
			for range 200 {
				if left = runtime.NumGoroutine() - before; left <= 0 {
					return
				}
				time.Sleep(5 * time.Millisecond)
			}
			require.Zero(t, left, "goroutines are left")
		})
	}
}

func TestCloseOfAWorldThatNeverRan(t *testing.T) {
	world.New(shipped(t, "guide", nil), world.Options{Seed: 1}).Close()
}

// A study keeps many worlds: one of three hosts takes at most 1 MB.
func TestMemoryOfAWorld(t *testing.T) {
	const n = 50
	bp := shipped(t, "guide", nil)
	before := heap()
	var worlds []*world.World
	for seed := range uint64(n) {
		w := settled(t, bp, seed)
		run(w, 5*time.Minute)
		worlds = append(worlds, w)
	}
	each := (heap() - before) / n
	t.Logf("%d kB a world", each>>10)
	require.Less(t, each, int64(1<<20), "bytes a world")
	runtime.KeepAlive(worlds)
}

func heap() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// N2: where no port has port-fast the trace tells of each port's states, and a settled cluster has one
// holder all the same.
func TestN2_PortsWithoutPortFast(t *testing.T) {
	bp := shipped(t, "guide", toml(t, "guide", "\n[[switch]]\n", "\n[[switch]]\nport_fast = false\n"))
	w := settled(t, bp, 1)
	require.Equal(t, []string{cluster.Active}, holders(w, vip))
	require.NoError(t, do(w, "flap active 1s"))
	run(w, 32*time.Second)
	var states []string
	for _, r := range w.Trace().Records {
		if b, ok := r.Body.(trace.PortState); ok && b.Cable == "active" && r.At > 0 {
			require.Equal(t, "sw1", b.Switch)
			states = append(states, fmt.Sprint(b.State, " ", r.At))
		}
	}
	require.Equal(t, []string{"listening 1s", "learning 16s", "forwarding 31s"}, states)
}

// FIELD-FACTS, l2-dai: a switch that inspects ARP knows every machine, and the VIP at the active node
// only: a standby that holds it is not heard, one with a binding of its own is.
func TestARPInspection(t *testing.T) {
	binding := "\n[[switch.binding]]\naddress = \"192.168.10.202\"\nmac = \"00-15-5d-0a-0b-c9\"\n"
	for bound, heard := range map[string]bool{"\n": false, binding: true} {
		bp := shipped(t, "guide", toml(t, "guide", "name = \"sw1\"\n", "name = \"sw1\"\narp_inspection = true"+bound))
		w := settled(t, bp, 1)
		require.NoError(t, w.Ping("client", vip))
		require.NoError(t, do(w, "unplug active"))
		run(w, 90*time.Second)
		require.Equal(t, []string{cluster.Standby}, holders(w, vip))
		before := len(w.Trace().Records)
		run(w, 10*time.Second)
		answered := false
		for _, r := range w.Trace().Records[before:] {
			answered = answered || pinged(trace.Replied)(r)
		}
		require.Equal(t, heard, answered, "with the binding %q", bound)
	}
}
