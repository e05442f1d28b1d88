package verb

import (
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"ipwsim/netstack/wire"
	"ipwsim/sim/cluster"
	"ipwsim/sim/mail"
	"ipwsim/sim/trace"
	"ipwsim/sim/world"
)

// anyCall draws a call that a scenario could hold.
func anyCall(t *rapid.T) Call {
	v := rapid.SampledFrom(All).Draw(t, "verb")
	c := Call{Verb: v, Arg: v.implied}
	if v.Target != Nobody {
		c.Target = anyName.Draw(t, "target")
	}
	if draw, ok := args[v.Name]; ok && !(v.bare && rapid.Bool().Draw(t, "bare")) {
		c.Arg = draw(t)
	}
	return c
}

var anyName = rapid.StringMatching(`[a-z][a-z0-9_-]{0,14}`)

// args draws what follows the target, of each verb that wants something there.
var args = map[string]func(*rapid.T) Arg{
	"ping":    anyPinged,
	"connect": func(t *rapid.T) Arg { return connected(netip.AddrPortFrom(vip, anyPort(t))) },
	"type": func(t *rapid.T) Arg {
		return typed(rapid.SampledFrom([]string{"ipconfig /all", `net stop "E-POST IP Watcher"`, "^C", `\\\\hvt162EPST12`, "< steps.txt"}).Draw(t, "line"))
	},
	"send":   anySending,
	"read":   anyReading,
	"rule":   anyRule,
	"unrule": anyUnrule,
	"claim":  anyPinged, "probe": anyPinged, "usurp": anyPinged, "leave": anyPinged, "answer": anyAnswered, "unanswer": anyAnswered,
	"flap":      func(t *rapid.T) Arg { return span(rapid.Int64Range(1, int64(MaxTime)).Draw(t, "for")) },
	"move-port": func(t *rapid.T) Arg { return moving{anyName.Draw(t, "to"), rapid.Bool().Draw(t, "silent")} },
	"cut":       func(t *rapid.T) Arg { return endOf(anyName.Draw(t, "end")) },
	"impair": func(t *rapid.T) Arg {
		return impairing{anyImpairment(t), rapid.SampledFrom([]string{"", "sw1"}).Draw(t, "from")}
	},
	"netsh": anyOf("ok", "fail", "lie"),
	"disk":  anyOf("ok", "full", "read-only", "lying"),
	"share-crash": func(t *rapid.T) Arg {
		return crashAt{rapid.SampledFrom(operations).Draw(t, "operation"), rapid.IntRange(1, 1000).Draw(t, "n")}
	},
	"share-slow": func(t *rapid.T) Arg {
		return slowness(rapid.Int64Range(0, int64(time.Minute)).Draw(t, "each"))
	},
	"share-account": anyOf("changed", "ok"),
	"outside":       anyOf("takes", "refuses", "defers", "silent"),

	"delete-address": anyAddress,
	"add-address":    anyAddress,
	"registry": func(t *rapid.T) Arg {
		return valueOf{rapid.SampledFrom([]string{"Interval", "PingTimeout"}).Draw(t, "value"), rapid.SampledFrom([]string{"1", "10"}).Draw(t, "data")}
	},
	"rename-interface": func(t *rapid.T) Arg {
		return iface(rapid.SampledFrom([]string{"a", "イーサネット 2"}).Draw(t, "name"))
	},

	"kill-mail": anyOf(mail.Names...),
	"stop-mail": anyOf(mail.Names...),
	"clock": func(t *rapid.T) Arg {
		if rapid.Bool().Draw(t, "drifts") {
			return paceOf(rapid.Int64Range(-2*percent, 2*percent).Draw(t, "ppm"))
		}
		return stepOf(rapid.Int64Range(1, int64(mostStep)).Draw(t, "step") * rapid.SampledFrom([]int64{1, -1}).Draw(t, "way"))
	},
	"network":    anyOf("public", "domain"),
	"start-mail": anyOf(mail.Names...),
}

var vip = netip.MustParseAddr("192.168.10.202")

