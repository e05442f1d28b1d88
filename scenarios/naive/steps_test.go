package naive_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// drawers draw what follows each verb of a scenario; "" when the cluster has no such thing. A verb that is not among
// them fails the test.
var drawers = map[string]func(p *plan) string{
	"unplug": (*plan).cable, "plug": (*plan).cable, "mend": (*plan).cable,
	"flap": func(p *plan) string { return p.cable() + " " + (p.upTo(20*time.Second) + time.Millisecond).String() },
	"move-port": func(p *plan) string {
		return one(p.source, p.machines...) + " to " + p.anyCable()[2] + one(p.source, "", " without notice", " without notice")
	},
	"cut": func(p *plan) string { c := p.anyCable(); return c[0] + " " + c[1+p.below(2)] },
	"impair": func(p *plan) string {
		return p.cable() + " " + one(p.source, "none", "none", "loss 5%", "loss 100%", "latency 10ms", "latency 40ms jitter 5ms", "duplicate 20%")
	},
	"rule": func(p *plan) string {
		p.rules++
		return "maybe " + one(p.source, "", "", "for "+(p.upTo(90*time.Second)+time.Millisecond).String()+" ") + p.rule()
	},

	"unrule": func(p *plan) string {
		if p.rules == 0 || p.chance(50) {
			return " "
		}
		return fmt.Sprint(1 + p.below(p.rules))
	},
	"shutdown": (*plan).node, "power-off": (*plan).powered, "power-on": (*plan).powered, "freeze": (*plan).node, "resume": (*plan).node,
	"stop-service": (*plan).node, "start-service": (*plan).node, "kill-service": (*plan).node,
	"delete-address": (*plan).nodeAndVIP, "add-address": (*plan).nodeAndVIP,
	"clock": func(p *plan) string {
		return p.node() + one(p.source, " +1h", " -30s", " 2% fast", " 2% slow", " 0.5% fast", " right")
	},
	"team-failover": func(p *plan) string {
		if p.team {
			return "active"
		}
		return ""
	},
	"registry": func(p *plan) string {
		return p.node() + one(p.source, " Interval 5", " Interval 30", " PingTimeout 1", " PingTimeout 6", " ReleaseTime 4", " Balance 0", " Balance 1")
	},
	"rename-interface": func(p *plan) string {
		return p.node() + one(p.source, " LAN", " イーサネット", " a")
	},
	"deny-logon": (*plan).node, "grant-logon": (*plan).node,
	"netsh":      func(p *plan) string { return p.node() + " " + one(p.source, "ok", "ok", "fail", "lie") },
	"block-echo": func(p *plan) string { return one(p.source, p.machines...) },
	"allow-echo": func(p *plan) string { return one(p.source, p.machines...) },
	"block-pipe": (*plan).node,
	"network":    func(p *plan) string { return p.node() + one(p.source, " public", " domain") },
	"allow-pipe": (*plan).node,
	"deny-pipe":  (*plan).node,
	"grant-pipe": (*plan).node,
	"kill-mail":  func(p *plan) string { return p.ifMail(p.node() + one(p.source, "", "", " EPSTRS", " EPSTDS")) },
	"stop-mail":  func(p *plan) string { return p.ifMail(p.node() + one(p.source, "", " EPSTDS")) },
	"start-mail": func(p *plan) string { return p.ifMail(p.node() + one(p.source, "", "", " EPSTRS", " EPSTDS")) },
	"disk":       func(p *plan) string { return p.ifMail(one(p.source, "ok", "full", "read-only", "lying")) },
	"share-crash": func(p *plan) string {
		return p.ifMail(one(p.source, "any", "create", "rename", "remove") + fmt.Sprint(" ", 1+p.below(30)))
	},
	"share-boot":    func(p *plan) string { return p.ifMail(" ") },
	"share-slow":    func(p *plan) string { return p.ifMail(one(p.source, "ok", "300ms", "5s", "30s")) },
	"share-session": func(p *plan) string { return p.ifMail(p.node()) },
	"share-account": func(p *plan) string { return p.ifMail(one(p.source, "changed", "ok")) },
	"outside": func(p *plan) string {
		return p.ifMail("outside " + one(p.source, "takes", "refuses", "defers", "silent"))
	},
	"claim": (*plan).strange, "probe": (*plan).strange, "usurp": (*plan).strange, "leave": (*plan).strange,
	"answer": (*plan).strange, "unanswer": (*plan).strange,
	"ping": func(p *plan) string {
		return one(p.source, p.clients...) + " " + one(p.source, append([]string{"vip"}, p.vips...)...)
	},
	"type": func(p *plan) string {
		vip := one(p.source, p.vips...)
		return one(p.source, append([]string{"active", "standby", "holder", "other"}, p.machines...)...) + " " + one(p.source,
			"net stop IPWCS", "net stop IPWCS", "net start IPWCS", "ipwcs -debug", "^C", "arp -d", "ipconfig /all", "ping -n 3 "+vip,
			`reg add HKLM\SOFTWARE\EPOST\IPWCS /v Interval /t REG_DWORD /d 8 /f`, "netsh interface ip add address LAN "+vip, "netsh interface ip delete address LAN "+vip)
	},
	"connect": func(p *plan) string { return p.ifMail(one(p.source, p.clients...) + " 192.168.10.202:25") },
	"send": func(p *plan) string {
		return p.ifMail(fmt.Sprintf("%s tanaka@example.com %s every 5s count %d", one(p.source, p.clients...),
			one(p.source, "suzuki@example.com", "carol@example.net", "suzuki@example.com,carol@example.net"), 1+p.below(8)))
	},
	"read": func(p *plan) string {
		return p.ifMail(one(p.source, p.clients...) + " " + one(p.source, "imap", "pop3") + " suzuki every 20s")
	},
}

