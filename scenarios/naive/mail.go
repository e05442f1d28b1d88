package naive

import (
	"path"
	"slices"
	"strings"

	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

// Mail is what became of each copy of a message, what clients were told, and whether the share was looked at in the
// end; nil if nobody used mail.
func (r *Run) Mail() *finding.Mail {
	var m finding.Mail
	used := false
	for k, rec := range r.t.Records {
		switch b := rec.Body.(type) {
		case trace.MailAccept:
			used = true
			again := b.MessageID != "" && slices.ContainsFunc(r.t.Records[:k], func(earlier trace.Record) bool {
				a, ok := earlier.Body.(trace.MailAccept)
				return ok && a.MessageID == b.MessageID
			})
			if again {
				m.Again++
			}
			for _, to := range b.To {
				m.Copies = append(m.Copies, finding.Copy{ID: b.ID, MessageID: b.MessageID, To: to, Node: rec.Host, Accepted: rec.At, Again: again})
			}
		case trace.MailSend:
			used = true
			if b.Code == 250 && b.Stage == "" {
				m.Told = append(m.Told, finding.Told{Client: rec.Host, MessageID: b.MessageID, At: rec.At})
			}
		case trace.MailFetch:
			used = true
			m.Read++
		case trace.MailPoll:
			used = true
			if b.Stage != "" {
				m.Unread++
			}
		case trace.MailSession:
			if b.End == trace.BrokenEnd {
				m.Broken++
			}
		case trace.MailAudit:
			m.Audited = true
		}
	}
	if !used {
		return nil
	}
	for i := range m.Copies {
		r.trail(&m.Copies[i])
	}
	r.takenOutside(m.Copies)
	return &m
}

// trail fills in what is on record of a copy.
func (r *Run) trail(c *finding.Copy) {
	mine := func(id, to string) bool { return id == c.ID && strings.EqualFold(to, c.To) }
	for _, rec := range r.t.Records {
		switch b := rec.Body.(type) {
		case trace.MailDeliver:
			if mine(b.ID, b.To) {
				c.Served = rec.At
			}
		case trace.MailRelay:
			if mine(b.ID, b.To) {
				c.Served = rec.At
				c.Relays = append(c.Relays, finding.Relay{Node: rec.Host, At: rec.At})
			}
		case trace.MailBounce:
			if mine(b.ID, b.To) {
				c.Bounced++
			}
		case trace.MailExpunge:
			if b.ID == c.ID && boxOf(c.To, b.Box) {
				c.InBox++
			}
		case trace.MailStock:
			if b.Place == trace.InQueue && mine(b.ID, b.To) {
				c.Queued++
			}
			if b.Place == trace.InMailbox && b.ID == c.ID && boxOf(c.To, b.Box) {
				c.InBox++
			}
		}
	}
}

// boxOf says whether the folder, inbox/user or inbox/domain/user, is the address's mailbox.
func boxOf(address, box string) bool {
	user, domain, _ := strings.Cut(address, "@")
	above := path.Base(path.Dir(box))
	return strings.EqualFold(path.Base(box), user) && (strings.EqualFold(above, "inbox") || strings.EqualFold(above, domain))
}

// takenOutside tells the copies of a message that other servers took: each goes to the first acceptance of the
// message for that recipient with nothing else to show, else to the last.
func (r *Run) takenOutside(copies []finding.Copy) {
	for _, rec := range r.t.Records {
		b, ok := rec.Body.(trace.MailTaken)
		if !ok {
			continue
		}
		var theirs []*finding.Copy
		for i := range copies {
			if copies[i].MessageID == b.MessageID && strings.EqualFold(copies[i].To, b.To) {
				theirs = append(theirs, &copies[i])
			}
		}
		without := slices.IndexFunc(theirs, func(c *finding.Copy) bool { return c.InBox+c.Taken+c.Bounced+c.Queued == 0 })
		switch {
		case without >= 0:
			theirs[without].Taken++
		case len(theirs) > 0:
			theirs[len(theirs)-1].Taken++
		}
	}
}
