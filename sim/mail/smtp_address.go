package mail

import (
	"errors"
	"net/netip"
	"regexp"
	"strings"

	"ipwsim/sim/mail/folder"
	"ipwsim/sim/mail/settings"
)

// What the parts of an address look like: RFC 5321 4.1.2, without 8-bit characters, since SMTPUTF8 is
// not offered.
var (
	localForm  = regexp.MustCompile("^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$")
	domainForm = regexp.MustCompile(`^([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*$`)
)

// Reasons to refuse an address.
var (
	errPath   = errors.New("an address is written <user@domain>")
	errASCII  = errors.New("an address has ASCII characters only")
	errLocal  = errors.New("the part before the @ is none")
	errDomain = errors.New("the part behind the @ is no domain")
)

// cutPath takes what stands in angle brackets off the arguments of MAIL or RCPT, without a source
// route (RFC 5321 4.1.1.3).
func cutPath(s string) (path, rest string, err error) {
	quoted := false
	for i := 0; i < len(s); i++ {
		switch {
		case i == 0 && s[i] != '<':
			return "", "", errPath
		case s[i] == '\\':
			i++ // a quoted pair
		case s[i] == '"':
			quoted = !quoted
		case s[i] == '>' && !quoted:
			path, rest = s[1:i], s[i+1:]
			if strings.HasPrefix(path, "@") {
				_, path, _ = strings.Cut(path, ":")
			}
			if rest != "" && rest[0] != ' ' {
				return "", "", errPath
			}
			return path, rest, nil
		}
	}
	return "", "", errPath
}

// splitAddress takes an address apart; the domain comes in lower case, the local part in the shortest
// form that means the same.
func splitAddress(s string) (local, domain string, err error) {
	if strings.ContainsFunc(s, func(r rune) bool { return r > 0x7e }) {
		return "", "", errASCII
	}
	i := strings.LastIndexByte(s, '@')
	if i < 0 {
		return "", "", errPath
	}
	local, domain = s[:i], strings.ToLower(s[i+1:])
	if plain, quoted := unquote(local); quoted && localForm.MatchString(plain) {
		local = plain
	} else if quoted {
		local = `"` + quoting.Replace(plain) + `"`
	} else if !localForm.MatchString(local) {
		return "", "", errLocal
	}
	switch {
	case len(local) > 64:
		return "", "", errLocal
	case len(domain) > 255, !addressLiteral(domain).IsValid() && !domainForm.MatchString(domain):
		return "", "", errDomain
	}
	return local, domain, nil
}

var quoting = strings.NewReplacer(`\`, `\\`, `"`, `\"`)

// unquote is what a quoted string says; false when it is none.
func unquote(s string) (plain string, ok bool) {
	if len(s) < 3 || s[0] != '"' || s[len(s)-1] != '"' {
		return "", false
	}
	var b strings.Builder
	for in := s[1 : len(s)-1]; in != ""; in = in[1:] {
		if in[0] == '\\' && len(in) > 1 {
			in = in[1:]
		} else if in[0] == '\\' || in[0] == '"' {
			return "", false
		}
		b.WriteByte(in[0])
	}
	return b.String(), true
}

// addressLiteral is the address of a domain written [192.0.2.1], or the zero Addr.
func addressLiteral(domain string) netip.Addr {
	inner, open := strings.CutPrefix(domain, "[")
	inner, closed := strings.CutSuffix(inner, "]")
	if a, err := netip.ParseAddr(inner); open && closed && err == nil && a.Is4() {
		return a
	}
	return netip.Addr{}
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

// at are the domains of clients that connected to the address of the machine: the one that it tells,
// else those that no address tells (M5).
func (all mailDomains) at(local netip.Addr) mailDomains {
	var common mailDomains
	for _, d := range all {
		if d.IP.IsValid() && d.IP == local {
			return mailDomains{d}
		}
		if !d.IP.IsValid() {
			common = append(common, d)
		}
	}
	return common
}

// postmaster is the account that gets what is for the postmaster, whom every domain has (RFC 5321
// 4.5.1). Inferred: the account of that name, else the domain's first.
func postmaster(d settings.Domain) (user string, ok bool) {
	if len(d.Users) == 0 {
		return "", false
	}
	for _, u := range d.Users {
		if strings.EqualFold(u.Name, "postmaster") {
			return u.Name, true
		}
	}
	return d.Users[0].Name, true
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
	return len(all.at(local)) > 0
}
