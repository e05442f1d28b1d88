package script

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"ipwsim/core/golden"
	"ipwsim/scenarios/check"
	"ipwsim/sim/finding"
	"ipwsim/sim/verb"
)

// withoutLines is the scenario but for where its parts stand in the file.
func withoutLines(s *Script) Script {
	c := *s
	c.ClusterLine = 0
	c.Steps, c.Expects, c.Allows = append([]Step(nil), s.Steps...), append([]Expect(nil), s.Expects...), append([]Allow(nil), s.Allows...)
	for i := range c.Allows {
		c.Allows[i].Line = 0
	}
	for i := range c.Steps {
		c.Steps[i].Line = 0
	}
	for i := range c.Expects {
		c.Expects[i].Line, c.Expects[i].begun = 0, 0
	}
	return c
}

// requireSame parses what Format wrote and wants the same scenario.
func requireSame(t require.TestingT, s *Script) {
	text := s.Format()
	again, problems := Parse(s.File, []byte(text))
	require.NoError(t, problems.Err(), "Format writes what Parse reads:\n%s", text)
	require.Equal(t, withoutLines(s), withoutLines(again), "Parse(Format(s)) is s:\n%s", text)
	require.Equal(t, text, again.Format(), "Format(Parse(x)) is stable")
}

func TestWhatIsFormattedIsParsedTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { requireSame(t, drawScript(t)) })
}

func TestShippedScenariosSurviveFormat(t *testing.T) {
	for _, path := range append(golden.Files(t, "testdata/bad/*.txtar"), golden.Files(t, "../*.txtar")...) {
		if s, problems := Parse("x.txtar", golden.Read(t, path)); problems.Err() == nil {
			requireSame(t, s)
		}
	}
}

// word is one that a scenario file can hold: no blank, no comment.
var word = rapid.StringMatching(`[a-zA-Z0-9イー"\\_.<>=:;-][a-zA-Z0-9イー#"\\_.<>=:;-]{0,8}`)

func drawScript(t *rapid.T) *Script {
	s := &Script{File: "drawn.txtar", Name: "drawn", Cluster: word.Draw(t, "cluster"), Cold: rapid.Bool().Draw(t, "cold")}
	for _, c := range rapid.SliceOfN(rapid.SampledFrom([]string{"", "A title", "# two marks", "-- no file --", "tail #", "ja: 題", "ja: 別の題"}), 0, 4).Draw(t, "comments") {
		s.Comment = append(s.Comment, c)
		ja, isJa := strings.CutPrefix(c, "ja: ")
		switch {
		case isJa && s.Title.Ja == "":
			s.Title.Ja = ja
		case !isJa && s.Title.En == "":
			s.Title.En = c
		}
	}
	if rapid.Bool().Draw(t, "has a seed") {
		seed := rapid.Uint64().Draw(t, "seed")
		s.Seed = &seed
	}
	s.Ties = rapid.Bool().Draw(t, "ties")
	for range rapid.IntRange(0, 2).Draw(t, "allows") {
		s.Allows = append(s.Allows, Allow{
			Checks: rapid.SliceOfN(rapid.SampledFrom(check.IDs()), 1, 3).Draw(t, "checks"), Until: times.Draw(t, "until"),
		})
	}
	drawRun(t, s)
	drawFiles(t, s)
	return s
}

// times are few, so that steps share one, and awkward.
var times = rapid.SampledFrom([]time.Duration{0, 1, time.Second / 3, 20 * time.Second, 80 * time.Second, time.Hour + 1, verb.MaxTime - 1})

// drawRun draws steps in order of time with expectations between them.
func drawRun(t *rapid.T, s *Script) {
	last := time.Duration(0)
	for range rapid.IntRange(0, 8).Draw(t, "statements") {
		if rapid.Bool().Draw(t, "is an expectation") {
			e := drawExpect(t)
			e.From = last
			s.Expects = append(s.Expects, e)
			continue
		}
		last = max(last, times.Draw(t, "at"))
		s.Steps = append(s.Steps, drawStep(t, last))
	}
	for i := range s.Expects {
		for _, st := range s.Steps {
			if e := &s.Expects[i]; e.To == 0 && st.At > e.From {
				e.To = st.At
			}
		}
	}
	last = max(last, s.lastStep())
	if last < verb.MaxTime && rapid.Bool().Draw(t, "has an end") {
		s.End = last + time.Duration(rapid.IntRange(1, int(verb.MaxTime-last)).Draw(t, "rest"))
	}
}

