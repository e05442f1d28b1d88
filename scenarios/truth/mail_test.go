package truth_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/finding"
)

// A copy that is delivered and still queued, for the disk let nobody remove it, is there once: no mail is doubled yet.
func TestACopyThatCouldNotBeRemovedIsNotDoubled(t *testing.T) {
	r := play(t, "full-disk")
	require.Equal(t, finding.Pass, result(t, r, "P5").Verdict)
	require.NotZero(t, r.Facts.Mail.Count(finding.Removing))
	require.Zero(t, r.Facts.Mail.Count(finding.Lost))
	require.Zero(t, r.Facts.Mail.Count(finding.Doubled))
}

// A letter that is younger than it may take is no late letter.
func TestALetterOnItsWayAtTheEndIsNotLate(t *testing.T) {
	r := play(t, "late-letter")
	require.Equal(t, finding.Well, r.Outcome())
	require.Equal(t, 1, r.Facts.Mail.Count(finding.Queued), "it is on its way")

	late := play(t, "late-letter", "0s..20s", "0s..50ms")
	require.Equal(t, finding.Bad, late.Outcome(), "but that a delivery takes 88 ms is seen")
}

// What lasts is drawn as lasting, to its end or the run's.
func TestWhatLastsIsDrawnSo(t *testing.T) {
	r := play(t, "lasting")
	var spans [][2]time.Duration
	for _, f := range r.Facts.Faults {
		if f.Breaks {
			spans = append(spans, [2]time.Duration{f.At, f.Until})
		}
	}
	end := sec(200)
	require.ElementsMatch(t, [][2]time.Duration{{sec(20), sec(40)}, {sec(50), end}, {sec(60), end}, {sec(100), end}}, spans)
	requireTold(t, r, "(until 40 s)", "(40 秒まで)", "(to the end)", "(終了まで)")
}
