package vtime

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/core/diag"
)

// A proc that keeps the baton, and so waits for what only another could do, is named, with those that wait for it.
func TestAWorldThatStandsStillIsToldOf(t *testing.T) {
	s, d := newTest(t)
	old := OnHang
	defer func() { OnHang = old }()
	told := make(chan error, 1)
	OnHang = func(why error) { told <- why }
	s.watch.begin(s, time.Millisecond)

	held := make(chan error, 1)
	d.Go("holder", func() { held <- <-told }) // as behind a mutex of a library
	d.Go("second", func() {})
	s.RunUntil(time.Second)
	require.EqualError(t, <-held, "the world stands still at 0s: node/holder has the turn and does not give it back; node/second wait for it")
}

// A panic of a proc is raised where the world is run.
func TestAProcsPanicIsRaisedWhereTheWorldIsRun(t *testing.T) {
	s, d := newTest(t)
	d.Go("mad", func() { panic("no way") })
	defer func() {
		c, is := recover().(*diag.Crash)
		require.True(t, is)
		require.Equal(t, "no way", c.Why)
		require.Contains(t, string(c.Stack), "TestAProcsPanicIsRaisedWhereTheWorldIsRun")
	}()
	s.RunUntil(time.Second)
	t.Fatal("it went on")
}
