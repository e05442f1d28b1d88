package naive_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// plan is a drawn scenario. Its text is a file that the program runs, too.
type plan struct {
	source
	base  string // a shipped cluster, for what is not drawn
	guide bool   // machines and times as the maker's guide has them, so that P1 and P2 speak of them
	cold  bool
	vrrp  bool // the watcher
	team  bool // the active node has one
	seed  int
	files map[string]string
	steps []string
	end   time.Duration

	machines, nodes, clients []string
	addresses                []string    // of machines
	vips                     []string    // the cluster's
	cables                   [][3]string // with their ends
	rules                    int         // drawn
	stranger                 bool
}

// text is the scenario with these of the steps.
func (p *plan) text(keep []int) string {
	var b strings.Builder
	cold := map[bool]string{true: " cold"}[p.cold]
	fmt.Fprintf(&b, "# Drawn: what two definitions of the facts say of it\ncluster %s%s\nseed %d\n", p.base, cold, p.seed)
	for _, i := range keep {
		fmt.Fprintln(&b, p.steps[i])
	}
	fmt.Fprintf(&b, "end %v\n", p.end)
	for _, name := range slices.Sorted(maps.Keys(p.files)) {
		fmt.Fprintf(&b, "-- %s --\n%s", name, p.files[name])
	}
	return b.String()
}

func drawPlan(s source) *plan {
	p := &plan{source: s, base: "guide", cold: s.chance(8), seed: s.below(1000), files: map[string]string{}}
	if s.chance(10) {
		p.base = "mail"
	}
	p.guide = s.chance(40)
	p.vrrp = s.chance(25)
	for i := range one(s, 1, 1, 2, 3) {
		p.vips = append(p.vips, fmt.Sprint("192.168.10.", 202+i))
	}
	p.drawCluster()
	p.drawSettings()
	if s.chance(40) {
		p.drawCures()
	}
	p.drawSteps()
	return p
}

// toml is a cluster.toml under construction.
type toml struct{ strings.Builder }

func (t *toml) table(head string, keys ...string) {
	fmt.Fprintf(t, "\n%s\n%s", head, strings.Join(append(keys, ""), "\n"))
}

func key(name string, value any) string {
	if s, ok := value.(string); ok {
		return fmt.Sprintf("%s = %q", name, s)
	}
	return fmt.Sprintf("%s = %v", name, value)
}

func (p *plan) drawCluster() {
	t := &toml{}
	fmt.Fprintf(t, "name = %q\n", "drawn")
	if p.vrrp {
		fmt.Fprintf(t, "watcher = \"vrrp\"\nadvert = %q\n", one(p.source, "1s", "1s", "0.5s", "3s"))
	}
	servers := []string{"sw1"}
	p.drawSwitch(t, "sw1")
	if p.chance(40) {
		servers = append(servers, "sw2")
		p.drawSwitch(t, "sw2")
		t.table("[[trunk]]", key("a", "sw1"), key("b", "sw2"))
		p.cables = append(p.cables, [3]string{"sw1-sw2", "sw1", "sw2"})
	}
	subnets := p.drawRouters(t)
	for i, role := range []string{"active", "standby"} {
		p.drawNode(t, role, i, one(p.source, servers...), subnets > 1)
	}
	for i := range 1 + p.below(4) {
		p.drawClient(t, i, p.below(subnets), one(p.source, servers...), subnets > 1)
	}
	if p.chance(20) {
		p.drawStranger(t, one(p.source, servers...))
	}
	if p.base == "mail" {
		p.drawMail(t, one(p.source, servers...))
	}
	if p.chance(4) {
		t.table("[[impairment]]", key("cable", p.cables[p.below(len(p.cables))][0]), key("loss", "2%"))
	}
	p.files["cluster.toml"] = t.String()
}

