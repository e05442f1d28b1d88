package trace

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// H18: what a wall clock shows follows from what was done to it, one after the other.
func TestH18_WallClock(t *testing.T) {
	var c WallClock
	require.Zero(t, c.Ahead(time.Hour))
	c.Take(0, Drift{PPM: 20_000})
	require.Equal(t, 2*time.Second, c.Ahead(100*time.Second))
	c.Take(100*time.Second, Clock{Step: -time.Minute})
	require.Equal(t, -56*time.Second, c.Ahead(200*time.Second))
	c.Take(200*time.Second, Drift{PPM: -10_000})
	require.Equal(t, -57*time.Second, c.Ahead(300*time.Second))
	c.Take(300*time.Second, Drift{})
	require.Equal(t, -57*time.Second, c.Ahead(time.Hour))
}
