package cluster

import (
	"slices"
	"strings"

	"ipwsim/core/diag"
	"ipwsim/sim/profile"
)

// ownProfile is a [[profile]] of cluster.toml: a shipped profile with settings changed. One kind of
// table serves Windows versions and ARP caches alike: all profiles share their names, and what can
// be set follows from the base.
type ownProfile struct {
	section
	name    field[string]
	base    field[profile.Described]
	made    profile.Described // nil when the base is not known
	sources []profile.Source  // of what is set
	refused bool              // some value was, which has been reported
}

// readProfiles reads every [[profile]], ARP caches first: a Windows version may name one. A profile
// with a problem keeps its name all the same, so that one mistake gives one problem.
func (d *draft) readProfiles(top *section) {
	d.neighbors, d.servers = profile.Neighbors, profile.Servers
	sections, known := top.tables("profile")
	for _, s := range sections {
		o := &ownProfile{section: s}
		o.name = get(&o.section, "name", toLabel)
		o.base = get(&o.section, "base", toBase)
		known = known && o.name.ok && o.base.ok
		d.own = append(d.own, o)
	}
	d.profilesKnown = known
	d.checkProfileNames()
	for _, o := range d.own {
		if base, ok := o.base.v.(profile.Neighbor); ok {
			d.readNeighbor(o, base)
		}
	}
	for _, o := range d.own {
		switch base := o.base.v.(type) {
		case profile.Server:
			d.readServer(o, base)
		case nil:
			d.readWithoutBase(o)
		}
		o.close()
	}
}

func (d *draft) readNeighbor(o *ownProfile, n profile.Neighbor) {
	of := ofStates
	if n.Age > 0 {
		of = ofAge
	}
	n.Name, n.Base = o.name.v, n.Name
	change(o, of, neighborSettings, &n)
	refuse(o, of, d.serverSettings())
	o.checkCache(&n)
	n.Sources = append(o.sources, n.Sources...)
	o.made = n
	if o.name.ok {
		d.neighbors = d.neighbors.With(n.Name, n)
	}
}

func (d *draft) readServer(o *ownProfile, s profile.Server) {
	s.Name, s.Base = o.name.v, s.Name
	change(o, ofServer, d.serverSettings(), &s)
	refuse(o, ofServer, neighborSettings)
	o.checkDetection(&s)
	o.checkConflict(&s)
	s.Sources = append(o.sources, s.Sources...)
	o.made = s
	if o.name.ok {
		d.servers = d.servers.With(s.Name, s)
	}
}

// readWithoutBase reports what is wrong whatever the base was meant to be.
func (d *draft) readWithoutBase(o *ownProfile) {
	change(o, ofAny, neighborSettings, new(profile.Neighbor))
	change(o, ofAny, d.serverSettings(), new(profile.Server))
}

// toBase is the name of a shipped profile. A base that is an own profile would make the reader
// follow a chain, and could go in circles.
func toBase(v any) (profile.Described, error) {
	name, err := as[string](v)
	if err != nil {
		return nil, err
	}
	if n, ok := profile.Neighbors.Lookup(name); ok {
		return n, nil
	}
	if s, ok := profile.Servers.Lookup(name); ok {
		return s, nil
	}
	all := shippedProfiles()
	return nil, diag.Errorf("%.60q is no shipped profile; expected one of %s%s", name,
		strings.Join(all, ", "), didYouMean(name, all))
}

// shippedProfiles are the names of all, servers first.
func shippedProfiles() []string {
	return slices.Concat(profile.Servers.Names(), profile.Neighbors.Names())
}

// checkProfileNames wants names that no other profile has, shipped ones before all: the checks
// hold those to what their makers promise. Case does not tell names apart, for a reader's sake.
func (d *draft) checkProfileNames() {
	first := map[string]int{}
	for _, o := range d.own {
		if !o.name.ok {
			continue
		}
		same := func(name string) bool { return strings.EqualFold(name, o.name.v) }
		lower := strings.ToLower(o.name.v)
		switch {
		case slices.ContainsFunc(shippedProfiles(), same):
			d.errorf(o.name.line, "profile.name: %s is a shipped profile; expected a name of its own", o.name.v)
			o.name.ok = false
		case first[lower] != 0:
			d.errorf(o.name.line, "profile.name: %s is the profile of line %d already; expected every name once", o.name.v, first[lower])
			o.name.ok = false
		default:
			first[lower] = o.name.line
		}
	}
}

// warnOfUnused warns of own profiles that nothing names: their settings have no effect. While there
// are errors, one of them may be the name that was meant.
func (d *draft) warnOfUnused() {
	if d.problems.Err() != nil {
		return
	}
	used := map[string]bool{}
	for _, n := range d.nodes {
		used[n.server.v.Name], used[n.server.v.ARP] = true, true
	}
	for _, c := range d.clients {
		used[c.profile.v.Name] = true
	}
	for _, r := range d.routers {
		used[r.profile.v.Name] = true
	}
	for _, o := range d.own {
		if !used[o.name.v] {
			d.problems.Warnf(d.toml, o.name.line, "profile %s has no effect: no node, client or router has it", o.name.v)
		}
	}
}
