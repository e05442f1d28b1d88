package mail_test

import (
	"errors"
	"fmt"
	"path"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/mail"
	"ipwsim/sim/mail/folder"
	"ipwsim/sim/mail/mailtest"
	"ipwsim/sim/share"
	"ipwsim/sim/trace"
)

// blackout takes a machine's power away after its n-th operation on the share.
type blackout struct {
	machine *mailtest.Machine
	left    int // operations until then; negative: never
	done    int // operations so far
	off     bool
	mute    bool   // the last operation's answer is lost, too
	each    func() // after each operation
}

var errOff = errors.New("the machine is off")

func (b *blackout) share(fs share.FS) share.FS {
	return hookFS{fs, func(string) error {
		if b.off {
			return errOff
		}
		return nil
	}, func() error {
		b.done++
		b.each()
		if b.left--; b.left != 0 {
			return nil
		}
		b.off = true
		b.machine.Record(trace.Power{State: trace.Off})
		b.machine.PowerOff()
		if b.mute {
			return errOff
		}
		return nil
	}}
}

// twins are services that may be broken on purpose; nil is the real one.
type twins struct {
	accept  func(r *rig, m *mailtest.Machine, fs share.FS) func(folder.Envelope, []byte) error
	deliver func(r *rig, fs share.FS) func(name, box string) error
}

// load is what is sent: two messages.
type load struct {
	to   []string
	each int  // recipients of a message
	mute bool // see blackout
}

// crash sends the load through a cluster whose active node loses its power after its n-th operation
// on the share, and whose standby then takes the VIP. It returns what is wrong with the mail in the
// end, and with which of its operations the active node had nothing more to do.
func crash(t *testing.T, n int, l load, tw twins) (faults []string, last int) {
	r := newRig(t)
	b := &blackout{machine: r.active, left: n, mute: l.mute}
	served := 0
	b.each = func() {
		faults = append(faults, halves(r.disk, "cl_mail/inbox")...)
		if now := len(recorded[trace.MailDeliver](r.lab.Trace)) + len(recorded[trace.MailRelay](r.lab.Trace)); now > served {
			served, last = now, b.done
		}
	}
	fs := b.share(r.seen(r.active))
	rs, ds := mail.NewEPSTRS(r.active, fs, r.node, "active"), mail.NewEPSTDS(r.active, fs, r.node, "active")
	if tw.accept != nil {
		rs.BreakAccept(tw.accept(r, r.active, fs))
	}
	if tw.deliver != nil {
		ds.BreakDeliver(tw.deliver(r, fs))
	}
	rs.Start()
	ds.Start()
	standby := mail.NewEPSTDS(r.standby, r.seen(r.standby), r.node, "standby")
	if tw.deliver != nil {
		standby.BreakDeliver(tw.deliver(r, r.seen(r.standby)))
	}
	standby.Start()
	mail.NewEPSTRS(r.standby, r.seen(r.standby), r.node, "standby").Start()
	r.standby.Go("watcher", func() {
		for !b.off {
			if !r.standby.Sleep(time.Second) {
				return
			}
		}
		r.standby.Sleep(30 * time.Second)
		r.hold(r.standby)
	})
	mail.Sender{Name: "s", Computer: "client", Server: atVIP, From: "sender@test.jp", To: l.to, Each: l.each, Count: 2, Every: 4 * time.Second}.Start(r.client)
	r.lab.Run(5 * time.Minute)
	r.lab.Close()
	return append(append(faults, audit(r)...), p5(r)...), last
}

// halves names the messages in the mailboxes that are not whole.
func halves(fs share.FS, dir string) (faults []string) {
	infos, err := fs.ReadDir(dir)
	if err != nil {
		return nil // not made yet
	}
	for _, i := range infos {
		name := path.Join(dir, i.Name)
		if i.IsDir {
			faults = append(faults, halves(fs, name)...)
			continue
		}
		data, _ := fs.ReadFile(name)
		if !strings.HasPrefix(string(data), "Return-Path: ") || !strings.HasSuffix(string(data), "The end.\r\n") {
			faults = append(faults, fmt.Sprintf("%s can be read and is not whole", name))
		}
	}
	return faults
}

