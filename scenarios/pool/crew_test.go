package pool_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/core/diag"
	"ipwsim/scenarios/pool"
)

// asWorker is the argument that makes the test's program a worker.
const asWorker = "as-worker"

func TestMain(m *testing.M) {
	if slices.Contains(os.Args, asWorker) {
		if err := pool.Serve(os.Stdin, os.Stdout, counter); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// count is a task: so many numbers, from the brief's first on. The worker dies before the number Dies, as long as the
// file is there, which it takes with it.
type count struct {
	N, Dies int
	File    string
	Always  bool
	Wrong   string
	Panics  string
	Killed  bool
}

func counter(first int) (pool.Worker[count], error) {
	return func(c count, answer func(any) error) error {
		for i := range c.N {
			if c.File != "" && i == c.Dies && (c.Always || os.Remove(c.File) == nil) {
				fmt.Fprintln(os.Stderr, "struck by lightning\nat a high tree")
				os.Exit(1)
			}
			if err := answer(first + i); err != nil {
				return err
			}
		}
		if c.Panics != "" {
			panic(c.Panics)
		}
		if c.Killed {
			self, err := os.FindProcess(os.Getpid())
			return errors.Join(err, self.Kill(), errors.New("it lives"))
		}
		if c.Wrong != "" {
			return errors.New(c.Wrong)
		}
		return nil
	}, nil
}

func crewOf(t *testing.T, n int) *pool.Crew {
	crew, err := pool.Hire(n, asWorker)
	require.NoError(t, err)
	t.Cleanup(crew.Close)
	return crew
}

// ask is what a crew answers.
func ask(ctx context.Context, t *testing.T, crew *pool.Crew, first int, c count) (all []int, err error) {
	b, err := pool.BriefOf(first)
	require.NoError(t, err)
	err = pool.Ask(ctx, crew, b, c, func(n int) error {
		all = append(all, n)
		return nil
	})
	return all, err
}

func TestCrewDoesTasksOfItsBriefs(t *testing.T) {
	crew := crewOf(t, 1)
	for _, first := range []int{10, 20, 10} {
		all, err := ask(t.Context(), t, crew, first, count{N: 3})
		require.NoError(t, err)
		require.Equal(t, []int{first, first + 1, first + 2}, all)
	}
	_, err := ask(t.Context(), t, crew, 10, count{Wrong: "that is wrong"})
	require.EqualError(t, err, "that is wrong")
	all, err := ask(t.Context(), t, crew, 10, count{N: 1})
	require.NoError(t, err, "a wrong task does not end a worker")
	require.Equal(t, []int{10}, all)
}

func TestCrewReplacesAWorkerThatDiesAndCountsNothingTwice(t *testing.T) {
	crew := crewOf(t, 1)
	file := filepath.Join(t.TempDir(), "lightning")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	all, err := ask(t.Context(), t, crew, 0, count{N: 5, Dies: 3, File: file})
	require.NoError(t, err)
	require.NoFileExists(t, file, "it died")
	require.Equal(t, []int{0, 1, 2, 3, 4}, all)

	_, err = ask(t.Context(), t, crew, 0, count{Killed: true})
	require.EqualError(t, err, "a worker died 3 times in the same work, the last time with: signal: killed")
}

// What no worker survives, and what panics, is a crash of the program.
func TestACrashOfWorkersIsOne(t *testing.T) {
	crew := crewOf(t, 1)
	for _, c := range []struct {
		count
		why, stack string
	}{
		{count{N: 5, Dies: 3, File: "tree", Always: true}, "a worker died 3 times in the same work, the last time with: struck by lightning", "at a high tree"},
		{count{N: 5, Panics: "boom"}, "boom", "pool_test.counter"},
	} {
		crash := func() (crash *diag.Crash) {
			defer func() { crash = diag.Caught(recover()) }()
			_, _ = ask(t.Context(), t, crew, 0, c.count) // it does not return
			return nil
		}()
		require.NotNil(t, crash)
		require.Equal(t, c.why, fmt.Sprint(crash.Why))
		require.Contains(t, string(crash.Stack), c.stack)
	}
	all, err := ask(t.Context(), t, crew, 10, count{N: 1})
	require.NoError(t, err)
	require.Equal(t, []int{10}, all)
}

// A worker whose crew has ended, killed as it may be, does not work on.
func TestAWorkerEndsWithItsCrew(t *testing.T) {
	in, orders := io.Pipe()
	working := make(chan bool)
	go func() {
		_, _ = io.WriteString(orders, `{"brief":1,"task":2}`) // else the test waits for the work
		<-working
		orders.Close()
	}()
	require.NoError(t, pool.Serve(in, io.Discard, func(int) (pool.Worker[int], error) {
		return func(int, func(any) error) error { working <- true; select {} }, nil
	}))
}

func TestCrewStopsInTheMiddle(t *testing.T) {
	crew := crewOf(t, 1)
	ctx, cancel := context.WithCancel(t.Context())
	b, err := pool.BriefOf(0)
	require.NoError(t, err)
	seen := 0
	err = pool.Ask(ctx, crew, b, count{N: 1 << 30}, func(int) error {
		if seen++; seen == 3 {
			cancel()
		}
		return nil
	})
	require.ErrorIs(t, err, context.Canceled)
	require.GreaterOrEqual(t, seen, 3, "what had come was handed on")
	all, err := ask(t.Context(), t, crew, 7, count{N: 1})
	require.NoError(t, err, "the next task has another worker")
	require.Equal(t, []int{7}, all)
}

// Workers that rest leave no process, and work again when there is a task, with the brief that they were told before.
func TestWorkersRest(t *testing.T) {
	crew := crewOf(t, 2)
	for range 2 {
		all, err := ask(t.Context(), t, crew, 5, count{N: 2})
		require.NoError(t, err)
		require.Equal(t, []int{5, 6}, all)
		before := children(t)
		crew.Rest()
		if before != nil { // the system tells them
			require.NotEmpty(t, string(before))
			require.Empty(t, string(children(t)))
		}
	}
}

// children are the processes that this one has started and that have not ended, where /proc tells; else nil.
func children(t *testing.T) (all []byte) {
	lists, err := filepath.Glob("/proc/self/task/*/children")
	require.NoError(t, err)
	for _, list := range lists {
		one, err := os.ReadFile(list)
		if errors.Is(err, fs.ErrNotExist) { // the thread has ended
			continue
		}
		require.NoError(t, err)
		all = append(all, one...)
	}
	return all
}
