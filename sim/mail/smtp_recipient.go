package mail

import (
	"strings"
	"time"
)

// dnsTime is how long a look-up of a name that the hosts file does not have waits in vain (M7).
// Inferred: Windows' resolver gives up after 10 to 15 s, and there is no DNS in a cluster's network.
const dnsTime = 15 * time.Second

// recipient is the address that a path of RCPT means, if mail for it is taken here from this client.
func (t *smtpSession) recipient(path string) (string, error) {
	all, here := t.service.domains, t.conn.local.Addr()
	if !all.openAt(here) {
		return "", refusal(550, 7, 1, "No mail is taken at this address of the server")
	}
	relay, denied := t.service.node.Relay.May(t.conn.remote.Addr())
	if denied && t.user == "" {
		return "", refusal(550, 7, 1, "No mail is taken from %s", t.conn.remote.Addr())
	}
	if strings.EqualFold(path, "postmaster") { // the only one without a domain (RFC 5321 4.1.1.3)
		path = path + "@[" + here.String() + "]"
	}
	user, domain, err := splitAddress(path)
	if err != nil {
		return "", refusal(553, 1, 3, "Recipient: %v", err)
	}
	if ip := addressLiteral(domain); ip.IsValid() && (ip == here || t.service.host.Holds(ip)) {
		path, domain = all.at(ip).resolve(user)
	} else {
		path = user + "@" + domainAsSaid(path, domain)
	}
	d, ours := all.find(domain)
	switch {
	case !ours && domain == "":
		return "", errNoUser
	case !ours && !relay && t.user == "":
		return "", refusal(550, 7, 1, "Sorry <%s>, I don't allow unauthorized relaying", printable(path))
	case !ours:
		return path, nil
	case d.IP.IsValid() && d.IP != here:
		return "", refusal(550, 7, 1, "Mail for %s is not taken at this address of the server", domain)
	}
	if _, known := all.box(user, domain); !known {
		if user, ours = postmaster(d); !ours || !strings.EqualFold(path[:strings.LastIndexByte(path, '@')], "postmaster") {
			return "", errNoUser
		}
		path = user + "@" + d.Name
	}
	if !t.service.lookUp(domain) {
		return "", refusal(421, 3, 2, "The server is going down")
	}
	return path, nil
}

var errNoUser = refusal(550, 1, 1, "No such user here")

// resolve finds the user of an address literal of this machine: RFC 5321 2.3.5 would have such mail
// delivered, not sent to oneself.
func (all mailDomains) resolve(user string) (path, domain string) {
	for _, d := range all {
		if _, known := all.box(user, d.Name); known || strings.EqualFold(user, "postmaster") {
			return user + "@" + d.Name, d.Name
		}
	}
	return "", ""
}

// lookUp is the look-up of the domain that the service makes when it takes mail (guide step 18): at
// once from the hosts file, else it waits for DNS in vain. It says false when the machine has ended.
func (s *EPSTRS) lookUp(domain string) bool {
	return len(s.node.Hosts[domain]) > 0 || s.host.Sleep(dnsTime)
}
