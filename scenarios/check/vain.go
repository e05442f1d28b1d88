package check

import (
	"net/netip"

	"ipwsim/sim/trace"
)

// vainAsks finds the records with which a host begins to ask for an address by ARP and gives up in
// the end: what it sends meanwhile waits, and is lost (H9). A holder that comes between its last
// question and its giving up is not heard of. By place in the trace.
func vainAsks(t *trace.Trace) map[int]bool {
	type entry struct {
		host string
		ip   netip.Addr
	}
	vain := map[int]bool{}
	next := map[entry]trace.NeighborState{} // of the entry's next record
	for i := len(t.Records) - 1; i >= 0; i-- {
		n, ok := t.Records[i].Body.(trace.Neighbor)
		if !ok {
			continue
		}
		key := entry{t.Records[i].Host, n.IP}
		if after := next[key]; n.State == trace.Incomplete && (after == trace.Unreachable || after == trace.Removed) {
			vain[i] = true
		}
		next[key] = n.State
	}
	return vain
}
