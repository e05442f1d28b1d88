package console_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/core/golden"
	"ipwsim/netstack/wire"
	"ipwsim/sim/cluster"
	"ipwsim/sim/console"
	"ipwsim/sim/profile"
	"ipwsim/sim/says"
	"ipwsim/sim/trace"
	"ipwsim/sim/windows"
)

// H19: what each command prints, in both languages: a session of an administrator.
func TestH19_Session(t *testing.T) {
	for _, lang := range []says.Language{says.English, says.Japanese} {
		t.Run(string(lang), func(t *testing.T) {
			l := settled(t, lang, func(bp *cluster.Blueprint) {
				bp.Nodes[0].Gateway = bp.Nodes[0].Address.Addr().Prev() // nobody, but shown
			})
			node := l.typed("active", 60*s,
				"hostname", "ipconfig", "ipconfig /all", "ping -n 2 192.168.10.150", "arp -a", "arp -d", "arp -a", "arp -d 192.168.10.9",
				"ping -n 1 nobody", "ping -x", "ping", "ping -n 99999999999 nobody", "ping -n 2 127.0.0.1",
				"netsh interface ip show address イーサネット", "netsh int ip show addresses name=WLAN",
				`netsh interface ip add address "イーサネット" 192.168.10.209 255.255.255.0`,
				`netsh interface ip add address "イーサネット" addr=192.168.10.209`,
				`netsh interface ip delete address "イーサネット" addr=192.168.10.209`,
				`netsh interface ip delete address "イーサネット" addr=192.168.10.209`,
				`netsh interface ip delete address "Ethernet" addr=192.168.10.209`,
				"netsh wlan show networks", "netsh interface ip add address x y",
				"netsh interface ip add address イーサネット 255.255.255.255", "netsh interface ip add address イーサネット 192.168.10.255",
				"netsh interface ip add address イーサネット 192.168.10.209 255.0.255.0",
				`reg query HKLM\SOFTWARE\EPOST\IPWCS`,
				`reg query HKLM\SOFTWARE\EPOST\IPWCS /v interval`, `reg query HKLM\SOFTWARE\Nobody`, "reg add",
				`reg add HKLM\SOFTWARE\EPOST\IPWCS /v interval /t REG_DWORD /d 10`, "maybe", `reg add HKLM\SOFTWARE\EPOST\IPWCS /v interval /t REG_DWORD /d 10`, "y",
				`reg add HKLM\SOFTWARE\EPOST\IPWCS /v PingTimeout /t REG_DWORD /d 0x3 /f`, `reg query HKLM\SOFTWARE\EPOST\IPWCS`,
				`reg add HKLM\SOFTWARE\EPOST\IPWCS /v Interval /t REG_DWORD /d 0 /f`, `reg add HKLM\SOFTWARE\EPOST\IPWCS /v Interval /d 10 /f`,
				`reg add HKLM\SOFTWARE\EPOST\IPWCS /v Interval /t REG_DWORD /d x /f`, `reg add HKLM\SOFTWARE\EPOST\IPWCS /v Intervall /t REG_DWORD /d 1 /f`,
				`reg add HKLM\SOFTWARE\EPOST\IPWCS /v LogicalIP /d x /f`,
				`reg add HKLM\SOFTWARE\Nobody /v Interval /d 10 /f`, `reg add HKLM\SOFTWARE\EPOST\IPWCS /x`,
				"net start", `net start "E-POST IP Watcher"`, `net stop "E-POST IP Watcher"`, `net stop "E-POST IP Watcher"`,
				`net start "E-POST IP Watcher"`, "net stop Spooler", "net use", "sc query ipwcs", "sc query Spooler", "sc config", "dir /b", "type ipwatch.dat", "type nothing.txt", "ver")
			client := l.typed("client", 90*s, "ping -n 2 192.168.10.202", "ping -n 1 192.168.10.99", "arp -a", "ipwcs -debug", "ipconfig /all",
				"telnet 192.168.10.202 25")
			golden.Hold(t, "testdata/session."+string(lang)+".txt", node+"\n"+client+"\n")
		})
	}
}

// H12: ipconfig tells who has the VIP, in which state, and whether there is a cable.
func TestH12_IPConfigTellsTheHolder(t *testing.T) {
	l := settled(t, says.English)
	has := "IPv4 Address. . . . . . . . . . . : 192.168.10.202(Preferred)"
	require.Contains(t, l.output("active", s, "ipconfig /all"), has)
	require.NotContains(t, l.output("standby", s, "ipconfig /all"), has)
	require.NoError(t, l.Plug("active", false))
	l.pass(45 * s)
	require.Contains(t, l.output("active", s, "ipconfig /all"), "Media disconnected")
	require.Contains(t, l.output("standby", s, "ipconfig /all"), has)
	l.typed("active", s, `netsh interface ip add address "イーサネット" 192.168.10.210`)
	require.NoError(t, l.Plug("active", true))
	require.Contains(t, l.output("active", s, "ipconfig /all"), "192.168.10.200(Tentative)")
}

