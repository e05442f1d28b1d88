package studies

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/reports/words"
	"ipwsim/scenarios/study"
)

func TestStatusLine(t *testing.T) {
	s := study.Status{Done: 300, Total: 1000, New: 100, Cells: 20}
	require.Equal(t, "300 of 1000 runs of 20 cells, 50 a second, 14s left", statusLine(words.English, s, 2*time.Second))
}