// rests are what can follow the target of the verbs that want something there.
var rests = map[string]*rapid.Generator[string]{
	"ping":    rapid.SampledFrom([]string{"vip", "192.168.10.202", "0.0.0.0"}),
	"connect": rapid.Just("192.168.10.202:25"),
	"type":    rapid.SampledFrom([]string{"ipconfig /all", `net stop "E-POST IP Watcher"`, `"arp -a"`, "^C"}),
	"send": rapid.SampledFrom([]string{
		"a@example.com b@example.com", "a@example.com b@x,c@y every 100ms", "a@example.com b@x count 7 size 1000 via 192.168.10.203:2525",
	}),
	"read": rapid.SampledFrom([]string{"pop3 b@x", "imap b@x keep", "pop3 b every 1h via 192.168.10.203:2525"}),
	"rule": rapid.SampledFrom([]string{
		"drop arp", "for 1m30s drop arp", "delay 200ms arp reply on active", "maybe duplicate 2 arp announcement from standby first 3",
		"drop icmp echo src 192.168.10.150", "maybe delay 1s tcp dport 445 first 2", "drop type 0x0800 from active",
		"drop arp request to client sender 192.168.10.202 every 4", "drop arp probe target 192.168.10.202 nth 2",
	}),
	"claim": rapid.Just("vip"), "probe": rapid.Just("vip"), "usurp": rapid.Just("vip"), "leave": rapid.Just("192.168.10.202"),
	"answer": rapid.SampledFrom([]string{"all", "vip"}), "unanswer": rapid.SampledFrom([]string{"all", "192.168.10.202"}),
	"unrule":        rapid.SampledFrom([]string{"", "1", "drop icmp from active"}),
	"flap":          rapid.SampledFrom([]string{"1ns", "1.5s", "1h"}),
	"cut":           word,
	"move-port":     rapid.SampledFrom([]string{"to sw1", "to sw2 without notice"}),
	"impair":        rapid.SampledFrom([]string{"none", "loss 0.5%", "loss 0.5% jitter 3ms from sw1", "reorder 1% hold 3ms"}),
	"netsh":         rapid.SampledFrom([]string{"ok", "fail", "lie"}),
	"disk":          rapid.SampledFrom([]string{"ok", "full", "read-only", "lying"}),
	"share-crash":   rapid.SampledFrom([]string{"", "rename 3", "any 1"}),
	"share-slow":    rapid.SampledFrom([]string{"ok", "1.5s"}),
	"share-account": rapid.SampledFrom([]string{"changed", "ok"}),
	"outside":       rapid.SampledFrom([]string{"takes", "refuses", "defers", "silent"}),

	"clock":            rapid.SampledFrom([]string{"+1h", "-30s", "2% fast", "0.5% slow", "right"}),
	"network":          rapid.SampledFrom([]string{"public", "domain"}),
	"kill-mail":        rapid.SampledFrom([]string{"", "EPSTRS"}),
	"stop-mail":        rapid.SampledFrom([]string{"", "EPSTRS"}),
	"start-mail":       rapid.SampledFrom([]string{"", "EPSTDS"}),
	"delete-address":   rapid.SampledFrom([]string{"", "192.168.10.203"}),
	"add-address":      rapid.SampledFrom([]string{"", "192.168.10.203"}),
	"registry":         rapid.SampledFrom([]string{"Interval 10", "LogicalIP 192.168.10.202"}),
	"rename-interface": rapid.SampledFrom([]string{"a", "イーサネット 2"}),
}

func drawStep(t *rapid.T, at time.Duration) Step {
	v := rapid.SampledFrom(verb.All).Draw(t, "verb")
	words := []string{v.Name}
	if v.Target != verb.Nobody {
		words = append(words, word.Draw(t, "target"))
	}
	if v.Rest != "" {
		words = append(words, strings.Fields(rests[v.Name].Draw(t, "rest"))...)
	}
	c, err := verb.Parse(words)
	require.NoError(t, err)
	st := Step{At: at, Call: c, Try: rapid.Bool().Draw(t, "try")}
	if rapid.Bool().Draw(t, "again") {
		st.Every = time.Duration(rapid.Int64Range(1, int64(time.Hour)).Draw(t, "every"))
		st.Until = at + time.Duration(rapid.Int64Range(1, 100).Draw(t, "times"))*st.Every
		st.Until = min(st.Until, verb.MaxTime)
		if st.Until <= at {
			st.Every, st.Until = 0, 0
		}
	}
	return st
}

func drawExpect(t *rapid.T) Expect {
	x := rapid.SampledFrom(expectations).Draw(t, "expectation")
	e := Expect{Args: []string{}}
	e.Not = rapid.Bool().Draw(t, "not")
	e.What = x.word
	switch {
	case x.band && e.Not && rapid.Bool().Draw(t, "any"):
	case x.band && !e.Not && rapid.Bool().Draw(t, "limit"):
		e.Limit = &finding.Limit{Quantile: rapid.SampledFrom(quantiles()).Draw(t, "quantile"), Below: max(1, times.Draw(t, "below"))}
		e.Args = []string{e.Limit.Quantile, "<", e.Limit.Below.String()}
	case x.band:
		e.Band.Least = times.Draw(t, "min")
		e.Band.Most = e.Band.Least + times.Draw(t, "more")
		e.Args = []string{fmt.Sprint(e.Band.Least, "..", e.Band.Most)}
	default:
		for _, name := range x.args {
			e.Args = append(e.Args, drawArgs(t, name)...)
		}
	}
	if x.scope&forClient != 0 && rapid.Bool().Draw(t, "for") {
		e.Client = word.Draw(t, "client")
	}
	if x.scope&ofVIP != 0 && rapid.Bool().Draw(t, "of") {
		e.VIP = netip.MustParseAddr("192.168.10.203")
	}
	e.Text = e.text()
	return e
}

