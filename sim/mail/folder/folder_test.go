package folder_test

import (
	"errors"
	"fmt"
	"io/fs"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"ipwsim/sim/mail/folder"
	"ipwsim/sim/share"
	"ipwsim/sim/trace"
)

var when = time.Date(2025, time.February, 7, 16, 19, 27, 5e6, time.UTC)

func emptyDisk() *share.Disk { return share.NewDisk(func() time.Time { return when }) }

func opened(t require.TestingT, d share.FS) *folder.Folder {
	f := folder.New(d, "cl_mail")
	require.NoError(t, f.Init())
	return f
}

// M5: the folders; made again, and by both nodes at once, they stay.
func TestInit(t *testing.T) {
	d := emptyDisk()
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() { require.NoError(t, folder.New(d, "share/cl_mail").Init()) })
	}
	wg.Wait()
	infos, err := d.ReadDir("share/cl_mail")
	require.NoError(t, err)
	var names []string
	for _, i := range infos {
		require.True(t, i.IsDir)
		names = append(names, i.Name)
	}
	require.Equal(t, []string{"db", "inbox", "queue", "reg"}, names)
	require.NoError(t, folder.New(d, "").Init(), "the share itself")
}

func TestBoxes(t *testing.T) {
	for _, c := range []struct{ domain, user, want string }{
		{"", "user", "inbox/user"},
		{"test.jp", "user", "inbox/test.jp/user"},
		{"", "a.b-c_d+e", "inbox/a.b-c_d+e"},
		{"", "console", "inbox/console"},
	} {
		box, err := folder.Box(c.domain, c.user)
		require.NoError(t, err)
		require.Equal(t, c.want, box)
	}
	for _, bad := range []string{"", ".", "..", "../x", `..\x`, "a/b", `a\b`, "a\x00", "a b", "User", "a.", ".a", "con", "con.txt", "nul", "com1", "lpt9.a", "a:b", "a*", "ü", "a\n"} {
		_, err := folder.Box("", bad)
		require.ErrorIs(t, err, fs.ErrInvalid, "%q", bad)
		_, err = folder.Box(bad, "user")
		if bad != "" {
			require.ErrorIs(t, err, fs.ErrInvalid, "%q", bad)
		}
	}
}

