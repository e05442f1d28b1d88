package search

import (
	"cmp"
	"fmt"
	"strings"
	"time"
)

// base is the shipped cluster whose files a drawn world's are laid over.
func (w *World) base() string {
	switch {
	case w.Cluster != "":
		return w.Cluster
	case w.Mail:
		return "mail"
	}
	return "guide"
}

// The addresses of a drawn world.
func vipOf(i int) string      { return fmt.Sprint("192.168.10.", 202+i) }
func nodeOf(i int) string     { return fmt.Sprint("192.168.10.20", i) }
func clientName(i int) string { return fmt.Sprint("client", i+1) }

func (w *World) clientAddress(i int) string {
	return fmt.Sprintf("192.168.%d.%d", []int{10, 20, 21}[w.Clients[i].Office], 150+i)
}

// files are what the world lays over its base.
func (w *World) files() map[string][]byte {
	if w.Cluster != "" {
		return nil
	}
	files := map[string][]byte{"cluster.toml": []byte(w.toml())}
	for i, role := range []string{"active", "standby"} {
		files[role+"/ipwcs.reg"] = fmt.Appendf(nil, "Windows Registry Editor Version 5.00\n\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\EPOST\\IPWCS]\n"+
			"\"Interval\"=dword:%08x\n\"Balance\"=dword:%08x\n\"ReleaseTime\"=dword:%08x\n\"PingTimeout\"=dword:%08x\n", w.Interval, w.Balance[i], w.ReleaseTime, w.PingTimeout)
		files[role+"/ipwcs.reg"] = append(files[role+"/ipwcs.reg"], w.Rare.Nodes[i].service()...)
		var table, cure strings.Builder
		own := 0 // who takes them in this order has this one first
		if w.Rare.Each {
			own = i % w.VIPs
		}
		for v := range w.VIPs {
			fmt.Fprintf(&table, "-c=\\\\hvt162EPST1%d -i=%s -f=LAN\n", 2-i, vipOf((own+v)%w.VIPs))
		}
		files[role+"/ipwatch.dat"] = []byte(table.String())
		if w.Mail {
			files[role+"/mail/services.reg"] = []byte(mailServices(vipOf(own), w.retry()))
			w.second(files, role)
		}
		if w.Nodes[i].Cure == nil {
			continue
		}
		cure.WriteString("arp -d\n")
		for _, c := range w.Nodes[i].Cure {
			fmt.Fprintf(&cure, "ping -n %d %s -S %s\n", c.Count, w.clientAddress(c.Client), vipOf(c.VIP))
		}
		if w.Rare.Nodes[i].Halts {
			cure.WriteString("pause\n")
		}
		files[role+"/arpclear.bat"] = []byte(cure.String())
	}
	return files
}

// mailServices is what Windows knows of the mail services. EPSTDS tries soon again, and not for long: in the time of a case.
func mailServices(vip string, retry time.Duration) string {
	var b strings.Builder
	b.WriteString("Windows Registry Editor Version 5.00\n")
	for _, name := range []string{"EPSTRS", "EPSTDS", "EPSTPOP3S", "EPSTIMAP4S"} {
		fmt.Fprintf(&b, "\n[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\%s]\n\"Start\"=dword:00000002\n\"ObjectName\"=\".\\\\Administrator\"\n", name)
		if name == "EPSTDS" {
			fmt.Fprintf(&b, "\"LogicalIP\"=%q\n\"RetryInterval\"=dword:%08x\n\"RetryPeriod\"=dword:00000001\n", vip, int(retry.Minutes()))
		}
	}
	return b.String()
}

