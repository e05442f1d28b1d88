package explore

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"ipwsim/sim/finding"
)

// phrases are what a break is about, in both languages of a scenario's title.
var phrases = map[What]finding.Phrase{
	TwoHolders:    {En: "Both nodes hold the VIP in a network that is whole", Ja: "ネットワークが正常なのに両ノードが VIP を保持する"},
	Nobody:        {En: "A node could serve, and nobody holds the VIP for too long", Ja: "引き継げるノードがあるのに VIP の無応答が長すぎる"},
	TooLate:       {En: "All is whole, and the master gets the VIP back too late", Ja: "すべて正常なのにマスターに VIP が戻るのが遅すぎる"},
	NotBack:       {En: "All is whole, and the VIP does not come to the master", Ja: "すべて正常なのに VIP がマスターに戻らない"},
	TwoCommands:   {En: "A command is asked for while another runs", Ja: "コマンドの実行中に別のコマンドを要求する"},
	TwoRequests:   {En: "The peer is asked while a request is out", Ja: "要求への応答を待たずに相手ノードへ再び要求する"},
	AnsweredTwice: {En: "A request is answered that nobody waits for", Ja: "待つ者のない要求に応答する"},
	Unanswered:    {En: "A request is never answered", Ja: "要求に応答しない"},
	LeftBehind:    {En: "The service has stopped and left the VIP behind", Ja: "サービスが停止しても VIP が残る"},
}

// Phrase is what the break is about, in both languages.
func (w What) Phrase() finding.Phrase { return phrases[w] }

// roles are what scenarios call the nodes.
var roles = [2]string{"active", "standby"}

// In the story a passing deed is a fault that lasts from just before the event to just after it.
const around = just / 2

