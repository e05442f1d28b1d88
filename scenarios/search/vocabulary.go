package search

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// drawing is what a fault is drawn from.
type drawing struct {
	draws
	*place
}

// vocabulary draws what follows each verb of scenarios; "" where the cluster has no such thing. A verb that is not here is
// never tried, which a test does not let pass.
var vocabulary = map[string]func(drawing) string{
	"unplug": drawing.cable, "plug": drawing.cable, "mend": drawing.cable,
	"flap": func(d drawing) string {
		return d.cable() + " " + d.between(time.Millisecond, one(d.draws, 2*time.Second, 5*time.Second, 20*time.Second)).String()
	},
	"move-port": func(d drawing) string {
		return one(d.draws, d.machines...) + " to " + one(d.draws, d.switches...) + one(d.draws, "", " without notice", " without notice")
	},
	"cut": func(d drawing) string { c := d.anyCable(); return c[0] + " " + c[1+d.below(2)] },
	"impair": func(d drawing) string {
		return d.cable() + " " + one(d.draws, "none", "loss 5%", "loss 100%", "latency 10ms", "latency 40ms jitter 5ms", "duplicate 20%", "latency 900ms")
	},
	"rule": func(d drawing) string {
		return "maybe " + one(d.draws, "", "", "for "+d.between(time.Millisecond, 90*time.Second).String()+" ") + d.rule()
	},
	"unrule":   func(d drawing) string { return one(d.draws, "", "1", "2", "3") },
	"shutdown": drawing.node, "power-off": drawing.powered, "power-on": drawing.powered, "freeze": drawing.node, "resume": drawing.node,
	"stop-service": drawing.node, "start-service": drawing.node, "kill-service": drawing.node,
	"delete-address": drawing.nodeAndVIP, "add-address": drawing.nodeAndVIP,
	"clock": func(d drawing) string {
		return d.node() + one(d.draws, " +1h", " -30s", " 2% fast", " 2% slow", " 0.5% fast", " right")
	},
	"team-failover": func(d drawing) string {
		if len(d.teams) == 0 {
			return ""
		}
		return one(d.draws, d.teams...)
	},
	"registry": func(d drawing) string {
		return d.node() + one(d.draws, " Interval 5", " Interval 30", " PingTimeout 1", " PingTimeout 6", " ReleaseTime 4", " Balance 0", " Balance 1")
	},
	"rename-interface": func(d drawing) string { return d.node() + one(d.draws, " LAN", " イーサネット", " a") },
	"deny-logon":       drawing.node, "grant-logon": drawing.node,
	"netsh":      func(d drawing) string { return d.node() + " " + one(d.draws, "ok", "fail", "lie") },
	"block-echo": func(d drawing) string { return one(d.draws, d.machines...) },
	"allow-echo": func(d drawing) string { return one(d.draws, d.machines...) },
	"network":    func(d drawing) string { return d.node() + one(d.draws, " public", " domain") },
	"block-pipe": drawing.node, "allow-pipe": drawing.node, "deny-pipe": drawing.node, "grant-pipe": drawing.node,
	"kill-mail":  func(d drawing) string { return d.ifMail(d.node() + one(d.draws, "", "", " EPSTRS", " EPSTDS")) },
	"stop-mail":  func(d drawing) string { return d.ifMail(d.node() + one(d.draws, "", " EPSTDS")) },
	"start-mail": func(d drawing) string { return d.ifMail(d.node() + one(d.draws, "", "", " EPSTRS", " EPSTDS")) },
	"disk":       func(d drawing) string { return d.ifMail(one(d.draws, "ok", "full", "read-only", "lying")) },
	"share-crash": func(d drawing) string {
		return d.ifMail(one(d.draws, "any", "create", "rename", "remove") + fmt.Sprint(" ", 1+d.below(30)))
	},
	"share-boot":    func(d drawing) string { return d.ifMail(" ") },
	"share-slow":    func(d drawing) string { return d.ifMail(one(d.draws, "ok", "300ms", "5s", "30s")) },
	"share-session": func(d drawing) string { return d.ifMail(d.node()) },
	"share-account": func(d drawing) string { return d.ifMail(one(d.draws, "changed", "ok")) },
	"outside": func(d drawing) string {
		if len(d.servers) == 0 {
			return ""
		}
		return one(d.draws, d.servers...) + " " + one(d.draws, "takes", "refuses", "defers", "silent")
	},
	"claim": drawing.strange, "probe": drawing.strange, "usurp": drawing.strange, "leave": drawing.strange,
	"answer": drawing.strange, "unanswer": drawing.strange,
	"ping": func(d drawing) string {
		return one(d.draws, d.clients...) + " " + one(d.draws, append([]string{"vip"}, d.vips...)...)
	},
	"type": func(d drawing) string {
		vip, iface := one(d.draws, d.vips...), `"`+one(d.draws, d.interfaces...)+`"`
		return one(d.draws, append([]string{"active", "standby", "holder", "other"}, d.machines...)...) + " " + one(d.draws,
			"net stop IPWCS", "net stop IPWCS", "net start IPWCS", "ipwcs -debug", "^C", "arp -d", "ipconfig /all", "ping -n 3 "+vip,
			`reg add HKLM\SOFTWARE\EPOST\IPWCS /v Interval /t REG_DWORD /d 8 /f`, "netsh interface ip add address "+iface+" "+vip, "netsh interface ip delete address "+iface+" "+vip)
	},
	"connect": func(d drawing) string { return d.ifMail(one(d.draws, d.clients...) + " " + d.vips[0] + ":25") },
	"send":    drawing.send, "read": drawing.read,
}

