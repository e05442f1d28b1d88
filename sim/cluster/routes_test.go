package cluster

import (
	"fmt"
	"net/netip"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// routersOf makes routers with these addresses, all in /24 subnets: each a list of 10.0.<net>.<host>.
func routersOf(addresses ...[][2]byte) (all []Router) {
	for i, mine := range addresses {
		r := Router{Name: fmt.Sprintf("r%d", i)}
		for _, a := range mine {
			r.Interfaces = append(r.Interfaces, RouterInterface{Address: netip.PrefixFrom(netip.AddrFrom4([4]byte{10, 0, a[0], a[1]}), 24)})
		}
		all = append(all, r)
	}
	return all
}

func routesOf(r Router) (all []string) {
	for _, x := range r.Routes {
		all = append(all, x.Prefix.String()+" via "+x.Via.String())
	}
	return all
}

// N5: routers know the ways to subnets behind each other, by the fewest hops.
func TestN5Converge(t *testing.T) {
	for name, c := range map[string]struct {
		routers []Router
		want    [][]string
	}{
		"one router": {routersOf([][2]byte{{1, 1}, {2, 1}}), [][]string{nil}},
		"two routers": {
			routersOf([][2]byte{{1, 1}, {2, 1}}, [][2]byte{{2, 2}, {3, 1}}),
			[][]string{{"10.0.3.0/24 via 10.0.2.2"}, {"10.0.1.0/24 via 10.0.2.1"}},
		},
		"a chain of three": {
			routersOf([][2]byte{{1, 1}, {2, 1}}, [][2]byte{{2, 2}, {3, 2}}, [][2]byte{{3, 3}, {4, 3}}),
			[][]string{
				{"10.0.3.0/24 via 10.0.2.2", "10.0.4.0/24 via 10.0.2.2"},
				{"10.0.1.0/24 via 10.0.2.1", "10.0.4.0/24 via 10.0.3.3"},
				{"10.0.1.0/24 via 10.0.3.2", "10.0.2.0/24 via 10.0.3.2"},
			},
		},
		"a ring: of two ways alike the lowest address": {
			routersOf([][2]byte{{1, 1}, {4, 1}}, [][2]byte{{1, 2}, {2, 2}}, [][2]byte{{2, 3}, {3, 3}}, [][2]byte{{3, 4}, {4, 4}}),
			[][]string{
				{"10.0.2.0/24 via 10.0.1.2", "10.0.3.0/24 via 10.0.4.4"},
				{"10.0.3.0/24 via 10.0.2.3", "10.0.4.0/24 via 10.0.1.1"},
				{"10.0.1.0/24 via 10.0.2.2", "10.0.4.0/24 via 10.0.3.4"},
				{"10.0.1.0/24 via 10.0.4.1", "10.0.2.0/24 via 10.0.3.3"},
			},
		},
		"two routers side by side, the lower last": {
			routersOf([][2]byte{{1, 1}, {2, 1}}, [][2]byte{{2, 9}, {3, 9}}, [][2]byte{{2, 8}, {3, 8}}),
			[][]string{{"10.0.3.0/24 via 10.0.2.8"}, {"10.0.1.0/24 via 10.0.2.1"}, {"10.0.1.0/24 via 10.0.2.1"}},
		},
		"the short way, though its address is higher": {
			routersOf([][2]byte{{1, 1}, {2, 1}}, [][2]byte{{2, 2}, {3, 2}}, [][2]byte{{3, 3}, {4, 3}}, [][2]byte{{2, 9}, {4, 9}}),
			[][]string{
				{"10.0.3.0/24 via 10.0.2.2", "10.0.4.0/24 via 10.0.2.9"},
				{"10.0.1.0/24 via 10.0.2.1", "10.0.4.0/24 via 10.0.2.9"},
				{"10.0.1.0/24 via 10.0.3.2", "10.0.2.0/24 via 10.0.3.2"},
				{"10.0.1.0/24 via 10.0.2.1", "10.0.3.0/24 via 10.0.2.2"},
			},
		},
		"no subnet in common": {routersOf([][2]byte{{1, 1}, {2, 1}}, [][2]byte{{3, 1}, {4, 1}}), [][]string{nil, nil}},
	} {
		Converge(c.routers)
		for i, r := range c.routers {
			require.Equal(t, c.want[i], routesOf(r), "%s: %s", name, r.Name)
		}
		again := slices.Clone(c.routers)
		Converge(again)
		require.Equal(t, c.routers, again, "%s: it stays as it is", name)
	}
}

// naiveHops is the definition: a router in the subnet is no hop away, any other one more than the
// nearest of those it shares a subnet with; told from neighbour to neighbour until nothing changes.
func naiveHops(routers []Router, subnet netip.Prefix) map[string]int {
	hops := map[string]int{}
	for range len(routers) + 1 {
		for _, r := range routers {
			best, known := hops[r.Name]
			for _, i := range r.Interfaces {
				if i.Address.Contains(subnet.Addr()) {
					best, known = 0, true
				}
				for _, o := range routers {
					for _, there := range o.Interfaces {
						if h, told := hops[o.Name]; told && i.Address.Contains(there.Address.Addr()) && (!known || h+1 < best) {
							best, known = h+1, true
						}
					}
				}
			}
			if known {
				hops[r.Name] = best
			}
		}
	}
	return hops
}

// Every packet gets to its subnet in the fewest hops, wherever there is a way, and nothing is known
// of subnets that no way leads to.
func TestN5ConvergedRoutesAreTheShortest(t *testing.T) {
	longest := 0
	rapid.Check(t, func(t *rapid.T) {
		routers := drawRouters(t)
		Converge(routers)
		for net := range byte(9) {
			subnet := netip.PrefixFrom(netip.AddrFrom4([4]byte{10, 0, net, 0}), 24)
			hops := naiveHops(routers, subnet)
			for _, r := range routers {
				want, known := hops[r.Name]
				require.Equal(t, known, r.reaches(subnet), "%s to %s", r.Name, subnet)
				if known {
					require.Equal(t, want, walk(t, routers, r, subnet), "hops from %s to %s", r.Name, subnet)
					longest = max(longest, want)
				}
				requireLowest(t, routers, hops, r, subnet)
			}
		}
	})
	require.Greater(t, longest, 2, "the drawn networks have long ways")
}

// drawRouters draws up to seven routers in some of nine subnets.
func drawRouters(t *rapid.T) []Router {
	var all [][][2]byte
	for i := range rapid.IntRange(1, 7).Draw(t, "routers") {
		var mine [][2]byte
		for _, net := range rapid.SliceOfNDistinct(rapid.ByteRange(0, 8), 2, 3, rapid.ID).Draw(t, "nets") {
			mine = append(mine, [2]byte{net, byte(250 - 7*i)})
		}
		all = append(all, mine)
	}
	return routersOf(rapid.Permutation(all).Draw(t, "order")...)
}

// walk follows the routes from router to router and counts the hops.
func walk(t require.TestingT, routers []Router, r Router, subnet netip.Prefix) (hops int) {
	for ; !r.in(subnet); hops++ {
		require.LessOrEqual(t, hops, len(routers), "the packet goes round")
		var next []Router
		for _, o := range routers {
			for _, i := range o.Interfaces {
				if slices.Contains(r.Routes, Route{subnet, i.Address.Addr()}) {
					require.True(t, r.in(i.Address.Masked()), "%s can reach the next hop", r.Name)
					next = append(next, o)
				}
			}
		}
		require.Len(t, next, 1, "%s has one next hop to %s", r.Name, subnet)
		r = next[0]
	}
	return hops
}

// requireLowest wants no other next hop that is as short and has a lower address.
func requireLowest(t require.TestingT, routers []Router, hops map[string]int, r Router, subnet netip.Prefix) {
	for _, x := range r.Routes {
		for _, o := range routers {
			for _, i := range o.Interfaces {
				if far, known := hops[o.Name]; x.Prefix == subnet && known && far == hops[r.Name]-1 && r.in(i.Address.Masked()) {
					require.False(t, i.Address.Addr().Less(x.Via), "%s: %v is lower than %v", r.Name, i.Address, x)
				}
			}
		}
	}
}
