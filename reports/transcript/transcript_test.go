package transcript_test

import (
	"iter"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"ipwsim/reports/runtest"
	"ipwsim/reports/term"
	"ipwsim/reports/transcript"
	"ipwsim/reports/words"
	"ipwsim/sim/trace"
)

var sec = runtest.Seconds

// lines are items as they are printed, unfolded.
func lines(all iter.Seq[term.Item]) (out []string) {
	for it := range all {
		out = append(out, it.Lead+it.Text)
	}
	return out
}

// pinged is what ping.exe prints of these echoes, with its summary.
func pinged(l words.Lang, sent, received int, all ...trace.PingLine) string {
	tr := &trace.Trace{}
	tr.Add(0, "client", trace.PingStart{ID: 1, Target: runtest.VIP, Bytes: 32})
	for i, p := range all {
		p.ID, p.Seq = 1, i+1
		tr.Add(time.Duration(i)*time.Second, "client", p)
	}
	tr.Add(sec(9), "client", trace.PingEnd{ID: 1, Sent: sent, Received: received})
	g := transcript.New(runtest.Trace(tr), l).Pings()[0]
	return strings.Join(append(lines(g.Items()), g.Summary(l)...), "\n")
}

var oneOfEach = []trace.PingLine{
	{Outcome: trace.Replied, From: runtest.VIP, RTT: 999 * time.Microsecond, TTL: 128},
	{Outcome: trace.Replied, From: runtest.VIP, RTT: 47900 * time.Microsecond, TTL: 127},
	{Outcome: trace.TimedOut},
	{Outcome: trace.HostUnreachable, From: runtest.Client},
	{Outcome: trace.GeneralFailure},
	{Outcome: trace.Replied, From: runtest.VIP, RTT: 2712 * time.Millisecond, TTL: 128},
}

func TestPingSpeaksAsWindowsDoes(t *testing.T) {
	require.Equal(t, `Reply from 192.168.10.202: bytes=32 time<1ms TTL=128
Reply from 192.168.10.202: bytes=32 time=47ms TTL=127
Request timed out.
Reply from 192.168.10.150: Destination host unreachable.
PING: transmit failed. General failure.
Reply from 192.168.10.202: bytes=32 time=2712ms TTL=128
Ping statistics for 192.168.10.202:
    Packets: Sent = 6, Received = 4, Lost = 2 (33% loss),
Approximate round trip times in milli-seconds:
    Minimum = 0ms, Maximum = 2712ms, Average = 919ms`, pinged(words.English, 6, 4, oneOfEach...))
}

func TestPingSpeaksJapaneseAsWindowsDoes(t *testing.T) {
	require.Equal(t, `192.168.10.202 からの応答: バイト数 =32 時間 <1ms TTL=128
192.168.10.202 からの応答: バイト数 =32 時間 =47ms TTL=127
要求がタイムアウトしました。
192.168.10.150 からの応答: 宛先ホストに到達できません。
PING: 転送に失敗しました。一般エラーです。
192.168.10.202 からの応答: バイト数 =32 時間 =2712ms TTL=128
192.168.10.202 の ping 統計:
    パケット数: 送信 = 6、受信 = 4、損失 = 2 (33% の損失)、
ラウンド トリップの概算時間 (ミリ秒):
    最小 = 0ms、最大 = 2712ms、平均 = 919ms`, pinged(words.Japanese, 6, 4, oneOfEach...))
}

// An unreachable counts as received, and without an answer there are no times.
func TestPingOfNobody(t *testing.T) {
	require.Equal(t, `Reply from 192.168.10.150: Destination host unreachable.
Ping statistics for 192.168.10.202:
    Packets: Sent = 1, Received = 1, Lost = 0 (0% loss),`,
		pinged(words.English, 1, 1, trace.PingLine{Outcome: trace.HostUnreachable, From: runtest.Client}))
	require.Equal(t, "Destination host unreachable.", strings.Split(pinged(words.English, 1, 1, trace.PingLine{Outcome: trace.HostUnreachable}), "\n")[0])
	require.Equal(t, "[unknown outcome: odd]", strings.Split(pinged(words.English, 1, 0, trace.PingLine{Outcome: "odd"}), "\n")[0])
}

