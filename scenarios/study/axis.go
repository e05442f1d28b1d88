package study

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"ipwsim/core/diag"
	"ipwsim/core/vrrp"
	"ipwsim/sim/cluster"
	"ipwsim/sim/profile"
	"ipwsim/sim/studied"
)

// setter reads a value and sets it in the cell's blueprint. It returns the value as it is written in a
// cell: 5 of an Interval is 5s.
type setter func(value string, c *Cell) (canonical string, err error)

// kind is a name or a family of names of axes.
type kind struct {
	form   string // as the manual writes it: link.[CABLE.]SETTING
	values string
	doc    string
	find   func(words []string, bp *cluster.Blueprint) (setter, error) // nil, nil: not of this kind
}

// kinds are all axes, in the manual's order.
var kinds = []kind{
	{"interval", "10,20s,1m", "Interval of both nodes (W9); whole seconds", onNodes("interval", setInterval)},
	{"ping-timeout", "1,2,3", "PingTimeout of both nodes (W11); whole seconds", onNodes("ping-timeout", setPingTimeout)},
	{"release-time", "20,60", "ReleaseTime of both nodes, in intervals (W18)", onNodes("release-time", setReleaseTime)},
	{"netsh", "0.2s..1s,2s..5s", "the least and the most that netsh takes (H2)", onNodes("netsh", setNetsh)},
	{"boot", "1m,5m", "from power on to link up (H6)", onNodes("boot", setBoot)},
	{"profile", "srv-2008,srv-2012plus", "Windows version of both nodes", onNodes("profile", setProfile)},
	{"server.KEY", "0,1", "a setting of the nodes' Windows version, as server.announcements", findServer},
	{"active.NAME, standby.NAME", "", "one of the above for one node, as active.netsh", findOneNode},
	{"loss", "0,1%,5%", "frames lost on every cable (N1)", findLoss},
	{"link.SETTING, link.CABLE.SETTING", "10ms,1%", "an impairment of every cable, or of one, as link.active.jitter", findLink},
	{"latency", "100us,1ms", "of every cable", findLatency},
	{"client.profile, client.KEY", "", "ARP cache of the clients, or a setting of it, as client.age", findCache},
	{"router.profile, router.KEY", "", "ARP cache of the routers, or a setting of it", findCache},
	{"cure", "on,off", "the guide's arpclear.bat for all clients; on keeps one there is", findCure},
	{"announce-again", "on,off", "not the product: a holder announces again after a split (W22)", findAgain},
	{"watcher", "ipwcs,vrrp", "the watcher of both nodes (V1)", onNodes("watcher", setWatcher)},
	{"advert", "0.5s,1s", "of VRRP: from one advertisement to the next (V1)", onNodes("advert", setAdvert)},
	{"fault", "unplug,shutdown,power,freeze", "what happens to the holder", findFault},
}

// lookup finds what sets an axis of the name.
func lookup(name string, bp *cluster.Blueprint) (setter, error) {
	words := strings.Split(name, ".")
	var names []string
	for i := range kinds {
		if set, err := kinds[i].find(words, bp); set != nil || err != nil {
			return set, err
		}
		if !strings.Contains(kinds[i].form, ".") {
			names = append(names, kinds[i].form)
		}
	}
	return nil, diag.Errorf("unknown axis %.60q%s; `ipwsim help study` lists them", name, diag.Suggest(name, names))
}

// Manual writes what axes there are.
func Manual(w io.Writer) error {
	_, err := io.WriteString(w, ManualIn(func(english string) string { return english }))
	return err
}

// ManualIn is the same in a language: say gives its text for an English one.
func ManualIn(say func(english string) string) string {
	var b strings.Builder
	for _, k := range kinds {
		doc := say(k.doc)
		if k.values != "" {
			doc += ": " + k.values
		}
		fmt.Fprintf(&b, "  %s\n      %s\n", k.form, doc)
	}
	return b.String()
}

// only is a kind with one name.
func only(name string, set setter) func([]string, *cluster.Blueprint) (setter, error) {
	return func(words []string, _ *cluster.Blueprint) (setter, error) {
		if len(words) != 1 || words[0] != name {
			return nil, nil
		}
		return set, nil
	}
}

