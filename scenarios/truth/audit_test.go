package truth_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/scenarios/script"
	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

// letter plays a story of mail, whose steps stand in order of time.
func letter(t *testing.T, end time.Duration, lines ...string) *finding.Run {
	t.Helper()
	text := fmt.Sprintf("# A letter, and a fault at a moment of its way\n# ja: 配送途中の障害\ncluster mail\n%s\nend %v\n%s",
		strings.Join(lines, "\n"), end, files(lines))
	s, problems := script.Parse("letter.txtar", []byte(text))
	require.NoError(t, problems.Err())
	r, err := script.Run(context.Background(), s, script.Options{Cluster: folder})
	require.NoError(t, err)
	requireJapanese(t, r)
	return r
}

// files leave LogicalIP out of both nodes' settings where the story expects `check` to say so.
func files(lines []string) (all string) {
	if !slices.Contains(lines, "expect problem LogicalIP") {
		return ""
	}
	for _, role := range []string{"active", "standby"} {
		all += "-- " + role + "/mail/services.reg --\nWindows Registry Editor Version 5.00\n"
		for _, service := range []string{"EPSTRS", "EPSTDS", "EPSTPOP3S", "EPSTIMAP4S"} {
			all += "\n[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\" + service + "]\n\"ObjectName\"=\".\\\\Administrator\"\n"
		}
	}
	return all
}

// between is a moment after the first record of the one kind and before the next of the other.
func between(t *testing.T, r *finding.Run, one, other func(trace.Record) bool) time.Duration {
	t.Helper()
	all := r.Trace.Records
	i := slices.IndexFunc(all, one)
	require.GreaterOrEqual(t, i, 0)
	j := slices.IndexFunc(all[i:], other)
	require.Greater(t, j, 0)
	require.Greater(t, all[i+j].At-all[i].At, time.Microsecond, "there is time between the two")
	return all[i].At + (all[i+j].At-all[i].At)/2
}

func is[B trace.Body](r trace.Record) bool { _, ok := r.Body.(B); return ok }

// by is such a record of a machine.
func by[B trace.Body](host string) func(trace.Record) bool {
	return func(r trace.Record) bool { return is[B](r) && r.Host == host }
}

// commits is the share taking a message into the queue, removes removing its file.
func commits(r trace.Record) bool { f, ok := r.Body.(trace.MailFile); return ok && f.Mail != nil }

func removes(below string) func(trace.Record) bool {
	return func(r trace.Record) bool {
		f, ok := r.Body.(trace.MailFile)
		return ok && f.Do == trace.FileRemoved && strings.HasPrefix(f.File, below)
	}
}

const (
	home   = "at 10s send client tanaka@example.com suzuki@example.com every 1s count 1"
	abroad = "at 10s send client tanaka@example.com carol@example.net every 1s count 1"
)

func fates(r *finding.Run) (all []finding.Fate) {
	for i := range r.Facts.Mail.Copies {
		all = append(all, r.Facts.Mail.Copies[i].Fate())
	}
	return all
}

// A message that the share has taken is accepted, though the node died before it could say so: to sender and log.
func TestAMessageOnTheShareIsAccepted(t *testing.T) {
	for line, fate := range map[string]finding.Fate{home: finding.Delivered, abroad: finding.Relayed} {
		at := between(t, letter(t, 60*time.Second, line), commits, is[trace.MailAccept])
		r := letter(t, 300*time.Second, line, fmt.Sprintf("at %v power-off active", at), "at 80s power-on active")
		require.Equal(t, []finding.Fate{fate, fate}, fates(r))
		require.Equal(t, 1, r.Facts.Mail.Again)
		p5 := result(t, r, "P5")
		require.Equal(t, finding.Pass, p5.Verdict)
		require.Equal(t, finding.Kind("p5.again"), p5.Left[0].Kind, "the sender lost its 250; nobody else lost one")
		require.Len(t, p5.Left, 1)
		requireTold(t, r, "2 accepted (a message counts once for each recipient), 1 of the messages sent again after a lost 250", "うち応答 250 を失い再送 1 通")
	}
}

// What a reader has got and deleted is read, though the node died before it could write that down.
func TestAMessageThatAReaderHasIsNotLost(t *testing.T) {
	for _, protocol := range []string{"pop3", "imap"} {
		lines := []string{home, "at 20s read client " + protocol + " suzuki every 200s"}
		at := between(t, letter(t, 60*time.Second, lines...), removes("inbox/"), is[trace.MailExpunge])
		r := letter(t, 120*time.Second, append(lines, fmt.Sprintf("at %v power-off active", at))...)
		require.Empty(t, slices.DeleteFunc(r.Trace.Records, func(rec trace.Record) bool { return !is[trace.MailExpunge](rec) }), "nobody wrote it down")
		require.Equal(t, []finding.Fate{finding.Read}, fates(r), protocol)
		require.Equal(t, finding.Pass, result(t, r, "P5").Verdict)
		requireTold(t, r, "0 in mailboxes, 1 read", "メールボックス 0 通、読み出し済み 1 通", "0 lost", "消失 0 通")
	}
}

