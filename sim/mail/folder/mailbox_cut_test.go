package folder_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/mail/folder"
	"ipwsim/sim/share"
)

// cutFS loses the share at an operation: from then on nothing is answered.
type cutFS struct {
	share.FS
	left int  // operations that still succeed
	done bool // the one that fails is carried out all the same: only its answer is lost
}

func (c *cutFS) do(op func() error) error {
	c.left--
	if c.left >= 0 {
		return op()
	}
	if c.left == -1 && c.done {
		_ = op()
	}
	return share.ErrUnreachable
}

// Create goes through what a crash may leave of it: the name, then half of the data, then all.
func (c *cutFS) Create(n string, data []byte) error {
	for i, part := range [][]byte{nil, data[:len(data)/2], data} {
		err := c.do(func() error {
			if i > 0 {
				_ = c.FS.Remove(n)
			}
			return c.FS.Create(n, part)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (c *cutFS) ReadFile(n string) (b []byte, err error) {
	err = c.do(func() error { b, err = c.FS.ReadFile(n); return err })
	return b, err
}

func (c *cutFS) Rename(from, to string) error {
	return c.do(func() error { return c.FS.Rename(from, to) })
}
func (c *cutFS) Remove(n string) error { return c.do(func() error { return c.FS.Remove(n) }) }
func (c *cutFS) Mkdir(n string) error  { return c.do(func() error { return c.FS.Mkdir(n) }) }

func (c *cutFS) ReadDir(n string) (all []share.Info, err error) {
	err = c.do(func() error { all, err = c.FS.ReadDir(n); return err })
	return all, err
}

func (c *cutFS) Stat(n string) (i share.Info, err error) {
	err = c.do(func() error { i, err = c.FS.Stat(n); return err })
	return i, err
}

// hasty is a share of a client that has answered before it sends what a file holds: the twin.
type hasty struct{ *cutFS }

func (h hasty) Create(n string, _ []byte) error { return h.cutFS.Create(n, nil) }

// cutStory is a session that the power cut ends somewhere; it returns what it was told.
func cutStory(fs share.FS, d *share.Disk) (views []folder.View, appended bool) {
	m := folder.OpenMailbox(fs, box)
	look := func(v folder.View, err error) {
		if err == nil {
			views = append(views, v)
		}
	}
	look(m.View())
	_ = d.Rename("work/3.001", box+"/3.001") // EPSTDS, elsewhere
	look(m.SetFlags(func(e *folder.Entry) { e.Flags |= folder.Seen }))
	_ = m.Delete("1.001")
	appended = m.Append("imap-a-1", []byte("Message-ID: <imap-a-1>\r\n\r\n")) == nil
	look(m.View())
	return views, appended
}

// cutOnce runs the story with the cut at an operation, and says what the other node finds wrong.
func cutOnce(t *testing.T, at int, done bool, over func(*cutFS) share.FS) (wrong string, finished bool) {
	d := newDisk(t)
	deliver(t, d, "1.001")
	deliver(t, d, "2.001")
	require.NoError(t, d.Create("work/3.001", []byte("\r\n")))
	cut := &cutFS{FS: d, left: at, done: done}
	views, appended := cutStory(over(cut), d)

	v, err := folder.OpenMailbox(d, box).View()
	if err != nil {
		return err.Error(), false
	}
	now := uids(v)
	for _, name := range []string{"2.001", "3.001"} {
		if now[name] == 0 {
			return name + " is lost", false
		}
	}
	if appended && now["imap-a-1"] == 0 {
		return "the message that was taken is lost", false
	}
	owner := map[uint32]string{}
	for _, past := range append(views, v) {
		if past.Validity != v.Validity {
			return "another UIDVALIDITY", false
		}
		for _, e := range past.Messages {
			if n, ok := owner[e.UID]; ok && n != e.Name {
				return fmt.Sprintf("UID %d is %s and %s", e.UID, n, e.Name), false
			}
			owner[e.UID] = e.Name
			if uid, ok := now[e.Name]; ok && uid != e.UID {
				return fmt.Sprintf("%s had UID %d and has %d", e.Name, e.UID, uid), false
			}
		}
	}
	for _, e := range v.Messages {
		if text, err := d.ReadFile(box + "/" + e.Name); err != nil || len(text) == 0 {
			return e.Name + " is empty", false
		}
	}
	return "", cut.left >= 0
}

// Wherever the power is cut, the other node finds all mail, and every UID as it was told.
func TestPowerCutAtEveryOperation(t *testing.T) {
	for _, done := range []bool{false, true} {
		finished := false
		at := 0
		for ; !finished; at++ {
			var wrong string
			wrong, finished = cutOnce(t, at, done, func(c *cutFS) share.FS { return c })
			require.Empty(t, wrong, "cut at operation %d, carried out: %v", at, done)
		}
		require.Greater(t, at, 30)
	}
}

// The twin that renames what is not written yet is found.
func TestPowerCutCatches(t *testing.T) {
	wrong := ""
	for at := 0; wrong == "" && at < 100; at++ {
		wrong, _ = cutOnce(t, at, false, func(c *cutFS) share.FS { return hasty{c} })
	}
	require.NotEmpty(t, wrong)
}
