package search

import (
	"context"
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/cluster"
	"ipwsim/sim/trace"
)

// A mask that is not its segment's is drawn now and then: each length, for each node, for both, and for a stranger; most
// worlds have none.
func TestMasksAreDrawn(t *testing.T) {
	const worlds = 4000
	lengths, masked := map[[2]int]int{}, 0
	for i := range worlds {
		w := drawWorld(1, i)
		if w.Rare.Masks == (Masks{}) {
			continue
		}
		masked++
		for node := range w.Nodes {
			lengths[[2]int{node, w.mask(node)}]++
		}
		if both := w.Rare.Masks.Nodes; both[0] == both[1] && both[0] != 0 {
			lengths[[2]int{2}]++
		}
		if w.Stranger != nil && w.Rare.Masks.Stranger != 0 {
			lengths[[2]int{3}]++
		}
	}
	require.InDelta(t, masksPercent, 100*masked/worlds, 1.5)
	for _, bits := range nodeMasks {
		require.Positive(t, lengths[[2]int{0, bits}], "/%d", bits)
		require.Positive(t, lengths[[2]int{1, bits}], "/%d", bits)
	}
	require.Positive(t, lengths[[2]int{2}], "both nodes")
	require.Positive(t, lengths[[2]int{3}], "a stranger")
}

// Whatever masks a world has, and however it is made simpler, it can be run; and the segment stays what it was.
func TestEachMaskCanBeRun(t *testing.T) {
	g := &ground{shipped}
	for i, first := range nodeMasks {
		for j, second := range append([]int{0, first}, nodeMasks[i:]...) {
			w := drawWorld(3, i*len(nodeMasks)+j)
			w.Rare.Masks = Masks{Nodes: [2]int{first, second}, Stranger: second}
			for _, simplify := range append(simpler, func(*World) {}) {
				less := w.clone()
				simplify(&less)
				_, err := g.place(less)
				require.NoError(t, err, "%+v", less)
			}
		}
	}
}

// office has one behind a router of that profile, with a client in it and one on the nodes' segment.
func office(profile string) World {
	w := plain(7)
	w.Offices, w.Routers = 1, []Router{{Profile: profile}}
	w.Clients = append(w.Clients, Client{Profile: "windows-modern", Office: 1})
	return w
}

// H20: a mask tells who is near. Of whom it cuts off nothing is demanded, and the cluster must come to rest all the same,
// unless a node does not see for good who has a VIP.
func TestH20_WhomAMaskCutsOff(t *testing.T) {
	const (
		nowhere = "a node's mask leaves out a VIP or its peer, and it has no gateway for them (H20)"
		astray  = "a node's mask leaves out a VIP or its peer: it finds them as its gateway believes, which may not hear of a move (H20, N5)"
		heeds   = "l3-juniper"
	)
	alone, routed := plain(7), office(heeds)
	mail := plain(7)
	mail.Mail, mail.Clients[0].Profile = true, "windows-modern"
	vrrp := plain(7)
	vrrp.VRRP = true
	one, both := []string{"client1"}, []string{"client1", "client2"}
	for name, c := range map[string]struct {
		w        World
		nodes    [2]int
		cut      bool
		users    []string // of whom an answer is demanded
		hopeless string
	}{
		"the segment's": {alone, [2]int{}, false, one, ""},
		"the gateway is left out, and there is none":  {alone, [2]int{25}, false, one, ""},
		"the client is left out":                      {alone, [2]int{26}, true, nil, ""},
		"the client is left out of the slave's":       {alone, [2]int{0, 26}, true, one, ""},
		"the client is behind the gateway":            {routed, [2]int{26}, false, both, ""},
		"an office is in it":                          {routed, [2]int{16}, true, one, ""},
		"an office is in the slave's":                 {routed, [2]int{0, 16}, true, both, ""},
		"the offices are beyond it":                   {routed, [2]int{23, 20}, false, both, ""},
		"it is wide, and there is no office":          {alone, [2]int{8, 16}, false, one, ""},
		"the share is left out, and the client":       {mail, [2]int{0, 28}, true, one, ""},
		"mail goes to whom the mask has":              {mail, [2]int{0, 25}, false, one, ""},
		"the VIP is left out":                         {alone, [2]int{31}, false, one, nowhere},
		"the VIP is left out of the slave's":          {alone, [2]int{0, 31}, false, one, nowhere},
		"all are left out":                            {alone, [2]int{0, 32}, false, one, nowhere},
		"the VIP is behind the gateway":               {routed, [2]int{31}, false, both, ""},
		"all are behind the gateway":                  {routed, [2]int{32, 32}, false, both, ""},
		"the gateway may not hear where the VIP is":   {office("l3-alaxala-strict"), [2]int{31}, false, both, astray},
		"the gateway need not know of the VIP":        {office("l3-alaxala-strict"), [2]int{28}, false, both, ""},
		"the VIP is left out, and nobody asks for it": {vrrp, [2]int{31}, false, one, ""},
	} {
		c.w.Rare.Masks.Nodes = c.nodes
		p, err := (&ground{shipped}).place(c.w)
		require.NoError(t, err, name)
		require.Equal(t, c.hopeless, p.hopeless, name)
		require.Equal(t, c.cut, p.cut, name)
		require.ElementsMatch(t, c.users, p.users, name)
		require.Equal(t, c.w.Mail && c.cut, p.stuck, name)
		require.Equal(t, c.w.Mail && !p.stuck, newCase(c.w, p, nil, true).Mailed, name)
	}
}

