package console_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/cluster"
	"ipwsim/sim/says"
	"ipwsim/sim/trace"
	"ipwsim/sim/world"
)

// normal takes out what differs from run to run of the product itself: times, pointers and handles.
var normal = []struct {
	what *regexp.Regexp
	to   string
}{
	{regexp.MustCompile(`\[\d\d/[A-Z][a-z][a-z]/\d{4}:\d\d:\d\d:\d\d\]`), "[TIME]"},
	{regexp.MustCompile(`(?m)^[A-Z][a-z][a-z], \d\d [A-Z][a-z][a-z] \d{4} \d\d:\d\d:\d\d \+0900$`), "DATE"},
	{regexp.MustCompile(`\[[0-9a-f]{8}\]`), "[POINTER]"},
	{regexp.MustCompile(`= [0-9a-f]{8}\)`), "= HANDLE)"},
}

func normalised(text string) string {
	for _, n := range normal {
		text = n.what.ReplaceAllString(text, n.to)
	}
	return text
}

// alone is the guide's active node of a Japanese Windows, up for long enough to type, its peer without power.
func alone(t *testing.T) *lab {
	bp := blueprint(t, "guide")
	bp.Language = says.Japanese
	bp.Start = bp.Start.Add(-bp.Nodes[0].Boot - 4*s)
	w := world.New(bp, world.Options{Seed: 1, Cold: true})
	t.Cleanup(w.Close)
	n, err := w.Node(cluster.Active)
	require.NoError(t, err)
	require.True(t, n.PowerOn())
	l := &lab{t: t, World: w}
	l.pass(bp.Nodes[0].Boot + 3*s)
	require.Contains(t, l.typed("active", 5*s, `net stop "E-POST IP Watcher"`), "正常に停止されました")
	return l
}

// W10, W4: -debug prints the guide's transcript of a start, a check and a stop, line by line.
func TestW10_DebugIsTheGuidesTranscript(t *testing.T) {
	want, err := os.ReadFile("testdata/guide-debug.txt")
	require.NoError(t, err)
	l := alone(t)
	got := l.output("active", 20*s, "ipwcs -debug") + "\n"
	got += strings.TrimPrefix(l.typed("active", 5*s, "^C"), "^C\n")
	require.Equal(t, normalised(string(want)), normalised(got))
	require.Regexp(t, normal[0].what, got)
}

// The pointers and handles are the guide's too, for its own table.
func TestW10_DebugHasTheGuidesPointers(t *testing.T) {
	want, err := os.ReadFile("testdata/guide-debug.txt")
	require.NoError(t, err)
	l := alone(t)
	got := l.output("active", 20*s, "ipwcs -debug") + "\n" + strings.TrimPrefix(l.typed("active", 5*s, "^C"), "^C\n")
	times := func(text string) string {
		return normal[1].what.ReplaceAllString(normal[0].what.ReplaceAllString(text, ""), "")
	}
	require.Equal(t, times(string(want)), times(got))
}

// What -debug prints and what the log has are the same lines (W10).
func TestW10_DebugAndTheLogAreOne(t *testing.T) {
	l := alone(t)
	first := len(l.Trace().Records)
	got := l.output("active", 50*s, "ipwcs -debug")
	var want strings.Builder
	for _, r := range l.Trace().Records[first:] {
		if line, ok := r.Body.(trace.Log); ok {
			stamp := l.Trace().Header.Epoch.Add(r.At).Format("[02/Jan/2006:15:04:05] ")
			if line.Bare {
				stamp = ""
			}
			want.WriteString(stamp + line.Text + "\n")
		}
	}
	lines := strings.Split(got, "\n")
	require.Equal(t, "Debugging E-POST IP Watcher.", lines[0])
	require.Equal(t, strings.TrimSuffix(want.String(), "\n"), strings.Join(append(lines[1:2], lines[3:]...), "\n"))
	require.Contains(t, got, "Add address", "the guide: about 30-40 s later it takes the VIP (W7)")
}

// The service must be stopped before -debug; Ctrl-C gives the VIP back (W6).
func TestW4_DebugBesideTheService(t *testing.T) {
	l := settled(t, says.English)
	require.Contains(t, l.output("active", s, "ipwcs -debug"), "CreateNamedPipe() error.")
	require.True(t, l.Holds("active", l.VIPs()[0]))
	l.typed("active", 5*s, "net stop IPWCS", "ipwcs -debug")
	l.pass(60 * s)
	require.True(t, l.Holds("active", l.VIPs()[0]), "the watcher on the console is the watcher")
	l.typed("active", 3*s, "^C")
	require.False(t, l.Holds("active", l.VIPs()[0]))
	require.Equal(t, `C:\Program Files\EPOST\MS>hostname`+"\nhvt162EPST11\n", l.typed("active", s, "hostname"), "the prompt is back")
}