func anyAddress(t *rapid.T) Arg {
	return vipOf(netip.AddrFrom4([4]byte{192, 168, 10, byte(rapid.IntRange(202, 205).Draw(t, "host"))}))
}

func anyPinged(t *rapid.T) Arg {
	return pinged(rapid.SampledFrom([]netip.Addr{{}, vip}).Draw(t, "target"))
}

func anyAnswered(t *rapid.T) Arg {
	if rapid.Bool().Draw(t, "all") {
		return answered{all: true}
	}
	return answered{ip: anyPinged(t).(pinged)}
}

func anyPort(t *rapid.T) uint16 { return rapid.Uint16Min(1).Draw(t, "port") }

func anyOf(words ...string) func(*rapid.T) Arg {
	return func(t *rapid.T) Arg { return word(rapid.SampledFrom(words).Draw(t, "word")) }
}

func anyVia(t *rapid.T) (at netip.AddrPort) {
	if rapid.Bool().Draw(t, "via") {
		at = netip.AddrPortFrom(vip, anyPort(t))
	}
	return at
}

func anyEvery(t *rapid.T) time.Duration {
	return time.Duration(rapid.Int64Range(int64(100*time.Millisecond), int64(time.Hour)).Draw(t, "every"))
}

func anySending(t *rapid.T) Arg {
	to := rapid.SliceOfN(rapid.SampledFrom([]string{"b@example.com", "c@example.net"}), 1, 3).Draw(t, "to")
	return &sending{world.Send{
		From: "a@example.com", To: to, Every: anyEvery(t), Count: rapid.IntRange(0, 1_000_000).Draw(t, "count"),
		Each: rapid.IntRange(0, 100).Draw(t, "each"), Size: rapid.IntRange(0, 1<<20).Draw(t, "size"), Via: anyVia(t),
	}}
}

func anyReading(t *rapid.T) Arg {
	by := rapid.SampledFrom([]trace.MailProtocol{trace.POP3, trace.IMAP}).Draw(t, "by")
	return &reading{world.Read{By: by, User: anyName.Draw(t, "user"), Every: anyEvery(t), Keep: rapid.Bool().Draw(t, "keep"), Via: anyVia(t)}}
}

func anyRule(t *rapid.T) Arg {
	text := rapid.SampledFrom([]string{
		"drop", "drop arp announcement sender 192.168.10.202 from standby first 2", "delay 200ms icmp reply on active",
		"duplicate 2 tcp src 192.168.10.1 dport 110 every 3",
	}).Draw(t, "rule")
	r, err := wire.ParseRule(strings.Fields(text))
	require.NoError(t, err)
	return &Rule{r, rapid.Bool().Draw(t, "maybe"), time.Duration(rapid.Int64Range(0, int64(MaxTime)).Draw(t, "for"))}
}

func anyUnrule(t *rapid.T) Arg {
	switch rapid.IntRange(0, 2).Draw(t, "by") {
	case 0:
		return unruled{}
	case 1:
		return unruled{number: rapid.IntRange(1, 1000).Draw(t, "number")}
	}
	return unruled{rule: &anyRule(t).(*Rule).Rule}
}

// anyImpairment draws an impairment, one that does nothing among them.
func anyImpairment(t *rapid.T) (i cluster.Impairment) {
	for _, one := range []string{"loss 5%", "latency 10ms", "jitter 2ms", "duplicate 0.5%", "reorder 1% hold 3ms"} {
		if rapid.Bool().Draw(t, one) {
			for pair := range strings.SplitSeq(strings.Replace(one, "% h", "%,h", 1), ",") {
				word, value, _ := strings.Cut(pair, " ")
				require.NoError(t, i.Set(word, value))
			}
		}
	}
	return i
}

func TestEveryVerbParsesAndPrintsBack(t *testing.T) {
	for _, v := range All {
		require.Equal(t, v.parse != nil, args[v.Name] != nil, "%s: this test draws what follows the target", v.Name)
	}
	rapid.Check(t, func(t *rapid.T) {
		want := anyCall(t)
		got, err := Parse(strings.Fields(want.String()))
		require.NoError(t, err)
		require.Equal(t, want, got)
		require.Equal(t, want.String(), got.String())
	})
}

