package facts

import (
	"time"

	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

// gone is what has left people's mailboxes, and what their mail programs were told of that.
type gone struct {
	files map[fetchKey]int // removed so far
	tolds []told
}

// told is a mail program having been told that so many messages of one name are deleted.
type told struct {
	at     time.Duration
	client string
	fetchKey
	n    int
	left int // that were removed by then
}

// keyOf is what a reader knows a copy by.
func (q *queued) keyOf() fetchKey { return fetchKey{userOf(q.To), q.MessageID} }

// leave notes that a file was removed from a mailbox.
func (a *audit) leave(file string) {
	if q := a.whose(file); q != nil {
		a.files[q.keyOf()]++
	}
}

// told takes in what a mail program was told of deletions. A message without a name is not followed.
func (a *audit) told(rec *trace.Record, b trace.MailPoll) {
	first := len(a.tolds)
next:
	for _, id := range b.Gone {
		if id == "" {
			continue
		}
		for i := range a.tolds[first:] {
			if t := &a.tolds[first+i]; t.messageID == id {
				t.n++
				continue next
			}
		}
		key := fetchKey{userOf(b.User), id}
		a.tolds = append(a.tolds, told{rec.At, rec.Host, key, 1, a.files[key]})
	}
}

// keptFromReaders are the messages that lay there when a mail program had been told that they were deleted: fewer were gone
// than it was told of, and one was removed later, or lies there in the end.
func (a *audit) keptFromReaders() (all []finding.Kept) {
	lie, lost := map[fetchKey]int{}, map[fetchKey]int{}
	for _, q := range a.entries {
		for file, n := range q.lies { // order: counted
			if where, _ := place(file); where == trace.InMailbox {
				lie[q.keyOf()] += n
			}
		}
		if where, _ := place(q.at); q.vanished() && where == trace.InMailbox {
			lost[q.keyOf()]++
		}
	}
	for _, t := range a.tolds {
		if k := t.fetchKey; t.left+lost[k] < t.n && lie[k]+a.files[k]-t.left > 0 {
			all = append(all, finding.Kept{At: t.at, Reader: t.client, Box: t.user, ID: t.messageID})
		}
	}
	return all
}
