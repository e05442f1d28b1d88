// Package field is the table of the field: how long a client waits at failover and at failback for
// each kind of server, each ARP cache between it and the VIP, and with or without the cure of the
// guide's chapter 3, A (N3-N5, H10, H11).
package field

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"strings"
	"sync"
	"time"

	"ipwsim/scenarios/check"
	"ipwsim/scenarios/script"
	"ipwsim/sim/profile"
)

// Cell is one case of the table.
type Cell struct {
	Server  string // server profile of both nodes
	Profile string // ARP cache profile of the client, or of the L3 switch before it
	Routed  bool   // the client sits behind an L3 switch
	Cure    bool   // arpclear.bat runs on both nodes
}

// Row is what was measured in a cell. Times that were not over at the run's end are Open.
type Row struct {
	Cell
	Failover, Failback Measured
}

// Measured is a time and the silence in it, taken apart.
type Measured struct {
	Time  time.Duration // from the fault, or the cable's return, to the answer
	Open  bool          // no answer before the run ended: Time is a lower bound
	Parts check.Parts   // of the longest silence in that time
}

// Servers are the server profiles of the table.
var Servers = []string{"srv-2008", "srv-2012plus"}

// Cells are all cases, clients on the segment first.
func Cells() []Cell {
	var all []Cell
	for _, server := range Servers {
		for _, name := range profile.Neighbors.Names() {
			for _, cure := range []bool{false, true} {
				all = append(all, Cell{server, name, strings.HasPrefix(name, "l3-"), cure})
			}
		}
	}
	return all
}

// The cable is pulled at a time and plugged in when every cache has aged.
const (
	pull = 20 * time.Second
	rest = 150 * time.Second // beyond the age of the cache
)

// horizon is how long after a fault the run waits for the client: the age of a fixed-lifetime
// cache, or what RFC 4861's states take.
func (c Cell) horizon() time.Duration {
	p, _ := profile.Neighbors.Lookup(c.Profile)
	return max(p.Age, time.Minute) + rest
}

// Script is the cell as a scenario that runs by itself, on the shipped clusters.
func (c Cell) Script(clusters fs.FS) (*script.Script, error) {
	text, err := c.Text(clusters)
	if err != nil {
		return nil, err
	}
	s, problems := script.Parse(c.File(), text)
	return s, problems.Err()
}

// Text is the scenario's file.
func (c Cell) Text(clusters fs.FS) ([]byte, error) {
	name, at := "guide", "192.168.10.150"
	if c.Routed {
		name, at = "l3", "192.168.20.50"
	}
	toml, err := fs.ReadFile(clusters, name+"/cluster.toml")
	if err != nil {
		return nil, err
	}
	if toml, err = c.rewrite(toml); err != nil {
		return nil, err
	}
	plug := pull + c.horizon()
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\ncluster %s\nping client vip\n", c, name)
	fmt.Fprintf(&b, "at %ds unplug active\nat %ds plug active\nend %ds\n",
		int(pull.Seconds()), int(plug.Seconds()), int((plug + c.horizon()).Seconds()))
	fmt.Fprintf(&b, "-- cluster.toml --\n%s", toml)
	if c.Cure {
		for _, role := range []string{"active", "standby"} {
			fmt.Fprintf(&b, "-- %s/arpclear.bat --\narp -d\nping -n 10 %s -S 192.168.10.202\n", role, at)
		}
	}
	return []byte(b.String()), nil
}

var (
	serverLine = regexp.MustCompile(`(?m)^profile = "srv-.*"$`)
	clientLine = regexp.MustCompile(`(?m)^profile = "windows-modern"$`)
	routerLine = regexp.MustCompile(`(?m)^profile = "l3-.*"$`)
)

// rewrite names the cell's profiles in a cluster's description: of both nodes, and of the one client
// or router.
func (c Cell) rewrite(toml []byte) ([]byte, error) {
	line := clientLine
	if c.Routed {
		line = routerLine
	}
	for _, r := range []struct {
		line *regexp.Regexp
		name string
		want int
	}{{serverLine, c.Server, 2}, {line, c.Profile, 1}} {
		if n := len(r.line.FindAll(toml, -1)); n != r.want {
			return nil, fmt.Errorf("%s: cluster.toml has %d lines like %v, expected %d", c, n, r.line, r.want)
		}
		toml = r.line.ReplaceAll(toml, fmt.Appendf(nil, "profile = %q", r.name))
	}
	return toml, nil
}

// File is a name for the scenario's file.
func (c Cell) File() string { return strings.ReplaceAll(c.String(), " ", "-") + ".txtar" }

func (c Cell) String() string {
	cure := "without the cure"
	if c.Cure {
		cure = "with the cure"
	}
	return fmt.Sprintf("%s %s %s", c.Server, c.Profile, cure)
}

// Run runs one cell.
func Run(ctx context.Context, clusters fs.FS, c Cell, seed uint64) (Row, error) {
	s, err := c.Script(clusters)
	if err != nil {
		return Row{}, err
	}
	find := func(name string) (fs.FS, error) { return fs.Sub(clusters, name) }
	out, err := script.Run(ctx, s, script.Options{Cluster: find, Seed: &seed})
	if err != nil {
		return Row{}, err
	}
	row := Row{Cell: c}
	parts := check.Breakdown(out.Trace)
	plug := pull + c.horizon()
	for _, f := range check.Failovers(out.Trace) {
		if f.From == pull {
			row.Failover = measured(parts, f.From, f.To, f.Open)
		}
	}
	for _, f := range check.Failbacks(out.Trace) {
		if f.From == plug {
			row.Failback = measured(parts, f.From, f.To, f.Open)
		}
	}
	if row.Failover.Time == 0 || row.Failback.Time == 0 {
		return row, fmt.Errorf("%s: no failover at %v or no failback at %v was measured", c, pull, plug)
	}
	return row, nil
}

// measured is a time with the longest silence in it.
func measured(parts []check.Parts, from, to time.Duration, open bool) Measured {
	m := Measured{Time: to - from, Open: open}
	for _, p := range parts {
		if p.From >= from && p.From <= to && p.Length() > m.Parts.Length() {
			m.Parts = p
		}
	}
	return m
}

// All runs the cells, a world on each of workers cores, and returns the rows in the cells' order.
// done, which may be nil, is called after each cell, from any goroutine. An interrupt or an error
// ends it; the rows are then not whole and not returned.
func All(ctx context.Context, clusters fs.FS, cells []Cell, seed uint64, workers int, done func(Cell)) ([]Row, error) {
	rows := make([]Row, len(cells))
	errs := make([]error, len(cells))
	next := make(chan int)
	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			for i := range next {
				rows[i], errs[i] = Run(ctx, clusters, cells[i], seed)
				if done != nil {
					done(cells[i])
				}
			}
		})
	}
	for i := range cells {
		next <- i
	}
	close(next)
	group.Wait()
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return rows, nil
}
