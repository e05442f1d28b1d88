package cluster

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"ipwsim/core/diag"
	"ipwsim/netstack/arp"
	"ipwsim/netstack/policy"
	"ipwsim/sim/profile"
)

// kind is what a profile is, as far as its settings go.
type kind int

const (
	ofServer kind = 1 << iota // a Windows version
	ofAge                     // an ARP cache with a fixed lifetime
	ofStates                  // an ARP cache by RFC 4861
	ofCache  = ofAge | ofStates
	ofAny    = ofServer | ofCache
)

var kindWords = map[kind]diag.Text{
	ofServer: diag.Say("is a Windows version"),
	ofAge:    diag.Say("keeps an entry for a fixed time"),
	ofStates: diag.Say("keeps an entry by the states of RFC 4861"),
}

// setting is a key of [[profile]].
type setting[P any] struct {
	key string
	of  kind // the profiles in which it has an effect
	set func(*section, *P) (given, ok bool)
}

// settingOf is the setting that convert reads and that stands at a place of the profile.
func settingOf[P, T any](key string, of kind, convert func(any) (T, error), place func(*P) *T) setting[P] {
	return setting[P]{key, of, func(s *section, p *P) (given, ok bool) {
		f, given := optional(s, key, convert)
		if f.ok {
			*place(p) = f.v
		}
		return given, f.ok
	}}
}

// The ranges are wide enough for every switch on record; zeros that netstack would take for "the
// default" are left out.
var neighborSettings = []setting[profile.Neighbor]{
	settingOf("age", ofAge, toLifetime, func(n *profile.Neighbor) *time.Duration { return &n.Age }),
	settingOf("idle", ofAge, orNone(toLifetime), func(n *profile.Neighbor) *time.Duration { return &n.Idle }),
	settingOf("renewed_by_traffic", ofAge, as[bool], func(n *profile.Neighbor) *bool { return &n.RenewedByTraffic }),
	settingOf("renew_probes", ofAge, toCount(0), func(n *profile.Neighbor) *int { return &n.RenewProbes }),
	settingOf("renew_interval", ofAge, toWait, func(n *profile.Neighbor) *time.Duration { return &n.RenewInterval }),

	settingOf("base_reachable", ofStates, toLifetime, func(n *profile.Neighbor) *time.Duration { return &n.BaseReachable }),
	settingOf("min_random_factor", ofStates, toFactor, func(n *profile.Neighbor) *float64 { return &n.MinRandomFactor }),
	settingOf("max_random_factor", ofStates, toFactor, func(n *profile.Neighbor) *float64 { return &n.MaxRandomFactor }),
	settingOf("redraw", ofStates, toLifetime, func(n *profile.Neighbor) *time.Duration { return &n.Redraw }),
	settingOf("delay_first_probe", ofStates, toWait, func(n *profile.Neighbor) *time.Duration { return &n.DelayFirstProbe }),
	settingOf("unicast_probes", ofStates, toCount(1), func(n *profile.Neighbor) *int { return &n.UnicastProbes }),

	settingOf("retransmit", ofCache, toWait, func(n *profile.Neighbor) *time.Duration { return &n.Retransmit }),
	settingOf("multicast_probes", ofCache, toCount(1), func(n *profile.Neighbor) *int { return &n.MulticastProbes }),
	settingOf("gratuitous_request", ofCache, toReaction, func(n *profile.Neighbor) *arp.Reaction { return &n.GratuitousRequest }),
	settingOf("gratuitous_reply", ofCache, toReaction, func(n *profile.Neighbor) *arp.Reaction { return &n.GratuitousReply }),
	settingOf("cached_sender", ofCache, toReaction, func(n *profile.Neighbor) *arp.Reaction { return &n.CachedSender }),
	settingOf("unasked_reply", ofCache, toReaction, func(n *profile.Neighbor) *arp.Reaction { return &n.UnaskedReply }),
	settingOf("uses", ofCache, toWait, func(n *profile.Neighbor) *time.Duration { return &n.Uses }),
	settingOf("ping_pause", ofCache, orNone(toWait), func(n *profile.Neighbor) *time.Duration { return &n.PingPause }),
	settingOf("locktime", ofCache, orNone(toWait), func(n *profile.Neighbor) *time.Duration { return &n.Locktime }),
}

