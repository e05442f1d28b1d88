package collected

import "strings"

// parseTaskList reads the output of `schtasks /query /fo LIST /v`, as far as it says what a task starts and on what. It does not
// say on which event: a batch file of a task that some event starts is taken for one of the watcher's.
func parseTaskList(d document) (all []Task) {
	var t Task
	name := ""
	end := func() {
		if len(t.Meant()) > 0 {
			all = append(all, t)
		}
	}
	for i, line := range d.lines {
		label, value, ok := label(line)
		switch {
		case !ok:
		case isOne(label, "TaskName", "タスク名"):
			end()
			t, name = Task{Enabled: true, Listed: true, Place: d.at(i)}, value
		case isOne(label, "Task To Run", "実行するタスク") && strings.HasPrefix(name, `\Microsoft\`): // Windows' own
		case isOne(label, "Task To Run", "実行するタスク") && len(t.Meant()) == 0:
			t.does(commandXML{Command: value})
		case isOne(label, "Scheduled Task State", "スケジュールされたタスクの状態"):
			t.Enabled = !isOne(value, "Disabled", "無効")
		case isOne(label, "Run As User", "ユーザーとして実行"):
			t.User, t.Highest = value, true // which it does not say
		case isOne(label, "Schedule Type", "スケジュールの種類"):
			t.Triggers = append(t.Triggers, listed(value, t.Meant()))
		}
	}
	end()
	return all
}

// listed is a trigger of that kind.
func listed(kind string, commands []string) Trigger {
	lower := strings.ToLower(kind)
	switch {
	case strings.Contains(lower, "start up") || strings.Contains(lower, "startup") || strings.Contains(kind, "起動時") || strings.Contains(kind, "スタートアップ"):
		return Trigger{Kind: "BootTrigger"}
	case strings.Contains(lower, "event") || strings.Contains(kind, "イベント"):
		t := Trigger{Kind: "EventTrigger"}
		for _, c := range commands {
			if anyBatch.MatchString(c) {
				t.Selects = []Select{{WatcherLog, "*[System[Provider[@Name='IPWCS'] and EventID=100]]"}}
			}
		}
		return t
	}
	return Trigger{Kind: kind}
}
