package cluster

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// anyImpairment draws an impairment, one that does nothing among them.
func anyImpairment(t *rapid.T) (i Impairment) {
	percent := rapid.OneOf(rapid.Just(0.0), rapid.Float64Range(1e-6, 100))
	delay := rapid.Custom(func(t *rapid.T) time.Duration {
		return time.Duration(rapid.Int64Range(0, int64(MaxDelay)).Draw(t, "delay"))
	})
	for _, s := range disturbances {
		if s.Delay != nil {
			*s.Delay(&i) = delay.Draw(t, s.word)
		} else {
			*s.Percent(&i) = percent.Draw(t, s.word)
		}
	}
	if i.Check() != nil {
		i.Reorder, i.Hold = 0, 0
	}
	return i
}

func TestEveryImpairmentParsesAndPrintsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := anyImpairment(t)
		got, err := ParseImpairment(strings.Fields(want.String()))
		require.NoError(t, err)
		require.Equal(t, want, got)
		require.Equal(t, strings.Fields(want.String()), got.Words())
	})
}

// Each setting of the zero value changes it, and Clear takes it back.
func TestEveryDisturbanceIsSetAndCleared(t *testing.T) {
	for _, word := range ImpairmentWords() {
		var i Impairment
		value := "5%"
		if i.Set(word, value) != nil {
			value = "10ms"
			require.NoError(t, i.Set(word, value), word)
		}
		require.Contains(t, strings.Join(i.Words(), " "), word+" "+value)
		require.NoError(t, i.Clear(word))
		require.Zero(t, i, word)
	}
	var i Impairment
	require.EqualError(t, i.Clear("noise"), `unknown setting "noise", expected some of loss, latency, jitter, duplicate, reorder, hold`)
}
