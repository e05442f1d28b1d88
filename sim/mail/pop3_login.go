package mail

import (
	"net/netip"
	"strings"
	"time"

	"ipwsim/sim/mail/folder"
	"ipwsim/sim/mail/settings"
)

// A failed login is answered after loginDelay; the last of loginTries ends the connection. Inferred.
const (
	loginDelay = 3 * time.Second
	loginTries = 3
)

// findBox finds the mailbox, below the work folder, of a user who logs in as user or user@domain. A
// plain user belongs to the domain of the address connected to, if one has it, else to any domain that
// is not told by its address (M5). What the client sent is only compared: the folder's name is the
// account's.
func findBox(node settings.Node, local netip.Addr, login, password string) (box string, ok bool) {
	user, domain, named := strings.Cut(strings.ToLower(login), "@")
	for _, d := range node.Domains {
		if named && !strings.EqualFold(d.Name, domain) || !named && !hasLogin(node, d, local) {
			continue
		}
		for _, u := range d.Users {
			if !strings.EqualFold(u.Name, user) || u.Password != password {
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