// onNode sets a value on one node.
type onNode func(value string, n *cluster.Node, bp *cluster.Blueprint) (string, error)

// nodeSettings are those that a node can have alone.
var nodeSettings = map[string]onNode{
	"interval": setInterval, "ping-timeout": setPingTimeout, "release-time": setReleaseTime,
	"netsh": setNetsh, "boot": setBoot, "profile": setProfile,
}

func onNodes(name string, set onNode) func([]string, *cluster.Blueprint) (setter, error) {
	return only(name, func(value string, c *Cell) (string, error) { return setNodes(value, c, set, "") })
}

// setNodes sets the value on the nodes of the role, or on both.
func setNodes(value string, c *Cell, set onNode, role string) (canonical string, err error) {
	for i := range c.blueprint.Nodes {
		if n := &c.blueprint.Nodes[i]; role == "" || n.Role == role {
			if canonical, err = set(value, n, c.blueprint); err != nil {
				return "", err
			}
		}
	}
	return canonical, nil
}

// findOneNode is active.interval and its like.
func findOneNode(words []string, _ *cluster.Blueprint) (setter, error) {
	role := words[0]
	if len(words) < 2 || role != cluster.Active && role != cluster.Standby {
		return nil, nil
	}
	set, ok := nodeSettings[words[1]]
	if len(words) == 3 && words[1] == "server" {
		set, ok = serverSetting(words[2]), true
	}
	if !ok {
		return nil, diag.Errorf("unknown axis %.60q; expected %s. and one of interval, ping-timeout, release-time, netsh, boot, profile, server.KEY", strings.Join(words, "."), role)
	}
	return func(value string, c *Cell) (string, error) { return setNodes(value, c, set, role) }, nil
}

func setWatcher(value string, n *cluster.Node, _ *cluster.Blueprint) (canonical string, err error) {
	if n.Watcher.Kind, err = cluster.KindOf(value); err == nil {
		err = n.Watcher.Kind.Takes(len(n.Entries))
	}
	return value, err
}

func setAdvert(value string, n *cluster.Node, _ *cluster.Blueprint) (string, error) {
	d, err := duration(value, vrrp.MinAdvert, vrrp.MaxAdvert)
	n.Watcher.VRRP.Advert = d.Truncate(vrrp.MinAdvert)
	return short(n.Watcher.VRRP.Advert), err
}

func setInterval(value string, n *cluster.Node, _ *cluster.Blueprint) (string, error) {
	d, err := wholeSeconds(value)
	n.Settings.Interval = d
	return short(d), err
}

func setPingTimeout(value string, n *cluster.Node, _ *cluster.Blueprint) (string, error) {
	d, err := wholeSeconds(value)
	n.Settings.PingTimeout = d
	return short(d), err
}

func setReleaseTime(value string, n *cluster.Node, _ *cluster.Blueprint) (string, error) {
	i, err := strconv.Atoi(value)
	if err != nil || i < 1 || i > 1_000_000 {
		return "", diag.Errorf("%.60q is out of range; expected a whole number of intervals, 1 to 1000000", value)
	}
	n.Settings.ReleaseTime = i
	return strconv.Itoa(i), nil
}

func setNetsh(value string, n *cluster.Node, _ *cluster.Blueprint) (string, error) {
	first, second, ok := strings.Cut(value, "..")
	if !ok {
		second = first
	}
	least, err := duration(first, 0, cluster.MaxNetsh)
	if err != nil {
		return "", err
	}
	most, err := duration(second, 0, cluster.MaxNetsh)
	if err != nil {
		return "", err
	}
	if least > most {
		return "", diag.Errorf("%.60q has the most before the least; expected the least, then the most", value)
	}
	n.NetshMin, n.NetshMax = least, most
	return short(least) + ".." + short(most), nil
}

func setBoot(value string, n *cluster.Node, _ *cluster.Blueprint) (string, error) {
	d, err := duration(value, 0, cluster.MaxBoot)
	n.Boot = d
	return short(d), err
}

