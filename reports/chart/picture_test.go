package chart

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// Cards hang beside each other where their texts have room, else below each other; a wide card has its chips at the
// side.
func TestCardsHangFromTheirSwitch(t *testing.T) {
	n := &Network{Devices: []Device{
		{ID: "sw1", Name: "sw1", Kind: Switch}, {ID: "a", Name: "active", Kind: Server, Below: "192.168.10.200", Chips: []Chip{{Class: "held", Text: "192.168.10.202"}}},
		{ID: "b", Name: "standby", Kind: Server, Below: "192.168.10.201"}, {ID: "c", Name: "client1..client1000 (1000)", Kind: Clients, Below: "192.168.10.1 - 192.168.13.232", Chips: []Chip{{Class: "away", Text: "x"}}},
		{ID: "sw2", Name: "sw2", Kind: Switch}, {ID: "d", Name: "d", Kind: Client},
	}, Wires: []Wire{{A: "sw1", B: "a", Mark: Mark{Numbers: "1", Broken: true}}, {A: "sw1", B: "b"}, {A: "sw1", B: "c"}, {A: "sw1", B: "sw2"}, {A: "sw2", B: "d"}}}
	p := n.Draw("")
	require.Empty(t, astray(p))
	rows := map[string]PictureRow{}
	for _, r := range p.Rows {
		rows[r.ID] = r
	}
	active, standby, clients := rows["a"], rows["b"], rows["c"]
	require.True(t, active.Holds())
	require.False(t, standby.Holds())
	require.Equal(t, active.Y, standby.Y)
	require.Less(t, active.X+active.W, standby.X)
	require.Greater(t, active.Chips[0].Y, active.BelowY(), "below the address")
	require.Greater(t, clients.Y, active.Y+active.H)
	require.Equal(t, clients.Y+edge, clients.Chips[0].Y, "at the side")
	require.Equal(t, "client1..client1000 (1000)", clients.Shown)
	require.True(t, rows["sw2"].Bar)
	require.Greater(t, rows["sw2"].X, rows["sw1"].X)
	require.Greater(t, rows["d"].X, rows["sw2"].X)

	number := p.Rows[3].Numbers // behind bar and cards
	require.Equal(t, "✗1", number[0].Lines[0].Text)
	require.Less(t, number[0].X+number[0].W, active.X+edge, "on the wire")
	broken := 0
	for _, w := range p.Wires {
		if w.Broken {
			broken++
		}
	}
	require.Equal(t, 1, broken)
}

// A long chip has several lines; a name that is too long is cut.
func TestLongWordsInPictures(t *testing.T) {
	n := &Network{Devices: []Device{{ID: "sw1", Name: "sw1", Kind: Switch}, {ID: "a", Name: "active", Kind: Server, Chips: []Chip{{Class: "tentative", Text: "192.168.10.202 tentative"}}}, {ID: "b", Name: "a-name-that-no-picture-has-room-for-at-all", Kind: Client}}}
	n.Wires = []Wire{{A: "sw1", B: "a"}, {A: "sw1", B: "b"}}
	p := n.Draw("")
	require.Empty(t, astray(p))
	var lines []string
	for _, r := range p.Rows {
		for _, c := range r.Chips {
			for _, l := range c.Lines {
				lines = append(lines, l.Text)
			}
		}
	}
	require.Equal(t, []string{"192.168.10.202", "tentative"}, lines)
	require.Regexp(t, `^a-name-that-.*\.\.$`, p.Rows[2].Shown)
}