// audit compares what was promised with what is there (P5).
func audit(r *rig) (faults []string) {
	complain := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	faults = append(faults, halves(r.disk, "cl_mail/inbox")...)
	found := map[string]int{} // by acceptance and recipient
	unknown := map[string]bool{}
	accepts := recorded[trace.MailAccept](r.lab.Trace)
	known := map[string]bool{}
	for _, a := range accepts {
		known[a.ID] = true
	}
	for _, s := range r.stock() {
		box := where(s)
		if s.Place == trace.InQueue {
			complain("%s to %s is still in the queue", s.ID, s.To)
			box = "inbox/" + strings.TrimSuffix(s.To, "@test.jp")
		}
		found[s.ID+" "+box]++
		if !known[s.ID] {
			unknown[s.ID] = true
		}
	}
	for _, a := range accepts {
		for _, to := range a.To {
			box := "inbox/" + strings.TrimSuffix(to, "@test.jp")
			if strings.HasSuffix(to, "@test.jp") && found[a.ID+" "+box] != 1 {
				complain("%s was accepted and is %d times in %s", a.ID, found[a.ID+" "+box], box)
			}
		}
	}
	if len(unknown) > 1 {
		complain("%d acceptances were never recorded, one cut can be the reason of only one", len(unknown))
	}
	sent := 0
	for _, s := range recorded[trace.MailSend](r.lab.Trace) {
		if s.Stage == "" {
			sent++
		}
	}
	if sent != 2 {
		complain("%d messages were sent, expected 2", sent)
	}
	return append(faults, auditOutside(r)...)
}

// auditOutside: what was accepted for the outside was taken there, and twice only where the node died
// before it could say so.
func auditOutside(r *rig) (faults []string) {
	relayed, taken, wanted := len(recorded[trace.MailRelay](r.lab.Trace)), len(recorded[trace.MailTaken](r.lab.Trace)), 0
	for _, a := range recorded[trace.MailAccept](r.lab.Trace) {
		for _, to := range a.To {
			if strings.HasSuffix(to, "@outside.jp") {
				wanted++
			}
		}
	}
	if taken < wanted || taken > wanted+1 || relayed > wanted+1 {
		faults = append(faults, fmt.Sprintf("%d for the outside, %d taken, %d relayed", wanted, taken, relayed))
	}
	return faults
}

// everyCut crashes after each operation in turn and returns what the first harmful cut does.
func everyCut(t *testing.T, l load, tw twins) (faults []string, cuts int) {
	_, last := crash(t, -1, l, tw)
	for n := 1; n <= last+2; n++ {
		if faults, _ := crash(t, n, l, tw); len(faults) > 0 {
			return append([]string{fmt.Sprintf("power cut after operation %d", n)}, faults...), n
		}
	}
	return nil, last + 2
}

// M6: wherever a node dies, what was accepted is delivered, once, and nobody sees a half message.
func TestNoCrashLosesOrDoublesMail(t *testing.T) {
	three := []string{"user1@test.jp", "user2@test.jp", "user3@test.jp"}
	for _, c := range []struct {
		name  string
		load  load
		least int
	}{
		{"one recipient", load{to: three, each: 1}, 15},
		{"three recipients", load{to: three, each: 3}, 50},
		{"three recipients, the last answer of the share lost", load{to: three, each: 3, mute: true}, 50},
		{"local and outside", load{to: []string{"user1@test.jp", "a@outside.jp"}, each: 2}, 40},
	} {
		t.Run(c.name, func(t *testing.T) {
			faults, cuts := everyCut(t, c.load, twins{})
			require.Empty(t, faults)
			require.Greater(t, cuts, c.least)
			t.Logf("%d cuts", cuts)
		})
	}
}

// 250 before the share has the message: a cut in between loses it.
func TestTwinThatAnswersTooEarly(t *testing.T) {
	faults, _ := everyCut(t, load{to: []string{"user1@test.jp"}, each: 1}, twins{
		accept: func(r *rig, m *mailtest.Machine, fs share.FS) func(folder.Envelope, []byte) error {
			return func(e folder.Envelope, message []byte) error {
				m.Go("late", func() {
					m.Sleep(time.Second)
					_ = folder.New(fs, r.node.Folder).Accept(e, message)
				})
				return nil
			}
		},
	})
	require.Contains(t, strings.Join(faults, "\n"), "was accepted and is 0 times")
	require.Contains(t, strings.Join(faults, "\n"), "p5.told", "P5 says so, too: the share never had it")
}

