package pool

import (
	"context"
	"errors"
	"runtime"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
)

func square(_ context.Context, i int) (int, error) {
	runtime.Gosched()
	return i * i, nil
}

// What comes of each stands in its place, on any number of workers, and every one is told, one after the other.
func TestResultsComeInOrder(t *testing.T) {
	one, err := Map(context.Background(), 100, 1, square, nil)
	require.NoError(t, err)
	require.Equal(t, 81, one[9])
	for _, workers := range []int{0, 2, 7, 200} {
		last := 0
		all, err := Map(context.Background(), 100, workers, square, func(n int) {
			require.Equal(t, last+1, n)
			last = n
		})
		require.NoError(t, err)
		require.Equal(t, one, all)
		require.Equal(t, 100, last)
	}
	none, err := Map(context.Background(), 0, 4, square, nil)
	require.NoError(t, err)
	require.Empty(t, none)
}

// No more run at a time than there are workers.
func TestWorkersAreLimited(t *testing.T) {
	var now, most atomic.Int32
	require.NoError(t, Each(context.Background(), 50, 3, func(context.Context, int) error {
		n := now.Add(1)
		for old := most.Load(); n > old && !most.CompareAndSwap(old, n); old = most.Load() {
		}
		runtime.Gosched()
		now.Add(-1)
		return nil
	}, nil))
	require.LessOrEqual(t, most.Load(), int32(3))
}

// An error ends it, with a context that says so to those at work; nothing else is begun.
func TestAnErrorEndsIt(t *testing.T) {
	broken := errors.New("broken")
	begun := 0
	_, err := Map(context.Background(), 1000, 1, func(ctx context.Context, i int) (int, error) {
		begun++
		if i == 5 {
			return 0, broken
		}
		return i, ctx.Err()
	}, nil)
	require.ErrorIs(t, err, broken)
	require.Less(t, begun, 10)
}

// An interrupt is the context's error, even of the last ones: what has begun is waited for.
func TestAnInterruptEndsIt(t *testing.T) {
	for _, at := range []int{3, 99} {
		ctx, cancel := context.WithCancel(context.Background())
		n := 0
		err := Each(ctx, 100, 1, func(context.Context, int) error {
			if n++; n == at+1 {
				cancel()
			}
			return nil
		}, nil)
		require.ErrorIs(t, err, context.Canceled)
		require.Equal(t, at+1, n)
	}
}
