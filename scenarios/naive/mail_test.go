package naive_test

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/scenarios/script"
	"ipwsim/sim/trace"
)

// letters is a drawn scenario of mail with faults at the very moments of its steps.
type letters struct {
	source
	files  map[string]string
	steps  []step
	faults []step
	end    time.Duration
}

// step is a line of a scenario.
type step struct {
	at   time.Duration
	does string
	kept int // its place among the faults kept; -1 for what is no fault
}

// withoutLogicalIP is EPSTDS as it is when guide step 13 was forgotten.
const withoutLogicalIP = "Windows Registry Editor Version 5.00\n\n" +
	"[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\EPSTRS]\n\"ObjectName\"=\".\\\\Administrator\"\n\n" +
	"[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\EPSTDS]\n\"ObjectName\"=\".\\\\Administrator\"\n\n" +
	"[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\EPSTPOP3S]\n\"ObjectName\"=\".\\\\Administrator\"\n\n" +
	"[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\EPSTIMAP4S]\n\"ObjectName\"=\".\\\\Administrator\"\n"

func drawLetters(s source, cluster string) *letters {
	l := &letters{source: s, files: map[string]string{}, end: 40*time.Second + s.upTo(20*time.Second)}
	does := func(at time.Duration, format string, args ...any) {
		l.steps = append(l.steps, step{at, fmt.Sprintf(format, args...), -1})
	}
	latency := one(s, "1ms", "1ms", "100us", "20ms", "200ms", "1500ms")
	l.files["cluster.toml"] = strings.Replace(cluster, "[share]\n", fmt.Sprintf("[share]\nlatency = %q\n", latency), 1)
	if s.chance(8) {
		l.files["active/mail/services.reg"], l.files["standby/mail/services.reg"] = withoutLogicalIP, withoutLogicalIP
	}
	if s.chance(25) {
		does(time.Second, "outside outside %s", one(s, "refuses", "defers"))
	}
	for range 1 + s.below(3) {
		does(10*time.Second+s.upTo(3*time.Second), "send client tanaka@example.com %s every %v count %d%s",
			one(s, "suzuki@example.com", "carol@example.net", "suzuki@example.com,carol@example.net", "suzuki@example.com,nobody@example.com,carol@example.net"), one(s, time.Second, 4*time.Second), 1+s.below(3), one(s, "", " each 2", " each 3"))
	}
	if s.chance(60) {
		does(13*time.Second+s.upTo(6*time.Second), "read client %s suzuki every %v", one(s, "pop3", "imap"), one(s, 7*time.Second, 200*time.Second))
	}
	return l
}

// lines are the steps with these of the faults, in order of time.
func (l *letters) lines(keep []int) []step {
	lines := slices.Clone(l.steps)
	for k, i := range keep {
		f := l.faults[i]
		f.kept = k
		lines = append(lines, f)
	}
	slices.SortStableFunc(lines, func(a, b step) int { return cmp.Compare(a.at, b.at) })
	return lines
}

// text is the scenario with these of the faults.
func (l *letters) text(keep []int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# Drawn: mail, and faults at its moments\ncluster mail\n")
	for _, s := range l.lines(keep) {
		fmt.Fprintf(&b, "at %v %s\n", s.at, s.does)
	}
	if l.files["active/mail/services.reg"] != "" {
		fmt.Fprintln(&b, "expect problem LogicalIP")
	}
	fmt.Fprintf(&b, "end %v\n", l.end)
	for _, name := range []string{"cluster.toml", "active/mail/services.reg", "standby/mail/services.reg"} {
		if l.files[name] != "" {
			fmt.Fprintf(&b, "-- %s --\n%s", name, l.files[name])
		}
	}
	return b.String()
}

// run runs it. A fault that changes nothing is left out.
func (l *letters) run(t require.TestingT, keep []int) (*trace.Trace, []int) {
	const head = 3 // the line of the first step
	for {
		s, problems := script.Parse("drawn", []byte(l.text(keep)))
		require.NoError(t, problems.Err(), l.text(keep))
		ran, err := script.Run(context.Background(), s, script.Options{Cluster: clusters})
		if err == nil {
			return ran.Trace, keep
		}
		i, lines := wrongLine(err)-head, l.lines(keep)
		require.True(t, 0 <= i && i < len(lines) && lines[i].kept >= 0, "%v\n%s", err, l.text(keep))
		keep = slices.Delete(slices.Clone(keep), lines[i].kept, lines[i].kept+1)
	}
}

// moments are when something was done to a message: at the share, by SMTP, POP3 or IMAP4.
func moments(t *trace.Trace) (all []time.Duration) {
	for _, r := range t.Records {
		switch r.Body.(type) {
		case trace.MailFile, trace.MailAccept, trace.MailDeliver, trace.MailRelay, trace.MailTaken, trace.MailBounce, trace.MailExpunge,
			trace.MailFetch, trace.MailSession, trace.MailSend, trace.MailPoll:
			if r.At > 0 && r.At < t.End {
				all = append(all, r.At)
			}
		}
	}
	return all
}

