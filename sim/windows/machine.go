// Package windows is the Windows machine of a cluster and of its clients: power and boot, media
// sense, netsh, the firewall, the event log, ping.exe, the named pipe, and the IPWCS service that
// runs the real watcher.
package windows

import (
	"net/netip"
	"slices"
	"time"

	"ipwsim/netstack/arp"
	"ipwsim/netstack/host"
	"ipwsim/netstack/policy"
	"ipwsim/netstack/wire"
	"ipwsim/sim/says"
	"ipwsim/sim/trace"
)

// Env is what the machines of a world share.
type Env struct {
	Net   *wire.Network
	Trace *trace.Trace
	Seed  uint64
	// Resolve finds the address behind a UNC name such as `\\hvt162EPST12` or `\\192.168.0.10`.
	Resolve func(unc string) (netip.Addr, bool)
	// Language is that of every Windows.
	Language says.Language

	pings int // ping.exe runs started
}

// Record appends to the trace.
func (e *Env) Record(host string, b trace.Body) {
	e.Trace.Add(e.Net.Scheduler().Now(), host, b)
}

// Machine is a Windows computer with one network interface.
type Machine struct {
	env      *Env
	name     string // as in the trace: the role or the client's name
	mac      wire.MAC
	neighbor arp.Policy
	system   policy.System
	port     *wire.Port

	skipAdded bool // an added address is no source by itself

	host    *host.Host // nil without power
	state   trace.PowerState
	boots   int
	gateway netip.Addr     // the zero Addr: none
	stored  []netip.Prefix // the configured addresses, as they outlive a reboot; the real one first

	blockEcho bool
	blockPipe bool
	blockMail []uint16
	public    bool
	pinging   map[netip.Addr]int // ping.exe runs under way, by target
	pingPause time.Duration
	wall      trace.WallClock
	ppm       int64 // by which its clock runs fast
	commands  *commands

	// Hooks of a Node; nil on a client.
	onAddress func(ip netip.Addr, s trace.AddressState)
	onEvent   func(trace.Event)
	onLink    func(up bool)
}

// windowsTTL is the time to live of what Windows sends (H9).
const windowsTTL = 128

func newMachine(env *Env, name string, mac trace.MAC, address netip.Prefix, n arp.Policy, sys policy.System) *Machine {
	m := &Machine{
		env: env, name: name, mac: wire.MAC(mac), neighbor: n, system: sys,
		port: wire.NewPort(name, nil), state: trace.Off, stored: []netip.Prefix{address}, pinging: map[netip.Addr]int{},
	}
	m.port.SetPower(false)
	m.commands = newCommands(m, defaultNetshMin, defaultNetshMax)
	return m
}

// Name is the machine's name in the trace.
func (m *Machine) Name() string { return m.name }

// MAC is what its frames have now.
func (m *Machine) MAC() wire.MAC { return m.mac }

// Runs says whether it has power, and does not stand still.
func (m *Machine) Runs() bool { return m.state != trace.Off && m.state != trace.Frozen }

// Port is the socket of its network interface.
func (m *Machine) Port() *wire.Port { return m.port }

// Address is its real address.
func (m *Machine) Address() netip.Prefix { return m.stored[0] }

// SetGateway is its way out of the subnet, from the next start on; the zero Addr: none.
func (m *Machine) SetGateway(ip netip.Addr) { m.gateway = ip }

// SetPingPause is how long its ping.exe rests after "Destination host unreachable"; 0 if never called.
func (m *Machine) SetPingPause(d time.Duration) { m.pingPause = d }

// Power is where the machine is in its life.
func (m *Machine) Power() trace.PowerState { return m.state }

// Host is the machine's network stack; nil without power.
func (m *Machine) Host() *host.Host { return m.host }

// Wall is what its clock shows.
func (m *Machine) Wall() time.Time {
	s := m.env.Net.Scheduler()
	return s.Wall().Add(m.wall.Ahead(s.Now()))
}

// setClock records what is done to the clock.
func (m *Machine) setClock(b trace.Body) {
	m.wall.Take(m.env.Net.Scheduler().Now(), b)
	m.env.Record(m.name, b)
}

// AddressState is the state of an address on its interface; Absent without power.
func (m *Machine) AddressState(ip netip.Addr) trace.AddressState {
	if m.host == nil {
		return trace.Absent
	}
	return addressStates[m.host.NIC().State(ip)]
}

// Linux says whether it is a Linux: its ping has its own pace and words.
func (m *Machine) Linux() bool { return m.system.SteadyPing }

func (m *Machine) setPower(s trace.PowerState) {
	m.state = s
	m.env.Record(m.name, trace.Power{State: s})
}