// What a command does it does to the world: seen from outside it, by the frames and by the trace.
func TestH19_CommandsChangeTheWorld(t *testing.T) {
	l := settled(t, says.English)
	arps := 0
	l.Network().AddTap(func(_ time.Duration, c *wire.Cable, b []byte) {
		if c.Name() == "client" && b[12] == 8 && b[13] == 6 {
			arps++
		}
	})
	l.typed("client", s, "arp -d", "ping -n 1 192.168.10.202")
	require.NotZero(t, arps, "after arp -d the client asks again")
	state := func(role string) trace.AddressState {
		n, err := l.Node(role)
		require.NoError(t, err)
		return n.AddressState(l.VIPs()[0])
	}
	l.typed("active", 2*s, `netsh interface ip delete address name="イーサネット" addr=192.168.10.202`)
	require.Equal(t, trace.AddressState("absent"), state("active"))
	l.typed("standby", 2*s, "netsh interface ip add address イーサネット 192.168.10.202")
	require.Equal(t, trace.AddressState("tentative"), state("standby"))
}

// net stop is the fault of the verb stop-service, and net start its end.
func TestH19_NetIsAFault(t *testing.T) {
	l := settled(t, says.English)
	first := len(l.Trace().Records)
	l.typed("standby", 5*s, "net stop IPWCS", "net start IPWCS")
	watcher := []trace.Touch{{Part: trace.WatcherPart, Of: "standby"}}
	require.Equal(t, []trace.Fault{
		{ID: 1, Verb: "stop-service", Target: "standby", Breaks: true, Touches: watcher},
		{ID: 2, Verb: "start-service", Target: "standby", Touches: watcher, Ends: []int{1}},
	}, l.faults(first))
}

// H18: an address that an administrator types away or on is the fault that the verb is, and what changes nothing is none.
func TestH18_NetshByHandIsAFault(t *testing.T) {
	l := settled(t, says.English)
	first := len(l.Trace().Records)
	l.typed("active", 10*s, `netsh interface ip delete address "イーサネット" addr=192.168.10.202`,
		`netsh interface ip delete address "イーサネット" addr=192.168.10.202`, `netsh interface ip delete address "WLAN" addr=192.168.10.202`,
		`netsh interface ip add address "イーサネット" 192.168.10.255`)
	l.typed("standby", 2*s, "netsh interface ip add address イーサネット 192.168.10.202")
	l.typed("client", 2*s, "netsh interface ip add address イーサネット 192.168.10.77")
	part := func(role string) []trace.Touch {
		return []trace.Touch{{Part: trace.AddressPart, Of: role, End: "192.168.10.202"}}
	}
	require.Equal(t, []trace.Fault{
		{ID: 1, Verb: "delete-address", Target: "active", Setting: "192.168.10.202", Touches: part("active")},
		{ID: 2, Verb: "add-address", Target: "standby", Setting: "192.168.10.202", Touches: part("standby")},
	}, l.faults(first))
	n, err := l.Node("active")
	require.NoError(t, err)
	n.SetNetsh(windows.NetshLies)
	l.typed("active", 2*s, "netsh interface ip add address イーサネット 192.168.10.209")
	require.Len(t, l.faults(first), 2, "netsh did nothing")
}

// The mail services are stopped and started by either name: clients see it, and it is the fault of their verbs (M1).
func TestH19_NetOfMailServices(t *testing.T) {
	l := settledAs(t, blueprint(t, "mail"))
	first := len(l.Trace().Records)
	got := l.typed("active", 2*s, `net stop "E-POST SMTP Receiver"`, "net stop EPSTRS", "net start", "sc query EPSTRS")
	require.Contains(t, got, "The E-POST SMTP Receiver service was stopped successfully.")
	require.Contains(t, got, "The E-POST SMTP Receiver service is not started.")
	require.Contains(t, got, "   E-POST SMTP Delivery Agent\n")
	require.NotContains(t, got, "   E-POST SMTP Receiver\n")
	require.Contains(t, got, "1  STOPPED")
	require.Contains(t, l.typed("client", 25*s, "telnet 192.168.10.202 25"), "Connect failed")
	require.Contains(t, l.typed("active", 2*s, "net start epstrs"), "was started successfully")
	require.Contains(t, l.typed("client", 2*s, "telnet 192.168.10.202 25"), "220 ")
	part := []trace.Touch{{Part: trace.MailPart, Of: "active", End: "EPSTRS"}}
	require.Equal(t, []trace.Fault{
		{ID: 1, Verb: "stop-mail", Target: "active", Setting: "EPSTRS", Breaks: true, Touches: part},
		{ID: 2, Verb: "start-mail", Target: "active", Setting: "EPSTRS", Touches: part, Ends: []int{1}},
	}, l.faults(first))
}

