package audit

import (
	"fmt"
	"slices"
	"strings"

	"ipwsim/sim/cluster"
)

// mostClients are as many as are played of those that use the VIPs: further ones are like them, and only stand there. Each
// kind keeps its part, and at least one.
const mostClients = 16

// kindOf is what the time without mail of a client hangs on: where it is, what it is, and who pings it.
func (p *plan) kindOf(c *cluster.Client, assumed bool) string {
	var b strings.Builder
	fmt.Fprintln(&b, c.Switch, c.Gateway, c.Profile.Name, assumed)
	for i := range p.bp.Nodes {
		for _, x := range p.bp.Nodes[i].Batch.Commands {
			if x.Ping != nil && x.Ping.Target == c.Address.Addr() {
				fmt.Fprintln(&b, i, x.Ping.Source, x.Ping.Count)
			}
		}
	}
	return b.String()
}

// sample chooses the clients that are played, spread evenly over those of each kind, for a batch pings them in turn: all
// others rest. It knows those of cluster.toml alone, by their places in it.
func (p *plan) sample() {
	var kinds []string
	of := map[string][]int{}
	inFile := p.files.tables("client")
	for i := range p.bp.Clients[:min(inFile, len(p.bp.Clients))] {
		c := &p.bp.Clients[i]
		if c.Idle {
			continue
		}
		kind := p.kindOf(c, p.files.assumed(table{"client", i}, "profile", p.Marks))
		if of[kind] == nil {
			kinds = append(kinds, kind)
		}
		of[kind] = append(of[kind], i)
	}
	all := len(p.clients)
	if all <= mostClients {
		return
	}
	for _, kind := range kinds {
		like := of[kind]
		keep := max(1, len(like)*mostClients/all)
		for k, i := range like {
			if k*keep/len(like) == (k+1)*keep/len(like) {
				p.resting = append(p.resting, i)
			}
		}
	}
	slices.Sort(p.resting)
	var played []string
	for i := range p.bp.Clients {
		if c := &p.bp.Clients[i]; !c.Idle && !slices.Contains(p.resting, i) {
			played = append(played, c.Name)
		}
	}
	p.clients = played
}

// played are the files as they are played: with clients that rest, and, if so, all those of the other kind whose kind is
// assumed.
func (p *plan) played(f files, assumed bool) files {
	if len(p.resting) == 0 && !assumed {
		return f
	}
	key := fmt.Sprintf("%v\x00%s", assumed, f[tomlFile])
	text, known := p.changed[key]
	if !known {
		g := f.over(nil)
		for _, nth := range p.resting {
			g.setTOML(table{"client", nth}, "idle", "true")
		}
		for _, nth := range p.asIs {
			if assumed {
				g.setTOML(table{"client", nth}, "profile", fmt.Sprintf("%q", as))
			}
		}
		if text = g[tomlFile]; p.changed == nil {
			p.changed = map[string][]byte{}
		}
		p.changed[key] = text
	}
	return f.over(files{tomlFile: text})
}