// second lays a second mail domain beside the base's, whose mail is taken at its address: of its two users one has the name of
// one of the first.
func (w *World) second(files map[string][]byte, role string) {
	if !w.Rare.Domains {
		return
	}
	const work, ms = `\\\\EPOST-TEC\\cl_mail`, "[HKEY_LOCAL_MACHINE\\SOFTWARE\\EPOST\\MS"
	files[role+"/mail/epost.reg"] = fmt.Appendf(nil, "Windows Registry Editor Version 5.00\n\n"+ms+"]\n"+
		"\"MailSpoolDir\"=\"%s\"\n\"MailInBoxDir\"=\"%[1]s\\\\inbox\\\\%%USERNAME%%\"\n\"AccountDir\"=\"%[1]s\\\\db\\\\\"\n\n"+
		ms+"\\Domains\\example.com]\n\"IP\"=%[2]q\n\n"+ms+"\\Domains\\example.org]\n", work, vipOf(0))
	files[role+"/mail/hosts"] = fmt.Appendf(nil, "%s example.com\n%[1]s example.org\n", vipOf(0))
	files["share/db/example.org.idx"] = []byte("suzuki\tpass1111\nmori\tpass2222\n")
}

// table is a table of cluster.toml.
type table struct{ *strings.Builder }

func (t table) head(head string) { fmt.Fprintf(t, "\n%s\n", head) }

func (t table) set(key string, value any) {
	if s, ok := value.(string); ok {
		value = fmt.Sprintf("%q", s)
	}
	fmt.Fprintf(t, "%s = %v\n", key, value)
}

// flag sets what is false unless said.
func (t table) flag(key string, on bool) {
	if on {
		t.set(key, true)
	}
}

func (w *World) toml() string {
	t := table{&strings.Builder{}}
	t.set("name", "drawn")
	if w.VRRP {
		t.set("watcher", "vrrp")
		if a := w.Rare.VRRP.Advert; a > 0 {
			t.set("advert", a.String())
		}
	}
	t.flag("announce_again", w.Again)
	if w.Rare.ByDNS {
		t.set("names", "dns")
	}
	for i, role := range []string{"active", "standby"} {
		w.Rare.Nodes[i].profile(t, role, w.Nodes[i].Profile)
	}
	w.switches(t)
	for i := range w.Routers {
		w.router(t, i)
	}
	for i, role := range []string{"active", "standby"} {
		w.node(t, role, i)
	}
	for i := range w.Clients {
		w.client(t, i)
	}
	if s := w.Stranger; s != nil {
		t.head("[[stranger]]")
		t.set("name", "stranger")
		t.set("address", fmt.Sprint("192.168.10.60/", w.strangerMask()))
		t.set("switch", w.at(s.SecondSwitch))
		t.flag("detects", s.Detects)
		t.flag("answers", s.Answers)
		if s.Has {
			fmt.Fprintf(t, "has = [%q]\n", vipOf(0))
		}
	}
	if w.Lossy {
		t.head("[[impairment]]")
		t.set("cable", "active")
		t.set("loss", "2%")
	}
	if w.Mail {
		t.head("[share]")
		t.set("unc", `\\EPOST-TEC\cl_mail`)
		t.set("address", "192.168.10.210/24")
		t.set("switch", "sw1")
		if w.Rare.Share > 0 {
			t.set("latency", w.Rare.Share.String())
		}
		if w.Rare.Handles > 0 {
			t.set("handles", w.Rare.Handles.String())
		}
		t.head("[[outside]]")
		t.set("name", "outside")
		t.set("address", "192.168.10.220/24")
		t.set("switch", "sw1")
		fmt.Fprintln(t, `domains = ["example.net"]`)
	}
	return t.String()
}

// offices are the names of the switches behind routers.
var offices = []string{"", "office", "floor"}

func (w *World) switches(t table) {
	names := []string{"sw1"}
	if w.Trunk {
		names = append(names, "sw2")
	}
	for i, name := range append(names, offices[1:1+w.Offices]...) {
		t.head("[[switch]]")
		t.set("name", name)
		if w.Rare.MACAge > 0 {
			t.set("mac_age", w.Rare.MACAge.String())
		}
		if i >= len(w.Switches) {
			continue
		}
		s := w.Switches[i]
		if s.SlowPort {
			t.set("port_fast", false)
		}
		t.flag("arp_inspection", s.Inspection)
		t.flag("device_tracking", s.Tracking)
		if s.Tracking {
			t.set("device_tracking_delay", w.Rare.Tracking.String())
		}
		t.flag("arp_suppression", s.Suppression)
		if s.DataOnly {
			t.set("learn_from_arp", false)
		}
		t.flag("block_unknown", s.BlockUnknown)
	}
	if w.Trunk {
		t.head("[[trunk]]")
		t.set("a", "sw1")
		t.set("b", "sw2")
	}
}

