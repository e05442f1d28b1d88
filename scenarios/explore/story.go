package explore

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// phrases are what a break is about, in both languages of a scenario's title.
var phrases = map[What][2]string{
	TwoHolders:    {"Both nodes hold the VIP in a network that is whole", "ネットワークが正常なのに両ノードが VIP を保持する"},
	Nobody:        {"A node could serve, and nobody holds the VIP for too long", "引き継げるノードがあるのに VIP の無応答が長すぎる"},
	TooLate:       {"All is whole, and the master gets the VIP back too late", "すべて正常なのにマスターに VIP が戻るのが遅すぎる"},
	NotBack:       {"All is whole, and the VIP does not come to the master", "すべて正常なのに VIP がマスターに戻らない"},
	TwoCommands:   {"A command is asked for while another runs", "コマンドの実行中に別のコマンドを要求する"},
	TwoRequests:   {"The peer is asked while a request is out", "要求への応答を待たずに相手ノードへ再び要求する"},
	AnsweredTwice: {"A request is answered that nobody waits for", "待つ者のない要求に応答する"},
	Unanswered:    {"A request is never answered", "要求に応答しない"},
	LeftBehind:    {"The service has stopped and left the VIP behind", "サービスが停止しても VIP が残る"},
}

// roles are what scenarios call the nodes.
var roles = [2]string{"active", "standby"}

// In the story a passing deed is a fault that lasts from just before the event to just after it.
const around = just / 2

// Scenario is the way to the break as a scenario file. What its language has no word for is said in its comment: a command
// that hangs, and in which order things come that are due at one moment.
func (b *Break) Scenario(c Case) []byte {
	var f strings.Builder
	title := phrases[b.What]
	fmt.Fprintf(&f, "# %s (%s)\n# ja: %s (%s)\n#\n", title[0], b.Rule, title[1], b.Rule)
	b.comment(&f)
	f.WriteString("cluster two-switch cold\nat 0s power-on active\nat 0s power-on standby\n")
	for _, d := range b.Trail {
		for _, line := range d.lines(c) {
			f.WriteString(line + "\n")
		}
	}
	end := b.At + 2*time.Second
	switch b.What {
	case NotBack:
		f.WriteString("expect no holder active\n")
		end = b.At
	case Nobody, TwoHolders, LeftBehind, TooLate:
		fmt.Fprintf(&f, "expect finding %s\n", b.Rule)
	}
	fmt.Fprintf(&f, "end %s\n", seconds(end))
	c.files(&f, b)
	return []byte(f.String())
}

// comment says when it breaks and what cannot be played.
func (b *Break) comment(f *strings.Builder) {
	who := "Nobody's alone"
	if b.Node >= 0 {
		who = "Of " + roles[b.Node]
	}
	fmt.Fprintf(f, "# %s, of VIP %s, at %s", who, vipAddr[b.VIP], seconds(b.At))
	if b.Limit > 0 {
		fmt.Fprintf(f, "; the rules allow %s", seconds(b.Limit))
	}
	f.WriteString(". Found by exploring all ways to a break; this is\n# the shortest.\n")
	for _, d := range b.Trail {
		if d.What == Hangs {
			fmt.Fprintf(f, "# The language has no word for a command that hangs: that of %s at %s fails here, and there it is\n# ended %s later.\n", roles[d.Node], seconds(d.At), seconds(hangLimit))
		}
	}
}

// lines are the departure as steps.
func (d Departure) lines(c Case) []string {
	role := roles[d.Node]
	step := func(at time.Duration, format string, args ...any) string {
		return fmt.Sprintf("at %s ", seconds(at)) + fmt.Sprintf(format, args...)
	}
	netsh := func(mode string) []string {
		return []string{step(d.At-around, "netsh %s %s", role, mode), step(d.At+around, "netsh %s ok", role)}
	}
	switch d.What {
	case Split:
		return []string{step(d.At, "unplug sw1-sw2")}
	case Join:
		return []string{step(d.At, "plug sw1-sw2")}
	case Fails, Hangs:
		return netsh("fail")
	case Lies:
		return netsh("lie")
	case LosesEcho:
		return []string{step(d.At-around, "rule for %s drop icmp reply to %s", seconds(2*around), role)}
	case LateEcho:
		return []string{step(d.At-around, "rule for %s delay %s icmp reply to %s", seconds(2*around), seconds(c.Nodes[d.Node].PingTimeout), role)}
	case Claimed:
		return []string{step(d.At-around, "probe printer%d %s", d.Node+1, vipAddr[d.VIP])}
	}
	return []string{step(d.At, "%s %s", d.What, role)}
}

// files are those of the cluster: a switch for each node, with a client on it.
func (c Case) files(f *strings.Builder, b *Break) {
	f.WriteString("-- cluster.toml --\nname = \"two-switch\"\n\n[[trunk]]\na = \"sw1\"\nb = \"sw2\"\n")
	for i, role := range roles {
		fmt.Fprintf(f, "\n[[switch]]\nname = \"sw%d\"\n\n[node.%s]\nname = %q\naddress = \"192.168.10.%d/24\"\ninterface = %q\nswitch = \"sw%d\"\n",
			i+1, role, names[i], 200+i, interfaceName, i+1)
		fmt.Fprintf(f, "boot = %q\nnetsh = [%[2]q, %[2]q]\n", bootTime, c.Netsh[i])
		fmt.Fprintf(f, "\n[[client]]\nname = %q\naddress = \"192.168.10.%d/24\"\nswitch = \"sw%d\"\n", "client"+strings.Repeat("2", i), 150+i, i+1)
		if slices.ContainsFunc(b.Trail, func(d Departure) bool { return d.What == Claimed && d.Node == i }) {
			fmt.Fprintf(f, "\n[[stranger]]\nname = \"printer%d\"\naddress = \"192.168.10.%d/24\"\nswitch = \"sw%[1]d\"\n", i+1, 50+i)
		}
	}
	for i, role := range roles {
		fmt.Fprintf(f, "-- %s/ipwatch.dat --\n", role)
		for _, e := range entries(i, c.VIPs) {
			f.WriteString(e.String() + "\n")
		}
		s := c.Nodes[i]
		fmt.Fprintf(f, "-- %s/ipwcs.reg --\nWindows Registry Editor Version 5.00\n\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\EPOST\\IPWCS]\n"+
			"\"Interval\"=dword:%08x\n\"Balance\"=dword:%08x\n\"ReleaseTime\"=dword:%08x\n\"PingTimeout\"=dword:%08x\n",
			role, int(s.Interval.Seconds()), int(s.Balance), s.ReleaseTime, int(s.PingTimeout.Seconds()))
	}
}

// seconds is a time as scenarios write it.
func seconds(d time.Duration) string {
	s := fmt.Sprintf("%.3f", d.Seconds())
	return strings.TrimRight(strings.TrimRight(s, "0"), ".") + "s"
}
