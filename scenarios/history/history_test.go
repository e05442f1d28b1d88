package history

import (
	"bufio"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// The test's program adds nights to a file, when it is told to by these.
const (
	asAdder  = "HISTORY_TEST_ADD_TO"
	stopping = "HISTORY_TEST_STOP_AT" // in the middle of this one
)

const nightsOfAdder = 6

func TestMain(m *testing.M) {
	if path := os.Getenv(asAdder); path != "" {
		if err := add(path, os.Getenv(stopping)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// add adds the nights, and says which. It waits for ever in the middle of one.
func add(path, stop string) error {
	h, err := Open(path)
	if err != nil {
		return err
	}
	for i := range nightsOfAdder {
		n := night(i)
		underWay = func() {
			if n.ID == stop {
				fmt.Println("under way")
				select {}
			}
		}
		if _, err := h.Add(n); err != nil {
			return err
		}
		fmt.Println(n.ID)
	}
	return h.Close()
}

// night is a night with something of everything, and more than the database keeps in memory.
func night(i int) Night {
	values := make([]float64, 400_000)
	for k := range values {
		values[k] = float64(k%1000) + float64(i)
	}
	return Night{
		ID: fmt.Sprint("night-", i), Date: time.Date(2026, 11, 1+i, 2, 0, 0, 5*i, time.UTC), Version: "v1", Seed: math.MaxUint64 - uint64(i), Cluster: "abc", Cases: 1000,
		Samples:  []Sample{{Name: "cable-pull failover", Unit: Seconds, Values: values}, {Name: "ping", Unit: Ratio, Values: []float64{1.5, math.Inf(1)}}},
		Bugs:     []Bug{{Name: "deaf", Cases: 20, Caught: true}, {Name: "mute", Cases: 1000, Caught: false}},
		Probes:   []Probe{{Name: "take", Cases: 5}, {Name: "yield", Cases: 0}},
		Failures: []Failure{{Signature: "P1 late", Cases: 3, Story: "late.txtar"}},
	}
}

func open(t *testing.T, path string) *History {
	h, err := Open(path)
	require.NoError(t, err)
	t.Cleanup(func() { h.Close() })
	return h
}

func added(t *testing.T, h *History, n Night) bool {
	yes, err := h.Add(n)
	require.NoError(t, err)
	return yes
}

// What is added is there again, by date, each night once.
func TestNightsComeBack(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a file%20 with #?.db")
	h := open(t, path)
	empty, err := h.Nights()
	require.NoError(t, err)
	require.Empty(t, empty)
	require.True(t, added(t, h, night(1)))
	require.True(t, added(t, h, night(0)))
	again := night(1)
	again.Cases, again.Bugs = 7, nil
	require.False(t, added(t, h, again), "it is there already")
	require.NoError(t, h.Close())
	require.FileExists(t, path)

	all, err := open(t, path).Nights()
	require.NoError(t, err)
	require.Equal(t, []Night{night(0), night(1)}, all)
	_, err = open(t, path).Add(Night{})
	require.EqualError(t, err, "found a night without an ID, expected one of its own")
}

// A night that cannot be added whole is not there at all.
func TestANightIsWholeOrNotThere(t *testing.T) {
	h := open(t, filepath.Join(t.TempDir(), "nights.db"))
	twice := night(0)
	twice.Bugs = append(twice.Bugs, twice.Bugs[0])
	ok, err := h.Add(twice)
	require.Error(t, err)
	require.False(t, ok)
	all, err := h.Nights()
	require.NoError(t, err)
	require.Empty(t, all)
	require.True(t, added(t, h, night(0)))
}

// Killed in the middle of each night in turn, the file has the nights that were added, and no part of the one that was
// not; the same command goes on, and counts nothing twice.
func TestKilledInTheMiddle(t *testing.T) {
	self, err := os.Executable()
	require.NoError(t, err)
	path := filepath.Join(t.TempDir(), "nights.db")
	for i := range nightsOfAdder {
		c := exec.Command(self)
		c.Env = append(os.Environ(), asAdder+"="+path, stopping+"="+night(i).ID)
		out, err := c.StdoutPipe()
		require.NoError(t, err)
		require.NoError(t, c.Start())
		said := bufio.NewScanner(out)
		for said.Scan() && said.Text() != "under way" {
		}
		require.Equal(t, "under way", said.Text())
		require.FileExists(t, path+"-journal", "it has begun to write")
		require.NoError(t, c.Process.Kill())
		require.Error(t, c.Wait())

		h := open(t, path)
		all, err := h.Nights()
		require.NoError(t, err)
		require.Len(t, all, i)
		for k := range all {
			require.Equal(t, night(k), all[k])
		}
		require.NoError(t, h.Close())
	}
	c := exec.Command(self)
	c.Env = append(os.Environ(), asAdder+"="+path)
	require.NoError(t, c.Run())
	all, err := open(t, path).Nights()
	require.NoError(t, err)
	require.Len(t, all, nightsOfAdder)
}

// Numbers that are none are not kept, and not read.
func TestNumbersThatAreNone(t *testing.T) {
	h := open(t, filepath.Join(t.TempDir(), "nights.db"))
	for _, spoil := range []func(*Night){
		func(n *Night) { n.Cases = -1 }, func(n *Night) { n.Cases = math.MaxInt64 }, func(n *Night) { n.Samples[1].Values[0] = math.NaN() },
		func(n *Night) { n.Samples[1].Values[0] = -1 }, func(n *Night) { n.Bugs[0].Cases = 0 }, func(n *Night) { n.Probes[0].Cases = -1 },
		func(n *Night) { n.Failures[0].Cases = -1 },
	} {
		n := night(0)
		spoil(&n)
		_, err := h.Add(n)
		require.EqualError(t, err, "the night night-0 has a number that is none, is negative or too large")
	}
	require.True(t, added(t, h, night(0)))
	_, err := h.db.Exec("UPDATE bugs SET cases = -5")
	require.NoError(t, err)
	_, err = h.Nights()
	require.ErrorContains(t, err, `may be damaged: the night "night-0" has a number that is none`)
}

// A file that is damaged, cut off, or something else is said to be so, in one sentence.
func TestDamagedFiles(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "nights.db")
	h := open(t, path)
	added(t, h, night(0))
	require.NoError(t, h.Close())
	whole, err := os.ReadFile(path)
	require.NoError(t, err)
	spoiled := func(change func([]byte) []byte) []byte { return change(append([]byte{}, whole...)) }
	for name, data := range map[string][]byte{
		"text":        []byte(strings.Repeat("this is no database\n", 500)),
		"cut off":     whole[:len(whole)/2/4096*4096],
		"no header":   spoiled(func(b []byte) []byte { copy(b, make([]byte, 100)); return b }),
		"another's":   spoiled(func(b []byte) []byte { copy(b[68:], "\x00\x00\x00\x01"); return b }),
		"later":       spoiled(func(b []byte) []byte { copy(b[60:], "\x00\x00\x00\x02"); return b }),
		"zeros in it": spoiled(func(b []byte) []byte { copy(b[4096:], make([]byte, 8*4096)); return b }),
	} {
		file := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(file, data, 0o600))
		h, err := Open(file)
		if err == nil {
			_, err = h.Nights()
			h.Close()
		}
		require.Error(t, err, name)
		require.Contains(t, err.Error(), file, name)
		require.NotContains(t, err.Error(), "\n", name)
		now, readErr := os.ReadFile(file)
		require.NoError(t, readErr)
		require.Equal(t, data, now, "%s: it is left as it was", name)
	}
	_, err = Open(dir)
	require.ErrorContains(t, err, "found a folder")
	_, err = Open(filepath.Join(dir, "no", "folder"))
	require.Error(t, err)
}

func TestQuantilesOfSamples(t *testing.T) {
	s := Sample{Values: []float64{4, 1, 3, 2}}
	require.Equal(t, []float64{1, 2, 4}, s.Quantiles(0, 0.5, 1))
	require.Equal(t, []float64{4, 1, 3, 2}, s.Values, "they stay as they are")
	require.True(t, math.IsNaN((&Sample{}).Quantiles(0.5)[0]))
}
