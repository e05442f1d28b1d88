package windows

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"ipwsim/core"
	"ipwsim/netstack/arp"
	"ipwsim/netstack/host"
	"ipwsim/netstack/vtime"
	"ipwsim/netstack/wire"
	"ipwsim/sim/trace"
)

const (
	s  = time.Second
	ms = time.Millisecond

	iface = "イーサネット"
)

var (
	vip = netip.MustParseAddr("192.168.10.202")

	modern = arp.Policy{
		BaseReachable: 30 * s, MinRandomFactor: 0.5, MaxRandomFactor: 1.5,
		Retransmit: s, DelayFirstProbe: 5 * s, UnicastProbes: 3, MulticastProbes: 3,
		GratuitousRequest: arp.Update, GratuitousReply: arp.Update,
	}
	dad3 = host.DADPolicy{Probes: 3, Interval: s, Announcements: 1}
)

// lab is the guide's cluster and a client on one switch. The nodes are off, the client is on.
type lab struct {
	t       *testing.T
	s       *vtime.Scheduler
	env     *Env
	sw      *wire.Switch
	cables  map[string]*wire.Cable
	active  *Node // the master, 192.168.10.200
	standby *Node // the slave, 192.168.10.201
	client  *Client
	seen    int // records shown so far
}

// newLab returns a lab whose nodes are as the guide has them but for the changes. A netsh command
// takes 500 ms there.
func newLab(t *testing.T, change ...func(*NodeConfig)) *lab {
	sched := vtime.NewScheduler(0, time.Date(2025, 2, 7, 16, 19, 27, 0, time.FixedZone("JST", 9*3600)))
	net := wire.NewNetwork(sched)
	l := &lab{t: t, s: sched, sw: wire.NewSwitch(net, "sw1"), cables: map[string]*wire.Cable{}}
	l.env = &Env{Net: net, Trace: &trace.Trace{}, Seed: 1, Resolve: l.resolve}
	l.active = l.node("active", 200, core.Master, `\\standby`, change)
	l.standby = l.node("standby", 201, core.Slave, `\\active`, change)
	l.client = NewClient(l.env, "client", trace.MAC{2, 0, 0, 0, 0, 150}, netip.MustParsePrefix("192.168.10.150/24"), modern, dad3)
	l.connect("client", l.client.Port())
	l.client.Start()
	t.Cleanup(l.close)
	return l
}

func (l *lab) node(role string, last byte, b core.Balance, peer string, change []func(*NodeConfig)) *Node {
	set := core.DefaultSettings()
	set.Balance = b
	cfg := NodeConfig{
		Role: role, Address: netip.PrefixFrom(netip.AddrFrom4([4]byte{192, 168, 10, last}), 24),
		MAC: trace.MAC{2, 0, 0, 0, 0, last}, Interface: iface, Neighbor: modern, DAD: dad3,
		Boot: 2 * time.Minute, NetshMin: 500 * ms, NetshMax: 500 * ms, KeepVIP: true,
		Settings: set, Entries: []core.Entry{{Peer: peer, VIP: vip, Interface: iface}},
	}
	for _, f := range change {
		f(&cfg)
	}
	n := NewNode(l.env, cfg)
	l.connect(role, n.Port())
	return n
}

func (l *lab) connect(name string, p *wire.Port) {
	l.cables[name] = l.env.Net.Connect(name, p, l.sw.AddPort(name), 100*time.Microsecond, func(up bool) {
		l.env.Record("", trace.Link{Cable: name, Up: up})
	})
}

func (l *lab) resolve(unc string) (netip.Addr, bool) {
	for _, n := range []*Node{l.active, l.standby} {
		if unc == `\\`+n.Name() {
			return n.Address().Addr(), true
		}
	}
	return netip.Addr{}, false
}

func (l *lab) close() {
	l.env.Trace = &trace.Trace{}
	for _, m := range []*Machine{l.active.Machine, l.standby.Machine, l.client.Machine} {
		if m.host != nil {
			m.host.PowerOff()
		}
	}
	l.s.Close()
}

// run lets d of virtual time pass.
func (l *lab) run(d time.Duration) { l.s.RunUntil(l.s.Now() + d) }

// settled starts both nodes and waits until the master holds the VIP.
func settled(t *testing.T, change ...func(*NodeConfig)) *lab {
	l := newLab(t, change...)
	l.active.Start()
	l.standby.Start()
	l.run(time.Minute)
	l.skip()
	return l
}

// skip leaves out of the story what has happened so far.
func (l *lab) skip() { l.seen = len(l.env.Trace.Records) }

// story is what has happened to the machine since the last look, a line each: only bodies of the
// kinds given, and links, which have no machine, by their cable.
func (l *lab) story(machine string, kinds ...string) (lines []string) {
	for _, r := range l.env.Trace.Records[l.seen:] {
		b, link := r.Body.(trace.Link)
		if (r.Host == machine || link && b.Cable == machine) && slices.Contains(kinds, r.Body.Kind()) {
			lines = append(lines, tell(r.Body))
		}
	}
	return lines
}

func tell(b trace.Body) string {
	switch b := b.(type) {
	case trace.Link:
		return "link " + map[bool]string{true: "up", false: "down"}[b.Up]
	case trace.Power:
		return "power " + string(b.State)
	case trace.Address:
		return fmt.Sprintf("%v %s", b.IP, b.State)
	case trace.Service:
		return "service " + string(b.State)
	case trace.Watch:
		return string(b.State) + " " + b.Rule
	case trace.Command:
		words := strings.Fields(b.Line)
		return fmt.Sprintf("%s exit %d", strings.Join(words[:min(4, len(words))], " "), b.Exit)
	case trace.Event:
		return fmt.Sprintf("event %d", b.ID)
	case trace.Pipe:
		if b.Answer == trace.NoAnswer {
			return fmt.Sprintf("%s after %v", b.Error, b.Took.Round(ms))
		}
		return fmt.Sprintf("%s after %v", b.Answer, b.Took.Round(ms))
	case trace.Log:
		return b.Text
	case trace.PingLine:
		return fmt.Sprintf("%d %s", b.Seq, b.Outcome)
	case trace.PingEnd:
		return fmt.Sprintf("sent %d received %d", b.Sent, b.Received)
	}
	return b.Kind()
}

// delay is a box in a machine's cable that holds back the answers to its echo requests.
type delay struct {
	l               *lab
	inside, outside *wire.Port // towards the machine, towards the switch
	by              time.Duration
	held            int
}

// delayed puts the box between the machine and the switch. The machine sees its link go and come back.
func (l *lab) delayed(m *Machine, by time.Duration) *delay {
	d := &delay{l: l, by: by}
	d.inside, d.outside = wire.NewPort("inside", d), wire.NewPort("outside", d)
	l.cables[m.Name()].SetPlugged(false)
	l.env.Net.Connect(m.Name()+"-box", m.Port(), d.inside, 100*time.Microsecond, nil)
	l.env.Net.Connect("box-switch", d.outside, l.sw.AddPort("box"), 100*time.Microsecond, nil)
	return d
}

func (d *delay) LinkChanged(*wire.Port, bool) {}

func (d *delay) Receive(p *wire.Port, f *wire.Frame) {
	switch {
	case p == d.inside:
		d.outside.Send(f)
	case f.Type() == wire.TypeIPv4 && f.B[23] == 1 && f.B[34] == 0: // ICMP, echo reply
		d.held++
		d.l.s.After(d.by, func() { d.inside.Send(f) })
	default:
		d.inside.Send(f)
	}
}
