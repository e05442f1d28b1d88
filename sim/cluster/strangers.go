package cluster

import (
	"net/netip"
	"slices"

	"ipwsim/core/diag"
	"ipwsim/sim/profile"
	"ipwsim/sim/trace"
)

// Stranger is a station that has no part in the cluster (N7).
type Stranger struct {
	Name    string
	Address netip.Prefix
	MAC     trace.MAC
	Gateway netip.Addr // the zero Addr: none
	Switch  string
	Profile profile.Neighbor // of its ARP cache
	Detects bool             // it probes for an address before it uses it, as Windows does (H3)
	Has     []netip.Addr     // besides its own, from the start
	Answers Answers          // for others, from the start
}

// Answers is for which addresses a station answers ARP though they are not its own.
type Answers struct {
	All    bool
	Routed bool         // of a router: those that it has a way to by another interface
	Of     []netip.Addr // these
}

// Any says whether there are such addresses at all.
func (a Answers) Any() bool { return a.All || a.Routed || len(a.Of) > 0 }

// Names says whether the address is among those that are named, by all or one by one.
func (a Answers) Names(ip netip.Addr) bool { return a.All || slices.Contains(a.Of, ip) }

// estrange makes a stranger of each client that has a VIP as its own: it uses no VIP of anybody else's.
func (b *Blueprint) estrange() {
	b.Clients = slices.DeleteFunc(b.Clients, func(c Client) bool {
		has := slices.Contains(b.VIPs, c.Address.Addr())
		if has {
			b.Strangers = append(b.Strangers, Stranger{
				Name: c.Name, Address: c.Address, MAC: c.MAC, Gateway: c.Gateway, Switch: c.Switch, Profile: c.Profile,
				Detects: c.Profile.System.DAD.Probes > 0,
			})
		}
		return has
	})
}

type strangerDraft struct {
	machine
	profile field[profile.Neighbor]
	detects field[bool]
	has     field[[]netip.Addr]
	answers field[Answers]
}

// defaultStranger is a printer's or a phone's ARP cache.
const defaultStranger = "linux"

func (d *draft) readStrangers(top *section) {
	strangers, all := top.tables("stranger")
	for i, s := range strangers {
		one := &strangerDraft{machine: machine{label: diag.Say("a stranger"), key: "stranger"}}
		one.name = get(&s, "name", toLabel)
		if one.name.ok {
			one.label = diag.Say("%s", one.name.v)
		}
		one.machine.read(&s, trace.MAC{2, 0, 0, 6, 0, byte(i + 1)})
		one.machine.readGateway(&s)
		neighbor, _ := profile.Neighbors.Lookup(defaultStranger)
		one.profile = getOr(&s, "profile", neighbor, toProfile(d.neighbors, d.profilesKnown))
		one.detects = getOr(&s, "detects", false, as[bool])
		one.has = getOr(&s, "has", nil, toHosts)
		one.answers = getOr(&s, "answers", Answers{}, toAnswers)
		s.close()
		d.strangers = append(d.strangers, one)
	}
	d.clientsKnown = d.clientsKnown && all
}

func (s *strangerDraft) stranger() Stranger {
	return Stranger{
		Name: s.name.v, Address: s.address.v, MAC: s.mac.v, Gateway: s.gateway.v, Switch: s.plugged.v, Profile: s.profile.v,
		Detects: s.detects.v, Has: s.has.v, Answers: s.answers.v,
	}
}

// toHosts is a list of addresses of hosts, each once.
func toHosts(v any) (all []netip.Addr, err error) {
	list, err := as[[]any](v)
	if err != nil {
		return nil, err
	}
	for _, raw := range list {
		ip, err := toHost(raw)
		switch {
		case err != nil:
			return nil, err
		case slices.Contains(all, ip):
			return nil, diag.Errorf("%v is there twice; expected every address once", ip)
		}
		all = append(all, ip)
	}
	return all, nil
}

// toAnswers is true for every address, false for none, or a list.
func toAnswers(v any) (Answers, error) {
	if all, ok := v.(bool); ok {
		return Answers{All: all}, nil
	}
	if _, ok := v.([]any); !ok {
		return Answers{}, diag.Errorf("expected true, false or a list of addresses, not %s", describe(v))
	}
	of, err := toHosts(v)
	return Answers{Of: of}, err
}

// toProxy is that of a router, which can answer for those that it has a way to.
func toProxy(v any) (Answers, error) {
	if v == any("routed") {
		return Answers{Routed: true}, nil
	}
	if text, ok := v.(string); ok {
		return Answers{}, diag.Errorf("found %.60q; expected true, false, \"routed\" or a list of addresses", text)
	}
	return toAnswers(v)
}
