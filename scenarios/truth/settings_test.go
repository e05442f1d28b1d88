package truth_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/finding"
)

// With a PingTimeout above the Interval a poll has its whole PingTimeout all the same, and P1 knows it (W12, W14).
func TestTheBoundFollowsASlowPoll(t *testing.T) {
	settings := func(interval, timeout int) []string {
		var all []string
		for balance, role := range []string{"active", "standby"} {
			all = append(all, fmt.Sprintf("-- %s/ipwcs.reg --\nWindows Registry Editor Version 5.00\n\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\EPOST\\IPWCS]\n"+
				"\"Interval\"=dword:%08x\n\"PingTimeout\"=dword:%08x\n\"Balance\"=dword:%08x\n", role, interval, timeout, balance))
		}
		return all
	}
	for _, c := range []struct {
		interval, timeout int
		most              float64 // seconds
	}{{5, 8, 20}, {30, 3, 40}} {
		files := strings.Join(settings(c.interval, c.timeout), "")
		r := play(t, "slow-poll", "end 120s\n", "end 120s\n"+files)
		require.Equal(t, c.timeout > c.interval, r.Expectations[0].OK, "such settings are a problem of the files, too")
		o := outage(t, r, "desk", vip, 30)
		require.InDelta(t, c.most, o.Most.Seconds(), 0.2)
		require.LessOrEqual(t, o.Length(), o.Most)
		require.Equal(t, finding.Pass, result(t, r, "P1").Verdict)
	}
}
