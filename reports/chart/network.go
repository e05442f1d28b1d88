package chart

import (
	"cmp"
	"slices"
)

// Network is devices and what joins them, to be drawn here or anywhere else.
type Network struct {
	Devices []Device
	Wires   []Wire
}

// Device is a machine, a switch or a router, or several machines that are drawn as one.
type Device struct {
	ID    string // which wires name
	Name  string
	Kind  Kind
	Below string // under its name
	Chips []Chip
	Mark  Mark
}

// Kind is what a device is, and how it is drawn.
type Kind string

// The kinds.
const (
	Switch  Kind = "switch"
	Router  Kind = "router"
	Server  Kind = "server"
	Client  Kind = "client"
	Clients Kind = "clients" // several
	Storage Kind = "storage"
	Outside Kind = "outside"
)

// joins says whether other devices hang from such ones.
func (k Kind) joins() bool { return k == Switch || k == Router }

// Chip is a word on a device, in the look of a class. Lead stands before it where nobody sees its look.
type Chip struct{ Class, Lead, Text string }

// Wire joins two devices.
type Wire struct {
	A, B string
	Mark Mark
}

// Mark says what is wrong with a device or a wire, or was.
type Mark struct {
	Numbers string // of what was done to it
	Broken  bool   // now
	Word    string // what it is now, as "off"
}

// Join adds a wire. Wires with the same ends are drawn as one.
func (n *Network) Join(w Wire) {
	i := slices.IndexFunc(n.Wires, func(x Wire) bool { return x.A == w.A && x.B == w.B })
	if i < 0 {
		n.Wires = append(n.Wires, w)
		return
	}
	m := &n.Wires[i].Mark
	switch {
	case m.Numbers == "":
		m.Numbers = w.Mark.Numbers
	case w.Mark.Numbers != "" && w.Mark.Numbers != m.Numbers:
		m.Numbers = "…"
	}
	m.Broken = m.Broken || w.Mark.Broken
	m.Word = cmp.Or(m.Word, w.Mark.Word)
}

// Branch is a device in the tree of a network: below the nearest one above it that is one less deep. The first of a
// tree hangs from nothing.
type Branch struct {
	Device
	Depth int
	Wire  Mark // to the device above
	Again bool // it stands elsewhere in the tree; this is another wire to it
	Last  bool // of those that hang from the same device
}

// Tree lays the network out: a tree from the middle of its switches and routers, machines before more switches. What
// is not joined to it follows as trees of their own.
func (n *Network) Tree() (all []Branch) {
	t := tree{n: n, wires: map[string][]int{}, done: map[string]bool{}, used: map[int]bool{}}
	for i, w := range n.Wires {
		t.wires[w.A] = append(t.wires[w.A], i)
		t.wires[w.B] = append(t.wires[w.B], i)
	}
	for {
		root := t.middle()
		if root == nil {
			return t.all
		}
		t.grow(root, 0, Mark{}, true)
	}
}

// tree is a tree being laid out.
type tree struct {
	n     *Network
	wires map[string][]int // by device
	done  map[string]bool
	used  map[int]bool
	all   []Branch
}

// middle is the device of the largest part of the network from which its farthest one is nearest: a switch or router
// if there is one left. The first of equal ones.
func (t *tree) middle() (best *Device) {
	most, least := 0, 0
	for i := range t.n.Devices {
		d := &t.n.Devices[i]
		if t.done[d.ID] {
			continue
		}
		far, part := t.reach(d.ID)
		better := cmp.Or(part-most, least-far) > 0
		if best == nil || d.Kind.joins() && !best.Kind.joins() || d.Kind.joins() == best.Kind.joins() && better {
			best, most, least = d, part, far
		}
	}
	return best
}

// reach is how many wires away the farthest device is, and how many there are.
func (t *tree) reach(id string) (far, part int) {
	seen := map[string]bool{id: true}
	for now := []string{id}; ; far++ {
		var next []string
		for _, at := range now {
			for _, i := range t.wires[at] {
				if end := t.n.Wires[i].far(at); !seen[end] {
					seen[end] = true
					next = append(next, end)
				}
			}
		}
		if len(next) == 0 {
			return far, len(seen)
		}
		now = next
	}
}

// far is the wire's other end.
func (w *Wire) far(id string) string {
	if w.A == id {
		return w.B
	}
	return w.A
}

// grow puts a device and what hangs from it into the tree.
func (t *tree) grow(d *Device, depth int, wire Mark, last bool) {
	t.done[d.ID] = true
	t.all = append(t.all, Branch{Device: *d, Depth: depth, Wire: wire, Last: last})
	var below []int
	for _, i := range t.wires[d.ID] {
		if !t.used[i] {
			t.used[i] = true
			below = append(below, i)
		}
	}
	order := func(i int) int {
		far := t.device(t.n.Wires[i].far(d.ID))
		if far == nil || far.Kind.joins() {
			return len(t.n.Devices) + i
		}
		return slices.IndexFunc(t.n.Devices, func(x Device) bool { return x.ID == far.ID })
	}
	slices.SortStableFunc(below, func(a, b int) int { return order(a) - order(b) })
	for k, i := range below {
		w := &t.n.Wires[i]
		far, last := t.device(w.far(d.ID)), k == len(below)-1
		switch {
		case far == nil:
		case t.done[far.ID]:
			t.all = append(t.all, Branch{Device: Device{ID: far.ID, Name: far.Name, Kind: far.Kind}, Depth: depth + 1, Wire: w.Mark, Again: true, Last: last})
		default:
			t.grow(far, depth+1, w.Mark, last)
		}
	}
}

func (t *tree) device(id string) *Device {
	i := slices.IndexFunc(t.n.Devices, func(d Device) bool { return d.ID == id })
	if i < 0 {
		return nil
	}
	return &t.n.Devices[i]
}