// Delivery by copying and removing: a cut in between leaves a half message, or, with care for that, one
// message twice.
func TestTwinThatCopies(t *testing.T) {
	copies := 0
	carefully := func(fs share.FS, name, box string, data []byte) error {
		copies++ // what another has begun is in nobody's way
		draft, id := fmt.Sprintf("cl_mail/queue/tmp/%s~%d", name, copies), name[:len(name)-3]
		return errors.Join(fs.Create(draft, data), fs.Rename(draft, fmt.Sprintf("cl_mail/%s/%s%03d", box, id, copies)))
	}
	plainly := func(fs share.FS, name, box string, data []byte) error {
		return fs.Create("cl_mail/"+box+"/"+name, data)
	}
	for _, c := range []struct {
		copy func(fs share.FS, name, box string, data []byte) error
		want string
	}{{plainly, "can be read and is not whole"}, {carefully, "is 2 times in inbox/user1"}, {carefully, "p5.doubled"}} {
		faults, _ := everyCut(t, load{to: []string{"user1@test.jp"}, each: 1}, twins{
			deliver: func(_ *rig, fs share.FS) func(name, box string) error {
				return func(name, box string) error {
					data, err := fs.ReadFile("cl_mail/queue/" + name)
					if err != nil {
						return err
					}
					_ = fs.Mkdir("cl_mail/" + box)
					if err := c.copy(fs, name, box, data); err != nil {
						return err
					}
					return fs.Remove("cl_mail/queue/" + name)
				}
			},
		})
		require.Contains(t, strings.Join(faults, "\n"), c.want)
	}
}

// A client that dies in the middle of its message leaves nothing.
func TestClientDiesInTheMiddle(t *testing.T) {
	r := newRig(t)
	r.both()
	r.client.Go("cut", func() { r.client.Sleep(30 * time.Second); r.client.PowerOff() })
	lines := toUser1("Subject: half\r\n\r\nSome te")
	r.talk(r.client, atVIP, append(lines[:5], "wait 1h")...)
	require.Empty(t, r.stock())
	require.Empty(t, recorded[trace.MailAccept](r.lab.Trace))
	require.Equal(t, trace.TimeoutEnd, recorded[trace.MailSession](r.lab.Trace)[0].End)
}

// A client that dies between its final dot and the 250 has sent its message all the same.
func TestClientDiesBeforeThe250(t *testing.T) {
	r := newRig(t)
	r.both()
	mail.Sender{Name: "s", Computer: "client", Server: atVIP, From: "sender@test.jp", To: []string{"user1@test.jp"}, Count: 1}.Start(r.client)
	for len(recorded[trace.MailAccept](r.lab.Trace)) == 0 {
		r.lab.Run(10 * time.Microsecond)
	}
	r.client.PowerOff()
	r.lab.Run(10 * time.Minute)
	require.Empty(t, recorded[trace.MailSend](r.lab.Trace))
	require.Equal(t, 1, r.in("inbox/user1"))
}

// A client that loses the 250 sends again: two acceptances of one Message-ID, each delivered once.
func TestLost250(t *testing.T) {
	r := newRig(t)
	r.both()
	mail.Sender{Name: "s", Computer: "client", Server: atVIP, From: "sender@test.jp", To: []string{"user1@test.jp"}, Count: 1}.Start(r.client)
	accepted := func() int { return len(recorded[trace.MailAccept](r.lab.Trace)) }
	for accepted() == 0 {
		r.lab.Run(10 * time.Microsecond)
	}
	r.client.Cable.SetPlugged(false) // the 250 is on its way
	r.lab.Run(2 * time.Minute)
	r.client.Cable.SetPlugged(true)
	r.lab.Run(10 * time.Minute)
	sends := recorded[trace.MailSend](r.lab.Trace)
	require.Equal(t, trace.AtDot, sends[0].Stage)
	require.Zero(t, sends[0].Code)
	require.Equal(t, 250, sends[len(sends)-1].Code)
	require.Equal(t, 2, accepted())
	require.Equal(t, 2, r.in("inbox/user1"))
}
