package truth_test

import (
	"testing"

	"ipwsim/reports/words"
)

func TestX(t *testing.T) {
	for _, n := range []string{"cold", "cured", "bystanders", "spare-cable", "both-out", "tool-fails", "outside", "addresses", "flapping", "deaf", "learning", "full-disk", "late-letter", "lasting"} {
		t.Run(n, func(t *testing.T) { t.Log(told(t, play(t, n), words.English)); t.Log(told(t, play(t, n), words.Japanese)) })
	}
}
