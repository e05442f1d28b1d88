//go:build race

package scenarios_test

// raceEnabled makes long tests shorter: the race detector slows them down tenfold.
const raceEnabled = true