// Words that are no call are explained, never accepted as another call.
func TestAnyWordsAreACallOrExplained(t *testing.T) {
	names := []string{
		"loss", "5%", "hold", "from", "none", "active", "1s", "lie", "0s", "-1s", "", "maybe", "drop", "vip", "a@b", "every", "keep",
		"pop3", "via", "1.2.3.4:25", "count", "1",
	}
	for _, v := range All {
		names = append(names, v.Name)
	}
	word := rapid.OneOf(rapid.SampledFrom(names), rapid.String())
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(word, 0, 6).Draw(t, "words")
		c, err := Parse(words)
		if err != nil {
			require.Zero(t, c)
			return
		}
		again, err := Parse(strings.Fields(c.String()))
		if slices.Equal(strings.Fields(strings.Join(words, " ")), words) { // words as a line has them
			require.NoError(t, err)
			require.Equal(t, c, again)
		}
	})
}

func TestErrorsShowTheUsage(t *testing.T) {
	for words, want := range map[string]string{
		"":                              "found nothing, expected a fault",
		"explode active":                `unknown fault "explode"`,
		"Unplug active":                 `unknown fault "Unplug"`,
		"unplug":                        "found \"unplug\", expected `unplug <cable>`",
		"unplug active now":             "found \"unplug active now\", expected `unplug <cable>`",
		"flap active":                   "found \"flap active\", expected `flap <cable> <duration>`",
		"flap active 1s 2s":             "found \"flap active 1s 2s\", expected `flap <cable> <duration>`",
		"flap active soon":              `flap: "soon" is not a duration above 0, up to 744h, as 1s or 500ms`,
		"flap active 0s":                `flap: "0s" is not a duration above 0, up to 744h, as 1s or 500ms`,
		"flap active -1s":               `flap: "-1s" is not a duration above 0, up to 744h, as 1s or 500ms`,
		"netsh active":                  "found \"netsh active\", expected `netsh <node> <ok|fail|lie>`",
		"netsh active maybe":            `netsh: found "maybe", expected ok, fail or lie`,
		"share-crash rename 0":          `share-crash: found "0", expected a number from 1`,
		"share-crash write 1":           `share-crash: found "write", expected create, read, rename, remove, list, mkdir, stat or any`,
		"share-slow soon":               `share-slow: "soon" is not a duration above 0, up to 744h, as 1s or 500ms`,
		"disk gone":                     `disk: found "gone", expected ok, full, read-only or lying`,
		"disk":                          "found \"disk\", expected `disk <ok|full|read-only|lying>`",
		"disk ok full":                  "found \"disk ok full\", expected `disk <ok|full|read-only|lying>`",
		"kill-mail active EPSTRX":       `kill-mail: found "EPSTRX", expected EPSTRS, EPSTDS, EPSTPOP3S or EPSTIMAP4S`,
		"kill-mail":                     "found \"kill-mail\", expected `kill-mail <node> [EPSTRS|EPSTDS|EPSTPOP3S|EPSTIMAP4S]`",
		"delete-address active vip":     `delete-address: found "vip", expected an IPv4 address`,
		"add-address active 127.0.0.1":  `add-address: 127.0.0.1 is no host's address; expected the address of one host`,
		"add-address active 224.0.0.1":  `add-address: 224.0.0.1 is no host's address; expected the address of one host`,
		"rename-interface active":       "found \"rename-interface active\", expected `rename-interface <node> <name>`",
		"outside mx eats":               `outside: found "eats", expected takes, refuses, defers or silent`,
		"cut active":                    "found \"cut active\", expected `cut <cable> <end>`",
		"cut active sw1 now":            "found \"cut active sw1 now\", expected `cut <cable> <end>`",
		"impair active":                 "found \"impair active\", expected `impair <cable> <none|setting value...>`",
		"impair active loss":            "impair: found 1 words, expected each setting with its value, as loss 5%",
		"impair active loss 5":          `impair: loss: found "5", expected a percentage above 0%, up to 100%, as 5%`,
		"impair active loss 101%":       `impair: loss: found "101%", expected a percentage above 0%, up to 100%, as 5%`,
		"impair active loss NaN%":       `impair: loss: found "NaN%", expected a percentage above 0%, up to 100%, as 5%`,
		"impair active latency -1s":     `impair: latency: found "-1s", expected a time above 0, up to 1m0s, as 10ms`,
		"impair active latency 2m":      `impair: latency: found "2m", expected a time above 0, up to 1m0s, as 10ms`,
		"impair active noise 5%":        `impair: unknown setting "noise", expected some of loss, latency, jitter, duplicate, reorder, hold`,
		"impair active loss 5% loss 6%": "impair: found loss twice, expected it once",
		"impair active reorder 5%":      "impair: reorder and hold go together: which frames are held back, and for how long",
		"impair active from sw1":        "impair: found 0 words, expected each setting with its value, as loss 5%",
		"impair active loss 5% from":    "impair: found 3 words, expected each setting with its value, as loss 5%",
		"block-echo":                    "found \"block-echo\", expected `block-echo <machine>`",
		"rule":                          "found \"rule\", expected `rule [maybe] [for <time>] <verdict> [what] [clause...]`",
		"rule for 0s drop arp":          `rule: "0s" is not a duration above 0, up to 744h, as 1s or 500ms`,
		"rule for 1m":                   "rule: found the end, expected drop, delay or duplicate",
		"unrule 0":                      "unrule: found number 0, expected 1 or more: the rules are counted from 1",
		"unrule drop arp nth":           "unrule: found the end, expected a number, 1 to 1000000000 after nth",
		"rule maybe":                    "rule: found the end, expected drop, delay or duplicate",
		"rule dorp arp":                 `rule: found "dorp", expected drop, delay or duplicate`,
		"ping client":                   "found \"ping client\", expected `ping <client> <vip|address>`",
		"claim printer":                 "found \"claim printer\", expected `claim <stranger> <vip|address>`",
		"answer printer some":           "answer: found target \"some\", expected `vip` or an IPv4 address",
		"ping client there":             "ping: found target \"there\", expected `vip` or an IPv4 address",
		"connect client 1.2.3.4":        `connect: found "1.2.3.4", expected an IPv4 address and port, as 192.168.10.202:25`,
		"read client nntp bob":          "found \"read client nntp bob\", expected `read <client> <pop3|imap> <user> [every <time>] [keep] [via <address:port>]`",
		"send client a@b c":             `send: found "c", expected a mail address, as tanaka@example.com`,
		"send client a@b c@d often":     `send: found "often", expected one of count, each, every, size, via`,
		"send client a@b c@d evry 1s":   `send: found "evry" (did you mean "every"?), expected one of count, each, every, size, via`,
		"send client a@b c@d every":     "send: found every at the end, expected its value",
		"send client a@b c@d every 1ms": `send: every: found "1ms", expected a time of at least 100ms, up to 744h`,
	} {
		_, err := Parse(strings.Fields(words))
		require.EqualError(t, err, want)
	}
}

