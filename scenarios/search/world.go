package search

import (
	"time"

	"ipwsim/core"
)

// World is the first half of a case: the cluster, its settings, and the seed that all chance in it comes from. What is
// not drawn has the guide's value, which is the zero value of most fields: a world shrinks towards the guide's.
type World struct {
	Cluster string // a cluster as it is, of which nothing but the seed is drawn; "": a drawn one
	Seed    uint64
	Ties    bool // of one instant are drawn
	Cold    bool

	VIPs     int // 1 or more
	Trunk    bool
	Offices  int // subnets behind routers, one behind the other
	Mail     bool
	Stranger *Stranger
	Switches [2]Switch
	Routers  []Router
	Nodes    [2]Node
	Clients  []Client // at least one

	Interval, PingTimeout int // s
	ReleaseTime           int // intervals
	Balance               [2]int
	Lossy                 bool // a node's cable loses frames
	VRRP                  bool // keeps the VIPs, in place of IPWatcher
	Again                 bool // a holder announces once more what the peer has given up

	Rare Rarities
}

// Switch is what is drawn of one.
type Switch struct{ SlowPort, Inspection, Tracking, Suppression, DataOnly, BlockUnknown bool }

// Router is an L3 switch between two subnets.
type Router struct {
	Profile string
	Proxy   string // as in cluster.toml; "": none
}

// Node is what is drawn of one.
type Node struct {
	Profile            string
	SecondSwitch       bool
	Boot               time.Duration
	NetshMin, NetshMax time.Duration
	EchoBlocked        bool
	PipeBlocked        bool
	ForgetsVIP         bool // at a reboot
	PublicAfterBoot    time.Duration
	PublicAfterLink    time.Duration
	Team               bool
	TeamSilent         bool
	Cure               []Cure
}

// Cure is a line of arpclear.bat: a client that is pinged with a VIP as source.
type Cure struct{ Client, VIP, Count int }

// Client is what is drawn of one.
type Client struct {
	Profile      string
	Office       int // 0: the nodes' subnet
	SecondSwitch bool
	Idle         bool
}

// Stranger is a station that has no part in the cluster.
type Stranger struct {
	SecondSwitch, Detects bool
	Answers               bool
	Has                   bool // the first VIP
}

// plain is the guide's world, with quick boots and one client.
func plain(seed uint64) World {
	set := core.DefaultSettings()
	node := Node{Profile: "srv-2012plus", Boot: 20 * time.Second, NetshMin: 200 * time.Millisecond, NetshMax: time.Second}
	return World{
		Seed: seed, VIPs: 1, Nodes: [2]Node{node, node}, Clients: []Client{{Profile: "windows-modern"}},
		Interval: int(set.Interval.Seconds()), PingTimeout: int(set.PingTimeout.Seconds()), ReleaseTime: set.ReleaseTime, Balance: [2]int{0, 1},
	}
}

// drawWorld draws the first tape.
func drawWorld(seed uint64, number int) World {
	d, mail := tape(seed, number, worldTape), hasMail(number)
	w := plain(d.Uint64() >> 44)
	w.Ties = d.chance(70)
	w.Cold = d.chance(8)
	w.VIPs = one(d, 1, 1, 1, 2, 2, 3)
	w.Trunk = d.chance(30)
	w.Mail = mail
	w.VRRP = d.chance(10)
	odd := drawOddity(d)
	w.Lossy = odd == lossy
	if d.chance(15) {
		w.Offices = 1 + d.below(2)
	}
	w.drawSettings(d, odd)
	for i := range w.Switches {
		w.Switches[i] = Switch{SlowPort: d.chance(5), Suppression: d.chance(4) && !w.Trunk, DataOnly: d.chance(2)}
	}
	if s := &w.Switches[d.below(len(w.Switches))]; odd == guarded {
		*one(d, &s.Inspection, &s.Tracking, &s.BlockUnknown) = true
		s.DataOnly = s.DataOnly || s.BlockUnknown // from data alone, or it loses nobody who speaks
	}
	for range w.Offices {
		r := Router{Profile: one(d, "l3-cisco-ios", "l3-nexus", "l3-juniper", "l3-huawei", "l3-alaxala-strict", "l3-allied", "l3-generic-10min")}
		if odd == proxies {
			r.Proxy = one(d, "true", `"routed"`)
		}
		w.Routers = append(w.Routers, r)
	}
	for range d.below(3) {
		w.Clients = append(w.Clients, Client{})
	}
	for i := range w.Clients {
		w.Clients[i] = Client{
			Profile: one(d, "windows-modern", "windows-modern", "windows-modern", "ad-client", "linux", "windows-vista7", "windows-xp"),
			Office:  d.below(w.Offices + 1), SecondSwitch: w.Trunk && d.chance(50), Idle: i > 0 && d.chance(30),
		}
	}
	for i := range w.Nodes {
		w.drawNode(d, &w.Nodes[i])
	}
	if w.Mail && d.chance(heedPercent) {
		w.heed()
	}
	w.Nodes[d.below(len(w.Nodes))].EchoBlocked = odd == blocked
	if w.Interval == 0 {
		w.Interval = w.leastInterval() + d.below(8)
	}
	if d.chance(15) || odd == stranger {
		w.Stranger = &Stranger{SecondSwitch: w.Trunk && d.chance(50), Detects: d.chance(30)}
	}
	if s := w.Stranger; odd == stranger {
		*one(d, &s.Answers, &s.Has) = true
	}
	w.Nodes[d.below(len(w.Nodes))].PipeBlocked = d.chance(4) && !w.VRRP
	w.Again = d.chance(10) && !w.VRRP
	for i := range w.Switches {
		if s := &w.Switches[i]; d.chance(4) && !s.DataOnly {
			s.BlockUnknown = true
		}
	}
	w.Rare = drawRarities(tape(seed, number, rareTape))
	for i, n := range w.Nodes {
		if n.Profile == "srv-2003" { // has hardly anything to set
			w.Rare.Nodes[i].Profile = nil
		}
	}
	if w.Rare.Each = w.Rare.Each && w.Mail && !w.VRRP; w.Rare.Each {
		w.VIPs, w.Balance = 2, [2]int{}
	}
	return w
}

