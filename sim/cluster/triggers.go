package cluster

import (
	"slices"
	"strings"
	"time"

	"ipwsim/core/diag"
)

// GuideStartup is the guide's task at the start of Windows (G A).
var GuideStartup = Task{On: AtStartup, After: 30 * time.Second, Every: 5 * time.Minute, For: 15 * time.Minute}

// guideTasks are what starts the batch where cluster.toml does not say: the guide gives both nodes
// the event, and the active one the start of Windows too.
var guideTasks = map[string][]Task{
	Active:  {{On: OnEvent100}, GuideStartup},
	Standby: {{On: OnEvent100}},
}

var starts = []string{string(OnEvent100), string(AtStartup)}

// String is the task as cluster.toml has it: `startup` alone is the guide's.
func (t Task) String() string {
	if t == GuideStartup {
		return string(t.On)
	}
	s := string(t.On)
	if t.After > 0 || t.On == AtStartup {
		s += " after " + t.After.String()
	}
	if t.Every > 0 {
		s += " every " + t.Every.String()
	}
	if t.For > 0 {
		s += " for " + t.For.String()
	}
	return s
}

// toTasks is a list of tasks that start on different things; it may be empty.
func toTasks(v any) ([]Task, error) {
	list, err := as[[]any](v)
	if err != nil {
		return nil, err
	}
	var tasks []Task
	for _, raw := range list {
		text, err := as[string](raw)
		if err != nil {
			return nil, err
		}
		t, err := toTask(text)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(tasks, func(o Task) bool { return o.On == t.On }) {
			return nil, diag.Errorf("%q is there twice; expected every task once", t.On)
		}
		tasks = append(tasks, t)
	}
	return tasks, nil
}

// What Task Scheduler takes, by its dialogue: it repeats each minute at the most.
var (
	toDelay  = toBetween(0, 31*24*time.Hour, diag.Say("0s to 744h"))
	toRepeat = toBetween(time.Minute, 31*24*time.Hour, diag.Say("1m to 744h"))
)

// toTask reads a task.
func toTask(text string) (t Task, err error) {
	words := strings.Fields(text)
	if len(words) == 0 || !slices.Contains(starts, words[0]) {
		name := strings.Join(words[:min(1, len(words))], "")
		return t, diag.Errorf("unknown task %.60q; expected some of %s%s", name, strings.Join(starts, ", "), didYouMean(name, starts))
	}
	if t.On = Start(words[0]); t.On == AtStartup && len(words) == 1 {
		return GuideStartup, nil
	}
	times := map[string]*time.Duration{"after": &t.After, "every": &t.Every, "for": &t.For}
	for i := 1; i < len(words); i += 2 {
		to := times[words[i]]
		if to == nil || i+1 == len(words) {
			return t, diag.Errorf("found %.60q; expected `%s after <time> every <time> for <time>`, each at most once", text, t.On)
		}
		delete(times, words[i])
		read := toRepeat
		if words[i] == "after" {
			read = toDelay
		}
		if *to, err = read(words[i+1]); err != nil {
			return t, err
		}
	}
	if t.For > 0 && t.Every == 0 {
		return t, diag.Errorf("found %.60q; expected `every <time>` with `for`", text)
	}
	return t, nil
}
