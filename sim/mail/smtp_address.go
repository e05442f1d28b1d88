package mail

import (
	"errors"
	"net/netip"
	"regexp"
	"strings"

	"ipwsim/sim/mail/folder"
	"ipwsim/sim/mail/settings"
)

// What an address may look like: RFC 5321's dot-string, without quoted local parts, which no account
// of the product has, and without 8-bit characters, since SMTPUTF8 is not offered.
var (
	localForm  = regexp.MustCompile("^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$")
	domainForm = regexp.MustCompile(`^([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*$|^\[[0-9.]+\]$`)
)

// splitAddress takes an address apart; the domain comes in lower case.
func splitAddress(s string) (local, domain string, err error) {
	i := strings.LastIndexByte(s, '@')
	if i < 0 {
		return "", "", errors.New("an address is written user@domain")
	}
	local, domain = s[:i], strings.ToLower(s[i+1:])
	if len(local) > 64 || !localForm.MatchString(local) {
		return "", "", errors.New("the part before the @ is not one this server knows")
	}
	if len(domain) > 255 || !domainForm.MatchString(domain) {
		return "", "", errors.New("the part behind the @ is no domain")
	}
	return local, domain, nil
}

// mailDomains are the domains that the product has accounts for.
type mailDomains []settings.Domain

// find returns a domain by its name.
func (all mailDomains) find(name string) (settings.Domain, bool) {
	for _, d := range all {
		if strings.EqualFold(d.Name, name) {
			return d, true
		}
	}
	return settings.Domain{}, false
}

// box returns the mailbox of a local address; false when nobody has it. Case does not matter.
func (all mailDomains) box(local, domain string) (string, bool) {
	d, ok := all.find(domain)
	if !ok {
		return "", false
	}
	for _, u := range d.Users {
		if strings.EqualFold(u.Name, local) {
			box, err := folder.Box(boxDomain(d), strings.ToLower(local))
			return box, err == nil
		}
	}
	return "", false
}

// openAt says whether mail is taken at an address of the machine at all. Inferred from guide step 16:
// where the domains are told apart by address, the service answers at a real address too, but no
// mail passes there.
func (all mailDomains) openAt(local netip.Addr) bool {
	for _, d := range all {
		if !d.IP.IsValid() || d.IP == local {
			return true
		}
	}
	return false
}

// mayRelay says who may send to other domains. Inferred: whoever has a private address; the
// guide's clusters have only such clients, and an open relay would be none of its makers' mind.
func mayRelay(client netip.Addr) bool {
	return client.IsPrivate() || client.IsLoopback() || client.IsLinkLocalUnicast()
}