// router is the i-th: between the nodes' subnet and the office's, or between the office's and the floor's.
func (w *World) router(t table, i int) {
	t.head("[[router]]")
	t.set("name", []string{"core", "edge"}[i])
	t.set("profile", w.Routers[i].Profile)
	if w.Routers[i].Proxy != "" {
		fmt.Fprintf(t, "proxy_arp = %s\n", w.Routers[i].Proxy)
	}
	for _, port := range [2][2][2]string{
		{{"sw1", "192.168.10.1/24"}, {"office", "192.168.20.1/24"}},
		{{"office", "192.168.20.2/24"}, {"floor", "192.168.21.1/24"}},
	}[i] {
		t.head("[[router.interface]]")
		t.set("switch", port[0])
		t.set("address", port[1])
	}
}

// at is the switch of what stands among the nodes.
func (w *World) at(second bool) string {
	if second && w.Trunk {
		return "sw2"
	}
	return "sw1"
}

func (w *World) node(t table, role string, i int) {
	n, rare := w.Nodes[i], w.Rare.Nodes[i]
	t.head("[node." + role + "]")
	t.set("name", fmt.Sprint("hvt162EPST1", i+1))
	t.set("address", fmt.Sprint(nodeOf(i), "/", w.mask(i)))
	t.set("interface", "LAN")
	t.set("switch", w.at(n.SecondSwitch))
	t.set("profile", cmp.Or(rare.own(role), n.Profile))
	t.set("boot", n.Boot.String())
	fmt.Fprintf(t, "netsh = [%q, %q]\n", n.NetshMin, n.NetshMax)
	if p := w.Rare.VRRP.Standby; w.VRRP && i == 1 && p > 0 {
		t.set("priority", p)
	}
	if w.VRRP && w.Rare.VRRP.Stays {
		t.set("preempt", false)
	}
	t.flag("echo_blocked", n.EchoBlocked)
	t.flag("pipe_blocked", n.PipeBlocked)
	if n.ForgetsVIP {
		t.set("keep_vip_over_reboot", false)
	}
	if n.PublicAfterBoot > 0 {
		t.set("public_after_boot", n.PublicAfterBoot.String())
	}
	if n.PublicAfterLink > 0 {
		t.set("public_after_link", n.PublicAfterLink.String())
	}
	t.flag("skip_as_source", rare.SkipAsSource && rare.Profile == nil && n.Profile != "srv-2003") // which sends from its first
	if w.Rare.ByDNS && rare.Unregistered {
		t.set("registers_vip", false)
	}
	if n.Cure != nil && rare.Tasks != "" {
		fmt.Fprintf(t, "tasks = [%s]\n", rare.Tasks)
	}
	if n.Cure != nil && rare.Limit > 0 {
		t.set("task_limit", rare.Limit.String())
	}
	if n.Team {
		fmt.Fprintf(t, "team = [\"02-00-00-00-00-%d1\", \"02-00-00-00-00-%da\"]\n", i, i)
		t.set("team_announces", !n.TeamSilent)
	}
	if w.Offices > 0 {
		t.set("gateway", "192.168.10.1")
	}
}

func (w *World) client(t table, i int) {
	c := w.Clients[i]
	t.head("[[client]]")
	t.set("name", clientName(i))
	t.set("address", w.clientAddress(i)+"/24")
	if c.Office > 0 {
		t.set("switch", offices[c.Office])
	} else {
		t.set("switch", w.at(c.SecondSwitch))
	}
	t.set("profile", c.Profile)
	t.flag("idle", c.Idle)
	if w.Offices > 0 {
		t.set("gateway", []string{"192.168.10.1", "192.168.20.1", "192.168.21.1"}[c.Office])
	}
}
