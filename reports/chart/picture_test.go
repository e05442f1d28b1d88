package chart

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// Chips stand beside a device's name and address where there is room, else below them, and never on the next device.
func TestChipsLeaveTextsAlone(t *testing.T) {
	two := []Chip{{Class: "quiet", Text: "192.168.10.202 → standby"}, {Class: "quiet", Text: "192.168.10.203 → standby"}}
	for _, c := range []struct {
		why   string
		name  string
		deep  bool
		chips []Chip
		below bool
	}{
		{"room for all", "client", false, two, false},
		{"no room beside the address", "client", true, two, true},
		{"no room beside the name", "carol-of-the-accounts", false, two, true},
		{"a short one", "client", true, []Chip{{Text: "→ active"}}, false},
	} {
		n := &Network{Devices: []Device{
			{ID: "sw1", Name: "sw1", Kind: Switch}, {ID: "sw2", Name: "sw2", Kind: Switch}, {ID: "sw3", Name: "sw3", Kind: Switch},
			{ID: "a", Name: c.name, Kind: Client, Below: "192.168.10.150", Chips: c.chips}, {ID: "b", Name: "next", Kind: Client},
		}, Wires: []Wire{{A: "sw1", B: "sw2"}, {A: "sw1", B: "sw3"}, {A: "sw1", B: "a"}, {A: "sw1", B: "b"}}}
		if c.deep {
			n.Wires[2].A, n.Wires[3].A = "sw2", "sw2"
			n.Wires = append(n.Wires, Wire{A: "sw3", B: "far"})
			n.Devices = append(n.Devices, Device{ID: "far", Name: "far", Kind: Client})
		}
		rows := map[string]PictureRow{}
		for _, r := range n.Draw("").Rows {
			rows[r.ID] = r
		}
		row := rows["a"]
		require.Equal(t, c.name, row.Shown, c.why)
		require.Len(t, row.Chips, len(c.chips))
		require.Equal(t, c.below, row.Chips[0].Y > row.BelowY(), c.why)
		require.Less(t, row.Chips[len(c.chips)-1].Y+19, rows["b"].Y, c.why)
	}
}
