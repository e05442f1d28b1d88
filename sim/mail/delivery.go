package mail

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"sync"
	"time"

	"ipwsim/sim/mail/folder"
	"ipwsim/sim/mail/settings"
	"ipwsim/sim/share"
	"ipwsim/sim/trace"
)

// The times of EPSTDS. Inferred: the guide only says that it retries by itself (guide step 13).
const (
	queueTime         = 3 * time.Second // between two looks at the queue
	sweepTime         = time.Hour       // unfinished acceptances older than that are dead
	defaultRetryAfter = 30 * time.Minute
	defaultRetryFor   = 3 * 24 * time.Hour
)

// EPSTDS is the service that delivers what is in the queue: to mailboxes by moving the file, to
// other domains by SMTP. The two go on side by side, so that no slow server holds up local mail.
//
// With a LogicalIP it works only while this machine has that address (M4). Without one the
// services of both nodes work on the same queue. Local mail does not suffer from that, since a file
// can be moved only once; but what goes to other domains, both may send.
type EPSTDS struct {
	host     Host
	folder   *folder.Folder
	node     settings.Node
	computer string
	domains  mailDomains
	deliver  func(name, box string) error

	mu      sync.Mutex        // never held over a call that waits
	known   map[string]string // recipients by the copies' names; "" for one that cannot be read
	foreign []folder.Queued   // what the last look at the queue found for other domains

	sent map[string]bool // copies that another server has, and that the share would not let go
}

// NewEPSTDS returns the service of the computer with that name, not started. Zero times of
// node.Delivery mean a retry each 30 minutes for 3 days (Inferred).
func NewEPSTDS(h Host, fs share.FS, node settings.Node, computer string) *EPSTDS {
	if node.Delivery.RetryAfter <= 0 {
		node.Delivery.RetryAfter = defaultRetryAfter
	}
	if node.Delivery.RetryFor <= 0 {
		node.Delivery.RetryFor = defaultRetryFor
	}
	f := folder.New(fs, node.Folder)
	return &EPSTDS{
		host: h, folder: f, node: node, computer: computer, domains: node.Domains,
		deliver: f.Deliver, known: map[string]string{}, sent: map[string]bool{},
	}
}

// Start starts it; it runs until the machine ends.
func (s *EPSTDS) Start() {
	s.host.Go("EPSTDS", s.localAll)
	s.host.Go("EPSTDS outside", s.relayAll)
}

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
		s.deliverLocal()
		if !s.host.Sleep(queueTime) {
			return
		}
	}
}

// may says whether this node delivers now. It is asked before each delivery: the address may go at
// any moment.
func (s *EPSTDS) may() bool {
	ip := s.node.Delivery.LogicalIP
	return !ip.IsValid() || s.host.Holds(ip)
}

// deliverLocal goes through the queue once.
func (s *EPSTDS) deliverLocal() {
	if !s.may() {
		return
	}
	copies, unsplit, err := s.folder.List()
	for _, id := range unsplit {
		if !s.may() {
			return
		}
		_ = s.folder.Split(id) // what fails is still there the next time
	}
	if len(unsplit) > 0 {
		copies, _, err = s.folder.List()
	}
	if err != nil {
		return
	}
	s.forget(copies)
	var foreign []folder.Queued
	for _, c := range copies {
		switch to := s.recipient(c.Name); {
		case to == "":
		case !s.local(to):
			foreign = append(foreign, c)
		case !s.may():
			return
		default:
			s.deliverOne(c, to)
		}
	}
	s.mu.Lock()
	s.foreign = foreign
	s.mu.Unlock()
}

// recipient is whom a copy is for; "" when it is gone or cannot be read. What cannot be read stays
// in the queue, and is told once.
func (s *EPSTDS) recipient(name string) string {
	s.mu.Lock()
	to, ok := s.known[name]
	s.mu.Unlock()
	if ok {
		return to
	}
	c, err := s.folder.Open(name)
	if errors.Is(err, folder.ErrFormat) {
		s.host.Record(trace.Log{Text: fmt.Sprintf("EPSTDS: %v", err)})
	} else if err != nil {
		return "" // gone, or the share is away
	}
	s.mu.Lock()
	s.known[name] = c.To
	s.mu.Unlock()
	return c.To
}

// forget keeps of known what the queue still holds.
func (s *EPSTDS) forget(copies []folder.Queued) {
	s.mu.Lock()
	defer s.mu.Unlock()
	keep := make(map[string]string, len(copies))
	for _, c := range copies {
		if to, ok := s.known[c.Name]; ok {
			keep[c.Name] = to
		}
	}
	s.known = keep
}

// local says whether an address is of one of the product's domains.
func (s *EPSTDS) local(to string) bool {
	_, domain, _ := cutAddress(to)
	_, ours := s.domains.find(domain)
	return ours
}

// cutAddress takes apart an address that was checked when it was accepted.
func cutAddress(s string) (local, domain string, ok bool) {
	i := strings.LastIndexByte(s, '@')
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+1:], true
}

// deliverOne moves a copy into its mailbox.
func (s *EPSTDS) deliverOne(c folder.Queued, to string) {
	local, domain, _ := cutAddress(to)
	box, known := s.domains.box(local, domain)
	if !known { // there was such a user when it was accepted
		s.giveUp(c, "5.1.1", "no such user")
		return
	}
	switch err := s.deliver(c.Name, box); {
	case err == nil:
		s.host.Record(trace.MailDeliver{ID: c.ID, To: to, Box: box})
	case errors.Is(err, fs.ErrExist): // a report that was made again after a crash
		_ = s.folder.Done(c.Name)
	}
}
