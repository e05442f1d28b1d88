package script

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"ipwsim/netstack/wire"
	"ipwsim/sim/fault"
	"ipwsim/sim/world"
)

// withoutLines is the scenario but for where its parts stand in the file.
func withoutLines(s *Script) Script {
	c := *s
	c.ClusterLine = 0
	c.Steps, c.Expects = append([]Step(nil), s.Steps...), append([]Expect(nil), s.Expects...)
	for i := range c.Steps {
		c.Steps[i].Line = 0
	}
	for i := range c.Expects {
		c.Expects[i].Line = 0
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
	for _, path := range append(samples(t, "bad"), samples(t, "../..")...) {
		if s, problems := Parse("x.txtar", read(t, path)); problems.Err() == nil {
			requireSame(t, s)
		}
	}
}

// word is one that a scenario file can hold: no blank, no comment.
var word = rapid.StringMatching(`[a-zA-Z0-9イー"\\_.<>=:;-][a-zA-Z0-9イー#"\\_.<>=:;-]{0,8}`)

func drawScript(t *rapid.T) *Script {
	s := &Script{File: "drawn.txtar", Name: "drawn", Cluster: word.Draw(t, "cluster"), Cold: rapid.Bool().Draw(t, "cold")}
	for _, c := range rapid.SliceOfN(rapid.SampledFrom([]string{"", "A title", "# two marks", "-- no file --", "tail #"}), 0, 3).Draw(t, "comments") {
		s.Comment = append(s.Comment, c)
		if s.Title == "" {
			s.Title = c
		}
	}
	if rapid.Bool().Draw(t, "has a seed") {
		seed := rapid.Uint64().Draw(t, "seed")
		s.Seed = &seed
	}
	drawRun(t, s)
	drawFiles(t, s)
	return s
}

// times are few, so that steps share one, and awkward.
var times = rapid.SampledFrom([]time.Duration{0, 1, time.Second / 3, 20 * time.Second, 80 * time.Second, time.Hour + 1, maxTime - 1})

// drawRun draws steps in order of time with expectations between them.
func drawRun(t *rapid.T, s *Script) {
	var last time.Duration
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
	if rapid.Bool().Draw(t, "has an end") {
		s.End = last + time.Duration(rapid.IntRange(1, int(maxTime-last)).Draw(t, "rest"))
	}
}

func drawStep(t *rapid.T, at time.Duration) Step {
	if rapid.IntRange(0, 3).Draw(t, "is a ping") == 0 {
		return Step{At: at, Ping: &Ping{word.Draw(t, "client"), rapid.SampledFrom([]string{"vip", "192.168.10.202", "0.0.0.0"}).Draw(t, "target")}}
	}
	if rapid.IntRange(0, 4).Draw(t, "is mail") == 0 {
		return drawMail(t, at)
	}
	if rapid.IntRange(0, 5).Draw(t, "is a rule") == 0 {
		rule, err := wire.ParseRule(strings.Fields(rapid.SampledFrom([]string{
			"drop arp", "delay 200ms arp reply on active", "duplicate 2 arp announcement from standby first 3",
			"drop icmp echo src 192.168.10.150", "delay 1s tcp dport 445 first 2", "drop type 0x0800 from active", "drop arp request to client sender 192.168.10.202 every 4", "drop arp probe target 192.168.10.202 nth 2",
		}).Draw(t, "rule")))
		require.NoError(t, err)
		return Step{At: at, Rule: &rule, Maybe: rapid.Bool().Draw(t, "maybe")}
	}
	v := rapid.SampledFrom(fault.Verbs).Draw(t, "fault")
	f := fault.Fault{Kind: v.Kind, Target: word.Draw(t, "target")}
	switch {
	case v.Target == fault.Mode:
		f.Target = rapid.SampledFrom(strings.Split(string(v.Target), "|")).Draw(t, "mode")
	case v.Kind == fault.Cut:
		f.From = word.Draw(t, "from")
	case v.Kind == fault.Impair:
		f.From = rapid.SampledFrom([]string{"", "sw1"}).Draw(t, "from")
		f.Impairment = fault.Impairment{Loss: 0.5, Jitter: time.Duration(rapid.IntRange(0, 1e9).Draw(t, "jitter"))}
	case v.Arg == "duration":
		f.For = time.Duration(rapid.IntRange(1, int(time.Hour)).Draw(t, "for"))
	case v.Arg != "":
		f.Mode = rapid.SampledFrom(strings.Split(v.Arg, "|")).Draw(t, "mode")
	}
	return Step{At: at, Fault: &f}
}

func drawMail(t *rapid.T, at time.Duration) Step {
	via := rapid.SampledFrom([]netip.AddrPort{{}, netip.MustParseAddrPort("192.168.10.203:2525")}).Draw(t, "via")
	every := time.Duration(rapid.IntRange(int(100*time.Millisecond), int(time.Hour)).Draw(t, "every"))
	switch rapid.IntRange(0, 2).Draw(t, "mail") {
	case 0:
		return Step{At: at, Send: &world.Send{
			Client: word.Draw(t, "client"), From: "a@example.com", To: rapid.SampledFrom([][]string{{"b@example.com"}, {"b@x", "c@y"}}).Draw(t, "to"),
			Every: every, Count: rapid.IntRange(0, 1000).Draw(t, "count"), Size: rapid.IntRange(0, 1<<20).Draw(t, "size"), Via: via,
		}}
	case 1:
		return Step{At: at, Read: &world.Read{
			Client: word.Draw(t, "client"), IMAP: rapid.Bool().Draw(t, "imap"), User: "b@x", Every: every, Keep: rapid.Bool().Draw(t, "keep"), Via: via,
		}}
	}
	return Step{At: at, Connect: &Connect{Client: word.Draw(t, "client"), Server: netip.MustParseAddrPort("192.168.10.202:25")}}
}

func drawExpect(t *rapid.T) Expect {
	x := rapid.SampledFrom(expectations).Draw(t, "expectation")
	e := Expect{What: x.word, Not: rapid.Bool().Draw(t, "not"), Args: []string{}}
	if x.band {
		if e.Not && rapid.Bool().Draw(t, "any") {
			return e
		}
		e.Min = times.Draw(t, "min")
		e.Max = e.Min + times.Draw(t, "more")
		e.Args = []string{fmt.Sprint(e.Min, "..", e.Max)}
		return e
	}
	for _, name := range x.args {
		e.Args = append(e.Args, drawArgs(t, name)...)
	}
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
	case strings.Contains(name, "|"):
		return []string{rapid.SampledFrom(strings.Split(name, "|")).Draw(t, name)}
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