// Scenario is the way to the break as a scenario file. What its language has no word for is said in its comment: a command
// that hangs, and in which order things come that are due at one moment.
func (b *Break) Scenario(c Case) []byte {
	var f strings.Builder
	title := b.What.Phrase()
	fmt.Fprintf(&f, "# %s (%s)\n# ja: %s (%s)\n#\n", title.En, b.Rule, title.Ja, b.Rule)
	b.comment(&f)
	f.WriteString("cluster two-switch cold\nat 0s power-on active\nat 0s power-on standby\n")
	var all []step
	for _, d := range b.Trail {
		all = append(all, d.steps(c)...)
	}
	slices.SortStableFunc(all, func(a, b step) int { return cmp.Compare(a.at, b.at) })
	for _, s := range all {
		fmt.Fprintf(&f, "at %s %s\n", seconds(s.at), s.what)
	}
	end := b.At + 2*time.Second
	switch b.What {
	case NotBack, TooLate:
		fmt.Fprintf(&f, "expect no holder %s\n", roles[1-newRules(c).slave()])
		end = b.At
	case Nobody, TwoHolders, LeftBehind:
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
	f.WriteString(".\n# Of all ways to a break this is the shortest.\n")
	if b.Tied {
		f.WriteString("# It takes a certain order of things that are due at one moment, which a run\n# need not show.\n")
	}
	f.WriteString("#\n")
	for _, l := range b.Log[max(0, len(b.Log)-lastLines):] {
		fmt.Fprintf(f, "# %10s  %-7s  %s\n", seconds(l.At), roles[l.Node], l.Text)
	}
	for _, d := range b.Trail {
		if d.What == Hangs {
			fmt.Fprintf(f, "# The language has no word for a command that hangs. That of %s fails\n# at %s here, and is ended %s later there.\n", roles[d.Node], seconds(d.At), seconds(hangLimit))
		}
	}
}

// lastLines are how many of the last things that happened a comment has.
const lastLines = 12

// step is a line of a scenario.
type step struct {
	at   time.Duration
	what string
}

// steps are the departure as a scenario has it.
func (d Departure) steps(c Case) []step {
	role := roles[d.Node]
	short := " for " + (2 * around).String()
	switch d.What {
	case Split:
		return []step{{d.At, "unplug sw1-sw2"}}
	case Join:
		return []step{{d.At, "plug sw1-sw2"}}
	case Fails, Hangs:
		return d.netsh(c, "fail")
	case Lies:
		return d.netsh(c, "lie")
	case LosesEcho:
		return []step{{d.At - around, "rule" + short + " drop icmp reply to " + role}}
	case LateEcho:
		return []step{{d.At - around, "rule" + short + " delay " + c.Nodes[d.Node].PingTimeout.String() + " icmp reply to " + role}}
	case Claimed:
		return []step{{d.At - around, "probe " + stranger(d.Node) + " " + vipAddr[d.VIP].String()}}
	}
	return []step{{d.At, string(d.What) + " " + role}}
}

// netsh spoils one command, around the moment when it begins: what it will do is settled then.
func (d Departure) netsh(c Case, mode string) []step {
	begun := d.At - c.Netsh[d.Node]
	node := "netsh " + roles[d.Node] + " "
	return []step{{begun - around, node + mode}, {begun + around, node + "ok"}}
}

// stranger is who claims the VIP on the node's switch.
func stranger(node int) string { return fmt.Sprintf("printer%d", node+1) }

// files are the cluster's.
func (c Case) files(f *strings.Builder, b *Break) {
	c.watcherFiles(f, 0)
	c.clusterFile(f, b)
	c.watcherFiles(f, 1)
}

// clusterFile has a switch for each node, with a client on it.
func (c Case) clusterFile(f *strings.Builder, b *Break) {
	f.WriteString("-- cluster.toml --\nname = \"two-switch\"\n\n[[trunk]]\na = \"sw1\"\nb = \"sw2\"\n")
	for i, role := range roles {
		fmt.Fprintf(f, "\n[[switch]]\nname = \"sw%d\"\n\n[node.%s]\nname = %q\naddress = \"192.168.10.%d/24\"\ninterface = %q\nswitch = \"sw%d\"\n",
			i+1, role, names[i], 200+i, interfaceName, i+1)
		fmt.Fprintf(f, "boot = %q\nnetsh = [%[2]q, %[2]q]\n", bootTime, c.Netsh[i])
		fmt.Fprintf(f, "\n[[client]]\nname = %q\naddress = \"192.168.10.%d/24\"\nswitch = \"sw%d\"\n", "client"+strings.Repeat("2", i), 150+i, i+1)
		if slices.ContainsFunc(b.Trail, func(d Departure) bool { return d.What == Claimed && d.Node == i }) {
			fmt.Fprintf(f, "\n[[stranger]]\nname = %q\naddress = \"192.168.10.%d/24\"\nswitch = \"sw%d\"\n", stranger(i), 50+i, i+1)
		}
	}
}

func (c Case) watcherFiles(f *strings.Builder, i int) {
	fmt.Fprintf(f, "-- %s/ipwatch.dat --\n", roles[i])
	for _, e := range entries(i, c.VIPs) {
		f.WriteString(e.String() + "\n")
	}
	s := c.Nodes[i]
	fmt.Fprintf(f, "-- %s/ipwcs.reg --\nWindows Registry Editor Version 5.00\n\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\EPOST\\IPWCS]\n"+
		"\"Interval\"=dword:%08x\n\"Balance\"=dword:%08x\n\"ReleaseTime\"=dword:%08x\n\"PingTimeout\"=dword:%08x\n",
		roles[i], int(s.Interval.Seconds()), int(s.Balance), s.ReleaseTime, int(s.PingTimeout.Seconds()))
}

// seconds is a time as scenarios write it.
func seconds(d time.Duration) string {
	s := fmt.Sprintf("%.3f", d.Seconds())
	return strings.TrimRight(strings.TrimRight(s, "0"), ".") + "s"
}
