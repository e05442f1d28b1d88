package cluster

import (
	"strings"
	"time"

	"ipwsim/core/diag"
	"ipwsim/core/vrrp"
	"ipwsim/sim/trace"
)

// Kind is a watcher that can run as the service IPWCS.
type Kind string

// The watchers. Another one is added here, and where it is started in sim/world.
const (
	IPWCS Kind = "ipwcs" // IPWatcher
	VRRP  Kind = "vrrp"  // V1
)

// Kinds are all watchers.
var Kinds = []Kind{IPWCS, VRRP}

// Watcher is what keeps the VIPs of a node, the same on both nodes.
type Watcher struct {
	Kind Kind
	VRRP vrrp.Settings // of VRRP; Own and LogEnabled are the machine's
}

// toKind is the name of a watcher.
func toKind(v any) (Kind, error) {
	s, err := as[string](v)
	if err != nil {
		return "", err
	}
	return KindOf(s)
}

// KindOf is the watcher of that name.
func KindOf(name string) (Kind, error) {
	var names []string
	for _, k := range Kinds {
		if name == string(k) {
			return k, nil
		}
		names = append(names, string(k))
	}
	return "", diag.Errorf("unknown watcher %.60q; expected one of %s%s", name, strings.Join(names, ", "), didYouMean(name, names))
}

// Takes is an error where a watcher of the kind cannot have so many VIPs.
func (k Kind) Takes(vips int) error {
	if k == VRRP && vips > vrrp.MaxVIPs {
		return diag.Errorf("%d VIPs are more than a virtual router can have; expected at most %d, or the watcher ipwcs", vips, vrrp.MaxVIPs)
	}
	return nil
}

// toAdvert is the time between two advertisements: hundredths of a second, as they can say it.
func toAdvert(v any) (time.Duration, error) {
	d, err := toDuration(v)
	if err == nil && (d < vrrp.MinAdvert || d > vrrp.MaxAdvert || d%vrrp.MinAdvert != 0) {
		err = diag.Errorf("%.60q is out of range; expected 10ms to 40.95s, in hundredths of a second", v)
	}
	return d, err
}

// toPriority is that of a node in a virtual router: 0 and 255 have a meaning of their own.
func toPriority(v any) (byte, error) {
	n, err := as[int64](v)
	if err == nil && (n < 1 || n > 254) {
		err = diag.Errorf("%d is out of range; expected 1 to 254", n)
	}
	return byte(n), err
}

// Priorities that cluster.toml leaves out, by the nodes' place: the active node's is the higher.
var defaultPriorities = [2]byte{100, 90}

// DefaultWatcher is a watcher with its usual settings, on the node of that place: 0 is active.
func DefaultWatcher(k Kind, node int) Watcher {
	set := vrrp.DefaultSettings()
	set.Priority = defaultPriorities[node]
	return Watcher{k, set}
}

func (d *draft) readWatcher(top *section) {
	d.watcher = getOr(top, "watcher", IPWCS, toKind)
	d.advert = vrrpOr(d, top, "advert", vrrp.DefaultSettings().Advert, toAdvert)
}

func (n *nodeDraft) readWatcher(s *section, i int, d *draft) {
	n.watcher = DefaultWatcher(d.watcher.v, i)
	set := &n.watcher.VRRP
	set.Advert = d.advert
	set.Priority = vrrpOr(d, s, "priority", set.Priority, toPriority)
	set.Preempt = vrrpOr(d, s, "preempt", set.Preempt, as[bool])
}

// vrrpOr reads a key that has an effect with VRRP alone.
func vrrpOr[T any](d *draft, s *section, key string, missing T, convert func(any) (T, error)) T {
	f, given := optional(s, key, convert)
	if !given || !f.ok {
		return missing
	}
	if d.watcher.ok && d.watcher.v != VRRP {
		d.errorf(f.line, `%s has no effect without watcher = "vrrp"`, join(s.label, key))
	}
	return f.v
}

// promise is what the node's watcher promises; nil for IPWatcher, whose settings say it.
func (n *Node) promise() *trace.OtherWatcher {
	if n.Watcher.Kind == IPWCS {
		return nil
	}
	set := n.Watcher.VRRP
	w := &trace.OtherWatcher{Kind: string(n.Watcher.Kind), Least: set.Skew(), Most: set.Down(), Settles: set.Advert}
	w.VRRP = &trace.VirtualRouter{Router: int(set.Router), Priority: int(set.Priority), Advert: set.Advert, Preempt: set.Preempt}
	if set.Preempt {
		w.Returns = set.Down()
	}
	return w
}

// Outranks says whether the node is master of the two by its watcher's settings, when both are well. Of equal priorities
// none is: who has the VIPs keeps them (V3).
func (n *Node) Outranks(peer *Node) bool {
	if n.Watcher.Kind == IPWCS {
		return n.Settings.Balance == 0
	}
	return n.Watcher.VRRP.Priority > peer.Watcher.VRRP.Priority
}