// A Linux client's ping has Linux' words and goes on until Ctrl-C, unless -c says how often.
func TestH19_PingOfLinux(t *testing.T) {
	l := settled(t, says.Japanese, func(bp *cluster.Blueprint) { bp.Clients[0].Profile, _ = profile.Neighbors.Lookup("linux") })
	got := l.typed("client", 4*s, "ping -c 2 192.168.10.202")
	require.Regexp(t, `PING 192.168.10.202 \(192.168.10.202\) 32\(60\) bytes of data.
40 bytes from 192.168.10.202: icmp_seq=1 ttl=128 time=0\.\d{3} ms
40 bytes from 192.168.10.202: icmp_seq=2 ttl=128 time=0\.\d{3} ms

--- 192.168.10.202 ping statistics ---
2 packets transmitted, 2 received, 0% packet loss
rtt min/avg/max/mdev = 0\.\d{3}/0\.\d{3}/0\.\d{3}/0\.\d{3} ms`, got)
	require.Contains(t, l.typed("client", 5500*ms, "ping 192.168.10.99"), "no answer yet for icmp_seq=2")
	require.Contains(t, l.typed("client", s, "^C"), "5 packets transmitted, 0 received, 100% packet loss")
}

// Lines that are typed while a command runs wait for it; Ctrl-C does not.
func TestH19_TypingAhead(t *testing.T) {
	l := settled(t, says.English)
	c, err := l.Console("client")
	require.NoError(t, err)
	got := l.typed("client", 2500*ms, "ping -t 192.168.10.202", "hostname")
	require.NotContains(t, got, "hostname")
	require.Equal(t, console.Open, c.State())
	got = l.typed("client", s, "^C")
	require.Contains(t, got, "Sent = 3, Received = 3, Lost = 0 (0% loss)")
	require.Contains(t, got, "Average = 0ms\nControl-C\n^C\n\nC:\\")
	require.Contains(t, got, "C:\\Users\\user>hostname\nclient")
	require.Equal(t, console.Idle, c.State())
}

// A ping of hours goes on like one without an end.
func TestH19_LongPing(t *testing.T) {
	l := settled(t, says.English)
	c, err := l.Console("client")
	require.NoError(t, err)
	for line, want := range map[string]console.State{"ping -n 4294967295 127.0.0.1": console.Open, "ping -n 3600 127.0.0.1": console.Working} {
		l.typed("client", s, line)
		require.Equal(t, want, c.State(), line)
		l.typed("client", s, "^C")
	}
}

// H7: a frozen machine prints nothing and takes what was typed when it wakes.
func TestH19_FrozenConsole(t *testing.T) {
	l := settled(t, says.English)
	n, err := l.Node("active")
	require.NoError(t, err)
	n.Freeze()
	require.Empty(t, l.typed("active", 10*s, "hostname"))
	n.Resume()
	l.pass(s)
	require.Contains(t, l.screen("active"), "hvt162EPST11")
}

// telnet shows the banner, takes what is typed, and is closed at once by a hidden address (M3).
func TestH19_Telnet(t *testing.T) {
	l := settledAs(t, blueprint(t, "mail"))
	got := l.typed("client", s, "telnet 192.168.10.202 smtp") + "\n" + l.typed("client", s, "HELO pc") + "\n" + l.typed("client", s, "QUIT")
	require.Regexp(t, "(?s)Connecting To 192.168.10.202...\n220 .*HELO pc\n250 .*QUIT\n221 .*Connection to host lost.", got)
	c, err := l.Console("client")
	require.NoError(t, err)
	require.Equal(t, console.Idle, c.State())
	require.Contains(t, l.typed("client", 5*s, "telnet 192.168.10.202 26"), "on port 26: Connect failed")
	require.Contains(t, l.typed("client", 5*s, "telnet 192.168.10.202 110"), "+OK")
	require.Equal(t, console.Asking, c.State())
	require.Contains(t, l.typed("client", s, "^C", "hostname"), "\nclient")
	require.Equal(t, "Connecting To 192.168.10.200...\n\nConnection to host lost.\n", l.output("client", 5*s, "telnet 192.168.10.200 smtp"),
		"M3: a real address is hidden")
}

// A machine that shuts down starts and stops nothing for those who type, and no fault is told of it.
func TestH19_ShuttingDown(t *testing.T) {
	l := settled(t, says.English)
	n, err := l.Node("active")
	require.NoError(t, err)
	require.True(t, n.Shutdown())
	first := len(l.Trace().Records)
	require.Contains(t, l.typed("active", 10*ms, "ipwcs -entry", "^C", "net start IPWCS"), "is starting or stopping")
	for _, r := range l.Trace().Records[first:] {
		require.NotEqual(t, "fault", r.Body.Kind())
	}
}
