package cluster

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"ipwsim/core/diag"
	"ipwsim/sim/profile"
	"ipwsim/sim/says"
	"ipwsim/sim/trace"
)

// The functions here turn one TOML value into the value it stands for, each with the range its
// comment gives.

// toText is any string that shows something.
func toText(v any) (string, error) {
	s, err := as[string](v)
	if err == nil && strings.TrimSpace(s) == "" {
		err = diag.Errorf("the string is empty; expected a name")
	}
	return s, err
}

// toLabel is a name a scenario can write as one word: letters, digits, - and _.
func toLabel(v any) (string, error) {
	s, err := toText(v)
	if err != nil {
		return "", err
	}
	for _, r := range s {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '-' && r != '_' {
			return "", diag.Errorf("%.60q holds %q; expected letters, digits, - and _", s, r)
		}
	}
	return s, nil
}

// toNetBIOS is a machine name of 1 to 15 characters (C1).
func toNetBIOS(v any) (string, error) {
	s, err := toLabel(v)
	if n := utf8.RuneCountInString(s); err == nil && n > 15 {
		err = diag.Errorf("%.60q has %d characters; expected at most 15, as NetBIOS allows", s, n)
	}
	return s, err
}

// toLine is text that stays on one line and shows where it ends.
func toLine(v any) (string, error) {
	s, err := toText(v)
	switch {
	case err != nil:
	case strings.ContainsFunc(s, unicode.IsControl):
		err = diag.Errorf("%.60q holds a control character; expected one line of text", s)
	case strings.TrimSpace(s) != s:
		err = diag.Errorf("%.60q starts or ends with a space; expected the name alone", s)
	}
	return s, err
}

// toAddress is an IPv4 host address with its prefix length (C1, C4).
func toAddress(v any) (netip.Prefix, error) {
	s, err := as[string](v)
	if err != nil {
		return netip.Prefix{}, err
	}
	bare, noAddr := netip.ParseAddr(s)
	p, noPrefix := netip.ParsePrefix(s)
	switch {
	case noAddr == nil && bare.Is4():
		return p, diag.Errorf("%s has no prefix length; expected one, as in %s/24", s, s)
	case noAddr == nil, noPrefix == nil && !p.Addr().Is4():
		return p, diag.Errorf("%.60q is an IPv6 address; expected IPv4 (C4)", s)
	case noPrefix != nil:
		return p, diag.Errorf("%.60q is no address; expected IPv4 with a prefix length, as in 192.168.10.200/24", s)
	case p.Bits() == 0:
		return p, diag.Errorf("%s is in a subnet of all addresses; expected a prefix length of 1 or more, as in %s/24", s, p.Addr())
	}
	return p, hostAddress(p)
}

// toGateway is the IPv4 address of a router.
func toGateway(v any) (netip.Addr, error) {
	s, err := as[string](v)
	if err != nil {
		return netip.Addr{}, err
	}
	a, err := netip.ParseAddr(s)
	if err != nil || !a.Is4() {
		return netip.Addr{}, diag.Errorf("%.60q is no IPv4 address; expected a router's, without a prefix length, as in 192.168.10.1", s)
	}
	return a, nil
}

// toHost is the IPv4 address of one host.
func toHost(v any) (netip.Addr, error) {
	s, err := as[string](v)
	if err != nil {
		return netip.Addr{}, err
	}
	a, err := netip.ParseAddr(s)
	if err != nil || !a.Is4() || hostAddress(netip.PrefixFrom(a, 32)) != nil {
		return netip.Addr{}, diag.Errorf("%.60q is no host's IPv4 address; expected one without a prefix length, as 192.168.10.202", s)
	}
	return a, nil
}

// toMACAge is how long a switch remembers a station: 10 s to 1,000,000 s, as 802.1D allows.
func toMACAge(v any) (time.Duration, error) {
	d, err := toDuration(v)
	if err == nil && (d < 10*time.Second || d > 1_000_000*time.Second) {
		err = diag.Errorf("%.60q is out of range; expected 10s to 1000000s", v)
	}
	return d, err
}

