package cluster

import (
	"errors"
	"strconv"

	"ipwsim/core/diag"
	"ipwsim/sim/profile"
)

// The methods here are for studies, which change a blueprint's profiles. A profile that is changed gets
// another name: the checks hold those of shipped names to what their makers promise.

// tables are all profiles a machine of the cluster can have.
func (b *Blueprint) tables() *draft {
	d := &draft{neighbors: profile.Neighbors, servers: profile.Servers, profilesKnown: true}
	for _, p := range b.Profiles {
		switch p := p.(type) {
		case profile.Neighbor:
			d.neighbors = d.neighbors.With(p.Name, p)
		case profile.Server:
			d.servers = d.servers.With(p.Name, p)
		}
	}
	return d
}

// ServerProfile returns the Windows version of the name, with its ARP cache.
func (b *Blueprint) ServerProfile(name string) (profile.Server, profile.Neighbor, error) {
	d := b.tables()
	s, err := toProfile(d.servers, true)(name)
	cache, _ := d.neighbors.Lookup(s.ARP)
	return s, cache, err
}

// NeighborProfile returns the ARP cache of the name.
func (b *Blueprint) NeighborProfile(name string) (profile.Neighbor, error) {
	return toProfile(b.tables().neighbors, true)(name)
}

// ChangeServer sets one key of [[profile]] in a Windows version with its ARP cache.
func (b *Blueprint) ChangeServer(s profile.Server, cache profile.Neighbor, key, value string) (profile.Server, profile.Neighbor, error) {
	d := b.tables()
	o := d.change(s, s.Name, key, value)
	d.readServer(o, s)
	if err := o.err(); err != nil {
		return s, cache, err
	}
	changed := o.made.(profile.Server)
	if changed.ARP != s.ARP {
		cache, _ = d.neighbors.Lookup(changed.ARP)
	}
	return changed, cache, nil
}

// ChangeNeighbor sets one key of [[profile]] in an ARP cache.
func (b *Blueprint) ChangeNeighbor(n profile.Neighbor, key, value string) (profile.Neighbor, error) {
	d := b.tables()
	o := d.change(n, n.Name, key, value)
	d.readNeighbor(o, n)
	if err := o.err(); err != nil {
		return n, err
	}
	return o.made.(profile.Neighbor), nil
}

// change is a [[profile]] with one key.
func (d *draft) change(base profile.Described, name, key, value string) *ownProfile {
	o := &ownProfile{section: section{values: map[string]any{key: plain(value)}, problems: &d.problems}}
	o.name = field[string]{v: name + "+" + key + "=" + value, ok: true}
	o.base = field[profile.Described]{v: base, ok: true}
	return o
}

// plain is the value as a TOML file would have it.
func plain(value string) any {
	if n, err := strconv.ParseInt(value, 10, 64); err == nil {
		return n
	}
	if f, err := strconv.ParseFloat(value, 64); err == nil {
		return f
	}
	if b, err := strconv.ParseBool(value); err == nil {
		return b
	}
	return value
}

// err is what is wrong with the change.
func (o *ownProfile) err() error {
	o.close()
	var all []error
	for _, p := range *o.problems {
		if p.Severity == diag.Error {
			all = append(all, p.Said)
		}
	}
	return errors.Join(all...)
}
