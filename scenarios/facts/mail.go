package facts

import (
	"path"
	"slices"
	"strings"
	"time"

	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

// mailReader follows messages.
type mailReader struct {
	mail  finding.Mail
	any   bool // somebody used mail
	index map[copyKey]int
	byID  map[string][]int
	seen  map[string]bool // Message-IDs that were accepted
	taken []copyKey       // by other servers, which know a message by its own ID only
	sends map[finding.MailRoute][]send
}

// copyKey names a copy of a queue entry, or of a message.
type copyKey struct{ id, to string }

// send is a try of a client to send, as it ended.
type send struct {
	at time.Duration
	trace.MailSend
}

func newMailReader() *mailReader {
	return &mailReader{
		index: map[copyKey]int{}, byID: map[string][]int{}, seen: map[string]bool{}, sends: map[finding.MailRoute][]send{},
	}
}

// see takes a record in.
func (m *mailReader) see(rec *trace.Record) {
	switch b := rec.Body.(type) {
	case trace.MailAccept:
		m.accept(rec, b)
	case trace.MailSend:
		m.send(rec, b)
	case trace.MailFetch:
		m.any = true
		m.mail.Read++
	case trace.MailPoll:
		m.any = true
		if b.Stage != "" {
			m.mail.Unread++
		}
	case trace.MailSession:
		if b.End == trace.BrokenEnd {
			m.mail.Broken++
		}
	case trace.MailDeliver:
		m.find(b.ID, b.To, func(c *finding.Copy) { c.Served = rec.At })
	case trace.MailRelay:
		m.find(b.ID, b.To, func(c *finding.Copy) {
			c.Served, c.Relays = rec.At, append(c.Relays, finding.Relay{Node: rec.Host, At: rec.At})
		})
	case trace.MailBounce:
		m.find(b.ID, b.To, func(c *finding.Copy) { c.Bounced++ })
	case trace.MailExpunge:
		m.boxed(b.ID, b.Box)
	case trace.MailStock:
		switch b.Place {
		case trace.InQueue:
			m.find(b.ID, b.To, func(c *finding.Copy) { c.Queued++ })
		case trace.InMailbox:
			m.boxed(b.ID, b.Box)
		}
	case trace.MailTaken:
		m.taken = append(m.taken, copyKey{b.MessageID, fold(b.To)})
	case trace.MailAudit:
		m.mail.Audited = true
	}
}

func (m *mailReader) accept(rec *trace.Record, b trace.MailAccept) {
	m.any = true
	again := b.MessageID != "" && m.seen[b.MessageID]
	if again {
		m.mail.Again++
	}
	m.seen[b.MessageID] = true
	for _, to := range b.To {
		i := len(m.mail.Copies)
		m.index[copyKey{b.ID, fold(to)}] = i
		m.byID[b.ID] = append(m.byID[b.ID], i)
		m.mail.Copies = append(m.mail.Copies, finding.Copy{ID: b.ID, MessageID: b.MessageID, To: to, Node: rec.Host, Accepted: rec.At, Again: again})
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
		m.mail.Told = append(m.mail.Told, finding.Told{Client: rec.Host, MessageID: b.MessageID, At: rec.At})
	} else {
		m.mail.Failures = failedLike(m.mail.Failures, b)
	}
}

// find gives the copy of a queue entry what is on record of it.
func (m *mailReader) find(id, to string, do func(*finding.Copy)) {
	if i, ok := m.index[copyKey{id, fold(to)}]; ok {
		do(&m.mail.Copies[i])
	}
}

func (m *mailReader) boxed(id, box string) {
	for _, i := range m.byID[id] {
		if c := &m.mail.Copies[i]; ownsBox(c.To, box) {
			c.InBox++
			return
		}
	}
}

// facts are what became of the mail; nil when nobody used any.
func (m *mailReader) facts(r *Reader, f *Facts, end time.Duration) *finding.Mail {
	if !m.any {
		return nil
	}
	all := m.mail
	all.Copies, all.Failures = slices.Clone(all.Copies), slices.Clone(all.Failures)
	m.share(all.Copies)
	for _, route := range all.Routes {
		all.Downs = append(all.Downs, m.downs(r, f, route, end)...)
	}
	return &all
}

// share gives the copies that other servers took to the acceptances of the message: one to each that has
// nothing else, the rest to the last.
func (m *mailReader) share(copies []finding.Copy) {
	groups := map[copyKey][]int{}
	for i, c := range copies {
		key := copyKey{c.MessageID, fold(c.To)}
		groups[key] = append(groups[key], i)
	}
	for _, key := range m.taken {
		group := groups[key]
		if len(group) == 0 {
			continue
		}
		chosen := group[len(group)-1]
		for _, i := range group {
			if c := &copies[i]; c.InBox+c.Taken+c.Bounced+c.Queued == 0 {
				chosen = i
				break
			}
		}
		copies[chosen].Taken++
	}
}

// fold makes addresses that name one mailbox equal.
func fold(address string) string { return strings.ToLower(address) }

// ownsBox says whether a mailbox's folder, inbox/<user> or inbox/<domain>/<user>, is the address's (M5).
func ownsBox(address, box string) bool {
	user, domain, _ := strings.Cut(fold(address), "@")
	box = fold(box)
	above := path.Base(path.Dir(box))
	return path.Base(box) == user && (above == "inbox" || above == domain)
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
		all[i].Fault = mailFault(r, f, &all[i])
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

// mailFault is the fault behind a time without mail: that of the VIP's outage within it, else the latest in
// force at its start, or soon after, of what mail needs besides the VIP.
func mailFault(r *Reader, f *Facts, d *finding.MailDown) int {
	for _, p := range f.Pairs {
		for _, o := range p.Outages {
			if o.Client == d.Client && o.VIP == d.Server.Addr() && o.From < d.To && d.From < o.To && o.Cause.Fault != 0 {
				return o.Cause.Fault
			}
		}
	}
	needs := func(t trace.Touch) bool {
		switch t.Part {
		case trace.MailPart, trace.DiskPart:
			return true
		case trace.LinkPart, trace.CutPart, trace.QualityPart:
			return slices.ContainsFunc(r.model.header.Others, func(o trace.Other) bool { return o.Name == t.Of })
		}
		return false
	}
	for _, one := range slices.Backward(f.Faults) {
		if one.Breaks && one.At <= d.To && d.From <= one.Until && slices.ContainsFunc(one.Touches, needs) {
			return one.ID
		}
	}
	return 0
}