// A message that a lying disk has lost is lost by the share, though its user reads and deletes the file that is left.
func TestWhatALyingShareLosesIsNotTheReaders(t *testing.T) {
	for _, protocol := range []string{"pop3", "imap"} {
		r := letter(t, 90*time.Second, "at 9s disk lying", home, "at 20s share-crash", "at 30s share-boot", "at 35s read client "+protocol+" suzuki every 15s")
		require.Equal(t, []finding.Fate{finding.Lost}, fates(r), protocol)
		requireTold(t, r, "lost: 1 by a share that lies", "消失の内訳: 共有フォルダーの虚偽応答 1 通")
	}
}

// A message whose sender has the report is bounced, though the node died before it could write that down.
func TestAMessageWithAReportIsNotLost(t *testing.T) {
	lines := []string{"at 1s outside outside refuses", abroad}
	at := between(t, letter(t, 60*time.Second, lines...), removes("queue/"), is[trace.MailBounce])
	r := letter(t, 300*time.Second, append(lines, fmt.Sprintf("at %v power-off active", at), "at 84s power-on active")...)
	require.Equal(t, []finding.Fate{finding.Bounced}, fates(r))
	require.Equal(t, finding.Pass, result(t, r, "P5").Verdict)

	middle := between(t, letter(t, 60*time.Second, lines...), func(r trace.Record) bool {
		f, ok := r.Body.(trace.MailFile)
		return commits(r) && ok && f.Mail.From == ""
	}, removes("queue/"))
	half := letter(t, middle, lines...)
	require.Equal(t, map[finding.Step]int{finding.Reporting: 1}, half.Facts.Mail.Steps())
	requireTold(t, half, "1 under way: 1 reported to the sender, and still to be removed from the queue", "処理途中 1 通: 不達通知済みでキューからの削除待ち 1 通")
}

// A run that ends between a relay and its removal has sent its message once.
func TestAMessageThatHasToLeaveTheQueueIsNotDoubled(t *testing.T) {
	end := between(t, letter(t, 60*time.Second, abroad), is[trace.MailTaken], is[trace.MailRelay])
	r := letter(t, end, abroad)
	require.Equal(t, map[finding.Step]int{finding.Removing: 1}, r.Facts.Mail.Steps())
	require.Equal(t, finding.Pass, result(t, r, "P5").Verdict)
}

// Each double has its true cause.
func TestADoubleHasItsTrueCause(t *testing.T) {
	whole := letter(t, 60*time.Second, abroad)
	taken := between(t, whole, is[trace.MailTaken], is[trace.MailRelay])
	for name, c := range map[string]struct {
		faults []string
		want   *finding.Note
		en, ja string
	}{
		"the 250 of the other server is lost": {
			faults: []string{fmt.Sprintf("at %v power-off active", taken)}, want: &finding.Note{Kind: "why.lost-250"},
			en: "there more than once: 1 by a 250 of another domain's server that EPSTDS lost", ja: "重複の内訳: 相手サーバーの応答 250 の喪失 1 通",
		},
		"it came, and the node died before the share let it remove the message": {
			faults: []string{fmt.Sprintf("at %v disk read-only", taken), "at 15s power-off active", "at 16s disk ok"},
			want:   &finding.Note{Kind: "why.not-removed", Node: "active"},
			en:     "1 by a node that stopped or lost the VIP before it took them out of the queue", ja: "キューから削除する前のノードの停止または VIP の喪失 1 通",
		},
	} {
		r := letter(t, 300*time.Second, append([]string{abroad}, c.faults...)...)
		require.Equal(t, []finding.Fate{finding.Doubled}, fates(r), name)
		require.Equal(t, c.want, r.Facts.Mail.Copies[0].Why, name)
		p5 := result(t, r, "P5")
		require.Equal(t, finding.Pass, p5.Verdict, "SMTP has no better (RFC 5321, 4.5.4.1)")
		require.Equal(t, finding.Kind("p5.left"), p5.Left[0].Kind)
		requireTold(t, r, c.en, c.ja)
	}
}

// Nodes without LogicalIP both deliver: a double of M4 is never excused by a fault that comes with it.
func TestADoubleWithoutLogicalIPIsNotExcused(t *testing.T) {
	lines := []string{abroad, "expect problem LogicalIP"}
	whole := letter(t, 60*time.Second, lines...)
	require.Equal(t, []finding.Fate{finding.Doubled}, fates(whole), "both took it from the queue")
	at := between(t, whole, is[trace.MailTaken], by[trace.MailRelay]("standby"))
	var taken []time.Duration
	for _, rec := range whole.Trace.Records {
		if is[trace.MailTaken](rec) {
			taken = append(taken, rec.At)
		}
	}
	at = max(at, taken[1]+time.Microsecond)
	r := letter(t, 200*time.Second, abroad, fmt.Sprintf("at %v power-off standby", at), "expect problem LogicalIP")
	require.Equal(t, []finding.Fate{finding.Doubled}, fates(r))
	require.Equal(t, &finding.Note{Kind: "why.m4", Node: "standby", Rules: []string{"M4"}}, r.Facts.Mail.Copies[0].Why)
	require.Equal(t, finding.Fail, result(t, r, "P5").Verdict)
	requireTold(t, r, "1 by a node that delivers without holding the VIP (M4)", "VIP を保持せずに配送するノード 1 通 (M4)")
}
