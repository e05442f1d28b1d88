package graph

import (
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"ipwsim/reports/chart"
	"ipwsim/sim/trace"
)

// Of very many clients those that are alike are one device; where hardly any are, all at a switch are.
const (
	mostClients = 12 // that are drawn singly
	likeLeast   = 3  // that are one
	mostKinds   = 6  // at a switch
)

// client is a client at its switch.
type client struct {
	chart.Device
	address netip.Addr
	at      string
	wire    chart.Mark
}

// key tells clients apart that differ in more than name and address.
func (c *client) key() string { return fmt.Sprintf("%q %v %v %v", c.at, c.Mark, c.wire, c.Chips) }

// clients adds the clients' devices, and tells in which one a client is drawn that has none of its own.
func (a *artist) clients(n *chart.Network) map[string]string {
	all := a.each()
	if len(all) <= mostClients {
		for _, c := range all {
			n.Devices = append(n.Devices, c.Device)
		}
		return nil
	}
	drawn := map[string]string{}
	for _, at := range order(all, func(c *client) string { return c.at }) {
		groups := order(at, (*client).key)
		few := 0
		for _, g := range groups {
			if len(g) < likeLeast {
				few++
			}
		}
		if max(few, len(groups)-few) > mostKinds {
			groups = [][]*client{at}
		}
		for _, g := range groups {
			if len(g) < likeLeast {
				for _, c := range g {
					n.Devices = append(n.Devices, c.Device)
				}
				continue
			}
			d := a.gathered(g)
			n.Devices = append(n.Devices, d)
			for _, c := range g {
				drawn[c.ID] = d.ID
			}
		}
	}
	return drawn
}

// each are the clients, one by one.
func (a *artist) each() (all []*client) {
	cable := map[string]trace.Cable{}
	for _, c := range a.cables {
		cable[c.A], cable[c.B] = c, c
	}
	if a.f == nil {
		for _, x := range a.h.Clients {
			c := a.client(&x, cable[x.Name])
			c.Chips = []chart.Chip{{Class: "quiet", Text: x.Profile}}
			all = append(all, c)
		}
		return all
	}
	uses := a.uses()
	for _, x := range a.h.Clients {
		c := a.client(&x, cable[x.Name])
		c.Chips = append(a.gets(uses[x.Name]), a.misled(x.Name)...)
		all = append(all, c)
	}
	return all
}

func (a *artist) client(x *trace.Client, cable trace.Cable) *client {
	d := a.marked(chart.Device{ID: x.Name, Name: x.Name, Kind: chart.Client, Below: x.Address.Addr().String()})
	at := cable.A
	if at == x.Name {
		at = cable.B
	}
	return &client{d, x.Address.Addr(), at, a.wire(cable.Name)}
}

// order parts clients by a key, in the order in which the keys come.
func order(all []*client, key func(*client) string) (groups [][]*client) {
	at := map[string]int{}
	for _, c := range all {
		k := key(c)
		if _, known := at[k]; !known {
			at[k] = len(groups)
			groups = append(groups, nil)
		}
		groups[at[k]] = append(groups[at[k]], c)
	}
	return groups
}

// gathered is one device for several clients. What not all of them get it counts.
func (a *artist) gathered(g []*client) chart.Device {
	d := chart.Device{ID: "\x00" + g[0].ID, Kind: chart.Clients} // no name of a device begins so
	count := map[chart.Chip]int{}
	var chips []chart.Chip
	var addresses []netip.Addr
	for _, c := range g {
		addresses = append(addresses, c.address)
		for _, x := range c.Chips {
			if count[x]++; count[x] == 1 {
				chips = append(chips, x)
			}
		}
	}
	for _, x := range chips {
		if n := count[x]; n < len(g) {
			x.Text = fmt.Sprint(n, " × ", x.Text)
		}
		d.Chips = append(d.Chips, x)
	}
	d.Below = fmt.Sprint(slices.MinFunc(addresses, netip.Addr.Compare), " – ", slices.MaxFunc(addresses, netip.Addr.Compare))
	d.Name = a.Say("net.clients", len(g))
	if numbered(g) {
		d.Name = g[0].ID + ".." + g[len(g)-1].ID + " (" + d.Name + ")"
	}
	if !slices.ContainsFunc(g, func(c *client) bool { return c.Mark != g[0].Mark }) {
		d.Mark = g[0].Mark
	}
	return d
}

var number = regexp.MustCompile(`[0-9]*$`)

// numbered says whether the clients' names differ in a number at the end only.
func numbered(g []*client) bool {
	stem := func(c *client) string { return number.ReplaceAllString(c.ID, "") }
	return !slices.ContainsFunc(g, func(c *client) bool { return stem(c) != stem(g[0]) }) && strings.TrimSpace(stem(g[0])) != ""
}