// serverSettings needs the ARP caches read: a server has one of them.
func (d *draft) serverSettings() []setting[profile.Server] {
	toCache := func(v any) (string, error) {
		n, err := toProfile(d.neighbors, d.profilesKnown)(v)
		return n.Name, err
	}
	return []setting[profile.Server]{
		settingOf("probes", ofServer, toCount(0), func(s *profile.Server) *int { return &s.Probes }),
		settingOf("probe_interval", ofServer, toWait, func(s *profile.Server) *time.Duration { return &s.ProbeInterval }),
		settingOf("announcements", ofServer, toFlag, func(s *profile.Server) *int { return &s.Announcements }),
		settingOf("answer_is_conflict", ofServer, as[bool], func(s *profile.Server) *bool { return &s.AnswerIsConflict }),
		settingOf("request_is_conflict", ofServer, as[bool], func(s *profile.Server) *bool { return &s.RequestIsConflict }),
		settingOf("defend", ofServer, toChoice(diag.Say("defence"), policy.Defences), func(s *profile.Server) *policy.Defence { return &s.Defend }),
		settingOf("defend_interval", ofServer, toWait, func(s *profile.Server) *time.Duration { return &s.DefendInterval }),
		settingOf("source", ofServer, toChoice(diag.Say("source"), policy.Sources), func(s *profile.Server) *policy.Source { return &s.Source }),
		settingOf("connections", ofServer, toChoice(diag.Say("way"), policy.Removals), func(s *profile.Server) *policy.Removal { return &s.TCP.Removal }),
		settingOf("arp", ofServer, toCache, func(s *profile.Server) *string { return &s.ARP }),
	}
}

var (
	// how long an ARP entry may live: IOS allows 2147483 s, the longest on record
	toLifetime = toBetween(time.Second, 720*time.Hour, diag.Say("1s to 720h"))
	// the time from one packet to the next
	toWait = toBetween(time.Millisecond, time.Minute, diag.Say("1ms to 1m"))
)

func toBetween(least, most time.Duration, expected diag.Text) func(any) (time.Duration, error) {
	return func(v any) (time.Duration, error) {
		d, err := toDuration(v)
		if err == nil && (d < least || d > most) {
			err = diag.Errorf("%.60q is out of range; expected %s", v, expected)
		}
		return d, err
	}
}

// orNone takes 0 too.
func orNone(convert func(any) (time.Duration, error)) func(any) (time.Duration, error) {
	return func(v any) (time.Duration, error) {
		d, err := toDuration(v)
		if err != nil || d == 0 {
			return 0, err
		}
		if d, err = convert(v); err != nil {
			err = diag.Errorf("%w, or 0s for none", err)
		}
		return d, err
	}
}

// toCount is a number of packets, from least to 10.
func toCount(least int) func(any) (int, error) {
	const most = 10
	return func(v any) (int, error) {
		n, err := as[int64](v)
		if err == nil && (n < int64(least) || n > most) {
			err = diag.Errorf("%d is out of range; expected %d to %d", n, least, most)
		}
		return int(n), err
	}
}

// toFactor is a factor of a time, 0.1 to 10.
func toFactor(v any) (float64, error) {
	f, ok := v.(float64)
	if n, whole := v.(int64); whole {
		f, ok = float64(n), true
	}
	switch {
	case !ok:
		return 0, diag.Errorf("expected a number, not %s", describe(v))
	case !(0.1 <= f && f <= 10): // not a number neither
		return 0, diag.Errorf("%s is out of range; expected 0.1 to 10", strconv.FormatFloat(f, 'g', -1, 64))
	}
	return f, nil
}

// toReaction is what an ARP cache does with a packet.
var toReaction = toChoice(diag.Say("reaction"), arp.Reactions)

// toChoice is one of the values, by its name.
func toChoice[T fmt.Stringer](what diag.Text, values []T) func(any) (T, error) {
	return func(v any) (T, error) {
		var none T
		name, err := as[string](v)
		if err != nil {
			return none, err
		}
		var names []string
		for _, x := range values {
			if name == x.String() {
				return x, nil
			}
			names = append(names, x.String())
		}
		return none, diag.Errorf("unknown %s %.60q; expected one of %s%s", what, name,
			strings.Join(names, ", "), didYouMean(name, names))
	}
}