// start brings the operating system up: a new stack with the stored addresses, then the link.
func (m *Machine) start() {
	m.boots++
	m.host = host.New(m.env.Net, m.port, m.mac, host.Config{
		Name: m.name, Seed: m.env.Seed, Boot: m.boots, TTL: windowsTTL,
		Neighbor: m.neighbor, DAD: m.system.DAD, Source: m.system.Source, TCP: m.system.TCP,
		OnAddress:  m.addressChanged,
		OnConflict: m.conflict,
		OnNeighbor: m.neighborChanged,
		OnLink:     m.linkChanged,
	})
	m.host.Domain().SetDrift(m.ppm)
	m.applyFirewall()
	for _, a := range m.stored {
		m.addAddress(a)
	}
	m.host.SetGateway(m.gateway)
	m.setPower(trace.On)
	m.port.SetPower(true)
}

// cut takes the power away (H6): everything stops at once.
func (m *Machine) cut() {
	if m.host != nil {
		m.host.PowerOff()
		m.host = nil
	}
	m.setPower(trace.Off)
}

var addressStates = map[host.AddressState]trace.AddressState{
	host.Absent:    trace.Absent,
	host.Tentative: trace.Tentative,
	host.Preferred: trace.Preferred,
	host.Duplicate: trace.Duplicate,
}

func (m *Machine) addressChanged(ip netip.Addr, s host.AddressState, owner wire.MAC) {
	m.env.Record(m.name, trace.Address{IP: ip, State: addressStates[s], Owner: trace.MAC(owner)})
	if m.onAddress != nil {
		m.onAddress(ip, addressStates[s])
	}
}

var neighborStates = map[host.NeighborState]trace.NeighborState{
	host.Removed:     trace.Removed,
	host.Incomplete:  trace.Incomplete,
	host.Reachable:   trace.Reachable,
	host.Stale:       trace.Stale,
	host.Delay:       trace.Delay,
	host.Probe:       trace.Probe,
	host.Unreachable: trace.Unreachable,
}

func (m *Machine) neighborChanged(ip netip.Addr, mac wire.MAC, s host.NeighborState) {
	m.env.Record(m.name, trace.Neighbor{IP: ip, MAC: trace.MAC(mac), State: neighborStates[s]})
}

// addAddress adds an address to the interface; false when it is there already.
func (m *Machine) addAddress(p netip.Prefix) bool {
	if m.skipAdded && p != m.stored[0] {
		return m.host.NIC().AddSkipped(p)
	}
	return m.host.NIC().Add(p)
}

// store keeps or drops an address in the persistent store (H6).
func (m *Machine) store(p netip.Prefix) {
	if !slices.Contains(m.stored, p) {
		m.stored = append(m.stored, p)
	}
}

func (m *Machine) unstore(ip netip.Addr) {
	m.stored = slices.DeleteFunc(m.stored, func(p netip.Prefix) bool { return p.Addr() == ip })
}

// pipePort is SMB's: named pipes between machines travel over it.
const pipePort = 445

// BlockEcho closes or opens the firewall for echo requests (H8); false when it is so already.
func (m *Machine) BlockEcho(block bool) bool {
	if m.blockEcho == block {
		return false
	}
	m.blockEcho = block
	m.env.Record(m.name, trace.Firewall{Rule: trace.EchoRule, Blocked: block})
	m.applyFirewall()
	return true
}

// BlockPipe closes or opens the firewall for TCP 445; false when it is so already.
func (m *Machine) BlockPipe(block bool) bool {
	if m.blockPipe == block {
		return false
	}
	m.blockPipe = block
	m.env.Record(m.name, trace.Firewall{Rule: trace.PipeRule, Blocked: block})
	m.applyFirewall()
	return true
}

// BlockMail closes the firewall for TCP ports of mail services.
func (m *Machine) BlockMail(ports []uint16) {
	m.blockMail = ports
	m.env.Record(m.name, trace.Firewall{Rule: trace.MailRule, Blocked: true})
	m.applyFirewall()
}

// SetPublic says whether Windows takes the network for a public one: then nothing gets in unasked (H16). It says false
// when it is so already.
func (m *Machine) SetPublic(public bool) bool {
	if m.public == public {
		return false
	}
	m.public = public
	m.env.Record(m.name, trace.Firewall{Rule: trace.Inbound, Blocked: public})
	m.applyFirewall()
	return true
}

func (m *Machine) applyFirewall() {
	if m.host == nil {
		return
	}
	fw := m.host.NIC().Firewall()
	fw.Closed, fw.BlockEcho = m.public, m.blockEcho
	fw.BlockTCP = nil
	ports := m.blockMail
	if m.blockPipe {
		ports = append([]uint16{pipePort}, ports...)
	}
	for _, port := range ports {
		if fw.BlockTCP == nil {
			fw.BlockTCP = map[uint16]bool{}
		}
		fw.BlockTCP[port] = true
	}
}

// Client is a Windows computer that uses the cluster.
type Client struct{ *Machine }

// NewClient returns a client without power.
func NewClient(env *Env, name string, mac trace.MAC, address netip.Prefix, n arp.Policy, sys policy.System) *Client {
	return &Client{newMachine(env, name, mac, address, n, sys)}
}

// Start brings the client up.
func (c *Client) Start() { c.start() }

// PowerOff is the pulled plug (H6). It says false when the machine is off already.
func (c *Client) PowerOff() bool {
	on := c.host != nil
	if on {
		c.cut()
	}
	return on
}
