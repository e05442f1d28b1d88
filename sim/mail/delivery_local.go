package mail

import (
	"errors"
	"fmt"
	"io/fs"
	"sync"
	"time"

	"ipwsim/sim/mail/folder"
	"ipwsim/sim/share"
	"ipwsim/sim/trace"
)

// How many deliver to mailboxes at once. Inferred: enough to keep up with as many who send.
const (
	maxMovers  = 16 // at most
	perMover   = 8  // copies for each of them
	longRounds = 50 // copies moved in one round: then the next look comes at once
)

// localAll serves the mailboxes until the machine ends, and keeps the queue's folder clean.
func (s *EPSTDS) localAll() {
	if !prepare(s.host, s.folder) {
		return
	}
	var swept time.Time
	for {
		if now := s.host.Now(); s.may() && now.Sub(swept) >= sweepTime {
			swept = now
			_ = s.folder.Sweep(now.Add(-sweepTime)) // what fails is still there the next time
		}
		if s.deliverLocal() < longRounds && !s.host.Sleep(queueTime) {
			return
		}
	}
}

// deliverLocal goes through the queue once, and says how many copies it moved.
func (s *EPSTDS) deliverLocal() int {
	if !s.may() {
		return 0
	}
	copies, unsplit, err := s.folder.List()
	for _, id := range unsplit {
		if !s.may() {
			return 0
		}
		_ = s.folder.Split(id) // what fails is still there the next time
	}
	if len(unsplit) > 0 {
		copies, _, err = s.folder.List()
	}
	if err != nil {
		return 0
	}
	copies = s.looked(copies)
	b := &backlog{of: s, copies: copies}
	movers := min(maxMovers, len(copies)/perMover)
	for n := 1; n < movers; n++ {
		s.host.Go("EPSTDS mover", b.work)
	}
	b.work()
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.moved
}

// looked remembers what a look at the queue found, and returns what of it is not known to be for other domains, and
// not being moved by somebody.
func (s *EPSTDS) looked(copies []folder.Queued) (todo []folder.Queued) {
	s.mu.Lock()
	defer s.mu.Unlock()
	keep := make(map[string]string, len(copies))
	for _, c := range copies {
		to, ok := s.known[c.Name]
		if ok {
			keep[c.Name] = to
		}
		if !s.moving[c.Name] && (!ok || to != "" && s.local(to)) {
			todo = append(todo, c)
		}
	}
	s.copies, s.known = copies, keep
	return todo
}

// backlog is what one look found to do. Several work on it, each copy is one's.
type backlog struct {
	of     *EPSTDS
	mu     sync.Mutex // of all below
	copies []folder.Queued
	moved  int
}

// work serves the mailboxes until nothing is left to begin, or the node may not.
func (b *backlog) work() {
	s := b.of
	for {
		c, ok := b.next()
		if !ok {
			return
		}
		if to := s.recipient(c); to != "" && s.local(to) && s.may() && s.deliverOne(c, to) {
			b.mu.Lock()
			b.moved++
			b.mu.Unlock()
		}
		s.mu.Lock()
		delete(s.moving, c.Name)
		s.mu.Unlock()
	}
}

// next takes a copy; false when there is none, or the node may not deliver any more.
func (b *backlog) next() (c folder.Queued, ok bool) {
	may := b.of.may()
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.copies) == 0 || !may {
		b.copies = nil
		return c, false
	}
	c, b.copies = b.copies[0], b.copies[1:]
	b.of.mu.Lock()
	defer b.of.mu.Unlock()
	b.of.moving[c.Name] = true
	return c, true
}

// recipient is whom a copy is for; "" when it is gone or cannot be read. What cannot be read stays
// in the queue, and is told once.
func (s *EPSTDS) recipient(c folder.Queued) string {
	s.mu.Lock()
	to, ok := s.known[c.Name]
	s.mu.Unlock()
	if ok {
		return to
	}
	m, err := s.folder.Open(c.Name)
	if errors.Is(err, folder.ErrFormat) {
		s.host.Record(trace.Log{Text: fmt.Sprintf("EPSTDS: %v", err)})
	} else if err != nil {
		s.tellInUse(c, "", err)
		return "" // gone, or the share is away
	}
	s.mu.Lock()
	s.known[c.Name] = m.To
	s.mu.Unlock()
	return m.To
}

// tellInUse tells once of a copy that a dead node still has open at the share. The next look tries it again.
func (s *EPSTDS) tellInUse(c folder.Queued, to string, err error) {
	if !errors.Is(err, share.ErrInUse) {
		return
	}
	s.mu.Lock()
	told := s.inUse[c.Name]
	s.inUse[c.Name] = true
	s.mu.Unlock()
	if !told {
		s.host.Record(trace.MailRetry{ID: c.ID, To: to, Try: 1, Why: "the share has the file open for a node that died", Next: queueTime})
	}
}

// deliverOne moves a copy into its mailbox, and says whether it did.
func (s *EPSTDS) deliverOne(c folder.Queued, to string) bool {
	local, domain, _ := cutAddress(to)
	d, _ := s.own(domain)
	box, known := s.domains.box(local, d.Name)
	if !known { // there was such a user when it was accepted
		s.giveUp(c, verdict{ground: trace.GroundUser, why: "no such user"})
		return false
	}
	err := s.deliver(c.Name, box)
	switch {
	case err == nil:
		s.host.Record(trace.MailDeliver{ID: c.ID, To: to, Box: box})
	case errors.Is(err, share.ErrInUse):
		s.tellInUse(c, to, err)
	case errors.Is(err, fs.ErrExist) && s.may(): // a report that was made again after a crash
		_ = s.folder.Done(c.Name)
	}
	return err == nil
}
