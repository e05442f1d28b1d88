package mail

import (
	"net/netip"
	"strings"
	"sync"
	"time"

	"ipwsim/sim/mail/folder"
	"ipwsim/sim/mail/settings"
	"ipwsim/sim/share"
)

// The times of EPSTDS. Inferred: the guide only says that it retries by itself (guide step 13).
const (
	queueTime         = 3 * time.Second // between two looks at the queue
	sweepTime         = time.Hour       // unfinished acceptances older than that are dead
	defaultRetryAfter = 30 * time.Minute
	defaultRetryFor   = 3 * 24 * time.Hour

	// stillTime without a sign of life says that the machine stood still: frozen, or its clock was set. Nobody
	// takes the address over faster than that with the guide's settings (W14).
	stillTime = 10 * time.Second
	// restTime is how long such a machine sends nothing: until its watcher has found out who has the address
	// by now (P3).
	restTime = 30 * time.Second
)

// EPSTDS is the service that delivers what is in the queue: to mailboxes by moving the file, to
// other domains by SMTP. The two go on side by side, and each domain has its own conversation, so that no slow
// server holds up others' mail.
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

	mu      sync.Mutex        // of all below; never held over a call that waits
	copies  []folder.Queued   // what the last look at the queue found
	known   map[string]string // recipients by the copies' names; "" for one that cannot be read
	moving  map[string]bool   // copies that somebody is moving into a mailbox
	outside destinations
	inUse   map[string]bool    // copies that a dead node has open at the share, and of which that was told
	sent    map[string]bool    // copies that another server has, and that the share would not let go
	given   map[string]verdict // copies that were given up, likewise
	alive   time.Time          // its last sign of life
	woken   time.Time          // when it last found that the machine had stood still
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
		host: h, folder: f, node: node, computer: computer, domains: node.Domains, deliver: f.Deliver,
		known: map[string]string{}, moving: map[string]bool{}, sent: map[string]bool{}, given: map[string]verdict{}, inUse: map[string]bool{}, outside: newDestinations(), alive: h.Now(),
	}
}

// Start starts it; it runs until the machine ends.
func (s *EPSTDS) Start() {
	s.host.Go("EPSTDS", s.localAll)
	s.host.Go("EPSTDS outside", s.relayAll)
}

// may says whether this node delivers now. It is asked before each delivery: the address may go at
// any moment.
func (s *EPSTDS) may() bool {
	ip := s.node.Delivery.LogicalIP
	return !ip.IsValid() || s.host.Holds(ip)
}

// maySend is may for what cannot be moved only once: a machine that stood still still believes that it has the
// address, while the other node may have taken it over. So it rests first. relayAll asks each 3 s, which is the sign
// of life.
func (s *EPSTDS) maySend() bool {
	s.mu.Lock()
	now := s.host.Now()
	if s.node.Delivery.LogicalIP.IsValid() && now.Sub(s.alive) > stillTime {
		s.woken = now
	}
	s.alive = now
	rested := now.Sub(s.woken)
	s.mu.Unlock()
	return (rested < 0 || rested >= restTime) && s.may()
}

// own is the domain of the product that an address is of: by its name, or by an address of this server in
// brackets (M9), which else would be sent round for ever.
func (s *EPSTDS) own(domain string) (settings.Domain, bool) {
	if d, ours := s.domains.find(domain); ours {
		return d, true
	}
	ip, err := netip.ParseAddr(strings.Trim(domain, "[]"))
	if err != nil || len(s.domains) == 0 {
		return settings.Domain{}, false
	}
	for _, d := range s.domains {
		if d.IP == ip {
			return d, true
		}
	}
	return s.domains[0], !s.domains[0].IP.IsValid() && s.here(ip)
}

// here says whether an address is this server's.
func (s *EPSTDS) here(ip netip.Addr) bool { return ip == s.node.Delivery.LogicalIP || s.host.Holds(ip) }

// local says whether an address is of one of the product's domains.
func (s *EPSTDS) local(to string) bool {
	_, domain, _ := cutAddress(to)
	_, ours := s.own(domain)
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
