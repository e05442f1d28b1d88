package cluster

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"ipwsim/core/diag"
	"ipwsim/sim/profile"
)

// change sets what the table has for settings of the profile's kind, and refuses the others.
func change[P any](o *ownProfile, of kind, settings []setting[P], p *P) {
	for _, set := range settings {
		if set.of&of == 0 {
			continue
		}
		given, ok := set.set(&o.section, p)
		switch {
		case ok:
			from := diag.Say("cluster.toml line %d", o.lineOf(set.key))
			o.sources = append(o.sources, profile.Source{About: diag.Say("%s", set.key), From: from, Confidence: profile.Set})
		case given:
			o.refused = true
		}
	}
	refuse(o, of, settings)
}

// refuse reports the settings that have no effect in a profile of the kind.
func refuse[P any](o *ownProfile, of kind, settings []setting[P]) {
	for _, set := range settings {
		if _, given := o.values[set.key]; !given || set.of&of != 0 {
			continue
		}
		o.errorf(o.lineOf(set.key), "%s has no effect: %s %s; expected some of %s",
			join(o.label, set.key), o.base.v.Title(), kindWords[of], strings.Join(keysOf(of), ", "))
		delete(o.values, set.key) // it is known, and reported
	}
}

// keysOf are the settings that have an effect in a profile of the kind.
func keysOf(of kind) (keys []string) {
	for _, set := range neighborSettings {
		if set.of&of != 0 {
			keys = append(keys, set.key)
		}
	}
	for _, set := range new(draft).serverSettings() {
		if set.of&of != 0 {
			keys = append(keys, set.key)
		}
	}
	return keys
}

// checkCache wants settings of an ARP cache that go together, and takes away what a setting makes
// idle.
func (o *ownProfile) checkCache(n *profile.Neighbor) {
	switch {
	case o.refused:
	case n.Age > 0:
		o.checkIdle(n)
		o.checkRenewal(n)
	case n.MinRandomFactor > n.MaxRandomFactor:
		o.wrong(o.lineOfAny("min_random_factor", "max_random_factor"),
			"min_random_factor %v is more than max_random_factor %v; expected it to be at most that",
			n.MinRandomFactor, n.MaxRandomFactor)
	}
}

// checkIdle wants unused entries to end before used ones.
func (o *ownProfile) checkIdle(n *profile.Neighbor) {
	if n.Idle >= n.Age {
		o.wrong(o.lineOfAny("idle", "age"),
			"idle %v has no effect beside age %v; expected it to be less, or 0s for none", n.Idle, n.Age)
	}
}

// checkRenewal wants the requests that may renew an entry to fit in its life.
func (o *ownProfile) checkRenewal(n *profile.Neighbor) {
	life := n.Age
	if n.Idle > 0 {
		life = min(life, n.Idle)
	}
	asking := time.Duration(n.RenewProbes) * n.RenewInterval
	switch {
	case n.RenewProbes == 0 && o.sets("renew_interval"):
		o.wrong(o.lineOf("renew_interval"), "renew_interval has no effect without renew_probes; expected both, or neither")
	case n.RenewProbes == 0:
		n.RenewInterval = 0
	case n.RenewInterval == 0:
		o.wrong(o.lineOf("renew_probes"), "renew_probes needs renew_interval, which %s has not; expected both, or neither", n.Base)
	case asking >= life:
		o.wrong(o.lineOfAny("renew_probes", "renew_interval", "age", "idle"),
			"%d renew_probes, %v apart, take %v of an entry's %v; expected less", n.RenewProbes, n.RenewInterval, asking, life)
	}
}

// checkDetection wants settings of address detection that go together (H3).
func (o *ownProfile) checkDetection(s *profile.Server) {
	switch {
	case o.refused:
	case s.Probes == 0 && o.sets("probe_interval"):
		o.wrong(o.lineOf("probe_interval"), "probe_interval has no effect without probes; expected both, or neither")
	case s.Probes == 0:
		s.ProbeInterval = 0
	case s.ProbeInterval == 0:
		o.wrong(o.lineOf("probes"), "probes needs probe_interval, which %s has not; expected both, or neither", s.Base)
	}
}

// checkConflict wants settings of conflicts that go together (H15).
func (o *ownProfile) checkConflict(s *profile.Server) {
	if o.refused {
		return
	}
	if s.Announcements == 0 && s.AnswerIsConflict && o.sets("answer_is_conflict") {
		o.wrong(o.lineOf("answer_is_conflict"), "answer_is_conflict has no effect without announcements; expected both, or neither")
	}
	if s.Probes == 0 && s.RequestIsConflict {
		o.wrong(o.lineOf("request_is_conflict"), "request_is_conflict has no effect without probes; expected both, or neither")
	}
	s.AnswerIsConflict = s.AnswerIsConflict && s.Announcements > 0
}

// wrong reports a problem of the whole profile.
func (o *ownProfile) wrong(line int, format string, args ...any) {
	if o.label == "" { // an axis of a study
		o.errorf(line, format, args...)
		return
	}
	o.errorf(line, "%s: %w", o.label, diag.Say(format, args...))
}

func (o *ownProfile) sets(key string) bool {
	_, ok := o.values[key]
	return ok
}

// lineOfAny is the line of the first of the keys that is set: one of them has changed what was good
// in the base.
func (o *ownProfile) lineOfAny(keys ...string) int {
	for _, key := range keys {
		if o.sets(key) {
			return o.lineOf(key)
		}
	}
	return o.line()
}

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
