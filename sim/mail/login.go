package mail

import (
	"crypto/subtle"
	"net/netip"
	"strings"

	"ipwsim/sim/mail/folder"
	"ipwsim/sim/mail/settings"
	"ipwsim/sim/trace"
)

// login finds the mailbox of a user who proves to know the password. A wrong login is recorded with
// its name and answered late; after some, the next ones wait for their turn, so that whoever guesses on
// many connections is no faster than on one. It returns false at once when the machine has ended.
func (s *session) login(node settings.Node, login string, proves func(password string) bool) (box string, ok bool) {
	l, from, name := s.of.limits, s.remote.Addr(), strings.ToLower(login)
	try := func() {
		box, ok = findUser(node, s.local.Addr(), login, proves)
		l.count(from, name, ok, s.of.host.Now())
	}
	l.mu.Lock()
	wait := l.turn(from, name, s.of.host.Now())
	if wait == 0 {
		try()
	}
	l.mu.Unlock()
	if wait > 0 {
		if !s.sleep(min(wait, longestTurn)) {
			return "", false
		}
		if wait <= longestTurn {
			l.mu.Lock()
			try()
			l.mu.Unlock()
		}
	}
	if ok {
		return box, true
	}
	s.of.host.Record(trace.MailDenied{Service: s.of.service, Local: s.local, Remote: s.remote, User: printable(login)})
	if wait <= longestTurn {
		s.sleep(loginDelay)
	}
	return "", false
}

// isPassword is the proof of somebody who says it.
func isPassword(said string) func(string) bool {
	return func(password string) bool { return subtle.ConstantTimeCompare([]byte(said), []byte(password)) == 1 }
}

// findUser finds the mailbox, below the work folder, of a user who logs in as user or user@domain. A
// plain user belongs to the domain of the address connected to, if one has it, else to any domain that
// is not told by its address (M5). What the client sent is only compared: the folder's name is the
// account's.
func findUser(node settings.Node, local netip.Addr, login string, proves func(password string) bool) (box string, ok bool) {
	user, domain, named := strings.Cut(strings.ToLower(login), "@")
	for _, d := range node.Domains {
		if named && !strings.EqualFold(d.Name, domain) || !named && !hasLogin(node, d, local) {
			continue
		}
		for _, u := range d.Users {
			if !strings.EqualFold(u.Name, user) || !proves(u.Password) {
				continue
			}
			box, err := folder.Box(boxDomain(d), strings.ToLower(u.Name))
			return box, err == nil
		}
	}
	return "", false
}

// hasLogin says whether plain users who connected to the address are the domain's.
func hasLogin(node settings.Node, d settings.Domain, local netip.Addr) bool {
	for _, other := range node.Domains {
		if other.IP.IsValid() && other.IP == local {
			return d.Name == other.Name
		}
	}
	return !d.IP.IsValid()
}

// boxDomain is the domain's part of its mailboxes' folders, "" for a domain not told by its address.
func boxDomain(d settings.Domain) string {
	if d.IP.IsValid() {
		return strings.ToLower(d.Name)
	}
	return ""
}
