// Package policy is how hosts differ beyond their ARP caches, as plain data: one type for the host that behaves
// so, the profile that describes it and the file that changes it.
package policy

// Source is how a host chooses the source address of what names none (H13).
type Source int

// The ways: the interface's first usable address, as XP and 2003; or the one with the most high bits in common
// with the next hop, then with the destination, as Vista and later. Of equals that is the first.
const (
	First Source = iota
	Nearest
)

// Sources are all of them.
var Sources = []Source{First, Nearest}

func (s Source) String() string { return [...]string{"first", "nearest"}[s] }
