package mail_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/mail"
	"ipwsim/sim/share"
	"ipwsim/sim/trace"
)

// A copy that a dead node has open at the share waits, which is told once; what lies beside it does not.
func TestDeliveryWaitsForADeadNodesHandle(t *testing.T) {
	for _, to := range []string{"user1@test.jp", "a@outside.jp"} {
		r := newRig(t)
		r.put("sender@test.jp", to, "user2@test.jp")
		held := true
		fs := hookFS{r.disk, func(name string) error {
			if held && strings.Contains(name, "-0001-test.001") {
				return share.ErrInUse
			}
			return nil
		}, func() error { return nil }}
		mail.NewEPSTDS(r.active, fs, r.node, "active").Start()
		r.lab.Run(time.Minute)
		require.Equal(t, []int{1, 1}, []int{r.in("inbox/user2"), r.in("queue")})
		retries := recorded[trace.MailRetry](r.lab.Trace)
		require.Len(t, retries, 1)
		require.Equal(t, "the share has the file open for a node that died", retries[0].Why)
		held = false
		r.lab.Run(time.Minute)
		require.Zero(t, r.in("queue"))
		require.Len(t, recorded[trace.MailRetry](r.lab.Trace), 1)
	}
}
