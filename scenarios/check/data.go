package check

import (
	"fmt"
	"net/netip"

	"ipwsim/sim/trace"
)

// unseen says what a trace lacks for any client to have seen any VIP answered, or "".
func unseen(t *trace.Trace) string {
	if why := empty(t); why != "" {
		return why
	}
	for _, c := range t.Header.Clients {
		for _, v := range t.Header.VIPs {
			if len(Answered(t, c.Name, v.Address)) > 0 {
				return ""
			}
		}
	}
	return "no client ever had a VIP answered"
}

// empty says what a trace lacks for a client, a VIP and a node to be spoken of, or "".
func empty(t *trace.Trace) string {
	switch {
	case len(t.Header.Clients) == 0:
		return "the trace names no client"
	case len(t.Header.VIPs) == 0:
		return "the trace names no VIP"
	case !powered(t):
		return "no node was ever on"
	}
	return ""
}

func powered(t *trace.Trace) bool {
	for _, r := range t.Records {
		if p, ok := r.Body.(trace.Power); ok && p.State == trace.On && t.Header.Node(r.Host) != nil {
			return true
		}
	}
	return false
}

// unheld names the first VIP that no node ever held, or says what else is missing, or "".
func unheld(t *trace.Trace) string {
	if len(t.Header.VIPs) == 0 {
		return "the trace names no VIP"
	}
	held := map[netip.Addr]bool{}
	for _, r := range t.Records {
		if a, ok := r.Body.(trace.Address); ok && a.State == trace.Preferred && t.Header.Node(r.Host) != nil {
			held[a.IP] = true
		}
	}
	for _, v := range t.Header.VIPs {
		if !held[v.Address] {
			return fmt.Sprintf("no node ever held %s", v.Address)
		}
	}
	return ""
}