func (p *plan) drawSwitch(t *toml, name string) {
	keys := []string{key("name", name)}
	if p.chance(12) {
		keys = append(keys, key("port_fast", false))
	}
	if p.chance(8) {
		keys = append(keys, key("arp_inspection", true))
	}
	if p.chance(8) {
		keys = append(keys, key("device_tracking", true), key("device_tracking_delay", one(p.source, "0s", "10s")))
	}
	keys = append(keys, key("arp_suppression", p.chance(5)), key("learn_from_arp", p.chance(95)), key("block_unknown", p.chance(3)))
	t.table("[[switch]]", keys...)
}

// drawRouters draws none, one to an office, or two in a row, and says how many subnets there are. The nodes' is
// 192.168.10.0/24, the offices' are 192.168.20.0/24 and 192.168.21.0/24.
func (p *plan) drawRouters(t *toml) (subnets int) {
	profile := func() string {
		return one(p.source, "l3-cisco-ios", "l3-nexus", "l3-juniper", "l3-huawei", "l3-alaxala-strict", "l3-allied", "l3-generic-10min")
	}
	router := func(name string, ports ...string) {
		keys := []string{key("name", name), key("profile", profile())}
		if p.chance(20) {
			keys = append(keys, "proxy_arp = "+one(p.source, "true", `"routed"`, `"routed"`, `["192.168.10.202"]`))
		}
		t.table("[[router]]", keys...)
		for i := 0; i < len(ports); i += 2 {
			t.table("[[router.interface]]", key("switch", ports[i]), key("address", ports[i+1]))
			p.cables = append(p.cables, [3]string{name + "-" + ports[i], name, ports[i]})
		}
	}
	number := p.below(10)
	if p.guide {
		number = 9
	}
	switch number {
	case 0, 1:
		p.drawSwitch(t, "office")
		router("core", "sw1", "192.168.10.1/24", "office", "192.168.20.1/24")
		return 2
	case 2:
		p.drawSwitch(t, "office")
		p.drawSwitch(t, "floor")
		router("core", "sw1", "192.168.10.1/24", "office", "192.168.20.1/24")
		router("edge", "office", "192.168.20.2/24", "floor", "192.168.21.1/24")
		return 3
	}
	return 1
}

func (p *plan) drawNode(t *toml, role string, i int, sw string, routed bool) {
	least := p.upTo(time.Second)
	most := least + p.upTo(500*time.Millisecond) + time.Millisecond
	keys := []string{
		key("name", fmt.Sprint("hvt162EPST1", i+1)), key("address", fmt.Sprintf("192.168.10.20%d/24", i)), key("interface", "LAN"),
		key("switch", sw), key("profile", p.profile("srv-2012plus", "srv-2012plus", "srv-2008", "srv-2003")),
		key("boot", one(p.source, "8s", "20s")), fmt.Sprintf("netsh = [%q, %q]", least, most),
		key("echo_blocked", p.chance(3)), key("keep_vip_over_reboot", p.chance(80)),
		key("public_after_boot", one(p.source, "0s", "0s", "0s", "15s")), key("public_after_link", one(p.source, "0s", "0s", "0s", "15s")),
	}
	if role == "active" && p.chance(40) {
		p.team = true
		keys = append(keys, `team = ["02-00-00-00-00-01", "02-00-00-00-00-0a"]`, key("team_announces", p.chance(50)))
	}
	if routed {
		keys = append(keys, key("gateway", "192.168.10.1"))
	}
	if p.vrrp {
		keys = append(keys, key("priority", one(p.source, 90, 100, 200)), key("preempt", p.chance(80)))
	}
	t.table("[node."+role+"]", keys...)
	p.nodes = append(p.nodes, role)
	p.machine(role, sw, fmt.Sprint("192.168.10.20", i))
}

// profile draws one, or the guide's, which comes first.
func (p *plan) profile(all ...string) string {
	if p.guide {
		return all[0]
	}
	return one(p.source, all...)
}

func (p *plan) machine(name, sw, address string) {
	p.machines = append(p.machines, name)
	p.addresses = append(p.addresses, address)
	p.cables = append(p.cables, [3]string{name, name, sw})
}