// mends are the verbs that undo others.
var mends = map[string]string{
	"unplug": "plug", "cut": "mend", "shutdown": "power-on", "power-off": "power-on", "freeze": "resume", "stop-service": "start-service",
	"kill-service": "start-service", "deny-logon": "grant-logon", "usurp": "leave", "answer": "unanswer", "block-echo": "allow-echo",
	"block-pipe": "allow-pipe", "deny-pipe": "grant-pipe", "kill-mail": "start-mail", "stop-mail": "start-mail", "share-crash": "share-boot",
}

// mails are the verbs of mail, which are drawn more often in a cluster that has any.
var mails = []string{"kill-mail", "start-mail", "disk", "share-crash", "share-slow", "share-session", "outside", "send"}

// common are drawn more often than others.
var common = []string{
	"unplug", "unplug", "unplug", "unplug", "shutdown", "power-off", "freeze", "freeze", "stop-service", "stop-service", "kill-service",
	"cut", "flap", "flap", "block-pipe", "deny-pipe", "netsh", "netsh",
}

func (d drawing) ifMail(words string) string {
	if !d.mail {
		return ""
	}
	return words
}

func (d drawing) anyCable() [3]string { return d.cables[d.below(len(d.cables))] }

// cable is mostly a node's.
func (d drawing) cable() string {
	if d.chance(60) {
		return one(d.draws, d.nodes...)
	}
	return d.anyCable()[0]
}

func (d drawing) node() string {
	return one(d.draws, "active", "active", "active", "standby", "standby", "standby", "holder", "other")
}

func (d drawing) nodeAndVIP() string { return d.node() + one(d.draws, "", " "+one(d.draws, d.vips...)) }

// strange is what a stranger says something of: mostly a VIP.
func (d drawing) strange() string {
	if len(d.strangers) == 0 {
		return ""
	}
	return one(d.draws, d.strangers...) + " " + one(d.draws, append([]string{"vip", "vip", one(d.draws, d.addresses...)}, d.vips...)...)
}

// powered is a node, or seldom a switch.
func (d drawing) powered() string {
	if d.chance(15) {
		return one(d.draws, d.switches...)
	}
	return d.node()
}

// rule draws one; most speak of echo packets, some of other things.
func (d drawing) rule() string {
	words := []string{one(d.draws, "drop", "drop", "drop", "delay 200ms", "delay 2s", "duplicate 1")}
	what := one(d.draws, "icmp", "icmp echo", "icmp reply", "ip", "arp", "arp announcement", "arp reply", "arp probe", "tcp", "")
	if what != "" {
		words = append(words, what)
	}
	if d.chance(40) {
		words = append(words, "on "+d.anyCable()[0])
	}
	if d.chance(40) {
		words = append(words, "from "+one(d.draws, d.machines...))
	}
	if d.chance(30) {
		words = append(words, "to "+one(d.draws, d.machines...))
	}
	address := one(d.draws, append(slices.Clone(d.addresses), d.vips...)...)
	if is := strings.Fields(what + " any")[0]; is != "any" && d.chance(40) {
		words = append(words, map[bool]string{true: "sender ", false: one(d.draws, "src ", "dst ")}[is == "arp"]+address)
	}
	if what == "tcp" && d.chance(50) {
		words = append(words, one(d.draws, "port 25", "port 445"))
	}
	if d.chance(20) {
		words = append(words, one(d.draws, "first 3", "every 2"))
	}
	if len(words) == 1 {
		words = append(words, "icmp")
	}
	return strings.Join(words, " ")
}
