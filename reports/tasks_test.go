package reports

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/trace"
)

// tasked is the cable pull with arpclear.bat on the standby: the start of Windows has begun a run when
// the event comes.
func tasked() Result {
	r := cablePull()
	task := func(at float64, state trace.TaskState, trigger string) {
		r.Trace.Add(sec(at), "standby", trace.Task{Name: "arpclear.bat", State: state, Trigger: trigger})
	}
	task(150, trace.TaskStarted, trace.TriggerStartup)
	for range 12 {
		r.Trace.Add(sec(151), "standby", trace.Command{Line: "ping -n 1 192.168.10.150", Took: sec(1)})
	}
	task(155, trace.TaskSkipped, "event IPWCS 100")
	for range 12 {
		r.Trace.Add(sec(156), "standby", trace.Command{Line: "ping -n 1 192.168.10.150", Took: sec(1)})
	}
	task(170, trace.TaskFinished, "")
	task(175, trace.TaskStarted, "event IPWCS 100")
	task(176, trace.TaskSkipped, trace.TriggerStartup)
	task(177, trace.TaskTerminated, "")
	return r
}

// H10: what Task Scheduler did stands among the commands, however much of them is folded, and in the
// node's own log.
func TestH10TasksAreShown(t *testing.T) {
	for l, want := range map[string][]string{
		"en": {
			"150.000 s|task arpclear.bat started by the start of Windows",
			"155.000 s|task arpclear.bat skipped for event IPWCS 100: already running, by the start of Windows at 150.000 s",
			"170.000 s|task arpclear.bat finished",
			"175.000 s|task arpclear.bat started by event IPWCS 100",
			"176.000 s|task arpclear.bat skipped for the start of Windows: already running, by event IPWCS 100 at 175.000 s",
			"177.000 s|task arpclear.bat terminated by the shutdown",
		},
		"ja": {
			"150.000 秒|タスク arpclear.bat 開始 (契機 Windows の起動)",
			"155.000 秒|タスク arpclear.bat スキップ (契機 event IPWCS 100): 実行中 (契機 Windows の起動、150.000 秒 から)",
			"170.000 秒|タスク arpclear.bat 終了",
			"175.000 秒|タスク arpclear.bat 開始 (契機 event IPWCS 100)",
			"177.000 秒|タスク arpclear.bat シャットダウンにより中止",
		},
	} {
		out := text(t, tasked(), Options{Lang: l, Width: 160})
		require.Contains(t, out, map[string]string{"en": "more lines", "ja": "あと"}[l], "something is folded")
		for _, line := range want {
			at, what, _ := strings.Cut(line, "|")
			require.Contains(t, out, at+"  standby  "+what+"\n", "among the commands")
			require.Contains(t, out, "["+at+"  "+what+"]\n", "in the log")
		}
		requireHarmless(t, text(t, tasked(), Options{Lang: l}), 80)
	}
}

// H10: an event that started nothing is told at the top; a repetition after the start is not.
func TestH10ASwallowedEventIsAWarning(t *testing.T) {
	r := tasked()
	before := trace.Record{At: sec(-20), Host: "standby", Body: trace.Task{Name: "arpclear.bat", State: trace.TaskSkipped, Trigger: "event IPWCS 100"}}
	r.Trace.Records = append([]trace.Record{before}, r.Trace.Records...) // the cluster's own start
	en := text(t, r, Options{Width: 250})
	require.Contains(t, en, "warning: standby: arpclear.bat was not run for event IPWCS 100 at 155.000 s: the run begun by "+
		"the start of Windows at 150.000 s was still under way, and Windows starts no second one (H10)\n")
	require.Equal(t, 1, strings.Count(en, "warning: "))
	require.Less(t, strings.Index(en, "warning: "), strings.Index(en, "== "), "above the first section")
	ja := text(t, tasked(), Options{Lang: "ja", Width: 250})
	require.Contains(t, ja, "警告: standby: arpclear.bat は event IPWCS 100 (155.000 秒) では実行されていません。"+
		"Windows の起動 で 150.000 秒 に始まった実行が続いており、Windows は二つ目を開始しません (H10)\n")
	require.NotContains(t, text(t, cablePull(), Options{}), "warning: ")
}

func TestH10TasksInJSON(t *testing.T) {
	d := read(t, jsonOf(t, []Result{tasked()}))
	require.Len(t, d.Results[0].Tasks, 6)
	require.Equal(t, TaskEntry{Seconds(sec(155)), "standby", "arpclear.bat", trace.TaskSkipped, "event IPWCS 100"}, d.Results[0].Tasks[1])
}
