package mail

import (
	"fmt"
	"net/netip"
	"sync"
	"time"
)

// What a service bears at a time. Inferred, all of it.
const (
	maxSessions = 1000     // connections
	maxFromOne  = 250      // connections from one address: an office behind one router
	maxInFlight = 32 << 20 // octets of messages in memory, beyond lightOctets of each connection
	lightOctets = 64 << 10 // octets, so that small mail passes whatever the big ones do
)

// limits count what a service bears. The zero value counts nothing yet; nil bears anything.
type limits struct {
	mu      sync.Mutex // never held over a call that waits
	open    int
	from    map[netip.Addr]int
	octets  int64
	stamps  int
	guesses map[guesser]*guessed
}

// enter counts a connection; false when there are enough.
func (l *limits) enter(client netip.Addr) bool {
	if l == nil {
		return true
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.open >= maxSessions || l.from[client] >= maxFromOne {
		return false
	}
	if l.from == nil {
		l.from = map[netip.Addr]int{}
	}
	l.open++
	l.from[client]++
	return true
}

// leave takes back what enter counted.
func (l *limits) leave(client netip.Addr) {
	if l == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.open--
	if l.from[client]--; l.from[client] == 0 {
		delete(l.from, client)
	}
}

// load is how much of messages a connection holds in memory.
type load struct {
	of           *limits
	size, beyond int64 // octets, and those of them beyond lightOctets
}

// grow asks for n octets more; false when the service holds too much already.
func (l *load) grow(n int64) bool {
	more := max(0, l.size+n-lightOctets) - l.beyond
	if l.of != nil && more > 0 {
		l.of.mu.Lock()
		defer l.of.mu.Unlock()
		if l.of.octets+more > maxInFlight {
			return false
		}
		l.of.octets += more
		l.beyond += more
	}
	l.size += n
	return true
}

// drop lets all of it go.
func (l *load) drop() {
	if l.beyond > 0 {
		l.of.mu.Lock()
		l.of.octets -= l.beyond
		l.of.mu.Unlock()
	}
	l.size, l.beyond = 0, 0
}

// stamp is a text that no session had before, as RFC 1939 has it for APOP and RFC 2195 for CRAM-MD5.
func (s *session) stamp() string {
	l := s.of.limits
	l.mu.Lock()
	defer l.mu.Unlock()
	l.stamps++
	return fmt.Sprintf("<%d.%d@[%s]>", l.stamps, s.of.host.Now().UnixNano(), s.local.Addr())
}

// Wrong logins slow down those that follow. Inferred, all of it.
const (
	loginDelay   = 3 * time.Second  // a wrong login is answered after it
	loginTries   = 3                // so many wrong ones end a connection, and make later ones wait for their turn
	addressTries = 30               // so many of one address, whatever the names, too
	addressDelay = time.Second      // between two turns of an address
	longestTurn  = 30 * time.Second // whose turn would come later is refused then, unheard
	guessMemory  = 10 * time.Minute // after the last wrong one
	mostGuessers = 10_000           // are remembered
)

// guesser is who tries passwords: one address one name, or ("") all it likes.
type guesser struct {
	from netip.Addr
	name string
}

type guessed struct {
	wrong      int
	last, next time.Time // the last wrong one; the next turn
}

// turn is how long somebody waits before a try at now, which is reserved for them.
func (l *limits) turn(from netip.Addr, name string, now time.Time) time.Duration {
	wait := time.Duration(0)
	for _, k := range []guesser{{from, name}, {from, ""}} {
		g := l.guesses[k]
		if g == nil || now.Sub(g.last) > guessMemory {
			continue
		}
		tries, delay := loginTries, loginDelay
		if k.name == "" {
			tries, delay = addressTries, addressDelay
		}
		if g.wrong < tries {
			continue
		}
		own := max(0, g.next.Sub(now))
		if wait = max(wait, own); own <= longestTurn {
			g.next = now.Add(own + delay)
		}
	}
	return wait
}

// count remembers how a try at now ended. Who knows the password is no guesser of that name.
func (l *limits) count(from netip.Addr, name string, ok bool, now time.Time) {
	if ok {
		delete(l.guesses, guesser{from, name})
		return
	}
	if len(l.guesses) >= mostGuessers || l.guesses == nil {
		l.guesses = map[guesser]*guessed{}
	}
	for _, k := range []guesser{{from, name}, {from, ""}} {
		g := l.guesses[k]
		if g == nil || now.Sub(g.last) > guessMemory {
			g = &guessed{}
			l.guesses[k] = g
		}
		g.wrong++
		g.last = now
	}
}
