package reports

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestFigureIsNeverRoundedIntoItsBand(t *testing.T) {
	for _, c := range []struct {
		value time.Duration
		want  string
	}{
		{sec(34.6), "34.6 s"},
		{sec(34.649), "34.6 s"},
		{sec(40), "40.0 s"},
		{sec(40.04), "40.040 s"},
		{sec(29.99), "29.990 s"},
		{sec(40) + time.Microsecond, "40.000001 s"},
		{sec(40) + 1, "40.000000001 s"},
	} {
		f := Figure{Value: c.value, BandMin: sec(30), BandMax: sec(40)}
		require.Equal(t, c.want, f.amount(english))
	}
}

func TestBandInWords(t *testing.T) {
	for want, f := range map[string]Figure{
		"30-40 s":       {BandMin: sec(30), BandMax: sec(40)},
		"7.5-10 s":      {BandMin: sec(7.5), BandMax: sec(10)},
		"600 s or more": {BandMin: sec(600)},
		"4 s or less":   {BandMax: sec(4)},
	} {
		require.Equal(t, want, f.band(english))
	}
}

func TestOpenFigureIsShownAsAtLeast(t *testing.T) {
	r := cablePull()
	r.Figures[0].Open = true
	require.Contains(t, text(t, r, Options{}), "failover  > 34.6 s  promised 30-40 s  never ended")
}

func TestFiguresOfSeveralClientsAreTold(t *testing.T) {
	r := cablePull()
	r.Figures[1].Client = "branch"
	out := text(t, r, Options{Width: 120})
	require.Contains(t, out, "client -> 192.168.10.202, then standby")
	require.Contains(t, out, "branch -> 192.168.10.202, silent 4.1 s")
}

// Not every number of milliseconds is a whole float.
func TestBareNumbersHaveNoFloatNoise(t *testing.T) {
	for d, want := range map[time.Duration]string{
		29673 * time.Millisecond: "29.673", 34 * time.Second: "34", -1500 * time.Millisecond: "-1.5", 0: "0", 100 * time.Second: "100",
	} {
		require.Equal(t, want, bare(d))
	}
}