// Mail is demanded only where both nodes reach all that it goes to.
func TestH20_MailThatAMaskHolds(t *testing.T) {
	mail := plain(7)
	mail.Mail = true
	for name, move := range map[string]func(*cluster.Mail, netip.Prefix){
		"the share":        func(m *cluster.Mail, to netip.Prefix) { m.Share.Address = to },
		"a server outside": func(m *cluster.Mail, to netip.Prefix) { m.Outside[0].Address = to },
	} {
		for address, stuck := range map[string]bool{"192.168.10.220/24": false, "192.168.10.100/24": true} {
			base, err := shipped("mail")
			require.NoError(t, err)
			bp, problems := cluster.Load(cluster.Overlay(base, mail.files()), ".")
			require.NoError(t, problems.Err())
			bp.Nodes[1].Address = netip.PrefixFrom(bp.Nodes[1].Address.Addr(), 25)
			move(bp.Mail, netip.MustParsePrefix(address))
			p := placeOf(bp)
			require.Equal(t, stuck, p.stuck, name)
			require.False(t, p.cut, name)
			require.Equal(t, !stuck, newCase(mail, p, nil, true).Mailed, name)
		}
	}
}

// The cluster comes to rest as far as that is demanded: a search that demanded more would object.
func TestH20_WhatIsDemandedBehindAMask(t *testing.T) {
	s := &searcher{ground: ground{shipped}, task: Task{Seed: 1}, ctx: context.Background()}
	faults := []Fault{{time.Second, "unplug", "active"}, {time.Minute, "plug", "active"}}
	for name, c := range map[string]struct {
		w      World
		nodes  [2]int
		demand func(*place) // more than can be
		fails  Failure
	}{
		"an answer of the master": {plain(7), [2]int{26}, func(p *place) { p.users = p.clients }, Failure{Kind: "expect answered client1"}},
		"a node's readiness":      {plain(7), [2]int{26}, func(p *place) { p.cut = false }, Failure{Check: "P2", Kind: "p2.nobody"}},
		"rest without a gateway":  {plain(7), [2]int{31}, func(p *place) { p.hopeless = "" }, Failure{Check: "P2", Kind: "p2.nobody"}},
		"rest by a gateway that believes otherwise": {
			office("l3-alaxala-strict"), [2]int{31}, func(p *place) { p.hopeless = "" }, Failure{Check: "P2", Kind: "p2.nobody"},
		},
	} {
		c.w.Rare.Masks.Nodes = c.nodes
		play := func(demand func(*place)) *Failure {
			p, err := s.place(c.w)
			require.NoError(t, err)
			demand(p)
			k := newCase(c.w, p, faults, true)
			_, f, err := s.play(&k, p)
			require.NoError(t, err)
			return f
		}
		require.Nil(t, play(func(*place) {}), name)
		f := play(c.demand)
		require.NotNil(t, f, name)
		require.Equal(t, c.fails, Failure{Check: f.Check, Kind: f.Kind}, name)
	}
}

// A mask is the first that a failing case loses, if it has no part in it; and it alone is left where nothing else has.
func TestMasksAreShrunk(t *testing.T) {
	replan := func(c Case) (Case, error) { return c, nil }
	where := func(is func(c *Case) bool) func(*Case) (*trace.Trace, bool) {
		return func(c *Case) (*trace.Trace, bool) { return nil, is(c) }
	}
	c := Case{World: drawWorld(1, 0)}
	c.World.Rare.Masks = Masks{Nodes: [2]int{26, 16}, Stranger: 28}

	busy := c.World.clone() // needs all the rest
	busy.Rare.Masks = Masks{}
	kept := shrink(c, replan, where(func(c *Case) bool { return len(c.World.toml()) >= len(busy.toml()) }))
	require.Equal(t, Masks{}, kept.World.Rare.Masks)

	less := shrink(c, replan, where(func(c *Case) bool { return c.World.Rare.Masks.Nodes[1] == 16 }))
	want := plain(1)
	want.Rare.Masks.Nodes[1] = 16
	require.Equal(t, want, less.World)
}
