package profile

import "encoding/json"

// List is profiles of Windows versions and of ARP caches, which keep their kinds in JSON.
type List []Described

// ofKind is a profile as JSON has it.
type ofKind struct {
	Server   *Server   `json:"server,omitempty"`
	Neighbor *Neighbor `json:"neighbor,omitempty"`
}

// MarshalJSON names the kind of each.
func (p List) MarshalJSON() ([]byte, error) {
	all := make([]ofKind, len(p))
	for i, one := range p {
		switch one := one.(type) {
		case Server:
			all[i].Server = &one
		case Neighbor:
			all[i].Neighbor = &one
		}
	}
	return json.Marshal(all)
}

// UnmarshalJSON reads what MarshalJSON writes.
func (p *List) UnmarshalJSON(data []byte) error {
	var all []ofKind
	if err := json.Unmarshal(data, &all); err != nil {
		return err
	}
	*p = nil
	for _, one := range all {
		switch {
		case one.Server != nil:
			*p = append(*p, *one.Server)
		case one.Neighbor != nil:
			*p = append(*p, *one.Neighbor)
		}
	}
	return nil
}