// What a fold hides is told by kind; a slow reply stands out and is hidden by none.
func TestFoldedPingsAreTold(t *testing.T) {
	tr := &trace.Trace{}
	tr.Add(0, "client", trace.PingStart{ID: 1, Target: runtest.VIP})
	put := func(n int, p trace.PingLine) {
		for range n {
			p.ID = 1
			tr.Add(0, "client", p)
		}
	}
	reply := trace.PingLine{Outcome: trace.Replied, From: runtest.VIP}
	put(4, reply)
	reply.RTT = sec(.047)
	put(4, reply)
	reply.RTT = sec(1.5)
	put(1, reply)
	put(9, trace.PingLine{Outcome: trace.TimedOut})
	put(8, trace.PingLine{Outcome: trace.HostUnreachable, From: runtest.Client})
	put(8, trace.PingLine{Outcome: trace.GeneralFailure})
	for l, want := range map[words.Lang][]string{
		words.English:  {"[... 2 more replies, <1ms to 47ms ...]", "[... 3 more time-outs ...]", "[... 2 more unreachables ...]", "[... 2 more failures ...]"},
		words.Japanese: {"[... 応答 あと 2 行、<1ms から 47ms ...]", "[... タイムアウト あと 3 行 ...]", "[... 到達不能 あと 2 行 ...]", "[... 送信失敗 あと 2 行 ...]"},
	} {
		teller := transcript.New(runtest.Trace(tr), l)
		var folds, slow []string
		for it := range term.New(term.Options{}).Fold(teller.Pings()[0].Items(), 3, teller.MorePings) {
			if it.Note {
				folds = append(folds, it.Text)
			} else if it.Value == 1500 {
				slow = append(slow, it.Text)
			}
		}
		require.Equal(t, want, folds)
		require.Len(t, slow, 1)
	}
	teller := transcript.New(runtest.Trace(tr), words.English)
	require.Equal(t, "[... 1 more replies, <1ms ...]", teller.MorePings(term.Hidden{Class: string(trace.Replied), Lines: 1}))
}

// Faults stand in brackets where they happened while ping.exe ran, and pings of nodes come after those of clients.
func TestPingsOfTheRun(t *testing.T) {
	tr := &trace.Trace{Header: trace.Header{Nodes: []trace.Node{{Role: "active"}}}}
	tr.Add(0, "active", trace.PingStart{ID: 1, Target: runtest.Client})
	tr.Add(0, "client", trace.PingStart{ID: 1, Target: runtest.VIP})
	tr.Add(sec(1), "client", trace.PingLine{ID: 1, Outcome: trace.TimedOut})
	tr.Add(sec(2), "", trace.Fault{Verb: "impair", Target: "active", Setting: "loss 5%"})
	tr.Add(sec(3), "client", trace.PingEnd{ID: 1, Sent: 1})
	tr.Add(sec(4), "", trace.Fault{Verb: "shutdown", Target: "standby"})
	tr.Add(sec(5), "client", trace.PingStart{ID: 1, Target: runtest.VIP}) // the number again
	tr.Add(sec(6), "client", trace.PingLine{ID: 1, Outcome: trace.GeneralFailure})
	all := transcript.New(runtest.Trace(tr), words.English).Pings()
	require.Len(t, all, 3)
	require.Equal(t, []string{"client", "client", "active"}, []string{all[0].Host, all[1].Host, all[2].Host})
	require.Equal(t, []string{"Request timed out.", "[2.000 s  impair active loss 5%]"}, lines(all[0].Items()))
	require.Equal(t, []string{"PING: transmit failed. General failure."}, lines(all[1].Items()))
	require.Nil(t, all[1].End)
}

// tasked has arpclear.bat on the standby: the start of Windows has begun a run when the event comes.
func tasked() *trace.Trace {
	tr := &trace.Trace{Header: trace.Header{Nodes: []trace.Node{{Role: "active"}, {Role: "standby"}}, VIPs: make([]trace.VIP, 1)}}
	task := func(at float64, host string, state trace.TaskState, trigger string) {
		tr.Add(sec(at), host, trace.Task{Name: "arpclear.bat", State: state, Trigger: trigger})
	}
	tr.Header.Epoch = time.Date(2025, 2, 7, 16, 19, 57, 0, time.FixedZone("", 9*3600))
	tr.Add(sec(-5), "standby", trace.Command{Line: "arp -d"})
	tr.Add(sec(1), "standby", trace.Log{Text: "netsh\n要素が見つかりません。\x07"})
	task(150, "standby", trace.TaskStarted, trace.TriggerStartup)
	tr.Add(sec(151), "standby", trace.Command{Line: "ping -n 1 192.168.10.150", Exit: 1, Took: sec(1)})
	task(155, "standby", trace.TaskSkipped, "event IPWCS 100")
	task(160, "active", trace.TaskStarted, "event IPWCS 100")
	task(170, "standby", trace.TaskFinished, "")
	tr.Add(sec(171), "standby", trace.Event{Source: "IPWCS", ID: 100, Text: "LogicalIP Add address"})
	tr.Add(sec(172), "standby", trace.Watch{VIP: runtest.VIP, State: trace.Held, Why: "added", Rule: "W8"})
	task(177, "standby", trace.TaskTerminated, "")
	return tr
}

