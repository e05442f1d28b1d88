package naive

import (
	"cmp"
	"net/netip"
	"slices"
	"time"

	"ipwsim/sim/trace"
)

// stops is what became of the orderly stops of a node's service.
type stops struct {
	done    int
	pending bool
	since   time.Duration // of the pending one
	left    []leftover
}

// leftover is a VIP on a machine whose service was stopped, or that was shut down.
type leftover struct {
	vip               netip.Addr
	state             trace.AddressState
	stopped, from, to time.Duration
	off               bool // it was there when an orderly shutdown cut the power
}

// stopsOf are those of a node up to the end.
func (r *Run) stopsOf(role string) (all stops) {
	for k, rec := range r.t.Records {
		if r.stopped(k, role) || r.shutDown(k, role) {
			all.done++
		}
		if b, ok := rec.Body.(trace.Service); ok && rec.Host == role && b.Name == trace.Watcher {
			all.pending, all.since = b.State == trace.StopPending, rec.At
		}
		if isOff(rec, role) {
			all.pending = false
		}
	}
	all.left = append(r.leftOff(role), r.leftOn(role)...) // what is lost with the power comes before what stands then
	slices.SortStableFunc(all.left, func(a, b leftover) int { return cmp.Compare(a.from, b.from) })
	return all
}

func isOff(rec trace.Record, role string) bool {
	b, ok := rec.Body.(trace.Power)
	return ok && rec.Host == role && b.State == trace.Off
}

func isStart(rec trace.Record, role string) bool {
	b, ok := rec.Body.(trace.Service)
	return ok && rec.Host == role && b.Name == trace.Watcher && (b.State == trace.StartPending || b.State == trace.Running)
}

// stopped says whether the record is the end of an orderly stop of the service. One that a power cut of the same
// instant made is none.
func (r *Run) stopped(k int, role string) bool {
	b, ok := r.t.Records[k].Body.(trace.Service)
	if !ok || r.t.Records[k].Host != role || b.Name != trace.Watcher || b.State != trace.Stopped || b.Killed {
		return false
	}
	for j := k + 1; j < len(r.t.Records) && r.t.Records[j].At == r.t.Records[k].At && !isStart(r.t.Records[j], role); j++ {
		if isOff(r.t.Records[j], role) && r.cut(j, role) {
			return false
		}
	}
	return r.serviceBefore(k, role).State == trace.StopPending && r.after(k).machines[role].runs()
}

// serviceBefore is the last record of the service before this one, also one before the power went.
func (r *Run) serviceBefore(k int, role string) (last trace.Service) {
	for _, rec := range r.t.Records[:k] {
		if b, ok := rec.Body.(trace.Service); ok && rec.Host == role && b.Name == trace.Watcher {
			last = b
		}
	}
	return last
}

// shutDown says whether the record is the end of an orderly shutdown.
func (r *Run) shutDown(k int, role string) bool {
	return isOff(r.t.Records[k], role) && r.after(k).machines[role].power == trace.Stopping && !r.cut(k, role)
}

// cut says whether a fault took the node's power in the same instant, before the record. A shutdown takes it at once only
// where no watcher runs that it has to stop first.
func (r *Run) cut(k int, role string) bool {
	for j, rec := range r.t.Records[:k] {
		f, ok := rec.Body.(trace.Fault)
		took := ok && rec.At == r.t.Records[k].At && f.Breaks && slices.Contains(f.Touches, trace.Touch{Part: trace.PowerPart, Of: role})
		if took && !(f.Verb == "shutdown" && r.after(j).machines[role].runs() && r.watches(j, role)) {
			return true
		}
	}
	return false
}

// watches says whether the watcher runs, by the records of this boot before the k-th.
func (r *Run) watches(k int, role string) (so bool) {
	for _, rec := range r.t.Records[:k] {
		if b, ok := rec.Body.(trace.Service); ok && rec.Host == role && b.Name == trace.Watcher {
			so = b.State == trace.Running || b.State == trace.StartPending
		}
		so = so && !isOff(rec, role)
	}
	return so
}

