package check

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"ipwsim/sim/trace"
)

func TestBreakdown_NamesWhatStoodInTheWay(t *testing.T) {
	for name, c := range map[string]struct {
		tell func() *story
		want Parts
	}{
		"a failover: the count, then detection": {
			func() *story {
				return guide().at(60).unplug("active").at(91).holds("standby", trace.Tentative).at(94).takes("standby")
			},
			Parts{Counting: seconds(31), Tentative: seconds(3)},
		},
		"a client with a wrong ARP entry": {
			func() *story {
				return guide().at(60).unplug("active").at(94).holds("standby", trace.Preferred).at(120).cache("pc", "standby")
			},
			Parts{Counting: seconds(34), WrongCache: seconds(26)},
		},
		"the client's own cable": {
			func() *story {
				s := guide().at(60).link("pc", false).own("pc", trace.Tentative)
				return s.at(70).link("pc", true).at(73).own("pc", trace.Preferred)
			},
			Parts{ClientDown: seconds(13)},
		},
		"a closed firewall": {
			func() *story { return guide().at(60).blocks("active", "echo") },
			Parts{Blocked: seconds(940)},
		},
		"two holders, the cache at a third": {
			func() *story {
				s := guide().at(60).holds("standby", trace.Preferred)
				s.add("pc", trace.Neighbor{IP: vip, MAC: trace.MAC{2, 9}, State: trace.Reachable})
				return s.at(65).forget("pc")
			},
			Parts{WrongCache: seconds(5), Dual: seconds(5)},
		},
	} {
		t.Run(name, func(t *testing.T) {
			all := Breakdown(c.tell().end(1000))
			require.Len(t, all, 1)
			got := all[0]
			require.Equal(t, got.Length(), got.Sum(), "the parts add up")
			got.Outage = Outage{}
			require.Equal(t, c.want, got)
		})
	}
}

// Whatever happens, the parts add up to what the client missed.
func TestBreakdown_AlwaysAddsUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tr := randomTrace(t)
		for _, p := range Breakdown(tr) {
			require.Equal(t, p.Length(), p.Sum(), "%v", p)
			require.LessOrEqual(t, p.Dual, p.Length())
		}
	})
}