// mends are the verbs that undo others.
var mends = map[string]string{
	"unplug": "plug", "cut": "mend", "shutdown": "power-on", "power-off": "power-on", "freeze": "resume", "stop-service": "start-service", "kill-service": "start-service", "deny-logon": "grant-logon",
	"usurp": "leave", "answer": "unanswer", "block-echo": "allow-echo", "block-pipe": "allow-pipe", "deny-pipe": "grant-pipe", "kill-mail": "start-mail", "stop-mail": "start-mail",
}

func (p *plan) ifMail(words string) string {
	if p.base != "mail" {
		return ""
	}
	return words
}

func (p *plan) anyCable() [3]string { return p.cables[p.below(len(p.cables))] }

// cable is mostly a node's.
func (p *plan) cable() string {
	if p.chance(50) {
		return one(p.source, p.nodes...)
	}
	return p.anyCable()[0]
}

func (p *plan) node() string {
	return one(p.source, "active", "active", "active", "standby", "standby", "standby", "holder", "other")
}

func (p *plan) nodeAndVIP() string { return p.node() + one(p.source, "", " "+one(p.source, p.vips...)) }

// strange is what a stranger says something of, if there is one: mostly a VIP.
func (p *plan) strange() string {
	if !p.stranger {
		return ""
	}
	return "stranger " + one(p.source, append([]string{"vip", "vip", p.addresses[p.below(len(p.addresses))]}, p.vips...)...)
}

// powered is a node, or seldom a switch.
func (p *plan) powered() string {
	if p.chance(15) {
		return p.anyCable()[2]
	}
	return p.node()
}

// rule draws one; most speak of echo packets, some of other things.
func (p *plan) rule() string {
	words := []string{one(p.source, "drop", "drop", "drop", "delay 200ms", "duplicate 1")}
	what := one(p.source, "icmp", "icmp echo", "icmp reply", "ip", "arp", "arp announcement", "arp reply", "tcp", "")
	if what != "" {
		words = append(words, what)
	}
	if p.chance(40) {
		words = append(words, "on "+p.anyCable()[0])
	}
	if p.chance(40) {
		words = append(words, "from "+one(p.source, p.machines...))
	}
	if p.chance(30) {
		words = append(words, "to "+one(p.source, p.machines...))
	}
	address := one(p.source, append(slices.Clone(p.addresses), p.vips...)...)
	if is := strings.Fields(what + " any")[0]; is != "any" && p.chance(40) {
		words = append(words, map[bool]string{true: "sender ", false: one(p.source, "src ", "dst ")}[is == "arp"]+address)
	}
	if what == "tcp" && p.chance(50) {
		words = append(words, one(p.source, "port 25", "port 445"))
	}
	if p.chance(20) {
		words = append(words, one(p.source, "first 3", "every 2"))
	}
	if len(words) == 1 {
		words = append(words, "icmp")
	}
	return strings.Join(words, " ")
}

// again is seldom that something is done more than once: a cable that flaps.
func (p *plan) again(now time.Duration, verb string) string {
	if verb != "flap" || !p.chance(30) {
		return ""
	}
	every := 21*time.Second + p.upTo(20*time.Second)
	until := now + time.Duration(1+p.below(4))*every
	p.end = max(p.end, until)
	return fmt.Sprintf("every %v until %v ", every, until)
}

// drawSteps draws what happens, several things at one time among it.
func (p *plan) drawSteps() {
	verbs := slices.Sorted(maps.Keys(drawers))
	common := []string{
		"unplug", "unplug", "unplug", "shutdown", "power-off", "freeze", "stop-service", "kill-service", "cut", "flap", "flap", "block-pipe", "deny-pipe",
	}
	var open []string // what undoes what was done
	now := p.upTo(40 * time.Second)
	if p.base == "mail" {
		p.steps = append(p.steps, "at 0s send "+drawers["send"](p), "at 0s read "+drawers["read"](p))
	}
	if p.cold {
		p.steps = append(p.steps, "at 0s power-on active")
		open = append(open, "power-on standby")
	}
	for range 1 + p.below(9) {
		i := p.below(len(open) + 1)
		verb := one(p.source, append(verbs, common...)...)
		switch {
		case i < len(open) && p.chance(70):
			p.steps = append(p.steps, fmt.Sprintf("at %v %s", now, open[i]))
			open = slices.Delete(open, i, i+1)
		default:
			words := drawers[verb](p)
			if words == "" {
				continue
			}
			p.steps = append(p.steps, fmt.Sprintf("at %v %s%s %s", now, p.again(now, verb), verb, words))
			if mend, ok := mends[verb]; ok {
				open = append(open, mend+" "+strings.Fields(words)[0])
				if p.stranger && strings.HasPrefix(words, "stranger ") && verb != "unplug" && verb != "cut" {
					open[len(open)-1] = mend + " " + words
				}
			}
		}
		if p.chance(85) {
			now += one(p.source, p.upTo(2*time.Second), p.upTo(60*time.Second), p.upTo(60*time.Second), p.upTo(140*time.Second))
		}
	}
	// Off the milliseconds, so that nothing happens in the run's last instant.
	p.end = max(p.end, now) + p.upTo(100*time.Second) + time.Second + 123400*time.Nanosecond
}
