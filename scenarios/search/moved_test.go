package search

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A machine that is off when it is moved back has nobody tell the switches so. One that learns from data alone then looks
// for it where it was, until it forgets: the machine hears no answer, so it asks on, and that is ARP (N8, N10).
func TestASwitchThatLearnsFromDataAloneForgetsWhoMoved(t *testing.T) {
	s := &searcher{ground: ground{shipped}, ctx: context.Background()}
	w := plain(1)
	w.Interval, w.Trunk, w.Nodes[1].SecondSwitch, w.Switches[0].DataOnly = 13, true, true, true
	p, err := s.place(w)
	require.NoError(t, err)
	faults := []Fault{{time.Minute, "move-port", "active to sw2"}, {time.Minute, "shutdown", "active"}}
	fails := func(c Case) *Failure {
		_, f, err := s.play(&c, p)
		require.NoError(t, err)
		return f
	}
	require.Nil(t, fails(newCase(w, p, faults, true)))
	p.strays = 0 // a broken twin: nothing waits for it
	require.Equal(t, "P9", fails(newCase(w, p, faults, true)).Check)
}