// The watcher's own lines bear its own stamps (W10); its changes of mind, faults and the node's tasks stand between
// them in brackets.
func TestTheWatchersLog(t *testing.T) {
	r := runtest.Trace(tasked())
	r.Facts.Tasks[1].Since, r.Facts.Tasks[1].By = sec(150), trace.TriggerStartup
	for l, want := range map[words.Lang]string{
		words.English: `[07/Feb/2025:16:19:58] netsh
    要素が見つかりません。\x07
[150.000 s  task arpclear.bat started by the start of Windows]
[155.000 s  task arpclear.bat skipped for event IPWCS 100: already running, by the start of Windows at 150.000 s]
[170.000 s  task arpclear.bat finished]
[172.000 s  held: added and usable (W8)]
[177.000 s  task arpclear.bat terminated by the shutdown]`,
		words.Japanese: `[07/Feb/2025:16:19:58] netsh
    要素が見つかりません。\x07
[150.000 秒  タスク arpclear.bat 開始 (契機 Windows の起動)]
[155.000 秒  タスク arpclear.bat スキップ (契機 event IPWCS 100): 実行中 (契機 Windows の起動、150.000 秒 から)]
[170.000 秒  タスク arpclear.bat 終了]
[172.000 秒  保持: 追加されて使用可能 (W8)]
[177.000 秒  タスク arpclear.bat シャットダウンにより中止]`,
	} {
		teller := transcript.New(r, l)
		require.Equal(t, want, strings.Join(lines(teller.Watcher("standby")), "\n"))
		require.Equal(t, []string{"standby"}, teller.Watchers(), "the active one's has nothing to say")
	}
	r.Trace.Header.VIPs = make([]trace.VIP, 2)
	require.Contains(t, lines(transcript.New(r, words.English).Watcher("standby")), "[172.000 s  192.168.10.202 held: added and usable (W8)]")
}

// H10: what Task Scheduler did stands among the commands, each in a class of its own, so that no fold hides it.
func TestH10TasksAmongCommands(t *testing.T) {
	teller := transcript.New(runtest.Trace(tasked()), words.English)
	all := teller.Commands(false)
	require.Equal(t, []string{
		"    150.000 s  standby  task arpclear.bat started by the start of Windows",
		"    151.000 s  standby  ping -n 1 192.168.10.150 (exit 1, took 1.000 s)",
		"    155.000 s  standby  task arpclear.bat skipped for event IPWCS 100: already running, by  at 0.000 s",
		"    160.000 s  active   task arpclear.bat started by event IPWCS 100",
		"    170.000 s  standby  task arpclear.bat finished",
		"    171.000 s  standby  event IPWCS 100: LogicalIP Add address",
		"    177.000 s  standby  task arpclear.bat terminated by the shutdown",
	}, lines(all))
	classes := map[string]bool{}
	for it := range all {
		if strings.HasPrefix(it.Text, "task") {
			require.False(t, classes[it.Class])
			classes[it.Class] = true
		}
	}
	ever := teller.Commands(true)
	require.Equal(t, "     -5.000 s  standby  arp -d (took 0.000 s)", lines(ever)[0], "before virtual time 0")
	require.Equal(t, "[... 7 more lines: --full shows them ...]", teller.MoreLines(term.Hidden{Class: "command", Lines: 7}))
}

// In the shipped cable pull people see what the guide says they do.
func TestWhatPeopleSeeOfACablePull(t *testing.T) {
	teller := transcript.New(runtest.Scenario(t, "cable-pull"), words.English)
	require.Equal(t, []string{"active", "standby"}, teller.Watchers())
	require.Contains(t, strings.Join(lines(teller.Watcher("standby")), "\n"), "[50.769 s  taking: no answer for a whole interval (W12)]\n[07/Feb/2025:16:20:17] Add address")
	require.Contains(t, strings.Join(lines(teller.Commands(false)), "\n"), "event IPWCS 100: LogicalIP Add address 192.168.10.202")
	g := teller.Pings()[0]
	require.Contains(t, strings.Join(lines(g.Items()), "\n"), "[20.000 s  unplug active]\nRequest timed out.\n")
	require.NotNil(t, g.End)
}

func TestAnyRunIsTold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := runtest.Runs().Draw(t, "run")
		if r.Trace == nil {
			return
		}
		teller := transcript.New(r, rapid.SampledFrom(runtest.Langs).Draw(t, "lang"))
		for _, g := range teller.Pings() {
			if g.End != nil {
				require.NotEmpty(t, g.Summary(teller.Lang))
			}
			p := term.New(term.Options{})
			require.LessOrEqual(t, len(lines(p.Fold(g.Items(), 3, teller.MorePings))), len(lines(g.Items())))
		}
		for _, host := range teller.Watchers() {
			require.NotEmpty(t, lines(teller.Watcher(host)))
		}
		lines(teller.Commands(true))
	})
}