// toTrackDelay is how long a switch that tracks devices waits after link up: 0 to 5 min.
func toTrackDelay(v any) (time.Duration, error) {
	d, err := toDuration(v)
	if err == nil && d > 5*time.Minute {
		err = diag.Errorf("%.60q is out of range; expected 0s to 5m", v)
	}
	return d, err
}

// hostAddress refuses addresses that no machine can have.
func hostAddress(p netip.Prefix) error {
	a := p.Addr()
	if !a.IsGlobalUnicast() && !a.IsLinkLocalUnicast() {
		return diag.Errorf("%s is no host's address; expected the address of one host", a)
	}
	if what, is := reserved(p, a); is {
		return diag.Errorf("%s is the %s address of %s; expected the address of one host", a, what, p.Masked())
	}
	return nil
}

// reserved says whether a is the network or broadcast address of the subnet, and which.
// Subnets of two addresses and fewer have none (RFC 3021).
func reserved(subnet netip.Prefix, a netip.Addr) (what diag.Text, is bool) {
	if subnet.Bits() > 30 || !subnet.Contains(a) {
		return what, false
	}
	switch a {
	case subnet.Masked().Addr():
		return diag.Say("network"), true
	case broadcast(subnet):
		return diag.Say("broadcast"), true
	}
	return what, false
}

func broadcast(subnet netip.Prefix) netip.Addr {
	b := subnet.Addr().As4()
	for i := subnet.Bits(); i < 32; i++ {
		b[i/8] |= 0x80 >> (i % 8)
	}
	return netip.AddrFrom4(b)
}

// toNames reads how names of machines are found: true for by DNS.
func toNames(v any) (dns bool, err error) {
	s, err := as[string](v)
	if err == nil && s != "netbios" && s != "dns" {
		err = diag.Errorf("found %q; expected netbios or dns", s)
	}
	return s == "dns", err
}

// toTeam reads the MACs of two cards.
func toTeam(v any) (all []trace.MAC, err error) {
	list, err := as[[]any](v)
	if err != nil {
		return nil, err
	}
	for _, one := range list {
		m, err := toMAC(one)
		if err != nil {
			return nil, err
		}
		all = append(all, m)
	}
	if len(all) != 2 || all[0] == all[1] {
		return nil, diag.Errorf("found %d MACs; expected two that differ", len(all))
	}
	return all, nil
}

// smbPort is the pipe's.
const smbPort = 445

// Ports are of TCP.
type Ports []uint16

// String lists them with commas.
func (p Ports) String() string {
	var all []string
	for _, port := range p {
		all = append(all, strconv.Itoa(int(port)))
	}
	return strings.Join(all, ", ")
}

// toPorts reads TCP ports, each of which is there once. That of the pipe is no mail service's (W15).
func toPorts(v any) (all Ports, err error) {
	list, err := as[[]any](v)
	if err != nil {
		return nil, err
	}
	for _, one := range list {
		port, ok := one.(int64)
		if !ok || port < 1 || port > 65535 || port == smbPort || slices.Contains(all, uint16(port)) {
			return nil, diag.Errorf("found %s; expected TCP ports that mail services listen on, each once, as [25, 110, 143]", describe(one))
		}
		all = append(all, uint16(port))
	}
	return all, nil
}

// toMAC is the MAC of one machine: not a group's, not zero.
func toMAC(v any) (trace.MAC, error) {
	s, err := as[string](v)
	if err != nil {
		return trace.MAC{}, err
	}
	m, err := trace.ParseMAC(s)
	switch {
	case err != nil:
		return m, diag.Errorf("%q is not a MAC address of six hexadecimal pairs, as 02-00-00-00-00-01", s)
	case m[0]&1 != 0:
		return m, diag.Errorf("%s is a multicast MAC; expected the MAC of one machine", m)
	case m.IsZero():
		return m, diag.Errorf("%s is no machine's MAC; expected the MAC of one machine", m)
	}
	return m, nil
}

// toDuration is a time of at least 0, written with its unit.
func toDuration(v any) (time.Duration, error) {
	s, ok := v.(string)
	if !ok {
		return 0, diag.Errorf(`expected a time with its unit, such as "0.2s", not %s`, describe(v))
	}
	d, err := time.ParseDuration(s)
	switch {
	case err != nil:
		return 0, diag.Errorf(`%.60q is no time; expected one with its unit, such as "0.2s"`, s)
	case d < 0:
		return 0, diag.Errorf("%.60q is negative; expected 0s or more", s)
	}
	return d, nil
}