// heedPercent is how many of the worlds with mail are so that mail can be demanded.
const heedPercent = 90

// heed has all nodes announce what they take, and all clients heed it: only there can mail be demanded in time.
func (w *World) heed() {
	for i := range w.Nodes {
		w.Nodes[i].Profile = "srv-2012plus"
	}
	for i := range w.Clients {
		w.Clients[i].Profile = "windows-modern"
	}
}

// oddity is what keeps a world from coming to rest: what it shows only what always holds can be held against, so few
// worlds have one, and none has two.
type oddity int

const (
	none oddity = iota
	lossy
	guarded // a switch tracks, inspects or blocks
	proxies // routers answer for others
	blocked // a node's firewall drops echo requests
	stranger
	hasty  // the settings are anything
	slaves // both nodes
)

// oddPercent is how many of the worlds have one, or are to.
const oddPercent = 14

func drawOddity(d draws) oddity {
	if !d.chance(oddPercent) {
		return none
	}
	return one(d, lossy, guarded, guarded, guarded, proxies, blocked, stranger, stranger, hasty, hasty, slaves)
}

// drawSettings draws what the watchers are configured with: short times mostly, for a case of them sees more.
func (w *World) drawSettings(d draws, odd oddity) {
	switch {
	case odd == hasty:
		w.Interval, w.PingTimeout, w.ReleaseTime = 1+d.below(8), 1+d.below(8), one(d, 60, 3+d.below(8))
	case d.chance(12): // the guide's
	default:
		w.Interval, w.PingTimeout, w.ReleaseTime = 0, 1+d.below(3), one(d, 60, 3+d.below(8))
	}
	switch {
	case odd == slaves:
		w.Balance = [2]int{1, 1}
	case d.chance(12):
		w.Balance = one(d, [2]int{1, 0}, [2]int{0, 0})
	}
}

// leastInterval is the shortest, in seconds, in which a master has the VIP before a slave takes it (W13).
func (w *World) leastInterval() int {
	taking := time.Duration(w.PingTimeout)*time.Second + 3*max(w.Nodes[0].NetshMax, w.Nodes[1].NetshMax) + detection
	return int(taking/time.Second) + 1
}

func (w *World) drawNode(d draws, n *Node) {
	n.NetshMin = d.upTo(700 * time.Millisecond)
	n.NetshMax = n.NetshMin + d.upTo(500*time.Millisecond) + time.Millisecond
	if n.Profile = one(d, "srv-2012plus", "srv-2012plus", "srv-2008"); w.Switches[0].Suppression || w.Switches[1].Suppression {
		n.Profile = "srv-2012plus" // a switch that answers from memory must hear of a move
	}
	if d.chance(4) {
		n.Profile = "srv-2003"
	}
	n.SecondSwitch = w.Trunk && d.chance(50)
	n.Boot = one(d, 8*time.Second, 20*time.Second)
	n.ForgetsVIP = d.chance(20)
	if d.chance(10) {
		n.PublicAfterBoot = 15 * time.Second
	}
	if d.chance(10) && !w.VRRP {
		n.PublicAfterLink = 15 * time.Second
	}
	n.Team, n.TeamSilent = d.chance(20), d.chance(50)
	if d.chance(30) {
		for vip := range w.VIPs {
			for range 1 + d.below(2) {
				n.Cure = append(n.Cure, Cure{Client: d.below(len(w.Clients)), VIP: vip, Count: 1 + d.below(4)})
			}
		}
	}
}