func TestEveryVerbDescribesItself(t *testing.T) {
	seen := map[string]bool{}
	for _, v := range All {
		require.False(t, seen[v.Name], "%s stands for one thing", v.Name)
		seen[v.Name] = true
		got, ok := Lookup(v.Name)
		require.True(t, ok)
		require.Same(t, v, got)
		require.NotEmpty(t, v.Doc, "%s documents itself", v.Name)
		require.Contains(t, []Target{Nobody, Cable, Machine, Node, Powered, Client, Server, OfStranger}, v.Target, v.Name)
		require.True(t, strings.HasPrefix(v.Usage(), v.Name), v.Usage())
	}
	_, ok := Lookup("explode")
	require.False(t, ok)
}

// Reports have words for each fault in both languages, and fill in what the call says, all of it.
func TestEveryFaultHasItsWords(t *testing.T) {
	for _, v := range All {
		said := Said(trace.Fault{Verb: v.Name, Setting: "a"})
		if v.Fault == nil {
			require.Zero(t, said, "%s is what people do", v.Name)
			continue
		}
		if v.bare && v.implied == nil {
			bare := Said(trace.Fault{Verb: v.Name})
			require.NotContains(t, bare.En+bare.Ja, "{setting}", v.Name)
			require.NotEqual(t, bare.En, bare.Ja, v.Name)
		}
		for _, text := range []string{said.En, said.Ja} {
			require.NotEmpty(t, text, v.Name)
			require.Equal(t, v.Target != Nobody, strings.Contains(text, "{target}"), "%s: %s", v.Name, text)
			require.Equal(t, v.Rest != "", strings.Contains(text, "{setting}"), "%s: %s", v.Name, text)
		}
		require.NotEqual(t, said.En, said.Ja, v.Name)
	}
	require.Zero(t, Said(trace.Fault{Verb: "explode"}))
	for line, ja := range map[string]string{
		"disk/full": "共有フォルダーのディスクの状態: 満杯", "outside/silent": "外部メールサーバー {target} の動作: 無応答",
		"network/public": "{target} のネットワークプロファイル: パブリック", "netsh/lie": "{target} の netsh の動作: 虚偽応答",
		"share-slow/ok": "共有フォルダーの 1 操作の時間: 既定値", "share-slow/20s": "共有フォルダーの 1 操作の時間: {setting}",
		"share-account/changed": "共有フォルダーのアカウントのパスワード: 変更", "clock/2% slow": "{target} の時計を変えた: 2% 遅く",
		"clock/+10s": "{target} の時計を変えた: {setting}", "move-port/to sw2 without notice": "{target} を別のポートに移した: sw2 (通知なし)",
	} {
		name, setting, _ := strings.Cut(line, "/")
		require.Equal(t, ja, Said(trace.Fault{Verb: name, Setting: setting}).Ja, "%s: its words are Japanese, too", line)
	}
}