// toLatency is the time a frame takes through a cable. Below 20 us the retransmission timers of
// the simulated TCP never rest.
func toLatency(v any) (time.Duration, error) {
	d, err := toDuration(v)
	switch {
	case err != nil:
	case d < MinLatency:
		err = diag.Errorf("%.60q is too short for the simulated TCP; expected at least 20us", v)
	case d > MaxLatency:
		err = diag.Errorf("%.60q is out of range; expected %s", v, diag.Say("20us to 1m"))
	}
	return d, err
}

var (
	// toDiskLatency is of one operation of the share's disk.
	toDiskLatency = toBetween(0, MaxLatency, diag.Say("0s to 1m"))
	// toBoot is how long a start of Windows takes.
	toBoot = toBetween(0, MaxBoot, diag.Say("0s to 24h"))
	// toCommand is how long a netsh command takes.
	toCommand = toBetween(0, MaxNetsh, diag.Say("0s to 1m"))
)

// toRange is the least and the most time of a command.
func toRange(v any) ([2]time.Duration, error) {
	var r [2]time.Duration
	list, err := as[[]any](v)
	if err != nil {
		return r, err
	}
	if len(list) != 2 {
		return r, diag.Errorf(`expected the least and the most time, as ["0.2s", "1s"], not %d values`, len(list))
	}
	for i, raw := range list {
		if r[i], err = toCommand(raw); err != nil {
			return r, err
		}
	}
	if r[0] > r[1] {
		return r, diag.Errorf("the first time %v is more than the second %v; expected the least, then the most", r[0], r[1])
	}
	return r, nil
}

// toSeed is a whole number of at least 0.
func toSeed(v any) (uint64, error) {
	n, err := as[int64](v)
	if err == nil && n < 0 {
		err = diag.Errorf("%d is negative; expected 0 or more", n)
	}
	return uint64(n), err
}

// toFlag is 0 or 1.
func toFlag(v any) (int, error) {
	n, err := as[int64](v)
	if err == nil && n != 0 && n != 1 {
		err = diag.Errorf("%d is out of range; expected 0 or 1", n)
	}
	return int(n), err
}

// toStart is a date and time with its offset from UTC.
func toStart(v any) (time.Time, error) {
	t, ok := v.(time.Time)
	if !ok {
		return t, diag.Errorf("expected a date-time with offset and without quotes, such as 2025-02-07T16:19:27+09:00, not %s", describe(v))
	}
	return t, nil
}

// toProfile is the name of a row of the table. Unless the table is whole, a name it lacks may be right.
func toProfile[P any](table profile.Table[P], whole bool) func(any) (P, error) {
	return func(v any) (P, error) {
		var none P
		s, err := as[string](v)
		if err != nil {
			return none, err
		}
		p, ok := table.Lookup(s)
		if !ok && whole {
			return none, diag.Errorf("unknown profile %.60q; expected one of %s%s", s,
				strings.Join(table.Names(), ", "), didYouMean(s, table.Names()))
		}
		return p, nil
	}
}

// toWindowsLanguage is the language of a Windows.
func toWindowsLanguage(v any) (says.Language, error) {
	s, err := as[string](v)
	if l := says.Language(s); err != nil || l == says.English || l == says.Japanese {
		return l, err
	}
	return "", diag.Errorf("%.60q is no language of Windows that is known; expected \"en\" or \"ja\"", s)
}

// Answer says what is wrong with a text as the value of a key of cluster.toml, of a node or of another machine; nil for
// nothing, and for a key that is no text's. It knows the shipped profiles alone.
func Answer(node bool, key, text string) error {
	var err error
	switch {
	case key == "name" && node:
		_, err = toNetBIOS(text)
	case key == "address":
		_, err = toAddress(text)
	case key == "interface":
		_, err = toLine(text)
	case key == "unc":
		_, err = toUNC(text)
	case key == "profile" && node:
		_, err = toProfile(profile.Servers, true)(text)
	case key == "profile":
		_, err = toProfile(profile.Neighbors, true)(text)
	}
	return err
}