// leftOff are the VIPs that orderly shutdowns left.
func (r *Run) leftOff(role string) (all []leftover) {
	for k, rec := range r.t.Records {
		if !r.shutDown(k, role) {
			continue
		}
		s := r.after(k)
		for _, vip := range r.vips {
			if state := s.machines[role].addresses[vip]; state != "" && state != trace.Absent && !r.byHand(role, vip, rec.At) && !r.touched(role, vip, rec.At) {
				all = append(all, leftover{vip: vip, state: state, from: rec.At, to: rec.At, off: true})
			}
		}
	}
	return all
}

// leftOn are the stretches in which the service stood stopped in order, and a VIP was there.
func (r *Run) leftOn(role string) (all []leftover) {
	for v, vip := range r.vips {
		there := func(m *moment) bool { return m.copies[r.node(role)][v].there && r.standsStopped(role, m.at) }
		for _, s := range r.when(there) {
			if r.byHand(role, vip, s.From) {
				continue
			}
			then := r.stateAt(s.From)
			all = append(all, leftover{
				vip: vip, state: then.machines[role].addresses[vip], stopped: r.serviceSince(role, s.From), from: s.From, to: s.To,
			})
		}
	}
	slices.SortStableFunc(all, func(a, b leftover) int { return cmp.Compare(a.from, b.from) })
	return all
}

// byHand says whether the VIP that is on the node then was put there by somebody else than its watcher. What goes with the
// power comes back with it.
func (r *Run) byHand(role string, vip netip.Addr, at time.Duration) (hand bool) {
	there := func(m *moment) bool { return m.copies[r.node(role)][r.vip(vip)].there }
	gone := time.Duration(-1 << 62)
	for _, s := range r.when(there) {
		if s.From > at {
			break
		}
		hand = hand || r.touched(role, vip, s.From) || r.flashed(role, vip, gone, s.From)
		gone = s.To
		off := slices.ContainsFunc(r.t.Records, func(rec trace.Record) bool { return rec.At == s.To && isOff(rec, role) })
		if s.To <= at && !off {
			hand = false
		}
	}
	return hand
}

// flashed says whether between the times somebody put the VIP on the node in the instant in which its power went, with which
// it comes back.
func (r *Run) flashed(role string, vip netip.Addr, from, to time.Duration) bool {
	for k, rec := range r.t.Records {
		if isOff(rec, role) && from <= rec.At && rec.At < to && r.touched(role, vip, rec.At) {
			if state := r.after(k).machines[role].addresses[vip]; state != "" && state != trace.Absent {
				return true
			}
		}
	}
	return false
}

// touched says whether somebody did something to the VIP on the node at that time.
func (r *Run) touched(role string, vip netip.Addr, at time.Duration) bool {
	return slices.ContainsFunc(r.t.Records, func(rec trace.Record) bool {
		f, ok := rec.Body.(trace.Fault)
		return ok && rec.At == at && slices.Contains(f.Touches, trace.Touch{Part: trace.AddressPart, Of: role, End: vip.String()})
	})
}

// standsStopped says whether the service was stopped in order, and not started since.
func (r *Run) standsStopped(role string, at time.Duration) (so bool) {
	for k, rec := range r.t.Records {
		switch {
		case rec.At > at:
			return so
		case r.stopped(k, role):
			so = true
		case isStart(rec, role):
			so = false
		}
	}
	return so
}

// serviceSince is when the service came to be as it is.
func (r *Run) serviceSince(role string, until time.Duration) (at time.Duration) {
	for _, rec := range r.t.Records {
		if b, ok := rec.Body.(trace.Service); ok && rec.Host == role && b.Name == trace.Watcher && rec.At <= until {
			at = rec.At
		}
	}
	return at
}