// Whatever a name is made of, it stays in its folder, and in one spelling.
func TestBoxesStayInside(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		user := rapid.StringOf(rapid.RuneFrom([]rune(`abCON01./\:*%-~`+"\x00\u00fc "))).Draw(t, "user")
		box, err := folder.Box("", user)
		if err == nil {
			require.Equal(t, "inbox/"+user, box)
			require.True(t, fs.ValidPath(box))
			require.NotContains(t, box, `\`)
		}
	})
}

func TestIDsSortByTime(t *testing.T) {
	a, b, c := folder.ID(when, 9, "HVT162_EPST12"), folder.ID(when, 10, "a"), folder.ID(when.Add(time.Millisecond), 1, "")
	require.Equal(t, "20250207161927005-0009-hvt162-epst12", a)
	require.Less(t, a, b)
	require.Less(t, b, c)
}

func envelope(n int, to ...string) folder.Envelope {
	return folder.Envelope{ID: folder.ID(when, n, "active"), From: "s@test.jp", To: to, Received: "Received: from x"}
}

var message = []byte("Message-ID: <1@x>\r\n\r\nThe end.\r\n")

func TestQueue(t *testing.T) {
	d := emptyDisk()
	f := opened(t, d)
	require.NoError(t, f.Accept(envelope(1, "a@test.jp"), message))
	require.NoError(t, f.Accept(envelope(2, "b@test.jp", "c@test.jp"), message))
	copies, unsplit, err := f.List()
	require.NoError(t, err)
	one, two := folder.ID(when, 1, "active"), folder.ID(when, 2, "active")
	require.Equal(t, []folder.Queued{{Name: one + ".001", ID: one, Since: when}}, copies)
	require.Equal(t, []string{two}, unsplit)
	want := func(place trace.MailPlace, at string) []trace.MailStock {
		return []trace.MailStock{
			{Place: trace.InQueue, File: "cl_mail/queue/" + one + ".001", ID: one, To: "a@test.jp", MessageID: "1@x"},
			{Place: place, File: at + two + ".001", ID: two, To: "b@test.jp", MessageID: "1@x"},
			{Place: place, File: at + two + ".002", ID: two, To: "c@test.jp", MessageID: "1@x"},
		}
	}
	stock, err := f.Stock()
	require.NoError(t, err)
	require.Equal(t, want(trace.InSplit, "cl_mail/queue/tmp/"), stock)

	require.NoError(t, f.Split(two))
	require.NoError(t, f.Split(two), "done already")
	stock, err = f.Stock()
	require.NoError(t, err)
	require.Equal(t, want(trace.InQueue, "cl_mail/queue/"), stock, "splitting changes nothing of what is there")

	c, err := f.Open(two + ".002")
	require.NoError(t, err)
	require.Equal(t, "s@test.jp c@test.jp", c.From+" "+c.To)
	require.Equal(t, "Received: from x\r\n"+string(message), string(c.Message))

	require.NoError(t, f.Deliver(two+".002", "inbox/c"))
	require.ErrorIs(t, f.Deliver(two+".002", "inbox/c"), fs.ErrNotExist)
	require.NoError(t, f.Done(two+".001"))
	stock, err = f.Stock()
	require.NoError(t, err)
	require.Equal(t, []trace.MailStock{want("", "")[0], {Place: trace.InMailbox, File: "cl_mail/inbox/c/" + two + ".002", Box: "inbox/c", ID: two, MessageID: "1@x"}}, stock)
}

func TestAcceptRefuses(t *testing.T) {
	f := opened(t, emptyDisk())
	for _, e := range []folder.Envelope{
		{ID: "../x", To: []string{"a@b"}},
		{ID: "", To: []string{"a@b"}},
		envelope(1),
		envelope(1, make([]string, folder.MaxRecipients+1)...),
		envelope(1, "a@b\r\nX: y"),
		{ID: folder.ID(when, 1, "a"), From: "a\nb", To: []string{"a@b"}},
	} {
		require.Error(t, f.Accept(e, message))
	}
	require.NoError(t, f.Accept(envelope(1, "a@b"), message))
	require.ErrorIs(t, f.Accept(envelope(1, "a@b"), message), fs.ErrExist, "never over another")
	stock, err := f.Stock()
	require.NoError(t, err)
	require.Len(t, stock, 1)
}

// interrupted runs other once, before the n-th operation on the share.
type interrupted struct {
	share.FS
	left  int
	other func()
}

func (i *interrupted) count() {
	if i.left--; i.left == 0 {
		i.other()
	}
}
func (i *interrupted) ReadFile(name string) ([]byte, error) { i.count(); return i.FS.ReadFile(name) }
func (i *interrupted) Rename(from, to string) error         { i.count(); return i.FS.Rename(from, to) }
func (i *interrupted) Remove(name string) error             { i.count(); return i.FS.Remove(name) }
func (i *interrupted) Create(name string, data []byte) error {
	i.count()
	return i.FS.Create(name, data)
}

// asleep lets one node stop before each operation of its Split, and the other split, deliver and have
// its mailboxes emptied meanwhile. It returns how often each of three recipients got the message.
func asleep(t *testing.T, n int, split func(d share.FS, f *folder.Folder, id string) error) (got [3]int, interruptions int) {
	d := emptyDisk()
	other := opened(t, d)
	id := folder.ID(when, 1, "active")
	require.NoError(t, other.Accept(envelope(1, "r0@test.jp", "r1@test.jp", "r2@test.jp"), message))
	work := func() {
		require.NoError(t, split(d, other, id))
		copies, _, err := other.List()
		require.NoError(t, err)
		for _, c := range copies {
			m, err := other.Open(c.Name)
			require.NoError(t, err)
			require.NoError(t, other.Deliver(c.Name, "inbox/x"))
			require.NoError(t, d.Remove("cl_mail/inbox/x/"+c.Name)) // the reader has read it
			got[m.To[1]-'0']++
		}
	}
	i := &interrupted{FS: d, left: n, other: work}
	if err := split(i, folder.New(i, "cl_mail"), id); err != nil {
		require.ErrorIs(t, err, fs.ErrNotExist)
	}
	work()
	return got, n - i.left
}

// A node that is frozen in the middle of its work and wakes when the other has done it doubles nothing.
func TestAFrozenNodeDoublesNothing(t *testing.T) {
	for n := 1; ; n++ {
		got, reached := asleep(t, n, func(_ share.FS, f *folder.Folder, id string) error { return f.Split(id) })
		require.Equal(t, [3]int{1, 1, 1}, got, "frozen before operation %d", n)
		if reached < n {
			require.Greater(t, n, 5)
			return
		}
	}
}

// The twin splits by writing each copy that is not there: what the other node has delivered is not
// there, so it writes it again.
func TestTwinThatSplitsByCopying(t *testing.T) {
	copying := func(d share.FS, f *folder.Folder, id string) error {
		if _, err := d.ReadFile("cl_mail/queue/" + id); err != nil {
			if errors.Is(err, fs.ErrNotExist) {
				return nil
			}
			return err
		}
		for n := range 3 {
			text := fmt.Appendf(nil, "Return-Path: <s@test.jp>\r\nDelivered-To: r%d@test.jp\r\n%s", n, message)
			if err := d.Create(fmt.Sprintf("cl_mail/queue/%s.%03d", id, n+1), text); err != nil && !errors.Is(err, fs.ErrExist) {
				return err
			}
		}
		return f.Done(id)
	}
	doubled := false
	for n := 1; n < 7; n++ {
		got, _ := asleep(t, n, copying)
		doubled = doubled || got != [3]int{1, 1, 1}
	}
	require.True(t, doubled)
}

// What died in the making is swept, what counts or is young is not, and a sleeper whose work was swept
// fails instead of promising what is not there.
func TestSweep(t *testing.T) {
	now := when
	d := share.NewDisk(func() time.Time { return now })
	f := opened(t, d)
	require.NoError(t, f.Accept(envelope(1, "a@b", "c@b"), message), "not split yet: its copies count")
	var sleeper error
	swept := false
	i := &interrupted{FS: d, left: 4, other: func() { // before the rename
		now = now.Add(2 * time.Hour)
		require.NoError(t, f.Accept(envelope(3, "young@b"), message))
		require.NoError(t, d.Create("cl_mail/queue/tmp/young", nil))
		require.NoError(t, f.Sweep(now.Add(-time.Hour)))
		swept = true
	}}
	sleeper = folder.New(i, "cl_mail").Accept(envelope(2, "x@b", "y@b"), message)
	require.True(t, swept)
	require.ErrorIs(t, sleeper, fs.ErrNotExist)
	infos, err := d.ReadDir("cl_mail/queue/tmp")
	require.NoError(t, err)
	var names []string
	for _, i := range infos {
		names = append(names, i.Name)
	}
	one := folder.ID(when, 1, "active")
	require.Equal(t, []string{one + ".001", one + ".002", "young"}, names)
	require.NoError(t, f.Split(one))
	stock, err := f.Stock()
	require.NoError(t, err)
	require.Len(t, stock, 3)
}

// FuzzOpen: whatever lies in the queue, it is read or named as unreadable.
func FuzzOpen(f *testing.F) {
	f.Add([]byte("Return-Path: <a@b>\r\nDelivered-To: c@d\r\nReceived: x\r\n\r\nbody"))
	f.Add([]byte("Return-Path: <>\r\n"))
	f.Add([]byte(""))
	f.Fuzz(func(t *testing.T, data []byte) {
		d := emptyDisk()
		q := opened(t, d)
		name := folder.ID(when, 1, "x") + ".001"
		require.NoError(t, d.Create("cl_mail/queue/"+name, data))
		c, err := q.Open(name)
		if err != nil {
			require.ErrorIs(t, err, folder.ErrFormat)
			return
		}
		require.NotContains(t, c.From+c.To, "\r\n")
		require.Equal(t, len(data), len("Return-Path: <>\r\nDelivered-To: \r\n")+len(c.From)+len(c.To)+len(c.Message))
	})
}

// FuzzMessageID: any bytes have a Message-ID or none, and never a line's end in it.
func FuzzMessageID(f *testing.F) {
	f.Add(message)
	f.Add([]byte("Message-ID:\r\n <folded@x>\r\n\r\n"))
	f.Fuzz(func(t *testing.T, data []byte) { require.NotContains(t, folder.MessageID(data), "\n") })
}
