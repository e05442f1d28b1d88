package mail_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/netstack/wire"
	"ipwsim/sim/mail"
	"ipwsim/sim/trace"
)

// standstill stops a machine for 70 s at the n-th moment of its work: before and after each operation on the share,
// and at each frame that it sends or gets, while the message is in the queue.
type standstill struct {
	*rig
	left     int // moments until then; negative: never
	moments  int
	takeover bool
	stopped  string // the moment
	onCopy   int    // operations on the copy before it
}

// moment counts; what is about to happen waits while the machine stands still.
func (s *standstill) moment(what string) {
	if s.in("queue") == 0 {
		return // it is over
	}
	s.moments++
	if s.left--; s.left != 0 {
		return
	}
	s.stopped = what
	s.active.Host().Domain().Freeze()
	s.foreign.Go("snapshot", func() {
		s.foreign.Sleep(40 * time.Second)
		if s.takeover {
			s.hold(s.standby)
		}
		s.foreign.Sleep(30 * time.Second)
		s.active.Host().Domain().Thaw()
		s.foreign.Sleep(3 * time.Second) // until its watcher knows
		if s.takeover {
			s.active.Host().NIC().Remove(vip)
		}
	})
}

// run relays one message, with the machine that does it standing still at a moment, and says how often it came.
func (s *standstill) run(n int) (taken int) {
	s.left = n
	s.put("sender@test.jp", "a@outside.jp")
	hook := func(what string) {
		if s.moment(what); s.stopped == what {
			s.active.Sleep(0) // not a step further
		}
	}
	last := ""
	fs := hookFS{s.disk,
		func(name string) error { last = name; hook("before " + name); return nil },
		func() error {
			if strings.HasSuffix(last, ".001") && s.stopped == "" {
				s.onCopy++
			}
			hook("after " + last)
			return nil
		}}
	s.lab.Network().AddTap(func(_ time.Duration, c *wire.Cable, b []byte) {
		if c == s.active.Cable {
			s.moment(fmt.Sprintf("frame of %d bytes", len(b)))
		}
	})
	mail.NewEPSTDS(s.active, fs, s.node, "active").Start()
	mail.NewEPSTDS(s.standby, s.disk, s.node, "standby").Start()
	s.lab.Run(30 * time.Minute)
	return len(recorded[trace.MailTaken](s.lab.Trace))
}

// M4: wherever a node stands still, the message comes, and comes twice only if it does so between the final dot and the
// removal: nobody else can know then that it was sent.
func TestM4_StandsStillInTheMiddleOfARelay(t *testing.T) {
	for _, c := range []struct {
		takeover bool
		doubled  int // moments
	}{{true, 5}, {false, 0}} {
		t.Run(fmt.Sprintf("the other node takes over: %v", c.takeover), func(t *testing.T) {
			calm := &standstill{rig: newRig(t), takeover: c.takeover}
			require.Equal(t, 1, calm.run(-1))
			doubled := 0
			for n := 1; n <= calm.moments; n++ {
				s := &standstill{rig: newRig(t), takeover: c.takeover}
				taken := s.run(n)
				require.NotZero(t, taken, "%d: %s", n, s.stopped)
				require.Zero(t, s.in("queue"), "%d: %s", n, s.stopped)
				if taken > 1 {
					doubled++
					require.Equal(t, 3, s.onCopy, "read, read, looked for, not yet removed: %d: %s", n, s.stopped)
				}
				s.lab.Close()
			}
			require.Greater(t, calm.moments, 55)
			require.Equal(t, c.doubled, doubled)
		})
	}
}
