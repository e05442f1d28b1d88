package facts

import (
	"slices"
	"strings"
	"time"

	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

// mailReader follows messages.
type mailReader struct {
	mail    finding.Mail
	any     bool // somebody used mail
	audit   *audit
	seen    map[string]bool // Message-IDs that were accepted
	sends   map[finding.MailRoute][]send
	fetched map[fetchKey]bool
	looked  map[string]time.Duration // when the last look that did not fail began, by its login
}

// send is a try of a client to send, as it ended.
type send struct {
	at time.Duration
	trace.MailSend
}

// fetchKey is a user having got a message.
type fetchKey struct{ user, messageID string }

func newMailReader(h *trace.Header) *mailReader {
	return &mailReader{audit: newAudit(h), seen: map[string]bool{}, sends: map[finding.MailRoute][]send{}, fetched: map[fetchKey]bool{}, looked: map[string]time.Duration{}}
}

// see takes a record in.
func (m *mailReader) see(rec *trace.Record) {
	switch b := rec.Body.(type) {
	case trace.MailSend:
		m.send(rec, b)
	case trace.MailFetch:
		m.any = true
		m.mail.Read++
		m.fetched[fetchKey{userOf(b.User), b.MessageID}] = true
		m.fetched[fetchKey{loginOf(b.User), b.MessageID}] = true
	case trace.MailPoll:
		m.any = true
		if b.Stage != "" {
			m.mail.Unread++
		} else {
			m.looked[fold(b.User)] = rec.At - b.Took
		}
		m.audit.told(rec, b)
	case trace.MailSession:
		if b.End == trace.BrokenEnd {
			m.mail.Broken++
		}
	case trace.MailAudit:
		m.mail.Audited = true
	case trace.MailFile:
		m.file(rec, b)
	case trace.MailTaken:
		m.audit.taken(rec, b)
	case trace.MailRelay:
		m.audit.hears(rec, b.ID, b.To, false)
	case trace.MailBounce:
		m.audit.bounce(rec, b)
	case trace.MailExpunge:
		m.audit.expunged(rec, b)
	case trace.MailStock:
		if b.Place == trace.Unfinished {
			m.mail.Drafts++
		}
		m.audit.stock(b)
	case trace.Power:
		m.audit.power(rec, b)
	case trace.Clock, trace.Drift:
		m.audit.clock(rec)
	}
}

// file takes in what happened to a file on the share.
func (m *mailReader) file(rec *trace.Record, b trace.MailFile) {
	m.any = true
	switch e, accepted := m.audit.file(rec, b, m.fetched); {
	case !accepted:
	case e.MessageID != "" && m.seen[e.MessageID]:
		m.mail.Again++
		m.audit.again(b.To)
	default:
		m.seen[e.MessageID] = true
	}
}

func (m *mailReader) send(rec *trace.Record, b trace.MailSend) {
	m.any = true
	route := finding.MailRoute{Client: rec.Host, Server: b.Server}
	if m.sends[route] == nil {
		m.mail.Routes = append(m.mail.Routes, route)
	}
	m.sends[route] = append(m.sends[route], send{rec.At, b})
	if b.Code == 250 && b.Stage == "" {
		if b.Refused != "" {
			m.mail.Failures = failedLike(m.mail.Failures, trace.MailSend{Stage: trace.AtRcpt, Code: b.Denial})
		}
		m.mail.Told = append(m.mail.Told, finding.Told{Client: rec.Host, MessageID: b.MessageID, To: b.Taken(), At: rec.At})
	} else {
		m.mail.Failures = failedLike(m.mail.Failures, b)
	}
}

// facts are what became of the mail; nil when nobody used any.
func (m *mailReader) facts(r *Reader, f *Facts, end time.Duration) *finding.Mail {
	if !m.any {
		return nil
	}
	all := m.mail
	all.Failures = slices.Clone(all.Failures)
	all.Unheld = m.audit.workers.unheld(f)
	all.Copies, all.Bounces, all.Kept = m.audit.copies(f, all.Unheld), slices.Clone(m.audit.bounces.all), slices.Concat(m.audit.kept, m.audit.keptFromReaders())
	all.Passed = m.passed(all.Copies)
	for _, route := range all.Routes {
		all.Downs = append(all.Downs, m.downs(r, f, route, end)...)
	}
	return &all
}

// passed are the recipients whose mail lies where no login of their users leads.
func (m *mailReader) passed(copies []finding.Copy) (all []finding.Passed) {
	for _, c := range copies {
		began, looks := m.looked[userOf(c.To)]
		_, named := m.looked[fold(c.To)]
		if !looks || named || c.InBox == 0 || c.Read > 0 || c.Served == 0 || began <= c.Served || m.fetched[fetchKey{userOf(c.To), c.MessageID}] {
			continue
		}
		i := slices.IndexFunc(all, func(p finding.Passed) bool { return p.To == c.To })
		if i < 0 {
			i = len(all)
			all = append(all, finding.Passed{To: c.To})
		}
		all[i].N++
	}
	return all
}

// fold makes addresses that name one mailbox equal.
func fold(address string) string { return strings.ToLower(address) }

// userOf is the name of a user, who may log in with a domain.
func userOf(login string) string {
	user, _, _ := strings.Cut(fold(login), "@")
	return user
}

// loginOf is the user with the domain, and an @ in any case.
func loginOf(login string) string {
	user, domain, _ := strings.Cut(fold(login), "@")
	return user + "@" + domain
}

// longWait is from when on an unfinished try says that mail is down. A healthy one takes a tenth.
const longWait = time.Second

// downs are the stretches between two acceptances that the client was told of, in which tries failed for a
// passing reason or one waited for longWait. A stretch begins with the first such try: before it nobody wanted
// to send.
func (m *mailReader) downs(r *Reader, f *Facts, route finding.MailRoute, end time.Duration) (all []finding.MailDown) {
	var now *finding.MailDown
	last := time.Duration(0) // the last acceptance
	for _, s := range m.sends[route] {
		sent := s.Stage == "" && s.Code == 250
		start := max(s.at-s.Took, last, 0)
		if waited := s.at-start >= longWait; !sent && s.Code < 500 || waited {
			if now == nil {
				now = &finding.MailDown{MailRoute: route, From: start}
			}
			now.From = min(now.From, start)
		}
		if now != nil && !sent {
			now.Failures = failedLike(now.Failures, s.MailSend)
		}
		if !sent {
			continue
		}
		if now != nil {
			now.To = s.at
			all, now = append(all, *now), nil
		}
		last = s.at
	}
	if now != nil {
		now.To, now.Open = end, true
		all = append(all, *now)
	}
	all = slices.DeleteFunc(all, func(d finding.MailDown) bool { return d.To <= 0 })
	for i := range all {
		r.blame(f, &all[i])
	}
	return all
}

// failedLike counts a try with those that failed alike.
func failedLike(all []finding.MailFailure, b trace.MailSend) []finding.MailFailure {
	i := slices.IndexFunc(all, func(f finding.MailFailure) bool { return f.Stage == b.Stage && f.Code == b.Code })
	if i < 0 {
		return append(all, finding.MailFailure{Stage: b.Stage, Code: b.Code, Count: 1})
	}
	all[i].Count++
	return all
}

// blame puts the time without mail down to a fault. What is in force at its start comes before what came later, and
// there the VIP's outage before all else, and the latest fault before older ones. A fault that comes while the first
// try still waits as a healthy one might is in force at its start.
func (r *Reader) blame(f *Facts, d *finding.MailDown) {
	start := d.From + longWait
	began := never
	take := func(at time.Duration, fault int) { // times may be equal: what is asked first stays
		if began == never || at <= start && at > began || began > start && at < began {
			began, d.Fault = at, fault
		}
	}
	for _, p := range f.Pairs {
		for _, o := range p.Outages {
			if o.Client != d.Client || o.VIP != d.Server.Addr() || o.Cause.Fault == 0 || o.To <= d.From || d.To <= o.From {
				continue
			}
			if o.From <= start { // nothing gets there, whatever else there is
				take(start, o.Cause.Fault)
			} else {
				take(o.From, o.Cause.Fault)
			}
		}
	}
	for _, one := range f.Faults {
		if one.Breaks && one.At <= d.To && d.From <= one.Until && r.hinders(f, d, one) {
			take(one.At, one.ID)
		}
	}
	for _, one := range f.Faults {
		if one.Lasts() && one.At <= start && d.From < one.Until && one.ID != d.Fault {
			d.Also = append(d.Also, one.ID)
		}
	}
}

// hinders says whether the fault is of what accepting mail needs besides the VIP: the share, the way to it, and EPSTRS
// of the node that the client talks to.
func (r *Reader) hinders(f *Facts, d *finding.MailDown, one finding.Fault) bool {
	return slices.ContainsFunc(one.Touches, func(t trace.Touch) bool {
		switch t.Part {
		case trace.MailPart:
			node := f.nodeAt(d.Server.Addr(), max(d.From, one.At))
			return (t.End == "" || t.End == "EPSTRS") && (node == "" || node == t.Of)
		case trace.DiskPart:
			return one.Setting != "lying" // such a disk accepts all
		case trace.LinkPart, trace.CutPart, trace.QualityPart:
			return slices.ContainsFunc(r.model.header.Others, func(o trace.Other) bool { return o.Name == t.Of })
		}
		return false
	})
}

// gone is what has left people's mailboxes, and what their mail programs were told of that.
type gone struct {
	files map[fetchKey]int // removed so far
	apart map[string]bool  // domains whose mailboxes are below a folder of their own (M5)
	tolds []told
}

// told is a mail program having been told that so many messages of one name are deleted.
type told struct {
	at     time.Duration
	client string
	login  string
	id     string
	n      int
	left   [2]int // that were removed by then: see keys
}

// keys are what the mailbox of a login may be known by: the user's where that is all it says; else that below the domain's
// folder, or the one of those domains that have none.
func (t *told) keys() [2]fetchKey {
	user, domain, named := strings.Cut(t.login, "@")
	if !named {
		return [2]fetchKey{{user, t.id}, {user, t.id}}
	}
	return [2]fetchKey{{domain + "/" + user, t.id}, {"/" + user, t.id}}
}

// keysOf are what readers know a copy's file in a mailbox by: its user, and the mailbox.
func (a *audit) keysOf(q *queued, file string) [2]fetchKey {
	user, domain, _ := strings.Cut(fold(q.To), "@")
	box := "/" + user
	if _, path := place(file); strings.HasPrefix(path, domain+"/") {
		box, a.apart[domain] = domain+box, true
	}
	return [2]fetchKey{{user, q.MessageID}, {box, q.MessageID}}
}

// leave notes that a file was removed from a mailbox.
func (a *audit) leave(file string) {
	if q := a.whose(file); q != nil {
		for _, key := range a.keysOf(q, file) {
			a.files[key]++
		}
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
			if t := &a.tolds[first+i]; t.id == id {
				t.n++
				continue next
			}
		}
		t := told{at: rec.At, client: rec.Host, login: fold(b.User), id: id, n: 1}
		for i, key := range t.keys() {
			t.left[i] = a.files[key]
		}
		a.tolds = append(a.tolds, t)
	}
}

// keptFromReaders are the messages that lay there when a mail program had been told that they were deleted: fewer were gone
// than it was told of, and one was removed later, or lies there in the end.
func (a *audit) keptFromReaders() (all []finding.Kept) {
	lie, lost := map[fetchKey]int{}, map[fetchKey]int{}
	for _, q := range a.entries {
		for file, n := range q.lies { // order: counted
			if where, _ := place(file); where == trace.InMailbox {
				for _, key := range a.keysOf(q, file) {
					lie[key] += n
				}
			}
		}
		if where, _ := place(q.at); q.vanished() && where == trace.InMailbox {
			for _, key := range a.keysOf(q, q.at) {
				lost[key]++
			}
		}
	}
	for _, t := range a.tolds {
		user, domain, _ := strings.Cut(t.login, "@")
		i := 1
		if a.apart[domain] {
			i = 0
		}
		if k, left := t.keys()[i], t.left[i]; left+lost[k] < t.n && lie[k]+a.files[k]-left > 0 {
			all = append(all, finding.Kept{At: t.at, Reader: t.client, Box: user, ID: t.id})
		}
	}
	return all
}