func setProfile(value string, n *cluster.Node, bp *cluster.Blueprint) (string, error) {
	s, cache, err := bp.ServerProfile(value)
	n.Server, n.ARP = s, cache
	return value, err
}

func findServer(words []string, _ *cluster.Blueprint) (setter, error) {
	if len(words) != 2 || words[0] != "server" {
		return nil, nil
	}
	set := serverSetting(words[1])
	return func(value string, c *Cell) (string, error) { return setNodes(value, c, set, "") }, nil
}

func serverSetting(key string) onNode {
	return func(value string, n *cluster.Node, bp *cluster.Blueprint) (string, error) {
		s, cache, err := bp.ChangeServer(n.Server, n.ARP, key, value)
		n.Server, n.ARP = s, cache
		return value, err
	}
}

// findCache is the ARP caches of clients and routers.
func findCache(words []string, bp *cluster.Blueprint) (setter, error) {
	if len(words) != 2 || words[0] != "client" && words[0] != "router" {
		return nil, nil
	}
	if words[0] == "router" && len(bp.Routers) == 0 {
		return nil, diag.Errorf("%s: the cluster has no router; expected an axis that it has", strings.Join(words, "."))
	}
	set := func(value string, p *profile.Neighbor, bp *cluster.Blueprint) (err error) {
		if words[1] == "profile" {
			*p, err = bp.NeighborProfile(value)
		} else {
			*p, err = bp.ChangeNeighbor(*p, words[1], value)
		}
		return err
	}
	return func(value string, c *Cell) (string, error) {
		bp := c.blueprint
		if words[0] == "router" {
			for i := range bp.Routers {
				if err := set(value, &bp.Routers[i].Profile, bp); err != nil {
					return "", err
				}
			}
			return value, nil
		}
		for i := range bp.Clients {
			if err := set(value, &bp.Clients[i].Profile, bp); err != nil {
				return "", err
			}
		}
		return value, nil
	}, nil
}

var findLatency = only("latency", func(value string, c *Cell) (string, error) {
	d, err := duration(value, cluster.MinLatency, cluster.MaxLatency)
	c.blueprint.Latency = d
	return short(d), err
})

var findCure = only("cure", func(value string, c *Cell) (string, error) {
	if value != "on" && value != "off" {
		return "", diag.Errorf("found %.60q, expected on or off", value)
	}
	c.blueprint.SetCure(value == "on")
	return value, nil
})

var findAgain = only("announce-again", func(value string, c *Cell) (string, error) {
	if value != "on" && value != "off" {
		return "", diag.Errorf("found %.60q, expected on or off", value)
	}
	for i := range c.blueprint.Nodes {
		c.blueprint.Nodes[i].Settings.AnnounceAgain = value == "on"
	}
	return value, nil
})

var findFault = only("fault", func(value string, c *Cell) (string, error) {
	var names []string
	for _, f := range studied.Faults {
		if value == string(f) {
			c.Fault = f
			return value, nil
		}
		names = append(names, string(f))
	}
	return "", diag.Errorf("unknown fault %.60q; expected one of %s", value, strings.Join(names, ", "))
})

// wholeSeconds is 5, 5s or 1m, from 1 s to a day.
func wholeSeconds(value string) (time.Duration, error) {
	text := value
	if _, err := strconv.Atoi(value); err == nil {
		text += "s"
	}
	d, err := time.ParseDuration(text)
	if err != nil || d%time.Second != 0 || d < time.Second || d > 24*time.Hour {
		return 0, diag.Errorf("%.60q is no time in whole seconds from 1s to 24h; expected one as 5, 5s or 1m", value)
	}
	return d, nil
}

func duration(value string, least, most time.Duration) (time.Duration, error) {
	d, err := time.ParseDuration(value)
	if err != nil || d < least || d > most {
		return 0, diag.Errorf("%.60q is no time from %s to %s; expected one with its unit, as 0.2s", value, short(least), short(most))
	}
	return d, nil
}

// short is a duration without zeros at its end: 1m, not 1m0s.
func short(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}
