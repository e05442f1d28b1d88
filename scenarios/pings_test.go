package scenarios_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/scenarios/script"
	"ipwsim/sim/trace"
)

// H8: while ping alone is said to be kept out, a mail program that really connects gets its banner; in the rest of an
// outage it gets none.
func TestH8_WhatIsSaidOfMailIsSo(t *testing.T) {
	for name, deeds := range map[string]map[int]string{
		"a closed firewall behind a failover": {1: "block-echo standby", 10: "unplug active"},
		"a closed firewall":                   {10: "block-echo active", 60: "allow-echo active"},
		"a rule, then a failover":             {10: "rule drop icmp to client", 60: "unplug active"},
		"a public network":                    {10: "network active public", 60: "network active domain"},
	} {
		const end = 150
		b := strings.Builder{}
		b.WriteString("cluster mail\n")
		for s := range end - 30 {
			if deeds[s] != "" {
				fmt.Fprintf(&b, "at %ds %s\n", s, deeds[s])
			}
			if s%3 == 2 {
				fmt.Fprintf(&b, "at %ds connect client 192.168.10.202:25\n", s)
			}
		}
		s, problems := script.Parse("pings.txtar", []byte("# Ping alone\n"+b.String()+fmt.Sprintf("end %ds\n", end)))
		require.NoError(t, problems.Err())
		out, err := script.Run(context.Background(), s, script.Options{Cluster: cluster})
		require.NoError(t, err, name)
		o := out.Facts.Worst()
		require.NotNil(t, o, name)
		pings, others := 0, 0
		for rec := range out.Trace.All() {
			c, is := rec.Body.(trace.Connect)
			from, to := rec.At-c.Took, rec.At
			if !is || from < o.From || to > o.To {
				continue
			}
			within := false
			for _, p := range o.Pings {
				within = within || p.From <= from && to <= p.To
			}
			switch {
			case within:
				pings++
				require.Equal(t, trace.Greeted, c.Outcome, "%s, from %v", name, from)
			case o.PingOnly() == 0 || to < o.Pings[0].From:
				others++
				require.NotEqual(t, trace.Greeted, c.Outcome, "%s, from %v", name, from)
			}
		}
		require.Equal(t, o.PingOnly() > time.Minute/2, pings > 0, name)
		require.Positive(t, pings+others, name)
	}
}