// giving are the moments around a message's being given to another server, which are few and matter most.
func giving(t *trace.Trace) (all []time.Duration) {
	before := time.Duration(0)
	for _, r := range t.Records {
		switch r.Body.(type) {
		case trace.MailTaken, trace.MailRelay:
			all = append(all, r.At, before+(r.At-before)/2)
		}
		switch r.Body.(type) {
		case trace.MailTaken, trace.MailRelay, trace.MailFile:
			before = r.At
		}
	}
	return slices.DeleteFunc(all, func(at time.Duration) bool { return at <= 0 || at >= t.End })
}

// drawFaults draws faults at the moments, or a little before or after, and what mends them.
func (l *letters) drawFaults(t *trace.Trace) {
	all := moments(t)
	if some := giving(t); len(some) > 0 && l.chance(40) {
		all = some
	}
	if len(all) == 0 {
		return
	}
	near := func() time.Duration {
		at := all[l.below(len(all))]
		off := one(l.source, 1, 20, 200, 2000) * (l.below(201) - 100)
		return max(at+time.Duration(off)*time.Microsecond/100, 5*time.Second)
	}
	for range one(l.source, 1, 1, 2, 3) {
		at := near()
		node := one(l.source, "active", "active", "active", "standby")
		do, undo := "power-off "+node, "power-on "+node
		switch l.below(16) {
		case 0, 1, 14:
			do, undo = "freeze "+node, "resume "+node
		case 2:
			service := one(l.source, "", " EPSTRS", " EPSTDS", " EPSTPOP3S", " EPSTIMAP4S")
			do, undo = "kill-mail "+node+service, "start-mail "+node+service
		case 3, 4:
			do, undo = "unplug "+node, "plug "+node
		case 5:
			do, undo = "unplug share", "plug share"
		case 6:
			do, undo = "unplug outside", "plug outside"
		case 7:
			do, undo = "unplug client", "plug client"
		case 8:
			do, undo = "disk "+one(l.source, "full", "read-only"), "disk ok"
		case 9:
			side := one(l.source, node, "sw1")
			do, undo = "cut "+node+" "+side, "mend "+node
		}
		l.faults = append(l.faults, step{at: at, does: do})
		if l.chance(60) {
			back := at + one(l.source, time.Millisecond+l.upTo(time.Second), 60*time.Second+l.upTo(20*time.Second), 70*time.Second+l.upTo(20*time.Second))
			l.faults = append(l.faults, step{at: back, does: undo})
			l.end = max(l.end, back+l.upTo(60*time.Second))
		}
	}
	if l.chance(30) { // in the middle of something
		l.end = near() + one(l.source, time.Nanosecond, time.Microsecond, 100*time.Microsecond)
		over := func(s step) bool { return s.at >= l.end }
		l.steps, l.faults = slices.DeleteFunc(l.steps, over), slices.DeleteFunc(l.faults, over)
	}
}

// said are the comments of a cluster's file.
var said = regexp.MustCompile(`(?m)^(#.*)?\n`)

// Messages whose way is cut anywhere: the two agree on what became of each and why, nothing is lost, and nothing is
// doubled without a cause.
func TestDrawnLettersAgree(t *testing.T) {
	t.Parallel()
	cluster, err := os.ReadFile("../testdata/clusters/mail/cluster.toml")
	require.NoError(t, err)
	each(t, 18, func(t *testing.T, seed uint64) {
		l := drawLetters(newSource(seed), said.ReplaceAllString(string(cluster), ""))
		whole, _ := l.run(t, nil)
		l.drawFaults(whole)
		ran, keep := l.run(t, all(len(l.faults)))
		if objection(ran) == "" {
			return
		}
		fewer := fewest(len(keep), func(some []int) bool {
			try, done := l.run(t, pick(keep, some))
			return len(done) == len(some) && objection(try) != ""
		})
		ran, keep = l.run(t, pick(keep, fewer))
		t.Errorf("seed %d:\n%s\nthe scenario, less what does not matter:\n%s", seed, objection(ran), l.text(keep))
	})
}

// objection is where the two differ about mail, or what should never be.
func objection(t *trace.Trace) string {
	facts, second := aboutMail(byReader(t)), aboutMail(byNaive(t))
	if d := differences(facts, second); d != "" {
		return d
	}
	for _, line := range facts {
		if strings.Contains(line, "p5.lost") || strings.Contains(line, "p5.told") || strings.HasPrefix(line, "unheld") || strings.Contains(line, "p5.doubled") && !strings.Contains(line, "because") {
			return "should never be: " + strings.Join(facts, "\n")
		}
	}
	return ""
}

// aboutMail are the lines that speak of mail.
func aboutMail(a account) (some account) {
	for _, line := range a {
		word, _, _ := strings.Cut(line, " ")
		if slices.Contains([]string{"mail:", "copy", "told", "bounce", "unheld", "P5:"}, word) {
			some = append(some, line)
		}
	}
	return some
}
