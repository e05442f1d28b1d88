package check

import (
	"path"
	"strings"
	"time"

	"ipwsim/sim/trace"
)

// Copy is an acceptance of a message for one recipient, and what became of it (P5). Exactly one of
// InBox, Taken, Bounced and Queued should be 1.
type Copy struct {
	ID        string        `json:"id"` // of the queue entry
	MessageID string        `json:"message_id,omitempty"`
	To        string        `json:"to"`
	Node      string        `json:"node"` // that accepted it
	Accepted  time.Duration `json:"accepted"`
	Again     bool          `json:"again,omitempty"`  // its message had been accepted before: the sender had lost the 250
	Served    time.Duration `json:"served,omitempty"` // when it was in its mailbox, or taken by another server
	InBox     int           `json:"in_box"`           // times in a mailbox, those deleted by a reader included
	Taken     int           `json:"taken"`            // by another domain's server
	Bounced   int           `json:"bounced"`
	Queued    int           `json:"queued"`

	relays []relay
}

// relay is EPSTDS having been told that another server took the copy.
type relay struct {
	node string
	at   time.Duration
}

// fates is how often something was seen of the copy.
func (c *Copy) fates() int { return c.InBox + c.Taken + c.Bounced + c.Queued }

// Lost says whether the copy is nowhere.
func (c Copy) Lost() bool { return c.fates() == 0 }

// Doubled says whether the copy is there more than once.
func (c Copy) Doubled() bool { return c.fates() > 1 }

// Mail is what a run did to messages.
type Mail struct {
	Copies []Copy `json:"copies"`
	// Again counts acceptances of a message that had been accepted before: its sender had lost the 250.
	Again   int  `json:"again"`
	Audited bool `json:"audited"` // what lies on the share at the end is known

	told []told // what clients were told
}

// told is a client having been told that its message was accepted.
type told struct {
	client, messageID string
	at                time.Duration
}

// copyKey names a copy of a queue entry.
type copyKey struct{ id, to string }

// MailOf gathers the copies of a run by time of acceptance.
func MailOf(t *trace.Trace) *Mail {
	m := &Mail{}
	index := map[copyKey]int{}
	seen := map[string]bool{}
	for _, r := range t.Records {
		switch b := r.Body.(type) {
		case trace.MailAccept:
			again := b.MessageID != "" && seen[b.MessageID]
			if again {
				m.Again++
			}
			seen[b.MessageID] = true
			for _, to := range b.To {
				index[copyKey{b.ID, fold(to)}] = len(m.Copies)
				m.Copies = append(m.Copies, Copy{ID: b.ID, MessageID: b.MessageID, To: to, Node: r.Host, Accepted: r.At, Again: again})
			}
		case trace.MailSend:
			if b.Code == 250 && b.Stage == "" {
				m.told = append(m.told, told{r.Host, b.MessageID, r.At})
			}
		case trace.MailAudit:
			m.Audited = true
		}
	}
	m.follow(t, index)
	m.share(t)
	return m
}

// follow gives each copy what is on record of its queue entry.
func (m *Mail) follow(t *trace.Trace, index map[copyKey]int) {
	byID := map[string][]int{}
	for i, c := range m.Copies {
		byID[c.ID] = append(byID[c.ID], i)
	}
	find := func(id, to string, do func(*Copy)) {
		if i, ok := index[copyKey{id, fold(to)}]; ok {
			do(&m.Copies[i])
		}
	}
	boxed := func(id, box string) {
		for _, i := range byID[id] {
			if c := &m.Copies[i]; ownsBox(c.To, box) {
				c.InBox++
				return
			}
		}
	}
	for _, r := range t.Records {
		switch b := r.Body.(type) {
		case trace.MailDeliver:
			find(b.ID, b.To, func(c *Copy) { c.Served = r.At })
		case trace.MailRelay:
			find(b.ID, b.To, func(c *Copy) { c.Served, c.relays = r.At, append(c.relays, relay{r.Host, r.At}) })
		case trace.MailBounce:
			find(b.ID, b.To, func(c *Copy) { c.Bounced++ })
		case trace.MailExpunge:
			boxed(b.ID, b.Box)
		case trace.MailStock:
			if b.Place == "queue" {
				find(b.ID, b.To, func(c *Copy) { c.Queued++ })
			} else {
				boxed(b.ID, b.Place)
			}
		}
	}
}

// share gives the copies that other servers took, which know a message by its own ID only, to the
// acceptances of it: one to each that has nothing else, the rest to the last.
func (m *Mail) share(t *trace.Trace) {
	groups := map[copyKey][]int{}
	for i, c := range m.Copies {
		key := copyKey{c.MessageID, fold(c.To)}
		groups[key] = append(groups[key], i)
	}
	for _, r := range t.Records {
		b, ok := r.Body.(trace.MailTaken)
		if !ok {
			continue
		}
		group := groups[copyKey{b.MessageID, fold(b.To)}]
		if len(group) == 0 {
			continue
		}
		chosen := group[len(group)-1]
		for _, i := range group {
			if m.Copies[i].fates() == 0 {
				chosen = i
				break
			}
		}
		m.Copies[chosen].Taken++
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
