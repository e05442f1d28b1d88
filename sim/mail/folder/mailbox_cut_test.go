package folder_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/mail/folder"
	"ipwsim/sim/share"
)

// cutFS loses the share at an operation: from then on nothing is answered. What was not synced by then
// is lost.
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

func (c *cutFS) Create(n string) (f share.File, err error) {
	err = c.do(func() error { f, err = c.FS.Create(n); return err })
	return &cutFile{f, c, nil}, err
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

func (c *cutFS) Names(n string) (all []string, err error) {
	err = c.do(func() error { all, err = c.FS.Names(n); return err })
	return all, err
}

func (c *cutFS) ReadDir(n string) (all []share.Info, err error) {
	err = c.do(func() error { all, err = c.FS.ReadDir(n); return err })
	return all, err
}

func (c *cutFS) Stat(n string) (i share.Info, err error) {
	err = c.do(func() error { i, err = c.FS.Stat(n); return err })
	return i, err
}

// cutFile keeps what is written until Sync.
type cutFile struct {
	share.File
	fs      *cutFS
	pending []byte
}

func (f *cutFile) Write(p []byte) (int, error) {
	return len(p), f.fs.do(func() error { f.pending = append(f.pending, p...); return nil })
}

func (f *cutFile) Sync() error {
	return f.fs.do(func() error { _, err := f.File.Write(f.pending); f.pending = nil; return err })
}

// hasty is a share of a client that never syncs: the twin.
type hasty struct{ *cutFS }

func (h hasty) Create(n string) (share.File, error) {
	f, err := h.cutFS.Create(n)
	return hastyFile{f}, err
}

type hastyFile struct{ share.File }

func (hastyFile) Sync() error { return nil }

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
	f, err := d.Create("work/3.001")
	require.NoError(t, err)
	_, _ = f.Write([]byte("\r\n"))
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

// The twin that does not sync before it renames is found.
func TestPowerCutCatches(t *testing.T) {
	wrong := ""
	for at := 0; wrong == "" && at < 100; at++ {
		wrong, _ = cutOnce(t, at, false, func(c *cutFS) share.FS { return hasty{c} })
	}
	require.NotEmpty(t, wrong)
}