// drawArgs draws the words of one argument.
func drawArgs(t *rapid.T, name string) []string {
	switch {
	case name == "what":
		return []string{rapid.SampledFrom(mailChoice()).Draw(t, name)}
	case name == "n|min..max":
		return []string{rapid.SampledFrom([]string{"0", "20", "10..20"}).Draw(t, name)}
	case name == "address:port":
		return []string{"192.168.10.202:25"}
	case optional(name) && rapid.Bool().Draw(t, "left out"):
		return nil
	case strings.Contains(name, "|"):
		return []string{rapid.SampledFrom(strings.Split(strings.Trim(name, "[]"), "|")).Draw(t, name)}
	case name == "outcomes...":
		return rapid.SliceOfN(rapid.SampledFrom([]string{"reply", "timeout", "unreachable", "failure"}), 1, 4).Draw(t, name)
	case strings.HasSuffix(name, "..."):
		return rapid.SliceOfN(word, 1, 4).Draw(t, name)
	case name == "id":
		return []string{fmt.Sprint(rapid.IntRange(0, 65535).Draw(t, name))}
	}
	return []string{word.Draw(t, name)}
}

// drawFiles draws files whose text ends a line.
func drawFiles(t *rapid.T, s *Script) {
	line := rapid.SampledFrom([]string{"\n", "\r\n", "# x\n", "--\n", " -- a --\n", "-c=\\\\peer -f=イーサネット 2\r\n", "\ufeff\n"})
	for _, name := range []string{"cluster.toml", "active/ipwatch.dat", "standby/ローカル エリア接続.reg", "other/a -- b"} {
		if rapid.Bool().Draw(t, name) {
			if s.Files == nil {
				s.Files = map[string][]byte{}
			}
			s.Files[name] = []byte(strings.Join(rapid.SliceOfN(line, 0, 4).Draw(t, "text"), ""))
		}
	}
}

// What Format once got wrong, or what is easily got wrong.
func TestFormatKeepsStretches(t *testing.T) {
	for name, file := range map[string]string{
		"an expectation before any step":          "cluster guide\nexpect holder active\nat 20s unplug active\nexpect holder none\n",
		"an expectation before a step at 0s":      "cluster guide\nexpect holder active\nat 0s unplug active\nat 20s plug active\n",
		"steps that share a time":                 "cluster guide\nat 20s unplug active\nexpect no outage\nat 20s unplug standby\nexpect holder active\nat 20s power-off active\nexpect holder none\n",
		"pings at 0s among steps at 0s":           "cluster guide cold\nping client vip\nat 0s power-on active\nping client vip\nexpect holder active\n",
		"an expectation after the last step only": "cluster guide\nseed 18446744073709551615\nat 86400s unplug active\nexpect holder none\n",
		"no step at all":                          "cluster guide\nexpect holder active\nend 0.000000001s\n",
		"a file that ends without a newline":      "cluster guide\n-- active/ipwatch.dat --\n-c=x",
		"a file without text":                     "cluster guide\n-- active/ipwatch.dat --\n-- standby/ipwatch.dat --",
		"comments between statements":             "#\n# Title\n\n#  more\ncluster guide # where\n# below\nping client vip\t# starts\nexpect holder active",
		"lines of Windows, and Notepad's mark":    "\ufeff# Title\r\ncluster guide\r\nexpect holder active\r\n-- active/ipwatch.dat --\r\n-c=x\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			s, problems := Parse("x.txtar", []byte(file))
			require.NoError(t, problems.Err())
			requireSame(t, s)
		})
	}
}

// A scenario put together in code may have files that do not end a line.
func TestFormatEndsEveryFile(t *testing.T) {
	s := &Script{Cluster: "guide", Files: map[string][]byte{"active/a.reg": []byte("a"), "active/b.reg": nil, "active/c.reg": []byte("c\n")}}
	require.Equal(t, "cluster guide\n-- active/a.reg --\na\n-- active/b.reg --\n-- active/c.reg --\nc\n", s.Format())
}

func TestAScenarioIsCalledAsItsFile(t *testing.T) {
	for file, want := range map[string]string{"case.txtar": "case", "our/cases/a.b.txtar": "a.b", "case": "case", "": ""} {
		s, _ := Parse(file, nil)
		require.Equal(t, want, s.Name)
		require.Equal(t, file, s.File)
	}
}

func TestFormatIsReadable(t *testing.T) {
	s, problems := Parse("x.txtar", []byte("# A title\n#\n# And more.\ncluster guide cold\nseed 7\nping client vip\n"+
		"expect no outage\nat 1m20s flap active 1s\nexpect holder active\nend 1h0.5s\n-- standby/a.reg --\nb"))
	require.NoError(t, problems.Err())
	require.Equal(t, `# A title
#
# And more.
cluster guide cold
seed 7
at 0s ping client vip
expect no outage
at 80s flap active 1s
expect holder active
end 3600.5s
-- standby/a.reg --
b
`, s.Format())
}