func (p *plan) drawClient(t *toml, i, subnet int, sw string, routed bool) {
	name, address := fmt.Sprint("client", i+1), fmt.Sprintf("192.168.10.%d", 150+i)
	gateway := "192.168.10.1"
	switch subnet {
	case 1:
		sw, address, gateway = "office", fmt.Sprint("192.168.20.", 150+i), "192.168.20.1"
	case 2:
		sw, address, gateway = "floor", fmt.Sprint("192.168.21.", 150+i), "192.168.21.1"
	}
	keys := []string{
		key("name", name), key("address", address+"/24"), key("switch", sw), key("idle", p.chance(15)),
		key("profile", p.profile("windows-modern", "windows-modern", "ad-client", "linux", "windows-vista7", "windows-xp")),
	}
	if routed {
		keys = append(keys, key("gateway", gateway))
	}
	t.table("[[client]]", keys...)
	p.clients = append(p.clients, name)
	p.machine(name, sw, address)
}

func (p *plan) drawStranger(t *toml, sw string) {
	keys := []string{
		key("name", "stranger"), key("address", "192.168.10.60/24"), key("switch", sw), key("detects", p.chance(30)),
		"answers = " + one(p.source, "false", "false", "false", "true", `["192.168.10.202"]`),
	}
	if p.chance(15) {
		keys = append(keys, `has = ["192.168.10.202"]`)
	}
	t.table("[[stranger]]", keys...)
	p.cables = append(p.cables, [3]string{"stranger", "stranger", sw})
	p.stranger = true
}

func (p *plan) drawMail(t *toml, sw string) {
	t.table("[share]", key("unc", `\\EPOST-TEC\cl_mail`), key("address", "192.168.10.210/24"), key("switch", sw))
	t.table("[[outside]]", key("name", "outside"), key("address", "192.168.10.220/24"), key("switch", sw), `domains = ["example.net"]`)
	p.cables = append(p.cables, [3]string{"share", "share", sw}, [3]string{"outside", "outside", sw})
}

// drawSettings draws what the watchers are configured with.
func (p *plan) drawSettings() {
	interval, timeout, cycle := 30, 3, 60
	if p.chance(map[bool]int{true: 30, false: 70}[p.guide]) {
		interval, timeout, cycle = 3+p.below(15), 1+p.below(6), one(p.source, 60, 3+p.below(10))
	}
	balance := [2]int{0, 1}
	if p.chance(30) {
		balance = one(p.source, [2]int{1, 0}, [2]int{0, 0}, [2]int{1, 1})
	}
	for i, role := range p.nodes {
		p.files[role+"/ipwcs.reg"] = fmt.Sprintf("Windows Registry Editor Version 5.00\n\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\EPOST\\IPWCS]\n"+
			"\"Interval\"=dword:%08x\n\"Balance\"=dword:%08x\n\"ReleaseTime\"=dword:%08x\n\"PingTimeout\"=dword:%08x\n", interval, balance[i], cycle, timeout)
		for _, vip := range p.vips {
			p.files[role+"/ipwatch.dat"] += fmt.Sprintf("-c=\\\\hvt162EPST1%d -i=%s -f=LAN\n", 2-i, vip)
		}
	}
}

// drawCures draws what event 100 makes the nodes ping: some clients or other machines, with one VIP or another as source.
func (p *plan) drawCures() {
	for _, role := range p.nodes {
		if p.chance(20) {
			continue
		}
		lines := []string{"arp -d"}
		for _, vip := range p.vips {
			for range 1 + p.below(3) {
				lines = append(lines, fmt.Sprintf("ping -n %d %s -S %s", 1+p.below(10), p.addresses[2+p.below(len(p.clients))], vip))
			}
		}
		p.files[role+"/arpclear.bat"] = strings.Join(append(lines, ""), "\n")
	}
}
