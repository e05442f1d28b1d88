package bugs

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
)

// A story counts only if the sound program does not fail by it too, and the cases before it count.
func TestJudge(t *testing.T) {
	shards := [][]Story{{{3, "P4", 1, "known limit"}}, nil, {{4, "P4", 1, "known limit"}, {7, "P9", 1, "bug"}, {9, "P9", 1, "bug again"}}}
	search := func(_ context.Context, shard int) (int, []Story, error) { return 10, shards[shard], nil }
	sound := func(_ context.Context, s Story) (bool, error) { return s.Text == "known limit", nil }

	v, err := Judge(t.Context(), 100, search, sound)
	require.NoError(t, err)
	require.Equal(t, Verdict{Caught: true, Cases: 28, Story: Story{7, "P9", 1, "bug"}}, v)

	v, err = Judge(t.Context(), 15, search, sound)
	require.NoError(t, err)
	require.Equal(t, Verdict{Cases: 20}, v)

	broken := errors.New("broken")
	_, err = Judge(t.Context(), 15, func(context.Context, int) (int, []Story, error) { return 0, nil, broken }, sound)
	require.ErrorIs(t, err, broken)
	_, err = Judge(t.Context(), 15, search, func(context.Context, Story) (bool, error) { return false, broken })
	require.ErrorIs(t, err, broken)
}
