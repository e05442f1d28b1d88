package truth_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/reports/page"
	"ipwsim/reports/runtest"
	"ipwsim/sim/finding"
)

// Copies that are delivered and still queued, for the disk let nobody remove them, are there once: no mail is doubled yet.
func TestACopyThatCouldNotBeRemovedIsNotDoubled(t *testing.T) {
	r := play(t, "full-disk")
	require.Equal(t, finding.Pass, result(t, r, "P5").Verdict)
	require.NotZero(t, r.Facts.Mail.Steps()[finding.Removing])
	require.Zero(t, r.Facts.Mail.Count(finding.Lost))
	require.Zero(t, r.Facts.Mail.Count(finding.Doubled))
	requireTold(t, r, "12 accepted", "受信 12 通",
		"9 with servers outside, 0 bounced, 0 queued", "他ドメインのサーバー 9 通、不達通知 0 通、キュー内 0 通",
		"3 under way: 3 with another domain's server, and still to be removed from the queue", "処理途中 3 通: 他ドメインのサーバーへ配送済みでキューからの削除待ち 3 通",
		"0 lost, 0 there more than once", "消失 0 通、重複 0 通")
}

// A letter that is younger than it may take is no late letter.
func TestALetterOnItsWayAtTheEndIsNotLate(t *testing.T) {
	r := play(t, "late-letter")
	require.Equal(t, finding.Well, r.Outcome())
	require.Equal(t, 1, r.Facts.Mail.Count(finding.Queued), "it is on its way")

	late := play(t, "late-letter", "0s..20s", "0s..50ms")
	require.Equal(t, finding.Bad, late.Outcome(), "but that a delivery takes 88 ms is seen")
}

var drawn = regexp.MustCompile(`class="b (fault[a-z ]*)" x="([0-9.]+)%"(?: y="\d+")? width="([0-9.]+)%"(?: height="18")?><title>([^<:]*):`)

// Faults that last are drawn for as long as they do: until they are mended, or to the end.
func TestWhatLastsIsDrawnSo(t *testing.T) {
	r := play(t, "lasting")
	var b strings.Builder
	require.NoError(t, page.Run(&b, r, page.Options{Lang: runtest.Langs[0]}))
	var found []string
	for _, m := range drawn.FindAllStringSubmatch(b.String(), -1) {
		found = append(found, m[4]+" "+m[2]+"+"+m[3])
	}
	require.Subset(t, found, []string{"kill-mail active 10+10", "disk full 25+75", "outside outside defers 30+70", "kill-mail standby 50+50"})
	requireTold(t, r,
		"kill-mail active  (until 40 s)", "kill-mail active (40 秒まで)",
		"disk full  (to the end)", "disk full (終了まで)",
		"outside outside defers  (to the end)", "outside outside defers (終了まで)",
		"kill-mail standby  (to the end)", "kill-mail standby (終了まで)")
}
