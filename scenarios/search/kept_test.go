package search

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

// Cases that were kept go the same when they are given again, also over a pipe: all that is drawn is in them.
func TestKeptCasesGoTheSame(t *testing.T) {
	task := Task{Seed: 3, Cases: 12, Keep: true}
	first, err := Search(t.Context(), shipped, task)
	require.NoError(t, err)
	require.Len(t, first.Kept, 12)
	text, err := json.Marshal(first.Kept)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, &task.Given))
	again, err := Search(t.Context(), shipped, task)
	require.NoError(t, err)
	require.Equal(t, first.Kept, again.Kept)
	require.NotEmpty(t, first.Kept[0].Digest)

	task.Given = first.Kept[7:9]
	some, err := Search(t.Context(), shipped, task)
	require.NoError(t, err)
	require.Equal(t, first.Kept[7:9], some.Kept)
}

func TestAsking(t *testing.T) {
	kept := []Kept{{Number: 1, Asked: []int{4, 5}}, {Number: 2}, {Number: 3, Asked: []int{5}}}
	require.Equal(t, kept[:1], Asking(kept, 4))
	require.Equal(t, []Kept{kept[0], kept[2]}, Asking(kept, 5))
	require.Equal(t, []Kept{}, Asking(kept, 6))
	require.Len(t, kept, 3)
}