// What must be the name of something is told, so that a scenario is checked before it runs.
func TestNamesOfACall(t *testing.T) {
	for text, want := range map[string][]Name{
		"unplug active":                 {{Kind: Cable, Word: "active"}},
		"cut sw1-sw2 sw1":               {{Kind: Cable, Word: "sw1-sw2"}, {Kind: End, Word: "sw1", Of: "sw1-sw2"}},
		"impair active loss 5%":         {{Kind: Cable, Word: "active"}},
		"impair active loss 5% from pc": {{Kind: Cable, Word: "active"}, {Kind: End, Word: "pc", Of: "active"}},
		"freeze holder":                 {{Kind: Node, Word: "holder"}},
		"block-echo client":             {{Kind: Machine, Word: "client"}},
		"ping client vip":               {{Kind: Client, Word: "client"}},
		"outside mx takes":              {{Kind: Server, Word: "mx"}},
		"power-off sw1":                 {{Kind: Powered, Word: "sw1"}},
		"unrule":                        nil,
		"usurp printer vip":             {{Kind: OfStranger, Word: "printer"}},
		"unrule drop on active":         {{Kind: Cable, Word: "active"}},
		"disk full":                     nil,
		"rule drop on active from a to b": {
			{Kind: Cable, Word: "active"}, {Kind: Station, Word: "a"}, {Kind: Station, Word: "b"},
		},
	} {
		c, err := Parse(strings.Fields(text))
		require.NoError(t, err, text)
		require.Equal(t, want, c.Names(), text)
	}
}

func TestEveryConductHasItsWord(t *testing.T) {
	v, _ := Lookup("outside")
	for word := range strings.SplitSeq(strings.Trim(v.Rest, "<>"), "|") {
		require.Contains(t, conducts, word)
	}
	require.Equal(t, mail.Takes, conducts["takes"])
}
