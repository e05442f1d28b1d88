package reports

import (
	"slices"
	"time"

	"ipwsim/sim/trace"
)

// logStamp is the form of the watcher's own log (W10).
const logStamp = "[02/Jan/2006:15:04:05]"

// watchers prints the watcher's log of each node, with its changes of mind, the faults and the
// node's tasks in brackets between the lines.
func (p *page) watchers(t *trace.Trace) {
	for _, host := range watcherHosts(t) {
		p.section(p.say(headWatcher, host))
		p.items(p.shorten(p.foldWatcher(t, host)))
	}
}

// watcherHosts lists the hosts with something to show: the nodes in their order, then others.
func watcherHosts(t *trace.Trace) []string {
	var all []string
	for _, n := range t.Header.Nodes {
		all = append(all, n.Role)
	}
	var talking []string
	for _, r := range t.Records {
		switch r.Body.(type) {
		case trace.Log, trace.Watch:
			if !slices.Contains(all, r.Host) {
				all = append(all, r.Host)
			}
			if !slices.Contains(talking, r.Host) {
				talking = append(talking, r.Host)
			}
		}
	}
	return slices.DeleteFunc(all, func(h string) bool { return !slices.Contains(talking, h) })
}

// foldWatcher is the watcher's log of a host with long runs folded.
func (p *page) foldWatcher(t *trace.Trace, host string) []item {
	return p.fold(p.watcherItems(t, host), 3, func(run []item) string {
		if run[0].class == "note" {
			return p.say(moreNotes, len(run))
		}
		return p.say(moreLines, len(run))
	})
}

func (p *page) watcherItems(t *trace.Trace, host string) []item {
	var all []item
	tasks := taskRuns(t)
	for _, r := range t.Records {
		switch b := r.Body.(type) {
		case trace.Fault:
			all = append(all, faultNote(p.lang, r, b))
		case trace.Task:
			if r.Host == host {
				all = append(all, item{class: "note", note: true, text: "[" + p.stamp(r.At) + "  " + tasks[0].text(p.lang) + "]"})
			}
			tasks = tasks[1:]
		case trace.Log:
			if r.Host == host {
				all = append(all, logItems(t.Header.Epoch, r.At, b.Text)...)
			}
		case trace.Watch:
			if r.Host == host {
				text := p.say(watchNote, p.stamp(r.At), watched(t, b)+b.State, b.Why)
				all = append(all, item{class: "note", note: true, text: text})
			}
		}
	}
	return all
}

// watched names the VIP where there is more than one.
func watched(t *trace.Trace, w trace.Watch) string {
	if len(t.Header.VIPs) < 2 {
		return ""
	}
	return address(w.VIP) + " "
}

// logItems is one entry of the log: its stamp in the zone of the simulated clock, its first line
// behind it, more lines indented below.
func logItems(epoch time.Time, at time.Duration, text string) []item {
	lead := epoch.Add(at).Format(logStamp) + " "
	var all []item
	for i, l := range safeLines(text) {
		if i == 1 {
			lead = "    "
		}
		all = append(all, item{class: "log", lead: lead, text: l})
	}
	return all
}
