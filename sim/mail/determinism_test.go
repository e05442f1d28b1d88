package mail_test

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/netstack/wire"
	"ipwsim/sim/mail"
	"ipwsim/sim/trace"
)

// busyRun is twenty minutes of three senders, two nodes and an outside server in a mood, with a cut
// cable, a node that dies, and the VIP going over. It returns a hash over every frame with its time,
// every record, and every file that is left.
func busyRun(t *testing.T) string {
	r := newRig(t)
	h := sha256.New()
	r.lab.Network().AddTap(func(at time.Duration, _ *wire.Cable, b []byte) {
		_ = binary.Write(h, binary.BigEndian, int64(at))
		h.Write(b)
	})
	r.both()
	for n, to := range []string{"user1@test.jp", "a@outside.jp", "nobody@test.jp"} {
		mail.Sender{
			Name: fmt.Sprintf("s%d", n), Computer: "client", Server: atVIP, From: "sender@test.jp",
			To: []string{to, "user2@test.jp", "user3@test.jp"}, Each: n + 1, Count: 12, Every: 20 * time.Second, Size: 5000 * (n + 1),
		}.Start(r.client)
	}
	r.lab.Run(time.Minute)
	r.outside.Conduct(mail.Refuses)
	r.lab.Run(20*time.Second + 2*time.Millisecond)
	r.client.Cable.SetPlugged(false)
	r.lab.Run(3 * time.Second)
	r.client.Cable.SetPlugged(true)
	r.lab.Run(time.Minute)
	r.active.PowerOff()
	r.lab.Run(30 * time.Second)
	r.hold(r.standby)
	r.outside.Conduct(mail.Takes)
	r.lab.Run(17 * time.Minute)
	for _, s := range r.stock() {
		require.NotEqual(t, trace.InQueue, s.Place)
		data, err := r.disk.ReadFile(fmt.Sprintf("cl_mail/%s/%s.001", s.Box, s.ID))
		if err == nil {
			h.Write(data)
		}
	}
	require.NotEmpty(t, recorded[trace.MailBounce](r.lab.Trace))
	require.NotEmpty(t, recorded[trace.MailTaken](r.lab.Trace))
	require.Greater(t, len(recorded[trace.MailDeliver](r.lab.Trace)), 30)
	require.NoError(t, r.lab.Trace.Write(h))
	return fmt.Sprintf("%x", h.Sum(nil))
}

func TestRunsAreTheSameToTheByte(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	first := busyRun(t)
	for _, procs := range []int{1, 2, 8, 8} {
		runtime.GOMAXPROCS(procs)
		require.Equal(t, first, busyRun(t), "GOMAXPROCS %d", procs)
	}
}