// A power cut ends what runs on a console.
func TestW4_DebugEndsWithThePower(t *testing.T) {
	l := settled(t, says.English)
	l.typed("active", 5*s, "net stop IPWCS", "ipwcs -debug")
	n, err := l.Node(cluster.Active)
	require.NoError(t, err)
	n.PowerOff()
	c, err := l.Console("active")
	require.NoError(t, err)
	require.ErrorContains(t, c.Type("ver"), "does not run")
	n.PowerOn()
	l.pass(150 * s)
	l.screen("active")
	require.Equal(t, `C:\Program Files\EPOST\MS>hostname`+"\nhvt162EPST11\n", l.typed("active", s, "hostname"))
}

var entryAnswers = []string{`\\192.168.10.201`, "192.168.10.203", "イーサネット"}

// W4: the dialogue as the guide has it.
func TestW4_EntryIsTheGuidesDialogue(t *testing.T) {
	l := settled(t, says.Japanese)
	require.Equal(t, `C:\Program Files\EPOST\MS>ipwcs -entry
監視テーブルの作成 [0:新規, 1:追加] = 0
ペアとなるコンピュータ名 (例. \\SV01) = \\hvt162EPST12
監視する IP アドレス (例. 192.168.0.2) = 192.168.10.202
ネットワーク構成名 (例. "ローカル エリア接続") = イーサネット
設定してよろしいですか? [y/n] = y
`, l.typed("active", s, "ipwcs -entry", "0", `\\hvt162EPST12`, "192.168.10.202", "イーサネット", "y"))
	require.Equal(t, `-c=\\hvt162EPST12 -i=192.168.10.202 -f=イーサネット`+"\n", l.output("active", s, "type ipwatch.dat"))
}

// W4: what is written when, and what the watcher makes of it when.
func TestW4_EntryWrites(t *testing.T) {
	const old, added = `-c=\\hvt162EPST12 -i=192.168.10.202 -f=イーサネット`, `-c=\\192.168.10.201 -i=192.168.10.203 -f=イーサネット`
	for _, c := range []struct {
		name string
		rest []string // behind the peer, the VIP and the interface
		kind string
		want string
	}{
		{"new", []string{"y"}, "0", added},
		{"appended", []string{"y"}, "1", old + "\n" + added},
		{"not confirmed", []string{"n"}, "0", old},
		{"Ctrl-C at the end", []string{"^C"}, "0", old},
		{"a kind that is none is asked for again", []string{"y"}, "2", old},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := settled(t, says.English)
			l.typed("active", s, append(append([]string{"ipwcs -entry", c.kind}, entryAnswers...), c.rest...)...)
			if c.kind == "2" {
				l.typed("active", s, "^C")
			}
			require.Equal(t, c.want+"\n", l.output("active", s, "type IPWATCH.DAT"))
		})
	}
}

// W3: the table takes effect at the next start.
func TestW4_EntryTakesEffectAtTheNextStart(t *testing.T) {
	l := settled(t, says.English)
	l.typed("active", s, append(append([]string{"ipwcs -entry", "1"}, entryAnswers...), "y")...)
	l.pass(60 * s)
	require.NotContains(t, l.output("active", s, "ipconfig"), "192.168.10.203")
	l.typed("active", 5*s, `net stop "E-POST IP Watcher"`, `net start "E-POST IP Watcher"`)
	l.pass(60 * s)
	got := l.output("active", s, "ipconfig")
	require.Contains(t, got, "192.168.10.202")
	require.Contains(t, got, "192.168.10.203")
}

// W4: an address that the table has already would not be read back.
func TestW4_EntryTwice(t *testing.T) {
	l := settled(t, says.English)
	got := l.typed("active", s, "ipwcs -entry", "1", `\\hvt162EPST12`, "192.168.10.202", "イーサネット", "y")
	require.Contains(t, got, "[")
	require.Equal(t, `-c=\\hvt162EPST12 -i=192.168.10.202 -f=イーサネット`+"\n", l.output("active", s, "type ipwatch.dat"))
}

func TestW4_Install(t *testing.T) {
	l := settled(t, says.Japanese)
	require.Equal(t, `C:\Program Files\EPOST\MS>ipwcs -install
ログインアカウント(例. sv01\\Administrator) = \Administrator
ログインパスワード=*****
E-POST IP Watcher installed.
`, l.typed("active", s, "ipwcs -install", `\Administrator`, "abcde"))
	require.Contains(t, l.typed("active", 5*s, "net stop IPWCS", "net start IPWCS"), "正常に開始されました")
	l.typed("active", 5*s, "ipwcs -install", `sv01\tanaka`, "x", "net stop IPWCS")
	require.Equal(t, "システム エラー 1069 が発生しました。\n\nログオンに失敗したため、サービスを開始できませんでした。\n",
		l.output("active", 5*s, "net start IPWCS"))
}
