package check

import (
	"net/netip"
	"slices"
	"sort"
	"strings"
	"time"
	"unicode"

	"ipwsim/sim/trace"
)

// CauseKind says what kind of thing began an outage.
type CauseKind string

// The kinds of causes.
const (
	ByFault    CauseKind = "fault"     // the latest fault at or before the outage's start
	ByCycle    CauseKind = "cycle"     // a slave's release cycle (W18)
	ByGiveBack CauseKind = "give back" // a release the peer asked for (W15-W17)
	Unknown    CauseKind = "unknown"   // no fault and no release came before
)

// Cause is what began an outage.
type Cause struct {
	Kind CauseKind     `json:"kind"`
	At   time.Duration `json:"at"`
	Host string        `json:"host,omitempty"` // of a release
	Text string        `json:"text,omitempty"` // the fault's words, or the watcher's reason
}

// release is a watcher giving a VIP up.
type release struct {
	host  string
	vip   netip.Addr
	at    time.Duration
	until time.Duration // when the watcher was in another state again
	why   string
}

// handover is a release that the asker heard of over the pipe (W16).
type handover struct {
	asker string
	vip   netip.Addr
	at    time.Duration
}

// history is the faults, the releases and the handovers of a trace, in order of time.
type history struct {
	faults    []Cause
	releases  []release
	handovers []handover
}

func newHistory(t *trace.Trace) *history {
	h := &history{}
	for _, r := range t.Records {
		switch b := r.Body.(type) {
		case trace.Fault:
			text := strings.Join(append([]string{b.Verb}, b.Args...), " ")
			h.faults = append(h.faults, Cause{Kind: ByFault, At: r.At, Text: text})
		case trace.Watch:
			h.watch(r.At, r.Host, b, t.End)
		case trace.Pipe:
			if b.Answer == "released" {
				h.handovers = append(h.handovers, handover{r.Host, b.VIP, r.At})
			}
		}
	}
	return h
}

func (h *history) watch(at time.Duration, node string, b trace.Watch, end time.Duration) {
	for i := range h.releases {
		open := &h.releases[i]
		if open.host == node && open.vip == b.VIP && open.until == end {
			open.until = at
		}
	}
	if b.State == "releasing" {
		h.releases = append(h.releases, release{node, b.VIP, at, end, b.Why})
	}
}

// fault gives the latest fault at or before the time.
func (h *history) fault(at time.Duration) (Cause, bool) {
	i := sort.Search(len(h.faults), func(i int) bool { return h.faults[i].At > at })
	if i == 0 {
		return Cause{Kind: Unknown}, false
	}
	return h.faults[i-1], true
}

// within gives the first fault strictly between the two times.
func (h *history) within(from, to time.Duration) (Cause, bool) {
	for _, f := range h.faults {
		if from < f.At && f.At < to {
			return f, true
		}
	}
	return Cause{}, false
}

// released gives the give-back or cycle that one of the nodes was carrying out at the time.
func (h *history) released(nodes []string, vip netip.Addr, at time.Duration) (Cause, bool) {
	for _, r := range slices.Backward(h.releases) {
		if r.vip != vip || at < r.at || r.until < at || !slices.Contains(nodes, r.host) {
			continue
		}
		switch {
		case cites(r.why, "W18"):
			return Cause{ByCycle, r.at, r.host, r.why}, true
		case cites(r.why, "W15"), cites(r.why, "W16"), cites(r.why, "W17"):
			return Cause{ByGiveBack, r.at, r.host, r.why}, true
		}
	}
	return Cause{}, false
}

// handedOver gives the handover that ended the outage, if one did.
func (h *history) handedOver(o *Outage) (Cause, bool) {
	for _, d := range h.handovers {
		if d.vip == o.VIP && o.From <= d.at && d.at <= o.To && slices.Contains(o.After, d.asker) {
			return Cause{ByGiveBack, d.at, o.Before[0], "W16: " + d.asker + " asked for it"}, true
		}
	}
	return Cause{}, false
}

// cycled says whether the node was carrying out its release cycle at some time between.
func (h *history) cycled(node string, vip netip.Addr, from, to time.Duration) bool {
	return slices.ContainsFunc(h.releases, func(r release) bool {
		return r.host == node && r.vip == vip && r.at <= to && from <= r.until && cites(r.why, "W18")
	})
}

// cites says whether a reason names the rule, whole.
func cites(why, rule string) bool {
	words := strings.FieldsFunc(why, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return slices.Contains(words, rule)
}
