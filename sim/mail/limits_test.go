package mail

import (
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var guesserAt, neighbour = netip.MustParseAddr("10.0.0.66"), netip.MustParseAddr("10.0.0.67")

func TestConnectionsAreCounted(t *testing.T) {
	l := &limits{}
	for range maxFromOne {
		require.True(t, l.enter(guesserAt))
	}
	require.False(t, l.enter(guesserAt), "one address has enough")
	require.True(t, l.enter(neighbour), "others have not")
	l.leave(guesserAt)
	require.True(t, l.enter(guesserAt))
	for n := maxFromOne + 1; n < maxSessions; n++ {
		require.True(t, l.enter(netip.AddrFrom4([4]byte{10, 1, byte(n >> 8), byte(n)})))
	}
	require.False(t, l.enter(netip.MustParseAddr("10.2.0.1")), "the service has enough")
	require.True(t, (*limits)(nil).enter(guesserAt))
}

// Whatever hostile clients hold, small mail passes, and what the service holds is bounded.
func TestOctetsInFlightAreBounded(t *testing.T) {
	l := &limits{}
	held := int64(0)
	var all []*load
	for range maxSessions {
		b := &load{of: l}
		for b.grow(100_000) {
			held += 100_000
		}
		require.Equal(t, b.size <= lightOctets, b.beyond == 0)
		all = append(all, b)
	}
	require.LessOrEqual(t, held, int64(maxInFlight+maxSessions*lightOctets))
	require.True(t, (&load{of: l}).grow(lightOctets), "an honest client's")
	require.False(t, (&load{of: l}).grow(lightOctets+200_000))
	for _, b := range all {
		b.drop()
	}
	require.Zero(t, l.octets)
	require.True(t, (&load{of: l}).grow(maxMessage))
}

// A message for which there is no room is read to its end and refused for now; nothing of it is kept.
func TestAMessageTooMuch(t *testing.T) {
	l := &limits{octets: maxInFlight - 1000}
	var slept time.Duration
	b := &smtpBody{load: load{of: l}, limit: maxMessage, sleep: func(d time.Duration) bool { slept += d; return true }}
	for range 1100 {
		_, err := b.Write(make([]byte, 1000))
		require.NoError(t, err)
	}
	require.Equal(t, 15*unwantedTime, slept, "it is read slowly")
	require.Equal(t, errTooMuch, b.why)
	require.Empty(t, b.text)
	require.EqualValues(t, maxInFlight-1000, l.octets)
}

// guess tries at a time, and says how long the try waited; what waits too long is not heard.
func (l *limits) guess(from netip.Addr, name string, right bool, now time.Time) time.Duration {
	wait := l.turn(from, name, now)
	if wait <= longestTurn {
		l.count(from, name, right, now.Add(wait))
	}
	return wait
}

// However many connections guess at a name, they are heard one after the other.
func TestGuessesWaitForTheirTurn(t *testing.T) {
	l, now := &limits{}, time.Date(2025, time.February, 7, 12, 0, 0, 0, time.UTC)
	heard := 0
	for range 200 {
		if l.guess(guesserAt, "tanaka", false, now) <= longestTurn {
			heard++
		}
	}
	require.Equal(t, loginTries+int(longestTurn/loginDelay)+1, heard)
	require.Zero(t, l.guess(guesserAt, "suzuki", true, now), "another name of the same address")
	require.Zero(t, l.guess(neighbour, "tanaka", true, now), "the same name from another address")
	require.Zero(t, l.guess(guesserAt, "tanaka", true, now.Add(longestTurn+guessMemory+loginDelay)), "forgotten")
}

// Nor does it help to try a password on many names.
func TestManyNamesAreNoWayRound(t *testing.T) {
	l, now := &limits{}, time.Date(2025, time.February, 7, 12, 0, 0, 0, time.UTC)
	waited := 0
	for n := range 60 {
		if l.guess(guesserAt, string(rune('a'+n)), false, now) > 0 {
			waited++
		}
	}
	require.Equal(t, 60-addressTries-1, waited)
	require.Equal(t, 30*time.Second, l.guess(guesserAt, "z", false, now))
	for n := range 3 * mostGuessers {
		l.count(netip.AddrFrom4([4]byte{10, byte(n >> 16), byte(n >> 8), byte(n)}), "x", false, now)
		require.LessOrEqual(t, len(l.guesses), mostGuessers+1, "what is remembered is bounded")
	}
}

// Who knows the password after all is no guesser.
func TestARightLoginForgives(t *testing.T) {
	l, now := &limits{}, time.Date(2025, time.February, 7, 12, 0, 0, 0, time.UTC)
	for range loginTries {
		require.Zero(t, l.guess(guesserAt, "tanaka", false, now))
	}
	require.Zero(t, l.guess(guesserAt, "tanaka", false, now))
	require.Equal(t, loginDelay, l.guess(guesserAt, "tanaka", true, now))
	require.Zero(t, l.guess(guesserAt, "tanaka", true, now))
}
