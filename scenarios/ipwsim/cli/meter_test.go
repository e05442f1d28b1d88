package cli

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/reports/words"
)

// A line comes now and then: without control characters where it stays, and over the last one on a terminal.
func TestMeter(t *testing.T) {
	line := func(text string) func(time.Duration) string { return func(time.Duration) string { return text } }
	var b strings.Builder
	m := NewMeter(&b, words.English) // no terminal
	m.Tell(line("1 / 3"))
	m.Hurry()
	m.Tell(line("1 / 3"))
	require.Empty(t, b.String(), "work that is over soon needs no line")
	m.last = m.last.Add(-everyLine)
	m.Tell(line("2 / 3"))
	m.Tell(line("3 / 3")) // too soon
	m.End()
	require.Equal(t, "2 / 3\n", b.String(), "a line that stays, without control characters")
	b.Reset()

	shown := Meter{w: &b, every: time.Hour}
	shown.Tell(line("1 / 3"))
	shown.Tell(line("2 / 3")) // too soon
	shown.Hurry()
	shown.Tell(line("3 / 3"))
	shown.End()
	require.Equal(t, "\r\x1b[K1 / 3\r\x1b[K3 / 3\r\x1b[K", b.String())

	new(Meter).Tell(func(time.Duration) string { panic("the zero one shows nothing") })
}
